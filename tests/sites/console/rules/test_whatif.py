"""What if in the browser: other figures in the address, who is won by name, unknown never taken for nothing."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import re

import numpy as np
import pytest

from hatchline import rulebook
from hatchline.apps.ledger import actions as moves
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people.models import Person
from hatchline.apps.people.states import MOVES
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.apps.rulebooks import policy
from hatchline.apps.rulebooks import queries as drafts
from hatchline.apps.rulebooks.models import Scenario
from hatchline.core.rules import nearness
from hatchline.core.rules.populations import from_rows
from hatchline.core.rules.whatif import WhatIf
from hatchline.core.values.quantity import Quantity
from hatchline.journeys import groups, judge, kept
from hatchline.sites.console.rules import dots, ground
from tests.journeys import test_gather as gathered
from tests.sites.console.conftest import NOW, institution, signed_in

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


def told_at(client, page: str) -> str:
    return html.unescape(client.get(page).content.decode())


@pytest.mark.django_db
def test_a_moved_figure_is_told_beside_the_law(official, documents, first):
    plain, other = told(official), told(official, "?min_area=5000")
    assert first.name in plain
    assert "现行 20,000 平方米" not in plain
    assert "现行 20,000 平方米" in other


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["-1", "1e99999999", "abc", "٣", "20000"])
def test_a_figure_that_is_none_leaves_the_law(official, documents, first, given):
    assert "现行 20,000 平方米</span>" not in told(official, f"?min_area={given}")


@pytest.mark.django_db
def test_what_nobody_knows_is_unknown(official, documents, first):
    shown = told(official)
    assert "hl-cell-unknown" in shown


@pytest.mark.django_db
def test_facts_are_gathered_again_when_something_about_them_changes_and_not_for_a_sign_in(
    official, documents, first, monkeypatch
):
    gathered = []
    really = kept.gather.population
    monkeypatch.setattr(kept.gather, "population", lambda *a, **k: gathered.append(k) or really(*a, **k))
    told(official)
    assert gathered[0]["wanted"] == judge.asked_by(rulebook.library().get("most-2010-680"))
    person = Person.objects.create(name="某人")
    moves.move(person, next(iter(MOVES)).verb, by=None, at=NOW)
    told(official)
    assert len(gathered) == 1
    made = institution("新开的孵化器")
    assert made.name in told(official) and len(gathered) == 2


@pytest.mark.django_db
def test_a_document_that_is_none_is_not_there(official, documents):
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


KEEP = f"{PAGE}keep/"


@pytest.mark.django_db
def test_a_scenario_is_kept_named_and_opened_again(official, documents, first):
    answer = official.post(KEEP, {"name": "放宽场地", "min_area": "5000", "max_stay": "42", "nonsense": "1"})
    assert answer.status_code == 302 and "min_area=5000" in answer["Location"]
    kept = Scenario.objects.get()
    assert (kept.name, kept.settings, kept.is_shared) == ("放宽场地", {"min_area": "5000"}, False)  # 42 is the law
    shown = told(official)
    assert "放宽场地" in shown and "min_area=5000" in shown and "5,000 平方米" in shown
    official.post(KEEP, {"name": "放宽场地", "min_area": "6000"})
    assert Scenario.objects.get().settings == {"min_area": "6000"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", [{"name": " ", "min_area": "5000"}, {"name": "照旧"}, {"name": "照旧", "min_area": "x"}]
)
def test_a_scenario_without_name_or_change_is_refused_and_its_figures_stay(official, documents, first, given):
    answer = official.post(KEEP, given, follow=True)
    assert not Scenario.objects.exists()
    page = html.unescape(answer.content.decode())
    assert "没有写方案名称" in page or "没有改动任何阈值" in page
    assert ("现行 20,000" in page) is (given.get("min_area") == "5000")


@pytest.mark.django_db
def test_a_scenario_is_shared_by_its_keeper_alone(official, documents, first):
    official.post(KEEP, {"name": "放宽场地", "min_area": "5000"})
    kept, other = Scenario.objects.get(), signed_in("administrator")
    assert "放宽场地" not in told(other)
    assert other.post(f"/console/scenarios/{kept.pk}/share/").status_code == 404
    assert official.post(f"/console/scenarios/{kept.pk}/share/").status_code == 302
    assert "放宽场地" in told(other) and "min_area=5000" in told(other)
    other.post(f"/console/scenarios/{kept.pk}/share/")
    assert Scenario.objects.get().kept_by_id == kept.kept_by_id


@pytest.mark.django_db
def test_a_scenario_is_taken_away_by_its_keeper_alone_and_the_ledger_keeps_what_it_said(official, documents, first):
    official.post(KEEP, {"name": "放宽场地", "min_area": "5000", "shared": "1"})
    kept, other = Scenario.objects.get(), signed_in("administrator")
    path = f"/console/scenarios/{kept.pk}/drop/"
    assert path in official.get(PAGE).content.decode() and path not in other.get(PAGE).content.decode()
    assert "只有保存方案的人" in html.unescape(other.post(path, follow=True).content.decode())
    assert Scenario.objects.exists() and official.get(path).status_code == 405
    assert "已删除" in html.unescape(official.post(path, follow=True).content.decode())
    assert not Scenario.objects.exists() and official.post(path).status_code == 404
    entry = ledger.history("rulebooks.scenario", kept.pk).get(event="rulebooks.scenario.dropped")
    assert entry.details["settings"] == {"min_area": "5000"} and entry.details["name"] == "放宽场地"


@pytest.mark.django_db
def test_the_auditor_keeps_no_scenario(auditor, documents, first):
    page = auditor.get(PAGE).content.decode()
    assert "data-refused>存为方案" in page.replace("\n", "")
    auditor.post(KEEP, {"name": "放宽场地", "min_area": "5000"})
    assert not Scenario.objects.exists()


@pytest.mark.django_db
def test_a_scenario_becomes_a_draft(official, documents, first):
    official.post(KEEP, {"name": "放宽场地", "min_area": "5000"})
    kept = Scenario.objects.get()
    new = f"/console/rule-drafts/new/?from=most-2010-680&scenario={kept.pk}"
    assert new.replace("&", "&amp;") in official.get(PAGE).content.decode()
    fields = {"source": "most-2010-680", "name": "cy-own", "number": "朝科〔2099〕1号", "in_force": "2099-01-01",
              "reason": "放宽", "title": "办法", "title_en": "Measures"}  # fmt: skip
    page = html.unescape(official.post(new, fields, follow=True).content.decode())
    made, problems = policy.faults(drafts.drafts().get().text, drafts.present_vocabulary())
    assert problems and f"改动之后有 {len(problems)} 个案例" in page  # said at once, and listed
    assert made is not None and {each.code for each in problems} <= {"case_fails"}  # cases at the old edge
    assert made.parameters["min_area"].values[-1][1].text("zh") == "5,000 平方米"


@pytest.mark.django_db
def test_the_comparison_is_a_file_of_everybody(official, documents, first, second):
    answer = official.get(f"{PAGE}?min_area=5000&export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row["孵化机构"] for row in rows} == {"望京孵化器", "酒仙桥孵化器"}
    assert {row["试算结果"] for row in rows} <= {"未知", "未达标"}
    assert official.get(f"{PAGE}?export=xlsx")["Content-Type"].endswith("sheet")


def area_of(*values: str | None) -> ground.Ground:
    document = rulebook.library().get("most-2010-680")
    fact = document.vocabulary.facts["controlled_area"]
    rows = [(f"{at}", {"controlled_area": value and fact.encode(value)}, []) for at, value in enumerate(values)]
    asked = WhatIf(document, NOW.date(), from_rows(document.vocabulary, rows), fused=False)
    return ground.Ground(document, asked, [""] * len(values), [groups.Standing()] * len(values))


def dots_of(on: ground.Ground, name: str = "min_area", results: tuple[str, ...] = ()) -> dots.Dots:
    law = on.document.parameters[name].on(NOW.date())
    return dots.over(on, name, law, law, float(law.amount * 2), lambda: list(results))


def test_there_is_a_dot_for_each_institution_while_they_fit():
    drawn = dots_of(area_of(*["90000"] * 12, "100", *[None] * 3))
    assert (len(drawn.placed), drawn.stands_for) == (13, 1)
    assert (drawn.met, drawn.missing, drawn.unknown) == (12, 1, 3)
    assert len({(x, y) for x, y, _look in drawn.placed}) == 13  # none stands on another
    assert all(0 < x < dots.WIDTH and 0 < y < dots.HEIGHT for x, y, _look in drawn.placed)


def test_where_they_do_not_fit_a_dot_stands_for_several_and_none_vanishes():
    drawn = dots_of(area_of(*["90000"] * 400, "100"))
    assert drawn.stands_for > 1 and (drawn.met, drawn.missing) == (400, 1)
    assert len([1 for *_at, look in drawn.placed if look == "met"]) == -(-400 // drawn.stands_for)
    assert [look for *_at, look in drawn.placed].count("not") == 1
    assert all(0 < y < dots.HEIGHT for _x, y, _look in drawn.placed)


def test_a_figure_compared_with_no_single_value_shows_who_fails_and_who_is_unknown():
    on = area_of(*["1"] * 5)
    assert nearness.values(on.document, NOW.date(), "max_capital", on.whatif.subjects) is None
    drawn = dots_of(on, "max_capital", ("not", "not", "unknown", "met", "lost"))
    assert not drawn.on_axis and (drawn.met, drawn.missing, drawn.unknown) == (1, 3, 1)
    assert sorted(look for *_at, look in drawn.placed) == ["lost", "met", "not", "not", "unknown"]


@pytest.mark.parametrize(("op", "passes"), [(">=", 3), (">", 2), ("<=", 2), ("<", 1), ("=", 1)])
def test_equal_is_equal_and_no_more(monkeypatch, op, passes):
    values = np.array([1.0, 2.0, 3.0, 4.0])
    found = (values, values, dataclasses.make_dataclass("Node", ["op"])(op))
    monkeypatch.setattr(dots.nearness, "values", lambda *_given: found)
    on = area_of(*["1"] * 4)
    law = Quantity.parse("2 平方米")
    drawn = dots.over(on, "min_area", law, law, 4.0, list)
    assert (drawn.met, drawn.missing) == (passes, 4 - passes)


def test_who_fails_surely_now_is_counted_so_though_the_law_left_it_open(monkeypatch):
    low, high = np.array([1.0, 3.0]), np.array([3.0, 5.0])
    found = (low, high, dataclasses.make_dataclass("Node", ["op"])(">="))
    monkeypatch.setattr(dots.nearness, "values", lambda *_given: found)
    law, now = Quantity.parse("2 平方米"), Quantity.parse("4 平方米")
    drawn = dots.over(area_of("1", "1"), "min_area", law, now, 8.0, list)
    assert (drawn.met, drawn.missing, drawn.unknown) == (0, 1, 1)  # as the table shows them


@pytest.mark.django_db
def test_an_emptied_box_tells_which_figure_holds_and_the_page_whom_it_judges(official, documents, first):
    shown = told(official, "?min_area=")
    assert "没有填数。仍按现行 20,000 平方米。" in shown
    assert "没有填数" not in told(official)
    assert "确知在运营的 1 家孵化机构" in shown


@pytest.mark.parametrize(("op", "counted"), [(">=", (1, 1, 2)), ("<=", (1, 1, 2)), ("=", (0, 0, 4))])
def test_whose_value_may_lie_anywhere_is_counted_where_all_of_it_lies_on_one_side(monkeypatch, op, counted):
    low, high = np.array([3.0, 0.0, 1.0, np.nan]), np.array([9.0, 1.0, 3.0, np.nan])
    found = (low, high, dataclasses.make_dataclass("Node", ["op"])(op))
    monkeypatch.setattr(dots.nearness, "values", lambda *_given: found)
    law = Quantity.parse("2 平方米")
    drawn = dots.over(area_of(*["1"] * 4), "min_area", law, law, 4.0, list)
    assert (drawn.met, drawn.missing, drawn.unknown) == counted
    assert len(drawn.placed) == drawn.met + drawn.missing


@pytest.mark.django_db
def test_what_if_over_ventures_names_who_is_won_and_keeps_to_the_part_asked_for(official, documents):
    where, other = gathered.place(), gathered.place("酒仙桥孵化器")
    for at in range(3):
        gathered.right(gathered.tenant(where, f"听雨{at}"))
    gathered.tenant(other, "听雪科技")
    page = "/console/rules/graduation-2010/whatif/"
    figure = re.search(r'id="box-[a-z_]+" class="hl-slider-box"[^>]* name="([a-z_]+)"', told_at(official, page))[1]
    answer = official.get(f"{page}?{figure}=1&export=csv&of_institution=望京")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row["创业主体"] for row in rows} == {"听雨0", "听雨1", "听雨2"}
    assert rows[0]["改动的阈值"].startswith(f"{figure}=") and rows[0]["文件哈希"]
    shown = html.unescape(official.get(f"{page}?{figure}=1&of_stage=incubation&of_institution=酒仙桥").content.decode())
    assert "听雪科技" in shown and "听雨0" not in shown


@pytest.mark.django_db
def test_a_page_goes_on_upon_the_facts_it_was_opened_with_and_says_so(official, documents, first, monkeypatch):
    head = re.search(r'name="head" value="(\d+)"', told(official))[1]
    institution("新开的孵化器")
    gathered_anew = []
    really = kept.gather.population
    monkeypatch.setattr(kept.gather, "population", lambda *a, **k: gathered_anew.append(k) or really(*a, **k))
    shown = told(official, f"?head={head}&min_area=5000")
    assert "新开的孵化器" not in shown and "又有新的登记" in shown and not gathered_anew
    latest = told(official, "?min_area=5000")
    assert "新开的孵化器" in latest and "又有新的登记" not in latest
    assert "新开的孵化器" in told(official, "?head=999999999&min_area=5000")  # nothing is kept of that


@pytest.mark.django_db
def test_a_citys_page_opens_upon_the_kept_facts_and_says_of_when_they_are(official, documents, first, monkeypatch):
    monkeypatch.setattr(kept, "MANY", 0)
    kept.refresh(NOW.date())
    gathered_anew = []
    really = kept.gather.population
    monkeypatch.setattr(kept.gather, "population", lambda *a, **k: gathered_anew.append(k) or really(*a, **k))
    matrix = PAGE.replace("whatif", "matrix")
    assert first.name in told(official) and "后台正在重新汇集" not in told(official)
    institution("新开的孵化器")
    ground.forget()  # another process: nothing but what is kept in the database
    for page in (PAGE, matrix):
        shown = html.unescape(official.get(page).content.decode())
        assert first.name in shown and "新开的孵化器" not in shown
        assert "这里的事实截至" in shown and "facts=latest" in shown
    assert not gathered_anew
    head = re.search(r'name="head" value="(\d+)"', told(official, "?facts=latest"))[1]
    assert len(gathered_anew) == 1
    shown = told(official, f"?head={head}&min_area=5000")  # a slider on that page stands on the same facts
    assert "新开的孵化器" in shown and "后台正在重新汇集" not in shown and len(gathered_anew) == 1
    assert "新开的孵化器" in html.unescape(official.get(matrix).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "shown", "why"),
    [
        ("21,000", "21000", ""),
        ("21000 平方米", "21000", ""),
        ("2.5万", "2.5万", "不是数"),
        ("30 人", "30 人", "不是以平方米计的数"),
        ("-1", "-1", "小于 0"),
        ("<b>", "<b>", "不是数"),
        ("9" * 30, "9" * 30, "太大"),
    ],
)
def test_what_is_typed_beside_a_slider_counts_or_is_told_there_and_kept(official, documents, first, typed, shown, why):
    page = official.get(PAGE, {"min_area": typed}).content.decode()
    box = html.unescape(re.search(r'<input id="box-min_area"[^>]*?>(?= <span)', page)[0])
    assert f'value="{shown}"' in box and 'inputmode="decimal"' in box and ("aria-invalid" in box) is bool(why)
    told_there = html.unescape(re.search(r'id="said-min_area" role="status">(.*?)</p>', page)[1])
    assert (why in told_there and "仍按现行 20,000 平方米" in told_there) if why else told_there == ""
    assert ("现行 20,000 平方米</span>" in page) is (why == "")  # moved only where it is a figure
    slider = re.search(r'<input id="slide-min_area"[^>]*>', page)[0]
    assert "name=" not in slider and 'data-moves="box-min_area"' in slider


@pytest.mark.django_db
def test_whoever_is_counted_is_counted_in_whole_ones(official, documents, first):
    page = html.unescape(official.get(PAGE, {"min_tenants": "79.5", "min_area": "30000"}).content.decode())
    assert "“79.5”不是整数。仍按现行" in page and "现行 20,000 平方米" in page
    assert 'max="40000"' in re.search(r'<input id="slide-min_area"[^>]*>', page)[0]
    far = re.search(r'<input id="slide-min_area"[^>]*>', official.get(PAGE, {"min_area": "90000"}).content.decode())[0]
    assert 'max="90000"' in far  # beyond its end the range goes on
