"""Lists of titles: who was recognised as what, at which level, by which document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as institutions_queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Kind
from hatchline.apps.titles import actions as titles
from hatchline.apps.titles import policy
from hatchline.apps.titles import queries as titles_queries
from hatchline.apps.titles.drafts import UNKNOWN, TitleDraft
from hatchline.apps.titles.models import OF_INSTITUTIONS, TitleKind
from hatchline.apps.titles.queries import INSTITUTION, VENTURE
from hatchline.apps.titles.states import Level
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries as ventures_queries
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import standingfields
from hatchline.journeys.imports.lives import business_day
from hatchline.journeys.imports.targets import Places, Remark, Target

DAY = timedelta(days=1)


class Finder:
    """Institutions that are on record, by name and place, looked up once each."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int | None], list[int]] = {}

    def find(self, name: str, territory: int | None) -> tuple[int, Refusal | None]:
        """The key; 0 with a refusal where none, or more than one, has the name."""
        key = (names.key(name), territory)
        if key not in self.found:
            draft = InstitutionDraft(name=name, territory=territory)
            self.found[key] = [each.pk for each in institutions_queries.candidates([draft])[0]]
        found = self.found[key]
        if len(found) == 1:
            return found[0], None
        if found:
            words = _("有 %(number)s 家孵化机构叫“%(name)s”。") % {"number": len(found), "name": name}
            hint = _("加一列行政区划就能分清；同一家的，先合并。")
            return 0, Refusal("several_institutions", words, hint, field="name")
        words = _("没有找到孵化机构“%(name)s”。") % {"name": name}
        return 0, Refusal("no_such_institution", words, _("请先登记或导入孵化机构。"), field="name")


@dataclass(slots=True)
class ListedTitle(TitleDraft):
    """A title of a list; whose it is, when that is no record yet, is known by name and place."""

    holder: str = ""
    territory: int | None = None
    country: str = ""
    problem: Refusal | None = None


@dataclass(frozen=True)
class Recorded:
    """What is on record already that a row speaks of."""

    pk: int
    name: str
    reasons: tuple[str, ...] = ("same_record",)
    is_certain: bool = True


