"""What tests need from the ground: keys for personal data, guards that give way while tables are emptied, and nothing
remembered from one test to the next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation

from hatchline.apps.columns import keys
from hatchline.apps.guards import watch

# What is kept in a process by the ledger's head, roles and days: after a rollback other rows have the same numbers.
KEPT = (
    "hatchline.sites.lists.fetching",
    "hatchline.sites.console.quality_checks",
    "hatchline.sites.console.rules.ground",
    "hatchline.apps.ventures.queries.arrays",
)


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    for name in KEPT:
        if name in sys.modules:
            sys.modules[name]._kept.clear()


@pytest.fixture(autouse=True)
def the_language_is_the_first() -> None:
    """A request leaves its language active in the thread; the next test begins in the first one again."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def keys_are_there() -> None:
    keys.ensure()


@pytest.fixture(scope="session", autouse=True)
def guards_give_way() -> Iterator[None]:
    """Tests that really commit empty every table afterwards, which an append-only guard rightly forbids."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self: Any) -> None:
        names = list(self._databases_names(include_mirrors=False))
        for name in names:
            watch.take_down(connections[name])
        original(self)
        for name in names:
            if watch.missing(connections[name]):
                watch.put_up(connections[name])

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]
