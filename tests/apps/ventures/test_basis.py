"""What confirms a stay: by the verb that did it, and for those recorded before it was kept."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from hatchline.apps.ledger.models import Entry, ImportedRow
from hatchline.apps.ventures import actions
from hatchline.apps.ventures.models import Stay
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, drafted, on, place, stay, team

pytestmark = pytest.mark.django_db


def claimed(name: str, there):
    return actions.claim(drafted(team(name), there, "2016-01-01", status="claimed"), **TOLD)


def test_each_verb_says_by_what_a_stay_is_confirmed():
    there, today = place("望京孵化器"), {"today": TODAY}
    asked = actions.apply(team("申请的"), institution=there.pk, stage="incubation", **TOLD)
    assert actions.admit(asked, starts=on("2017-07-01"), **TOLD).basis == "both"
    mine, other = claimed("单方的", there), claimed("另一个", there)
    assert mine.basis == ""
    assert actions.confirm(mine, **DONE, **today, role_kind="founder").basis == "both"
    assert actions.confirm(other, **DONE, **today, role_kind="official").basis == "ruled"
    actions.dispute(mine, reason="并未入驻", **DONE)
    assert actions.uphold(mine, reason="看了协议", **DONE, role_kind="official").basis == "ruled"
    assert [str(each.standing.label) for each in Stay.objects.order_by("pk")] == ["双方确认", "区里认定", "区里认定"]


def test_stays_recorded_before_are_told_by_what_the_ledger_and_their_source_say():
    there = place("望京孵化器")
    asked = actions.apply(team("申请的"), institution=there.pk, stage="incubation", **TOLD)
    admitted = actions.admit(asked, starts=on("2017-07-01"), **TOLD)
    by_founder, by_office, alone = (claimed(name, there) for name in ("甲", "乙", "丙"))
    actions.confirm(by_founder, **DONE, today=TODAY, role_kind="founder")
    actions.confirm(by_office, **DONE, today=TODAY, role_kind="official")
    entered, listed = stay(team("丁"), there, "2016-01-01"), stay(team("戊"), there, "2016-01-01")
    (unknown,) = actions.record_stays([drafted(team("己"), there, "2016-01-01")], now=NOW, today=TODAY)
    Entry.objects.create(at=NOW, event="x.y.z", subject_kind="imports.run", subject_id="no number")
    run = Entry.objects.create(at=NOW, event="imports.run.started", subject_kind="imports.run", subject_id="1")
    told = {"outcome": "created", "subject_kind": "ventures.stay", "subject_id": str(listed.pk)}
    ImportedRow.objects.create(entry=run, place="2", **told)
    Stay.objects.update(basis="")
    migration = import_module("hatchline.apps.ventures.migrations.0007_basis")
    migration.from_what_is_known(apps, SimpleNamespace(connection=connection))
    kept = dict(Stay.objects.values_list("pk", "basis"))
    assert [kept[each.pk] for each in (admitted, by_founder, by_office, alone)] == ["both", "both", "ruled", ""]
    assert (kept[entered.pk], kept[listed.pk], kept[unknown.pk]) == ("both", "list", "")
