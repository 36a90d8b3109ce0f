"""What is wrong with a document is told with its file, line and column; the packaged documents have nothing wrong."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest

from hatchline.core.rules import prose
from hatchline.core.rules.check import besides, check, check_all
from hatchline.core.rules.documents import Mark, unconfirmed, used_by
from hatchline.core.rules.load import load_document
from hatchline.core.rules.problems import InvalidRule
from hatchline.core.rules.vocabulary import UnreadableFact, day_number, number_day
from hatchline.core.rules.wording import article_text
from hatchline.core.values.quantity import Quantity
from hatchline.rulebook import library, read
from tests.core.rules.generated import WORDS

GOOD = """id: good
number: 样例〔2020〕1号
title: {zh: 样例, en: sample}
issuer: {zh: 样例, en: sample}
series: good
subject: institution
in_force: {from: 2020-01-01, mark: sample}
parameters:
  few_staff: {value: 2 人, article: 第一条, mark: sample, zh: 人员, en: staff}
criteria:
  - id: A
    article: 第一条
    mark: sample
    label: {zh: 人员, en: staff}
    zh: 人员不少于 {few_staff}。
    en: At least {few_staff}.
    requires: staff >= few_staff
cases:
  - zh: 恰好
    en: just
    as_of: 2020-06-30
    facts: {staff: 2}
    expect: met
    edges:
      - {set: {staff: 1}, expect: not_met}
      - {set: {staff: null}, expect: unknown}
"""


IDLE = "  idle: {value: 1 人, article: 第一条, mark: sample, zh: 闲, en: idle}"


def faults(text, path="made.yaml"):
    """The problems of a text, whether found on loading or by checking; each is told in plain Chinese, too."""
    try:
        found = check(load_document(text, WORDS, path))
    except InvalidRule as error:
        found = error.problems
    assert all(in_chinese(problem) for problem in found), [problem.said.zh for problem in found]
    return found


def in_chinese(problem):
    """Words of the document and its language may stand there as they are written, but no English sentence."""
    told = f"{problem.said.zh} {problem.advice.zh}"
    return re.search("[\u4e00-\u9fff]", problem.said.zh) and not re.search(r"[a-z]+ (is|are|be|a|the|not) [a-z]+", told)


def line_of(text, part):
    """Line and column, from 1, where a part of a text begins."""
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def test_a_good_document_has_no_faults():
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "hint"),
    [
        ("staff >= few_staff", "staf >= few_staff", "unknown_name", "staf >=", "staff"),
        ("staff >= few_staff", "staff >= few_staf", "unknown_name", "few_staf\n", "few_staff"),
        ("staff >= few_staff", "area >= few_staff", "wrong_unit", ">= few_staff", ""),
        ("staff >= few_staff", "staff >= few_staff 2", "syntax", "2\ncases", ""),
        ("staff >= few_staff", "staff >= 2 parsecs", "unknown_unit", "2 parsecs", ""),
        ("staff >= few_staff", "own and staff >= few_staff", "wrong_subject", "own and", ""),
        ("staff >= few_staff", "staff ! least", "bad_character", "! least", ""),
        ("2 人, article", "2 斤, article", "bad_quantity", "2 斤", ""),
        ("mark: sample, zh: 人员", "mark: weak, zh: 人员", "unknown_mark", "weak", "not encoded"),
        ("{staff: 1}, expect: not_met", "{staff: 1}, expect: met", "case_fails", "{set: {staff: 1}", ""),
        ("{staff: 1}", "{stuff: 1}", "bad_fact", "1}, expect", ""),
        ("At least {few_staff}.", "At least two.", "sense_silent", "At least two", ""),
        ("series: good", "series: good\nsurprise: 1", "unknown_key", "surprise", ""),
        ("{from: 2020-01-01,", "{from: 2020-01-01, until: 2019-01-01,", "overlapping_dates", "2019", ""),
    ],
)  # fmt: skip
def test_faults_are_told_where_they_are(old, new, code, at, hint):
    text = GOOD.replace(old, new)
    found = faults(text)
    assert text != GOOD
    assert code in [problem.code for problem in found]
    problem = next(p for p in found if p.code == code)
    assert (problem.at.path, problem.at.line, problem.at.column) == ("made.yaml", *line_of(text, at))
    assert hint in problem.hint


@pytest.mark.parametrize(
    "written",
    [
        "requires: >-\n      staff >= 1 person\n      and staf >= few_staff",
        "requires: |\n          staff >= few_staff\n          and staf >= few_staff",
        "requires: staff >= few_staff\n      and staf >= few_staff",
        "requires: 'staff >= few_staff and staf >= few_staff'",
        'requires: "staff >= few_staff\n      and staf >= few_staff"',
    ],
)
def test_a_place_is_right_however_the_text_is_folded(written):
    text = GOOD.replace("requires: staff >= few_staff", written)
    [problem] = faults(text)
    assert (problem.code, problem.at.line, problem.at.column) == ("unknown_name", *line_of(text, "staf >= few"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("facts: {staff: 2}", "ventures: {a: {times: many}}", "bad_count"),
        ("facts: {staff: 2}", "ventures: {a: {times: 99999999999999999999}}", "bad_count"),
        ("facts: {staff: 2}", "ventures: {a: {times: null}}", "bad_count"),
        ("expect: met\n", "expect: true\n", "wrong_shape"),
        ("expect: met\n", "expect: [met]\n", "wrong_shape"),
        ("{set: {staff: 1}, expect: not_met}", "{}", "missing_key"),
        ("staff >= few_staff", "staff / 0 人 >= 1", "divides_by_nothing"),
        ("from: 2020-01-01", "from: 2020-02-30", "bad_date"),
        ("staff: 2}", "staff: \x00}", "bad_yaml"),
        ("staff >= few_staff", "(" * 3000 + "open", "too_long"),
        ("staff >= few_staff", "(" * 500 + "open", "too_long"),
        ("staff >= few_staff", "staff" + " + staff" * 500 + " >= few_staff", "too_long"),
    ],
)
def test_what_makes_no_sense_is_told_and_never_breaks(old, new, code):
    text = GOOD.replace(old, new)
    found = faults(text)
    assert code in [problem.code for problem in found]
    assert all(problem.at.line > 0 for problem in found)


def test_dividing_by_a_figure_that_is_nothing_is_told():
    text = GOOD.replace("staff >= few_staff", "staff / few_staff >= 1").replace("value: 2 人", "value: 0 人")
    assert "divides_by_nothing" in [problem.code for problem in faults(text)]


def test_a_figure_nobody_uses_is_a_fault():
    text = GOOD.replace("criteria:", f"{IDLE}\ncriteria:", 1)
    assert [problem.code for problem in faults(text)] == ["unused_parameter"]


def variant(when):
    return GOOD.replace(
        "criteria:",
        f"""variants:
  small:
    label: {{zh: 小, en: small}}
    zh: 小
    en: small
    article: 第二条
    mark: sample
    when: {when}
    set:
      few_staff: {{value: 1 人, article: 第二条, mark: sample}}
