"""All routes with the access they state: for the table of permissions and the test that walks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from hatchline.sites import access

# Routes of libraries that check for themselves, by the module of their view.
LIBRARY = {
    "allauth": "library: own account",
    "django.contrib.admin": "library: staff accounts, read-only",
    "django.contrib.staticfiles": "public",
    "ninja": "API: see its operations",
}


@dataclass(frozen=True)
class Route:
    """One address: its full name, its pattern, its view and what it stated (None: nothing, which a test forbids)."""

    name: str
    pattern: str
    view: Any
    access: str | None


def all_routes() -> list[Route]:
    """Every route, in the order of its address."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: (route.pattern, route.name))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else ""
            yield Route(name, "/" + pattern, entry.callback, _stated(entry.callback))


def _stated(view: Any) -> str | None:
    found = access.of(view)
    if found is not None:
        return str(found)
    if hasattr(view, "admin_site") or hasattr(view, "model_admin"):
        return LIBRARY["django.contrib.admin"]  # the admin wraps views of other modules too and marks what it wrapped
    module = getattr(view, "__module__", "")
    owner = getattr(getattr(view, "view_class", None), "__module__", module)
    for library, words in LIBRARY.items():
        if owner.startswith(library) or module.startswith(library):
            return words
    return None
