"""Documents and populations made up by hypothesis, small enough to try every completion."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from hatchline.core.rules.load import load_document, load_vocabulary
from hatchline.core.rules.vocabulary import FactDeclaration, day_number

FIRST_DAY = day_number(date(2019, 12, 29))
YEARS = (2018, 2019)
WORDS = load_vocabulary(
    """
area: {subject: institution, type: number, unit: m2, zh: 面积, en: area, largest: 0.0003 m2}
used: {subject: institution, type: number, unit: m2, zh: 已用, en: used, largest: 0.0003 m2}
staff: {subject: institution, type: number, unit: person, zh: 人员, en: staff, largest: 3 person, effort: 2}
open: {subject: institution, type: truth, zh: 开放, en: open}
tier:
  {subject: institution, type: choice, zh: 级别, en: tier,
   choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}}}
since: {subject: institution, type: date, zh: 起始, en: since}
spent: {subject: institution, type: number, unit: yuan, yearly: true, zh: 支出, en: spent, largest: 0.02 yuan}
here: {subject: venture, type: truth, zh: 在此, en: here}
own: {subject: venture, type: truth, zh: 自有, en: own}
field:
  {subject: venture, type: choice, zh: 领域, en: field,
   choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}}}
age: {subject: venture, type: number, unit: month, zh: 年龄, en: age, largest: 0.0968 month}
stay: {subject: venture, type: number, unit: month, zh: 在孵, en: stay, largest: 0.0968 month}
entered: {subject: venture, type: date, zh: 入驻, en: entered}
income: {subject: venture, type: number, unit: yuan, yearly: true, zh: 收入, en: income, largest: 0.02 yuan}
jobs: {subject: venture, type: number, unit: person, zh: 就业, en: jobs, largest: 2 person}
college: {subject: venture, type: number, unit: person, zh: 大专, en: college, largest: 2 person}
""".replace("0.0968 month", "3 month"),
    "words.yaml",
)
for _fact in WORDS:  # a month is kept in 31 steps; a test wants four values
    if _fact.unit.name == "month":
        object.__setattr__(_fact, "largest", 3)
    if _fact.kind == "date":  # three days in a row, around six months before the day of evaluation
        object.__setattr__(_fact, "smallest", FIRST_DAY)
        object.__setattr__(_fact, "largest", FIRST_DAY + 2)


def thresholds(unit: str) -> st.SearchStrategy[str]:
    return st.integers(0, 3).map(lambda n: f"{n} {unit}")


OPS = st.sampled_from([">=", ">", "<=", "<"])


@st.composite
def member_conditions(draw, depth: int = 2) -> str:
    """A condition about one venture."""
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(
            st.one_of(
                st.sampled_from(["here", "own", "not here", "not own"]),
                st.sampled_from(["field in {a}", "field in {a, b}", "not field in {b}", "field in {b, c}"]),
                st.builds(lambda op, n: f"jobs {op} {n} person", OPS, st.integers(0, 2)),
                st.builds(lambda op, n: f"college {op} {n} person", OPS, st.integers(0, 2)),
                st.builds(lambda op, n: f"jobs - college {op} {n} person", OPS, st.integers(0, 1)),
                st.builds(lambda op: f"college / jobs {op} 50 %", OPS),
                st.builds(lambda op: f"age {op} stay", OPS),
                st.builds(lambda n: f"jobs = {n} person", st.integers(0, 2)),
                st.builds(lambda op, n: f"2 * jobs {op} {n} person", OPS, st.integers(0, 4)),
                st.builds(lambda op: f"jobs / 2 person {op} 50 %", OPS),
                st.builds(lambda op: f"entered {op} 2019-12-30", OPS),
                st.builds(lambda op: f"months(entered, as_of) {op} 6 month", OPS),
                st.builds(lambda op: f"months(entered, as_of) {op} few_months", OPS),
                st.builds(lambda op, n: f"income@-1 {op} 0.0{n} yuan", OPS, st.integers(0, 2)),
                st.builds(lambda op, n: f"total(income@-2..-1) {op} 0.0{n} yuan", OPS, st.integers(0, 3)),
                st.builds(lambda op, n: f"best(1, income@-2..-1) {op} 0.0{n} yuan", OPS, st.integers(0, 2)),
                st.builds(lambda op: f"income@-1 - income@-2 {op} 50 % * income@-2", OPS),
                st.builds(lambda op: f"greatest(jobs, college) {op} 1 person", OPS),
                st.builds(lambda op: f"bands(college / jobs, >= 50 %: 2, >= 10 %: 1, else 0) {op} 1 point", OPS),
                st.sampled_from(["member", "not member"]),
            )
        )
    inner = member_conditions(depth=depth - 1)
    one, two = draw(inner), draw(inner)
    shape = draw(st.sampled_from(["and", "or", "not", "at least"]))
    if shape == "not":
        return f"not ({one})"
    if shape == "at least":
        return f"at least 2 of ({one}, {two}, {draw(inner)})"
    return f"({one} {shape} {two})"


@st.composite
def aggregate_comparisons(draw) -> str:
    """One aggregate against a figure."""
    where, also, op = draw(member_conditions()), draw(member_conditions()), draw(OPS)
    share = draw(st.sampled_from(["0 %", "30 %", "50 %", "66.6 %", "75 %", "100 %"]))
    many = draw(st.integers(0, 3))
    return draw(
        st.sampled_from(
            [
                f"count(ventures where {where}) {op} {many} firm",
                f"share(ventures where {where}, {also}) {op} {share}",
                f"sum(ventures where {where}, jobs) {op} {many} person",
                f"portion(ventures where {where}, college of jobs) {op} {share}",
                f"max(ventures where {where}, jobs) {op} {many} person",
                f"min(ventures where {where}, jobs) {op} {many} person",
                f"share(ventures, {also}) {op} {share}",
                f"count(ventures where {where}) + count(ventures where {also}) {op} {many} firm",
                f"count(ventures where {where}) - count(ventures where {also}) {op} 0 firm",
                f"count(ventures where member) {op} few_firms",
                f"count(ventures where {where}) = {many} firm",
                f"sum(ventures where {where}, jobs + college) {op} {many} person",
                f"max(ventures where {where}, income@-1 + income@-2) {op} 0.0{many} yuan",
                f"max(ventures where {where}, months(entered, as_of)) {op} few_months",
            ]
        )
    )


@st.composite
def own_comparisons(draw) -> str:
    op, many = draw(OPS), draw(st.integers(0, 3))
    return draw(
        st.sampled_from(
            [
                f"staff {op} {many} person",
                f"used / area {op} 75 %",
                f"used {op} area",
                "open",
                "not open",
                "tier in {a, b}",
                "not tier in {a}",
                f"staff / count(ventures where here) {op} 1 person/2 firm",
                f"greatest(staff, 2 person) {op} {many} person",
                f"least(staff, 2 person) {op} {many} person",
                f"bands(used / area, >= 75 %: 2, >= 30 %: 1, else 0) {op} {many} point",
                f"staff = {many} person",
                f"staff * 2 {op} {many} person",
                f"staff / 2 person {op} 50 %",
                f"since {op} 2019-12-30",
                f"months(since, as_of) {op} few_months",
                f"spent@-1 / spent@-2 {op} 75 %",
                f"total(spent@-2..-1) {op} 0.0{many} yuan",
                f"best(1, spent@-2..-1) {op} 0.0{many} yuan",
                f"staff - count(ventures where member) / few_firms * 1 person {op} 0 person",
                "settled",
                "not settled",
                "bands(staff, >= 2 person: 2, >= 1 person: 1, else 0) + bands(used, >= 1 m2: 1, else 0)"
                f" {op} {many} point",
            ]
        )
    )


@st.composite
def requirements(draw, depth: int = 2) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(aggregate_comparisons(), own_comparisons()))
    one, two = draw(requirements(depth=depth - 1)), draw(requirements(depth=depth - 1))
    return draw(
        st.sampled_from([f"({one} and {two})", f"({one} or {two})", f"not ({one})", f"at least 1 of ({one}, {two})"])
    )


PARAMETERS = """
  few_months: {value: 6 month, article: 一, mark: sample, zh: 月, en: months}
  few_firms: {value: 2 firm, article: 一, mark: sample, zh: 家, en: firms}
  few_staff: {value: 2 person, article: 一, mark: sample, zh: 人, en: persons}
