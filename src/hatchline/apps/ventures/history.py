"""What is known of the ventures and institutions that stays speak of: loaded once, asked for every row of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from hatchline.apps.columns.partial_dates import read
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ledger import queries as entries
from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.models import Stay, Venture
from hatchline.apps.ventures.states import Basis, EndState, Outcome, StayStatus
from hatchline.core.chain import holding
from hatchline.core.chain.holding import Span
from hatchline.core.chain.stages import Stage
from hatchline.core.values.dates import PartialDate

Days = tuple[date | None, date | None]  # first possible day, first day no longer possible


@dataclass(frozen=True, slots=True)
class VentureKnown:
    """When a venture was there. ``pk`` is of the record it was merged into, if it was."""

    pk: int
    status: str
    founded: Days
    ceased: Days
    name: str = ""


@dataclass(frozen=True, slots=True)
class InstitutionKnown:
    """When an institution was there."""

    pk: int
    name: str
    status: str
    opened: Days
    closed: Days
    seen_open_on: date | None


@dataclass(slots=True)
class StayKnown:
    """A stay that is on record, or came just before in the same list (``pk`` 0 until it is written)."""

    pk: int
    institution: int
    stage: str
    status: str
    counts: bool
    outcome: str
    sure: Span | None
    maybe: Span
    ended_on: date | None
    starts: Days
    row: object = None
    ended_before: date | None = None
    is_listed: bool = False  # the list that is being taken in told of it, too: which of two comes first says nothing
    basis: str = ""
    is_upheld: bool = False  # both sides confirmed it by a move of their own: it does not stand by a list alone

    @property
    def excludes(self) -> bool:
        """Whether others must not overlap with it."""
        if not self.counts or self.stage != Stage.INCUBATION:
            return False
        return self.status == StayStatus.CONFIRMED or (self.is_listed and self.status == StayStatus.DISPUTED)

    @property
    def yields(self) -> bool:
        """Whether another row of the list puts it in doubt: it stands by that list alone."""
        return self.is_listed and self.basis != Basis.RULED and not self.is_upheld

    def begins_after(self, draft: StayDraft) -> bool:
        """Whether the draft tells of a graduation before this one begins."""
        ended, begins = draft.ended.earliest, self.starts[0]
        return bool(draft.outcome == Outcome.GRADUATED and ended and begins and ended <= begins)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two incubation stays that cannot both be true (``is_sure``), or perhaps cannot."""

    stay: StayKnown
    is_sure: bool
    is_contradiction: bool = False  # no overlap: one of the two follows the graduation of the other


