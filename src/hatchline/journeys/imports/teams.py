"""Lists of who works in institutions, of their mentors, and of ties between persons and bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import queries as bodies_queries
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import policy
from hatchline.apps.institutions import queries as institutions_queries
from hatchline.apps.institutions.drafts import UNKNOWN, MentorDraft, QualificationDraft, StaffDraft
from hatchline.apps.people import actions as people
from hatchline.apps.people import policy as people_policy
from hatchline.apps.people import queries as people_queries
from hatchline.apps.people.states import TieKind, Visibility
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import standingfields
from hatchline.journeys.imports.lives import business_day
from hatchline.journeys.imports.standing import Finder, Recorded
from hatchline.journeys.imports.targets import Places, Remark, Target


@dataclass(slots=True)
class ListedStaff(StaffDraft):
    """A member of staff of a list. ``problem``: why its row says nothing."""

    place: str = ""
    problem: Refusal | None = None


@dataclass(slots=True)
class ListedMentor(MentorDraft):
    """A mentor of a list."""

    place: str = ""
    problem: Refusal | None = None


class Team(Target):
    """What lists of staff and of mentors have in common: somebody, by name, at an institution on record."""

    is_rehearsed_new = True

    def __init__(self) -> None:
        self.places = Places()
        self.finder = Finder()
        self.today = business_day()

    def at(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Remark]]:
        """What both drafts take from a row."""
        territory, _elsewhere, remarks = self.places.of(values)
        institution, problem = self.finder.find(values["institution"], territory)
        if problem is not None:
            problem = Refusal(problem.code, problem.message, problem.hint, field="institution")
        return {
            "institution": institution,
            "name": values["name"],
            "post": values.get("post", ""),
            "starts": values.get("starts") or UNKNOWN,
            "ends": values.get("ends") or UNKNOWN,
            "source": values.get("source") or "list",
            "place": values["institution"],
            "problem": problem,
        }, remarks

    def signs(self, draft: Any) -> Iterator[tuple[str, str]]:
        return iter(())

    def candidates(self, drafts: Sequence[Any]) -> list[list[Any]]:
        found = dict(institutions_queries.same_teams(drafts))
        return [[Recorded(found[at], each.name)] if at in found else [] for at, each in enumerate(drafts)]

    def reason_label(self, reason: str) -> Any:
        return _("同一机构的同一个人") if reason == "same_record" else reason

    def natural_key(self, draft: Any) -> str:
        return "|".join((names.key(draft.place), names.key(draft.name), draft.starts.code or draft.starts.text))


class Staff(Team):
    """Staff of institutions; a row for each qualification, or one row without any."""

    name = "staff"
    label = _("从业人员名单")
    kind = "institutions.staff"
    page = ("team", "institution")

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return standingfields.staff_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedStaff, list[Remark]]:
        common, remarks = self.at(values)
        role = values.get("role", "")
        if not role:
            role = "support"
            remarks.append(Remark("role", _("没有写岗位，按“其他工作人员”记录。")))
        return ListedStaff(
            **common,
            role=role,
            degree=values.get("degree", ""),
            is_experienced=values.get("experienced"),
            qualifications=tuple(self._certificates(values)),
        ), remarks

    @staticmethod
    def _certificates(values: Mapping[str, Any]) -> Iterator[QualificationDraft]:
        kind, name = values.get("qualification_kind", ""), values.get("qualification", "")
        if kind or name or values.get("issuer") or values.get("issued"):
            yield QualificationDraft(kind or "other", name, values.get("issuer", ""), values.get("issued") or UNKNOWN)

    def why_not(self, draft: ListedStaff) -> Refusal | None:
        return draft.problem or policy.why_not_staff(draft, today=self.today)

    def changes(self, pairs: Mapping[int, ListedStaff]) -> dict[int, dict[str, Any]]:
        return institutions_queries.staff_changes(pairs)

    def register_many(self, drafts: Sequence[ListedStaff], *, now: datetime) -> list[int]:
        """A second row about one person brings another qualification."""
        first: dict[tuple[int, str, str], ListedStaff] = {}
        for each in drafts:
            known = first.setdefault(_identity(each), each)
            if known is not each:
                known.qualifications = tuple(dict.fromkeys((*known.qualifications, *each.qualifications)))
        keys = dict(zip(first, institutions.record_staff_many(list(first.values())), strict=True))
        return [keys[_identity(each)] for each in drafts]

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return institutions.amend_staff_many(changes)

    def natural_key(self, draft: ListedStaff) -> str:
        certified = ("|".join((each.kind, each.name, each.issued.text)) for each in draft.qualifications)
        return "|".join((super().natural_key(draft), *certified))


def _identity(draft: Any) -> tuple[int, str, str]:
    return draft.institution, names.key(draft.name), draft.starts.code


class Mentors(Team):
    """Mentors that institutions appointed."""

    name = "mentors"
    label = _("创业导师名单")
    kind = "institutions.mentor"
    page = ("team", "institution")

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return standingfields.mentor_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedMentor, list[Remark]]:
        common, remarks = self.at(values)
        return ListedMentor(**common, works_at=values.get("works_at", ""), field=values.get("field", "")), remarks

    def why_not(self, draft: ListedMentor) -> Refusal | None:
        return draft.problem or policy.why_not_mentor(draft, today=self.today)

    def changes(self, pairs: Mapping[int, ListedMentor]) -> dict[int, dict[str, Any]]:
        return institutions_queries.mentor_changes(pairs)

    def register_many(self, drafts: Sequence[ListedMentor], *, now: datetime) -> list[int]:
        first: dict[tuple[int, str, str], ListedMentor] = {}
        for each in drafts:
            first.setdefault(_identity(each), each)
        keys = dict(zip(first, institutions.record_mentors(list(first.values())), strict=True))
        return [keys[_identity(each)] for each in drafts]

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return institutions.amend_mentors(changes)


@dataclass(slots=True)
class TieDraft:
    """A tie of a list. ``person`` and ``holder`` are keys; a person who is none yet is known by name."""

    name: str
    organisation: int
    kind: str
    source: str
    person: int | None = None
    holder: int | None = None
    share: Decimal | None = None
    post: str = ""
    starts: PartialDate = UNKNOWN
    ends: PartialDate = UNKNOWN
    visibility: str = Visibility.AUTHORITY.value
    is_person: bool = True
    body: str = ""
    problem: Refusal | None = None


class Ties(Target):
    """Who holds shares in a body, stands for it, works for it or advises it. Bodies must be on record.

    A list knows persons by name alone: somebody of that name who has a tie or role in the same body is taken for the
    same one, anybody else becomes a new person.
    """

    name = "ties"
    label = _("关联关系名单")
    kind = "people.tie"
    page = ("person", "person")
    is_rehearsed_new = True

    def __init__(self) -> None:
        self.today = business_day()
        self.bodies: dict[tuple[str, str], tuple[int | None, int]] = {}

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return standingfields.tie_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[TieDraft, list[Remark]]:
        remarks: list[Remark] = []
        organisation, problem = self._body(values["organisation"], values.get("organisation_code", ""), "organisation")
        code, said = values.get("holder_code", ""), values.get("holder", "")
        holder, no_holder = None, None
        is_person = said == "person" or not (said or code or self._number(values["name"]))
        if not is_person:
            holder, no_holder = self._body(values["name"], code, "name")
        return TieDraft(
            name=values["name"],
            organisation=organisation or 0,
            kind=values["kind"],
            source=values.get("source") or "list",
            holder=holder,
            share=values.get("share"),
            post=values.get("post", ""),
            starts=values.get("starts") or UNKNOWN,
            ends=values.get("ends") or UNKNOWN,
            visibility=values.get("visibility", "") or Visibility.AUTHORITY.value,
            is_person=is_person,
            body=values["organisation"],
            problem=problem or no_holder,
        ), remarks

    def _number(self, name: str) -> int:
        """How many bodies have this name."""
        self._body(name, "", "name")
        return self.bodies[name, ""][1]

    def _body(self, name: str, code: str, at: str) -> tuple[int | None, Refusal | None]:
        if (name, code) not in self.bodies:
            found = bodies_queries.candidates([OrganisationDraft(name=name, credit_code=code)])[0]
            certain = [each.pk for each in found if each.is_certain] or [
                each.pk for each in found if {"same_name", "former_name"} & set(each.reasons)
            ]
            self.bodies[name, code] = (certain[0] if len(certain) == 1 else None), len(certain)
        pk, number = self.bodies[name, code]
        if pk is not None:
            return pk, None
        if number:
            words = _("有 %(number)s 家单位叫“%(name)s”。") % {"number": number, "name": name}
            return None, Refusal("several_bodies", words, _("请加上统一社会信用代码。"), field=at)
        words = _("没有找到单位“%(name)s”。") % {"name": name}
        return None, Refusal("no_such_body", words, _("请先登记或导入单位。"), field=at)

    def why_not(self, draft: TieDraft) -> Refusal | None:
        if draft.problem is not None:
            return draft.problem
        if draft.share is not None and draft.kind != TieKind.SHAREHOLDER:
            return Refusal("share", _("持股比例应在 0 到 100 之间，且只有股东才填写。"), field="share")
        if draft.holder == draft.organisation:
            return Refusal("same_body", _("单位不能与自己建立关联。"), field="name")
        if not draft.is_person and draft.kind not in {TieKind.SHAREHOLDER, TieKind.ADVISER, TieKind.MENTOR}:
            words = _("只有个人才能担任“%(kind)s”。") % {"kind": TieKind(draft.kind).label}
            return Refusal("person_only", words, field="kind")
        for at, day in (("starts", draft.starts), ("ends", draft.ends)):
            if day.earliest is not None and day.earliest > self.today:
                return Refusal("in_the_future", _("日期在业务日期之后。"), field=at)
        return people_policy.why_not_period(draft.starts, draft.ends)

    def signs(self, draft: TieDraft) -> Iterator[tuple[str, str]]:
        return iter(())

    def candidates(self, drafts: Sequence[TieDraft]) -> list[list[Any]]:
        on_record = people_queries.ties_to({each.organisation for each in drafts})
        known = {
            _tie_key(tie.organisation_id, tie.kind, tie.holder_id, str(tie.person or "")): tie for tie in on_record
        }
        found = []
        for each in drafts:
            name = each.name if each.is_person else ""
            there = known.get(_tie_key(each.organisation, each.kind, each.holder, name))
            found.append([Recorded(there.pk, each.name)] if there is not None else [])
        return found

    def changes(self, pairs: Mapping[int, TieDraft]) -> dict[int, dict[str, Any]]:
        """What the list adds: that a tie has ended."""
        there = {tie.pk: tie for tie in people_queries.ties_to({each.organisation for each in pairs.values()})}
        return {
            pk: {"ends": each.ends}
            for pk, each in pairs.items()
            if each.ends.is_known and pk in there and not there[pk].ends.is_known
        }

    def register_many(self, drafts: Sequence[TieDraft], *, now: datetime) -> list[int]:
        """Each tie by its own verb: whoever is told of them finds each in the ledger."""
        bodies = {row.pk: row for row in bodies_queries.organisations().filter(pk__in=_bodies(drafts))}
        made: dict[tuple[Any, ...], int] = {}
        keys = []
        for each in drafts:
            key = _tie_key(each.organisation, each.kind, each.holder, each.name if each.is_person else "")
            if key not in made:
                made[key] = self._record(each, bodies, now)
            keys.append(made[key])
        return keys

    def _record(self, draft: TieDraft, bodies: Mapping[int, Any], now: datetime) -> int:
        person = None
        if draft.is_person:
            person = people_queries.named_at(draft.name, draft.organisation)
            if person is None:
                person = people.register(draft.name, by=self.by, now=now)
        tie = people.record_tie(
            organisation=bodies[draft.organisation],
            kind=draft.kind,
            person=person,
            holder=bodies[draft.holder] if draft.holder is not None else None,
            share=draft.share,
            post=draft.post,
            starts=draft.starts,
            ends=draft.ends,
            source=draft.source,
            visibility=draft.visibility,
            by=self.by,
            now=now,
        )
        return int(tie.pk)

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        done = 0
        for pk, each in changes:
            tie = people_queries.tie(pk)
            if tie is not None:
                people.end_tie(tie, ends=each["ends"], by=self.by, now=now)
                done += 1
        return done

    def reason_label(self, reason: str) -> Any:
        return _("同一单位、同一关系、同一个人或单位") if reason == "same_record" else reason

    def natural_key(self, draft: TieDraft) -> str:
        return "|".join((names.key(draft.body), draft.kind, names.key(draft.name)))


def _tie_key(organisation: int, kind: str, holder: int | None, person: str) -> tuple[int, str, int | None, str]:
    return organisation, kind, holder, names.key(person) if person else ""


def _bodies(drafts: Sequence[TieDraft]) -> set[int]:
    return {pk for each in drafts for pk in (each.organisation, each.holder) if pk is not None}
