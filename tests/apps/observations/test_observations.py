"""Values are added, never changed; what looks wrong is asked about; what was known then can be read now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hatchline.apps.observations import actions, queries, tasks
from hatchline.apps.observations.actions import Given
from hatchline.apps.observations.models import Observation, Picture
from hatchline.apps.outbox.models import Job
from hatchline.core.values.refusal import Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
TODAY = date(2017, 7, 18)
TOLD = {"source": "2016 年报", "by": None, "now": NOW, "today": TODAY}
VENTURE = "ventures.venture"


@pytest.fixture
def revenue(db):
    return declared("revenue", "money", "元", sums_over=("subjects", "periods"))


def declared(code, value_type, unit="", time_kind="flow", **more):
    return actions.declare(
        code=code,
        name=f"指标 {code}",
        name_en=code,
        subject_kind=VENTURE,
        value_type=value_type,
        time_kind=time_kind,
        unit=unit,
        by=None,
        now=NOW,
        **more,
    )


def of(year, value, subject=1, code="revenue", **more):
    return Given(code, subject, date(year, 1, 1), date(year + 1, 1, 1), value, **more)


def refused(act, code):
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.refusal.code == code
    return caught.value.refusal


def test_a_correction_supersedes_and_never_overwrites(revenue):
    first = actions.record(of(2016, Decimal("1200000")), **TOLD)
    second = actions.correct(first, value=Decimal("1250000.50"), reason="漏计", source="更正函", by=None, now=LATER)
    year = date(2016, 1, 1), date(2017, 1, 1)
    assert [each.value for each in queries.history("revenue", 1, *year)] == [Decimal(1200000), Decimal("1250000.50")]
    assert queries.value("revenue", 1, as_of=TODAY).value == Decimal("1250000.50")
    assert queries.value("revenue", 1, as_of=TODAY, known_at=NOW).value == Decimal(1200000)
    assert queries.value("revenue", 1, as_of=TODAY, known_at=NOW - timedelta(seconds=1)) is None
    assert queries.value("revenue", 1, as_of=date(2016, 12, 30)) is None
    assert queries.total("revenue", *year, known_at=NOW).amount == Decimal(1200000)
    assert queries.total("revenue", *year).amount == Decimal("1250000.50")
    first.refresh_from_db()
    assert first.superseded_by == second
    refused(
        lambda: actions.correct(first, value=Decimal(1), reason="x", source="y", by=None, now=LATER),
        "corrected_already",
    )
    refused(lambda: actions.correct(second, value=Decimal(1), reason=" ", source="y", by=None, now=LATER), "no_reason")


def test_the_database_keeps_what_was_recorded(revenue):
    row = actions.record(of(2016, Decimal(5)), **TOLD)
    for change in (
        lambda: Observation.objects.filter(pk=row.pk).update(amount=6),
        lambda: Observation.objects.filter(pk=row.pk).delete(),
        lambda: Observation.objects.create(
            measure=revenue, subject=1, period=row.period, amount=7, recording=row.recording
        ),
        lambda: Observation.objects.create(measure=revenue, subject=2, period=row.period, recording=row.recording),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Observation.objects.get().amount == 5


@pytest.mark.parametrize(
    ("value", "factor"),
    [("1500000", None), ("1300", 1000), ("1300000000", 1000), ("110", 10000), ("13000000000", 10000)],
)
def test_a_sum_in_another_unit_is_asked_about(revenue, value, factor):
    actions.record(of(2015, Decimal(1_200_000)), **TOLD)
    (taken,) = actions.record_many([of(2016, Decimal(value))], **TOLD)
    if factor is None:
        assert taken.outcome == "recorded"
        return
    assert taken.outcome == "question" and taken.refusal.params["factor"] == factor
    assert "元" in str(taken.refusal.hint) and "1,200,000" in str(taken.refusal.message)
    assert Observation.objects.count() == 1
    assert actions.record(of(2016, Decimal(value), sure="已与年报核对"), **TOLD).amount == Decimal(value)


@pytest.mark.parametrize("value", ["1300", "1300000000", "110", "13000000000"])
def test_a_correction_in_another_unit_is_asked_about_too(revenue, value):
    actions.record(of(2015, Decimal(1_200_000)), **TOLD)
    first = actions.record(of(2016, Decimal(1_250_000)), **TOLD)
    told = {"value": Decimal(value), "reason": "漏计", "source": "更正函", "by": None, "now": LATER}
    refused(lambda: actions.correct(first, **told), "looks_like_another_unit")
    assert queries.value("revenue", 1, as_of=TODAY).value == Decimal(1_250_000)
    assert actions.correct(first, **told, sure="已与年报核对").amount == Decimal(value)


def test_a_correction_of_a_wrong_unit_is_not_asked_about(revenue):
    actions.record(of(2015, Decimal(1_200_000)), **TOLD)
    wrong = actions.record(of(2016, Decimal(1_250), sure="没有看"), **TOLD)
    told = {"reason": "千元填成了元", "source": "更正函", "by": None, "now": LATER}
    assert actions.correct(wrong, value=Decimal(1_250_000), **told).amount == Decimal(1_250_000)


def test_the_future_is_not_recorded(revenue):
    problem = refused(lambda: actions.record(of(2017, Decimal(5)), **TOLD), "in_the_future")
    assert "2017-12-31" in str(problem.message)
    half = Given("revenue", 1, date(2017, 1, 1), date(2017, 7, 1), Decimal(5))
    assert actions.record(half, **TOLD).pk


@pytest.mark.parametrize(
    ("value_type", "good", "bad"),
    [
        ("integer", 12, Decimal("1.5")),
        ("integer", 0, True),
        ("decimal", Decimal("1.25"), "1.25"),
        ("decimal", Decimal("1.25"), Decimal("NaN")),
        ("boolean", False, 0),
        ("text", "天使轮", " "),
        ("date", date(2016, 1, 1), "2016-01-01"),
    ],
)
def test_values_are_of_their_type(value_type, good, bad):
    declared("any", value_type)
    refused(lambda: actions.record(of(2016, bad, code="any"), **TOLD), "wrong_type")
    actions.record(of(2016, good, code="any"), **TOLD)
    found = queries.value("any", 1, as_of=TODAY).value
    assert found == good and type(found) is type(good)


def test_a_list_says_what_became_of_every_value(revenue):
    actions.record(of(2016, Decimal(100), 1), **TOLD)
    made = [of(2016, Decimal(100), 1), of(2016, Decimal(101), 1), of(2016, Decimal(7), 2), of(2016, Decimal(8), 2)]
    made += [of(2016, 5, 3, code="nothing"), of(2018, Decimal(5), 4), Given("revenue", 5, TODAY, TODAY, Decimal(1))]
    found = actions.record_many(made, **TOLD)
    outcomes = ["unchanged", "question", "recorded", "question", "refused", "refused", "refused"]
    assert [each.outcome for each in found] == outcomes
    codes = [each.refusal.code for each in found if each.refusal]
    assert codes == [
        "differs_from_record", "differs_from_record", "no_such_measure", "in_the_future", "ends_before_it_begins",
    ]  # fmt: skip


def test_many_values_need_few_queries(revenue, django_assert_max_num_queries):
    made = [of(2016, Decimal(subject + 1), subject) for subject in range(400)]
    with django_assert_max_num_queries(30):
        found = actions.record_many(made, **TOLD)
    assert {each.outcome for each in found} == {"recorded"}


def test_only_what_may_be_summed_is(revenue):
    declared("mood", "decimal")
    actions.record_many([of(2016, Decimal(1), 1), of(2016, Decimal(2), 2)], **TOLD)
    year = date(2016, 1, 1), date(2017, 1, 1)
    assert queries.total("revenue", *year, subjects=[2]) == queries.Total(Decimal(2), 1)
    assert queries.total("revenue", *year, subjects=[9]) == queries.Total(None, 0)
    refused(lambda: queries.total("mood", *year), "not_summable")
    refused(lambda: declared("bad", "integer", time_kind="stock", sums_over=("periods",)), "not_summable")
    refused(lambda: declared("bad", "money", "千元"), "money_in_yuan")
    refused(lambda: declared("revenue", "money", "元"), "code_taken")


def test_the_wide_table_is_kept_through_the_outbox(revenue):
    declared("staff", "integer", "人", "stock")
    declared("listed", "boolean", "", "stock")
    actions.record_many([of(2016, Decimal("10.5"), 1), of(2016, 3, 1, code="staff"), of(2016, Decimal(7), 2)], **TOLD)
    actions.record(of(2016, True, 2, code="listed"), **TOLD)
    year = date(2016, 1, 1), date(2017, 1, 1)
    picture = queries.picture_of(VENTURE, *year)
    assert picture.is_stale and picture.made_at is None
    assert Job.objects.filter(task="observations.rebuild", status="waiting").count() == 1
    tasks.rebuild(now=NOW, picture=picture.pk)
    picture.refresh_from_db()
    assert (picture.is_stale, picture.made_at, picture.rows) == (False, NOW, 2)
    lines = {line.subject: line.values for line in queries.lines(picture)}
    assert lines == {1: {"revenue": "10.5000", "staff": 3}, 2: {"revenue": "7.0000", "listed": True}}
    row = Observation.objects.get(subject=2, measure=revenue)
    actions.correct(row, value=Decimal(8), reason="错", source="函", by=None, now=LATER)
    picture.refresh_from_db()
    assert picture.is_stale and picture.made_at == NOW
    tasks.rebuild(now=LATER, picture=picture.pk)
    assert queries.lines(picture).get(subject=2).values["revenue"] == "8.0000"
    assert Picture.objects.count() == 1