class Titles(Target):
    """Titles of institutions and ventures on record; with ``register`` those that are none yet become one."""

    name = "titles"
    label = _("资质名单")
    kind = "titles.title"
    page = ("title", "pk")
    is_rehearsed_new = True

    def __init__(self) -> None:
        self.places = Places()
        self.finder = Finder()
        self.by_name: dict[str, set[int]] | None = None
        self.by_code: dict[str, int] = {}
        self.made: dict[tuple[str, str, int | None], int] = {}
        self.today = business_day()

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return standingfields.title_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedTitle, list[Remark]]:
        territory, _elsewhere, remarks = self.places.of(values)
        kind, level = values["kind"], values.get("level", "")
        if not level:
            level = Level.OTHER.value
            remarks.append(Remark("level", _("没有写级别，按“其他”记录。")))
        given, ends, withdrawn = values.get("given") or UNKNOWN, values.get("ends"), values.get("withdrawn")
        if given.earliest is None:
            remarks.append(Remark("given", _("没有写授予时间：会保存，但在任何一天都不计入。")))
        of = INSTITUTION if self._is_of_institution(values) else VENTURE
        known, problem = self._holder(of, values, territory)
        if (
            problem is not None
            and values.get("register")
            and problem.code in {"no_such_institution", "no_such_venture"}
        ):
            remarks.append(Remark("name", _("登记簿里没有“%(name)s”，按这一行新登记。") % {"name": values["name"]}))
            problem = None
        return ListedTitle(
            subject_kind=of,
            subject_id=known,
            kind=kind,
            level=level,
            source=values.get("source") or values.get("document") or "list",
            given=given,
            ends_before=ends.before if ends is not None else None,
            name=values.get("title", ""),
            authority=values.get("authority", ""),
            document=values.get("document", ""),
            number=values.get("number", ""),
            batch=values.get("batch", ""),
            withdrawn_on=self._exact(withdrawn, remarks),
            reason=values.get("reason", ""),
            holder=values["name"],
            territory=territory,
            country=values.get("country", ""),
            problem=problem,
        ), remarks

    @staticmethod
    def _is_of_institution(values: Mapping[str, Any]) -> bool:
        said = values.get("holder", "")
        return said == "institution" if said else TitleKind(values["kind"]) in OF_INSTITUTIONS

    @staticmethod
    def _exact(day: PartialDate | None, remarks: list[Remark]) -> date | None:
        if day is None or day.earliest is None:
            return None
        if day.exact is None:
            remarks.append(Remark("withdrawn", _("撤销日期不到日，按最早的一天记录。")))
        return day.earliest

    def _holder(self, of: str, values: Mapping[str, Any], territory: int | None) -> tuple[int, Refusal | None]:
        if of == INSTITUTION:
            return self.finder.find(values["name"], territory)
        if self.by_name is None:
            self.by_name, self.by_code = ventures_queries.names_of_all(), ventures_queries.codes_of_all()
        read = names.credit_code(values["credit_code"]) if values.get("credit_code") else None
        if isinstance(read, CreditCode) and read.code in self.by_code:
            return self.by_code[read.code], None
        found = self.by_name.get(names.key(values["name"]), set())
        if len(found) == 1:
            return next(iter(found)), None
        if found:
            words = _("有 %(number)s 条创业主体记录叫“%(name)s”。") % {"number": len(found), "name": values["name"]}
            hint = _("请加上统一社会信用代码，或先合并重复的记录。")
            return 0, Refusal("several_ventures", words, hint, field="name")
        words = _("没有找到创业主体“%(name)s”。") % {"name": values["name"]}
        return 0, Refusal("no_such_venture", words, _("请先登记或导入创业主体。"), field="name")

    def why_not(self, draft: ListedTitle) -> Refusal | None:
        return draft.problem or policy.why_not_draft(draft, today=self.today)

    def signs(self, draft: ListedTitle) -> Iterator[tuple[str, str]]:
        return iter(())

    def candidates(self, drafts: Sequence[ListedTitle]) -> list[list[Any]]:
        found = titles_queries.recorded(drafts)
        return [
            [Recorded(pk, draft.holder)] if pk is not None and draft.subject_id else []
            for draft, pk in zip(drafts, found, strict=True)
        ]

    def changes(self, pairs: Mapping[int, ListedTitle]) -> dict[int, dict[str, Any]]:
        return titles_queries.changes(pairs)

    def register_many(self, drafts: Sequence[ListedTitle], *, now: datetime) -> list[int]:
        self._register_holders([each for each in drafts if not each.subject_id], now)
        first: dict[Any, int] = {}  # a row that says the same as one above it is that title
        fresh: list[ListedTitle] = []
        for each in drafts:
            if first.setdefault(each.identity, len(fresh)) == len(fresh):
                fresh.append(each)
        keys = titles.record_many(fresh, now=now)
        return [keys[first[each.identity]] for each in drafts]

    def forget(self) -> None:
        there = {INSTITUTION: institutions_queries.institutions(), VENTURE: ventures_queries.ventures()}
        still = {
            kind: dict(rows.filter(pk__in=self.made.values()).values_list("pk", "name")) for kind, rows in there.items()
        }
        self.made = {key: pk for key, pk in self.made.items() if names.key(still[key[0]].get(pk, "")) == key[1]}
        self.finder.found.clear()
        self.by_name = None

    def _register_holders(self, waiting: Sequence[ListedTitle], now: datetime) -> None:
        """Whoever is no record yet becomes one, each once."""
        wanted: dict[tuple[str, str, int | None], ListedTitle] = {}
        for each in waiting:
            wanted.setdefault(_holder_key(each), each)
        fresh = {key: each for key, each in wanted.items() if key not in self.made}
        places = {key: each for key, each in fresh.items() if key[0] == INSTITUTION}
        made = [self._institution(each) for each in places.values()]
        self.made |= dict(zip(places, institutions.register_many(made, now=now), strict=True))
        firms = {key: each for key, each in fresh.items() if key[0] == VENTURE}
        ventured = [VentureDraft(each.holder, source=each.source) for each in firms.values()]
        self.made |= dict(zip(firms, ventures.register_many(ventured, now=now), strict=True))
        for each in waiting:
            each.subject_id = self.made[_holder_key(each)]
        self.finder.found.clear()
        self.by_name = None

    def _institution(self, draft: ListedTitle) -> InstitutionDraft:
        """What a title shows of an institution: its kind, and that it was open by then."""
        last = draft.given.before - DAY if draft.given.before is not None else None
        return InstitutionDraft(
            name=draft.holder,
            kinds=(draft.kind,) if draft.kind in Kind.values else (),
            territory=draft.territory,
            country=draft.country,
            seen_open_on=last if last is not None and last <= self.today else None,
        )

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return titles.amend_many(changes)

    def reason_label(self, reason: str) -> Any:
        return _("同一主体、同一资质、同一授予时间") if reason == "same_record" else reason

    def natural_key(self, draft: ListedTitle) -> str:
        place = str(draft.territory or "")
        words = (draft.kind, draft.level, draft.document, draft.number, draft.given.code or draft.given.text)
        return "|".join((names.key(draft.holder), place, *words))


def _holder_key(draft: ListedTitle) -> tuple[str, str, int | None]:
    return draft.subject_kind, names.key(draft.holder), draft.territory
