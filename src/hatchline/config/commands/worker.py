"""hatchline worker: do the work that waits in the outbox."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading

import click

from hatchline.config.cli import start_django


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end; exit code 1 when something failed for good.")
@click.option("--json", "as_json", is_flag=True, help="Say at the end what was done as one JSON object.")
def command(once: bool, as_json: bool) -> None:
    """Do the work that waits in the outbox (mail, PDF, rebuilding) and seal the ledger.

    `hatchline up` runs one already; more may run beside it, on this or another machine with the same database and
    files. SIGTERM or Ctrl-C lets the piece in hand end first. Killing it loses nothing: another worker takes the piece
    over within a minute.
    """
    start_django()
    from django.utils import timezone

    from hatchline.apps.outbox import worker
    from hatchline.config import startup

    try:
        startup.refuse_if_unfit()
    except startup.Unfit as unfit:
        click.echo(str(unfit), err=True)
        sys.exit(1)
    stop = threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    name = f"{socket.gethostname()}:{os.getpid()}"
    tally = worker.run(name=name, clock=timezone.now, stop=stop, once=once)
    if as_json:
        click.echo(json.dumps(tally.__dict__))
    elif once:
        click.echo(f"done {tally.done}, put off {tally.put_off}, failed {tally.failed}")
    sys.exit(1 if once and tally.failed else 0)
