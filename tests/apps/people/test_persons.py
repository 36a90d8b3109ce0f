"""Persons and their personal values: encrypted, masked, found by digest, exported and erased."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from hatchline.apps.people.models import Account, ContactPoint, Identity, Person
from hatchline.apps.search import queries as search
from hatchline.core.values.refusal import Refused
from tests.apps.people.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
PHONE, NUMBER, MAIL = "138 0013 8000", "11010519491231002X", "zhang.san@example.com"


def everything_kept() -> str:
    """All text in the tables of this app and of the ledger, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("people_", "ledger_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def with_values(person: Person) -> Person:
    people.set_contact(person, kind="mobile", value=PHONE, is_preferred=True, by=None, now=NOW)
    people.set_contact(person, kind="email", value=MAIL, by=None, now=NOW)
    people.set_identity(person, kind="resident", number=NUMBER, by=None, now=NOW)
    return person


def test_no_personal_value_reaches_the_tables_in_the_clear(zhang):
    with_values(zhang)
    kept = everything_kept()
    assert "people.person.contact_set" in kept
    for value in (PHONE, "13800138000", NUMBER, MAIL):
        assert value not in kept
    assert queries.contacts_of(zhang)[0].value


def test_the_ledger_has_digests_and_no_names(zhang):
    people.rename(zhang, name="张三丰", by=None, now=NOW)
    people.set_contact(zhang, kind="mobile", value=PHONE, by=None, now=NOW)
    moves = list(ledger.about(zhang))
    assert [move.event.rsplit(".", 1)[1] for move in moves] == ["contact_set", "renamed", "registered"]
    told = json.dumps([move.details for move in moves], ensure_ascii=False)
    assert "张三" not in told and "13800138000" not in told and PHONE not in told


def test_pages_show_a_part(zhang):
    with_values(zhang)
    shown = {contact.kind: contact.masked for contact in queries.contacts_of(zhang)}
    assert shown["email"] == "z***@example.com"
    assert "0013" not in shown["mobile"] and shown["mobile"].startswith("138")
    assert NUMBER[6:14] not in queries.identities_of(zhang)[0].masked


def test_each_look_at_the_full_value_is_written_down(zhang, admin):
    with_values(zhang)
    before = ledger.about(zhang).count()
    value = people.unmask_contact(queries.contacts_of(zhang)[0], by=admin, now=NOW, role_kind="administrator")
    assert value == MAIL
    assert people.unmask_identity(queries.identities_of(zhang)[0], by=admin, now=NOW) == NUMBER
    looks = list(ledger.about(zhang))[: ledger.about(zhang).count() - before]
    assert [look.event for look in looks] == ["people.person.looked"] * 2
    assert looks[1].by_id == admin.pk and looks[1].role_kind == "administrator"


@pytest.mark.parametrize("written", ["13800138000", "138-0013-8000", "１３８００１３８０００"])
def test_an_equal_contact_is_found_however_it_is_written(zhang, li, written):
    with_values(zhang)
    assert list(queries.with_contact("mobile", written)) == [zhang]
    people.set_contact(li, kind="mobile", value=written, by=None, now=NOW)
    assert queries.possible_duplicates(li) == [(zhang, ["contact"])]


def test_one_document_number_of_two_persons_is_a_sign_of_a_duplicate_not_an_error(zhang, li):
    for person in (zhang, li):
        people.set_identity(person, kind="resident", number=NUMBER, by=None, now=NOW)
    assert queries.possible_duplicates(zhang) == [(li, ["identity"])]
    assert set(queries.with_identity("resident", NUMBER.lower())) == {zhang, li}


def test_namesakes_are_two_persons(zhang):
    other = people.register("张三", by=None, now=NOW)
    assert other.pk != zhang.pk
    assert queries.possible_duplicates(other) == [(zhang, ["name"])]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("mobile", "12"), ("mobile", "call me"), ("email", "no-at-sign"), ("pigeon", "13800138000"), ("mobile", "1" * 16)],
)
def test_what_is_no_contact_is_refused(zhang, kind, value):
    with pytest.raises(Refused):
        people.set_contact(zhang, kind=kind, value=value, by=None, now=NOW)
    assert not ContactPoint.objects.exists()


