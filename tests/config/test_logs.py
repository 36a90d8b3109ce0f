"""The log keeps no link that opens something."""

from __future__ import annotations

import io
import logging
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from hatchline.apps.people import actions as people


@pytest.fixture
def log():
    """What the handler that the settings declare writes of django.request."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    for name in settings.LOGGING["handlers"]["stderr"]["filters"]:
        declared = dict(settings.LOGGING["filters"][name])
        module, _dot, kind = declared.pop("()").rpartition(".")
        handler.addFilter(getattr(__import__(module, fromlist=[kind]), kind)(**declared))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield told
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_invitation_form_leaves_no_token_in_the_log(log):
    now = timezone.now()
    person = people.register("张三", by=None, now=now)
    _offer, token = people.invite(person, kind="expert", starts_on=date(2011, 1, 1), by=None, now=now)
    sent = Client().post(f"/accounts/invitation/{token}/", {"username": "z", "password": "1", "again": "1"})
    assert sent.status_code == 422  # and the token is still good
    assert "/accounts/invitation/…/" in log.getvalue()
    assert token not in log.getvalue()


@pytest.mark.django_db
def test_a_wrong_calendar_address_is_not_kept_either(log):
    assert Client().get("/desk/calendar/0123456789abcdef.ics").status_code == 404
    assert "0123456789abcdef" not in log.getvalue()
    assert "/desk/calendar/…" in log.getvalue()


@pytest.mark.django_db
def test_other_addresses_stay_as_they_are(log):
    Client().get("/nowhere/at/all/")
    assert "/nowhere/at/all/" in log.getvalue()
