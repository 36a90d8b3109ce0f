"""The plan evaluated for one subject, plainly: intervals for amounts, (certain, possible) for statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hatchline.core.rules import scalar
from hatchline.core.rules.plan import (
    All,
    Any,
    AtLeast,
    Choose,
    CountOf,
    Fixed,
    Formula,
    Highest,
    Linear,
    Not,
    OneOf,
    Plan,
    PortionTest,
    Positive,
    Quotient,
    ShareTest,
    Slot,
    Split,
    Steps,
    SumOf,
    Term,
)  # fmt: skip
from hatchline.core.values.verdict import Verdict

Facts = Mapping[str, int | None]
Pair = tuple[bool, bool]
Interval = tuple[int, int]
Counts = tuple[int, int, int, int, int]  # of a share, see Reckoning.share_counts
Places = tuple[int, ...]  # among the statements about each venture


@dataclass
class Reckoning:
    """Evaluates statements about a subject and (for an institution) its ventures; each equal part once."""

    facts: Facts
    members: Sequence[Facts] = ()
    _pairs: dict[Formula, Pair] = field(default_factory=dict)
    _inner: list[Reckoning] | None = None
    _over: dict[Formula, Sequence[int]] = field(default_factory=dict)
    _unknown: dict[str, int] = field(default_factory=dict)
    _counts: dict[tuple[Formula, ...], Counts] = field(default_factory=dict)

    def inner(self) -> list[Reckoning]:
        """One reckoning per venture."""
        if self._inner is None:
            alike: dict[int, Reckoning] = {}  # the very same facts are reckoned once
            self._inner = [alike.setdefault(id(member), Reckoning(member)) for member in self.members]
        return self._inner

    def judge(self, plan: Plan) -> None:
        """Judge a plan's criteria, and every venture by what they ask of one, with the statements written out."""
        judge = judge_of(plan)
        judged = judge.judged(self)
        self._over |= zip(judge.of_members.formulas, judged.columns, strict=True)
        self._counts |= {judge.shares[places]: counts for places, counts in judged.counts.items()}
        for formula, value in zip(judge.own.formulas, judged.values, strict=True):
            self._pairs[formula] = value == 2, value > 0

    def stand(self, condition: Formula, column: Sequence[int]) -> None:
        """Take how each venture stands from elsewhere."""
        self._over[condition] = column

    def over(self, formula: Formula) -> Sequence[int]:
        """A statement about each venture: 2 certain, 1 possible, 0 neither."""
        found = self._over.get(formula)
        if found is None:
            found = self._over[formula] = [sum(member.pair(formula)) for member in self.inner()]
        return found

    def unknown_of(self, name: str) -> int:
        """Of how many ventures a fact is unknown."""
        if name not in self._unknown:
            self._unknown[name] = sum(member.get(name) is None for member in self.members)
        return self._unknown[name]

    def verdict(self, formula: Formula) -> Verdict:
        return Verdict.of(*self.pair(formula))

    def pair(self, formula: Formula) -> Pair:
        found = self._pairs.get(formula)
        if found is None:
            found = self._pairs[formula] = self._pair(formula)
        return found

    def _pair(self, formula: Formula) -> Pair:
        match formula:
            case Fixed(value):
                return value, value
            case Positive(lin):
                low, high = self.amount(lin)
                return low >= 0, high >= 0
            case Quotient(lin, denominator):
                below = self.amount(denominator)
                return (below[0] > 0 and self.amount(lin)[0] >= 0,
                        below[1] > 0 and self.amount(lin, above_zero=denominator)[1] >= 0)  # fmt: skip
            case OneOf(slot, codes):
                code = self.facts.get(slot.name)
                return (code in codes, code in codes) if code is not None else (False, bool(codes))
            case Not(of):
                certain, possible = self.pair(of)
                return not possible, not certain
            case All(items):
                return self._all(items)
            case Any(items):
                return self._any(items)
            case AtLeast(count, items):
                pairs = [self.pair(item) for item in items]
                return sum(p[0] for p in pairs) >= count, sum(p[1] for p in pairs) >= count
            case Split(slot, body, branches):
                if self.facts.get(slot.name) is not None:
                    return self.pair(body)
                pairs = [self.pair(branch) for branch in branches]
                return all(p[0] for p in pairs), any(p[1] for p in pairs)
            case Choose(branches):
                chosen = [(self.pair(guard), self.pair(body)) for guard, body in branches]
                return (all(b[0] for g, b in chosen if g[1]), any(g[1] and b[1] for g, b in chosen))
            case ShareTest():
                return self._share(formula)
            case PortionTest():
                return self._portion(formula)

    def _all(self, items: Sequence[Formula]) -> Pair:
        """All of them; the first that cannot hold decides."""
        certain = True
        for item in items:
            pair = self.pair(item)
            if not pair[1]:
                return False, False
            certain = certain and pair[0]
        return certain, True

    def _any(self, items: Sequence[Formula]) -> Pair:
        """One of them; the first that certainly holds decides."""
        possible = False
        for item in items:
            pair = self.pair(item)
            if pair[0]:
                return True, True
            possible = possible or pair[1]
        return False, possible

    # --- amounts

    def amount(self, lin: Linear, above_zero: Linear | None = None) -> Interval:
        """The interval of an amount; `above_zero`: only where this single fact is at least one step."""
        low = high = lin.constant
        for coefficient, term in lin.terms:
            bottom, top = self.term(term)
            if above_zero is not None and len(above_zero.terms) == 1 and above_zero.terms[0][1] == term:
                bottom = max(bottom, 1)
            if coefficient < 0:
                bottom, top = top, bottom
            low, high = low + coefficient * bottom, high + coefficient * top
        return low, high

    def term(self, term: Term) -> Interval:
        match term:
            case Slot(name, smallest, largest):
                value = self.facts.get(name)
                return (smallest, largest) if value is None else (value, value)
            case CountOf(condition):
                values = self.over(condition)
                return values.count(2), len(values) - values.count(0)
            case SumOf(condition, amount):
                return self._sum(condition, amount)
            case Highest(items):
                intervals = [self.amount(item) for item in items]
                return max(low for low, _ in intervals), max(high for _, high in intervals)
            case Steps(tests, otherwise):
                low = next((points for test, points in tests if self.pair(test)[0]), otherwise)
                high = next((points for test, points in tests if self.pair(test)[1]), otherwise)
                return low, high

    def _sum(self, condition: Formula, amount: Linear) -> Interval:
        low = high = 0
        for member, value in zip(self.inner(), self.over(condition), strict=True):
            if value:
                bottom, top = member.amount(amount)
                low += bottom if value == 2 else min(0, bottom)
                high += top if value == 2 else max(0, top)
        return low, high

    # --- shares

    def _share(self, test: ShareTest) -> Pair:
        return judge_share(self.share_counts(test), test)

    def share_counts(self, test: ShareTest) -> Counts:
        """(yes, no) when the share is highest, (yes, no) when it is lowest, and how many are certainly in."""
        key = (test.out, test.yes, test.no)
        if key not in self._counts:
            outs, yeses, noes = self.over(test.out), self.over(test.yes), self.over(test.no)
            self._counts[key] = _counted(outs, yeses, noes)
        return self._counts[key]

    def _portion(self, test: PortionTest) -> Pair:
        return judge_portion(self.portion_sums(test), test)

    def portion_sums(self, test: PortionTest) -> tuple[int, int, int, int, int, int]:
        """Σ smallest, Σ whole certainly there, Σ largest, Σ whole at the largest, the least cost of a whole, wholes."""
        total_low = whole_low = total_high = whole_high = possible_wholes = 0
        cost = NO_COST
        up, down = test.sign * test.below, test.sign * test.above
        for member, value in zip(self.inner(), self.over(test.condition), strict=True):
            if not value:
                continue
            certain = value == 2
            part, whole = member.term(test.part), member.term(test.whole)
            # sign > 0: best is much part and little whole; sign < 0: the other way round
            best_part, worst_part = (part[1], part[0]) if up > 0 else (part[0], part[1])
            best_whole, worst_whole = (whole[0], whole[1]) if down > 0 else (whole[1], whole[0])
            low, high = up * worst_part - down * worst_whole, up * best_part - down * best_whole
            total_low += low if certain else min(0, low)
            whole_low += whole[0] if certain else 0
            taken = certain or high >= 0
            total_high += high if taken else 0
            whole_high += best_whole if taken else 0
            if whole[1] > 0:
                possible_wholes += 1
                with_whole = up * best_part - down * max(1, best_whole)
                cost = min(cost, (high if taken else 0) - with_whole)
        return total_low, whole_low, total_high, whole_high, cost, possible_wholes


