"""Verbs on institutions, the directory, duplicates."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions, policy, queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Institution
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.search import queries as search
from hatchline.core.values.dates import PartialDate, parse
from hatchline.core.values.refusal import Refused
from tests.apps.bodies.conftest import NOW, TODAY, divisions  # noqa: F401

pytestmark = pytest.mark.django_db


def register(name="望京启元科技孵化器", today=None, **fields):
    return actions.register(InstitutionDraft(name=name, **fields), by=None, now=NOW, today=today)


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal


def kinds(institution):
    return {(each.kind, each.starts_on, each.ends_before) for each in institution.kinds.all()}


def test_a_record_keeps_what_was_known_and_is_found(divisions):  # noqa: F811
    operator = bodies.register(OrganisationDraft(name="北京启元创业服务有限公司"), by=None, now=NOW)
    made = register(
        kinds=("incubator", "makerspace"),
        stages=("nursery", "incubation"),
        operator=operator.pk,
        territory=divisions["110105026"],
        specialism="传感与物联网",
        opened=parse("2008年春"),
        names=(("alias", "启元空间"),),
    )
    kept = queries.institution(made.pk)
    assert (kept.status, kept.opened.text, kept.operator.name) == ("open", "2008年春", "北京启元创业服务有限公司")
    assert {each.kind for each in kept.kinds.all()} == {"incubator", "makerspace"}
    for words in ("wjqy", "启元空间", "物联", "启元创业服务", "望京街道"):
        assert list(Institution.objects.filter(pk__in=search.matching("institutions.institution", words))) == [made]
    assert ledger.about(made).get().to_status == "open"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": ""}, "no_name"),
        ({"kinds": ("rocket",)}, "unknown_choice"),
        ({"stages": ("rocket",)}, "unknown_choice"),
        ({"status": "rocket"}, "unknown_choice"),
        ({"phone": "1" * 41}, "too_long"),
        ({"names": (("nick", "x"),)}, "unknown_name"),
        ({"opened": PartialDate.of("2015"), "closed": PartialDate.of("2014")}, "ends_before_it_begins"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(fields, code):
    assert policy.why_not_draft(InstitutionDraft(**{"name": "某机构", **fields})).code == code


def test_a_planned_one_opens_closes_and_opens_again():
    made = register(status="planned")
    assert refusal_of(actions.reopen, made, version=1, by=None, now=NOW).code == "wrong_status"
    made = actions.open_(made, on=PartialDate.of("2015-03"), version=1, by=None, now=NOW)
    early = refusal_of(actions.close, made, on=PartialDate.of("2015-02"), version=2, by=None, now=NOW)
    assert early.code == "ends_before_it_begins"
    made = actions.close(made, on=PartialDate.of("2016"), version=2, by=None, now=NOW)
    made = actions.reopen(made, version=3, by=None, now=NOW)
    assert (made.status, made.opened.code, made.closed_on) == ("open", "2015-03", None)
    closed = ledger.about(made).filter(event="institutions.institution.closed").get()
    assert (closed.from_status, closed.to_status, closed.details["on"]) == ("open", "closed", "2016")


def test_a_second_tab_is_told_both_values():
    made = register(specialism="物联网")
    actions.amend(made, version=1, specialism="传感", by=None, now=NOW)
    refusal = refusal_of(actions.amend, made, version=1, specialism="芯片", by=None, now=NOW)
    conflict = refusal.params["conflicts"]["specialism"]
    assert (refusal.code, conflict["yours"], conflict["theirs"]) == ("changed_meanwhile", "芯片", "传感")
    moved = refusal_of(actions.close, made, on=PartialDate.of("2016"), version=1, by=None, now=NOW)
    assert moved.code == "changed_meanwhile"


def test_a_kind_that_goes_ends_that_day_and_stays_on_record():
    made = register(kinds=("incubator", "nursery"))
    made = actions.amend(made, version=1, kinds=("incubator", "accelerator"), by=None, now=NOW, today=TODAY)
    assert kinds(made) == {("incubator", None, None), ("nursery", None, TODAY), ("accelerator", TODAY, None)}
    assert {each.kind for each in queries.institution(made.pk).kinds.all()} == {"incubator", "accelerator"}


def test_an_old_name_leads_to_the_new_one():
    made = register()
    actions.amend(made, version=1, name="望京新元孵化器", by=None, now=NOW, today=TODAY)
    assert list(Institution.objects.filter(pk__in=search.matching("institutions.institution", "启元科技"))) == [made]


def test_a_manager_corrects_the_profile_and_nothing_else():
    made = register()
    actions.amend(made, version=1, website="https://qy.example", by=None, now=NOW, role_kind="manager")
    refusal = refusal_of(actions.amend, made, version=2, name="改名", by=None, now=NOW, role_kind="manager")
    assert refusal.code == "for_the_authority"
    assert (
        refusal_of(actions.amend, made, version=2, website="", by=None, now=NOW, role_kind="auditor").code
        == "not_your_role"
    )


def test_each_sees_what_is_in_reach(divisions, django_assert_num_queries):  # noqa: F811
    operator = bodies.register(OrganisationDraft(name="运营"), by=None, now=NOW)
    here = register("此处", territory=divisions["110105026"], operator=operator.pk)
    nowhere = register("不知何处")
    there = register("海淀", territory=divisions["110108015"])
    from hatchline.apps.bodies import queries as places

    def reach(kind, code=None, own=None, area=None):
        role = SimpleNamespace(
            kind=kind,
            organisation_id=own,
            territory_id=divisions[code] if code else None,
            territory=places.territory(code) if code else None,
            area_id=area.pk if area else None,
            area=area,
        )
        return set(queries.visible_to(role, TODAY))

    assert reach("administrator") == {here, nowhere, there}
    assert reach("official", "110105") == {here, nowhere}
    assert reach("manager", own=operator.pk) == {here}
    assert reach("founder") == set()
    area = bodies.record_area("dzc", name="电子城", by=None, now=NOW)
    bodies.cover(area, territory=places.territory("110105026"), starts_on=date(2012, 1, 1), by=None, now=NOW)
    assert reach("official", area=area) == {here}
    with django_assert_num_queries(3):
        assert (
            len([(row.operator, list(row.kinds.all()), list(row.stages.all())) for row in queries.institutions()]) == 3
        )


def test_the_directory_counts_by_sub_district(divisions):  # noqa: F811
    register("一", territory=divisions["110105026"])
    register("二", territory=divisions["110105026"], status="planned")
    register("三", territory=divisions["110105032"])
    register("四", territory=divisions["110105"])
    register("五", territory=divisions["110108015"])
    register("六", territory=divisions["110105026"], closed=PartialDate.of("2015"))
    found = queries.directory("110105")
    assert found.counts == {"110105026": 2, "110105032": 1}
    assert (found.total, found.elsewhere) == (4, 1)
    assert {row.name for row in found.rows} == {"一", "二", "三", "四"}


def test_candidates_share_a_name_within_a_county(divisions):  # noqa: F811
    made = register("望京启元孵化器", territory=divisions["110105026"], website="https://qy.example")
    same = InstitutionDraft(name="望京启元（孵化器）", territory=divisions["110105"], website="qy.example")
    elsewhere = InstitutionDraft(name="望京启元孵化器", territory=divisions["110108015"])
    unplaced = InstitutionDraft(name="望京启元孵化器")
    first, second, third = queries.candidates([same, elsewhere, unplaced])
    assert [(each.pk, each.reasons, each.is_certain) for each in first] == [
        (made.pk, ("same_name", "same_website"), False)
    ]
    assert second == []
    assert [each.pk for each in third] == [made.pk]


def test_many_at_once_and_again(divisions):  # noqa: F811
    drafts = [
        InstitutionDraft(
            name=f"机构{number}",
            kinds=("incubator",),
            stages=("incubation",),
            territory=divisions["110105026"],
            seen_open_on=date(2016, 12, 31),
        )
        for number in range(20)
    ]
    pks = actions.register_many(drafts, now=NOW)
    assert queries.changes(dict(zip(pks, drafts, strict=True))) == {}
    assert queries.kinds_of(pks[:2]) == {pks[0]: ("incubator",), pks[1]: ("incubator",)}
    assert queries.stages_of(pks[:1]) == {pks[0]: ("incubation",)}
    better = InstitutionDraft(
        name="机构0",
        kinds=("makerspace",),
        territory=divisions["110105"],
        seen_open_on=date(2015, 1, 1),
        opened=PartialDate.of("2014"),
    )
    wanted = queries.changes({pks[0]: better})
    assert set(wanted[pks[0]]) == {"kinds", "seen_open_on", "opened"}  # the sub-district stays
    actions.amend_many(wanted.items(), now=NOW)
    kept = queries.institution(pks[0])
    assert {each.kind for each in kept.kinds.all()} == {"incubator", "makerspace"}
    assert (kept.version, kept.opened.code, kept.seen_open_on) == (2, "2014", date(2015, 1, 1))
    later = InstitutionDraft(name="机构0", seen_open_on=date(2017, 1, 1))
    assert queries.changes({pks[0]: later}) == {}
    closing = queries.changes({pks[1]: InstitutionDraft(name="机构1", closed=PartialDate.of("2017-05"))})
    actions.amend_many(closing.items(), now=NOW)
    assert queries.institution(pks[1]).status == "closed"
