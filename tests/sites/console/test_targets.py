"""Targets in the console: the ledger, one target down to its rows, another day, files, a new definition."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.indicators.models import Definition
from hatchline.apps.outbox.models import Job
from hatchline.apps.ventures.models import Stay
from hatchline.sites.console import quality_checks
from hatchline.sites.lists import fetching
from tests.apps.bodies.conftest import NOW, TODAY, divisions  # noqa: F401
from tests.apps.indicators.conftest import company, declare, keep, place, plan, recognise, tell  # noqa: F401
from tests.sites.console.conftest import institution

pytestmark = pytest.mark.django_db
MOST = 15  # questions of the first page, whatever there is


def lives(divisions, number: int) -> None:  # noqa: F811
    for each in range(number):
        here = place(f"第{each}孵化器", divisions)
        recognise(here, "national" if each % 3 == 0 else "district", given="2014-05-01")
        for other in range(3):
            made = company(f"{each}-{other}公司", here, f"201{3 + other}-01-01")
            tell("revenue", made, Decimal(1_000_000 * (other + 1)))


@pytest.fixture
def measures(plan):  # noqa: F811
    declare("revenue")
    declare("valid_rights", "integer", "项", "stock")


def cost(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_first_page_asks_as_often_for_many_as_for_few(official, measures, divisions):  # noqa: F811
    lives(divisions, 1)
    keep()
    few = cost(official, "/console/")
    more = [place(f"另{number}家", divisions) for number in range(9)]
    for each in more:
        recognise(each)
        for number in range(3):
            company(f"{each.name}{number}", each, "2016-01-01")
    keep()
    many, then = cost(official, "/console/"), cost(official, "/console/?as_of=2016-12-31")
    assert max(few, many, then) <= MOST and many <= few


def test_a_process_that_remembers_nothing_asks_no_more_than_that(official, measures, divisions):  # noqa: F811
    lives(divisions, 2)
    keep()
    for path in ("/console/", "/console/?as_of=2016-12-31", "/console/"):
        for store in (fetching._kept, quality_checks._kept):
            store.clear()
        ContentType.objects.clear_cache()
        for name in ("default", "process"):
            caches[name].clear()
        with CaptureQueriesContext(connection) as asked:
            assert official.get(path).status_code == 200
        assert len(asked) <= MOST, [each["sql"][:90] for each in asked]
        recognise(place(f"又一家{len(asked)}{path[-2:]}", divisions))  # so that today's figure must be reckoned anew


def test_a_page_reckons_no_month_end_that_nobody_kept_and_says_so(official, client, measures, divisions):  # noqa: F811
    lives(divisions, 2)
    caches["process"].clear()
    said = "正在计算 31 个月末的数（2014-12-31 至 2017-06-30）"
    assert cost(official, "/console/") <= MOST
    for who, path in (
        (official, "/console/"),
        (official, "/console/targets/"),
        (official, "/console/targets/tenants-2017/"),
        (client, "/targets/tenants-2017/"),
    ):
        page = who.get(path).content.decode()
        assert said in page, path
    page = official.get("/console/").content.decode()
    assert ">6<" in page and "不能预测" not in page  # the day's own figure is there
    assert client.get("/").status_code == client.get("/targets/").status_code == 200
    assert not Job.objects.filter(
        task="indicators.keep_missing"
    ).exists()  # reading writes nothing: the chore of every minute reckons them
    keep()
    assert "正在计算" not in official.get("/console/targets/tenants-2017/").content.decode()


def test_a_kept_month_end_asks_no_more_than_today(official, measures, divisions):  # noqa: F811
    lives(divisions, 2)
    keep()
    assert cost(official, "/console/?as_of=2016-12-31") <= cost(official, "/console/")
    page = official.get("/console/targets/tenants-2017/?as_of=2016-12-31").content.decode()
    assert "整理的月末数" in page and "截至 2016-12-31" in page
    reckoned = official.get("/console/targets/tenants-2017/?as_of=2016-12-30").content.decode()
    assert "打开时现算" in reckoned


def test_after_a_change_the_figure_is_of_now_and_its_path_of_the_last_reckoning(official, client, measures, divisions):  # noqa: F811
    lives(divisions, 1)
    keep()
    company("补录的", place("望京孵化器", divisions), "2015-01-01")
    page = official.get("/console/targets/tenants-2017/").content.decode()
    assert "打开时现算；路径为" in page and "补录的" in page and '<em class="hl-lead">4</em>' in page
    public = client.get("/targets/tenants-2017/").content.decode()
    assert "整理的月末数" in public and '<em class="hl-lead">4</em>' in public


def test_a_figure_opens_down_to_its_rows_on_the_same_day(official, measures, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    recognise(here)
    early, late = company("早来的", here, "2013-01-01"), company("后来的", here, "2017-02-01")
    today = official.get("/console/targets/tenants-2017/").content.decode()
    assert "早来的" in today and "后来的" in today and f"/console/ventures/{late.pk}/" in today
    then = official.get("/console/targets/tenants-2017/?as_of=2016-12-31").content.decode()
    assert "早来的" in then and "后来的" not in then
    assert f"/console/ventures/{early.pk}/?as_of=2016-12-31" in then
    assert "望京孵化器" in official.get("/console/targets/institutions-2017/").content.decode()


def test_who_told_nothing_is_unknown_and_stands_in_the_file_empty(official, measures, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    tell("revenue", company("报了的", here), Decimal(1234))
    company("没报的", here)
    page = official.get("/console/targets/revenue-2017/").content.decode()
    assert "2016 年全年，2 家已报 1 家" in page and "1,234" in page and "没有填报" in page
    file = official.get("/console/targets/revenue-2017/?export=csv")
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert "1234" in next(line for line in lines if "报了的" in line)
    assert next(line for line in lines if "没报的" in line).startswith("没报的,,")


def test_the_parts_of_a_share_are_tabs(official, measures, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    tell("valid_rights", company("有权的", here), 1)
    tell("valid_rights", company("无权的", here), 0)
    company("不知道的", here)
    for tab, name in (("yes", "有权的"), ("no", "无权的"), ("untold", "不知道的")):
        page = official.get(f"/console/targets/own_ip-2017/?tab={tab}").content.decode()
        assert [other for other in ("有权的", "无权的", "不知道的") if f">{other}<" in page] == [name]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_ledger_of_targets_is_a_file(official, measures, form):
    assert official.get(f"/console/targets/?export={form}").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/console/", "/console/targets/", "/console/targets/own_ip-2017/"])
def test_pages_open_in_both_languages_on_any_day(official, measures, divisions, path, language):  # noqa: F811
    lives(divisions, 1)
    for day in ("", "2016-12-31", "2011-06-15", "2005-01-01"):
        assert official.get(path, {"as_of": day, "lang": language}).status_code == 200


def test_a_definition_of_ventures_is_redefined_with_its_reason(official, measures):
    path = "/console/targets/own_ip-2017/definition/"
    assert "占比的条件" in official.get(path).content.decode()
    sent = {
        "who": "tenant",
        "reckon": "share",
        "having": "title",
        "titles": ["high_tech"],
        "starts_on": "2017-08-01",
        "reason": "改看高新技术企业",
    }
    refused = official.post(path, {**sent, "titles": []}).content.decode()
    assert "哪些资质" in refused and "改看高新技术企业" in refused  # what was typed stays
    assert official.post(path, sent).status_code == 302
    made = Definition.objects.get(starts_on=date(2017, 8, 1))
    assert made.content["titles"] == ["high_tech"] and made.content["reckon"] == "share"


def test_the_page_of_a_sum_says_which_year_its_heading_is_of(official, measures, divisions):  # noqa: F811
    lives(divisions, 2)
    keep()
    page = official.get("/console/targets/revenue-2017/").content.decode()
    assert "2016 年全年" in page[page.index("<h1") : page.index("</h1>") + 1200]


LINK = re.compile(r'<a href="([^"]+\?tab=(\w+)[^"]*)"[^>]*>\s*(?:另有 )?(\d+) 家')


def test_what_a_figure_lacks_leads_to_the_very_rows_that_it_counts(official, measures, divisions):  # noqa: F811
    here = place("望京孵化器", divisions)
    told, silent = company("填报的", here, "2014-01-01"), company("没填报的", here, "2014-01-01")
    company("不知何时来的", here, "2014")
    Stay.objects.filter(venture__name="不知何时来的").update(
        starts_on=None, starts_before=None, starts_text="", held_from=None, held_until=None
    )
    tell("revenue", told, Decimal(1_000_000))
    found = {}
    for code in ("revenue-2017", "own_ip-2017", "tenants-2017"):
        page = official.get(f"/console/targets/{code}/").content.decode()
        for href, tab, number in LINK.findall(page):
            opened = official.get(href.replace("&amp;", "&")).content.decode()
            assert f"共 {number} " in opened, (code, tab, number)
            found[code, tab] = opened
    assert silent.name in found["revenue-2017", "untold"] and ">填报的<" not in found["revenue-2017", "untold"]
    assert {tab for code, tab in found if code == "own_ip-2017"} == {"untold", "undecided"}
    assert "不知何时来的" in found["tenants-2017", "undecided"]


def test_institutions_of_no_district_are_listed_where_a_figure_speaks_of_them(official, measures, divisions):  # noqa: F811
    recognise(place("望京孵化器", divisions))
    recognise(institution("不知在哪的孵化器", "2010", kinds=("incubator",), stages=("incubation",)))
    page = official.get("/console/targets/institutions-2017/").content.decode()
    ((href, tab, number),) = LINK.findall(page)
    opened = official.get(href.replace("&amp;", "&")).content.decode()
    assert (tab, number) == ("unplaced", "1") and "不知在哪的孵化器" in opened and ">望京孵化器<" not in opened
