"""What tests need from the ground: keys for personal data, and guards that give way while tables are emptied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from hatchline.apps.columns import keys
from hatchline.apps.guards import watch


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
