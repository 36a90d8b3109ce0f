"""What must be true before anything is served or worked on. `hatchline doctor` says more, and mends."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Unfit(Exception):
    """Nothing is served; the text says why and what to do."""


def refuse_if_unfit() -> None:
    """Raise Unfit when migrations are behind, a guard is absent, or a demonstration could be reached from elsewhere."""
    from hatchline.apps import guards

    behind = pending_migrations()
    if behind:
        raise Unfit(
            f"The database is {len(behind)} migrations behind ({', '.join(behind[:3])} …): run `hatchline up`, "
            "which migrates."
        )
    try:
        guards.refuse_when_missing(connection)
    except ImproperlyConfigured as problem:
        raise Unfit(str(problem)) from problem
    exposed = demonstration_accounts_exposed()
    if exposed:
        raise Unfit(exposed)


def pending_migrations() -> list[str]:
    """Migrations that this version has and the database has not, as app.name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def learn() -> None:
    """Let SQLite look at samples of its tables, so that it chooses the right index among ten million values.

    It never does so by itself; PostgreSQL does. A fraction of a second, whatever the size.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine alone."""
    host = host.strip("[]").casefold()
    if host in {"localhost", ""}:
        return host == "localhost"
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def on_loopback() -> bool:
    """Whether the server listens, and is called, on this machine alone."""
    bind = settings.BIND.rpartition(":")[0] if not settings.BIND.startswith("unix:") else "localhost"
    called = [urlsplit(settings.ADDRESS).hostname or "", *settings.ALLOWED_HOSTS]
    return is_loopback(bind) and all(is_loopback(name) for name in called if name != "testserver")


def demonstration_accounts_exposed() -> str:
    """A sentence when there are demonstration accounts that others could reach."""
    from django.contrib.auth import get_user_model

    if on_loopback():
        return ""
    count = get_user_model().objects.filter(is_demonstration=True, is_active=True).count()
    if not count:
        return ""
    return (
        f"There are {count} demonstration accounts with published passwords, and HATCHLINE_BIND, HATCHLINE_ADDRESS or "
        "HATCHLINE_HOSTS is not loopback: start a real district in an empty HATCHLINE_HOME, or serve 127.0.0.1 alone."
    )
