"""Figures from lists: both shapes, units, periods, corrections, and the same list again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.observations import queries
from hatchline.apps.observations.models import Observation
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.journeys import reference
from hatchline.journeys.imports import flow
from tests.journeys.imports.test_flow import NOW, bring, take

pytestmark = pytest.mark.django_db
WIDE = "企业名称,年度,营业收入,研发费用,职工总数\n"
LONG = "企业名称,报告期,指标,数值,计量单位\n"


@pytest.fixture(autouse=True)
def here(db):
    reference._declare_measures(NOW)
    today = NOW.date()
    made = [ventures.register(VentureDraft(name), by=None, now=NOW, today=today) for name in ("听雨公司", "听风团队")]
    institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW, today=today)
    return {each.name: each.pk for each in made}


def figures(text: str, **more):
    return take(bring(text, target="observations", **more))


def known(pk: int) -> list[tuple[str, str, str]]:
    def told(value) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    rows = queries.values_of("ventures.venture", pk)
    return [(each.measure, f"{each.starts_on}–{each.ends_before}", told(each.value)) for each in rows]


def said(run, outcome: str) -> list[str]:
    return [problem["code"] for row in imports.rows(run, outcome) for problem in row.problems]


def test_a_column_a_measure(here):
    run = figures(WIDE + "听雨公司,2016,1250000,80000,12\n听风团队,2016,,,3\n")
    assert run.counts == {"created": 2}
    assert known(here["听雨公司"]) == [
        ("employees", "2016-01-01–2017-01-01", "12"),
        ("rd_spending", "2016-01-01–2017-01-01", "80000.0000"),
        ("revenue", "2016-01-01–2017-01-01", "1250000.0000"),
    ]
    assert len(known(here["听风团队"])) == 1  # an empty cell is not nought
    assert figures(WIDE + "听雨公司,2016,1250000,80000,12\n听风团队,2016,,,3\n").counts == {"unchanged": 2}
    assert Observation.objects.count() == 4


def test_a_measure_a_row_with_its_unit_and_quarters(here):
    rows = (
        "听雨公司,2017Q1,营业收入,32.5,万元",
        "听雨公司,2017-05,revenue,十一点,元",
        "望京孵化器,2016,total_income,900,千元",
    )
    run = figures(LONG + "\n".join(rows))
    assert run.counts == {"created": 2, "rejected": 1}, [row.problems for row in imports.rows(run)]
    assert known(here["听雨公司"]) == [("revenue", "2017-01-01–2017-04-01", "325000.0000")]
    total = queries.total("total_income", NOW.date().replace(2016, 1, 1), NOW.date().replace(2017, 1, 1))
    assert (total.amount, total.subjects) == (Decimal(900_000), 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("没有的公司,2016,1,,", "no_such_subject"),
        ("听雨公司,2017,1,,", "in_the_future"),
        ("听雨公司,2016,,,", "no_value"),
        ("听雨公司,2016,3 万美元,,", "not_an_amount"),
    ],
)
def test_rows_that_are_refused_say_why(here, row, code):
    run = figures(WIDE + row + "\n")
    assert run.counts == {"rejected": 1}
    assert code in said(run, "rejected")


def test_thousands_for_yuan_is_asked_about_beside_last_year(here):
    figures(WIDE + "听雨公司,2015,1250000,,\n听风团队,2015,980000,,\n")
    run = figures(WIDE + "听雨公司,2016,1300,,\n听风团队,2016,1020,,\n")
    assert run.counts == {"question": 2}
    first, second = imports.rows(run, "question")
    assert "千元" in first.candidates[0]["reasons"][0]["zh"]
    flow.answer(first, "new", by=None, now=NOW)
    flow.answer(second, "skip", by=None, now=NOW)
    assert ("revenue", "2016-01-01–2017-01-01", "1300.0000") in known(here["听雨公司"])
    assert len(known(here["听风团队"])) == 1


def test_it_is_asked_about_beside_an_earlier_row_of_the_same_list(here):
    run = figures(WIDE + "听雨公司,2015,1250000,,\n听雨公司,2016,1300,,\n")
    assert run.counts == {"created": 1, "question": 1}


@pytest.mark.parametrize(("first", "second"), [(2013, 2016), (2016, 2013), (2014, 2016)])
def test_a_jump_beside_another_year_is_asked_about_in_any_order(here, first, second):
    """The list says 万元 above and the cell holds yuan: beside the nearest year on record, or in a row above."""
    head = "企业名称,年度,营业收入（万元）\n"
    run = figures(head + f"听雨公司,{first},98\n听雨公司,{second},1000000\n")
    assert run.counts == {"created": 1, "question": 1}
    (asked,) = imports.rows(run, "question")
    assert asked.candidates[0]["days"]["zh"] == str(first) and asked.candidates[0]["label"].endswith("980000")
    run = figures(head.replace("企业名称", "公司名称") + f"听雨公司,{second},1100000\n", name="b.csv")
    assert run.counts == {"question": 1}, "beside what is on record"


def test_a_unit_in_the_cell_goes_before_that_of_its_column(here):
    cells = ("2011,125", "2012,1250000元", "2013,130万元", "2014,0.013亿元", '2015,"1,300千元"')
    run = figures("企业名称,年度,营业收入（万元）\n" + "".join(f"听雨公司,{cell}\n" for cell in cells))
    assert run.counts == {"created": 5}
    wanted = [1_250_000, 1_250_000, 1_300_000, 1_300_000, 1_300_000]
    assert [
        Decimal(value) for _measure, _span, value in sorted(known(here["听雨公司"]), key=lambda each: each[1])
    ] == wanted
    rows = (
        "2013,营业收入,1250000元,万元",
        "2014,营业收入,130万元,元",
        "2015,营业收入,125,万元",
        "2016,营业收入,130万元,",
    )
    assert figures(LONG + "".join(f"听风团队,{row}\n" for row in rows)).counts == {"created": 4}
    wanted = [1_250_000, 1_300_000, 1_250_000, 1_300_000]
    assert [
        Decimal(value) for _measure, _span, value in sorted(known(here["听风团队"]), key=lambda each: each[1])
    ] == wanted
    wrong = figures(LONG + "听风团队,2012,营业收入,3 万美元,万元\n")
    assert said(wrong, "rejected"), "a sum in another currency is none in yuan"


def test_another_value_supersedes_only_when_asked(here):
    figures(WIDE + "听雨公司,2016,1250000,,12\n")
    other = "公司名称,年度,营业收入,来源\n听雨公司,2016,1290000,审计报告\n"
    run = figures(other)
    assert run.counts == {"question": 1}
    (row,) = imports.rows(run, "question")
    flow.answer(row, str(row.candidates[0]["id"]), by=None, now=NOW)
    assert ("revenue", "2016-01-01–2017-01-01", "1250000.0000") in known(here["听雨公司"])
    corrected = "公司名称,年度,营业收入,更正原因\n听雨公司,2016,1290000,审计调整\n"
    assert figures(corrected).counts == {"updated": 1}
    assert ("revenue", "2016-01-01–2017-01-01", "1290000.0000") in known(here["听雨公司"])
    year = NOW.date().replace(2016, 1, 1), NOW.date().replace(2017, 1, 1)
    assert [each.value for each in queries.history("revenue", here["听雨公司"], *year)] == [1250000, 1290000]
    assert figures(corrected).counts == {"unchanged": 1}


def test_a_correction_in_another_unit_is_asked_about_until_the_list_says_that_it_is_right(here):
    figures(WIDE + "听雨公司,2015,1200000,,12\n听雨公司,2016,1250000,,12\n")
    corrected = "公司名称,年度,营业收入,更正原因\n听雨公司,2016,1290,审计调整\n"
    run = figures(corrected)
    assert run.counts == {"question": 1} == run.preview["counts"]
    assert "千元" in str(imports.rows(run, "question")[0].candidates)
    assert ("revenue", "2016-01-01–2017-01-01", "1250000.0000") in known(here["听雨公司"])
    flow.answer(imports.rows(run, "question")[0], "new", by=None, now=NOW)
    assert ("revenue", "2016-01-01–2017-01-01", "1290.0000") in known(here["听雨公司"])


def test_a_row_of_the_same_list_that_corrects_in_another_unit_is_refused_in_the_preview_too(here):
    head = "公司名称,年度,营业收入,更正原因,核对说明\n听雨公司,2015,1200000,,\n"
    figures(head + "听雨公司,2016,1250000,,\n")
    run = figures(head + "听雨公司,2016,1290,审计调整,\n")
    assert run.counts == {"unchanged": 1, "rejected": 1} == run.preview["counts"]
    problem = imports.rows(run, "rejected")[0].problems[0]
    assert problem["code"] == "looks_like_another_unit" and "times" in problem["en"]
    assert figures(head + "听雨公司,2016,1290,审计调整,与年报一致\n").counts == {"unchanged": 1, "updated": 1}


def test_whoever_answers_that_the_row_is_right_corrects(here):
    figures(WIDE + "听雨公司,2016,1250000,,12\n")
    run = figures("公司名称,年度,营业收入,来源\n听雨公司,2016,1290000,审计报告\n")
    flow.answer(imports.rows(run, "question")[0], "new", by=None, now=NOW)
    assert ("revenue", "2016-01-01–2017-01-01", "1290000.0000") in known(here["听雨公司"])


def test_a_cell_changed_in_the_same_list_is_told_and_changes_nothing(here):
    figures(WIDE + "听雨公司,2016,1250000,,12\n")
    run = figures(WIDE + "听雨公司,2016,1251000,,12\n")
    assert run.counts == {"unchanged": 1}
    assert ("revenue", "2016-01-01–2017-01-01", "1250000.0000") in known(here["听雨公司"])
    assert imports.told(run)[0].problems


def test_two_rows_of_one_list_that_contradict_each_other(here):
    run = figures(WIDE + "听雨公司,2016,1250000,,\n听雨公司,2016,1260000,,\n")
    assert run.counts == {"created": 1, "question": 1}
    assert len(known(here["听雨公司"])) == 1


def test_words_for_a_sum_leave_it_unknown_and_keep_the_rest_of_the_row(here):
    run = figures(WIDE + "听雨公司,FY2016,数百万元,80000,12\n听风团队,2016财年,未披露,,3\n")
    assert run.counts == {"created": 2} and len(said(run, "created")) >= 2
    told = [problem["zh"] for row in imports.rows(run, "created") for problem in row.problems]
    assert any("数百万元" in each for each in told) and any("未披露" in each for each in told)
    assert [measure for measure, *_more in known(here["听雨公司"])] == ["employees", "rd_spending"]
    assert known(here["听风团队"]) == [("employees", "2016-01-01–2017-01-01", "3")]
    assert figures(WIDE + "听雨公司,2016,数百万元,,\n").counts == {"rejected": 1}, "a row that says nothing else"


def test_a_preview_of_a_correction_keeps_what_was_and_what_comes(here):
    figures(WIDE + "听雨公司,2016,1250000,,12\n")
    run = figures("公司名称,年度,营业收入,更正原因\n听雨公司,2016,1290000,审计调整\n")
    assert run.preview["samples"]["updated"][0]["changes"] == {"revenue": ["1250000", "1290000"]}
