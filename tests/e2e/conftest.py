"""A small demonstration district behind a real server: built once, then put back before each test that asks for it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from hatchline.apps.outbox import worker
from hatchline.apps.people import queries as people
from hatchline.journeys import reference, world

TODAY = date(2017, 7, 18)
PASSWORD = "a long enough password"
INSTITUTIONS = 44 if os.environ.get("HATCHLINE_TEST_PICTURES") else 12


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the district is kept once it has been built."""
    return tmp_path_factory.mktemp("district") / "district.sqlite3"


@pytest.fixture
def district(transactional_db: None, kept: Path) -> Iterator[str]:
    """The invented district with its accounts, all with PASSWORD. Answers the district's code."""
    if connection.vendor != "sqlite":
        pytest.skip("not run: browser tests keep their district in a file of SQLite's")
    for name in ("default", "process"):
        caches[name].clear()
    connection.ensure_connection()
    if kept.exists():
        with sqlite3.connect(kept) as source:
            source.backup(connection.connection)
    else:
        now = timezone.now()
        list(reference.load(district="110105", now=now))
        world.build(district="110105", count=INSTITUTIONS, seed=2014, password=PASSWORD, now=now, today=TODAY)
        with sqlite3.connect(kept) as copy:
            connection.connection.backup(copy)
    ContentType.objects.clear_cache()
    yield "110105"
    for name in ("default", "process"):
        caches[name].clear()


@pytest.fixture
def enter(district: str, sign_in: Callable[..., None]) -> Callable[[Any, str], None]:
    """``enter(page, "lin")``: signed in as somebody of the district, without the form."""

    def signed(page: Any, username: str) -> None:
        sign_in(page, people.account_named(username))

    return signed


@pytest.fixture
def work() -> Callable[[], worker.Tally]:
    """``work()``: the worker does all that is due, in this process."""

    def once() -> worker.Tally:
        return worker.run(name="test", clock=timezone.now, stop=threading.Event(), once=True)

    return once
