"""Verbs at the same moment: a room never holds more than it can, idle property becomes premises once."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.apps import guards
from hatchline.apps.premises import actions, queries
from hatchline.apps.premises.drafts import IdleDraft
from hatchline.apps.premises.models import Occupancy, Premises
from hatchline.core.values.refusal import Refused
from tests.apps.guards.test_races import RACERS, race
from tests.apps.premises.conftest import NOW, TODAY, TOLD, drafted, occupy, place, premises, room

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def outcomes(act) -> list[str]:
    """What became of each racer: "done", or the code of its refusal."""
    said: list[str] = []

    def run(number: int) -> None:
        try:
            act(number)
            said.append("done")
        except Refused as refused:
            said.append(refused.refusal.code)

    race(run)
    return sorted(said)


def test_a_room_is_given_away_once():
    space = room(premises(place()))
    found = outcomes(lambda number: occupy(space, f"2016-0{1 + number}-01", "", "100", name=f"团队{number}"))
    assert found.count("done") == 1 and set(found) == {"done", "too_large"}, found
    assert Occupancy.objects.count() == 1
    assert queries.free_area(space.premises.institution_id, TODAY) == 0


def test_the_database_alone_holds_where_no_verb_looks_first():
    space = room(premises(place()))
    found = race(lambda number: Occupancy.objects.create(recorded_at=NOW, **drafted(space, area="40").columns()))
    assert found.count("done") == 2 and len(found) == RACERS, found
    from django.db import connection

    assert guards.broken(connection) == {}


def test_idle_property_is_converted_once():
    row = actions.find(IdleDraft("老厂房", "街道摸排"), **TOLD)
    row = actions.negotiate(row, on=TODAY, **TOLD)
    home = place()
    found = outcomes(lambda _number: actions.convert(row, on=date(2017, 7, 18), institution=home.pk, **TOLD))
    assert found.count("done") == 1 and set(found) <= {"done", "wrong_status", "changed_meanwhile"}, found
    assert Premises.objects.count() == 1
