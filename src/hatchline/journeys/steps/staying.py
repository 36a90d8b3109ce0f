"""A stay said by one side, agreed to or denied by the other, and its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as known_bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.messages import actions as messages
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.apps.ventures.states import StayStatus
from hatchline.core.values.refusal import Refusal, require
from hatchline.journeys.steps.telling import of_institution, of_venture, stage_word, tell

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.models import Stay, Venture
    from hatchline.apps.ventures.queries import Candidate
    from hatchline.core.values.dates import PartialDate

KIND = "ventures.stay"
_INSTITUTIONS = frozenset({RoleKind.MANAGER.value, RoleKind.STAFF.value})


@dataclass(frozen=True)
class Newcomer:
    """A team or company that an institution puts on record as its own.

    ``venture``: which of the records alike it is. ``is_new``: whoever asks has looked at those alike and says
    that it is none of them.
    """

    institution: int
    stage: str
    starts: PartialDate
    draft: VentureDraft
    credit_code: str = ""
    founders: tuple[str, ...] = ()
    venture: int | None = None
    is_new: bool = False


@dataclass
class Alike(Exception):
    """Records that may be the same; ``found`` are candidates of the ventures app."""

    found: list[Candidate] = field(default_factory=list)


@transaction.atomic
def take_on(newcomer: Newcomer, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Stay:
    """Register it where it is no record yet, and say that it is here: a claim until the other side agrees.

    A company with the same code is the same record. Records alike in name are an ``Alike``, unless one was chosen or
    it was said to be new. A stay that surely overlaps with a confirmed one becomes disputed and opens a question.
    """
    venture = _record_of(newcomer, by=by, now=now, today=today, role_kind=role_kind)
    draft = StayDraft(
        venture=venture.pk,
        institution=newcomer.institution,
        stage=newcomer.stage,
        starts=newcomer.starts,
        source=f"institution:{newcomer.institution}",
        status=StayStatus.CLAIMED.value,
    )
    stay = ventures.claim(draft, by=by, now=now, today=today, role_kind=role_kind)
    if stay.status == StayStatus.CLAIMED:
        _tell(
            stay,
            of_venture(stay.venture, today),
            "claimed",
            _("“%(institution)s”登记“%(venture)s”在那里入驻"),
            _("阶段是%(stage)s，从 %(starts)s 起。请确认；不是这样的，请提出争议并写明原因。"),
            needs_answer=True,
            by=by,
            now=now,
        )
    return stay


def _record_of(newcomer: Newcomer, *, by: Person | None, now: datetime, today: date, role_kind: str) -> Venture:
    draft, code = newcomer.draft, newcomer.credit_code.strip()
    if code:
        company = OrganisationDraft(name=draft.name, credit_code=code, types=("company",))
        certain = [each.pk for each in known_bodies.candidates([company])[0] if each.is_certain]
        if certain and (there := queries.of_legal_person(certain[0])) is not None:
            return there
        draft.legal_person = certain[0] if certain else bodies.register(company, by=by, now=now).pk
    alike = queries.candidates([draft])[0]
    chosen = queries.venture(newcomer.venture) if newcomer.venture in {each.pk for each in alike} else None
    if chosen is not None:
        return chosen
    if alike and not newcomer.is_new:
        raise Alike(alike)
    made = ventures.register(draft, by=by, now=now, today=today, role_kind=role_kind)
    for name in dict.fromkeys(each.strip() for each in newcomer.founders):
        if name:
            ventures.record_founder(made, name=name, by=by, now=now, role_kind=role_kind)
    return made


def why_not_confirm_own(stay: Stay, role_kind: str) -> Refusal | None:
    """Whoever said it cannot be the other side. An official may: somebody must where nobody has an account. A list
    speaks for the institution: who is in it is what institutions write down."""
    first = ledger.about(stay).filter(event="ventures.stay.claimed").order_by("pk").first()
    said_by = first.role_kind if first is not None else ""
    if first is None and ledger.imported(KIND, stay.pk) is not None:
        said_by = RoleKind.MANAGER.value
    is_same_side = role_kind in _INSTITUTIONS and said_by in _INSTITUTIONS
    if is_same_side or (role_kind == RoleKind.FOUNDER and said_by == RoleKind.FOUNDER):
        return Refusal(
            "own_claim",
            _("这是您这一方登记的，要由另一方确认。"),
            _("企业还没有账号的，请联系主管部门确认。"),
        )
    return None


@transaction.atomic
def confirm(stay: Stay, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Stay:
    """The other side agrees; both are told how it stands."""
    require(why_not_confirm_own(stay, role_kind))
    stay = ventures.confirm(stay, by=by, now=now, today=today, role_kind=role_kind)
    messages.settle(stay, by=by, now=now)
    if stay.status == StayStatus.CONFIRMED:
        title, text = _("“%(venture)s”在“%(institution)s”的入驻已确认"), _("阶段是%(stage)s，从 %(starts)s 起。")
    else:
        title = _("“%(venture)s”在“%(institution)s”的入驻有争议")
        text = _("与另一条已确认的记录重叠，已经请两家机构答复。")
    _tell(stay, _both(stay, today), "confirmed", title, text, by=by, now=now)
    return stay


@transaction.atomic
def dispute(stay: Stay, *, reason: str, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Stay:
    """Somebody says that it is not so; the other side reads why."""
    stay = ventures.dispute(stay, reason=reason, by=by, now=now, role_kind=role_kind)
    messages.settle(stay, by=by, now=now)
    _tell(
        stay,
        _both(stay, today),
        "disputed",
        _("“%(venture)s”在“%(institution)s”的入驻有争议"),
        _("原因：%(reason)s。解决以前不计入统计。"),
        reason=reason.strip().rstrip("。"),
        by=by,
        now=now,
    )
    return stay


@transaction.atomic
def graduate(
    stay: Stay, *, on: PartialDate, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """It has graduated; its founders are told."""
    stay = ventures.graduate(stay, on=on, by=by, now=now, today=today, role_kind=role_kind)
    title, text = _("“%(venture)s”从“%(institution)s”毕业"), _("登记的日期是 %(on)s。有误请告诉机构。")
    _tell(stay, _both(stay, today), "graduated", title, text, on=on.text or on.code, by=by, now=now)
    return stay


@transaction.atomic
def leave(
    stay: Stay, *, on: PartialDate, reason: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """It has moved away; the other side reads why."""
    stay = ventures.leave(stay, on=on, reason=reason, by=by, now=now, today=today, role_kind=role_kind)
    title = _("“%(venture)s”迁出“%(institution)s”")
    text = _("登记的日期是 %(on)s，原因：%(reason)s。有误请告诉对方。")
    shown, why = on.text or on.code, reason.strip().rstrip("。")
    _tell(stay, _both(stay, today), "left", title, text, on=shown, reason=why, by=by, now=now)
    return stay


def _both(stay: Stay, today: date) -> list[Person]:
    found = {person.pk: person for person in of_venture(stay.venture, today)}
    found |= {person.pk: person for person in of_institution(stay.institution, today)}
    return list(found.values())


def _tell(
    stay: Stay,
    whom: list[Person],
    event: str,
    title: Any,
    text: Any,
    *,
    needs_answer: bool = False,
    by: Person | None,
    now: datetime,
    **more: Any,
) -> None:
    tell(
        whom,
        kind=f"{KIND}.{event}",
        title=title,
        text=text,
        params={
            "venture": stay.venture.name,
            "institution": stay.institution.name,
            "stage": stage_word(stay.stage),
            "starts": stay.starts.text or stay.starts.code,
            **more,
        },
        link=reverse("desk:venture", args=[stay.venture_id]),
        subject=stay,
        needs_answer=needs_answer,
        by=by,
        now=now,
    )
