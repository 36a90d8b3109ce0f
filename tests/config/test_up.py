"""`hatchline up` in a process of its own: ready, served, ended, and refused where it must be."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="serving does not depend on the database; guards are tested on both"
    ),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        ours = ("HATCHLINE_", "DATABASE_", "DJANGO_")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            "HATCHLINE_SECRET_KEY": "for tests alone, never for a real district, 48 chars",
            "HATCHLINE_HOME": str(folder / "home"),
            "HATCHLINE_BIND": f"127.0.0.1:{self.port}",
            "HATCHLINE_ADDRESS": f"http://127.0.0.1:{self.port}",
            "HATCHLINE_WORKERS": "1",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }  # fmt: skip

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hatchline.config.cli", *arguments], cwd=self.folder,
            env=self.environment | settings, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "hatchline.config.cli", "up"], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    @property
    def database(self) -> Path:
        return self.folder / "home" / "hatchline.sqlite3"


def answers(address: str) -> int:
    """The status of a page, asked for until somebody listens."""
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(address, timeout=20) as response:
                return int(response.status)
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.2)
    raise AssertionError(f"nobody listens at {address}")


def children(of: int) -> dict[int, str]:
    """Processes started by one, with their command lines."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            status = (path / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == of and status[0] != "Z":
                found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    made = Home(tmp_path_factory.mktemp("up"))
    done = made.run("up", "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "made the key" in done.stdout
    return made


def test_it_makes_everything_ready_once(home):
    keys = sorted((home.folder / "home" / "keys").iterdir())
    assert [stat.S_IMODE(path.stat().st_mode) for path in keys] == [0o600] * 3
    before = [path.read_text() for path in keys]
    done = home.run("up", "--no-serve")
    assert (done.returncode, done.stdout) == (0, "ready; not served\n")
    assert [path.read_text() for path in keys] == before


def test_it_serves_with_a_worker_that_comes_back_and_ends_both_on_a_signal(home):
    process = home.start()
    try:
        assert answers(f"http://127.0.0.1:{home.port}/") == 200
        worker = next(pid for pid, line in children(process.pid).items() if line.rstrip().endswith("worker"))
        os.kill(worker, signal.SIGKILL)
        for _attempt in range(200):
            back = [pid for pid, line in children(process.pid).items() if line.rstrip().endswith("worker")]
            if back and back != [worker]:
                break
            time.sleep(0.1)
        assert back and back != [worker], "a killed worker is started again"
        running = list(children(process.pid))
    finally:
        process.terminate()
        said = process.communicate()[0]
    assert process.returncode == 0, said
    assert f"http://127.0.0.1:{home.port}" in said
    assert not [pid for pid in running if Path(f"/proc/{pid}").exists()], "nothing is left running"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells children")
def test_nothing_goes_on_serving_when_it_is_killed(home):
    process = home.start()
    assert answers(f"http://127.0.0.1:{home.port}/") == 200
    running = list(children(process.pid))
    process.kill()
    process.communicate()
    for _attempt in range(300):
        left = [pid for pid in running if Path(f"/proc/{pid}").exists()]
        if not left:
            break
        time.sleep(0.1)
    assert not left


def test_a_taken_port_is_told(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", home.port))
        other.listen()
        done = home.run("up")
    assert done.returncode == 1 and "is taken" in done.stderr


def test_a_demonstration_is_not_served_to_others(home):
    done = home.run("up", "--demonstration", "--no-serve")
    assert done.returncode == 1 and "HATCHLINE_DEMONSTRATION=1" in done.stderr
    reached = {"HATCHLINE_DEMONSTRATION": "1", "HATCHLINE_BIND": "0.0.0.0:8000"}
    done = home.run("up", "--demonstration", "--no-serve", **reached)
    assert done.returncode == 1 and "loopback" in done.stderr


def test_nothing_is_served_or_worked_on_while_a_guard_is_absent(home):
    with sqlite3.connect(home.database) as raw:
        raw.execute("DROP TRIGGER guard_ledger_entry_kept_delete")
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "hatchline.config.wsgi:application",
        "--bind",
        f"127.0.0.1:{home.port}",
    ]
    served = subprocess.run(
        [*gunicorn, "--no-control-socket"],
        cwd=home.folder,
        env=home.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    for done in (home.run("up"), home.run("worker", "--once"), served):
        assert done.returncode != 0
        assert "hatchline doctor --mend" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert home.run("doctor", "--mend").returncode in {0, 1}
    done = home.run("worker", "--once", "--json")
    assert done.returncode == 0, done.stderr


def test_a_missing_setting_has_its_own_exit_code(home):
    done = home.run("doctor", HATCHLINE_SECRET_KEY="short")
    assert done.returncode == 3 and "HATCHLINE_SECRET_KEY" in done.stderr
