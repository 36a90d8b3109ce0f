"""What a site's nav.py is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Item:
    """A line of the navigation. ``count`` is worked out only when shown."""

    label: Any
    route: str
    icon: str
    capability: str = ""
    count: Callable[[HttpRequest], int | str | None] | None = None
    under: tuple[str, ...] = ()  # further route names that belong to it


@dataclass(frozen=True)
class Group:
    """A titled group of lines."""

    title: Any
    items: tuple[Item, ...]
