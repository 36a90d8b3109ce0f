"""Which tasks there are: functions ``def name(*, now, **keys)`` in tasks.py of an app or of the journeys."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

Task = Callable[..., Any]
EXTRA: dict[str, Task] = {}  # tasks of tests


class UnknownTask(LookupError):
    """No such task; the text says where it was looked for."""


def find(name: str) -> Task:
    """The function of ``app.name`` or ``journeys.name``. UnknownTask when there is none."""
    return EXTRA[name] if name in EXTRA else _find(name)


@lru_cache(maxsize=256)
def _find(name: str) -> Task:
    app, _dot, function = name.partition(".")
    module = "hatchline.journeys.tasks" if app == "journeys" else f"hatchline.apps.{app}.tasks"
    try:
        found = getattr(import_module(module), function)
    except (ModuleNotFoundError, AttributeError) as error:
        raise UnknownTask(f"no task {name!r}: looked for {function} in {module}") from error
    if function.startswith("_") or not callable(found):
        raise UnknownTask(f"no task {name!r}: {function} in {module} is not a function for it")
    return found


def chores() -> dict[str, int]:
    """What is done again and again: task → seconds between. From ``EVERY = {"seal": 10}`` in any tasks.py."""
    found: dict[str, int] = {}
    packages = {config.name for config in apps.get_app_configs() if config.name.startswith("hatchline.apps.")}
    for package in sorted(packages | {"hatchline.journeys"}):
        if find_spec(f"{package}.tasks") is None:
            continue
        every: dict[str, int] = getattr(import_module(f"{package}.tasks"), "EVERY", {})
        found |= {f"{package.rsplit('.', 1)[-1]}.{name}": seconds for name, seconds in every.items()}
    return found
