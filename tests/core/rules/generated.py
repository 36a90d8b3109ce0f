"""Documents and populations made up by hypothesis, small enough to try every completion."""

from __future__ import annotations

from hypothesis import strategies as st

from hatchline.core.rules.load import load_document, load_vocabulary

WORDS = load_vocabulary(
    """
area: {subject: institution, type: number, unit: m2, zh: 面积, en: area, largest: 0.0003 m2}
used: {subject: institution, type: number, unit: m2, zh: 已用, en: used, largest: 0.0003 m2}
staff: {subject: institution, type: number, unit: person, zh: 人员, en: staff, largest: 3 person, effort: 2}
open: {subject: institution, type: truth, zh: 开放, en: open}
tier:
  {subject: institution, type: choice, zh: 级别, en: tier,
   choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}}}
here: {subject: venture, type: truth, zh: 在此, en: here}
own: {subject: venture, type: truth, zh: 自有, en: own}
field:
  {subject: venture, type: choice, zh: 领域, en: field,
   choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}}}
age: {subject: venture, type: number, unit: month, zh: 年龄, en: age, largest: 0.0968 month}
stay: {subject: venture, type: number, unit: month, zh: 在孵, en: stay, largest: 0.0968 month}
jobs: {subject: venture, type: number, unit: person, zh: 就业, en: jobs, largest: 2 person}
college: {subject: venture, type: number, unit: person, zh: 大专, en: college, largest: 2 person}
""".replace("0.0968 month", "3 month"),
    "words.yaml",
)
for _fact in WORDS:  # a month is kept in 31 steps; a test wants four values
    if _fact.unit.name == "month":
        object.__setattr__(_fact, "largest", 3)


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


def document(*requirements: str, name: str = "made-up"):
    """A document with these criteria and one variant. Raises InvalidRule."""
    criteria = "\n".join(
        f"""  - id: C{index}
    article: 第{index}条
    mark: sample
    label: {{zh: 条件, en: criterion}}
    zh: 条件
    en: criterion
    requires: |
      {text}"""
        for index, text in enumerate(requirements)
    )
    return load_document(
        f"""id: {name}
number: 样例〔2020〕1号
title: {{zh: 样例, en: sample}}
issuer: {{zh: 样例, en: sample}}
series: made-up
subject: institution
in_force: {{from: 2020-01-01, mark: sample}}
criteria:
{criteria}
""",
        WORDS,
        "made-up.yaml",
    )


def values(declared) -> st.SearchStrategy[dict[str, int | None]]:
    return st.fixed_dictionaries(
        {fact.name: st.one_of(st.none(), st.integers(fact.smallest, fact.largest)) for fact in declared}
    )


def mostly_known(declared, known: int) -> st.SearchStrategy[dict[str, int | None]]:
    """Facts of which about one in `known` + 1 is unknown."""
    return st.fixed_dictionaries(
        {fact.name: st.one_of(*[st.integers(fact.smallest, fact.largest)] * known, st.none()) for fact in declared}
    )


FACTS = values(WORDS.of("institution"))
MEMBERS = st.lists(mostly_known(WORDS.of("venture"), 3), max_size=3)
