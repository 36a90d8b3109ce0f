"""Lists of others in other shapes: stages side by side, rounds of money, parks in square feet, corrections."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as register
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.premises.models import Occupancy, Space
from hatchline.apps.ventures.models import Funding, Question, Stay, Venture
from hatchline.journeys.imports import flow, mending
from tests.journeys.imports.test_flow import NOW, bring, outcomes, take
from tests.realdata import real

pytestmark = pytest.mark.django_db

MAPPINGS = Path(__file__).parents[3] / "mappings"
WIDE = """
hatchline_mapping: 1
target: stays
title: alumni
source: {date_order: dmy}
columns:
- {column: id, field: key}
- {column: company, field: name}
- {column: seen, field: evidence}
parts:
- constants: {stage: nursery, institution: North Lab}
  columns: [{column: nursery_from, field: starts}, {column: nursery_to, field: ended}]
- constants: {stage: incubation, institution: North Lab}
  columns: [{column: incubation_from, field: starts}, {column: incubation_to, field: ended}]
- constants: {stage: acceleration, institution: South Accel}
  columns: [{column: accel_from, field: starts}, {column: accel_to, field: ended}]
"""
HEAD = "id,company,seen,nursery_from,nursery_to,incubation_from,incubation_to,accel_from,accel_to\n"
ROWS = (
    "1,One,2016,Summer 2010,Mar 2011,05/04/2011,2013Q2,2013Q3,\n"
    "2,Two,2016,-,n/a,1356998400,,,\n"
    "3,Three,2016,,,2012-02-01,2011-01-01,2013,nonsense\n"
    "4,Four,2016,,,,,,\n"
)
LONG = """
hatchline_mapping: 1
target: stays
title: register of tenants
{more}
columns:
- {{column: id, field: key}}
- {{column: company, field: name}}
- {{column: hub, field: institution}}
- {{column: phase, field: stage, values: {{Residency: incubation, Growth: acceleration}}, otherwise: reject}}
- {{column: from, field: starts}}
- {{column: to, field: ended}}
- {{column: how, field: outcome, values: {{Alumni: graduated, Dead: closed, Active: null}}}}
"""
TENANTS = "id,company,hub,phase,from,to,how\n"


@pytest.fixture
def places(db):
    return [
        institutions.register(InstitutionDraft(name=name), by=None, now=NOW) for name in ("North Lab", "South Accel")
    ]


def told(run):
    return {(row.number, row.part): [problem["en"] for problem in row.problems] for row in imports.rows(run)}


def test_stages_side_by_side_become_stays_and_the_same_list_changes_nothing(places):
    run = take(bring(HEAD + ROWS, target="stays", mapping=WIDE))
    assert run.counts == {"created": 4, "rejected": 2} and run.preview["skips"] == {"no_part": 1}
    found = list(Stay.objects.order_by("pk").values_list("venture__name", "stage", "starts_text", "ended_text"))
    assert found == [
        ("One", "nursery", "Summer 2010", "Mar 2011"),
        ("One", "incubation", "05/04/2011", "2013Q2"),
        ("One", "acceleration", "2013Q3", ""),
        ("Two", "incubation", "1356998400", ""),
    ]
    assert Stay.objects.get(venture__name="Two").starts_on == date(2013, 1, 1)
    again = take(bring(HEAD + ROWS, target="stays", mapping=WIDE))
    assert again.counts == {"unchanged": 4, "rejected": 2}
    # a stage that was empty is filled later: the others keep their records
    later = ROWS.replace("2,Two,2016,-,n/a", "2,Two,2016,2012-01,2012-06")
    assert take(bring(HEAD + later, target="stays", mapping=WIDE)).counts == {
        "created": 1,
        "unchanged": 4,
        "rejected": 2,
    }
    assert Venture.objects.count() == 2


def test_the_bad_parts_of_a_row_come_back_together_and_are_taken_once_mended(places):
    run = take(bring(HEAD + ROWS, target="stays", mapping=WIDE))
    workbook = mending.bad_rows(run, language="en").getvalue()
    mended = take(bring(workbook, target="stays", mapping=WIDE, name="bad.xlsx"))
    assert mended.counts == {"rejected": 2}, "nothing was mended yet"
    good = HEAD + "3,Three,2016,,,2012-02-01,2012-12-01,2013,\n"
    assert take(bring(good, target="stays", mapping=WIDE)).counts == {"created": 2}


def test_a_run_cut_off_between_the_parts_of_a_row_goes_on(places, monkeypatch):
    text = HEAD + "".join(f"{n},C{n},2016,2010-01,2011-01,2011-02,2012-02,2013,\n" for n in range(1, 8))
    run = flow.start(
        bring(text, target="stays", mapping=WIDE), only_good_rows=True, by=None, now=NOW, in_background=False
    )
    monkeypatch.setattr(flow.engine.chunks, "__defaults__", (4,))
    written, kept = [], flow._write

    def cut(*arguments):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(kept(*arguments))

    monkeypatch.setattr(flow, "_write", cut)
    with pytest.raises(KeyboardInterrupt):
        flow.take_in(run, now=NOW)
    assert Stay.objects.count() == 8
    monkeypatch.setattr(flow, "_write", kept)
    run.refresh_from_db()
    run = flow.take_in(run, now=NOW)
    assert run.counts == {"created": 21} and Stay.objects.count() == 21
    assert {row.part for row in imports.rows(run)} == {0, 1, 2}


def test_a_corrected_list_changes_nothing_unsaid_and_corrects_when_it_gives_a_reason(places):
    rows = "1,Kay,North Lab,Residency,2012-01-01,,Active\n2,Lay,North Lab,Residency,2012-01-01,2013-01-01,Alumni\n"
    mapping = LONG.format(more="")
    take(bring(TENANTS + rows, target="stays", mapping=mapping))
    other = rows.replace("2012-01-01,,", "2012-03-01,,").replace("2013-01-01", "2014-01-01")
    run = take(bring(TENANTS + other, target="stays", mapping=mapping))
    assert run.counts == {"unchanged": 2} and all(told(run).values()), "each row says that the record stays as it is"
    assert Stay.objects.filter(starts_on=date(2012, 1, 1)).count() == 2
    because = LONG.format(more="constants: {correction: dates checked against the leases}")
    run = take(bring(TENANTS + other, target="stays", mapping=because))
    assert run.counts == {"updated": 2}
    kay, lay = Stay.objects.order_by("pk")
    assert kay.starts_on == date(2012, 3, 1) and (lay.ended_on, lay.outcome) == (date(2014, 1, 1), "graduated")
    moves = [entry for entry in ledger.about(lay) if entry.event == "ventures.stay.amended"]
    assert moves[0].details["was"]["ended"] == "2013-01-01" and "leases" in moves[0].details["reason"]
    assert take(bring(TENANTS + other, target="stays", mapping=because)).counts == {"unchanged": 2}


def test_a_correction_that_makes_two_stays_overlap_is_disputed_and_asked_about(places):
    rows = (
        "1,Kay,North Lab,Residency,2012-01-01,2013-01-01,Alumni\n2,May,South Accel,Residency,2013-06-01,2014-01-01,\n"
    )
    take(
        bring(TENANTS + rows.replace("May", "Kay").replace("Alumni", ""), target="stays", mapping=LONG.format(more=""))
    )
    because = LONG.format(more="constants: {correction: checked}")
    longer = rows.replace("May", "Kay").replace("Alumni", "").replace("2013-01-01", "2013-09-01")
    assert take(bring(TENANTS + longer, target="stays", mapping=because)).counts == {"updated": 1, "unchanged": 1}
    assert sorted(Stay.objects.values_list("status", flat=True)) == ["confirmed", "disputed"]
    assert Question.objects.get().kind == "overlap"


def test_institutions_of_a_list_are_registered_only_when_it_says_so(places):
    rows = TENANTS + "1,Kay,Hub Nowhere,Residency,2012-01-01,,Active\n2,Lay,Hub  Nowhere,Growth,2013-01-01,,Active\n"
    run = take(bring(rows, target="stays", mapping=LONG.format(more="")))
    assert outcomes(run) == ["rejected", "rejected"]
    assert told(run)[2, 0] == ["No institution “Hub Nowhere” was found."], "in English with its name"
    run = take(bring(rows, target="stays", mapping=LONG.format(more="constants: {register: 是}")))
    assert run.counts == {"created": 2} and register.institutions().count() == 3
    assert set(Stay.objects.values_list("institution__name", flat=True)) == {"Hub Nowhere"}


def test_rounds_of_money_keep_round_day_and_investors():
    mapping = """
