"""Who uses how much: never more than the space on any day, refused in words, forbidden by the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from hatchline.apps import guards
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.premises import actions, queries
from hatchline.apps.premises.drafts import SpaceDraft
from hatchline.apps.premises.models import Extent, Occupancy
from hatchline.core.values.refusal import Refused
from tests.apps.premises.conftest import DONE, NOW, TODAY, TOLD, drafted, occupy, on, premises, room

pytestmark = pytest.mark.django_db


def refusal(act) -> object:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value.refusal


def test_what_does_not_fit_is_refused_with_the_day_and_what_is_left(building):
    space = room(building)
    occupy(space, "2016-01-01", "2016-07-01", "70")
    occupy(space, "2016-06-01", "", "30")
    said = refusal(lambda: occupy(space, "2016-05-01", "2016-06-15", "1"))
    assert (said.code, said.field) == ("too_large", "area")
    assert "2016-06-01" in str(said) and "只剩 0" in str(said)
    occupy(space, "2016-07-01", "", "70")
    assert refusal(lambda: occupy(space, "2015-01-01", "", "101")).code == "too_large"
    assert Occupancy.objects.count() == 3


def test_the_database_refuses_what_policy_was_not_asked(building):
    space = room(building)
    occupy(space, area="70")
    with pytest.raises(guards.Violated) as violation, transaction.atomic():
        Occupancy.objects.create(recorded_at=NOW, **drafted(space, area="31").columns())
    assert violation.value.guard == "occupancies_fit_the_space"
    with pytest.raises(guards.Violated), transaction.atomic():
        Extent.objects.filter(space=space).update(area=Decimal("69"))


def test_desks_are_counted_too(building):
    space = room(building, "开放区", "200", kind="open", desks=3)
    occupy(space, area=None, desks=2)
    said = refusal(lambda: occupy(space, area=None, desks=2))
    assert (said.code, said.field) == ("too_many_desks", "desks")
    with pytest.raises(guards.Violated) as violation, transaction.atomic():
        Occupancy.objects.create(recorded_at=NOW, **drafted(space, area=None, desks=2).columns())
    assert violation.value.guard == "occupancies_fit_the_desks"


def test_shrinking_below_what_is_used_is_refused(building):
    space = room(building)
    occupy(space, "2016-01-01", "2017-01-01", "80")
    said = refusal(
        lambda: actions.resize(space, SpaceDraft(code="301", area=Decimal("50"), since=date(2016, 6, 1)), **DONE)
    )
    assert said.code == "smaller_than_used" and "2016-06-01" in str(said)
    actions.resize(space, SpaceDraft(code="301", area=Decimal("50"), since=date(2017, 1, 1)), **DONE)
    assert refusal(lambda: occupy(space, "2017-02-01", "", "51")).code == "too_large"
    occupy(space, "2017-02-01", "", "50")
    # half of it later: the first half of its days stays as it was
    assert queries.rooms(date(2016, 6, 1), premises=[building.pk])[0].area == 100
    assert queries.rooms(date(2017, 6, 1), premises=[building.pk])[0].area == 50


def test_a_space_that_is_no_more_holds_nobody_and_is_not_shown(building):
    space = room(building)
    actions.resize(space, SpaceDraft(code="301", area=Decimal(0), since=date(2016, 1, 1)), **DONE)
    assert refusal(lambda: occupy(space, "2016-02-01", "", "1")).code == "no_such_space"
    occupy(space, "2015-01-01", "2015-12-01", "100")
    assert queries.rooms(date(2016, 6, 1), premises=[building.pk]) == []


def test_ending_makes_room_and_is_said_once(building):
    space = room(building)
    first = occupy(space, "2016-01-01", "", "100")
    ended = actions.end_occupancy(first, on=on("2017-03-01"), **TOLD)
    assert (ended.held_from, ended.held_until) == (date(2016, 1, 1), date(2017, 3, 1))
    occupy(space, "2017-03-01", "", "100")
    assert refusal(lambda: actions.end_occupancy(first, on=on("2017-04-01"), **TOLD)).code == "ended_already"
    assert [entry.event for entry in ledger.about(first)] == ["premises.occupancy.ended", "premises.occupancy.recorded"]


def test_striking_out_makes_room_and_stays_readable(building):
    space = room(building)
    wrong = occupy(space, area="100")
    assert refusal(lambda: actions.strike(wrong, reason=" ", **DONE)).code == "no_reason"
    actions.strike(wrong, reason="房号写错", **DONE)
    occupy(space, area="100")
    assert queries.occupancies_in(building).count() == 2
    assert queries.occupancies().count() == 1


def test_a_correction_is_held_against_the_others_alone(building):
    space = room(building)
    first, _second = occupy(space, area="40"), occupy(space, area="50")
    actions.correct(first, drafted(space, area="50", name="路演厅"), **TOLD)
    first.refresh_from_db()
    assert (first.area, first.name) == (50, "路演厅")
    assert refusal(lambda: actions.correct(first, drafted(space, area="51"), **TOLD)).code == "too_large"


def test_imprecise_dates_take_room_only_on_sure_days(building):
    space = room(building)
    occupy(space, "2016", "2016-09", "100")  # surely from 31 December 2016: on no day, as it ended before
    occupy(space, "2016-02-01", "2016-12-01", "100")
    vague = occupy(space, "2017-02", "", "100")
    assert vague.held_from == date(2017, 2, 28)
    sure, perhaps = (
        queries.rooms(date(2017, 2, 28), premises=[building.pk]),
        queries.rooms(date(2017, 2, 14), premises=[building.pk]),
    )
    assert sure[0].free_area == 0 and not perhaps[0].used[0].sure


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"starts": "2017-08-01"}, "in_the_future"),
        ({"starts": "2017-02-01", "ended": "2017-01-01"}, "ends_before_it_begins"),
        ({"area": "0"}, "no_area"),
        ({"area": "-3"}, "no_area"),
        ({"name": " "}, "no_name"),
        ({"who": ("ventures.venture", None)}, "no_occupant"),
        ({"area": None, "desks": 0}, "no_desks"),
    ],
)
def test_bad_input_is_refused(building, given, code):
    space = room(building)
    assert refusal(lambda: occupy(space, **given)).code == code
    assert not Occupancy.objects.exists()


def test_nobody_moves_into_premises_that_were_given_up(building):
    space = room(building)
    last = occupy(space, "2016-01-01", "", "10")
    assert refusal(lambda: actions.vacate(building, on=on("2017-06-30"), **DONE)).code == "still_used"
    actions.end_occupancy(last, on=on("2017-06-01"), **TOLD)
    actions.vacate(building, on=on("2017-06-30"), **DONE)
    assert refusal(lambda: occupy(space, "2017-07-01", "", "10")).code == "vacated_already"
    assert refusal(lambda: actions.vacate(building, on=on("2017-07-01"), **DONE)).code == "vacated_already"


def test_many_at_once_fit_one_after_the_other(building):
    space = room(building)
    drafts = [drafted(space, "2016-01-01", "", "40", name=f"团队{number}") for number in range(3)]
    placed = actions.record_occupancies(drafts, now=NOW, today=TODAY)
    assert [each.pk is not None for each in placed] == [True, True, False]
    assert placed[2].refusal.code == "too_large"
    assert queries.free([building.institution_id], TODAY)[building.institution_id].area == 20


def test_many_are_few_queries(building, django_assert_max_num_queries):
    spaces = [room(building, f"{number}") for number in range(20)]
    drafts = [drafted(space, area="10", name=f"团队{number}") for space in spaces for number in range(10)]
    with django_assert_max_num_queries(16):
        actions.record_occupancies(drafts, now=NOW, today=TODAY)


def test_managers_do_not_give_premises_to_another_institution(institution, building):
    other = premises(name="别处")
    changes = {"institution": institution.pk}
    said = refusal(lambda: actions.amend(other, version=1, role_kind="manager", **changes, **DONE))
    assert said.code == "for_the_authority"
    assert refusal(lambda: actions.resize(room(building), SpaceDraft("1"), role_kind="founder", **DONE)).code == (
        "not_your_role"
    )
