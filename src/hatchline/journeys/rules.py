"""A document of the district on its way: what is done to a draft, and who is told of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.messages import actions as messages
from hatchline.apps.outbox import actions as outbox
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import AUTHORITY, RoleKind
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.apps.rulebooks import queries
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules.bind import bind
from hatchline.core.rules.vector import evaluate
from hatchline.journeys import gather
from hatchline.journeys.judge import asked_by
from hatchline.journeys.steps.telling import of_venture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hatchline.apps.people.models import Person
    from hatchline.apps.rulebooks.models import Draft, Edition

LATE = timedelta(days=7)  # for so long after a text came into force a worker that stood still tells of it
VERDICTS = {"met": gettext_lazy("达标"), "not_met": gettext_lazy("未达标"), "unknown": gettext_lazy("未知")}


@dataclass(frozen=True)
class Change:
    """A subject whose verdict another text changes, by the facts known today."""

    pk: int
    before: str
    after: str


# --- what is done to a draft


@transaction.atomic
def offer(draft: Draft, *, version: int, by: Person, now: datetime, today: date, role_kind: str = "") -> Draft:
    """Offer it for publication: every other official who can publish it is asked to, each time anew."""
    found = rulebooks.offer(draft, version=version, by=by, now=now, today=today, role_kind=role_kind)
    _tell(
        (each for each in people.in_role(*AUTHORITY, today=today) if each.pk not in (by.pk, found.drafted_by_id)),
        once=f"rules offered {found.pk} {found.version} {now.isoformat()}", now=now, by=by, subject=found,
        needs_answer=True,
        title=_("请审阅并发布“%(name)s”"), text=_("%(who)s 起草：%(reason)s。请看过影响和内容，发布或写明理由退回。"),
        params={"name": found.name, "who": found.drafted_by.name, "reason": found.reason.rstrip("。.")},
        link=_page(found),
    )  # fmt: skip
    return found


@transaction.atomic
def send_back(draft: Draft, *, reason: str, by: Person, now: datetime, role_kind: str = "") -> Draft:
    """Send back what was offered: who drafted it is told why."""
    found = rulebooks.send_back(draft, reason=reason, by=by, now=now, role_kind=role_kind)
    messages.settle(found, by=by, now=now)
    _tell(
        [found.drafted_by], once=f"rules sent back {found.pk} {found.version} {now.isoformat()}", now=now, by=by,
        subject=found, title=_("草稿“%(name)s”已退回"), text=_("%(who)s：%(reason)s"),
        params={"name": found.name, "who": by.name, "reason": found.sent_back}, link=_page(found),
    )  # fmt: skip
    return found


@transaction.atomic
def amend(draft: Draft, *, by: Person, now: datetime, **changes: Any) -> Draft:
    """Change it. What was offered has to be offered again."""
    found = rulebooks.amend(draft, by=by, now=now, **changes)
    messages.settle(found, by=by, now=now)
    return found


@transaction.atomic
def abandon(draft: Draft, *, by: Person, now: datetime, role_kind: str = "") -> Draft:
    """It will not be published; who drafted it is told when another says so."""
    found = rulebooks.abandon(draft, by=by, now=now, role_kind=role_kind)
    messages.settle(found, by=by, now=now)
    _tell(
        [found.drafted_by], once=f"rules abandoned {found.pk}", now=now, by=by, subject=found,
        title=_("草稿“%(name)s”已放弃"), text=_("%(who)s 放弃了这份草稿，内容仍可查看。"),
        params={"name": found.name or str(found.pk), "who": by.name}, link=_page(found),
    )  # fmt: skip
    return found


@transaction.atomic
def publish(draft: Draft, *, by: Person, now: datetime, **how: Any) -> Edition:
    """Publish it: who drafted it is told at once, those whose verdict it changes by the worker."""
    edition = rulebooks.publish(draft, by=by, now=now, **how)
    found = edition.draft
    messages.settle(found, by=by, now=now)
    _tell(
        [found.drafted_by], once=f"rules published {found.pk}", now=now, by=by, subject=found,
        title=_("“%(number)s”已发布，自 %(day)s 起施行"), text=_("由 %(who)s 发布。"),
        params={"number": edition.number, "day": edition.in_force_on, "who": by.name},
        link=reverse("console:document", args=[edition.name]),
    )  # fmt: skip
    outbox.add("journeys.tell_of_edition", now=now, once_key=f"edition {edition.pk}", edition=edition.pk)
    return edition


# --- whom a text concerns


def changes(edition: Edition, today: date) -> list[Change]:
    """Whose verdict differs under the text it takes over from and under this one; nobody's under the first of its rule.

    Both are reckoned over the facts of ``today``, as the page of a draft does.
    """
    old = queries.before(edition)
    if old is None:
        return []
    documents = queries.document(old), queries.document(edition)
    wanted = asked_by(documents[0]) | asked_by(documents[1])
    population = gather.there(documents[1].subject, as_of=today, vocabulary=documents[1].vocabulary, wanted=wanted)
    verdicts = [evaluate(bind(each, today), population).overall for each in documents]

    def told_as(pair: Any, at: int) -> str:
        return "met" if pair[0][at] else "unknown" if pair[1][at] else "not_met"

    found = [
        Change(int(key), *(told_as(pair, at) for pair in verdicts)) for at, key in enumerate(population.keys)
    ]  # fmt: skip
    return [each for each in found if each.before != each.after]


def tell_of_edition(edition: Edition, *, now: datetime, today: date) -> int:
    """Tell those whose verdict a published text changes. Answers how many persons that was."""
    return _tell_concerned(
        edition, changes(edition, today), now=now, today=today, once=f"edition {edition.pk}",
        title=_("“%(number)s”自 %(day)s 起施行，“%(name)s”的结论会改变"),
        text=_("按今天掌握的事实，现行文件下%(before)s，新文件下%(after)s。"),
    )  # fmt: skip


def tell_of_beginnings(*, now: datetime, today: date) -> int:
    """Tell of the district's texts that came into force: who drafted and published them, whose verdict they change.

    What was published on that very day was told of then: both days are business days.
    """
    count = 0
    for edition in queries.begun(today - LATE, today):
        if queries.published_on(edition) >= edition.in_force_on:
            continue
        draft = getattr(edition, "draft", None)
        if draft is not None:
            count += _tell(
                [draft.drafted_by, draft.published_by], once=f"begun {edition.pk}", now=now, by=None, subject=edition,
                title=_("“%(number)s”今天起施行"), text=_("从 %(day)s 起的认定、入驻和毕业按它判定。"),
                params={"number": edition.number, "day": edition.in_force_on},
                link=reverse("console:document", args=[edition.name]),
            )  # fmt: skip
        count += _tell_concerned(
            edition, changes(edition, today), now=now, today=today, once=f"begun {edition.pk}",
            title=_("“%(number)s”已自 %(day)s 起施行，“%(name)s”的结论改变"),
            text=_("按今天掌握的事实，原文件下%(before)s，现在%(after)s。"),
        )  # fmt: skip
    return count


def _tell_concerned(
    edition: Edition, changed: list[Change], *, now: datetime, today: date, once: str, **words: Any
) -> int:
    """Managers of each institution, or those who speak for each venture, with its own two verdicts."""
    its = {each.pk: each for each in changed}
    if edition.subject == "venture":
        rows = ventures.ventures().filter(pk__in=its)
        whom: dict[int, list[Person]] = {each.pk: of_venture(each, today) for each in rows}
        names, route = {each.pk: str(each) for each in rows}, "desk:venture_ladder"
    else:
        places = list(institutions.institutions().filter(pk__in=its).values_list("pk", "name", "operator"))
        names, route = {pk: name for pk, name, _operator in places}, "desk:institution_ladder"
        whom = defaultdict(list)
        for pk, _name, operator in places:
            if operator is not None:
                whom[pk] = list(people.in_role(RoleKind.MANAGER, today=today, organisation=operator))
    return sum(
        _tell(
            whom[pk], once=f"{once} {pk}", now=now, by=None, subject=edition, link=reverse(route, args=[pk]),
            params={
                "number": edition.number, "day": edition.in_force_on, "name": names[pk],
                "before": VERDICTS[each.before], "after": VERDICTS[each.after],
            }, **words,
        )
        for pk, each in sorted(its.items()) if pk in names
    )  # fmt: skip


def _tell(whom: Iterable[Person], *, once: str, now: datetime, by: Person | None, **words: Any) -> int:
    """The same news to each of them once; whoever did it is not told."""
    those = {each.pk: each for each in whom if by is None or each.pk != by.pk}
    for each in those.values():
        messages.send(to=each, kind="rules", once_key=once, now=now, by=by, **words)
    return len(those)


def _page(draft: Draft) -> str:
    return reverse("console:rule_draft", args=[draft.pk])
