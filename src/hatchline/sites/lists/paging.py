"""Rows by pages: which page is asked for, what it holds, and the links to the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

PAGE = 25


@dataclass(frozen=True)
class Pager:
    """Where one stands among ``total`` rows. A page past the end is the last one. ``href`` gives a page's address."""

    asked: int
    total: int
    href: Callable[[int], str]

    @property
    def last_page(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def page(self) -> int:
        return min(max(self.asked, 1), self.last_page)

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * PAGE, self.total)

    @property
    def previous_href(self) -> str:
        return self.href(self.page - 1) if self.page > 1 else ""

    @property
    def next_href(self) -> str:
        return self.href(self.page + 1) if self.page < self.last_page else ""

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The first, the last and those around this one; "…" stands for what is left out."""
        made: list[dict[str, Any]] = []
        before = 0
        for page in sorted({1, self.page - 1, self.page, self.page + 1, self.last_page}):
            if not 1 <= page <= self.last_page:
                continue
            if page > before + 1:
                made.append({"label": "…", "href": "", "current": False})
            made.append({"label": str(page), "href": self.href(page), "current": page == self.page})
            before = page
        return made

    def cut(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows of this page."""
        return rows[(self.page - 1) * PAGE : self.page * PAGE]


def pager(request: HttpRequest, total: int, href: Callable[[int], str]) -> Pager:
    """Where ``?page=`` stands among so many rows; what is no number is the first page."""
    given = request.GET.get("page", "")
    return Pager(int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1, total, href)