"""
DEFINITIONS = """
  member: {of: venture, article: 一, mark: sample, label: {zh: 成员, en: member}, zh: "{few_months}",
           en: "{few_months}", when: "here and months(entered, as_of) <= few_months"}
  settled: {of: institution, article: 一, mark: sample, label: {zh: 稳定, en: settled}, zh: "{few_staff}",
            en: "{few_staff}", when: "open or staff >= few_staff"}
"""
VARIANTS = """
  small:
    {label: {zh: 小, en: small}, zh: 小, en: small, article: 一, mark: sample, when: "tier in {a}",
     set: {few_firms: {value: 1 firm, article: 一, mark: sample},
           few_staff: {value: 1 person, article: 一, mark: sample}}}
  many:
    {label: {zh: 多, en: many}, zh: 多, en: many, article: 一, mark: sample,
     when: "count(ventures where own) >= 2 firm",
     scale: {by: half, of: [few_months, few_firms]}}
"""
OVERALLS = st.sampled_from(["all", "one", "most"])


def document(*requirements: str, name: str = "made-up", variants: bool = False, overall: str = "all"):
    """A document with these criteria; with `variants` other figures for some and the last criterion for them alone.

    Raises InvalidRule.
    """
    criteria = "\n".join(
        f"""  - id: C{index}
    article: 第{index}条
    mark: sample
    label: {{zh: 条件, en: criterion}}
    zh: "{named(text)}"
    en: "{named(text)}"
    requires: |
      {text}
{"    only_in: small" if variants and index and index == len(requirements) - 1 else ""}"""
        for index, text in enumerate(requirements)
    )
    names = [f"C{index}" for index in range(len(requirements))]
    least = {"all": len(names), "one": 1, "most": (len(names) + 1) // 2}[overall]
    half = "  half: {value: 50 %, article: 一, mark: sample, zh: 半, en: half}\n" if variants else ""
    return load_document(
        f"""id: {name}
