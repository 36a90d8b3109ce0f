"""The reference tables (Django's admin) have no door of their own: it would know neither second factor nor ledger."""

from __future__ import annotations

import pytest
from django.test import Client

from hatchline.apps.people.models import Account
from tests.sites.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(zhang):
    Account.objects.filter(username="zhang").update(is_staff=True, is_superuser=True)


def test_the_reference_tables_lead_to_the_one_sign_in_page(staff):
    client = Client()
    shown = client.get("/reference/", follow=True)
    assert shown.redirect_chain[-1][0].startswith("/accounts/login/")
    sent = client.post("/reference/login/", {"username": "zhang", "password": PASSWORD, "next": "/console/"})
    assert sent.headers["Location"].startswith("/accounts/login/")
    assert client.get("/console/").headers["Location"].startswith("/accounts/login/")


def test_staff_read_the_reference_tables_and_change_their_password_in_the_profile(staff):
    client = Client()
    sign_in(client)
    assert client.get("/reference/bodies/territory/").status_code == 200
    before = Account.objects.get(username="zhang").password
    new = "another long enough pass"
    sent = client.post(
        "/reference/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert sent.headers["Location"] == "/accounts/password/change/"
    assert Account.objects.get(username="zhang").password == before


def test_others_are_told_that_they_may_not(signed_in):
    assert signed_in.get("/reference/", follow=True).status_code == 403