def test_a_wrong_check_digit_is_refused(zhang):
    with pytest.raises(Refused) as refused:
        people.set_identity(zhang, kind="resident", number=NUMBER[:-1] + "1", by=None, now=NOW)
    assert refused.value.refusal.code == "wrong_check_digit"
    people.set_identity(zhang, kind="passport", number="E12345678", by=None, now=NOW)


def test_one_contact_of_a_kind_is_preferred_and_mail_goes_there(zhang):
    assert queries.mail_address(zhang) == ""
    people.set_contact(zhang, kind="email", value="first@example.com", is_preferred=True, by=None, now=NOW)
    people.set_contact(zhang, kind="email", value=MAIL, is_preferred=True, by=None, now=NOW)
    assert ContactPoint.objects.filter(is_preferred=True).count() == 1
    assert queries.mail_address(zhang) == MAIL


def test_a_persons_data_is_exported_in_full(zhang, admin):
    with_values(zhang)
    held = people.export(zhang, by=admin, now=NOW)
    assert {contact["value"] for contact in held["contacts"]} == {PHONE, MAIL}
    assert held["identities"][0]["number"] == NUMBER
    assert ledger.about(zhang).first().event == "people.person.exported"


def test_erasure_empties_the_columns_and_leaves_key_and_ledger(zhang, admin):
    with_values(zhang)
    people.make_account(zhang, username="zhangsan", password="a long enough pass", by=None, now=NOW)
    moves = set(ledger.about(zhang).values_list("pk", flat=True))
    people.erase(zhang, by=admin, now=NOW, today=TODAY)
    zhang = Person.objects.get(pk=zhang.pk)
    assert (zhang.name, zhang.name_en, zhang.erased_at) == ("", "", NOW)
    assert str(zhang) == "（个人信息已删除）"
    assert not ContactPoint.objects.exists() and not Identity.objects.exists()
    account = Account.objects.get(person=zhang)
    assert not account.is_active and not account.has_usable_password() and "zhang" not in account.username
    assert moves < set(ledger.about(zhang).values_list("pk", flat=True))
    assert "张三" not in everything_kept()
    with pytest.raises(Refused):
        people.rename(zhang, name="张三", by=None, now=NOW)


def test_what_a_register_must_show_stands_against_erasure(zhang, admin, company):
    tie = people.record_tie(
        person=zhang, organisation=company, kind="legal_representative", source="工商登记", by=None, now=NOW
    )
    with pytest.raises(Refused) as refused:
        people.erase(zhang, by=admin, now=NOW, today=TODAY)
    assert refused.value.refusal.code == "register"
    from hatchline.core.values.dates import PartialDate

    people.end_tie(tie, ends=PartialDate.of("2026-02"), by=None, now=NOW)
    people.erase(zhang, by=admin, now=NOW, today=TODAY)


def test_who_holds_a_role_is_not_erased_and_nobody_erases_themselves(zhang, admin):
    people.grant(zhang, kind="expert", starts_on=TODAY, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        people.erase(zhang, by=admin, now=NOW, today=TODAY)
    assert refused.value.refusal.code == "has_roles"
    with pytest.raises(Refused) as refused:
        people.erase(admin, by=admin, now=NOW, today=TODAY)
    assert refused.value.refusal.code == "oneself"


def test_the_database_keeps_a_name_until_erasure():
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="还在", erased_at=NOW)


def test_a_person_is_found_by_name_until_erased(zhang, admin):
    def found() -> bool:
        return Person.objects.filter(pk__in=search.matching("people.person", "张三")).filter(pk=zhang.pk).exists()

    assert found()
    people.erase(zhang, by=admin, now=NOW, today=TODAY)
    assert not found()


def test_a_role_that_may_not_do_it_is_refused(zhang, li):
    with pytest.raises(Refused) as refused:
        people.register("王五", by=li, now=NOW, role_kind="auditor")
    assert refused.value.refusal.code == "not_your_role"
    with pytest.raises(Refused):
        people.register("   ", by=li, now=NOW, role_kind="administrator")