number: 样例〔2020〕1号
title: {{zh: 样例, en: sample}}
issuer: {{zh: 样例, en: sample}}
series: made-up
subject: institution
in_force: {{from: 2020-01-01, mark: sample}}
parameters:{PARAMETERS}{half}definitions:{DEFINITIONS}{"variants:" + VARIANTS if variants else ""}
criteria:
{criteria}
overall: {{least: {least}, of: [{", ".join(names)}]}}
""",
        WORDS,
        "made-up.yaml",
    )


def named(text: str) -> str:
    """The parameters a text uses, as its sense must name them."""
    return " ".join(f"{{{name}}}" for name in ("few_months", "few_firms", "few_staff") if name in text) or "-"


def columns(declared) -> list[tuple[str, FactDeclaration]]:
    """Every column of some facts: yearly ones for two years."""
    return [
        (f"{fact.name}@{year}" if year else fact.name, fact)
        for fact in declared for year in (YEARS if fact.is_yearly else (0,))
    ]  # fmt: skip


def values(declared) -> st.SearchStrategy[dict[str, int | None]]:
    return st.fixed_dictionaries(
        {name: st.one_of(st.none(), st.integers(fact.smallest, fact.largest)) for name, fact in columns(declared)}
    )


def mostly_known(declared, known: int) -> st.SearchStrategy[dict[str, int | None]]:
    """Facts of which about one in `known` + 1 is unknown."""
    return st.fixed_dictionaries(
        {
            name: st.one_of(*[st.integers(fact.smallest, fact.largest)] * known, st.none())
            for name, fact in columns(declared)
        }
    )


FACTS = values(WORDS.of("institution"))
MEMBERS = st.lists(mostly_known(WORDS.of("venture"), 3), max_size=3)