criteria:""",
        1,
    )


THROUGH = """definitions:
  inner: {of: institution, label: {zh: 内, en: in}, zh: "内 {few_staff}", en: "in {few_staff}", article: 第一条,
    mark: sample, when: staff >= few_staff}
  outer: {of: institution, label: {zh: 外, en: out}, zh: 外, en: out, article: 第一条, mark: sample, when: inner}
criteria:"""


def test_what_a_part_decides_is_found_through_definitions_of_definitions():
    text = variant("outer").replace("criteria:", THROUGH).replace("requires: staff >= few_staff", "requires: outer")
    made = load_document(text.replace("人员不少于 {few_staff}", "够").replace("At least {few_staff}", "Enough"), WORDS)
    assert {key for key, _part in unconfirmed(made)} > {"few_staff", "definition:inner", "variant:small"}
    for key in ("few_staff", "definition:inner", "definition:outer"):
        assert [each.name for each in used_by(made, key)] == ["A", "small"], key
    assert [each.name for each in used_by(made, "criterion:A")] == ["A"]
    assert [each.name for each in used_by(made, "variant:small")] == ["A"]  # by the figure it changes


def test_a_variant_that_can_never_apply_is_a_fault():
    assert "never_applies" in [p.code for p in faults(variant("open and not open"))]
    assert "never_applies" in [p.code for p in faults(variant("tier in {a} and tier in {b}"))]
    assert "never_applies" not in [p.code for p in faults(variant("open and tier in {a}"))]
    assert "never_applies" not in [p.code for p in faults(variant("share(ventures where here, own) >= 75 %"))]


def test_a_percentage_is_no_area_and_five_million_is_not_five_hundred():
    assert Quantity.parse("500万元").amount == 5_000_000
    assert Quantity.parse("500 元").amount == 500
    assert faults(GOOD.replace("staff >= few_staff", "area >= 75 %"))[0].code == "wrong_unit"


def test_editions_of_one_rule_may_not_overlap():
    one = load_document(GOOD, WORDS, "one.yaml")
    two = load_document(GOOD.replace("id: good", "id: better").replace("2020-01-01", "2021-01-01"), WORDS, "two.yaml")
    assert [problem.code for problem in check_all([one, two])] == ["overlapping_dates"]
    [beside] = check_all([two], [one])
    assert (beside.at.path, beside.at.line) == ("two.yaml", 7)
    assert check_all([two], [two, one]) != [] and check_all([], [one, two]) == []
    ended = GOOD.replace("from: 2020-01-01,", "from: 2020-01-01, until: 2021-01-01,")
    assert check_all([load_document(ended, WORDS, "one.yaml"), two]) == []


def test_the_packaged_documents_have_nothing_wrong():
    found, problems = read()
    assert problems == []
    assert check_all(found.documents.values()) == []
    assert len(found.documents) >= 17


@pytest.mark.parametrize("name", sorted(library().documents))
def test_every_criterion_has_cases_on_both_sides(name):
    made = library().get(name)
    for criterion in made.criteria:
        verdicts = {case.expected[criterion] for case in made.cases if criterion in case.expected}
        verdicts |= {"met" for case in made.cases if criterion not in case.expected and "overall" in case.expected
                     and case.expected["overall"] == "met"}  # fmt: skip
        assert {"met", "not_met"} <= verdicts, criterion


def test_every_band_of_the_score_table_has_cases_at_its_edge():
    """In each case of a band the other points are such that only reaching the band makes sixty."""
    cases = library().get("most-2017-115").cases
    seen = {(case.expected["S-5"], key, value) for case in cases if "S-5" in case.expected
            for key, value in reached(case.facts)}  # fmt: skip
    for key, edges in {"staff": (30, 25, 20, 15, 10), "sales": (6, 5, 4, 3, 2), "costs": (30, 25, 20, 15, 10)}.items():
        for edge in edges:
            assert ("met", key, Fraction(edge, 100)) in seen, (key, edge)
            below = [value for verdict, of, value in seen if of == key and verdict == "not_met"]
            assert any(0 < Fraction(edge, 100) - value <= Fraction(1, 1000) for value in below), (key, edge)


def reached(facts):
    """The three ratios of a case, of those that are there."""
    for key, top, bottom in (
        ("staff", "tech_employees", "employees"),
        ("sales", "rd_spending@2017", "revenue@2017"),
        ("costs", "rd_spending@2017", "total_costs@2017"),
    ):
        if facts.get(top) is not None and facts.get(bottom):
            yield key, Fraction(facts[top], facts[bottom])


def test_samples_are_marked_and_nothing_weak_is_encoded():
    for made in library().documents.values():
        marks = {p.mark for p in made.parameters.values()} | {c.mark for c in made.criteria.values()}
        assert made.is_sample == (Mark.SAMPLE in marks)


def test_an_event_is_judged_by_the_edition_of_its_day():
    found = library()
    assert found.edition_on("national-incubator", date(2018, 12, 31)).name == "most-2010-680"
    assert found.edition_on("national-incubator", date(2019, 1, 1)).name == "most-2018-300"
    assert found.edition_on("graduation", date(2015, 5, 1)).name == "graduation-2010"
    assert found.edition_on("national-incubator", date(2000, 1, 1)) is None


def test_a_date_keeps_its_day_through_its_number():
    for day in (date(2016, 2, 29), date(2018, 12, 31), date(2019, 1, 1)):
        assert number_day(day_number(day)) == day
    assert day_number(date(2018, 6, 30)) - day_number(date(2016, 6, 30)) == 24 * 31


def test_a_fact_outside_its_bounds_or_type_is_refused():
    fact = library().vocabulary.facts["fund_size"]
    assert fact.encode("500 万元") == 500_000_000
    assert fact.encode("") is None
    for wrong in ("many", "-1", "0.001", "5 平方米"):
        with pytest.raises(UnreadableFact):
            fact.encode(wrong)
    with pytest.raises(UnreadableFact, match="controlled_area"):
        library().vocabulary.column("controled_area", "institution")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_reads_as_a_page(language):
    for made in library().documents.values():
        text = prose.markdown(prose.page(made, language))
        assert all(name in text for name in made.criteria)
        assert "{" not in text


def everything(text):
    """All that is told at once, of a text that cannot be read, too."""
    with pytest.raises(InvalidRule) as caught:
        load_document(text, WORDS, "made.yaml")
    return sorted([*caught.value.problems, *besides(caught.value)])


SECOND = """  - id: B
    article: 第二条
    mark: sample
    label: {zh: 乙, en: second}
    zh: 乙
    en: second
    requires: stafff >= 1
