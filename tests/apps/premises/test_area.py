"""How much space there is, what for, who uses it, what is free; and the way of idle property to premises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from hatchline.apps.people.models import Role
from hatchline.apps.premises import actions, queries
from hatchline.apps.premises.drafts import IdleDraft, SpaceDraft
from hatchline.apps.premises.models import IdleProperty
from hatchline.apps.search import queries as search
from hatchline.core.values.refusal import Refused
from tests.apps.premises.conftest import DONE, NOW, TODAY, TOLD, occupy, on, place, premises, room

pytestmark = pytest.mark.django_db
VENTURE = "ventures.venture"


@pytest.fixture
def furnished(building):
    """1,000 m² by its papers; 400 m² of rooms, of which 180 m² for ventures."""
    rooms = {
        "301": room(building, "301", "100"),
        "302": room(building, "302", "80"),
        "大厅": room(building, "大厅", "120", use="public_service"),
        "办公": room(building, "办公", "50", use="office"),
        "工位区": room(building, "工位区", "50", kind="open", desks=20),
    }
    occupy(rooms["301"], "2015-01-01", "", "60", who=(VENTURE, 7), name="甲")
    occupy(rooms["301"], "2015-01-01", "2017-01-01", "30", who=(VENTURE, 8), name="乙")
    occupy(rooms["工位区"], "2016-01-01", "", "10", desks=4, who=(VENTURE, 9), name="丙")
    occupy(rooms["办公"], "2014-01-01", "", "50", who=("bodies.organisation", 3), name="物业")
    return rooms


def test_area_by_use_free_and_facts(furnished, institution):
    assert queries.area_by_use(institution.pk, TODAY) == {
        "incubation": Decimal(230), "public_service": Decimal(120), "office": Decimal(50),
    }  # fmt: skip
    free = queries.free([institution.pk], TODAY)[institution.pk]
    assert (free.area, free.rooms, free.desks, free.unsure) == (40 + 80 + 40, 1, 16, 0)
    assert queries.free_area(institution.pk, TODAY) == 160
    assert queries.free_places(institution.pk, TODAY) == 17
    facts = queries.facts([institution.pk], TODAY)[institution.pk]
    assert facts.controlled_area == 1000
    assert facts.incubation_area == 350
    assert facts.tenant_used_area == 60 + 10 + 120
    assert facts.desk_and_public_area == 50 + 120
    assert facts.desks == 20
    assert facts.used_share == Decimal(190) / 350
    one = queries.facts([institution.pk], TODAY, tenants={institution.pk: [7]})[institution.pk]
    assert one.tenant_used_area == 60 + 120
    elsewhere = queries.facts([institution.pk], TODAY, tenants={institution.pk + 1: [7]})[institution.pk]
    assert elsewhere.tenant_used_area == 120  # a tenant of another institution is none here


def test_as_of_another_day(furnished, institution):
    assert queries.free_area(institution.pk, date(2016, 6, 1)) == 10 + 80 + 40
    assert queries.area_of_occupants(VENTURE, [7, 8], date(2016, 6, 1)) == {7: 60, 8: 30}
    assert queries.area_of_occupants(VENTURE, [7, 8], TODAY) == {7: 60}
    before = queries.summary(institution.pk, date(2011, 12, 31))
    assert (before.premises, before.total_area, before.facts) == (0, None, None)


def test_unknown_is_never_nothing(institution):
    assert queries.free_area(institution.pk, TODAY) is None
    assert queries.free_places(institution.pk, TODAY) is None
    assert queries.facts([institution.pk], TODAY) == {}
    its = premises(institution)
    room(its, "1", None)
    used = room(its, "2", "30")
    occupy(used, area=None, who=(VENTURE, 1), name="甲")
    assert queries.area_by_use(institution.pk, TODAY) == {"incubation": None}
    facts = queries.facts([institution.pk], TODAY)[institution.pk]
    assert (facts.controlled_area, facts.tenant_used_area, facts.used_share) == (None, None, None)
    free = queries.free([institution.pk], TODAY)[institution.pk]
    assert (free.area, free.rooms, free.unsure) == (None, 1, 2)
    said = queries.summary(institution.pk, TODAY)
    assert (said.premises, said.undated, said.used_area, said.ventures, said.owned_area) == (1, 1, None, 1, None)


def test_summary_is_few_queries_whatever_there_is(furnished, institution, django_assert_num_queries):
    with django_assert_num_queries(5):
        said = queries.summary(institution.pk, TODAY)
    assert (said.total_area, said.leased_area, said.owned_area) == (1000, 1000, 0)
    assert (said.ventures, said.others, said.used_area) == (2, 1, 120)


def test_idle_property_becomes_premises(institution):
    row = actions.find(IdleDraft("酒仙桥老厂房", "街道摸排", area=Decimal("3000"), found=on("2016-03")), **TOLD)
    row = actions.survey(row, on=date(2016, 5, 1), note="结构完好", **TOLD)
    with pytest.raises(Refused) as early, transaction.atomic():
        actions.start_converting(row, on=date(2016, 6, 1), **TOLD)
    assert early.value.refusal.code == "wrong_status"
    row = actions.negotiate(row, on=date(2016, 6, 1), **TOLD)
    row = actions.start_converting(row, on=date(2016, 9, 1), **TOLD)
    with pytest.raises(Refused) as before, transaction.atomic():
        actions.convert(row, on=date(2016, 8, 1), institution=institution.pk, **TOLD)
    assert before.value.refusal.code == "before_the_last_step"
    made = actions.convert(row, on=date(2017, 2, 1), institution=institution.pk, name="厂房孵化空间", **TOLD)
    assert made.converted_from_idle and made.area == 3000 and made.starts.exact == date(2017, 2, 1)
    row.refresh_from_db()
    assert (row.status, row.premises_id, row.note) == ("converted", made.pk, "2016-05-01 结构完好")
    assert queries.summary(institution.pk, TODAY).converted == 1
    assert queries.number_by_progress(IdleProperty.objects.all()) == {"converted": 1}


def test_idle_property_is_dropped_with_a_reason_and_looked_at_again():
    row = actions.find(IdleDraft("旧仓库", "产权单位来函"), **TOLD)
    with pytest.raises(Refused) as refused, transaction.atomic():
        actions.drop(row, reason="", on=TODAY, **TOLD)
    assert refused.value.refusal.code == "no_reason"
    row = actions.drop(row, reason="消防不合格", on=TODAY, **TOLD)
    row = actions.resume(row, on=TODAY, **TOLD)
    assert (row.status, row.reason) == ("found", "消防不合格")


def test_who_sees_what(institution, building):
    other = premises(place("别家孵化器"), name="别家场地")
    loose = premises(name="空置场地")
    official = Role(kind="official")
    assert set(queries.visible_to(official, TODAY)) == {building, other, loose}
    assert not queries.visible_to(Role(kind="manager"), TODAY).exists()
    assert not queries.idle_visible_to(Role(kind="manager"), TODAY).exists()
    space = room(building)
    occupy(space)
    assert queries.occupancies_visible_to(official, TODAY).count() == 1
    assert not queries.occupancies_visible_to(Role(kind="founder"), TODAY).exists()


def found(rows, kind: str, text: str) -> list:
    return list(rows.filter(pk__in=search.matching(kind, text)))


def test_found_by_words(building):
    actions.find(IdleDraft("酒仙桥老厂房", "街道摸排"), **TOLD)
    occupy(room(building), name="听雨科技")
    assert found(queries.premises(), "premises.premises", "wjkjy") == [building]
    assert len(found(queries.idle(), "premises.idleproperty", "老厂房")) == 1
    assert len(found(queries.occupancies(), "premises.occupancy", "听雨")) == 1


def test_spaces_have_one_code_each(building):
    room(building, "301")
    with pytest.raises(Refused) as refused, transaction.atomic():
        room(building, "301")
    assert refused.value.refusal.code == "code_taken"
    space = room(building, "302")
    changed = actions.amend_space(space, SpaceDraft(code="303", floor="3 层"), **DONE)
    assert (changed.code, changed.floor) == ("303", "3 层")


def test_many_premises_and_spaces(institution):
    from hatchline.apps.premises.drafts import PremisesDraft

    keys = actions.register_many(
        [PremisesDraft(f"场地{n}", institution.pk, area=Decimal(100)) for n in (1, 2)], now=NOW
    )
    spaces = actions.record_spaces([(pk, SpaceDraft("1", Decimal(60))) for pk in keys], now=NOW)
    assert len(spaces) == 2 and queries.free_area(institution.pk, TODAY) == 120
    actions.amend_many([(keys[0], {"area": Decimal(150)})], now=NOW)
    assert queries.summary(institution.pk, TODAY).total_area == 250
