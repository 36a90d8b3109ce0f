"""What a document can get wrong although every line of it can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from hatchline.core.rules.bind import DocumentBinder, bind
from hatchline.core.rules.documents import Case, Document, Need, Variant
from hatchline.core.rules.entangle import exact
from hatchline.core.rules.plan import Plan
from hatchline.core.rules.problems import InvalidRule, Misuse, Position, Problem
from hatchline.core.rules.reckon import Reckoning, Verdicts, evaluate
from hatchline.core.rules.texts import VERDICTS, Text

MANY = 200  # ventures of whom nothing is known, to see whether a variant could ever apply


def check(document: Document) -> list[Problem]:
    """Everything wrong with one document: unused figures, variants that never apply, conditions that cannot be judged,
    cases that fail."""
    problems = [*_unused(document), *_variants(document)]
    try:
        bind(document, document.in_force)
    except Misuse:
        return sorted([*problems, *_unjudgeable(document)])
    plans: dict[date, Plan] = {}
    for case in document.cases:
        plan = plans.get(case.as_of) or plans.setdefault(case.as_of, bind(document, case.as_of))
        problems.extend(_failures(document, case, plan))
    if not document.cases:
        said = Text("文件要有案例（cases）", "a document needs cases")
        problems.append(Problem(Position(document.path, 1, 1), "no_case", said))
    return sorted(problems)


def besides(error: InvalidRule) -> list[Problem]:
    """What else is wrong with a document that cannot be used, as far as it could be read.

    Its cases are tried only where what they rest on was read whole: no fault is told that another one makes.
    """
    found = error.unsound
    if found is None:
        return []
    document = found.document
    problems = _unused(document, found.mentioned)
    if not found.stands:
        return problems
    problems += _variants(document)
    sound = {name: criterion for name, criterion in document.criteria.items() if name not in found.broken}
    part = replace(document, criteria=sound, overall=Need(tuple(sound))) if found.broken else document
    for case in part.cases:
        left = {name: each for name, each in case.expected.items() if name in sound}
        if part is document and "overall" in case.expected:
            left["overall"] = case.expected["overall"]
        try:
            problems += _failures(part, replace(case, expected=left), bind(part, case.as_of))
        except Misuse:
            return problems  # told by `check` once the document can be read
    return problems


def check_all(documents: Iterable[Document], beside: Iterable[Document] = ()) -> list[Problem]:
    """Each document, and the editions of one rule together: no two in force on one day, no two of one name.

    Those `beside` them are not checked themselves, but may be editions of the same rule.
    """
    found = list(documents)
    problems = [problem for document in found for problem in check(document)]
    checked = {document.path for document in found}
    found += beside
    named: dict[str, Document] = {}
    for document in found:
        at = Position(document.path, 1, 1)
        if document.name in named:
            other = named[document.name].path
            said = Text(f"{other} 也叫 {document.name}", f"{other} is called {document.name} as well")
            problems.append(Problem(at, "name_taken", said))
        named[document.name] = document
    for series in sorted({d.series for d in found}):
        editions = sorted((d for d in found if d.series == series), key=lambda d: d.in_force)
        for old, new in pairwise(editions):
            if not checked & {old.path, new.path}:
                continue
            if old.until is None or old.until > new.in_force:
                told = new if new.path in checked else old
                said = Text(
                    f"{new.name} 自 {new.in_force} 起施行，同一系列的 {old.name} 却"
                    + (f"要到 {old.until} 才失效" if old.until else "没有截止日期"),
                    f"{new.name} begins on {new.in_force}, but {old.name} of the same series is in force until "
                    f"{old.until or 'further notice'}",
                )
                problems.append(Problem(Position(told.path, *told.dates_at), "overlapping_dates", said))
    return sorted(problems)


def _unused(document: Document, mentioned: frozenset[str] = frozenset()) -> list[Problem]:
    used = set(mentioned)
    for names in (
        *(c.used for c in document.criteria.values()),
        *(v.used for v in document.variants.values()),
        *(d.used for d in document.definitions.values()),
    ):
        used |= names
    used |= {name for consequence in document.consequences for name in consequence.parameters}
    used |= {variant.factor for variant in document.variants.values() if variant.factor}
    problems = [
        Problem(parameter.at, "unused_parameter",
                Text(f"没有任何地方用到参数 {name}", f"nothing uses the parameter {name}"))
        for name, parameter in document.parameters.items() if name not in used
    ]  # fmt: skip
    problems += [
        Problem(definition.at, "unused_definition",
                Text(f"没有任何地方用到定义 {name}", f"nothing uses the definition {name}"))
        for name, definition in document.definitions.items() if name not in used
    ]  # fmt: skip
    return problems


def _variants(document: Document) -> list[Problem]:
    problems = []
    for variant in document.variants.values():
        changes = variant.values or variant.scaled or any(c.only_in == variant.name for c in document.criteria.values())
        if not changes:
            said = Text(f"类型 {variant.name} 什么也没有改变", f"the variant {variant.name} changes nothing")
            problems.append(Problem(variant.at, "idle_variant", said))
        if not can_apply(document, variant):
            said = Text(f"类型 {variant.name} 永远不会适用", f"the variant {variant.name} can never apply")
            problems.append(Problem(variant.at, "never_applies", said))
    return problems


def can_apply(document: Document, variant: Variant) -> bool:
    """Whether some facts, of the subject and of its ventures, make the variant apply."""
    try:
        guard = exact(DocumentBinder(document, document.in_force, {}).guard(variant), strict=False)
    except Misuse:
        return True  # told elsewhere, with its place
    nobody: dict[str, int | None] = {}
    members = [nobody] * MANY if document.subject == "institution" else []
    return Reckoning({}, members).pair(guard)[1]


def _unjudgeable(document: Document) -> list[Problem]:
    problems = []
    binder = DocumentBinder(document, document.in_force, {})
    for criterion in document.criteria.values():
        try:
            binder.judgement(criterion)
        except Misuse as misuse:
            said = Text(f"{criterion.name}：{misuse.said.zh}", f"{criterion.name}: {misuse.said.en}")
            problems.append(Problem(criterion.at, misuse.code, said, misuse.advice))
    return problems


def run_case(document: Document, case: Case, plan: Plan | None = None) -> Verdicts:
    """The verdicts of a case; `plan` is the document's on the day of the case, when it is at hand."""
    facts, members = resolved(case)
    return evaluate(plan or bind(document, case.as_of), facts, members)


