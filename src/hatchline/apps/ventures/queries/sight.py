"""Which institution sees what of a venture, and since when: reckoned from its stays, applications and handovers.

* A stay that is confirmed opens every category for the time it held. One that came by a handover also opens,
  for the time before, the categories that the venture agreed to hand on.
* A stay said by one side, or disputed, opens the profile alone.
* An application that waits opens the profile and the founders.
* A handover that the venture agreed to opens what it agreed to, until the consent is withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from hatchline.apps.ventures.models import Application, DataCategory, Handover, Stay, Venture
from hatchline.apps.ventures.queries.register import institutions_of, visible_to
from hatchline.apps.ventures.states import ApplicationStatus, EndState, HandoverStatus, StayStatus

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution

ALL: tuple[str, ...] = tuple(DataCategory.values)
_ON_THE_WAY = (HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED)


@dataclass(frozen=True)
class Window:
    """Half-open days of which something may be seen; None: without a bound on that side."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether what happened on this day may be seen. What has no date is seen with what has no bounds."""
        if day is None:
            return self.until is None
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)


@dataclass
class Sight:
    """What one institution sees: category → windows, and the rows it rests on."""

    institution: Institution
    windows: dict[str, list[Window]] = field(default_factory=lambda: defaultdict(list))
    because: list[Any] = field(default_factory=list)

    def opens(self, categories: Iterable[str], window: Window, because: Any) -> None:
        """Add a window to these categories."""
        for each in categories:
            self.windows[each].append(window)
        if because not in self.because:
            self.because.append(because)

    def sees(self, category: str) -> bool:
        """Whether it sees anything of this category."""
        return bool(self.windows.get(category))

    def sees_on(self, category: str, day: date | None) -> bool:
        """Whether it sees what happened on this day."""
        return any(each.holds(day) for each in self.windows.get(category, ()))


class Everything:
    """The sight of the venture itself and of the authority."""

    def sees(self, category: str) -> bool:
        """Always."""
        return category in ALL

    def sees_on(self, category: str, day: date | None) -> bool:
        """Always."""
        return category in ALL


def parties(venture: int) -> list[Sight]:
    """Every institution that sees anything of the venture, in the order in which it came to. Three queries."""
    found: dict[int, Sight] = {}

    def of(row: Any) -> Sight:
        return found.setdefault(row.institution_id, Sight(row.institution))

    stays = Stay.objects.filter(venture=venture).exclude(status=StayStatus.WITHDRAWN)
    for stay in stays.select_related("institution", "came_by").order_by("starts_on", "pk"):
        if stay.status != StayStatus.CONFIRMED:
            of(stay).opens([DataCategory.PROFILE.value], Window(), stay)
            continue
        until = None if stay.end_state == EndState.OPEN else stay.ended.before or stay.held_until
        if until is None and stay.end_state != EndState.OPEN:
            until = stay.starts.before
        of(stay).opens(ALL, Window(stay.starts.earliest, until), stay)
        if (came_by := getattr(stay, "came_by", None)) is not None:
            of(stay).opens(came_by.consented, Window(None, until), stay)
    handovers = Handover.objects.filter(venture=venture, status__in=_ON_THE_WAY)
    for handover in handovers.select_related("institution"):
        of(handover).opens(handover.consented, Window(), handover)
    waiting = Application.objects.filter(venture=venture, status=ApplicationStatus.SUBMITTED)
    for application in waiting.select_related("institution"):
        both = [DataCategory.PROFILE.value, DataCategory.FOUNDERS.value]
        of(application).opens(both, Window(), application)
    return list(found.values())


def of_role(role: Any, venture: int) -> Sight | Everything | None:
    """What a role sees of a venture; None: nothing. For an institution's people: all their institutions together."""
    if getattr(role, "kind", None) not in {"manager", "staff"}:
        return Everything()
    own = set(institutions_of(role).values_list("pk", flat=True))
    mine = [each for each in parties(venture) if each.institution.pk in own]
    if not mine:
        return None
    whole = mine[0]
    for other in mine[1:]:
        for category, windows in other.windows.items():
            whole.windows[category] += windows
        whole.because += other.because
    return whole


def stays_at(role: Any) -> QuerySet[Stay]:
    """The stays in the institutions of the role's organisation, but for those withdrawn."""
    here = institutions_of(role).values("pk")
    return Stay.objects.filter(institution__in=here).exclude(status=StayStatus.WITHDRAWN)


def begun(rows: QuerySet[Stay], as_of: date) -> QuerySet[Stay]:
    """Of these stays those that may have begun by the day."""
    return rows.filter(Q(starts_on__lte=as_of) | Q(starts_on=None))


def at_stage(stage: str) -> QuerySet[Stay]:
    """Stays at this stage, but for those withdrawn."""
    return Stay.objects.filter(stage=stage).exclude(status=StayStatus.WITHDRAWN)


def stays(pks: Collection[int]) -> dict[int, Stay]:
    """These stays by key, each with its institution."""
    return Stay.objects.select_related("institution").in_bulk(list(pks))


def still_there(rows: QuerySet[Stay], as_of: date) -> QuerySet[Stay]:
    """Of these stays those that had begun by the day and had not ended, as far as anybody knows."""
    return begun(rows, as_of).filter(
        Q(end_state=EndState.OPEN) | Q(end_state=EndState.KNOWN, ended_on__gt=as_of) | _seen(as_of)
    )


def _seen(as_of: date) -> Q:
    return Q(end_state=EndState.UNKNOWN, evidence_on__gte=as_of)


def places_of(ventures: Collection[int]) -> dict[int, list[Stay]]:
    """venture → its stays, oldest first, with their institutions."""
    found: dict[int, list[Stay]] = {}
    rows = Stay.objects.filter(venture__in=ventures).exclude(status=StayStatus.WITHDRAWN)
    for stay in rows.select_related("institution").order_by("starts_on", "pk"):
        found.setdefault(stay.venture_id, []).append(stay)
    return found


def founders_persons(venture: Venture) -> list[Any]:
    """The persons on record who founded it and still act for it."""
    rows = venture.founders.filter(person__isnull=False, ends_before=None).select_related("person")
    return [row.person for row in rows]


def one_stay(role: Any, pk: int) -> Stay | None:
    """A stay in one's institutions, or of one's own venture."""
    rows = Stay.objects.exclude(status=StayStatus.WITHDRAWN).select_related("venture", "institution")
    if getattr(role, "kind", None) in {"manager", "staff"}:
        return rows.filter(pk=pk, institution__in=institutions_of(role).values("pk")).first()
    return rows.filter(pk=pk, venture__in=visible_to(role).values("pk")).first()
