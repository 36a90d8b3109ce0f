"""What can be taken in from lists, and by which verbs of which app.

A target turns the values of a row into a draft, says why a draft cannot become a record, finds records it may belong
to, and registers or amends many at once. The engine knows nothing else about it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import policy as bodies_policy
from hatchline.apps.bodies import queries as bodies_queries
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.wording import REASONS
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import policy as institutions_policy
from hatchline.apps.institutions import queries as institutions_queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import fields

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@dataclass(frozen=True)
class Remark:
    """Something to be said about a row that does not stop it: the field it is about and the sentence."""

    field: str
    message: Any
    code: str = "remark"


class Target(ABC):
    """One kind of record. An instance lives for one run and keeps what it looked up."""

    name: ClassVar[str]
    label: ClassVar[Any]
    kind: ClassVar[str]  # app.model of the records
    page: ClassVar[tuple[str, str]]  # where a record is shown: of what kind of thing, and which column has its key
    by: Person | None = None  # who started the import or answers: what is written is theirs; None: the system
    is_of_district = True  # the authority, or the system, brought the list: what it states is the district's word
    is_answering = False  # somebody answers a question about one row: what they chose is what is done
    is_rehearsed_new: ClassVar[bool] = False  # a preview tries new records too, and not only changes to those there are

    @classmethod
    @abstractmethod
    def fields(cls) -> tuple[Field, ...]:
        """The fields a mapping may fill."""

    @abstractmethod
    def draft(self, values: Mapping[str, Any]) -> tuple[Any, list[Remark]]:
        """A draft from the values of a row, with remarks on what could not be used."""

    @abstractmethod
    def why_not(self, draft: Any) -> Refusal | None:
        """Why the draft cannot become a record."""

    @abstractmethod
    def signs(self, draft: Any) -> Iterator[tuple[str, str]]:
        """(reason, value) pairs that another draft of the same body would share."""

    @abstractmethod
    def candidates(self, drafts: Sequence[Any]) -> list[list[Any]]:
        """For each draft the records it may belong to (pk, name, reasons, is_certain)."""

    @abstractmethod
    def changes(self, pairs: Mapping[int, Any]) -> dict[int, dict[str, Any]]:
        """What each draft would change of its record."""

    def said(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of a row as they are compared with those of another: how a name is spelt may not count."""
        return values

    def joined(self, draft: Any) -> str:
        """What becomes of a row that certainly speaks of the record a row above it makes; "" where that is asked."""
        return ""

    def unheard(self, pairs: Mapping[int, Any]) -> dict[int, Remark]:
        """Records whose row in this list changed in a way that changes nothing of them: what to say about it."""
        return {}

    def why_not_changes(self, changes: Mapping[int, Mapping[str, Any]]) -> dict[int, Refusal]:
        """Records that ``amend_many`` would refuse to change so, each with why: a preview says what will be."""
        return {}

    def told(self, pk: int, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """What a change says, field by field: what stands on record, as far as one column tells it, and what comes."""
        row = apps.get_model(self.kind)._base_manager.filter(pk=pk).first()
        relations = {each.name: each.related_model for each in apps.get_model(self.kind)._meta.concrete_fields}
        said = {}
        for name, value in changes.items():
            if isinstance(value, int) and (related := relations.get(name)) is not None:
                value = related._base_manager.filter(pk=value).first()
            said[name] = (getattr(row, name, None), value)
        return said

    @classmethod
    def pages(cls, pks: Collection[int]) -> dict[int, tuple[str, int]]:
        """Where these records are shown: the kind of page (venture, space …) and the key of what it shows."""
        what, key = cls.page
        rows = apps.get_model(cls.kind)._base_manager.filter(pk__in=pks).values_list("pk", key)
        return {pk: (what, its) for pk, its in rows if its is not None}

    @abstractmethod
    def register_many(self, drafts: Sequence[Any], *, now: datetime) -> list[int]:
        """New records, in the order of the drafts."""

    @abstractmethod
    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        """Change records."""

    def hold(self, drafts: Sequence[Any]) -> None:  # noqa: B027 - most write to nothing that others write to
        """Hold what these drafts are written to, all at once and in the order its app keeps, until they are written."""

    def committed(self, pks: Collection[int]) -> None:  # noqa: B027 - most do not care which list a record came by
        """Rows of this list became these records, now or in an earlier try, and that is committed."""

    def forget(self) -> None:  # noqa: B027 - most remember nothing that they made
        """What was last written was rolled back: whoever remembers new records by their keys reads them anew."""

    @abstractmethod
    def reason_label(self, reason: str) -> Any:
        """A reason of a candidate in words."""

    def natural_key(self, draft: Any) -> str:
        """What a list without numbers knows the row by."""
        return names.key(draft.name)


class Places:
    """Territories by code or names, looked up once each."""

    def __init__(self) -> None:
        self.codes = bodies_queries.territory_keys()
        self.found: dict[tuple[str, ...], tuple[int | None, bool]] = {}

    def find(self, words: tuple[str, ...]) -> tuple[int | None, bool]:
        """The key of the division, and whether the words were too few to tell which one is meant."""
        if words not in self.found:
            code = next((word for word in words if word in self.codes), None)
            if code is not None:
                self.found[words] = self.codes[code], False
            else:
                places = bodies_queries.place_of(*words)
                self.found[words] = (places[0].pk if len(places) == 1 else None), len(places) > 1
        return self.found[words]

    def of(self, values: Mapping[str, Any]) -> tuple[int | None, str, list[Remark]]:
        """The territory of a row, the words where it is none of ours, and remarks. Places abroad stay as written."""
        words = tuple(word for word in values.get("territory", ()) if word.strip())
        if not words:
            return None, "", []
        written = " ".join(words)
        if values.get("country", "CN") != "CN":
            return None, written, []
        pk, is_ambiguous = self.find(words)
        if pk is not None:
            return pk, "", []
        if is_ambiguous:
            return None, written, [Remark("territory", _("“%(place)s”不止一处，行政区划先空着。") % {"place": written})]
        return None, written, [Remark("territory", _("没有找到行政区划“%(place)s”，先空着。") % {"place": written})]


def _other_names(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = [("former", name) for name in values.get("former_names", ())]
    found += [("alias", name) for name in values.get("aliases", ())]
    if values.get("name_en"):
        found.append(("english", values["name_en"]))
    return tuple(dict.fromkeys(found))


def _signs(draft: Any, credit_code: str) -> Iterator[tuple[str, str]]:
    read = names.credit_code(credit_code) if credit_code else None
    if isinstance(read, CreditCode):
        yield "same_credit_code", read.code
    for name in {names.key(draft.name), *(names.key(other) for _kind, other in draft.names)}:
        yield "same_name", name
    host = names.host(draft.website)
    if host:
        yield "same_website", host


class Organisations(Target):
    """Legal bodies."""

    name = "organisations"
    label = _("单位名录")
    kind = "bodies.organisation"
    page = ("organisation", "pk")

    def __init__(self) -> None:
        self.places = Places()
        self.industries: dict[str, int] | None = None

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return fields.organisation_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[OrganisationDraft, list[Remark]]:
        territory, elsewhere, remarks = self.places.of(values)
        industry = self._industry(values.get("industry", ""), remarks)
        identifiers: tuple[tuple[str, str], ...] = ()
        if values.get("identifier"):
            identifiers = ((values.get("identifier_scheme") or "list", values["identifier"]),)
        address = values.get("address", "")
        return OrganisationDraft(
            name=values["name"],
            credit_code=values.get("credit_code", ""),
            legal_form=values.get("legal_form", ""),
            types=tuple(values.get("types", ())),
            names=_other_names(values),
            identifiers=identifiers,
            country=values.get("country", ""),
            territory=territory,
            address=address if not elsewhere or elsewhere in address else f"{elsewhere} {address}".strip(),
            postcode=values.get("postcode", ""),
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
            website=values.get("website", ""),
            founded=values.get("founded"),
            closed=values.get("closed"),
            industry=industry,
            description=values.get("description", ""),
        ), remarks

    def _industry(self, text: str, remarks: list[Remark]) -> int | None:
        if not text:
            return None
        if self.industries is None:
            self.industries = bodies_queries.class_keys("gbt4754-2017")
        found = self.industries.get(text.split()[0].upper())
        if found is None:
            words = _("“%(code)s”不是 GB/T 4754-2017 的行业代码，行业先空着。") % {"code": text}
            remarks.append(Remark("industry", words))
        return found

    def why_not(self, draft: OrganisationDraft) -> Refusal | None:
        return bodies_policy.why_not_draft(draft)

    def signs(self, draft: OrganisationDraft) -> Iterator[tuple[str, str]]:
        yield from _signs(draft, draft.credit_code)
        for scheme, value in draft.identifiers:
            yield "same_identifier", f"{scheme}:{value}"

    def candidates(self, drafts: Sequence[OrganisationDraft]) -> list[list[Any]]:
        return bodies_queries.candidates(drafts)

    def changes(self, pairs: Mapping[int, OrganisationDraft]) -> dict[int, dict[str, Any]]:
        return bodies_queries.changes(pairs)

    def register_many(self, drafts: Sequence[OrganisationDraft], *, now: datetime) -> list[int]:
        return bodies.register_many(drafts, now=now)

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return bodies.amend_many(changes, now=now)

    def reason_label(self, reason: str) -> Any:
        return REASONS.get(reason, reason)

    def natural_key(self, draft: OrganisationDraft) -> str:
        read = names.credit_code(draft.credit_code) if draft.credit_code else None
        return read.code if isinstance(read, CreditCode) else names.key(draft.name)


@dataclass
class OperatedDraft(InstitutionDraft):
    """An institution whose operator, when it is no record yet, is known by name alone."""

    operator_name: str = ""
    operator_code: str = ""


class Institutions(Target):
    """Incubation institutions; an operator that is no record yet becomes one."""

    name = "institutions"
    label = _("孵化机构名录")
    kind = "institutions.institution"
    page = ("institution", "pk")

    def __init__(self) -> None:
        self.places = Places()
        self.operators: dict[tuple[str, str], int | None] = {}

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return fields.institution_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[InstitutionDraft, list[Remark]]:
        territory, elsewhere, remarks = self.places.of(values)
        address = values.get("address", "")
        operator, code = values.get("operator", ""), values.get("operator_credit_code", "")
        known = self._operator(operator, code)
        seen = values.get("seen_open")
        return OperatedDraft(
            operator=known,
            operator_name="" if known else operator,
            operator_code="" if known else code,
            name=values["name"],
            name_en=values.get("name_en", ""),
            names=tuple(each for each in _other_names(values) if each[0] != "english"),
            kinds=tuple(values.get("kinds", ())),
            stages=tuple(values.get("stages", ())),
            specialism=values.get("specialism", ""),
            territory=territory,
            country=values.get("country", ""),
            city=elsewhere if values.get("country", "CN") != "CN" else "",
            address=address if not elsewhere or elsewhere in address else f"{elsewhere} {address}".strip(),
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
            website=values.get("website", ""),
            phone=values.get("phone", ""),
            opened=values.get("opened"),
            closed=values.get("closed"),
            seen_open_on=seen.before - timedelta(days=1) if seen is not None and seen.before is not None else None,
            description=values.get("description", ""),
        ), remarks

    def _operator(self, name: str, code: str) -> int | None:
        """The operator that is a record already; None when there is none or several have the name."""
        if not name and not code:
            return None
        if (name, code) not in self.operators:
            found = bodies_queries.candidates([OrganisationDraft(name=name or code, credit_code=code)])[0]
            certain = [each.pk for each in found if each.is_certain] or [
                each.pk for each in found if "same_name" in each.reasons or "former_name" in each.reasons
            ]
            self.operators[name, code] = certain[0] if len(certain) == 1 else None
        return self.operators[name, code]

    def why_not(self, draft: InstitutionDraft) -> Refusal | None:
        return institutions_policy.why_not_draft(draft)

    def signs(self, draft: InstitutionDraft) -> Iterator[tuple[str, str]]:
        yield from _signs(draft, "")

    def candidates(self, drafts: Sequence[InstitutionDraft]) -> list[list[Any]]:
        return institutions_queries.candidates(drafts)

    def changes(self, pairs: Mapping[int, InstitutionDraft]) -> dict[int, dict[str, Any]]:
        return institutions_queries.changes(pairs)

    def register_many(self, drafts: Sequence[InstitutionDraft], *, now: datetime) -> list[int]:
        self._register_operators(drafts, now)
        return institutions.register_many(drafts, now=now)

    def forget(self) -> None:
        self.operators.clear()

    def _register_operators(self, drafts: Sequence[InstitutionDraft], now: datetime) -> None:
        """Operators that are no record yet, each once. Their names stay open questions where several have the name."""
        wanted: dict[tuple[str, str], list[OperatedDraft]] = {}
        for draft in drafts:
            if isinstance(draft, OperatedDraft) and draft.operator is None and draft.operator_name:
                key = draft.operator_name, draft.operator_code
                self.operators.pop(key, None)
                draft.operator = self._operator(*key)
                if draft.operator is None:
                    wanted.setdefault(key, []).append(draft)
        made = [OrganisationDraft(name=name, credit_code=code, types=("operator",)) for name, code in wanted]
        for (key, waiting), pk in zip(wanted.items(), bodies.register_many(made, now=now), strict=True):
            self.operators[key] = pk
            for draft in waiting:
                draft.operator = pk

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return institutions.amend_many(changes, now=now)

    def reason_label(self, reason: str) -> Any:
        return REASONS.get(reason, reason)


TARGETS: dict[str, type[Target]] = {each.name: each for each in (Organisations, Institutions)}
