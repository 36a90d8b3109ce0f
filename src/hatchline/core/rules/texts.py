"""Sentences in both languages, and errors that are told to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Text:
    """The same sentence in both languages."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    def hinted(self, hint: Text) -> Text:
        """The sentence and what may have been meant."""
        return Text(f"{self.zh}；{hint.zh}", f"{self.en}; {hint.en}") if hint.zh else self


NOTHING = Text("", "")
VERDICTS = {"met": Text("达标", "met"), "not_met": Text("未达标", "not met"), "unknown": Text("未知", "unknown")}


class Told(ValueError):
    """An error with its sentence in both languages; as text it is the English one."""

    def __init__(self, said: Text) -> None:
        self.said = said
        super().__init__(said.en)


def nearest(name: str, known: Iterable[str]) -> Text:
    """ "did you mean …", or nothing when no known name is like it."""
    close = get_close_matches(name, list(known), n=2, cutoff=0.5)
    if not close:
        return NOTHING
    return Text(f"是不是想写 {' 或 '.join(close)}？", f"did you mean {' or '.join(close)}?")
