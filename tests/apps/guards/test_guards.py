"""Each kind of guard holds against the ORM and against SQL, and is told from an ordinary broken constraint."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from hatchline.apps import guards
from tests.apps.guards.sample.models import Award, Booking, Budget, Desk, Note, Room, Size, Verdict

pytestmark = pytest.mark.django_db
POSTGRES = connection.vendor == "postgresql"


def refused(guard: str, act) -> None:
    with pytest.raises(guards.Violated) as violation, transaction.atomic():
        act()
    assert violation.value.guard == guard
    assert str(violation.value), "a guard says in words what it forbids"


def sql(statement: str, *params):
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)

    return run


def book(room: int | None, start: str | None, end: str | None, status: str = "held") -> Booking:
    return Booking.objects.create(
        room=room,
        starts_on=date.fromisoformat(start) if start else None,
        ends_before=date.fromisoformat(end) if end else None,
        status=status,
    )


PERIODS = [
    # start and end of a second booking beside 2014-03-01 … 2014-06-01, and whether they clash
    ("2014-06-01", "2014-07-01", False),
    ("2014-02-01", "2014-03-01", False),
    ("2014-05-31", "2014-06-01", True),
    ("2014-01-01", None, True),
    (None, "2014-03-02", True),
    (None, "2014-03-01", False),
    (None, None, True),
    ("2014-06-01", None, False),
    ("2014-04-01", "2014-04-01", False),
    ("2014-05-01", "2014-04-01", False),
]


@pytest.mark.parametrize(("start", "end", "clashes"), PERIODS)
def test_no_overlap(start, end, clashes):
    book(1, "2014-03-01", "2014-06-01")
    if clashes:
        refused("sample_booking", lambda: book(1, start, end))
        with pytest.raises(ValidationError):
            Booking(
                room=1, starts_on=start and date.fromisoformat(start), ends_before=end and date.fromisoformat(end)
            ).full_clean()
    else:
        book(1, start, end)
    book(2, start, end)
    book(None, start, end)


def test_no_overlap_holds_for_updates_and_leaves_other_rows_alone():
    first, second = book(1, "2014-03-01", "2014-06-01"), book(1, "2014-06-01", None)
    refused("sample_booking", lambda: Booking.objects.filter(pk=second.pk).update(starts_on=date(2014, 5, 1)))
    refused("sample_booking", sql("UPDATE guard_sample_booking SET ends_before = NULL WHERE id = %s", first.pk))
    Booking.objects.filter(pk=first.pk).update(ends_before=date(2014, 5, 1))
    Booking.objects.filter(pk=second.pk).update(starts_on=date(2014, 5, 1))
    cancelled = book(1, "2014-05-05", None, status="cancelled")
    cancelled.status = "held"
    refused("sample_booking", cancelled.save)
    Booking.objects.get(pk=first.pk).full_clean()


def test_append_only():
    note = Note.objects.create(text="一")
    Note.objects.filter(pk=note.pk).update(read=True)
    refused("sample_note", lambda: Note.objects.filter(pk=note.pk).update(text="二"))
    refused("sample_note", note.delete)
    refused("sample_note", sql("DELETE FROM guard_sample_note"))
    refused("sample_note", sql("UPDATE guard_sample_note SET id = id + 100"))
    assert list(Note.objects.values_list("text", "read")) == [("一", True)]


@pytest.mark.skipif(POSTGRES, reason="SQLite's own ways of replacing")
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_append_only_holds_against_replace(recursive):
    note = Note.objects.create(text="一")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive}")
    try:
        same_key = sql("REPLACE INTO guard_sample_note (id, text, read) VALUES (%s, '二', 0)", note.pk)
        refused("sample_note", same_key)
        refused("sample_note", sql("INSERT OR REPLACE INTO guard_sample_note (text, read) VALUES ('一', 1)"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")
    assert Note.objects.get() == note


@pytest.mark.skipif(not POSTGRES, reason="PostgreSQL's own ways around triggers")
def test_append_only_holds_against_truncate_and_replication_role():
    Note.objects.create(text="一")
    refused("sample_note", sql("TRUNCATE guard_sample_note"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    refused("sample_note", sql("DELETE FROM guard_sample_note"))


def test_frozen_when():
    verdict = Verdict.objects.create(outcome="yes")
    verdict.outcome = "no"
    verdict.save()
    verdict.status = "final"
    verdict.save()
    verdict.comment = "说明"
    verdict.save()
    verdict.outcome = "yes"
    refused("sample_verdict", verdict.save)
    refused("sample_verdict", lambda: Verdict.objects.update(status="draft"))
    refused("sample_verdict", verdict.delete)
    Verdict.objects.create(outcome="draft").delete()


def test_balanced():
    budget = Budget.objects.create(amount=Decimal("0.30"))
    Award.objects.create(budget=budget, amount=Decimal("0.10"))
    second = Award.objects.create(
        budget=budget, amount=Decimal("0.20")
    )  # 0.1 + 0.2 is 0.3, in binary fractions it is not
    refused("sample_award", lambda: Award.objects.create(budget=budget, amount=Decimal("0.01")))
    waiting = Award.objects.create(budget=budget, amount=Decimal("5"), status="asked")
    refused("sample_award", lambda: Award.objects.filter(pk=waiting.pk).update(status="given"))
    refused("sample_award", lambda: Award.objects.filter(pk=second.pk).update(amount=Decimal("0.21")))
    refused("sample_award", lambda: Budget.objects.filter(pk=budget.pk).update(amount=Decimal("0.29")))
    Budget.objects.filter(pk=budget.pk).update(amount=None)
    Award.objects.filter(pk=waiting.pk).update(status="given")


def desk(room: Room, area: str | None, start: str | None, end: str | None = None, status: str = "held") -> Desk:
    return Desk.objects.create(
        room=room,
        area=area and Decimal(area),
        starts_on=start and date.fromisoformat(start),
        ends_before=end and date.fromisoformat(end),
        status=status,
    )


def size(room: Room, area: str | None, since: str | None = None) -> Size:
    return Size.objects.create(room=room, area=area and Decimal(area), starts_on=since and date.fromisoformat(since))


def test_never_above():
    room, other = Room.objects.create(), Room.objects.create()
    refused("sample_desk", lambda: desk(room, "1", "2014-01-01"))  # a room without a size holds nothing
    desk(room, None, "2014-01-01")
    size(room, "0.30")
    first = desk(room, "0.10", "2014-01-01", "2014-07-01")
    desk(room, "0.20", "2014-06-01")  # 0.1 + 0.2 is 0.3
    refused("sample_desk", lambda: desk(room, "0.01", "2014-06-30"))
    refused("sample_desk", lambda: desk(room, "0.11", "2013-01-01"))  # it fits on its first days, not in June
    desk(room, "0.10", "2014-07-01")
    desk(room, "0.20", "2013-06-01", "2014-06-01")
    desk(room, "9", None)  # on no sure day
    asked = desk(room, "9", "2014-06-15", status="asked")
    refused("sample_desk", lambda: Desk.objects.filter(pk=asked.pk).update(status="held"))
    refused("sample_desk", lambda: Desk.objects.filter(pk=first.pk).update(ends_before=None))
    refused("sample_desk", sql("UPDATE guard_sample_desk SET area = 0.11 WHERE id = %s", first.pk))
    size(other, "5")
    moved = desk(other, "5", "2014-06-01")
    refused("sample_desk", lambda: Desk.objects.filter(pk=moved.pk).update(room=room))
    assert guards.broken(connection) == {}


def test_never_above_holds_when_limits_change():
    room = Room.objects.create()
    small = size(room, "10")
    desk(room, "8", "2014-01-01", "2015-01-01")
    desk(room, "4", "2015-01-01")
    refused("sample_desk", lambda: size(room, "7", "2014-12-31"))
    refused("sample_desk", lambda: size(room, "0", "2016-01-01"))
    later = size(room, "4", "2015-01-01")
    refused("sample_desk", lambda: desk(room, "2", "2014-12-01"))
    refused("sample_desk", lambda: Size.objects.filter(pk=later.pk).update(area=Decimal("3.99")))
    refused("sample_desk", lambda: Size.objects.filter(pk=later.pk).update(starts_on=date(2014, 6, 1)))
    refused("sample_desk", small.delete)
    Size.objects.filter(pk=small.pk).update(area=None)  # nobody knows how large it was then
    desk(room, "900", "2013-01-01", "2014-01-01")
    refused("sample_desk", lambda: desk(room, "900", "2013-01-01", "2015-02-01"))
    later.delete()
    desk(room, "900", "2013-01-01", "2015-02-01")
    assert guards.broken(connection) == {}


def test_rooms_that_are_above_are_counted():
    room = Room.objects.create()
    size(room, "1")
    with guards.lowered(connection):
        desk(room, "2", "2014-01-01")
        desk(room, "0", "2014-03-01")
    assert guards.broken(connection) == {"sample_desk": 1}


def test_moving_a_part_to_another_parent_counts_there():
    full, empty = Budget.objects.create(amount=Decimal("1")), Budget.objects.create(amount=Decimal("0.5"))
    award = Award.objects.create(budget=full, amount=Decimal("1"))
    refused("sample_award", lambda: Award.objects.filter(pk=award.pk).update(budget=empty))


def test_an_ordinary_broken_constraint_stays_an_integrity_error():
    Note.objects.create(pk=1, text="一")
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Verdict.objects.create(pk=1, outcome="x")
        Verdict.objects.create(pk=1, outcome="x")
    assert not isinstance(error.value, guards.Violated)


def test_nothing_is_missing_and_what_is_taken_away_is_told():
    assert guards.missing(connection) == []
    name = "guard_sample_note_delete"
    drop = f'DROP TRIGGER "{name}"' + (" ON guard_sample_note" if POSTGRES else "")
    with connection.cursor() as cursor:
        cursor.execute(drop)
    assert [(each.guard, each.piece, each.why) for each in guards.missing(connection)] == [
        ("sample_note", name, "absent")
    ]
    with pytest.raises(Exception, match="hatchline doctor --mend"):
        guards.refuse_when_missing(connection)
    assert "sample_note" in guards.put_up(connection)
    assert guards.missing(connection) == []
    guards.refuse_when_missing(connection)


def test_a_guard_that_was_made_toothless_counts_as_missing():
    with connection.cursor() as cursor:
        if POSTGRES:
            cursor.execute("ALTER TABLE guard_sample_note DISABLE TRIGGER guard_sample_note_delete")
            cursor.execute(
                'CREATE OR REPLACE FUNCTION "guard_sample_note_update"() RETURNS trigger LANGUAGE plpgsql'
                " AS $$BEGIN RETURN NEW; END$$"
            )
        else:
            for event in ("delete", "update"):
                cursor.execute(f"DROP TRIGGER guard_sample_note_{event}")
                cursor.execute(
                    f"CREATE TRIGGER guard_sample_note_{event} BEFORE {event} ON guard_sample_note BEGIN SELECT 1; END"
                )
    whys = {each.piece: each.why for each in guards.missing(connection)}
    assert whys == {
        "guard_sample_note_delete": "disabled" if POSTGRES else "changed",
        "guard_sample_note_update": "changed",
    }


@pytest.mark.skipif(POSTGRES, reason="an exclusion constraint cannot be taken down by a rebuild")
def test_rows_let_in_while_guards_were_down_are_found():
    with guards.lowered(connection):
        book(1, "2014-03-01", None)
        book(1, "2014-05-01", None)
        budget = Budget.objects.create(amount=Decimal("1"))
        Award.objects.create(budget=budget, amount=Decimal("1.01"))
    assert guards.broken(connection) == {"sample_booking": 1, "sample_award": 1}
    Booking.objects.first().delete()
    Award.objects.all().delete()
    assert guards.broken(connection) == {}


def test_a_guard_survives_being_written_into_a_migration():
    for _model, guard in guards.declared():
        path, args, kwargs = guard.deconstruct()
        assert path == f"hatchline.apps.guards.{type(guard).__name__}"
        assert type(guard)(*args, **kwargs) == guard == guard.clone()