class History:
    """Facts about some ventures and institutions. Four queries, whatever their number; ventures are held when asked."""

    def __init__(self) -> None:
        self.ventures: dict[int, VentureKnown] = {}
        self.institutions: dict[int, InstitutionKnown] = {}
        self.stays: dict[int, list[StayKnown]] = defaultdict(list)
        self.listed: set[int] = set()  # stays that earlier rows of the list at hand became

    def load(self, venture_pks: Collection[int], institution_pks: Collection[int], *, held: bool = True) -> None:
        """Read what is not known yet. ``held``: nobody else changes these ventures until the transaction ends."""
        wanted = sorted(set(venture_pks))
        rows = Venture.objects.filter(pk__in=wanted).order_by("pk")
        if held:
            rows = rows.select_for_update()
        for row in rows.values_list(*_VENTURE):
            self._venture(*row)
        both = []
        for stay in Stay.objects.filter(venture__in=wanted).exclude(status=StayStatus.WITHDRAWN).values_list(*_STAY):
            known = _known(*stay)
            known.is_listed = known.pk in self.listed
            self.stays[stay[1]].append(known)
            if known.yields and known.basis == Basis.BOTH:  # as the list said, or as the two sides did
                both.append(known)
        if both:
            upheld = entries.told_of(Stay._meta.label_lower, [each.pk for each in both])
            for known in both:
                known.is_upheld = str(known.pk) in upheld
        missing = set(institution_pks) - self.institutions.keys()
        if missing:
            self._institutions(institutions.registered().filter(pk__in=missing))

    def load_all(self) -> None:
        """Read everything there is, without holding it: for a list that may speak of any venture. Three queries."""
        for row in Venture.objects.values_list(*_VENTURE).iterator():
            self._venture(*row)
        for stay in Stay.objects.exclude(status=StayStatus.WITHDRAWN).values_list(*_STAY).iterator():
            self.stays[stay[1]].append(_known(*stay))
        self._institutions(institutions.registered())

    def _institutions(self, rows: QuerySet[Any]) -> None:
        found = rows.values_list(*_INSTITUTION)
        for pk, name, status, o_on, o_before, c_on, c_before, seen in found:
            days = (o_on, o_before), (c_on, c_before)
            self.institutions[pk] = InstitutionKnown(pk, name, status, *days, seen)

    def _venture(
        self, pk: int, status: str, merged: int | None, f_on: date | None, f_before: date | None,
        c_on: date | None, c_before: date | None, name: str,
    ) -> None:  # fmt: skip
        self.ventures[pk] = VentureKnown(merged or pk, status, (f_on, f_before), (c_on, c_before), name)
        self.stays[pk] = []

    def without(self, stay: int) -> History:
        """The same, had this stay never been recorded: what its correction is held against."""
        made = History()
        made.ventures, made.institutions = self.ventures, self.institutions
        for venture, its in self.stays.items():
            made.stays[venture] = [each for each in its if each.pk != stay]
        return made

    def conflicts(self, draft: StayDraft, but: int) -> list[Clash]:
        """What stands against new days of the stay ``but``: overlaps, and an incubation after a graduation."""
        others = self.without(but)
        before = others.graduated_by(draft) if draft.counts else None
        return others.clashes(draft) if before is None else [Clash(before, True, True)]

    def between(self, one: int, other: int) -> list[tuple[StayKnown, Clash]]:
        """Doubts about the stays of two ventures, were they one: (stay that is asked about, what stands against it).

        Sure overlaps are left out: two such ventures are not taken together.
        """
        found = []
        for first in self.stays[one]:
            for second in self.stays[other]:
                if not (first.excludes and second.excludes):
                    continue
                for early, late in ((first, second), (second, first)):
                    ended, begins = early.ended_on, late.starts[0]
                    if early.outcome == Outcome.GRADUATED and ended and begins and ended <= begins:
                        found.append((late, Clash(early, True, True)))
                        break
                else:
                    if first.maybe.touches(second.maybe):
                        found.append((second, Clash(first, False)))
        return found

    def rewritten(self, stay: int, draft: StayDraft, status: str) -> None:
        """Remember the new days of a stay that was known already."""
        self.stays[draft.venture] = [each for each in self.stays[draft.venture] if each.pk != stay]
        self.remember(draft, status).pk = stay

    def clashes(self, draft: StayDraft, but: int = 0) -> list[Clash]:
        """The stays on record that a confirmed, counting incubation stay like this one would overlap with."""
        if draft.stage != Stage.INCUBATION or not draft.counts:
            return []
        sure, maybe = draft.surely(), draft.perhaps()
        found = []
        for stay in self.stays[draft.venture]:
            if not stay.excludes or (but and stay.pk == but):
                continue
            if sure is not None and stay.sure is not None and sure.touches(stay.sure):
                found.append(Clash(stay, True))
            elif maybe.touches(stay.maybe):
                found.append(Clash(stay, False))
        return found

    def same(self, draft: StayDraft) -> StayKnown | None:
        """The stay on record that says the very same: institution, stage and beginning."""
        days = (draft.starts.earliest, draft.starts.before)
        for stay in self.stays[draft.venture]:
            if (stay.institution, stay.stage, stay.starts) == (draft.institution, draft.stage, days):
                return stay
        return None

    def graduated_by(self, draft: StayDraft) -> StayKnown | None:
        """The stay that contradicts: it graduated from incubation before this one, or begins after this graduation."""
        if draft.stage != Stage.INCUBATION:
            return None
        for stay in self.stays[draft.venture]:
            if not stay.excludes:
                continue
            before, after = stay.ended_on, draft.starts.earliest
            if stay.outcome == Outcome.GRADUATED and before and after and before <= after:
                return stay
            if stay.begins_after(draft):
                return stay
        return None

    def remember(self, draft: StayDraft, status: str, row: object = None, *, is_listed: bool = False) -> StayKnown:
        """Count a stay that is being written; ``is_listed``: told by the list at hand."""
        known = StayKnown(
            0,
            draft.institution,
            draft.stage,
            status,
            draft.counts,
            draft.outcome,
            draft.surely(),
            draft.perhaps(),
            draft.ended.earliest,
            (draft.starts.earliest, draft.starts.before),
            row,
            draft.ended.before,
            is_listed,
            draft.basis,
        )
        self.stays[draft.venture].append(known)
        return known


_VENTURE = ("pk", "status", "merged_into", "founded_on", "founded_before", "ceased_on", "ceased_before", "name")
_INSTITUTION = (
    "pk", "name", "status", "opened_on", "opened_before", "closed_on", "closed_before", "seen_open_on",
)  # fmt: skip
_STAY = (
    "pk", "venture_id", "institution_id", "stage", "status", "counts", "outcome", "held_from", "held_until",
    "starts_on", "starts_before", "ended_on", "ended_before", "end_state", "evidence_on", "basis",
)  # fmt: skip


def _known(
    pk: int, _venture: int, institution: int, stage: str, status: str, counts: bool, outcome: str,
    held_from: date | None, held_until: date | None, starts_on: date | None, starts_before: date | None,
    ended_on: date | None, ended_before: date | None, end_state: str, evidence: date | None,
    basis: str,
) -> StayKnown:  # fmt: skip
    maybe = holding.perhaps(
        _days(starts_on, starts_before), _days(ended_on, ended_before), holding.EndState(EndState(end_state)), evidence
    )
    sure = Span(held_from, held_until) if held_from is not None else None
    starts = starts_on, starts_before
    return StayKnown(
        pk, institution, stage, status, counts, outcome, sure, maybe, ended_on, starts,
        ended_before=ended_before, basis=basis,
    )  # fmt: skip


def _days(earliest: date | None, before: date | None) -> PartialDate:
    return PartialDate("", "range" if earliest else "unknown", earliest, before, "")


def as_date(days: Days) -> PartialDate:
    """The days as a date to compare with; light, since an import asks for every row."""
    return _days(*days)


def shown(days: Days) -> str:
    """The days as a reader knows them: 2014, 2014-06, 2014-06-05."""
    return read(days[0], days[1], "").code