NO_COST = 2**62


def _counted(outs: Sequence[int], yeses: Sequence[int], noes: Sequence[int]) -> Counts:
    """What `share_counts` tells, from whether each venture is out, in and counted, in and not counted."""
    if 1 not in outs and 1 not in yeses and 1 not in noes:
        yes, no = yeses.count(2), noes.count(2)
        return yes, no, yes, no, outs.count(0)
    yes_high = no_high = yes_low = no_low = certainly_in = 0
    for out, yes, no in zip(outs, yeses, noes, strict=True):
        if out != 2:
            certainly_in += not out
            yes_high += yes > 0
            no_high += not yes and not out
            no_low += no > 0
            yes_low += not no and not out
    return yes_high, no_high, yes_low, no_low, certainly_in


@dataclass
class Judged:
    """What a judge found: by statement how each venture stands, by share its counts, what that tells, and in the end
    how the subject stands by statement."""

    columns: Sequence[Sequence[int]]
    counts: Mapping[Places, Counts]
    given: Sequence[tuple[int, int]]
    values: Sequence[int]


@dataclass(frozen=True)
class Judge:
    """A plan written out: what it asks of each venture, and of the subject with what is told of its ventures.

    `criteria`: name, place among the subject's statements, and place of the statement whether it applies.
    """

    of_members: scalar.Statements
    own: scalar.Statements
    criteria: tuple[tuple[str, int, int], ...]
    overall: scalar.Statements
    told: tuple[tuple[scalar.OverMembers, Places], ...]
    shares: Mapping[Places, tuple[Formula, ...]]

    def judged(self, reckoning: Reckoning) -> Judged:
        """Judge a subject and its ventures."""
        asked, columns, counts = self.of_members, list[Sequence[int]](), dict[Places, Counts]()
        if asked.formulas:
            rows = asked.run(asked.rows(reckoning.members), (), False)
            columns = list(zip(*rows, strict=True)) if rows else [()] * len(asked.formulas)
        given, is_open = [], False
        for part, places in self.told:
            low: int
            high: int
            if isinstance(part, ShareTest):
                if places not in counts:
                    counts[places] = _counted(*(columns[place] for place in places))
                low, high = judge_share(counts[places], part)
            elif isinstance(part, CountOf):
                column = columns[places[0]]
                low, high = column.count(2), len(column) - column.count(0)
            else:
                reckoning.stand(part.condition, columns[places[0]])
                low, high = reckoning.pair(part) if isinstance(part, PortionTest) else reckoning.term(part)
            given.append((low, high))
            is_open = is_open or low != high
        values = self.own.run(self.own.rows([reckoning.facts]), given, is_open)[0]
        return Judged(columns, counts, given, values)

    def verdicts(self, judged: Judged) -> tuple[Verdict, dict[str, Verdict]]:
        """The verdict on the whole, and on each criterion."""
        values = judged.values
        criteria = {name: STANDS[values[place]] for name, place, _ in self.criteria}
        return self.whole(criteria), criteria

    def whole(self, criteria: Mapping[str, Verdict]) -> Verdict:
        """Kleene's logic over the criteria's verdicts."""
        row = self.overall.rows([{name: KLEENE[verdict] for name, verdict in criteria.items()}])
        return STANDS[self.overall.run(row, (), False)[0][0]]