def resolved(case: Case) -> tuple[dict[str, int | None], list[dict[str, int | None]]]:
    """A case's facts as they are kept, every venture of a group by itself."""
    facts = {name: _kept(value) for name, value in case.facts.items()}
    members: list[dict[str, int | None]] = []
    for group in case.groups:
        member = {name: _kept(value) for name, value in group.facts.items()}
        members.extend([member] * group.times)
    return facts, members


def _kept(value: object) -> int | None:
    assert value is None or isinstance(value, int)
    return value


@dataclass(frozen=True)
class CaseResult:
    case: Case
    name: str
    expected: str
    found: str

    @property
    def is_right(self) -> bool:
        return self.expected == self.found


def case_results(document: Document, case: Case, plan: Plan | None = None) -> list[CaseResult]:
    """What a case should give and what it gives."""
    verdicts = run_case(document, case, plan)
    return [
        CaseResult(case, name, expected, str(verdicts.overall if name == "overall" else verdicts.criteria[name]))
        for name, expected in case.expected.items()
    ]


def _failures(document: Document, case: Case, plan: Plan) -> list[Problem]:
    return [
        Problem(
            case.at, "case_fails", _failing(result),
            about=(result.name, result.expected, result.found, case.name.zh, case.name.en),
        )
        for result in case_results(document, case, plan) if not result.is_right
    ]  # fmt: skip


def _failing(result: CaseResult) -> Text:
    expected, found, name = VERDICTS[result.expected], VERDICTS[result.found], result.case.name
    what = Text("结论", "the whole") if result.name == "overall" else Text(result.name, result.name)
    return Text(
        f"案例“{name.zh}”：{what.zh} 应为“{expected.zh}”，算出来是“{found.zh}”",
        f'case "{name.en}": {what.en} should be {expected.en}, is {found.en}',
    )
