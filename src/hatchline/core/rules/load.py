"""From a file's text to a Document, with every fault told at its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from hatchline.core.rules import nodes
from hatchline.core.rules.documents import (
    Case,
    Consequence,
    Criterion,
    Definition,
    Document,
    Group,
    Mark,
    Need,
    ParameterDeclaration,
    Variant,
)  # fmt: skip
from hatchline.core.rules.grammar import RESERVED, Scope, parse
from hatchline.core.rules.problems import InvalidRule, Position, Problem, Unsound
from hatchline.core.rules.reading import Reader
from hatchline.core.rules.texts import Text, Told, nearest
from hatchline.core.rules.vocabulary import Subject, Vocabulary, declare
from hatchline.core.values.quantity import Quantity, UnitError

UNCONFIRMED = "unconfirmed"
MOST_VENTURES = 100_000  # in one group of a case
WORDING = frozenset({"missing_language", "sense_silent"})
TOP = (
    "id", "number", "title", "issuer", "series", "subject", "in_force", "transition", "sample", "parameters",
    "definitions", "variants", "criteria", "overall", "consequences", "gaps", "cases",
)  # fmt: skip


def load_vocabulary(text: str, path: str = "vocabulary.yaml") -> Vocabulary:
    """The declared facts. Raises InvalidRule."""
    reader = Reader.open(text, path)
    facts = {}
    for name, entry in reader.entries():
        try:
            if name in RESERVED:
                raise Told(Text(f"“{name}”是规则语言的词", f"{name!r} is a word of the language"))
            facts[name] = declare(name, entry.raw)
        except (ValueError, KeyError, TypeError) as error:
            why = error.said if isinstance(error, Told) else Text(f"声明写得不对（{error}）", str(error))
            reader.problems.append(Problem(reader.place_of_key(name), "bad_fact", _of(name, why)))
    if reader.problems:
        raise InvalidRule(reader.problems)
    return Vocabulary(facts)


def _of(name: object, said: Text) -> Text:
    return Text(f"{name}：{said.zh}", f"{name}: {said.en}")


def _nobody(what: Text, name: object) -> Text:
    return Text(f"没有叫“{name}”的{what.zh}", f"no {what.en} is called {name!r}")


def _taken(name: str) -> Text:
    return Text(f"“{name}”已经有别的意思", f"{name!r} already means something else")


PARAMETER, CRITERION, VARIANT = Text("参数", "parameter"), Text("条件", "criterion"), Text("类型", "variant")


def load_document(text: str, vocabulary: Vocabulary, path: str = "document.yaml") -> Document:
    """The document of a file's text; `path` is only named in messages. Raises InvalidRule with all faults found."""
    return _Loader(text, vocabulary, path).document()


