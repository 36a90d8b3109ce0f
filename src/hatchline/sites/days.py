"""The day a page speaks of. ``?as_of=2016-12-31`` asks what was true on that day; without it, the business date.

``?known_at=2017-03-01`` asks further what was known by the end of that day, ``?known_at=2017-03-01T02:15:00Z`` by that
moment; only observations and evaluations keep that apart. A view that can travel calls ``asked(request)`` and hands
``as_of`` on; its page shows the control.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

EARLIEST = date(1978, 1, 1)


@dataclass(frozen=True)
class Asked:
    """``as_of`` is never after ``today``. ``known_at``: None for what is known now. ``moment``: within that day."""

    as_of: date
    today: date
    known_at: date | None = None
    moment: datetime | None = None

    @property
    def is_today(self) -> bool:
        """Nobody travelled."""
        return self.as_of == self.today and self.known_at is None

    @property
    def query(self) -> dict[str, str]:
        """What a link must carry to stay on this day."""
        found = {} if self.as_of == self.today else {"as_of": self.as_of.isoformat()}
        if self.moment is not None:
            return found | {"known_at": written(self.moment)}
        return found if self.known_at is None else found | {"known_at": self.known_at.isoformat()}

    @property
    def address(self) -> str:
        """``as_of=2016-12-31`` for the end of an address; "" when nobody travelled."""
        return urlencode(self.query)

    def onward(self, href: str) -> str:
        """The address on the same day: a link from a page of the past stays in the past."""
        if not self.query or not href:
            return href
        path, mark, fragment = href.partition("#")
        return f"{path}{'&' if '?' in path else '?'}{self.address}{mark}{fragment}"

    @property
    def month_ends(self) -> list[date]:
        """Days worth offering, latest first: the last three month ends, then year ends back to the fifth."""
        found = month_ends(self.today, 3)
        years = [date(year, 12, 31) for year in range(self.today.year - 1, self.today.year - 6, -1)]
        return [*found, *(day for day in years if day not in found)]


def written(moment: datetime) -> str:
    """A moment as an address carries it."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def business_moment(request: HttpRequest) -> datetime:
    """Now as the business calendar tells it: the clock's time, on the business date where that is set apart."""
    now = timezone.localtime(request.now)
    return now.replace(year=request.today.year, month=request.today.month, day=request.today.day)


def month_ends(before: date, number: int) -> list[date]:
    """The last days of the months that were over before this day, latest first."""
    found, first = [], before.replace(day=1)
    for _step in range(number):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found


def is_month_end(day: date) -> bool:
    """Whether it is the last day of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def asked(request: HttpRequest) -> Asked:
    """The days asked for. One that is no day, or lies ahead, is put aside with a word to the reader.

    Read once a request: a page and its list may both ask.
    """
    found: Asked | None = getattr(request, "_asked", None)
    if found is None:
        today: date = request.today
        moment = _moment(request.GET.get("known_at", "").strip())
        if moment is not None and moment <= request.now:  # the business day may be set apart from the clock
            known = timezone.localdate(moment)
        else:
            known, moment = _day(request, "known_at", today), None
        found = Asked(_day(request, "as_of", today) or today, today, known, moment)
        request._asked = found
    return found


def _moment(text: str) -> datetime | None:
    """A moment with its offset from UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _day(request: HttpRequest, name: str, today: date) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        messages.warning(request, _("“%(text)s”不是日期，应写成 2016-12-31 这样；现按今日显示。") % {"text": text[:40]})
        return None
    if not EARLIEST <= day <= today:
        messages.warning(request, _("%(day)s 不在可查的日期之内；现按今日显示。") % {"day": day.isoformat()})
        return None
    return day
