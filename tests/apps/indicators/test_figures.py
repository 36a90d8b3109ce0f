"""The seven figures: what counts, what does not, what nobody knows, and that all ways of asking agree."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from hatchline.apps.indicators import actions, queries
from hatchline.apps.outbox import worker
from hatchline.apps.outbox.models import Job
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.models import RightKind
from hatchline.core.outlook import Outlook, TooLittle
from tests.apps.bodies.conftest import NOW, TODAY, divisions  # noqa: F401
from tests.apps.indicators.conftest import company, declare, keep, place, plan, read, recognise, tell  # noqa: F401
from tests.apps.ventures.conftest import DONE, TOLD, on

pytestmark = pytest.mark.django_db
YEAR_END = date(2016, 12, 31)


def test_recognised_institutions_by_level(plan, divisions):  # noqa: F811
    for number, level in enumerate(["district", "municipal", "national", "other", ""]):
        made = place(f"第{number}孵化器", divisions)
        if level:
            recognise(made, level)
    recognise(place("海淀的孵化器", divisions, code="110108015"), "national")
    assert [read(code).value for code in ("institutions", "municipal", "national")] == [4, 2, 1]
    national = read("national")
    assert [each.name for each in national.rows] == ["第2孵化器"]
    assert (national.coverage.rows, national.missing, national.verdict) == (1, (), "not_met")
    assert read("national", date(2012, 4, 30)).value is None  # nothing had been recognised yet: the register is empty


def test_a_title_counts_from_its_last_possible_day_until_it_is_withdrawn(plan, divisions):  # noqa: F811
    made = place("望京孵化器", divisions)
    recognise(place("另一家", divisions), "national", given="2011-01-01")
    title = recognise(made, "national", given="2014-05")
    assert [read("national", date(2014, 5, day)).value for day in (1, 30, 31)] == [1, 1, 2]
    vague = read("national", date(2014, 5, 10))
    assert (vague.at_most, vague.undecided_rows.get().pk, vague.verdict) == (2, made.pk, "not_met")
    titles.withdraw(title, on=date(2016, 3, 1), reason="撤销", today=TODAY, by=None, now=NOW)
    assert [read("national", date(2016, month, 28)).value for month in (2, 3)] == [2, 1]


def test_an_undated_title_counts_on_no_day_and_is_told(plan, divisions):  # noqa: F811
    recognise(place("有日期", divisions), "national")
    recognise(place("没有日期", divisions), "national", given="")
    found = read("national")
    assert (found.value, found.at_most, found.coverage.undecided) == (1, 2, 1)
    assert "认定时间" in found.missing[0]


def test_one_institution_with_two_titles_is_counted_once(plan, divisions):  # noqa: F811
    made = place("望京孵化器", divisions)
    recognise(made, "district")
    recognise(made, "national", given="2015-01-01")
    recognise(made, "municipal", kind="makerspace", given="2014-01-01")
    assert [read(code).value for code in ("institutions", "municipal", "national")] == [1, 1, 1]


def test_tenants_are_registered_distinct_and_of_this_district(plan, divisions):  # noqa: F811
    here, there = place("望京孵化器", divisions), place("来广营孵化器", divisions, code="110105032")
    far = place("海淀孵化器", divisions, code="110108015")
    company("一号公司", here)
    company("团队", here, incorporated="")
    company("海淀公司", far)
    moved = company("二号公司", here, "2013-01-01", "2015-06-01")
    ventures.claim(_draft(moved, there, "2015-06-01"), **TOLD)
    assert [each.name for each in read("tenants").rows] == ["一号公司", "二号公司"]
    assert read("tenants").value == 2
    aside = company("共建企业")
    ventures.claim(_draft(aside, here, "2016-01-01", counts=False, not_counting_reason="共建实验室"), **TOLD)
    assert read("tenants").value == 2


def _draft(venture, institution, starts, ended="", **more):
    from tests.apps.ventures.conftest import drafted

    return drafted(venture, institution, starts, ended, **more)


def test_a_tenant_that_may_be_one_is_counted_apart(plan, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    company("一号公司", here)
    company("不知何时注册", here, incorporated="2017")
    company("不知走没走", here, "2014-01-01", "?", evidence=date(2015, 1, 1))
    found = read("tenants")
    assert (found.value, found.at_most, found.verdict) == (1, 3, "not_met")
    assert {each.name for each in found.undecided_rows} == {"不知何时注册", "不知走没走"}
    assert "2 家" in found.missing[0]


def test_graduates_are_cumulated_each_once_and_stay_counted_where_they_graduated(plan, divisions):  # noqa: F811
    here, far = place("望京孵化器", divisions), place("海淀孵化器", divisions, code="110108015")
    company("已毕业", here, "2013-01-01", "2015-03-01", outcome="graduated")
    company("离开的", here, "2013-01-01", "2015-03-01", outcome="left")
    company("海淀毕业", far, "2013-01-01", "2015-03-01", outcome="graduated")
    company("何时毕业不详", here, "2013-01-01", "2016", outcome="graduated")
    assert [read("graduates", date(2015, month, 28)).value for month in (2, 3)] == [0, 1]
    assert read("graduates", date(2016, 6, 1)).at_most == 2
    assert read("graduates").value == 2
    keep()
    series = [value for _day, value in read("graduates").series]
    assert series == sorted(series) and series[-1] == 2


def test_revenue_is_of_the_last_whole_year_and_of_those_who_told(plan, divisions):  # noqa: F811
    declare("revenue")
    here = place("望京孵化器", divisions)
    one, two, late = company("一号", here), company("二号", here), company("迟来的", here, "2017-02-01")
    done = company("毕业后留下", here, "2013-01-01", "2015-03-01", outcome="graduated")
    park = place("产业园", divisions)
    ventures.claim(_draft(done, park, "2015-04-01", stage="park"), **TOLD)
    tell("revenue", one, Decimal(3_000_000))
    tell("revenue", late, Decimal(5_000_000))
    tell("revenue", done, Decimal(9_000_000))
    found = read("revenue")
    assert (found.value, found.at_most, found.period) == (3_000_000, None, (date(2016, 1, 1), date(2017, 1, 1)))
    assert (found.coverage.rows, found.coverage.decided) == (2, 1)
    assert found.verdict == "unknown" and "没有填报" in found.missing[0]
    assert {row.name for row in found.rows} == {"一号", "二号"}
    assert found.told() == {one.pk: 3_000_000}
    beside = {each.code: each for each in found.beside}
    assert (beside["graduates_here"].value, beside["graduates_here"].rows) == (9_000_000, 1)
    assert beside["four_quarters"].value is None
    tell("revenue", two, Decimal(1_000_000))
    whole = read("revenue")
    assert (whole.value, whole.at_most, whole.verdict, whole.missing) == (4_000_000, 4_000_000, "not_met", ())
    assert read("revenue", date(2016, 12, 30)).value is None  # of 2015 nobody told anything: not zero
    assert read("revenue", YEAR_END).value == 4_000_000


def test_revenue_of_the_last_four_quarters(plan, divisions):  # noqa: F811
    declare("revenue")
    here = place("望京孵化器", divisions)
    one, two = company("一号", here), company("二号", here)
    ends = [date(2016, 7, 1), date(2016, 10, 1), date(2017, 1, 1), date(2017, 4, 1), date(2017, 7, 1)]
    for begins, end in pairwise(ends):
        tell("revenue", one, Decimal(100), begins, end)
    tell("revenue", two, Decimal(7), ends[-2], ends[-1])
    found = read("revenue")
    beside = {each.code: each for each in found.beside}["four_quarters"]
    assert (beside.value, beside.rows, beside.known) == (407, 2, 1)
    assert dict(found.trend) == dict(found.series)  # too few quarters to draw a path of
    for year, amount in ((2014, 200), (2015, 300), (2016, 350)):
        tell("revenue", one, Decimal(amount), date(year, 1, 1), date(year + 1, 1, 1))
    keep()
    found = read("revenue")
    trend = [(day, value) for day, value in found.trend if value is not None]
    assert trend[:3] == [(date(2014, 12, 31), 200), (date(2015, 12, 31), 300), (date(2016, 12, 31), 350)]
    assert trend[-1] == (TODAY, 407) and dict(found.series)[TODAY] == 350
    assert isinstance(found.outlook, Outlook) and found.trend_is_of_quarters


def test_own_ip_is_a_share_of_those_known(plan, divisions):  # noqa: F811
    declare("valid_rights", "integer", "项", "stock")
    here = place("望京孵化器", divisions)
    made = [company(f"{number}号", here) for number in range(4)]
    right = {"kind": RightKind.INVENTION, "number": "ZL1", "granted": on("2014-01-01"), "source": "证书"}
    ventures.record_right(made[0], **right, **TOLD)
    tell("valid_rights", made[1], 2)
    tell("valid_rights", made[2], 0)
    found = read("own_ip")
    assert found.value == Decimal("66.67")
    assert (found.at_least, found.at_most) == (50, 75)
    assert (found.coverage.rows, found.coverage.decided, found.verdict) == (4, 3, "met")
    yes, no = found.having()
    assert {each.name for each in yes} == {"0号", "1号"} and [each.name for each in no] == ["2号"]
    assert "1 家情况不明" in found.missing[0]
    company("5号", here)
    assert read("own_ip").verdict == "unknown"  # two of five for sure; four of five at most


def test_a_share_of_those_with_a_title(plan, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    one = company("一号", here)
    company("二号", here)
    titles.record(
        subject_kind="ventures.venture",
        subject_id=one.pk,
        kind="high_tech",
        level="national",
        given=on("2015-01-01"),
        source="名单",
        today=TODAY,
        **DONE,
    )
    content = {"subject": "venture", "reckon": "share", "having": "title", "titles": ["high_tech"]}
    measure = plan["own_ip-2017"].measure
    actions.amend_definition(measure, content=content, starts_on=date(2017, 1, 1), reason="试", **DONE)
    found = read("own_ip")
    assert (found.value, found.at_least, found.at_most) == (50, 50, 50)
    assert "高新技术企业" in found.definition_text


def test_all_ways_of_asking_agree_on_every_day(plan, divisions):  # noqa: F811
    declare("revenue")
    declare("valid_rights", "integer", "项", "stock")
    _lives(divisions)
    keep()
    together = {each.target.code: each for each in queries.readings("110105", TODAY)}
    for code, found in together.items():
        alone = queries.reading(queries.target(code), TODAY)
        assert (alone.value, alone.at_most, alone.series) == (found.value, found.at_most, found.series)
        for day, value in found.series:
            assert queries.reading(queries.target(code), day, series=False).value == value
        if found.meaning.reckon == "count" and found.value is not None:
            assert found.rows.count() == found.value
            assert found.rows.count() + found.undecided_rows.count() == found.at_most
    assert [len(each.series) for each in together.values()] == [32] * 7


def _lives(divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    recognise(here, "national", given="2015")
    recognise(place("后来的", divisions, "2016-05"), "municipal", given="2016-09")
    for number in range(12):
        ended = "" if number % 3 else f"2016-{number % 9 + 1:02}"
        outcome = {"outcome": "graduated" if number % 2 else "left"} if ended else {}
        made = company(f"{number}号", here, f"201{number % 4 + 3}-0{number % 8 + 1}", ended, **outcome)
        if number % 4 == 0:
            tell("revenue", made, Decimal(10_000 * number))
            tell("valid_rights", made, number % 3)


def test_the_outlook_goes_to_the_day_the_target_is_due(plan, divisions):  # noqa: F811
    for number in range(12):
        recognise(
            place(f"{number}号", divisions, "2010"), "national", given=f"201{4 + number // 4}-0{number % 4 * 2 + 1}-15"
        )
    keep()
    found = read("national")
    assert isinstance(found.outlook, Outlook)
    assert found.outlook.end.day == date(2017, 12, 31)
    assert found.outlook.end.low <= found.outlook.end.value <= found.outlook.end.high
    assert isinstance(read("tenants").outlook, TooLittle)


def test_as_many_questions_for_few_rows_as_for_many(plan, divisions, django_assert_max_num_queries):  # noqa: F811
    declare("revenue")
    declare("valid_rights", "integer", "项", "stock")
    _lives(divisions)
    with django_assert_max_num_queries(8):  # the figures of the day are reckoned, no month end is
        assert len(queries.readings("110105", TODAY)) == 7
    keep()
    with django_assert_max_num_queries(6):
        assert len(queries.readings("110105", TODAY)) == 7


def test_what_is_kept_is_used_until_something_changes(plan, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    recognise(here)
    company("一号", here, "2014-01-01")
    keep()
    assert actions.keep(today=TODAY, now=NOW) == 0
    kept = read("tenants", YEAR_END)
    assert (kept.value, kept.kept_at) == (1, NOW)
    late = company("补录的", here, "2015-01-01")  # a back-dated change
    again = read("tenants", YEAR_END)
    assert (again.value, again.kept_at) == (2, None)
    rough = next(each for each in queries.readings("110105", TODAY) if each.target.code == "tenants-2017")
    assert rough.value == 2 and rough.series_at == NOW  # month ends as they were reckoned, and their moment
    assert dict(rough.series)[YEAR_END] == 1
    assert actions.keep(today=TODAY, now=NOW + timedelta(hours=1), most=3) == 3
    while actions.keep(today=TODAY, now=NOW + timedelta(hours=1)):
        pass
    fresh = read("tenants", YEAR_END)
    assert (fresh.value, fresh.kept_at) == (2, NOW + timedelta(hours=1))
    assert late.pk in set(fresh.rows.values_list("pk", flat=True))


def test_month_ends_that_nobody_kept_are_unknown_and_asked_of_the_worker(plan, divisions):  # noqa: F811
    recognise(place("望京孵化器", divisions), given="2013-05-01")
    fresh = read("institutions")
    assert (fresh.value, fresh.kept_at, fresh.outlook) == (1, None, None)
    assert fresh.pending == tuple(day for day, _value in fresh.series[:-1]) and len(fresh.pending) == 31
    assert {value for _day, value in fresh.series[:-1]} == {None}
    actions.have_kept(now=NOW)
    actions.have_kept(now=NOW)
    assert Job.objects.filter(task="indicators.keep_missing").count() == 1  # however many pages ask
    worker.run(name="test", clock=lambda: NOW, stop=threading.Event(), once=True)
    whole = read("institutions")
    assert (whole.pending, whole.value) == ((), 1) and {value for _day, value in whole.series} == {1}
    assert not Job.objects.exclude(status=Job.Status.DONE).exists()


def test_signing_in_and_the_like_leave_what_is_kept_valid(plan, divisions):  # noqa: F811
    from hatchline.apps.ledger import actions as ledger
    from hatchline.apps.people.models import Person
    from hatchline.apps.people.states import MOVES

    recognise(place("望京孵化器", divisions))
    keep()
    person = Person.objects.create(name="某人")
    ledger.move(person, next(iter(MOVES)).verb, by=None, at=NOW)
    assert read("institutions").kept_at == NOW