target: ventures
source: {date_order: dmy}
columns:
- {column: Startup, field: name}
- {column: Type, field: round}
- {column: Date, field: raised_on}
- {column: Who, field: investors}
- {column: Amount, field: raised, currency: USD}
"""
    text = (
        "Startup,Type,Date,Who,Amount\n"
        'Alpha,Series B,09/01/2017,"One Fund, Two Fund","20,00,00,000"\n'
        "Beta,Seed,2016Q3,,undisclosed\n"
        "Gamma,Debt Funding,2015,Bank,several million\n"
        "Delta,,,,-\n"
        "Epsilon,Angel,Mar 2014,A. Person,\n"
    )
    run = take(bring(text, target="ventures", mapping=mapping))
    assert run.counts == {"created": 5}
    found = Funding.objects.order_by("pk").values_list(
        "venture__name", "round", "received_text", "investors", "amount", "currency"
    )
    assert list(found) == [
        ("Alpha", "b", "09/01/2017", "One Fund, Two Fund", Decimal(200_000_000), "USD"),
        ("Beta", "seed", "2016Q3", "", None, "USD"),
        ("Gamma", "loan", "2015", "Bank", None, "USD"),
        ("Epsilon", "angel", "Mar 2014", "A. Person", None, "CNY"),
    ]
    assert any("several million" in each for each in told(run)[4, 0]), "the text is kept, and it is said"
    assert not told(run)[5, 0], "a dash is no round of money"


def test_a_park_measured_in_square_feet_fits_into_its_own_rooms(places):
    take(bring("公司名称\nAcme\nBeta\n", target="ventures"))
    text = 'Unit,Tenant,In,Area\nA-1,Acme,1 March 2012,"1,076"\nA-2;A-3,Beta,Q2 2013,500\nA-4,VACANT,,400\n'
    rooms = """