cases:"""


def test_all_faults_are_told_at_once_with_their_lines():
    text = variant("open and not open").replace("parameters:", "parameters:\n" + IDLE, 1).replace("cases:", SECOND)
    text = text.replace("expect: met\n", "expect: {A: not_met, B: met, overall: met}\n")
    found = {problem.code: problem for problem in everything(text)}
    assert list(found) == ["unused_parameter", "never_applies", "unknown_name", "case_fails"]
    for code, part in (
        ("unused_parameter", "{value: 1 人, article: 第一条"),
        ("unknown_name", "stafff"),
        ("case_fails", "zh: 恰好"),
    ):
        assert (found[code].at.line, found[code].at.column) == line_of(text, part)
    # the whole rests on B, which cannot be judged: nothing is said about it
    assert [problem.about[:3] for problem in everything(text) if problem.about] == [("A", "not_met", "met")]


def test_a_day_that_there_is_not_and_a_missing_colon_hide_no_other_fault():
    text = GOOD.replace("2020-01-01", "2020-02-31").replace("requires: staff ", "requires: stafff ")
    day, word = line_of(text, "2020-02-31"), line_of(text, "stafff")
    assert [(f.code, (f.at.line, f.at.column)) for f in faults(text)] == [("bad_date", day), ("unknown_name", word)]
    found = faults(text.replace("number:", "number"))
    assert [(f.code, (f.at.line, f.at.column)) for f in found] == [
        ("bad_yaml", (2, 1)), ("bad_date", day), ("unknown_name", word)
    ]  # fmt: skip
    assert [f.code for f in faults(text + "  - x: [")] == ["bad_date", "bad_yaml"]  # nothing more can be read


def test_no_fault_is_told_that_another_one_makes():
    broken = GOOD.replace("value: 2 人", "value: 2 什么")
    assert "case_fails" not in [problem.code for problem in everything(broken)]
    silent = GOOD.replace("zh: 人员不少于 {few_staff}。", "zh: 人员。").replace("expect: met", "expect: not_met")
    assert [problem.code for problem in everything(silent)] == ["sense_silent", "case_fails"]
    used = GOOD.replace("requires: staff >= few_staff", "requires: stafff >= few_staff")
    assert [problem.code for problem in everything(used)] == ["unknown_name"]


def test_english_reads_as_english():
    def judged(name):
        page = prose.page(library().get(name), "en", date(2020, 6, 30))
        return {row[0]: row for section in page.sections[:1] for row in section.rows}

    sample, national = judged("sample-district"), judged("most-2018-300")
    assert sample["D-4"][3] == "at least 3 mentors" and sample["D-4"][1] == "sample"
    assert sample["D-2"][3] == "the number of tenants is at least 10"
    assert national["N18-3c"][1] == "Art. 6(3)" and national["N18-3a"][3].endswith("at least 5,000,000 yuan")
    assert "1 person per 10 firms" in national["N18-4b"][3]
    for name in library().documents:
        told = prose.markdown(prose.page(library().get(name), "en", date(2020, 6, 30)))
        assert not set("（）：；×") & set(told.split("## Criteria", 1)[1].replace(" × ", "")), name


@pytest.mark.parametrize(
    ("article", "told"),
    [("第十一条", "Art. 11"), ("第六条（七）", "Art. 6(7)"), ("第二十三条", "Art. 23"), ("附件一", "附件一")],
)
def test_an_article_is_told_by_its_number(article, told):
    assert article_text(article, "en") == told and article_text(article, "zh") == article
