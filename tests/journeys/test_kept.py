"""Kept facts: what freshly gathered ones say, of a stated moment, and never a verdict from what is not whole."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import StaffDraft
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.rulebooks.models import KeptFacts
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.apps.ventures.models import Stay
from hatchline.core.rules.bind import bind
from hatchline.core.rules.populations import Population, only
from hatchline.core.rules.vector import evaluate
from hatchline.core.values.dates import parse
from hatchline.journeys import gather, kept
from hatchline.journeys.judge import asked_by
from tests.journeys.test_gather import NOW, TODAY, documents, place, tenant

__all__ = ["documents"]
pytestmark = pytest.mark.django_db
NATIONAL = {"institution": "most-2018-300", "venture": "most-2017-115"}


@pytest.fixture
def city(documents, monkeypatch):
    monkeypatch.setattr(kept, "MANY", 1)
    monkeypatch.setattr(kept, "_spoilt", set())
    where = place()
    tenant(where, "甲")
    assert kept.refresh(TODAY) == 2
    return where


def document(subject: str):
    return rulebooks.document(rulebooks.edition(NATIONAL[subject]))


def as_kept(subject: str) -> tuple[kept.Basis, Population]:
    found = kept.basis(document(subject), TODAY, kept.version())
    return found, kept.population(document(subject), TODAY, found)


def rows(population: Population) -> dict[str, object]:
    """Each subject with what is known of it and of its ventures, in whichever order these are gathered."""

    def known(facts):
        return tuple(sorted((name, value) for name, value in facts.items() if value is not None))

    told = {}
    for at, key in enumerate(population.keys):
        own, members = population.subject(at)
        told[key] = (known(own), sorted(known(each) for each in members))
    return told


def fresh(subject: str) -> Population:
    its = document(subject)
    return gather.population(subject, as_of=TODAY, vocabulary=its.vocabulary, wanted=asked_by(its))


def test_after_any_verb_the_kept_facts_say_what_gathering_anew_says(city):
    stay, about = Stay.objects.get(), {"by": None, "now": NOW}
    title = {"subject_kind": gather.INSTITUTION, "subject_id": city.pk, "kind": "incubator", "level": "national"}
    verbs = (
        lambda: institutions.record_staff(StaffDraft(city.pk, "manager", "名册", name="王五"), **about),
        lambda: place("酒仙桥孵化器"),
        lambda: ventures.register(VentureDraft("乙", founded=parse("2014")), **about, today=TODAY),
        lambda: titles.record(**title, given=parse("2016-01-01"), source="公示", **about, today=TODAY),
        lambda: ventures.graduate(stay, on=parse("2017-06-01"), **about, today=TODAY),
        lambda: ventures.set_aside(Stay.objects.get(pk=stay.pk), reason="重复登记", **about),
    )
    for verb in verbs:
        verb()
        older, _facts = as_kept("institution")
        assert older.is_older and older.head < kept.version().head
        assert kept.refresh(TODAY) == 2
        for subject in NATIONAL:
            base, found = as_kept(subject)
            assert (base.is_older, base.head, base.row > 0) == (False, kept.version().head, True)
            assert rows(found) == rows(fresh(subject))
            plan = bind(document(subject), TODAY)
            here, there = evaluate(plan, found), evaluate(plan, only(fresh(subject), asked_by(document(subject))))
            assert [np.array_equal(a, b) for a, b in zip(here.overall, there.overall, strict=True)] == [True, True]
    assert kept.refresh(TODAY) == 0  # nothing has moved


def test_older_facts_are_told_apart_and_the_latest_are_gathered(city):
    before, facts = as_kept("venture")
    ventures.register(VentureDraft("乙", founded=parse("2014")), by=None, now=NOW, today=TODAY)
    base, same = as_kept("venture")
    assert (base.is_older, base.head, base.moment) == (True, before.head, before.moment)
    assert rows(same) == rows(facts) and facts.size == 1
    latest = kept.basis(document("venture"), TODAY, kept.version(), latest=True)
    assert latest == kept.version()
    assert kept.population(document("venture"), TODAY, latest).size == 2


@pytest.mark.parametrize("spoil", [lambda content: content[:-9], lambda content: content[:99] + b"x" + content[100:]])
def test_what_is_spoilt_is_gathered_anew_and_replaced(city, spoil):
    row = KeptFacts.objects.get(subject="institution")
    KeptFacts.objects.filter(pk=row.pk).update(content=spoil(bytes(row.content)))
    base = kept.basis(document("institution"), TODAY, kept.version())
    with pytest.raises(kept.Spoilt):
        kept.population(document("institution"), TODAY, base)
    again, found = as_kept("institution")
    assert again.row == 0 and rows(found) == rows(fresh("institution"))
    assert kept.refresh(TODAY) == 1
    assert bytes(KeptFacts.objects.get(subject="institution").content) != spoil(bytes(row.content))


def test_another_day_other_facts_and_another_declaration_are_not_what_is_kept(city):
    its, present = document("institution"), kept.version()
    assert kept.basis(its, TODAY, present).row
    assert not kept.basis(its, TODAY - dt.timedelta(days=1), present).row
    row = KeptFacts.objects.get(subject="institution")
    KeptFacts.objects.filter(pk=row.pk).update(names=[name for name in row.names if name not in asked_by(its)])
    assert not kept.basis(its, TODAY, present).row
    KeptFacts.objects.filter(pk=row.pk).update(names=row.names, words="0" * 64)
    assert not kept.basis(its, TODAY, present).row
    assert kept.refresh(TODAY + dt.timedelta(days=1)) == 2
    assert set(KeptFacts.objects.values_list("as_of", flat=True)) == {TODAY + dt.timedelta(days=1)}


def test_of_a_small_district_nothing_is_kept(city, monkeypatch):
    monkeypatch.setattr(kept, "MANY", 2)
    assert kept.refresh(TODAY) == 0
    assert not KeptFacts.objects.exists()
    assert kept.basis(document("venture"), TODAY, kept.version()) == kept.version()


def test_a_role_sees_those_it_may_as_far_as_they_were_there(city):
    _base, everybody = as_kept("institution")
    later = place("后来的孵化器").pk
    there, its = kept.among(everybody, [later, city.pk])
    assert (there, list(its.keys)) == ([city.pk], [str(city.pk)])
    assert rows(its) == rows(everybody)


def test_several_documents_stand_on_the_facts_of_now(city, monkeypatch):
    later = place("后来的孵化器").pk
    documents = [document("institution"), rulebooks.document(rulebooks.edition("most-2010-680"))]
    wanted = asked_by(documents[0]) | asked_by(documents[1])
    anew = gather.population(
        "institution", as_of=TODAY, vocabulary=documents[0].vocabulary, keys=[city.pk, later], wanted=wanted
    )
    assert rows(kept.current(documents, TODAY, [city.pk, later])) == rows(anew)  # what is kept is older
    assert kept.refresh(TODAY) == 2
    monkeypatch.setattr(kept.gather, "population", None)
    assert rows(kept.current(documents, TODAY, [city.pk, later])) == rows(anew)
