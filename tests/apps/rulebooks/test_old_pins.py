"""Pins of every version of the language come to the same judgement for ever."""

from __future__ import annotations

import json

import pytest

from hatchline.apps.rulebooks import canonical, judging
from hatchline.core.rules.documents import LANGUAGE_VERSION
from tests.apps.rulebooks.pins import FOLDER, all_pins

PINS = all_pins()


def test_there_are_pins_of_the_present_version():
    assert len(PINS) >= 7
    assert LANGUAGE_VERSION in {each.said["language_version"] for each in PINS}


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.folder.name)
def test_an_old_pin_comes_to_the_same_judgement(pin):
    kept, now = json.loads(pin.text("result.json")), pin.recomputed()
    assert canonical.written(judging.judgement(now)) == canonical.written(judging.judgement(kept))


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.folder.name)
def test_what_an_old_pin_kept_is_what_it_was_filed_under(pin):
    said = pin.said
    assert canonical.digest(pin.text("facts.json")) == said["facts"]
    words = (FOLDER / f"vocabulary-{said['vocabulary'][:12]}.yaml").read_text("utf-8")
    assert canonical.digest(words) == said["vocabulary"]
    for name in ("facts.json", "result.json"):
        assert canonical.written(json.loads(pin.text(name))) == pin.text(name)
