"""What a reader of text gives back instead of a value it would have to guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Param = str | int


@dataclass(frozen=True)
class Unreadable:
    """A text that was not understood, and why.

    `code` is stable ("date.no_such_day"), `params` fill the sentences of `core.tables.wording`,
    `hint` is the code of a sentence that says what to do, or "".
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    hint: str = ""
