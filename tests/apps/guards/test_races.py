"""Guards are raced for by threads and processes, before and after their tables were rebuilt."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections, models

from hatchline.apps import guards
from tests.apps.guards.sample.models import Award, Booking, Budget, Desk, Note, Room, Size, Verdict

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
RACERS = 8


def race(act: Callable[[int], object]) -> list[str]:
    """Have threads do ``act`` at the same moment; "done" or the name of the guard that stopped it, for each."""
    start, outcomes = threading.Barrier(RACERS), []

    def run(number: int) -> None:
        try:
            connections["default"].ensure_connection()
            start.wait()
            act(number)
            outcomes.append("done")
        except guards.Violated as violation:
            outcomes.append(violation.guard)
        except OperationalError as error:  # two transactions waiting for each other: one is told to try again
            outcomes.append("deadlock" if "deadlock" in str(error) else str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def rebuild(*tables: type[models.Model]) -> None:
    """Alter a field of each table there and back, as a migration would: SQLite rebuilds the table each time."""
    for model in tables:
        old = next(
            field for field in model._meta.local_concrete_fields if not field.primary_key and not field.remote_field
        )
        new = old.clone()
        new.set_attributes_from_name(old.name)
        new.model = model
        new.null = not old.null
        with guards.lowered(connection), connection.schema_editor() as editor:
            editor.alter_field(model, old, new, strict=True)
        with guards.lowered(connection), connection.schema_editor() as editor:
            editor.alter_field(model, new, old, strict=True)


@pytest.fixture(params=["fresh", "rebuilt"])
def tables(request):
    if request.param == "rebuilt":
        rebuild(Booking, Note, Verdict, Budget, Award, Size, Desk)
    assert guards.missing(connection) == []


def test_one_of_many_takes_the_room(tables):
    for room in range(5):
        outcomes = race(lambda _number, room=room: Booking.objects.create(room=room, starts_on=date(2014, 3, 1)))
        assert outcomes.count("done") == 1, outcomes
        assert set(outcomes) <= {"done", "sample_booking", "deadlock"}
    assert Booking.objects.count() == 5


def test_a_budget_is_never_overdrawn(tables):
    budget = Budget.objects.create(amount=Decimal("3.00"))
    outcomes = race(lambda _number: Award.objects.create(budget_id=budget.pk, amount=Decimal("1.00")))
    assert outcomes == ["done"] * 3 + ["sample_award"] * (RACERS - 3)
    assert Award.objects.count() == 3


def test_a_room_never_holds_more_than_it_can(tables):
    room = Room.objects.create()
    Size.objects.create(room=room, area=Decimal("3.00"))
    outcomes = race(
        lambda number: Desk.objects.create(
            room_id=room.pk, area=Decimal("1.00"), starts_on=date(2014, 3, 1 + number), ends_before=date(2014, 9, 1)
        )
    )
    assert outcomes == ["done"] * 3 + ["sample_desk"] * (RACERS - 3)
    assert Desk.objects.count() == 3
    smaller = [lambda: Size.objects.create(room_id=room.pk, area=Decimal("3.00"), starts_on=date(2014, 8, 1))]
    smaller += [lambda: Desk.objects.filter(room=room).update(ends_before=date(2014, 7, 1))]
    race(lambda number: smaller[number % 2]())
    assert guards.broken(connection) == {}


def test_rows_of_an_append_only_table_outlive_every_attempt(tables):
    for number in range(RACERS):
        Note.objects.create(text=str(number))
    assert race(lambda number: Note.objects.filter(text=str(number)).delete()) == ["sample_note"] * RACERS
    assert Note.objects.count() == RACERS


def test_a_rebuild_without_taking_guards_down_puts_them_up_itself():
    """A schema editor alone, as in a migration that was started by hand."""
    old = Note._meta.get_field("text")
    new = models.CharField(max_length=60, unique=True)
    new.set_attributes_from_name("text")
    new.model = Note
    with connection.schema_editor() as editor:
        editor.alter_field(Note, old, new, strict=True)
    with connection.schema_editor() as editor:
        editor.alter_field(Note, new, old, strict=True)
    assert guards.missing(connection) == []
    Note.objects.create(text="一")
    with pytest.raises(guards.Violated):
        Note.objects.all().delete()


@pytest.mark.parametrize("model", sorted({model for model, _guard in guards.declared()}, key=lambda m: m._meta.label))
def test_every_guarded_table_keeps_its_guards_through_a_rebuild(model):
    assert guards.missing(connection) == []
    rebuild(model)
    assert guards.missing(connection) == []


def test_guards_can_be_added_and_removed_by_migrations():
    guard = next(guard for _model, guard in guards.declared("guard_sample") if guard.name == "sample_booking")
    with connection.schema_editor() as editor:
        without = Booking._meta.constraints
        Booking._meta.constraints = [each for each in without if each != guard]
        try:
            editor.remove_constraint(Booking, guard)
        finally:
            Booking._meta.constraints = without
    assert {each.guard for each in guards.missing(connection)} == {"sample_booking"}
    with connection.schema_editor() as editor:
        editor.add_constraint(Booking, guard)
    assert guards.missing(connection) == []


def test_migrate_with_nothing_to_do_leaves_guards_standing_and_mends_lost_ones():
    with connection.cursor() as cursor:
        suffix = " ON guard_sample_note" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_sample_note_update{suffix}")
    assert guards.missing(connection)
    call_command("migrate", verbosity=0, run_syncdb=True)
    assert guards.missing(connection) == []


PROCESS = """
import os, sys
from datetime import date
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from hatchline.apps import guards
from tests.apps.guards.sample.models import Booking
taken = 0
for room in range(100, 140):
    try:
        Booking.objects.create(room=room, starts_on=date(2014, 3, 1))
        taken += 1
    except guards.Violated:
        pass
print(taken)
"""


def test_processes_race_for_rooms(tables):
    name = str(connection.settings_dict["NAME"])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, name], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment()
        )
        for _number in range(3)
    ]
    taken = [int(process.communicate()[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sum(taken) == Booking.objects.filter(room__gte=100).count() == 40


def environment() -> dict[str, str]:
    import os

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hatchline.config.settings_test",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