class _Loader:
    """Reads one file from top to bottom; `problems` collects what is wrong."""

    def __init__(self, text: str, vocabulary: Vocabulary, path: str) -> None:
        self.text, self.vocabulary, self.path = text, vocabulary, path
        self.top = Reader.open(text, path)
        self.problems = self.top.problems
        self.subject: Subject = "venture" if self.top.get("subject") == "venture" else "institution"
        self.parameters: dict[str, ParameterDeclaration] = {}
        self.definitions: dict[str, Definition] = {}
        self.broken: set[str] = set()  # criteria with a fault of their own
        self.mentioned: set[str] = set()  # words of conditions that cannot be read

    def document(self) -> Document:
        top = self.top
        top.only(*TOP)
        if top.need("subject") not in ("institution", "venture", None):
            top.fault("subject", "wrong_type", Text("subject 只能写 institution（孵化机构）或 venture（企业）",
                                                     "subject is institution or venture"))  # fmt: skip
        name, number, series = str(top.need("id")), str(top.need("number")), str(top.need("series"))
        title, issuer = top.both("title"), top.both("issuer")
        dates = top.child("in_force")
        dates.only("from", "until", "mark", "zh", "en")
        since, until = dates.day("from"), dates.day("until")
        if since is None:
            dates.need("from")
        if since and until and until <= since:
            dates.fault("until", "overlapping_dates", Text("截止日期早于施行日期", "in force until before it begins"))
        self.read_parameters()
        self.read_definitions()
        variants = self.read_variants()
        stands = self.sound(0)  # what every criterion may rest on
        criteria = self.read_criteria(variants)
        overall = self.read_overall(criteria)
        consequences = self.read_consequences()
        gaps = tuple(gap.both() for gap in top.child("gaps").items())
        cases = self.read_cases(criteria)
        mark, transition = dates.mark(), top.both("transition") if top.has("transition") else None
        found = Document(
            name, number, title, issuer, series, self.subject, since or date.min, until, mark, transition,
            self.parameters, self.definitions, variants, criteria, overall, consequences, gaps, cases, self.vocabulary,
            self.path, sha256(self.text.encode()).hexdigest(), bool(top.get("sample", False)),
            (dates.at.line, dates.at.column),
        )  # fmt: skip
        if self.problems:
            raise InvalidRule(self.problems, Unsound(found, stands, frozenset(self.broken), frozenset(self.mentioned)))
        return found

    def sound(self, before: int) -> bool:
        """Whether no fault told since then keeps anything from being judged; a missing wording does not."""
        return all(problem.code in WORDING for problem in self.problems[before:])

    # --- parameters

    def read_parameters(self) -> None:
        for name, entry in self.top.child("parameters").entries():
            if name in self.vocabulary or name in RESERVED:
                at = self.top.child("parameters").place_of_key(name)
                self.problems.append(Problem(at, "name_taken", _taken(name)))
            found = self.parameter(name, entry)
            if found:
                self.parameters[name] = found

    def parameter(
        self, name: str, entry: Reader, like: ParameterDeclaration | None = None
    ) -> ParameterDeclaration | None:
        entry.only("value", "values", "article", "mark", "zh", "en")
        if not entry.has("article"):
            entry.need("article")
        values: list[tuple[date | None, Quantity]] = []
        if entry.has("values"):
            for item in entry.child("values").items():
                item.only("from", "value")
                if quantity := self.quantity(item):
                    values.append((item.day("from"), quantity))
        elif quantity := self.quantity(entry):
            values.append((None, quantity))
        if not values:
            return None
        starts = [since or date.min for since, _ in values]
        if len(set(starts)) != len(starts):
            said = Text(f"{name} 有两个值从同一天开始", f"two values of {name} begin on one day")
            entry.fault("values", "overlapping_dates", said)
        if starts != sorted(starts):
            said = Text(f"{name} 的各个值没有按日期先后写", f"the values of {name} are not in the order of their dates")
            entry.fault("values", "overlapping_dates", said)
        dimension = like.dimension if like else values[0][1].dimension
        if any(value.dimension != dimension for _, value in values):
            unit = nodes.words(dimension)
            said = Text(f"{name} 的值的单位应当是{unit.zh}", f"the values of {name} must be in {unit.en}")
            entry.fault(None, "wrong_unit", said)
            return None
        text = entry.both() if like is None or entry.has("zh") else like.text
        return ParameterDeclaration(name, tuple(values), entry.text("article"), entry.mark(), text, entry.at)

    def quantity(self, entry: Reader) -> Quantity | None:
        raw = entry.need("value")
        if raw is None:
            return None
        try:
            return Quantity.parse(str(raw))
        except UnitError:
            said = Text(f"“{raw}”不是带已知单位的数", f"{raw!r} is not a number with a known unit")
            entry.fault("value", "bad_quantity", said)
            return None

    # --- expressions

    def expression(self, entry: Reader, key: str, subject: Subject) -> tuple[nodes.Node, frozenset[str]]:
        raw = entry.need(key)
        nothing: tuple[nodes.Node, frozenset[str]] = (nodes.Always(True), frozenset())
        if raw is None:
            return nothing
        scope = Scope(
            self.vocabulary,
            {name: parameter.dimension for name, parameter in self.parameters.items()},
            {name: definition.body for name, definition in self.definitions.items()},
            subject,
        )
        place = entry.inside(key)
        try:
            found = parse(str(raw), entry.place(key), scope, place)
        except InvalidRule as error:
            self.problems.extend(error.problems)
            self.mentioned |= set(re.findall(r"\w+", str(raw)))
            return nothing
        if found.kind != "truth":
            kind = nodes.KINDS[found.kind]
            said = Text(f"这是{kind.zh}，不是条件", f"this is a {kind.en}, not a condition")
            self.problems.append(Problem(place(0), "wrong_type", said))
            return nothing
        return found, frozenset(scope.used)

    def read_definitions(self) -> None:
        known = ("of", "article", "mark", "label", "zh", "en", "when")
        for name, entry in self.top.child("definitions").entries():
            entry.only(*known)
            of: Subject = "venture" if entry.get("of", "venture") == "venture" else "institution"
            if name in self.vocabulary or name in self.parameters or name in RESERVED:
                entry.fault(None, "name_taken", _taken(name))
            body, used = self.expression(entry, "when", of)
            text = self.sense(entry, used)
            self.definitions[name] = Definition(
                name, entry.text("article"), entry.mark(), entry.both("label"), text, body, used, entry.at
            )

    def sense(self, entry: Reader, used: frozenset[str]) -> Text:
        """The plain words; every parameter used must be named in both languages, and nothing else."""
        text = entry.both()
        from hatchline.core.rules.documents import PLACEHOLDER

        wanted = {name for name in used if name in self.parameters}
        for language, words in (("zh", text.zh), ("en", text.en)):
            named = set(PLACEHOLDER.findall(words))
            for name in sorted(named - set(self.parameters)):
                entry.fault(language, "unknown_name", _nobody(PARAMETER, name), nearest(name, self.parameters))
            for name in sorted(wanted - named):
                tongue = {"zh": "中文", "en": "英文"}[language]
                said = Text(f"条件用到参数 {name}，{tongue}释义里却没有写 {{{name}}}",
                            f"the requirement uses {name}, but its sense in {language} does not say it")  # fmt: skip
                entry.fault(language if entry.has(language) else None, "sense_silent", said)
        return text

    def read_variants(self) -> dict[str, Variant]:
        found: dict[str, Variant] = {}
        for name, entry in self.top.child("variants").entries():
            entry.only("label", "zh", "en", "article", "mark", "when", "set", "scale")
            when, used = self.expression(entry, "when", self.subject)
            values: dict[str, ParameterDeclaration] = {}
            for parameter, given in entry.child("set").entries():
                like = self.parameters.get(parameter)
                if like is None:
                    at = entry.child("set").place_of_key(parameter)
                    hint = nearest(parameter, self.parameters)
                    self.problems.append(Problem(at, "unknown_name", _nobody(PARAMETER, parameter), hint))
                elif declared := self.parameter(parameter, given, like):
                    values[parameter] = declared
            scale = entry.child("scale")
            factor = scale.text("by") or None
            scaled = tuple(str(item) for item in scale.get("of", ()))
            for parameter in (*scaled, *([factor] if factor else [])):
                if parameter not in self.parameters:
                    hint = nearest(parameter, self.parameters)
                    scale.fault("of", "unknown_name", _nobody(PARAMETER, parameter), hint)
            found[name] = Variant(
                name, entry.both("label"), entry.both(), entry.text("article"), entry.mark(), when, values, factor,
                scaled, used, entry.at,
            )  # fmt: skip
        return found

    def read_criteria(self, variants: Mapping[str, Variant]) -> dict[str, Criterion]:
        found: dict[str, Criterion] = {}
        for entry in self.top.child("criteria").items():
            before = len(self.problems)
            entry.only("id", "article", "mark", "label", "zh", "en", "requires", "only_in")
            name = str(entry.need("id"))
            if name in found:
                entry.fault("id", "name_taken", Text(f"有两个条件都叫 {name}", f"two criteria are called {name}"))
            only_in = entry.get("only_in")
            if only_in is not None and only_in not in variants:
                entry.fault("only_in", "unknown_name", _nobody(VARIANT, only_in), nearest(str(only_in), variants))
            if not entry.has("article"):
                entry.need("article")
            requirement, used = self.expression(entry, "requires", self.subject)
            text = self.sense(entry, used)
            found[name] = Criterion(
                name, entry.text("article"), entry.mark(), entry.both("label"), text, requirement,
                str(only_in) if only_in else None, used, entry.at,
            )  # fmt: skip
            if not self.sound(before):
                self.broken.add(name)
        if not found:
            said = Text("文件至少要有一个条件（criteria）", "a document needs criteria")
            self.problems.append(Problem(self.top.at, "missing_key", said))
        return found

    def read_overall(self, criteria: Mapping[str, Criterion]) -> Need:
        if not self.top.has("overall"):
            return Need(tuple(criteria))
        return self.need_of(self.top.get("overall"), self.top.place("overall"), criteria)

    def need_of(self, raw: Any, at: Position, criteria: Mapping[str, Criterion]) -> Need:
        if not isinstance(raw, dict) or "of" not in raw or not isinstance(raw["of"], list):
            said = Text("overall 要写 of（条件的列表），还可以写 least（至少几项）",
                        "overall is a mapping with 'of' (a list) and perhaps 'least'")  # fmt: skip
            self.problems.append(Problem(at, "wrong_shape", said))
            return Need(tuple(criteria))
        items: list[Need | str] = []
        for item in raw["of"]:
            if isinstance(item, dict):
                items.append(self.need_of(item, at, criteria))
            elif str(item) in criteria:
                items.append(str(item))
            else:
                hint = nearest(str(item), criteria)
                self.problems.append(Problem(at, "unknown_name", _nobody(CRITERION, item), hint))
        least = raw.get("least")
        if least is not None and not (isinstance(least, int) and 1 <= least <= len(raw["of"])):
            many = len(raw["of"])
            said = Text(f"{many} 项里不能要求至少 {least} 项", f"at least {least} of {many} makes no sense")
            self.problems.append(Problem(at, "bad_count", said))
        return Need(tuple(items), least)

    def read_consequences(self) -> tuple[Consequence, ...]:
        found = []
        for entry in self.top.child("consequences").items():
            entry.only("kind", "article", "mark", "zh", "en", "parameters")
            named = tuple(str(name) for name in entry.get("parameters", ()))
            for name in named:
                if name not in self.parameters:
                    hint = nearest(name, self.parameters)
                    entry.fault("parameters", "unknown_name", _nobody(PARAMETER, name), hint)
            text = self.sense(entry, frozenset(named))
            found.append(Consequence(str(entry.need("kind")), entry.text("article"), entry.mark(), text, named))
        return tuple(found)

    # --- cases

    def read_cases(self, criteria: Mapping[str, Criterion]) -> tuple[Case, ...]:
        found: list[Case] = []
        for entry in self.top.child("cases").items():
            before = len(self.problems)
            entry.only("zh", "en", "as_of", "facts", "ventures", "expect", "edges")
            name, day = entry.both(), entry.day("as_of")
            if day is None:
                entry.need("as_of")
                continue
            facts = self.facts(entry.child("facts"), self.subject)
            groups = []
            for label, item in entry.child("ventures").entries():
                item.only("times", "facts")
                groups.append(Group(label, self.times(item, 1), self.facts(item.child("facts"), "venture")))
            case = Case(name, day, facts, tuple(groups), self.expected(entry, criteria), entry.at)
            if not self.sound(before):
                continue  # nor can its edges be judged
            found.append(case)
            for edge in entry.child("edges").items():
                found.append(self.edge(edge, case, criteria))
        return tuple(found)

    def edge(self, entry: Reader, case: Case, criteria: Mapping[str, Criterion]) -> Case:
        """A case that differs from another in a few facts: at, just below or just above a threshold."""
        entry.only("set", "ventures", "expect", "zh", "en", "as_of")
        facts = {**case.facts, **self.facts(entry.child("set"), self.subject)}
        groups = {group.name: group for group in case.groups}
        for label, item in entry.child("ventures").entries():
            item.only("times", "facts")
            old = groups.get(label, Group(label, 1, {}))
            changed = {**old.facts, **self.facts(item.child("facts"), "venture")}
            groups[label] = Group(label, self.times(item, old.times), changed)
        name = entry.both() if entry.has("zh") else case.name
        expected = self.expected(entry, criteria)
        day = entry.day("as_of") or case.as_of
        return Case(name, day, facts, tuple(groups.values()), expected, entry.at)

    def times(self, entry: Reader, otherwise: int) -> int:
        """How many ventures a group stands for."""
        found = entry.get("times", otherwise)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST_VENTURES:
            said = Text(f"times 是 0 到 {MOST_VENTURES:,} 的整数，不能是“{found}”",
                        f"times is a whole number from 0 to {MOST_VENTURES:,}, not {found!r}")  # fmt: skip
            entry.fault("times", "bad_count", said)
            return otherwise
        return found

    def facts(self, entry: Reader, subject: Subject) -> dict[str, object]:
        from hatchline.core.rules.vocabulary import UnreadableFact

        found: dict[str, object] = {}
        for name in entry.raw if isinstance(entry.raw, dict) else ():
            value = entry.raw[name]
            try:
                found[str(name)] = self.vocabulary.column(str(name), subject).encode(
                    value if value is None or isinstance(value, bool | date) else str(value)
                )
            except UnreadableFact as error:
                entry.fault(name, "bad_fact", _of(name, error.said))
        return found

    def expected(self, entry: Reader, criteria: Mapping[str, Criterion]) -> dict[str, str]:
        raw = entry.need("expect")
        if isinstance(raw, str):
            raw = {"overall": raw}
        elif raw is not None and not isinstance(raw, dict):
            said = Text("expect 写一个结论，或者逐个条件写结论",
                        "expect is a verdict, or a mapping of criteria to verdicts")  # fmt: skip
            entry.fault("expect", "wrong_shape", said)
            raw = None
        found: dict[str, str] = {}
        for name, verdict in (raw or {}).items():
            if name != "overall" and name not in criteria:
                entry.fault("expect", "unknown_name", _nobody(CRITERION, name), nearest(str(name), criteria))
            elif verdict not in ("met", "not_met", "unknown"):
                said = Text(f"没有“{verdict}”这种结论：写 met（达标）、not_met（未达标）或 unknown（未知）",
                            f"{verdict!r} is none of met, not_met, unknown")  # fmt: skip
                entry.fault("expect", "unknown_verdict", said)
            else:
                found[str(name)] = str(verdict)
        return found


__all__ = ["UNCONFIRMED", "Mark", "load_document", "load_vocabulary"]
