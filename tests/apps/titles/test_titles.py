"""Titles: dated, sourced, never counted on a day nobody can vouch for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.institutions.models import Institution
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.titles import actions, queries
from hatchline.apps.titles.drafts import TitleDraft
from hatchline.core.values.dates import PartialDate, parse

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
TODAY = date(2017, 7, 18)
INSTITUTION = "institutions.institution"


@pytest.fixture(autouse=True)
def institutions(db):
    """Three to be given titles."""
    rows = [Institution(pk=pk, name=f"第{pk}孵化器", registered_at=NOW, amended_at=NOW) for pk in (1, 2, 3)]
    return Institution.objects.bulk_create(rows)


def given(text: str) -> PartialDate:
    found = parse(text)
    assert isinstance(found, PartialDate)
    return found


def record(subject=1, level="national", when="2016", **more):
    fields = {"kind": "incubator", "source": "国科发火〔2016〕1号", "today": TODAY, "by": None, "now": NOW, **more}
    return actions.record(subject_kind=INSTITUTION, subject_id=subject, level=level, given=given(when), **fields)


def test_a_title_of_a_year_surely_holds_from_the_years_end():
    record(when="2016年")
    assert queries.institutions_at("district", date(2016, 12, 31)).count() == 1
    assert queries.institutions_at("district", date(2016, 12, 30)).count() == 0
    assert queries.perhaps_in_force(date(2016, 7, 1)).count() == 1
    assert queries.perhaps_in_force(date(2015, 12, 31)).count() == 0


def test_an_undated_title_counts_on_no_day():
    record(when="不详")
    assert queries.institutions_at("district", TODAY).count() == 0
    assert queries.undated().count() == 1


def test_levels_are_counted_upwards():
    record(1, "national", "2015-06-01")
    record(2, "municipal", "2015-06-01")
    record(3, "district", "2015-06-01")
    counts = {level: queries.institutions_at(level, TODAY).count() for level in ("district", "municipal", "national")}
    assert counts == {"district": 3, "municipal": 2, "national": 1}


def test_the_highest_level_of_each_in_one_query(django_assert_num_queries):
    record(1, "district", "2014-01-01")
    record(1, "national", "2016-01-01")
    with django_assert_num_queries(1):
        assert queries.highest_levels(INSTITUTION, [1, 2], TODAY) == {1: "national"}
    assert queries.highest_levels(INSTITUTION, [1], date(2015, 1, 1)) == {1: "district"}


def test_a_withdrawn_title_held_until_that_day():
    title = record(when="2014-03-01")
    actions.withdraw(title, on=date(2016, 5, 1), reason="连续两次考核不合格", today=TODAY, by=None, now=NOW)
    assert queries.in_force(date(2016, 4, 30)).count() == 1
    assert queries.in_force(date(2016, 5, 1)).count() == 0
    assert [entry.event for entry in ledger.about(title)] == ["titles.title.withdrawn", "titles.title.recorded"]


def test_a_struck_title_counts_nowhere_and_may_be_recorded_again():
    title = record(when="2014-03-01")
    actions.strike(title, reason="录错机构", by=None, now=NOW)
    assert queries.in_force(TODAY).count() == 0
    record(when="2014-03-01")
    assert queries.in_force(TODAY).count() == 1
    assert queries.about(INSTITUTION, 1).count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": "  "}, "no_source"),
        ({"when": "2018-01-01"}, "in_the_future"),
        ({"when": "2016-01-01", "ends_before": date(2015, 1, 1)}, "ends_before_it_begins"),
    ],
)
def test_bad_titles_are_refused(changes, code):
    with pytest.raises(actions.UnableToRecord) as refused:
        record(**changes)
    assert refused.value.refusal.code == code
    assert queries.about(INSTITUTION, 1).count() == 0


def test_the_same_title_is_not_recorded_twice():
    record(when="2016-01-01", document="国科发火〔2016〕1号")
    with pytest.raises(actions.UnableToRecord) as refused:
        record(when="2016-01-01", document="国科发火〔2016〕1号")
    assert refused.value.refusal.code == "already_recorded"


def test_a_title_is_withdrawn_once_and_with_a_reason():
    title = record(when="2014-03-01")
    for changes, code in [
        ({"reason": ""}, "no_reason"),
        ({"on": date(2013, 1, 1)}, "before_it_was_given"),
        ({"on": date(2018, 1, 1)}, "in_the_future"),
    ]:
        wanted = {"on": date(2016, 1, 1), "reason": "复核不合格", "today": TODAY, "by": None, "now": NOW, **changes}
        with pytest.raises(actions.UnableToRecord) as refused:
            actions.withdraw(title, **wanted)
        assert refused.value.refusal.code == code
    actions.withdraw(title, on=date(2016, 1, 1), reason="复核不合格", today=TODAY, by=None, now=NOW)
    with pytest.raises(actions.UnableToRecord) as refused:
        actions.withdraw(title, on=date(2016, 1, 1), reason="复核不合格", today=TODAY, by=None, now=NOW)
    assert refused.value.refusal.code == "not_in_force"


def test_nobody_is_given_a_title_who_is_no_record():
    with pytest.raises(actions.UnableToRecord) as refused:
        record(99)
    assert refused.value.refusal.code == "no_such_subject"


def test_how_a_title_stands_depends_on_the_day():
    record(1, when="2014-01-01", ends_before=date(2016, 1, 1))
    taken = record(2, when="2014-01-01")
    actions.withdraw(taken, on=date(2015, 6, 1), reason="复核不合格", today=TODAY, by=None, now=NOW)

    def stands(day: date) -> dict[int, str]:
        rows = queries.about(INSTITUTION, 1) | queries.about(INSTITUTION, 2)
        return {row.subject_id: queries.status_on(row.status, row.withdrawn_on, row.ends_before, day) for row in rows}

    assert stands(date(2015, 1, 1)) == {1: "given", 2: "given"}
    assert stands(date(2015, 6, 1)) == {1: "given", 2: "withdrawn"}
    assert stands(date(2016, 1, 1)) == {1: "expired", 2: "withdrawn"}
    for word in ("given", "expired", "withdrawn", "struck"):
        for day in (date(2015, 1, 1), date(2015, 6, 1), date(2016, 1, 1)):
            found = {row.subject_id for row in queries.standing(queries.given_by(record_of(), day), word, day)}
            assert found == {pk for pk, said in stands(day).items() if said == word}


def record_of():
    return queries.about(INSTITUTION, 1) | queries.about(INSTITUTION, 2)


def test_a_list_finds_what_is_on_record_and_adds_what_it_says_more():
    there = record(1, when="2016", level="national")
    draft = TitleDraft(INSTITUTION, 1, "incubator", "national", "名单", given("2016"), number="A-7", batch="第一批")
    other = TitleDraft(INSTITUTION, 1, "incubator", "national", "名单", given("2015"))
    assert queries.recorded([draft, other]) == [there.pk, None]
    more = queries.changes({there.pk: draft})
    assert more == {there.pk: {"number": "A-7", "batch": "第一批"}}
    actions.amend_many(more.items())
    there.refresh_from_db()
    assert there.number == "A-7" and queries.changes({there.pk: draft}) == {}


def test_titles_are_found_by_number_and_by_whose_they_are():
    from hatchline.apps.search import queries as search

    there = record(1, when="2016", number="GH-2016-0077", document="国科发火〔2016〕77号")
    assert search.everything("GH-2016-0077", ["titles.title"]) == {"titles.title": [there.pk]}
    assert search.everything("第1孵化器", ["titles.title"]) == {"titles.title": [there.pk]}
