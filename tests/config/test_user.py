"""hatchline user, called as a person at the keyboard or a script would."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.utils import timezone

from hatchline.apps.people import queries
from hatchline.config.cli import main_group
from tests.apps.people.conftest import body, division

pytestmark = pytest.mark.django_db


def call(*words: str, stdin: str | None = None):
    return CliRunner().invoke(main_group, ["user", *words], input=stdin)


def answered(*words: str, stdin: str | None = None) -> dict:
    result = call(*words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def zhang(db):
    return answered("add", "zhang", "--name", "张三")


def test_an_account_is_made_with_a_password_printed_once(zhang):
    account = queries.account_named("zhang")
    assert account.check_password(zhang["password"]) and account.person.name == "张三"
    again = call("add", "ZHANG", "--name", "李四", "--json")
    assert again.exit_code == 1
    assert json.loads(again.output)["refused"] == "username_taken"
    assert "张三" in call("list").output and "李四" not in call("list").output


def test_a_given_password_is_measured(db):
    assert call("add", "li", "--name", "李四", "--password", "short").exit_code == 1
    assert queries.account_named("li") is None


def test_roles_are_given_in_places_and_ended(zhang):
    street = division("990105", "测试区")
    body("测试孵化器有限公司", street)
    answered("grant", "zhang", "--role", "manager", "--organisation", "测试孵化器有限公司")
    answered("grant", "zhang", "--role", "official", "--territory", "990105", "--from", "2020-01-01")
    assert call("grant", "zhang", "--role", "manager", "--organisation", "无此公司").exit_code == 1
    assert call("grant", "zhang", "--role", "king").exit_code == 1
    (row,) = json.loads(call("list", "--role", "manager", "--json").output)
    assert len(row["roles"]) == 2
    answered("end-role", "zhang", "--role", "official")
    kinds = [role.kind for role in queries.roles_of_person(queries.account_named("zhang").person, today=date.max)]
    assert kinds == ["manager"]
    assert call("end-role", "zhang", "--role", "official").exit_code == 1


def test_an_invitation_prints_its_link(zhang):
    made = answered("invite", "王五", "--role", "expert")
    token = made["link"].rstrip("/").rsplit("/", 1)[1]
    assert queries.invitation_for(token).person.name == "王五"
    known = queries.account_named("zhang").person.pk
    assert call("invite", "不是他", "--person", str(known), "--role", "expert").exit_code == 1
    assert answered("invite", "张三", "--person", str(known), "--role", "expert")["person"] == known


def test_passwords_and_locks_and_factors_are_mended(zhang):
    from allauth.mfa.models import Authenticator
    from axes.models import AccessAttempt

    account = queries.account_named("zhang")
    AccessAttempt.objects.create(username="zhang", failures_since_start=5, attempt_time=timezone.now())
    Authenticator.objects.create(user=account, type="totp", data={})
    (row,) = json.loads(call("list", "--json").output)
    assert row["locked"] and row["second_factor"] and not row["inactive"]
    assert answered("unlock", "zhang")["failures"] == 1
    assert answered("reset-second-factor", "zhang")["removed"] == 1
    answered("password", "zhang", "--stdin", stdin="quite another pass\n")
    account.refresh_from_db()
    assert account.check_password("quite another pass")
    assert call("password", "zhang", "--stdin", stdin="short\n").exit_code == 1
    assert answered("deactivate", "zhang") == {"active": False}
    (row,) = json.loads(call("list", "--json").output)
    assert row["inactive"] and not row["locked"] and not row["second_factor"]
    answered("deactivate", "zhang", "--undo")


def test_an_unknown_name_and_a_wrong_call_have_their_own_exit_codes(db):
    assert call("unlock", "nobody").exit_code == 1
    assert call("grant", "nobody").exit_code == 2
    assert "second factors" in call("--help").output
