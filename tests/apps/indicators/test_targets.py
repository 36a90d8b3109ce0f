"""Targets: read from dated definitions; what is not known is said, never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from hatchline.apps.bodies import queries as places
from hatchline.apps.indicators import actions, definitions, policy, queries
from hatchline.apps.indicators.models import Definition, Target
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.titles import actions as titles
from hatchline.apps.titles.drafts import TitleDraft
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused
from hatchline.journeys import reference
from tests.apps.bodies.conftest import NOW, TODAY, divisions  # noqa: F401
from tests.apps.indicators.conftest import INSTITUTION, keep


def opened(number, day, divisions, **fields):  # noqa: F811
    drafts = [
        InstitutionDraft(
            name=f"机构{day}-{n}",
            kinds=("incubator",),
            territory=divisions["110105026"],
            opened=PartialDate.of(day) if day else None,
            **fields,
        )
        for n in range(number)
    ]
    keys = institutions.register_many(drafts, now=NOW)
    made = [
        TitleDraft(INSTITUTION, pk, "incubator", "district", "名单", PartialDate.of("2010-01-01"), document=f"文{pk}")
        for pk in keys
    ]
    titles.record_many(made, now=NOW)
    return keys


def test_the_plan_has_seven_targets_with_their_document(plan):
    assert [(each.operator, each.value.normalize(), each.measure.unit) for each in plan.values()] == [
        (">=", 20, "家"),
        (">=", 10, "家"),
        (">=", 5, "家"),
        (">", 1500, "家"),
        (">", Decimal("2E+10"), "元"),
        (">", 800, "家"),
        (">=", 50, "%"),
    ]
    assert {(each.document, each.article, each.due_on) for each in plan.values()} == {
        ("朝科文〔2014〕27号", "一(二)", date(2017, 12, 31))
    }
    assert reference._load_targets("110105", NOW) == (0, 7)
    assert reference._load_targets("310104", NOW) == (0, 0)


def test_the_first_target_counts_and_opens_down_to_its_rows(plan, divisions):  # noqa: F811
    opened(19, "2014", divisions)
    opened(1, "2017-07-18", divisions)
    opened(1, "2017-08", divisions)
    opened(1, "2013", divisions, closed=PartialDate.of("2016"))
    institutions.register_many([InstitutionDraft(name="海淀", territory=divisions["110108015"])], now=NOW)
    found = queries.reading(plan["institutions-2017"], TODAY)
    assert (found.value, found.at_most, found.verdict, found.unit) == (20, 20, "met", "家")
    assert found.rows.count() == 20
    assert (found.coverage.rows, found.coverage.decided, found.missing) == (20, 20, ())
    assert queries.reading(plan["institutions-2017"], date(2017, 7, 17)).verdict == "not_met"


def test_rows_that_cannot_be_decided_are_counted_apart(plan, divisions):  # noqa: F811
    opened(18, "2014", divisions)
    opened(3, "", divisions)
    found = queries.reading(plan["institutions-2017"], TODAY)
    assert (found.value, found.at_most, found.verdict) == (18, 21, "unknown")
    assert (found.coverage.rows, found.coverage.undecided) == (21, 3)
    assert "3 家" in found.missing[0]
    assert found.undecided_rows.count() == 3


def test_nothing_known_is_unknown_and_so_is_an_empty_register(plan, divisions):  # noqa: F811
    empty = queries.reading(plan["institutions-2017"], TODAY)
    assert (empty.value, empty.at_most, empty.verdict, empty.coverage) == (None, None, "unknown", None)
    assert empty.missing
    opened(3, "", divisions)
    found = queries.reading(plan["institutions-2017"], TODAY)
    assert (found.value, found.verdict) == (None, "not_met")  # were all three open, it would still be below twenty
    assert found.series[-1] == (TODAY, None)


def test_the_series_agrees_with_the_reading_on_each_of_its_days(plan, divisions):  # noqa: F811
    opened(4, "2014", divisions)
    opened(5, "2016-03", divisions)
    opened(2, "2017-02-03", divisions, closed=PartialDate.of("2017-05-10"))
    keep()
    found = queries.reading(plan["institutions-2017"], TODAY)
    assert (len(found.series), found.series[0][0], found.series[-1][0]) == (32, date(2014, 12, 31), TODAY)
    for day, value in found.series:
        assert queries.reading(plan["institutions-2017"], day, series=False).value == value


@pytest.mark.parametrize("code", ["municipal", "national", "tenants", "revenue", "graduates", "own_ip"])
def test_the_others_are_unknown_with_what_is_missing(plan, divisions, code):  # noqa: F811
    found = queries.reading(plan[f"{code}-2017"], TODAY)
    assert (found.value, found.at_most, found.verdict, found.coverage) == (None, None, "unknown", None)
    assert found.missing
    assert all(sentence for sentence in found.missing)
    assert found.rows.count() == 0


def test_a_measure_means_what_its_definition_said_that_day(plan, divisions):  # noqa: F811
    opened(3, "2014", divisions)
    measure = plan["institutions-2017"].measure
    actions.amend_definition(
        measure,
        content={"subject": "institution", "open": True, "kinds": ["accelerator"]},
        starts_on=date(2017, 1, 1),
        reason="只数加速器",
        by=None,
        now=NOW,
    )
    target = queries.target("institutions-2017")
    assert queries.reading(target, date(2016, 12, 31)).value == 3
    after = queries.reading(target, date(2017, 1, 1))
    assert (after.value, after.definition.reason) == (0, "只数加速器")
    assert "加速器" in after.definition_text
    entry = ledger.about(measure).get()
    assert entry.event == "indicators.measure.redefined"


def test_no_definition_that_day_is_said(plan):
    found = queries.reading(plan["institutions-2017"], date(2010, 1, 1))
    assert (found.value, found.definition) == (None, None)
    assert found.missing


def test_two_definitions_cannot_hold_on_one_day(plan):
    measure = plan["institutions-2017"].measure
    with pytest.raises(IntegrityError), transaction.atomic():
        Definition.objects.create(measure=measure, content={}, starts_on=date(2016, 1, 1), recorded_at=NOW)


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"subject": "moon"},
        {"subject": "institution", "open": "yes"},
        {"subject": "institution", "kinds": "incubator"},
        {"subject": "institution", "kinds": ["rocket"]},
        {"subject": "institution", "stages": [1]},
        {"subject": "institution", "territory": "朝阳"},
        {"subject": "institution", "sql": "DROP"},
        {"subject": "institution", "recognised": "galactic"},
        {"subject": "institution", "who": "tenant"},
        {"subject": "institution", "titles": ["rocket"]},
        {"subject": "venture", "open": True},
        {"subject": "venture", "who": "unicorn"},
        {"subject": "venture", "by": "document"},
        {"subject": "venture", "reckon": "sum"},
        {"subject": "venture", "reckon": "sum", "measure": 3},
        {"subject": "venture", "reckon": "sum", "measure": "revenue", "period": "moon"},
        {"subject": "venture", "reckon": "share", "having": "title"},
        {"subject": "venture", "beside": ["luck"]},
        {"missing": []},
        {"missing": ["titles"], "open": True},
        {"missing": ["luck"]},
    ],
)
def test_what_is_not_a_definition_is_refused_with_the_place(plan, content):
    with pytest.raises(definitions.NotADefinition):
        definitions.read(content)
    refusal = policy.why_not_amend_definition(
        plan["institutions-2017"].measure, content, starts_on=date(2018, 1, 1), reason="试"
    )
    assert (refusal.code, refusal.field) == ("not_a_definition", "content")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


FIELDS = sorted((definitions.OF_INSTITUTION | definitions.OF_VENTURE | {"missing"}) - {"subject"})


@given(
    JSON
    | st.fixed_dictionaries(
        {"subject": st.sampled_from(["institution", "venture"])}, optional=dict.fromkeys(FIELDS, JSON)
    )
)
def test_no_data_breaks_the_reader(content):
    try:
        definitions.read(content)
    except definitions.NotADefinition as problem:
        assert str(problem)


def test_a_definition_is_not_changed_for_days_gone_by(plan):
    measure = plan["institutions-2017"].measure
    content = {"subject": "institution"}
    with pytest.raises(Refused) as caught:
        actions.amend_definition(measure, content=content, starts_on=date(2011, 1, 1), reason="改", by=None, now=NOW)
    assert caught.value.refusal.code == "before_the_latest"
    with pytest.raises(Refused) as caught:
        actions.amend_definition(measure, content=content, starts_on=date(2018, 1, 1), reason=" ", by=None, now=NOW)
    assert caught.value.refusal.code == "no_reason"


def test_owner_and_path(plan):
    target = plan["institutions-2017"]
    target = actions.amend_owner(target, owner=None, owner_office="创业服务科", version=1, by=None, now=NOW)
    with pytest.raises(Refused) as caught:
        actions.amend_owner(target, owner=None, owner_office="别的科", version=1, by=None, now=NOW)
    assert caught.value.refusal.params["conflicts"]["owner_office"]["theirs"] == "创业服务科"
    with pytest.raises(Refused) as caught:
        actions.amend_owner(target, owner=None, owner_office="", version=2, by=None, now=NOW)
    assert caught.value.refusal.code == "no_owner"
    path = {date(2015, 12, 31): Decimal(14), date(2016, 12, 31): Decimal(17)}
    actions.set_path(target, waypoints=path, by=None, now=NOW)
    found = queries.reading(queries.target("institutions-2017"), TODAY)
    assert (found.due_by_now, len(found.path)) == (17, 2)
    with pytest.raises(Refused):
        actions.set_path(target, waypoints={date(2018, 1, 1): Decimal(1)}, by=None, now=NOW)


@pytest.mark.parametrize(
    ("operator", "low", "high", "answer"),
    [
        (">=", 20, 20, "met"),
        (">=", 19, 20, "unknown"),
        (">", 20, 20, "not_met"),
        ("<=", 20, 21, "unknown"),
        ("<", 18, 19, "met"),
    ],
)
def test_a_verdict_needs_all_possible_values_to_agree(operator, low, high, answer):
    target = Target(operator=operator, value=Decimal(20))
    assert queries.verdict(target, Decimal(low), Decimal(high)) == answer


def test_a_page_of_targets_costs_the_same_for_few_rows_and_for_many(plan, divisions, django_assert_max_num_queries):  # noqa: F811
    opened(40, "2014", divisions)
    with django_assert_max_num_queries(12):
        assert len(queries.readings(places.territory("110105"), TODAY)) == 7
