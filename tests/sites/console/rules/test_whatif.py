"""What if in the browser: other figures in the address, who is won by name, unknown never taken for nothing."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from hatchline import rulebook
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.core.rules import nearness
from hatchline.core.rules.populations import from_rows
from hatchline.core.rules.whatif import WhatIf
from hatchline.sites.console.rules import ground
from tests.sites.console.conftest import NOW

PAGE = "/console/rules/most-2010-680/whatif/"


@pytest.fixture
def documents(db):
    ground.forget()
    words, texts = rulebook.sources()
    rulebooks.take_in(words[1], [text for _path, text in texts], now=NOW)
    yield
    ground.forget()


def told(client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.django_db
def test_a_moved_figure_is_told_beside_the_law(official, documents, first):
    plain, other = told(official), told(official, "?min_area=5000")
    assert first.name in plain
    assert "现行 20,000 平方米" not in plain
    assert "现行 20,000 平方米" in other


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["-1", "1e99999999", "abc", "٣", "20000"])
def test_a_figure_that_is_none_leaves_the_law(official, documents, first, given):
    assert "现行 20,000" not in told(official, f"?min_area={given}")


@pytest.mark.django_db
def test_what_nobody_knows_is_unknown(official, documents, first):
    shown = told(official)
    assert "hl-cell-unknown" in shown


@pytest.mark.django_db
def test_documents_about_ventures_and_none_at_all_are_not_there(official, documents):
    assert official.get("/console/rules/graduation-2010/whatif/").status_code == 404
    assert official.get("/console/rules/none/whatif/").status_code == 404


def test_values_are_those_compared_with_the_figure():
    document = rulebook.library().get("most-2010-680")
    words = document.vocabulary
    area = words.facts["controlled_area"]
    population = from_rows(
        words, [("a", {"controlled_area": area.encode("1500")}, []), ("b", {"controlled_area": None}, [])]
    )
    asked = WhatIf(document, NOW.date(), population, fused=False)
    found = nearness.values(document, NOW.date(), "min_area", asked.subjects)
    assert found is not None
    low, high, node = found
    assert (low[0], high[0], node.op) == (1500.0, 1500.0, ">=")
    assert low[1] < high[1]
    assert not np.isnan(low).any()
    assert nearness.values(document, NOW.date(), "max_capital", asked.subjects) is None


@pytest.mark.django_db
def test_every_slider_can_stand_where_the_law_stands(official, documents, first):
    found = re.findall(r'type="range".*? step="([^"]+)" value="([^"]+)"', told(official))
    assert len(found) > 10
    assert [each for each in found if each[0] != "any" and int(each[1]) % int(each[0])] == []
