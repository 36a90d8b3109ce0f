"""One fact about many subjects, as an app vouches for it: values by key, where they come from, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class FactColumn:
    """A fact by its name in the vocabulary (yearly ones NAME@YEAR).

    ``values``: key of the subject → truth, number in the fact's own unit, date or code of a choice; a key that is not
    in it, or holds None, is unknown. ``source`` says in words which record it comes from, ``on`` the day a value speaks
    of, ``page`` the part of the subject's page where it stands.
    """

    name: str
    values: Mapping[int, object]
    source: str
    on: Mapping[int, date] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)  # where one subject's value comes from elsewhere
    page: str = ""

    def source_of(self, key: int) -> str:
        """Where this subject's value comes from."""
        return self.sources.get(key, self.source)
