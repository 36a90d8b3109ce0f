"""Lists of stays: who was where and when, as districts and others keep it in spreadsheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from hatchline.apps.imports.states import RowOutcome
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as institutions_queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import policy
from hatchline.apps.ventures import queries as ventures_queries
from hatchline.apps.ventures.drafts import UNKNOWN, VentureDraft
from hatchline.apps.ventures.history import Clash, History, StayKnown, VentureKnown
from hatchline.apps.ventures.states import Basis, EndState, Outcome, Status, StayStatus
from hatchline.core.chain.holding import Span
from hatchline.core.chain.stages import Stage
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal, require
from hatchline.journeys.imports import lifefields, listedstays
from hatchline.journeys.imports.listedstays import REASONS, ListedStay, SameStay
from hatchline.journeys.imports.lives import business_day
from hatchline.journeys.imports.targets import Remark, Target

DAY = timedelta(days=1)
NEW = VentureKnown(0, Status.ACTIVE.value, (None, None), (None, None))  # one that a row makes: no day of it is known


class Stays(Target):
    """Who was where and when. A venture that is no record yet becomes one, by its name; with ``register`` an
    institution too. What is on record is corrected only where a row says why (``correction``)."""

    name = "stays"
    label = _("入驻记录")
    kind = "ventures.stay"
    page = ("stay", "pk")

    def __init__(self) -> None:
        self.places: dict[str, list[int]] = {}
        self.registered: dict[str, int] = {}
        self.made: set[int] = set()  # the stays that rows of this list became or told more of, all committed
        self.above, self.named = History(), dict[str, int]()  # what rows above have told, and of which new ventures
        self.offered: dict[int, tuple[str, ...]] = {}  # institution → the stages it offers
        self.today = business_day()
        self.listed: set[tuple[Any, ...]] = set()  # the stays that rows so far state
        self._read()

    def _read(self) -> None:
        self.known = History()
        self.known.listed |= self.made
        self.known.load_all()
        self.by_name = ventures_queries.names_of_all()
        self.by_code = ventures_queries.codes_of_all()
        self.withdrawn = ventures_queries.withdrawn_stays()

    def forget(self) -> None:
        self.places.clear()
        rows = institutions_queries.institutions().filter(pk__in=self.registered.values())
        self.registered = {names.key(name): pk for pk, name in rows.values_list("pk", "name")}
        self._read()

    def committed(self, pks: Collection[int]) -> None:
        self.made.update(pks)
        self.known.listed.update(pks)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return lifefields.stay_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedStay, list[Remark]]:
        remarks: list[Remark] = []
        starts, ended, evidence = (
            values.get("starts") or UNKNOWN,
            values.get("ended") or UNKNOWN,
            values.get("evidence"),
        )
        code, outcome = values.get("credit_code", ""), values.get("outcome", "")
        starts, ended = listedstays.parted(starts, ended, remarks)
        stage = values.get("stage", "")
        if stage == lifefields.GRADUATE:
            remarks.append(Remark("stage", _("阶段写的是已经毕业：按在孵化阶段毕业记录。")))
            stage, outcome = Stage.INCUBATION.value, outcome or Outcome.GRADUATED.value
        basis = self._basis(values.get("basis", ""), remarks)
        seen = evidence.before - DAY if evidence is not None and evidence.before is not None else None
        said = values.get("end_state", "")
        if said in lifefields.ENDED_AS:
            said, outcome = EndState.KNOWN.value, outcome or said
        state = listedstays.end_state(said, ended, outcome)
        if seen is not None and starts.earliest is not None and seen < starts.earliest:
            remarks.append(Remark("evidence", _("最后见到的日期早于入驻时间，没有采用。")))
            seen = None
        venture, problem = self._venture(values["name"], code)
        place, no_place = self._place(values["institution"])
        if no_place is not None and no_place.code == "no_such_institution" and values.get("register"):
            remarks.append(
                Remark("institution", _("登记簿里没有“%(name)s”，按这一行新登记。") % {"name": values["institution"]})
            )
            no_place = None
        listedstays.taken_for("name", values["name"], self.known.ventures.get(venture), remarks)
        listedstays.taken_for("institution", values["institution"], self.known.institutions.get(place), remarks)
        made = ListedStay(
            venture=venture,
            institution=place,
            stage=stage or self._only_stage(place, remarks),
            starts=starts,
            source=values.get("source") or "list",
            ended=ended if state is EndState.KNOWN else UNKNOWN,
            end_state=state.value,
            evidence=seen,
            outcome=outcome,
            reason=values.get("reason", ""),
            status=(StayStatus.CONFIRMED if basis else StayStatus.CLAIMED).value,
            basis=basis,
            counts=not values.get("not_counting_reason"),
            not_counting_reason=values.get("not_counting_reason", ""),
            name=values["name"],
            place=values["institution"],
            code=code,
            correction=values.get("correction", ""),
            problem=problem or no_place,
        )
        if made.problem is None and not made.stage:
            made.problem = Refusal(
                "no_stage",
                _("没有写阶段，这家机构提供的阶段也不止一个或没有登记。"),
                _("加一列“阶段”，或在各列的去处那一页写明整份名单的阶段。"),
                field="stage",
            )
        if starts.exact is not None and starts.exact == made.ended.exact:
            remarks.append(Remark("ended", _("离开时间就是入驻当天，一天也不计入。请核对两个日期。")))
        made.problem = self.why_not(made)
        made.is_checked = True
        if made.problem is None:
            self.listed.add((venture, place, made.stage, starts.earliest, starts.before))
            self._remark(made, remarks)
        return made, remarks

    def _basis(self, said: str, remarks: list[Remark]) -> str:
        """What confirms the row: what the district's list says does, and by itself is enough. Anybody else states
        their own side, whatever their list says; "" for that."""
        if self.is_of_district:
            return "" if said == lifefields.ONE_SIDE else said or Basis.LIST.value
        if said and said != lifefields.ONE_SIDE:
            remarks.append(Remark("basis", _("导入的人不是区里的工作人员：按单方登记，等对方确认。")))
        return ""

    def _only_stage(self, institution: int, remarks: list[Remark]) -> str:
        """The stage where the list names none: the one that the institution offers, where it is one."""
        if not institution:
            return ""
        if institution not in self.offered:
            self.offered |= {institution: institutions_queries.stages_of([institution]).get(institution, ())}
        found = self.offered[institution]
        if len(found) != 1:
            return ""
        remarks.append(Remark("stage", _("没有写阶段，按这家机构提供的唯一阶段记录。")))
        return found[0]

    def _venture(self, name: str, code: str) -> tuple[int, Refusal | None]:
        """The venture's key, 0 when it is no record yet; a refusal where several have the name."""
        read = names.credit_code(code) if code else None
        if isinstance(read, CreditCode) and read.code in self.by_code:
            return self.by_code[read.code], None
        found = self.by_name.get(names.key(name), set())
        if len(found) > 1:
            words = _("有 %(number)s 条创业主体记录叫“%(name)s”。") % {"number": len(found), "name": name}
            return 0, Refusal(
                "several_ventures", words, _("请加上统一社会信用代码，或先合并重复的记录。"), field="name"
            )
        return next(iter(found), 0), None

    def _place(self, name: str) -> tuple[int, Refusal | None]:
        if name not in self.places:
            looked = institutions_queries.candidates([InstitutionDraft(name=name)])[0]
            self.places[name] = [each.pk for each in looked]
        found = self.places[name]
        if len(found) == 1:
            return found[0], None
        if found:
            words = _("有 %(number)s 家孵化机构叫“%(name)s”。") % {"number": len(found), "name": name}
            return 0, Refusal("several_institutions", words, field="institution")
        words = _("没有找到孵化机构“%(name)s”。") % {"name": name}
        return 0, Refusal("no_such_institution", words, _("请先登记或导入孵化机构。"), field="institution")

    def _remark(self, draft: ListedStay, remarks: list[Remark]) -> None:
        there, alike = self._spoken_of(draft)
        if there is None and alike:
            return
        if there is not None and not draft.correction and (differs := listedstays.differs(there, draft)):
            remarks.append(Remark("ended", differs))
        if there is not None and not listedstays.adds(there, draft):
            return
        if there is None and self._withdrawn(draft):
            remarks.append(Remark("name", _("同一条入驻记录已经撤回。")))
            return
        but = there.pk if there is not None else 0
        row = self._row(draft)
        before = None if there is not None else self.known.graduated_by(draft)
        clashes, ours = self.known.clashes(draft, but=but), list[Clash]()
        itself = self.above.same(row)
        if told := [each for each in self.above.stays[row.venture] if each is not itself]:
            above = History()
            above.stays[row.venture] = told
            before = before or (above.graduated_by(row) if there is None else None)
            ours = above.clashes(row)
        if itself is None:
            is_disputed = before is not None or any(each.is_sure for each in (*clashes, *ours))
            self.above.remember(row, StayStatus.DISPUTED.value if is_disputed else draft.status, is_listed=True)
        sure = next((each.stay for each in ours if each.is_sure), None) if draft.basis else None
        clashes += ours
        if before is not None and draft.basis and before.yields and before.begins_after(draft):
            words = _("这份名单上面“%(name)s”的一行说它毕业以后又在孵：那一条按有争议保存，并请两家机构答复。")
            remarks.append(Remark("ended", words % {"name": self._called(before)}))
        elif before is None and sure is not None:
            words = _("与这份名单上面“%(name)s”的一行重叠，两条都按有争议保存，并请两家机构答复。")
            remarks.append(Remark("starts", words % {"name": self._called(sure)}))
        elif before is not None:
            remarks.append(Remark("starts", _("企业已经毕业；按有争议保存，并请两家机构答复。")))
        elif any(each.is_sure for each in clashes):
            remarks.append(Remark("starts", _("与另一家机构的在孵记录重叠；按有争议保存，并请两家机构答复。")))
        elif clashes:
            remarks.append(Remark("starts", _("时间不精确，可能与另一家机构的在孵记录重叠；已请两家机构答复。")))

    def _called(self, there: StayKnown) -> str:
        place = self.known.institutions.get(there.institution)
        return place.name if place is not None else "?"

    def _row(self, draft: ListedStay) -> ListedStay:
        """The draft as ``above`` knows it: there a venture that is no record yet has a number of its own."""
        if draft.venture:
            return draft
        return replace(draft, venture=-self.named.setdefault(names.key(draft.name), len(self.named) + 1))

    def why_not(self, draft: ListedStay) -> Refusal | None:
        if draft.problem is not None or draft.is_checked:
            return draft.problem
        known = self.known
        if not draft.venture:
            known = History()
            known.institutions = self.known.institutions
            known.ventures[0] = NEW
        refusal = policy.why_not_listed(draft, known, today=self.today)
        is_fresh = not draft.institution and refusal is not None and refusal.code == "no_such_institution"
        return None if is_fresh else refusal

    def signs(self, draft: ListedStay) -> Iterator[tuple[str, str]]:
        yield "same_stay", self.natural_key(draft)

    def said(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**values, "name": names.key(values["name"]), "institution": names.key(values["institution"])}

    def joined(self, draft: ListedStay) -> str:
        there = self.above.same(self._row(draft))
        if there is None or listedstays.differs(there, draft):
            return ""
        return RowOutcome.UPDATED.value if listedstays.adds(there, draft) else RowOutcome.UNCHANGED.value

    def candidates(self, drafts: Sequence[ListedStay]) -> list[list[Any]]:
        """The stay on record. A question where it ended otherwise than the row says, or was withdrawn."""
        self.known.load({each.venture for each in drafts if each.venture}, (), held=False)
        return [self._same(each) if each.venture else [] for each in drafts]

    def _same(self, draft: ListedStay) -> list[SameStay]:
        there, alike = self._spoken_of(draft)
        venture = self.known.ventures.get(draft.venture)
        name = venture.name if venture is not None else draft.name
        if there is None and alike:
            return [listedstays.alike(name, draft, each) for each in alike]
        if there is not None and there.pk:
            if listedstays.differs(there, draft) and not draft.correction:
                return [SameStay(there.pk, name, ("other_end",), False)]
            return [SameStay(there.pk, name)]
        gone = self._withdrawn(draft) if there is None else 0
        return [SameStay(gone, name, ("withdrawn",), False)] if gone else []

    def _spoken_of(self, draft: ListedStay) -> tuple[StayKnown | None, list[StayKnown]]:
        """The stay on record that the row speaks of; where none says the very same, those it may correct.

        A row that gives no beginning, or says that it corrects, speaks of the one there is.
        """
        there = self.known.same(draft)
        if there is not None or not self.known.stays[draft.venture]:
            return there, []
        ended = draft.ended.before if draft.end_state == EndState.KNOWN else None
        span = Span(draft.perhaps().since, ended)
        alike = [
            each
            for each in self.known.stays[draft.venture]
            if each.pk
            and (each.institution, each.stage) == (draft.institution, draft.stage)
            and Span(each.maybe.since, each.ended_before).touches(span)
            and (draft.venture, each.institution, each.stage, *each.starts) not in self.listed
        ]
        is_told = len(alike) == 1 and (draft.correction or not draft.starts.is_known)
        return (alike[0], []) if is_told else (None, alike)

    def _withdrawn(self, draft: ListedStay) -> int:
        days = draft.starts.earliest, draft.starts.before
        return self.withdrawn.get((draft.venture, draft.institution, draft.stage, *days), 0)

    def changes(self, pairs: Mapping[int, ListedStay]) -> dict[int, dict[str, Any]]:
        """What the list adds: an end that was not known, a later day on which it was seen; what it corrects."""
        on_record = {
            stay.pk: stay for draft in pairs.values() if draft.venture for stay in self.known.stays[draft.venture]
        }
        made: dict[int, dict[str, Any]] = {}
        for pk, draft in pairs.items():
            stay = on_record.get(pk)
            if stay is None:
                continue
            is_chosen = self.is_answering and listedstays.has_begun_otherwise(stay, draft)
            if (
                (draft.correction or is_chosen)
                and not listedstays.is_elsewhere(stay, draft)
                and listedstays.is_corrected(stay, draft)
            ):
                draft.correction = draft.correction or str(_("按名单更正"))
                made[pk] = {"correct": draft}
            elif added := listedstays.adds(stay, draft):
                made[pk] = added
        return made

    def told(self, pk: int, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """A correction in the days and words that it changes."""
        stay, draft = ventures_queries.stay(pk), changes.get("correct")
        if stay is None:
            return {}
        given = {name: getattr(draft, name) for name in listedstays.CORRECTED} if draft is not None else changes
        there = {name: stay.evidence_on if name == "evidence" else getattr(stay, name) for name in given}
        said = {name: (there[name], value) for name, value in given.items() if value and value != UNKNOWN}
        return {name: each for name, each in said.items() if str(each[0] or "") != str(each[1])}

    def unheard(self, pairs: Mapping[int, ListedStay]) -> dict[int, Remark]:
        """Another beginning, stage, institution or venture than the list gave before."""
        on_record = {stay.pk: stay for draft in pairs.values() for stay in self.known.stays.get(draft.venture, ())}
        told = _("名单里的这一行改了，登记簿没有跟着改。日期确是更正的，请给“更正原因”（correction）再导入一次。")
        made = {}
        for pk, draft in pairs.items():
            there = on_record.get(pk)
            if there is None or listedstays.is_elsewhere(there, draft) or listedstays.is_corrected(there, draft):
                made[pk] = Remark("starts", told)
        return made

    def hold(self, drafts: Sequence[ListedStay]) -> None:
        ventures_queries.hold(each.venture for each in drafts if each.venture)

    def register_many(self, drafts: Sequence[ListedStay], *, now: datetime) -> list[int]:
        self._register_places([each for each in drafts if not each.institution], now)
        self._register_ventures(drafts, now)
        found = ventures.record_stays(drafts, now=now, today=self.today, known=self.known, asks=True, by=self.by)
        keys = []
        for draft, each in zip(drafts, found, strict=True):
            there = self.known.same(draft) if each.pk is None else None
            pk = each.pk or (there.pk if there is not None else None)
            if not pk:  # somebody closed or merged what the row speaks of since it was looked at
                require(each.refusal)
                raise IntegrityError(self.natural_key(draft))
            if there is not None and self.is_answering:  # somebody answered that the row is right
                told = {"ended": draft.ended, "end_state": draft.end_state, "outcome": draft.outcome}
                told |= {"reason": draft.reason} | ({"evidence": draft.evidence} if draft.evidence else {})
                self._amend([(pk, told)], now)
            keys.append(pk)
        return keys

    def _register_places(self, drafts: Sequence[ListedStay], now: datetime) -> None:
        """Institutions that are no record yet, each once, by name alone."""
        wanted: dict[str, str] = {}
        for each in drafts:
            wanted.setdefault(names.key(each.place), each.place)
        fresh = [key for key in wanted if key not in self.registered]
        made = [InstitutionDraft(name=wanted[key]) for key in fresh]
        self.registered |= dict(zip(fresh, institutions.register_many(made, now=now), strict=True))
        for each in drafts:
            each.institution = self.registered[names.key(each.place)]
            self.places[each.place] = [each.institution]

    def _register_ventures(self, drafts: Sequence[ListedStay], now: datetime) -> None:
        """Ventures that are no record yet, each once, by name alone."""
        wanted: dict[str, ListedStay] = {}
        for each in drafts:
            if not each.venture:
                wanted.setdefault(names.key(each.name), each)
        fresh = {key: each for key, each in wanted.items() if key not in self.by_name}
        made = [VentureDraft(each.name, source=each.source) for each in fresh.values()]
        for key, pk in zip(fresh, ventures.register_many(made, now=now), strict=True):
            self.by_name[key] = {pk}
        for each in drafts:
            if not each.venture:
                each.venture = next(iter(self.by_name[names.key(each.name)]))

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        """Corrections by their own verb: the ledger keeps what was there, and why it changed."""
        added = {}
        for pk, each in changes:
            if "correct" not in each:
                added[pk] = each
                continue
            stay, draft = ventures_queries.stay(pk), each["correct"]
            if stay is None:
                raise IntegrityError(str(pk))
            ended, state, outcome = stay.ended, stay.end_state, stay.outcome
            if draft.ended.is_known:
                ended, state, outcome = draft.ended, EndState.KNOWN.value, draft.outcome or outcome
            elif draft.end_state == EndState.OPEN:
                ended, state, outcome = UNKNOWN, EndState.OPEN.value, ""
            ventures.amend_stay(
                stay,
                starts=draft.starts if draft.starts.is_known else stay.starts,
                ended=ended,
                end_state=state,
                outcome=outcome,
                evidence=draft.evidence or stay.evidence_on,
                reason=draft.correction,
                by=self.by,
                now=now,
                today=self.today,
            )
        return self._amend(added.items(), now) if added else 0

    def _amend(self, changes: Iterable[tuple[int, Mapping[str, Any]]], now: datetime) -> int:
        return ventures.amend_stays(changes, now=now, today=self.today, listed=self.known.listed, by=self.by)

    def reason_label(self, reason: str) -> Any:
        return REASONS.get(reason, reason)

    def natural_key(self, draft: ListedStay) -> str:
        return "|".join((names.key(draft.name), names.key(draft.place), draft.stage, draft.starts.code))
