"""What a target can take. The caller declares the list; nothing about any target is known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

FieldType = Literal[
    "text", "choice", "integer", "decimal", "area", "date", "money", "bool", "url", "email", "phone", "credit_code",
    "latitude", "longitude", "country",
]  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of a target.

    `zh`, `en` label it; `synonyms` are further headers it is known by; `many` makes its value a tuple;
    `choices` maps each stored code to the words it is known by; `unit` is the unit that values are stored in
    (m² for areas; money is stored in yuan); `minimum`, `maximum` bound numbers; `max_length` counts characters;
    `not_before` names a date field that this one may not precede. With `keeps_text` money that cannot be read does
    not reject the row: it is unknown, and its text is kept with a warning.
    """

    name: str
    type: FieldType = "text"
    required: bool = False
    zh: str = ""
    en: str = ""
    synonyms: tuple[str, ...] = ()
    unit: str = ""
    many: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    max_length: int | None = None
    not_before: str = ""
    keeps_text: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything the field may be called in a header."""
        return tuple(name for name in (self.name, self.zh, self.en, *self.synonyms) if name)

    def word(self, code: str, language: str = "zh") -> str:
        """What a stored code is called: its first word in Chinese, its first in Latin letters in English."""
        words = self.choices.get(code, ())
        wanted = [word for word in words if word.isascii() == language.startswith("en") and word != code]
        return next(iter((*wanted, *words)), code)
