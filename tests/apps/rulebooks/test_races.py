"""At the same moment: a draft is published once, a figure confirmed once, the same facts are kept once."""

from __future__ import annotations

import pytest

from hatchline.apps.people import actions as people
from hatchline.apps.rulebooks import actions, judging, queries
from hatchline.apps.rulebooks.models import Confirmation, Edition, Evaluation, FactSet
from hatchline.core.values.refusal import Refused
from tests.apps.guards.test_races import RACERS, race
from tests.apps.rulebooks.test_rulebooks import NOW, TODAY, library, own_document, pin, pinnable

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
__all__ = ["library"]


def outcomes(act) -> list[str]:
    """What became of each racer: "done", or the code of its refusal."""
    said: list[str] = []

    def run(number: int) -> None:
        try:
            act(number)
            said.append("done")
        except Refused as refused:
            said.append(refused.refusal.code)

    race(run)
    return sorted(said)


@pytest.fixture
def officials():
    return [people.register(f"工作人员{number}", by=None, now=NOW) for number in range(RACERS + 1)]


def test_a_draft_is_published_once(library, officials):
    text = own_document(next(each for each in library[1] if each.startswith("id: sample-district")))
    draft = actions.draft(text=text, reason="区级认定条件", by=officials[-1], now=NOW)
    found = outcomes(
        lambda number: actions.publish(draft, version=1, by=officials[number], now=NOW, today=TODAY, aware=True)
    )
    assert found.count("done") == 1 and set(found) == {"done", "not_open"}, found
    assert Edition.objects.filter(name=draft.name).count() == 1


def test_two_drafts_of_one_text_become_one_document(library, officials):
    text = own_document(next(each for each in library[1] if each.startswith("id: sample-district")))
    drafts = [actions.draft(text=text, reason="区级认定条件", by=officials[-1], now=NOW) for _each in range(RACERS)]
    found = outcomes(
        lambda number: actions.publish(
            drafts[number], version=1, by=officials[number], now=NOW, today=TODAY, aware=True
        )
    )
    assert found.count("done") == 1 and set(found) == {"done", "published_already"}, found
    assert Edition.objects.filter(name=drafts[0].name, replaced_at=None).count() == 1


def test_a_draft_changed_while_another_publishes_it_is_published_as_it_was_seen(library, officials):
    text = own_document(next(each for each in library[1] if each.startswith("id: sample-district")))
    draft = actions.draft(text=text, reason="区级认定条件", by=officials[-1], now=NOW)

    def act(number: int) -> None:
        if number % 2:
            actions.publish(draft, version=1, by=officials[number], now=NOW, today=TODAY, aware=True)
        else:
            actions.amend(draft, text=text + f"# {number}\n", reason="再改", version=1, by=officials[-1], now=NOW)

    found = outcomes(act)
    assert found.count("done") == 1 and set(found) <= {"done", "not_open", "overtaken"}, found
    edition = queries.edition(draft.name)
    assert edition is None or edition.text == text


@pytest.mark.parametrize("part", ["min_area", "criterion"])
def test_a_figure_or_condition_is_confirmed_once(library, officials, part):
    edition = queries.edition("most-2010-680")
    key = f"criterion:{next(iter(queries.document(edition).criteria))}" if part == "criterion" else part
    found = outcomes(
        lambda number: actions.confirm(edition, parameter=key, source="公报", by=officials[number], now=NOW)
    )
    assert found.count("done") == 1 and set(found) == {"done", "confirmed"}, found
    assert Confirmation.objects.count() == 1


def test_the_same_facts_are_kept_once_however_many_pin_them(library, officials):
    edition, facts, day = pinnable("mof-2016-89")
    found = outcomes(lambda number: pin(edition, facts, day, officials[number]))
    assert found == ["done"] * RACERS
    assert (FactSet.objects.count(), Evaluation.objects.count()) == (1, RACERS)
    assert all(judging.recompute(each).agrees for each in Evaluation.objects.all())