target: spaces
constants: {institution: North Lab, premises: Block A}
columns: [{column: Unit, field: name}, {column: Area, field: area, unit: sq ft}]
parts: [{column: Unit, split: ";"}]
"""
    assert take(bring(text, target="spaces", mapping=rooms)).counts == {"created": 4}
    uses = """
target: occupancies
constants: {institution: North Lab, premises: Block A, evidence: "2016"}
when: [{column: Tenant, equals: VACANT, not: true}]
columns:
- {column: Unit, field: space}
- {column: Tenant, field: name}
- {column: In, field: starts}
- {column: Area, field: area, unit: sq ft}
parts: [{column: Unit, split: ";"}]
"""
    run = take(bring(text, target="occupancies", mapping=uses))
    assert run.counts == {"created": 3} and run.preview["skips"] == {"when": 1}, told(run)
    assert Space.objects.count() == 4
    assert sorted(Occupancy.objects.values_list("area", flat=True)) == [
        Decimal("46.45"),
        Decimal("46.45"),
        Decimal("99.96"),
    ]


def test_an_american_list_as_ventures_and_as_stays():
    """What the list says of itself tells which rows contradict: a session before the year of founding."""
    content = real("yc_2005_2014_startups.csv").read_bytes()
    for target in ("ventures", "stays"):
        mapping = (MAPPINGS / f"yc_2005_2014_{'startups' if target == 'ventures' else target}.yaml").read_text("utf-8")
        run = take(bring(content, target=target, mapping=mapping))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    early = {
        row["Company"].strip() for row in rows if row["Year Founded"] and row["Year Founded"] > row["Y Combinator Year"]
    }
    assert {row.label for row in imports.rows(run, "rejected")} == early and early
    assert all(row.problems[0]["code"] == "before_it_existed" for row in imports.rows(run, "rejected"))
    assert run.counts == {"created": 688 - len(early), "rejected": len(early)}
    summer = sum(row["Y Combinator Session"] == "Summer" for row in rows if row["Company"].strip() not in early)
    stays = Stay.objects.filter(institution__name="Y Combinator", stage="acceleration", end_state="unknown")
    assert stays.filter(starts_on__month=6, starts_before__month=9).count() == summer
    assert stays.filter(starts_on__month=1, starts_before__month=1).count() == 688 - len(early) - summer
