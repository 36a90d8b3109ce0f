"""hatchline up: everything that makes a district ready, then serve it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click

from hatchline.config.cli import start_django

PATIENCE = 25  # seconds a child may take to end
RESTARTS = 5  # of the worker within RESTART_WINDOW seconds
RESTART_WINDOW = 60


@click.command()
@click.option("--demonstration", is_flag=True, help="Invent a district with accounts, where HATCHLINE_DEMONSTRATION=1.")
@click.option("--no-serve", is_flag=True, help="Make everything ready and end.")
def command(demonstration: bool, no_serve: bool) -> None:
    """Make the district ready and serve it: home, keys, database, reference data, styles; then web server and worker.

    Running it again changes nothing that is there. Ctrl-C or SIGTERM ends both. Exit code 1 when something stands in
    the way of serving; what it is and how to mend it is said.
    """
    start_django()
    from hatchline.config import startup

    try:
        ready(demonstration=demonstration)
    except startup.Unfit as unfit:
        click.echo(str(unfit), err=True)
        sys.exit(1)
    if no_serve:
        click.echo("ready; not served")
        return
    sys.exit(serve())


def ready(*, demonstration: bool) -> None:
    """Everything before serving. Raises Unfit."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from hatchline.apps.columns import keys
    from hatchline.apps.ledger import queries as ledger
    from hatchline.config import startup
    from hatchline.journeys import reference, world

    if demonstration and not settings.DEMONSTRATION:
        raise startup.Unfit(
            "--demonstration invents a district: set HATCHLINE_DEMONSTRATION=1 if that is what you want"
        )
    if demonstration and not startup.on_loopback():
        raise startup.Unfit(
            "demonstration accounts have printed passwords, so they are served on loopback alone: leave "
            "HATCHLINE_BIND, HATCHLINE_ADDRESS and HATCHLINE_HOSTS as they are"
        )
    settings.HOME.mkdir(parents=True, exist_ok=True)
    behind = startup.pending_migrations()
    if behind:
        click.echo(f"database: {len(behind)} migrations")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    absent = [purpose for purpose in keys.PURPOSES if not keys.all_of(purpose)]
    if absent and ledger.head():
        raise startup.Unfit(
            f"the keys for personal data ({', '.join(absent)}) are not in {settings.KEYS}, and this district has been "
            "at work: bring its keys back. New keys could not read what the old ones wrote."
        )
    for name in keys.ensure():
        click.echo(f"made the key {settings.KEYS / name}; keep a copy apart from the backups")
    now = timezone.now()
    for what, created, updated, _unchanged in reference.load(district=settings.DISTRICT, now=now):
        if created or updated:
            click.echo(f"{what}: {created} new, {updated} changed")
    if demonstration and not world.stands():
        click.echo("inventing a district …")
        made = world.build(
            district=settings.DISTRICT,
            count=44,
            seed=2014,
            now=now,
            today=settings.BUSINESS_DATE or timezone.localdate(),
        )
        world.write_accounts(made, settings.HOME)
    startup.learn()
    _collect_static()
    startup.refuse_if_unfit()


def _collect_static() -> None:
    """Gather styles and scripts when any is newer than what was gathered."""
    from django.conf import settings
    from django.core.management import call_command

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()]
    newest = max((path.stat().st_mtime for path in sources), default=0.0)
    if not manifest.is_file() or manifest.stat().st_mtime < newest:
        click.echo("gathering styles and scripts")
        call_command("collectstatic", interactive=False, verbosity=0)


def serve() -> int:
    """Run the web server and a worker until a signal comes or the server ends. The exit code."""
    from django.conf import settings
    from django.db import connections

    if not _is_free(settings.BIND):
        click.echo(
            f"{settings.BIND} is taken: stop what listens there, or set HATCHLINE_BIND and HATCHLINE_ADDRESS", err=True
        )
        return 1
    connections.close_all()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "hatchline.config.settings"}
    web = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "hatchline.config.wsgi:application"),
            *("--bind", settings.BIND, "--workers", str(settings.WORKERS), "--worker-class", "sync"),
            *("--timeout", "120", "--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"),
        ],
        env=environment,
        preexec_fn=_end_with_parent,
    )
    worker = _start_worker(environment)
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda signum, _frame: stopping.append(signum))
    _announce()
    restarts: list[float] = []
    while not stopping and web.poll() is None:
        if worker.poll() is not None:
            restarts = [moment for moment in restarts if time.monotonic() - moment < RESTART_WINDOW]
            if len(restarts) >= RESTARTS:
                click.echo("the worker ends again and again; work waits in the outbox: hatchline doctor", err=True)
                break
            restarts.append(time.monotonic())
            worker = _start_worker(environment)
        time.sleep(0.3)
    failed = not stopping
    _stop([web, worker])
    return 1 if failed else 0


def _start_worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hatchline.config.cli", "worker"]
    return subprocess.Popen(command, env=environment, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    """On Linux a child is told to end when its parent was killed, so that nothing goes on serving unseen."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _is_free(bind: str) -> bool:
    if bind.startswith("unix:"):
        return True
    host, _sign, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError:
            return False
    return True


def _announce() -> None:
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from hatchline.journeys import world

    click.echo(f"\nHatchline 孵链 is served at {settings.ADDRESS}")
    path = world.accounts_file(settings.HOME)
    if settings.DEMONSTRATION and path.is_file():
        click.echo("An invented district. Accounts, on this machine alone:\n")
        click.echo(path.read_text(encoding="utf-8").rstrip())
    elif not get_user_model().objects.exists():
        click.echo("Nobody can sign in yet. The first account: hatchline user add --help")
    click.echo("\nCtrl-C ends it.")
