"""A reason why something may not happen: one sentence that a verb raises, a page shows and the API returns."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why a verb may not be done.

    ``code`` is stable and lower-case (``already_decided``); ``message`` is fit for the reader, in their language
    (policies build it with lazy gettext); ``field`` names the form field it belongs to, if any; ``hint`` what to do.
    """

    code: str
    message: Any
    hint: Any = ""
    field: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Refused(Exception):
    """Raised by a verb that its policy refuses. Apps may subclass it as ``UnableToDecide``."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    def __str__(self) -> str:
        return str(self.refusal)


def require(refusal: Refusal | None, error: type[Refused] = Refused) -> None:
    """Raise ``error`` when there is a refusal; do nothing otherwise."""
    if refusal is not None:
        raise error(refusal)
