"""A number or mail address in a reason: refused beside the field, kept as typed, and nothing is written."""

from __future__ import annotations

import pytest

from hatchline.apps.ledger.models import Entry
from hatchline.apps.ventures.models import Stay, Venture
from tests.sites.console.test_ventures import there

pytestmark = pytest.mark.django_db
__all__ = ["there"]


@pytest.mark.parametrize("typed", ["电话确认 13800138000", "见 someone@example.org"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("stays/{stay}/amend", {"starts": "2014-04-01", "end_state": "open"}),
        ("stays/{stay}/dispute", {}),
        ("stays/{stay}/withdraw", {}),
        ("stays/{stay}/set-aside", {}),
        ("stays/{stay}/leave", {"on": "2016-05"}),
        ("ventures/{venture}/cease", {"on": "2016-05", "version": "{version}"}),
    ],
)
def test_a_reason_with_a_number_or_address_is_refused_beside_it_and_kept(official, there, path, fields, typed):
    venture = Venture.objects.get(pk=there.venture_id)
    before = Stay.objects.filter(pk=there.pk).values().get(), Entry.objects.count()
    address = f"/console/{path.format(stay=there.pk, venture=venture.pk)}/"
    sent = {name: value.format(version=venture.version) for name, value in fields.items()}
    answer = official.post(address, {**sent, "reason": typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and typed in page and "不能含电话、证件号或邮箱" in page
    assert "reason-error" in page
    assert (Stay.objects.filter(pk=there.pk).values().get(), Entry.objects.count()) == before
