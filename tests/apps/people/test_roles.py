"""Roles, invitations, ties and who sees whom."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hatchline.apps.guards import Violated
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from hatchline.apps.people.models import Account, Invitation, Role, Tie
from hatchline.apps.people.roles import MAY, OWN, PLACES, READING, RoleKind, may
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused
from tests.apps.people.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass"


def code_of(refused) -> str:
    return refused.value.refusal.code


def granted(person, kind, **places) -> Role:
    return people.grant(person, kind=kind, starts_on=date(2020, 1, 1), by=None, now=NOW, **places)


def test_a_role_holds_from_its_first_day_until_the_day_before_its_end(zhang):
    account = people.make_account(zhang, username="zhang", password=PASSWORD, by=None, now=NOW)
    role = people.grant(
        zhang, kind="expert", starts_on=date(2026, 3, 1), ends_before=date(2026, 3, 5), by=None, now=NOW
    )
    held = [day for day in range(1, 8) if queries.roles_of(account, today=date(2026, 3, day)) == [role]]
    assert held == [1, 2, 3, 4]


def test_a_role_taken_back_on_its_first_day_never_held_and_can_be_given_again(zhang):
    role = people.grant(zhang, kind="expert", starts_on=TODAY, by=None, now=NOW)
    people.end_role(role, ends_before=TODAY, by=None, now=NOW, today=TODAY)
    assert queries.roles_of_person(zhang, today=TODAY) == []
    people.grant(zhang, kind="expert", starts_on=TODAY, by=None, now=NOW)
    assert len(queries.roles_of_person(zhang, today=TODAY)) == 1


def test_the_same_role_twice_is_refused_and_the_database_forbids_it(zhang, incubator, company):
    granted(zhang, "manager", organisation=incubator)
    with pytest.raises(Refused) as refused:
        granted(zhang, "manager", organisation=incubator)
    assert code_of(refused) == "has_role"
    granted(zhang, "manager", organisation=company)
    for places in ({"organisation": incubator}, {}):
        if not places:
            granted(zhang, "expert")
        with pytest.raises(Violated), transaction.atomic():
            Role.objects.create(
                person=zhang, kind="manager" if places else "expert", starts_on=date(2021, 1, 1), **places
            )


def test_a_role_is_in_one_place_at_most(zhang, incubator, street):
    with pytest.raises(Refused) as refused:
        granted(zhang, "expert", organisation=incubator, territory=street)
    assert code_of(refused) == "several_places"
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(person=zhang, kind="expert", organisation=incubator, territory=street, starts_on=TODAY)


@pytest.mark.parametrize("kind", list(RoleKind))
def test_a_role_fits_its_place(kind, zhang, incubator, street, area):
    rows = {"organisation": incubator, "territory": street, "area": area}
    for place in ("organisation", "territory", "area", ""):
        given = {place: rows[place]} if place else {}
        if place in PLACES[kind]:
            assert granted(zhang, kind, **given).place == (rows[place] if place else None)
        else:
            with pytest.raises(Refused) as refused:
                granted(zhang, kind, **given)
            assert code_of(refused) == "wrong_place"


def test_the_last_administrator_stays(admin, zhang):
    role = queries.roles_of_person(admin)[0]
    for attempt in (
        lambda: people.end_role(role, ends_before=TODAY, by=zhang, now=NOW, today=TODAY),
        lambda: people.deactivate(admin.account, by=zhang, now=NOW, today=TODAY),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert code_of(refused) == "last_administrator"
    people.make_account(zhang, username="zhang", password=PASSWORD, by=admin, now=NOW)
    granted(zhang, "administrator")
    people.end_role(role, ends_before=TODAY, by=zhang, now=NOW, today=TODAY)


def test_an_auditor_changes_nothing():
    """Every capability an auditor has is one of looking, or of their own account."""
    held = {capability for capability in MAY if may(RoleKind.AUDITOR, capability)}
    writing = {capability for capability in held - OWN if capability.rsplit(".", 1)[1] not in READING}
    assert not writing, f"an auditor could {sorted(writing)}"
    assert "ledger.see" in held and "people.list" in held
    assert set(MAY) >= OWN
    with pytest.raises(KeyError):
        may(RoleKind.AUDITOR, "no.such")


# Invitations


def offered(person, kind="staff", **more):
    return people.invite(person, kind=kind, starts_on=TODAY, by=None, now=NOW, **more)


def test_an_invitation_makes_the_account_and_the_role(zhang, incubator):
    invitation, token = offered(zhang, organisation=incubator)
    assert token not in str(Invitation.objects.values())
    account = people.accept(queries.invitation_for(token), username="zhang", password=PASSWORD, now=NOW)
    assert account.person == zhang and account.check_password(PASSWORD)
    (role,) = queries.roles_of(account, today=TODAY)
    assert (role.kind, role.organisation) == ("staff", incubator)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.accepted_at) == ("accepted", NOW)
    entry = ledger.about(invitation).first()
    assert (entry.event, entry.from_status, entry.to_status) == ("people.invitation.accepted", "open", "accepted")


def test_an_invitation_is_taken_once_and_in_time(zhang, incubator):
    invitation, _token = offered(zhang, organisation=incubator)
    with pytest.raises(Refused) as refused:
        people.accept(invitation, username="late", password=PASSWORD, now=NOW + timedelta(days=7))
    assert code_of(refused) == "expired"
    people.accept(invitation, username="zhang", password=PASSWORD, now=NOW + timedelta(days=6))
    with pytest.raises(Refused) as refused:
        people.accept(invitation, username="again", password=PASSWORD, now=NOW)
    assert code_of(refused) == "accepted"
    assert Account.objects.count() == 1


def test_a_withdrawn_invitation_opens_nothing(zhang, incubator):
    invitation, _token = offered(zhang, organisation=incubator)
    people.withdraw(invitation, by=None, now=NOW)
    for attempt in (
        lambda: people.accept(invitation, username="zhang", password=PASSWORD, now=NOW),
        lambda: people.withdraw(invitation, by=None, now=NOW),
    ):
        with pytest.raises(Refused):
            attempt()
    assert not Account.objects.exists()


def test_an_invitation_is_for_its_person_alone(zhang, li, incubator):
    invitation, _token = offered(zhang, organisation=incubator)
    other = people.make_account(li, username="li", password=PASSWORD, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        people.accept(invitation, account=other, now=NOW)
    assert code_of(refused) == "not_yours"


def test_who_has_an_account_takes_it_signed_in(zhang, incubator):
    account = people.make_account(zhang, username="zhang", password=PASSWORD, by=None, now=NOW)
    invitation, _token = offered(zhang, organisation=incubator)
    with pytest.raises(Refused) as refused:
        people.accept(invitation, username="second", password=PASSWORD, now=NOW)
    assert code_of(refused) == "sign_in_first"
    assert people.accept(invitation, account=account, now=NOW) == account


def test_a_weak_password_or_a_taken_name_leaves_the_invitation_open(zhang, li, incubator):
    people.make_account(li, username="Li", password=PASSWORD, by=None, now=NOW)
    invitation, _token = offered(zhang, organisation=incubator)
    for username, password, code in (("zhang", "short", "weak_password"), ("LI", PASSWORD, "username_taken")):
        with pytest.raises(Refused) as refused:
            people.accept(invitation, username=username, password=password, now=NOW)
        assert code_of(refused) == code
    invitation.refresh_from_db()
    assert invitation.status == "open"


# Ties


def tied(**given) -> Tie:
    return people.record_tie(**{"source": "工商登记", "by": None, "now": NOW} | given)


def test_a_tie_keeps_its_dates_as_known(zhang, company):
    tie = tied(
        person=zhang,
        organisation=company,
        kind="shareholder",
        share=Decimal("33.3333"),
        starts=PartialDate.of("2014-06", "2014年6月"),
    )
    tie = Tie.objects.get(pk=tie.pk)
    assert (tie.starts.code, tie.starts.text, tie.share) == ("2014-06", "2014年6月", Decimal("33.3333"))
    assert str(tie) == "张三 · 股东 33.3333% · 测试科技有限公司"
    assert tie not in queries.ties_on(date(2014, 5, 31)) and tie in queries.ties_on(TODAY)
    people.end_tie(tie, ends=PartialDate.of("2025"), by=None, now=NOW)
    assert tie in queries.ties_on(date(2025, 12, 31)) and tie not in queries.ties_on(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"share": Decimal("100.0001")}, "share"),
        ({"share": Decimal("-1")}, "share"),
        ({"kind": "mentor", "share": Decimal("1")}, "share"),
        ({"source": " "}, "no_source"),
        ({"kind": "friend"}, "unknown_kind"),
        ({"person": None}, "one_holder"),
        ({"starts": PartialDate.of("2015"), "ends": PartialDate.of("2014")}, "wrong_period"),
    ],
)
def test_what_is_no_tie_is_refused(zhang, company, change, code):
    with pytest.raises(Refused) as refused:
        tied(**{"person": zhang, "organisation": company, "kind": "shareholder"} | change)
    assert code_of(refused) == code
    assert not Tie.objects.exists()


def test_the_database_forbids_impossible_ties(zhang, company, incubator):
    right = {"organisation": company, "kind": "shareholder", "source": "x"}
    wrong = [
        {"person": zhang, "share": 101},
        {"person": zhang, "share": 1, "kind": "mentor"},
        {"person": zhang, "holder": incubator},
        {},
        {"holder": company},
        {"person": zhang, "source": ""},
        {"person": zhang, "starts_on": date(2015, 1, 1), "ends_on": date(2014, 1, 1), "ends_before": date(2014, 1, 2)},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Tie.objects.create(**right | change)
    Tie.objects.create(**right, person=zhang, share=100)


def test_a_body_cannot_be_a_legal_representative(incubator, company):
    with pytest.raises(Refused) as refused:
        tied(holder=incubator, organisation=company, kind="legal_representative")
    assert code_of(refused) == "person_only"
    assert tied(holder=incubator, organisation=company, kind="shareholder", share=Decimal(20)).holder == incubator


def test_ties_are_seen_by_those_they_are_meant_for(zhang, li, admin, company, incubator, far_company):
    hidden = tied(person=zhang, organisation=company, kind="shareholder")
    ours = tied(person=zhang, organisation=company, kind="post", post="经理", visibility="parties")
    open_to_all = tied(person=zhang, organisation=far_company, kind="mentor", visibility="public")
    manager = granted(li, "manager", organisation=company)
    other = granted(li, "manager", organisation=incubator)
    own = granted(zhang, "founder")

    def seen(role) -> set:
        return set(queries.ties_visible_to(role, today=TODAY))

    assert seen(queries.roles_of_person(admin)[0]) == {hidden, ours, open_to_all}
    assert seen(manager) == {ours, open_to_all} == seen(own)
    assert seen(other) == {open_to_all} == seen(None)


# Who sees whom


def test_officials_see_their_territory_and_managers_their_own_house(
    zhang, li, admin, incubator, far_company, district, elsewhere, area
):
    wang = people.register("王五", by=None, now=NOW)
    nobody = people.register("无角色", by=None, now=NOW)
    staff = granted(zhang, "staff", organisation=incubator)
    granted(li, "manager", organisation=far_company)
    here = granted(wang, "official", territory=district)

    def seen(role) -> set:
        return set(queries.visible_to(role, today=TODAY))

    assert seen(here) == {zhang, wang, nobody}
    assert seen(queries.roles_of_person(admin)[0]) == {zhang, li, wang, nobody, admin}
    assert seen(granted(wang, "auditor", area=area)) == {zhang, wang, nobody}
    assert seen(granted(wang, "official", territory=elsewhere)) == {li, wang, nobody}
    assert seen(staff) == {zhang}
    assert seen(granted(wang, "manager", organisation=incubator)) == {zhang, wang}
    assert seen(None) == set()


def test_in_role_names_each_person_once(zhang, li, incubator, company):
    for organisation in (incubator, company):
        granted(zhang, "manager", organisation=organisation)
    granted(li, "staff", organisation=incubator)
    assert list(queries.in_role("manager", "staff", today=TODAY)) == [zhang, li]
    assert list(queries.in_role("manager", today=TODAY, organisation=company)) == [zhang]
