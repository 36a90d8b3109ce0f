"""Telling those who must answer a question about the record, and those who may settle it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages import actions as messages
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import QuestionKind

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.models import Asked

KIND = "ventures.question"


def tell(*, now: datetime, today: date) -> int:
    """Ask the people of every institution that may reply and was not told yet; answers how many were told.

    What needs an answer is remembered by the messages themselves until the institution replied or it was settled.
    """
    waiting = list(queries.untold())
    people_of: dict[int | None, list[Person]] = {None: []}
    for asked in waiting:
        operator = asked.institution.operator_id
        if operator not in people_of:
            those = people.in_role(RoleKind.MANAGER, RoleKind.STAFF, today=today, organisation=operator)
            people_of[operator] = list(those)
        for person in people_of[operator]:
            _ask(asked, person, now)
    ventures.told([each.pk for each in waiting], now=now)
    return len(waiting)


def _ask(asked: Asked, person: Person, now: datetime) -> None:
    question = asked.question
    params: dict[str, Any] = {
        "venture": question.venture.name,
        "institution": asked.institution.name,
        "kind": QuestionKind(question.kind).label,  # said in the reader's language
        "due": question.due_on,
    }
    messages.send(
        to=person,
        kind=KIND,
        title=_("请就“%(venture)s”的入驻记录答复"),
        text=_("%(kind)s。请“%(institution)s”在 %(due)s 前答复；过期未答复，由主管部门按现有材料决定。"),
        params=params,
        link=reverse("desk:question", args=[question.pk]),
        subject=asked,
        role_kind=RoleKind.MANAGER,
        needs_answer=True,
        due_on=question.due_on,
        now=now,
        once_key=f"{KIND} {asked.pk}",
    )


def tell_overdue(*, now: datetime, today: date) -> int:
    """Tell the officials once a week how many questions may be settled since their day has passed."""
    count = queries.overdue(today).count()
    if count:
        year, week, _day = today.isocalendar()
        for person in people.in_role(RoleKind.OFFICIAL, today=today):
            messages.send(
                to=person,
                kind=f"{KIND}s_overdue",
                title=_("有 %(count)s 个疑问的答复期已过"),
                text=_("无论是否答复，都可以由主管部门按现有材料解决。"),
                params={"count": count},
                link=reverse("console:questions"),
                now=now,
                once_key=f"{KIND}s_overdue {year}-{week}",
            )
    return count
