"""Accounts: usernames, passwords, locks and second factors."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from hatchline.apps.people.models import Account
from hatchline.core.values.refusal import Refused
from tests.apps.people.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass"


@pytest.fixture
def account(zhang):
    return people.make_account(zhang, username="Zhang", password=PASSWORD, by=None, now=NOW)


def test_a_username_is_one_whatever_its_case(account, li):
    assert queries.account_named("zhang") == account
    with pytest.raises(Refused) as refused:
        people.make_account(li, username="ZHANG", password=PASSWORD, by=None, now=NOW)
    assert refused.value.refusal.code == "username_taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create_user("zHANG", person=li)


def test_a_person_has_one_account(account, zhang):
    with pytest.raises(Refused) as refused:
        people.make_account(zhang, username="second", password=PASSWORD, by=None, now=NOW)
    assert refused.value.refusal.code == "has_account"


@pytest.mark.parametrize("username", ["", "with space", "x" * 61])
def test_a_username_can_be_typed(li, username):
    with pytest.raises(Refused):
        people.make_account(li, username=username, password=PASSWORD, by=None, now=NOW)


def test_weak_passwords_are_refused_with_the_reason(account):
    with pytest.raises(Refused) as refused:
        people.set_password(account, password="12345678901", by=None, now=NOW)
    assert refused.value.refusal.field == "password" and str(refused.value)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_without_a_password_nobody_signs_in(li):
    account = people.make_account(li, username="li", by=None, now=NOW)
    assert not account.has_usable_password()


def test_deactivating_is_not_for_oneself_and_can_be_undone(account, admin):
    with pytest.raises(Refused) as refused:
        people.deactivate(account, by=account.person, now=NOW, today=TODAY)
    assert refused.value.refusal.code == "own_account"
    people.deactivate(account, by=admin, now=NOW, today=TODAY)
    with pytest.raises(Refused):
        people.deactivate(account, by=admin, now=NOW, today=TODAY)
    people.reactivate(account, by=admin, now=NOW)
    account.refresh_from_db()
    assert account.is_active
    events = [entry.event for entry in ledger.about(account)]
    assert events[:2] == ["people.account.reactivated", "people.account.deactivated"]


def test_failures_are_forgotten_on_unlocking(account, admin):
    from axes.models import AccessAttempt

    AccessAttempt.objects.create(username="zhang", failures_since_start=5, attempt_time=NOW)
    assert people.unlock(account, by=admin, now=NOW) == 1
    assert not AccessAttempt.objects.exists()


def test_a_second_factor_is_reset(account, admin):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    assert people.reset_second_factor(account, by=admin, now=NOW) == 1
    assert not Authenticator.objects.exists()
