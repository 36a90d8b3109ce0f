"""One row of an app's table of moves: which verb leads from which states to which, who may do it and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Move:
    """A verb of an app.

    ``sources`` are the statuses it may start from (empty: any, or the subject is created by it); ``to`` the status it
    leads to (empty: the status does not change, ``"*"``: the verb chooses); ``roles`` the kinds of role that may do it
    (empty: the system alone); ``event`` the ledger event ``app.noun.verbed``; ``wording`` what the public reads.
    """

    verb: str
    event: str
    wording: Any
    sources: frozenset[str] = frozenset()
    to: str = ""
    roles: frozenset[str] = frozenset()


def move(
    verb: str, event: str, wording: Any, sources: Iterable[str] = (), to: str = "", roles: Iterable[str] = ()
) -> Move:
    """A Move from any iterables."""
    return Move(verb, event, wording, frozenset(sources), to, frozenset(roles))


class Moves(tuple[Move, ...]):
    """An app's table of moves, looked up by verb."""

    def __new__(cls, *moves: Move) -> Moves:
        verbs = [each.verb for each in moves]
        doubled = {verb for verb in verbs if verbs.count(verb) > 1}
        if doubled:
            raise ValueError(f"verbs declared twice: {sorted(doubled)}")
        return super().__new__(cls, moves)

    def of(self, verb: str) -> Move:
        """The move of this verb; KeyError names the verbs there are."""
        for each in self:
            if each.verb == verb:
                return each
        raise KeyError(f"no move {verb!r}; there are {[each.verb for each in self]}")
