"""Verbs on organisations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from hatchline.apps.bodies import actions, policy, queries
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import Organisation
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.search import queries as search
from hatchline.core.values.dates import PartialDate, parse
from hatchline.core.values.refusal import Refused
from tests.apps.bodies.conftest import NOW

pytestmark = pytest.mark.django_db
GOOD, DOUBTFUL = "91310112087994932F", "91350211M0000XUF46"


def register(name="北京启元创业服务有限公司", **fields):
    return actions.register(OrganisationDraft(name=name, **fields), by=None, now=NOW)


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal


def found(words):
    return set(
        Organisation.objects.filter(pk__in=search.matching("bodies.organisation", words)).values_list("name", flat=True)
    )


def test_a_record_keeps_what_was_known_and_is_found(divisions):
    made = register(
        credit_code=f" {GOOD.lower()} ",
        types=("company", "operator"),
        names=(("english", "Qiyuan Incubation"), ("short", "启元")),
        identifiers=(("org-code", "08799493-2"),),
        territory=divisions["110105026"],
        founded=parse("2014年6月"),
        website="https://www.qiyuan.example/a",
        latitude=Decimal("39.99"),
    )
    kept = queries.organisation(made.pk)
    assert (kept.credit_code, kept.credit_code_is_doubtful, kept.website_host) == (GOOD, False, "qiyuan.example")
    assert (kept.founded.code, kept.founded.text) == ("2014-06", "2014年6月")
    assert {each.kind for each in kept.types.all()} == {"company", "operator"}
    for words in ("启元", "qycyfw", "Qiyuan", GOOD[:8], "08799493"):
        assert found(words) == {made.name}, words
    entry = ledger.about(made).get()
    assert (entry.event, entry.to_status) == ("bodies.organisation.registered", "active")


def test_a_wrong_check_digit_is_kept_and_marked():
    assert register(credit_code=DOUBTFUL).credit_code_is_doubtful


@pytest.mark.parametrize("code", ["9111000060003IOZSV", "123", "９１３１"])
def test_a_malformed_code_is_refused_and_nothing_is_kept(code):
    refusal = refusal_of(register, credit_code=code)
    assert (refusal.code, refusal.field) == ("malformed_credit_code", "credit_code")
    assert not Organisation.objects.exists()


def test_a_code_belongs_to_one_record():
    first = register(credit_code=GOOD)
    refusal = refusal_of(register, "另一家", credit_code=GOOD)
    assert (refusal.code, refusal.params) == ("code_taken", {"organisation": first.pk})
    assert first.name in str(refusal)


def test_foreign_bodies_and_bodies_without_a_code_are_welcome():
    foreign = register("Lakeside Ltd", country="GB", legal_form="foreign", identifiers=(("gb-coh", "01234567"),))
    assert foreign.credit_code is None
    assert register("没有代码的单位").credit_code is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"name": "长" * 201}, "too_long"),
        ({"types": ("rocket",)}, "unknown_type"),
        ({"legal_form": "rocket"}, "unknown_form"),
        ({"country": "China"}, "unknown_country"),
        ({"latitude": Decimal("90.1")}, "nowhere"),
        ({"longitude": Decimal("NaN")}, "nowhere"),
        ({"identifiers": (("gb-coh", ""),)}, "half_an_identifier"),
        ({"names": (("nick", "x"),)}, "unknown_name"),
        ({"founded": PartialDate.of("2015"), "closed": PartialDate.of("2014-12")}, "ends_before_it_begins"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(fields, code):
    assert policy.why_not_draft(OrganisationDraft(**{"name": "某单位", **fields})).code == code


@pytest.mark.parametrize("name", ["😀" * 40, "<script>alert(1)</script>", "'; DROP TABLE x; --", "a\u202eb"])
def test_strange_names_are_kept_as_written(name):
    assert queries.organisation(register(name).pk).name == name


def test_amending_with_an_old_version_is_refused_with_both_values():
    made = register(address="甲路 1 号")
    actions.amend(made, version=1, address="乙路 2 号", by=None, now=NOW)
    refusal = refusal_of(actions.amend, made, version=1, address="丙路 3 号", postcode="100102", by=None, now=NOW)
    assert refusal.code == "changed_meanwhile"
    assert refusal.params["version"] == 2
    assert refusal.params["conflicts"]["address"]["yours"] == "丙路 3 号"
    assert refusal.params["conflicts"]["address"]["theirs"] == "乙路 2 号"
    assert actions.amend(made, version=2, address="丙路 3 号", by=None, now=NOW).address == "丙路 3 号"


def test_saving_the_same_again_changes_nothing():
    made = register(address="甲路 1 号", types=("company",))
    again = actions.amend(made, version=1, address=" 甲路 1 号 ", types=("company",), by=None, now=NOW)
    assert again.version == 1
    assert ledger.about(made).count() == 1
    assert actions.amend(made, version=99, address="甲路 1 号", by=None, now=NOW).version == 1


def test_amending_replaces_types_and_aliases_and_keeps_former_names():
    made = register(types=("company", "investor"), names=(("alias", "老启元"),))
    made = actions.amend(
        made, version=1, name="北京启元创服有限公司", types=("company",), names=(("alias", "新启元"),), by=None, now=NOW
    )
    kept = queries.organisation(made.pk)
    assert [each.kind for each in kept.types.all()] == ["company"]
    assert {(each.kind, each.name) for each in kept.names.all()} == {
        ("former", "北京启元创业服务有限公司"),
        ("alias", "新启元"),
    }


def test_a_renamed_body_is_found_by_its_old_name_with_its_last_day():
    made = register()
    renamed = actions.rename(made, name="北京新元服务有限公司", on=date(2016, 3, 1), version=1, by=None, now=NOW)
    old = renamed.names.get()
    assert (old.kind, old.name, old.ends_before) == ("former", "北京启元创业服务有限公司", date(2016, 3, 1))
    assert list(queries.named("北京启元创业服务有限公司")) == [renamed]
    assert found("启元创业") == {"北京新元服务有限公司"}
    same = refusal_of(actions.rename, renamed, name=renamed.name, on=None, version=2, by=None, now=NOW)
    assert same.code == "same_name"
    early = refusal_of(actions.rename, renamed, name="再改", on=date(2016, 3, 1), version=2, by=None, now=NOW)
    assert early.code == "renamed_before"


def test_closing_and_reopening():
    made = register(founded=PartialDate.of("2015"))
    too_early = refusal_of(actions.close, made, on=PartialDate.of("2014"), version=1, by=None, now=NOW)
    assert too_early.code == "ends_before_it_begins"
    closed = actions.close(made, on=PartialDate.of("2016-Q2"), version=1, by=None, now=NOW)
    assert (closed.status, closed.closed.code, closed.version) == ("closed", "2016-Q2", 2)
    twice = refusal_of(actions.close, closed, on=PartialDate.of("2016"), version=2, by=None, now=NOW)
    assert twice.code == "wrong_status"
    opened = actions.reopen(closed, version=2, by=None, now=NOW)
    assert (opened.status, opened.closed_on) == ("active", None)
    assert [entry.event.rpartition(".")[2] for entry in ledger.about(made)] == ["reopened", "closed", "registered"]


def test_a_closing_day_is_not_slipped_in_by_amending():
    refusal = refusal_of(actions.amend, register(), version=1, closed=PartialDate.of("2016"), by=None, now=NOW)
    assert refusal.code == "not_closed"


@pytest.mark.parametrize("kind", ["auditor", "founder", "manager"])
def test_roles_without_the_right_are_refused(kind):
    refusal = refusal_of(actions.register, OrganisationDraft(name="某单位"), by=None, now=NOW, role_kind=kind)
    assert refusal.code == "not_your_role"


def test_each_sees_what_is_in_reach():
    one, _other = register("甲"), register("乙")
    reach = lambda kind, own=None: set(queries.visible_to(SimpleNamespace(kind=kind, organisation_id=own)))  # noqa: E731
    assert len(reach("auditor")) == 2
    assert reach("manager", one.pk) == {one}
    assert reach("founder") == set()
    assert set(queries.visible_to(None)) == set()


def test_types_are_read_and_asked_for_at_once():
    one, two = register("甲", types=("company", "investor")), register("乙", types=("university",))
    assert queries.types_of([one.pk, two.pk]) == {one.pk: ("company", "investor"), two.pk: ("university",)}
    assert list(queries.of_types(queries.organisations(), ["investor", "bank"])) == [one]


def test_files_of_a_body_are_for_those_who_reach_it():
    made = register("甲")
    see = lambda kind, own=None: policy.why_not_see_file(  # noqa: E731
        "bodies.organisation", str(made.pk), person=None, role=SimpleNamespace(kind=kind, organisation_id=own)
    )
    assert see("auditor") is None
    assert see("founder", made.pk) is None
    assert see("founder").code == "not_seen"


def test_a_list_costs_the_same_for_one_row_and_for_many(divisions, django_assert_num_queries):
    drafts = [
        OrganisationDraft(name=f"单位{n}", types=("company",), territory=divisions["110105026"]) for n in range(30)
    ]
    actions.register_many(drafts, now=NOW)
    with django_assert_num_queries(2):
        assert len([(row.territory.name, list(row.types.all())) for row in queries.organisations()]) == 30


def test_many_at_once_are_the_same_as_one_by_one(divisions):
    draft = OrganisationDraft(
        name="北京多云科技有限公司",
        credit_code=GOOD,
        types=("company", "company"),
        names=(("alias", "多云"),),
        identifiers=(("x", "1"),),
        territory=divisions["110105026"],
        founded=parse("2014-6"),
        latitude=Decimal("39.1234567"),
        website="dy.example",
        address="丁路 4 号",
    )
    one = actions.register(draft, by=None, now=NOW)
    alone = Organisation.objects.filter(pk=one.pk).values().get()
    related = (list(one.types.values_list("kind")), list(one.names.values_list("kind", "name", "name_key")))
    Organisation.objects.all().delete()
    (pk,) = actions.register_many([draft], now=NOW)
    many = Organisation.objects.filter(pk=pk).values().get()
    assert {**alone, "id": 0} == {**many, "id": 0}
    other = Organisation.objects.get(pk=pk)
    assert related == (list(other.types.values_list("kind")), list(other.names.values_list("kind", "name", "name_key")))
    assert found("多云") == {"北京多云科技有限公司"}
    after = register("下一家")
    assert after.pk > pk


def test_many_keys_follow_each_other_and_leave_room_for_the_next(divisions):
    pks = actions.register_many([OrganisationDraft(name=f"单位{n}") for n in range(1200)], now=NOW)
    assert len(set(pks)) == 1200
    assert [Organisation.objects.get(pk=pk).name for pk in (pks[0], pks[-1])] == ["单位0", "单位1199"]
    assert register("再一家").pk not in pks
    assert actions.register_many([], now=NOW) == []


def test_a_code_given_twice_in_a_batch_takes_the_batch_back():
    drafts = [OrganisationDraft(name="甲", credit_code=GOOD), OrganisationDraft(name="乙", credit_code=GOOD)]
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.register_many(drafts, now=NOW)
    assert not Organisation.objects.exists()


def test_a_list_changes_only_what_it_says_and_differs():
    made = register(address="甲路 1 号", founded=parse("2014年6月"), types=("company",), names=(("alias", "启元"),))
    same = OrganisationDraft(name=made.name, address="甲路 1 号", founded=parse("2014-06"), types=("company",))
    assert queries.changes({made.pk: same}) == {}
    more = OrganisationDraft(
        name="北京启元创服有限公司", postcode="100102", types=("investor",), names=(("alias", "QY"),)
    )
    wanted = queries.changes({made.pk: more})
    assert wanted == {
        made.pk: {
            "name": "北京启元创服有限公司",
            "postcode": "100102",
            "types": ("company", "investor"),
            "names": (("alias", "启元"), ("alias", "QY")),
        }
    }
    assert actions.amend_many(wanted.items(), now=NOW) == 1
    kept = queries.organisation(made.pk)
    assert (kept.address, kept.postcode, kept.version) == ("甲路 1 号", "100102", 2)
    assert ("former", "北京启元创业服务有限公司") in {(each.kind, each.name) for each in kept.names.all()}
    assert {each.kind for each in kept.types.all()} == {"company", "investor"}
    assert found("启元创业") == {"北京启元创服有限公司"}
    assert queries.changes({made.pk: more}) == {}


def test_a_list_that_says_when_a_body_closed_closes_it():
    made = register()
    wanted = queries.changes({made.pk: OrganisationDraft(name=made.name, closed=PartialDate.of("2016"))})
    actions.amend_many(wanted.items(), now=NOW)
    assert queries.organisation(made.pk).status == "closed"


def test_two_who_save_at_once_are_told(divisions):
    """The version is compared with the row as it is, not with the copy that the caller holds."""
    made = register(address="甲路 1 号")
    stale = Organisation.objects.get(pk=made.pk)
    actions.amend(made, version=1, address="乙路 2 号", by=None, now=NOW)
    assert stale.version == 1
    assert (
        refusal_of(actions.amend, stale, version=1, address="丙路 3 号", by=None, now=NOW).code == "changed_meanwhile"
    )
