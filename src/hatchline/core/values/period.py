"""Half-open periods of days: the first day belongs to a period, the day it ends before does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``starts_on`` up to but not including ``ends_before``; ``None`` there means it goes on."""

    starts_on: date
    ends_before: date | None = None

    def __post_init__(self) -> None:
        if self.ends_before is not None and self.ends_before <= self.starts_on:
            raise ValueError(f"a period must end after it begins: {self.starts_on} … {self.ends_before}")

    def holds(self, day: date) -> bool:
        """Whether this day is inside."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def overlaps(self, other: Period) -> bool:
        """Whether any day is in both."""
        return (other.ends_before is None or self.starts_on < other.ends_before) and (
            self.ends_before is None or other.starts_on < self.ends_before
        )

    def days(self, until: date | None = None) -> int | None:
        """Its length in days, an open one counted up to ``until``; None when it is open and no ``until`` is given."""
        end = self.ends_before if self.ends_before is not None else until
        return None if end is None else max(0, (end - self.starts_on).days)
