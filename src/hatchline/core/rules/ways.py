"""The nearest way to pass: the smallest changes, the easiest facts first, tried out before they are told.

Each fact declares how hard it is to change (`effort`). An unmet "and" needs all its parts mended, an unmet "or" its
easiest one. What is unknown and could pass is asked for before anything is changed. The changes are then put into the
facts and everything is judged again; a way that does not lead there says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from hatchline.core.rules import nodes
from hatchline.core.rules.bind import Lowering
from hatchline.core.rules.documents import Need
from hatchline.core.rules.explain import Explainer, Explanation
from hatchline.core.rules.plan import Linear, Positive, Quotient, ShareTest, Slot
from hatchline.core.rules.reckon import Facts, Reckoning
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import FactDeclaration
from hatchline.core.values.quantity import Dimension, step
from hatchline.core.values.verdict import Verdict

MOST_ROUNDS = 4
EFFORT_OF_A_MEMBER = 8
ROUND: tuple[Dimension, ...] = ((("m2", 1),), (("yuan", 1),))  # told in whole units


@dataclass(frozen=True)
class Change:
    """One step. `kind`: supply (find out a fact; it must come out as `to` or better), change (a fact of the subject),
    convert (`count` more ventures must come to meet `text`), admit (`count` more ventures of a kind)."""

    kind: str
    effort: int
    text: Text
    fact: str = ""
    before: int | None = None
    to: int | None = None
    count: int = 0
    finding: str = ""


@dataclass(frozen=True)
class Way:
    """The steps, easiest first; `leads_there`: judged again with them, the whole is met."""

    changes: tuple[Change, ...]
    leads_there: bool
    verdict: Verdict


def nearest_way(
    explainer: Explainer, explanation: Explanation, facts: Facts, members: Sequence[Facts] = (),
    reckoning: Reckoning | None = None,
) -> Way | None:  # fmt: skip
    """The nearest way from these facts to a passed document; None when it is passed, or when nothing can be changed.

    ``reckoning``: that of the explanation, where it is at hand.
    Where a criterion has no change that would mend it, the way mends the others and does not lead there.
    """
    if explanation.verdict is Verdict.MET:
        return None
    made: list[Change] = []
    state = State(dict(facts), [dict(member) for member in members])
    search = Search(explainer, state, reckoning)
    for _ in range(MOST_ROUNDS):
        changes, is_stuck = search.needed(), search.is_stuck
        if not changes:
            break
        for change in changes:
            made.append(change)
            state.apply(change)
        search = Search(explainer, state)
        if search.verdict is Verdict.MET or is_stuck:
            break
    if not made:
        return None
    changes = sorted(_merged(made), key=lambda c: (c.effort, c.kind))
    return Way(tuple(changes), search.verdict is Verdict.MET, search.verdict)


def _merged(changes: Sequence[Change]) -> list[Change]:
    """A fact changed in two rounds is one change, from its first value to its last."""
    found: dict[object, Change] = {}
    for change in changes:
        key = (change.kind, change.fact) if change.fact else change
        earlier = found.get(key)
        found[key] = replace(change, before=earlier.before) if earlier else change
    return list(found.values())


@dataclass
class State:
    """The facts as they would be; `conversions` hold what a convert or admit step does to ventures.

    ``supplied``: facts that nobody knows yet, taken at their worst.
    """

    facts: dict[str, int | None]
    members: list[dict[str, int | None]]
    supplied: set[str] = field(default_factory=set)

    def apply(self, change: Change) -> None:
        if change.kind in ("supply", "change"):
            self.facts[change.fact] = change.to
            if change.kind == "supply":
                self.supplied.add(change.fact)
        elif isinstance(change, MemberChange):
            if change.kind == "admit":
                self.members.extend(dict(change.model) for _ in range(change.count))
            for place, values in change.values:
                self.members[place].update(values)


@dataclass(frozen=True)
class MemberChange(Change):
    """What changes in which ventures: (place, facts); `model` is a venture like those to be admitted."""

    values: tuple[tuple[int, Mapping[str, int]], ...] = ()
    model: Mapping[str, int | None] = ()  # type: ignore[assignment]

    def __hash__(self) -> int:
        return hash((self.kind, self.text, self.count, self.finding))


@dataclass
class Search:
    """Looks for the easiest changes in one state of the facts. ``is_stuck``: something needed cannot be mended."""

    explainer: Explainer
    state: State
    judged: Reckoning | None = None  # of this state, where there is one already
    is_stuck: bool = False

    def __post_init__(self) -> None:
        explainer = self.explainer
        if self.judged is None:
            self.judged = Reckoning(self.state.facts, self.state.members)
            self.judged.judge(explainer.plan)
        self.reckoning = self.judged
        self.criteria = {j.name: self.reckoning.verdict(j.requirement) for j in explainer.plan.judgements}
        self.verdict = explainer.judge.whole(self.criteria)
        applying = frozenset(v for v, verdict in explainer.applying(self.reckoning).items() if verdict is Verdict.MET)
        self.lowering = explainer.binder.lowering(applying)

    def needed(self) -> list[Change]:
        """What mends the unmet criteria that the decision needs; of those that nothing can mend, the rest is told."""
        found = self._of_need(self.explainer.document.overall)
        if found is None:
            self.is_stuck = True
            mended = (self._of_need(name) for name in self.criteria)
            found = [change for changes in mended for change in changes or ()]
        return found

    def _of_need(self, need: str | Need) -> list[Change] | None:
        if not isinstance(need, str):
            return self._cheapest([self._of_need(item) for item in need.items], need.least or len(need.items))
        if self.criteria[need] is Verdict.MET:
            return []
        return self.of_part(self.explainer.document.criteria[need].requirement, need)

    def _cheapest(self, options: Sequence[list[Change] | None], least: int) -> list[Change] | None:
        """The easiest `least` of the options, together; None when there are not so many."""
        possible = sorted((option for option in options if option is not None), key=cost)
        if len(possible) < least:
            return None
        found: list[Change] = []
        for option in possible[:least]:
            found.extend(change for change in option if change not in found)
        return found

    def of_part(self, node: nodes.Node, name: str) -> list[Change] | None:
        lowering = self.lowering
        if self.reckoning.verdict(self.explainer.formula(node, lowering)) is Verdict.MET:
            return []
        if isinstance(node, nodes.Several):
            return self._cheapest([self.of_part(item, name) for item in node.items], node.least)
        if isinstance(node, nodes.Defined):
            return self.of_part(node.body, name)
        return self.of_leaf(node, lowering, name)

    def of_leaf(self, node: nodes.Node, lowering: Lowering, name: str) -> list[Change] | None:
        formula = lowering.statement(node, True)
        if isinstance(formula, Positive | Quotient):
            return self._of_amount(node, formula, name)
        if isinstance(formula, ShareTest) and isinstance(node, nodes.Compare) and isinstance(node.left, nodes.Share):
            return self._of_share(node.left, formula, lowering, name)
        return None

    # --- facts of the subject

    def _of_amount(self, node: nodes.Node, formula: Positive | Quotient, name: str) -> list[Change] | None:
        declared = {f.name: f for f in declared_in(node)}
        options = []
        for coefficient, term in formula.lin.terms:
            if isinstance(term, Slot):
                change = self._of_slot(declared[term.name.partition("@")[0]], coefficient, term, formula, name)
                if change:
                    options.append([change])
        counts = [n for n in nodes.walk(node) if isinstance(n, nodes.Count)]
        if len(counts) == 1 and isinstance(formula, Positive):
            admitted = self._admit(counts[0], formula.lin, name)
            if admitted:
                options.append([admitted])
        return min(options, key=cost, default=None)

    def _of_slot(
        self, fact: FactDeclaration, coefficient: int, slot: Slot, formula: Positive | Quotient, name: str
    ) -> Change | None:
        """The value of this fact from which the amount passes, the others at their worst."""
        before = self.state.facts.get(slot.name)
        rest = Linear(formula.lin.constant, tuple((c, t) for c, t in formula.lin.terms if t != slot))
        low = self.reckoning.amount(rest)[0]
        to = -(low // coefficient) if coefficient > 0 else low // -coefficient
        if isinstance(formula, Quotient) and formula.denominator.terms and formula.denominator.terms[0][1] == slot:
            to = max(to, 1)
            if before is not None:
                return None  # nobody is asked to have less of what is divided by
        each = int(step(fact.dimension)) if fact.kind == "number" and fact.dimension in ROUND else 1
        to = -(-to // each) * each if coefficient > 0 else to // each * each  # nobody is told of a square centimetre
        to = max(to, slot.smallest) if coefficient > 0 else min(to, slot.largest)
        if not slot.smallest <= to <= slot.largest or (before is None and fact.kind == "choice"):
            return None
        label, like = Text(fact.zh, fact.en), self.explainer.units.get(fact.name)
        if before is None:
            better = ("不低于", "at least") if coefficient > 0 else ("不高于", "at most")
            others = {term.name for _c, term in rest.terms if isinstance(term, Slot)}
            if any(self.state.facts.get(each) is None or each in self.state.supplied for each in others):
                # its bound hangs on another unknown one: at that one's worst it would be a figure nobody has
                text = Text(f"查明{label.zh}", f"Find out {label.en}")
            else:
                text = self._told("查明", "Find out", label, fact, fact.both(to, like), better)
            return Change("supply", 0, text, slot.name, None, to, finding=name)
        if fact.effort == 0 or (to <= before if coefficient > 0 else to >= before):
            return None
        old, new = fact.both(before, like), fact.both(to, like)
        text = Text(f"{label.zh}由 {old.zh} 变为 {new.zh}", f"{label.en}: from {old.en} to {new.en}")
        return Change("change", fact.effort, text, slot.name, before, to, finding=name)

    @staticmethod
    def _told(zh: str, en: str, label: Text, fact: FactDeclaration, to: Text, better: tuple[str, str]) -> Text:
        if fact.kind == "truth":
            better = ("应为", "should be")
        elif fact.kind == "date":
            better = ("不早于", "no earlier than") if better[1] == "at least" else ("不晚于", "no later than")
        return Text(f"{zh}{label.zh}（{better[0]} {to.zh}）", f"{en} {label.en} ({better[1]} {to.en})")

    # --- ventures

    def _admit(self, node: nodes.Count, lin: Linear, name: str) -> Change | None:
        """More ventures like one that already counts."""
        coefficient = next((c for c, term in lin.terms if not isinstance(term, Slot)), 0)
        low, high = self.reckoning.amount(lin)
        missing = -low
        if coefficient <= 0 or missing <= 0:
            return None
        formula = next(term for _, term in lin.terms if not isinstance(term, Slot))
        condition = getattr(formula, "condition", None)
        model = next((m.facts for m in self.reckoning.inner() if condition and m.pair(condition)[0]), None)
        count = -(-missing // coefficient)
        _figures, zh, en = self.explainer.words(frozenset())
        text = Text(f"增加 {count} 家{zh.members(node.where)}", f"{count} more {en.members(node.where)}")
        if (fewest := max(0, -(high // coefficient))) < count:  # the gap is told from this better end
            text = Text(f"{text.zh}（现有企业的未知事实都查明属实时，只需 {fewest} 家）",
                        f"{text.en} ({fewest} if all that is unknown of those present proves in favour)")  # fmt: skip
        return MemberChange(
            "admit" if model is not None else "convert", EFFORT_OF_A_MEMBER, text, count=count, finding=name,
            model=dict(model or {}),
        )  # fmt: skip

    def _of_share(self, node: nodes.Share, test: ShareTest, lowering: Lowering, name: str) -> list[Change] | None:
        """So many ventures that do not count come to count."""
        if test.sign < 0:
            return None
        _, _, yes_low, no_low, _ = self.reckoning.share_counts(test)
        all_, yes = yes_low + no_low, yes_low
        if all_ == 0:
            return None
        count = -(-(test.above * all_ + test.strict - test.below * yes) // test.below)
        candidates: list[tuple[int, int, dict[str, int]]] = []
        for place, (member, uncounted) in enumerate(
            zip(self.reckoning.inner(), self.reckoning.over(test.no), strict=True)
        ):
            if uncounted:
                values = make_true(node.also, lowering, member.facts)
                if values is not None:
                    candidates.append((values[0], place, values[1]))
        candidates.sort(key=lambda c: (c[0], c[1]))
        if count <= 0 or len(candidates) < count:
            return None
        chosen = candidates[:count]
        _figures, zh, en = self.explainer.words(frozenset())
        clause = Text(zh.statement(node.also, True), en.statement(node.also, True))
        text = Text(
            f"再有 {count} 家{zh.members(node.where)}满足：{clause.zh}",
            f"{count} more {en.members(node.where)} meet: {clause.en}",
        )
        return [
            MemberChange("convert", chosen[-1][0], text, count=count, finding=name,
                         values=tuple((place, values) for _, place, values in chosen))
        ]  # fmt: skip


def cost(changes: Sequence[Change]) -> tuple[int, int, int]:
    """The hardest step first, then all of them, then how many ventures."""
    return max((c.effort for c in changes), default=0), sum(c.effort for c in changes), sum(c.count for c in changes)


def declared_in(node: nodes.Node) -> list[FactDeclaration]:
    found = [n.fact for n in nodes.walk(node) if isinstance(n, nodes.FactOf | nodes.Years)]
    return list(dict.fromkeys(found))


def make_true(node: nodes.Node, lowering: Lowering, facts: Facts) -> tuple[int, dict[str, int]] | None:
    """The easiest values of a venture's facts that make a condition true, and how hard that is."""
    if Reckoning(facts).pair(lowering.exact(lowering.statement(node, True)))[0]:
        return 0, {}
    match node:
        case nodes.Defined(_, body):
            return make_true(body, lowering, facts)
        case nodes.Several(items, least):
            options = sorted(
                (o for o in (make_true(item, lowering, facts) for item in items) if o is not None), key=lambda o: o[0]
            )
            if len(options) < least:
                return None
            merged: dict[str, int] = {}
            for _, values in options[:least]:
                merged.update(values)
            return max(effort for effort, _ in options[:least]), merged
    formula = lowering.statement(node, True)
    if not isinstance(formula, Positive):
        return None
    efforts = {f.name: f.effort for f in declared_in(node)}
    best: tuple[int, dict[str, int]] | None = None
    for coefficient, slot in formula.lin.terms:
        if isinstance(slot, Slot) and (effort := efforts[slot.name.partition("@")[0]]):
            rest = Linear(formula.lin.constant, tuple((c, t) for c, t in formula.lin.terms if t != slot))
            low = Reckoning(facts).amount(rest)[0]
            to = -(low // coefficient) if coefficient > 0 else low // -coefficient
            if slot.smallest <= to <= slot.largest and (best is None or effort < best[0]):
                best = effort, {slot.name: to}
    return best


__all__ = ["Change", "Fraction", "MemberChange", "Way", "nearest_way"]
