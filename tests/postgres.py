"""Run a command with a PostgreSQL of its own: started in a temporary folder on a free port, stopped afterwards.

    python tests/postgres.py pytest tests/apps

The command sees its address in HATCHLINE_TEST_DATABASE_URL; its exit code is ours. The server refuses to run as
root, so under root it is started as the user ``postgres``. Exit code 3: no PostgreSQL server is installed here.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version first; None when there is none."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """The DATABASE_URL of a fresh server that lives as long as the block."""
    folder = binaries()
    if folder is None:
        raise FileNotFoundError("no PostgreSQL server found: install the package postgresql (15 or later)")
    home = Path(tempfile.mkdtemp(prefix="hatchline-postgres-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        os.chown(home, pwd.getpwnam(OWNER).pw_uid, pwd.getpwnam(OWNER).pw_gid)
        runuser = shutil.which("runuser", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if runuser is None:
            raise FileNotFoundError(
                f"PostgreSQL will not start as root: the command runuser (util-linux) is needed to be {OWNER}"
            )
        as_owner = [runuser, "-u", OWNER, "--"]
    port, password, data = free_port(), secrets.token_urlsafe(16), home / "data"
    (home / "password").write_text(password)
    (home / "password").chmod(0o644)

    def run(*command: str) -> None:
        done = subprocess.run([*as_owner, *command], cwd=home, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    try:
        run(
            str(folder / "initdb"),
            "-D",
            str(data),
            "-U",
            "hatchline",
            "-A",
            "scram-sha-256",
            f"--pwfile={home / 'password'}",
            "-E",
            "UTF8",
            "--no-locale",
        )
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off"
        subprocess.run(
            [*as_owner, str(folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start"],
            cwd=home, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield f"postgresql://hatchline:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    if not command:
        print(__doc__)
        return 2
    try:
        with server() as url:
            return subprocess.run(
                command, env={**os.environ, "HATCHLINE_TEST_DATABASE_URL": url}, check=False
            ).returncode
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