STANDS = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET)
KLEENE = {Verdict.MET: 1, Verdict.NOT_MET: 0, Verdict.UNKNOWN: None}


@lru_cache(maxsize=256)
def judge_of(plan: Plan) -> Judge:
    """The plan's statements written out, once."""
    own = scalar.statements(tuple(dict.fromkeys(f for j in plan.judgements for f in (j.requirement, j.applies))))
    places = {formula: place for place, formula in enumerate(own.formulas)}
    criteria = tuple((j.name, places[j.requirement], places[j.applies]) for j in plan.judgements)
    asked: dict[Formula, int] = {}
    told: list[tuple[scalar.OverMembers, Places]] = []
    shares: dict[Places, tuple[Formula, ...]] = {}
    for part in own.outer:
        if isinstance(part, ShareTest):
            conditions: tuple[Formula, ...] = (part.out, part.yes, part.no)
        else:
            conditions = (part.condition,)
        found = tuple(asked.setdefault(condition, len(asked)) for condition in conditions)
        told.append((part, found))
        if isinstance(part, ShareTest):
            shares[found] = conditions
    overall = scalar.statements((plan.overall,))
    return Judge(scalar.statements(tuple(asked)), own, criteria, overall, tuple(told), shares)


def judge_share(counts: Counts, test: ShareTest) -> Pair:
    """Whether a share passes in all completions, and in some; of nobody it never does."""
    yes_high, no_high, yes_low, no_low, certainly_in = counts
    high: tuple[int, int] | None = None  # the highest share there can be, as (yes, all)
    low: tuple[int, int] | None = None
    if yes_high + no_high:
        high = (yes_high, yes_high + no_high)
    elif no_low:
        high = (0, 1)
    if yes_low + no_low:
        low = (yes_low, yes_low + no_low)
    elif yes_high:
        low = (1, 1)
    best, worst = (high, low) if test.sign > 0 else (low, high)

    def passes(share: tuple[int, int] | None) -> bool:
        return share is not None and test.sign * (test.below * share[0] - test.above * share[1]) >= test.strict

    return certainly_in > 0 and passes(worst), passes(best)


def judge_portion(sums: tuple[int, int, int, int, int, int], test: PortionTest) -> Pair:
    """Whether a portion passes in all completions, and in some with anything to divide by."""
    total_low, whole_low, total_high, whole_high, cost, possible_wholes = sums
    reach = total_high if whole_high > 0 else total_high - cost
    return whole_low > 0 and total_low >= test.strict, possible_wholes > 0 and reach >= test.strict


@dataclass(frozen=True)
class Verdicts:
    """A plan's verdicts for one subject; `applies` tells criteria that are asked of it."""

    overall: Verdict
    criteria: Mapping[str, Verdict]
    applies: Mapping[str, Verdict]


def evaluate(plan: Plan, facts: Facts, members: Sequence[Facts] = ()) -> Verdicts:
    """The verdict on each criterion and on the whole."""
    judge = judge_of(plan)
    judged = judge.judged(Reckoning(facts, members))
    overall, criteria = judge.verdicts(judged)
    return Verdicts(overall, criteria, {name: STANDS[judged.values[place]] for name, _, place in judge.criteria})
