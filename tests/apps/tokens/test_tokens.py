"""Tokens are made and revoked by their holders; calls are counted right by any number of workers."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from hatchline.apps.ledger.models import Entry
from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.tokens import actions as tokens
from hatchline.apps.tokens import queries as known
from hatchline.apps.tokens.models import ApiToken, CallWindow
from hatchline.core.values.refusal import Refused

NOW = datetime(2017, 7, 18, 2, 0, tzinfo=UTC)
TODAY = date(2017, 7, 18)


@pytest.fixture
def holder(db):
    person = Person.objects.create(name="持有人")
    Account.objects.create_user("holder", "a long enough password", person=person)
    return person


@pytest.fixture
def role(holder):
    return Role.objects.create(person=holder, kind=RoleKind.OFFICIAL, starts_on=date(2011, 1, 1))


def made(holder, own, **changes):
    options = {"role": own, "name": "报表程序", "days": 90, "by": holder, "now": NOW, "today": TODAY}
    return tokens.make(holder, **{**options, **changes})


def test_a_token_finds_its_holder_and_its_digest_alone_is_kept(holder, role):
    token, secret = made(holder, role)
    assert known.holder(secret, now=NOW, today=TODAY).person == holder
    assert known.holder(secret[:-1], now=NOW, today=TODAY) is None
    assert known.holder(secret, now=NOW + timedelta(days=91), today=TODAY) is None
    assert secret.startswith(token.beginning)
    assert token.digest == known.digest(secret)
    entry = Entry.objects.get(event="tokens.api_token.made")
    assert secret not in str(entry.details)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "no_purpose"),
        ({"name": "长" * 81}, "no_purpose"),
        ({"days": 0}, "wrong_term"),
        ({"days": 367}, "wrong_term"),
        ({"role": None}, "not_your_role"),
        ({"today": date(2010, 1, 1)}, "role_over"),
    ],
)
def test_what_makes_no_sense_is_refused(holder, role, changes, code):
    with pytest.raises(Refused) as refused:
        made(holder, role, **changes)
    assert refused.value.refusal.code == code
    assert ApiToken.objects.count() == 0


def test_nobody_makes_or_revokes_for_another(holder, role):
    other = Person.objects.create(name="旁人")
    with pytest.raises(Refused):
        made(holder, role, by=other)
    theirs = Role.objects.create(person=other, kind=RoleKind.ADMINISTRATOR, starts_on=date(2011, 1, 1))
    with pytest.raises(Refused) as refused:
        made(holder, theirs)
    assert refused.value.refusal.code == "not_your_role"
    token, _secret = made(holder, role)
    with pytest.raises(Refused):
        tokens.revoke(token, by=other, now=NOW)


def test_ten_at_a_time(holder, role):
    first, _secret = made(holder, role)
    for _number in range(9):
        made(holder, role)
    with pytest.raises(Refused) as refused:
        made(holder, role)
    assert refused.value.refusal.code == "too_many"
    tokens.revoke(first, by=holder, now=NOW)
    made(holder, role)
    with pytest.raises(Refused):
        tokens.revoke(first, by=holder, now=NOW)  # once is for good


def test_use_is_remembered_by_the_hour(holder, role):
    token, _secret = made(holder, role)
    for minutes, kept in ((0, 0), (30, 0), (61, 61)):
        token.refresh_from_db()
        tokens.used(token, now=NOW + timedelta(minutes=minutes))
        token.refresh_from_db()
        assert token.last_used_at == NOW + timedelta(minutes=kept)


@pytest.mark.django_db
def test_a_window_counts_up_to_its_limit_and_a_new_one_begins_at_nothing():
    moment = NOW + timedelta(seconds=10)
    counts = [tokens.count_call("token:1", limit=2, now=moment) for _number in range(3)]
    assert [each.is_over for each in counts] == [False, False, True]
    assert counts[0].wait == 50
    assert tokens.count_call("token:2", limit=2, now=moment).calls == 1
    assert tokens.count_call("token:1", limit=2, now=moment + timedelta(minutes=1)).calls == 1
    assert CallWindow.objects.filter(caller="token:1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_call_is_missed_when_many_count_at_once():
    """Eight workers of twenty calls each: every count from 1 to 160 is answered once."""
    answers: list[int] = []
    problems: list[Exception] = []
    start = threading.Barrier(8)

    def work():
        try:
            start.wait()
            for _number in range(20):
                answers.append(tokens.count_call("token:raced", limit=100, now=NOW).calls)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not problems
    assert sorted(answers) == list(range(1, 161))
