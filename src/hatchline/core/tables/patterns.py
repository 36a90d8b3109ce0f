"""Patterns that people write into mappings: compiled once, and refused when they could run for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 300
SUBJECT = 5_000  # characters of a cell that a pattern is tried on


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern. Raises re.error."""
    return re.compile(pattern)


def why_not(pattern: str) -> str:
    """What is wrong with a pattern: "", "long", "repeat" (a repeat inside a repeat) or the compiler's own message."""
    if len(pattern) > LONGEST:
        return "long"
    try:
        tree = sre_parser.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)[:80]
    return "repeat" if _nests(tree, False) else ""


def _nests(tree: Any, inside: bool) -> bool:
    for operator, argument in tree:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _, most, inner = argument
            endless = most is sre.MAXREPEAT or most > 50
            if (endless and inside) or _nests(inner, inside or endless):
                return True
        elif operator is sre.SUBPATTERN:
            if _nests(argument[-1], inside):
                return True
        elif operator is sre.BRANCH:
            if any(_nests(branch, inside) for branch in argument[1]):
                return True
        elif operator in (sre.ASSERT, sre.ASSERT_NOT) and _nests(argument[1], inside):
            return True
    return False


def groups(pattern: str) -> tuple[str, ...]:
    try:
        return tuple(compiled(pattern).groupindex)
    except re.error:
        return ()
