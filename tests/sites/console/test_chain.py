"""The chain in the console: its pictures agree with the lists behind them, whatever the day and the part."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from hatchline.apps.ventures import actions
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate
from hatchline.sites.console import chain_figures, chain_pictures
from tests.sites.console.conftest import NOW, institution, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/console/chain/"
TODAY = NOW.date()


def told(client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def lives(places, number: int, start: date = date(2013, 3, 1)) -> None:
    """So many ventures: every second graduates after two years and goes to the park, the others stay or leave."""
    drafts = [VentureDraft(f"链上团队{number}-{each}", founded=PartialDate.of("2012")) for each in range(number)]
    keys = actions.register_many(drafts, now=NOW)
    stays = []
    for at, key in enumerate(keys):
        begins, ends = start + timedelta(days=11 * at), start + timedelta(days=11 * at + 730)
        end, outcome = (ends, "graduated") if at % 2 else (ends, "left") if at % 3 == 0 else (None, "")
        stays.append(_stay(key, places[at % 2], "incubation", begins, end, outcome))
        if outcome == "graduated":
            stays.append(_stay(key, places[2], "park", ends + timedelta(days=20), None, ""))
    actions.record_stays(stays, now=NOW, today=TODAY)


def _stay(venture, place, stage, begins, ends, outcome):
    return StayDraft(
        venture=venture, institution=place.pk, stage=stage, starts=PartialDate.of(begins.isoformat()), source="名册",
        ended=PartialDate.of(ends.isoformat()) if ends else PartialDate.unknown(),
        end_state="known" if ends else "open", outcome=outcome,
    )  # fmt: skip


@pytest.fixture
def places(db):
    kinds = {"甲孵化器": ("incubator",), "乙众创空间": ("makerspace",), "丙产业园": ("industrial_park",)}
    return [institution(name, opened="2010", kinds=each) for name, each in kinds.items()]


def test_every_figure_opens_to_as_many_ventures(official, places):
    lives(places, 24)
    for query in ("", "?step=quarter", "?as_of=2016-06-30", "?kind=incubator", f"?institution={places[1].pk}"):
        page = told(official, query)
        found = set(re.findall(r'href="(/console/chain/ventures/[^"]*)">(\d+)</a>', page))
        assert len(found) > 4, query
        for address, number in found:
            listed = html.unescape(official.get(address).content.decode())
            shown = re.search(r'<h1[^>]*>(?:<em class="hl-lead">)?(\d+|没有)', listed)
            assert shown and shown[1].replace("没有", "0") == number, address


def test_the_picture_has_the_flows_of_its_table(places):
    lives(places, 24)
    request = RequestFactory().get(PAGE)
    request.today = TODAY
    made = chain_pictures.sankey(request, TODAY)
    nodes = {node["name"]: node for node in made.data["nodes"]}
    for node in nodes.values():
        links = [each["value"] for each in made.data["links"] if node["name"] in (each["source"], each["target"])]
        assert links, node
    last = [node["total"] for node in nodes.values() if node["depth"] == 3 and node["stage"] != "outside"]
    assert sum(last) == made.total == 20
    assert [sum(row[at] for row in made.rows) for at in (2, 3, 4)] == [
        sum(each["value"] for each in made.data["links"] if each["source"].endswith(f"-{depth}")) for depth in range(3)
    ]


def test_an_end_nobody_knows_is_told_apart_from_leaving(official, places):
    lives(places, 6)
    (lost,) = actions.register_many([VentureDraft("失联团队", founded=PartialDate.of("2012"))], now=NOW)
    draft = _stay(lost, places[0], "incubation", date(2014, 1, 1), None, "")
    draft = replace(draft, end_state="unknown", evidence=TODAY - timedelta(days=18))
    before = _left(official)
    actions.record_stays([draft], now=NOW, today=TODAY)
    assert (before[1], _left(official)) == (0, (before[0], 1))
    page = told(official)
    (address,) = set(
        re.findall(
            r'href="(/console/chain/ventures/[^"]*)">1</a></td></tr>(?=\n?<tr><th[^>]*><span[^>]*></span>毕业)', page
        )
    )
    assert "失联团队" in official.get(address).content.decode()


def _left(client) -> tuple[int, int]:
    """How many left in the last step, and of how many nobody knows."""
    page = told(client)
    return tuple(
        int(re.search(rf"</span>{words}</th><td[^>]*><a[^>]*>(\d+)<", page)[1])
        for words in ("离开链条", "是否还在不详")
    )


def test_time_to_graduate_and_its_files(official, places):
    lives(places, 24)
    page = told(official, "?by=kind")
    assert "一半的主体在" in page and "众创空间" in page
    answer = official.get(PAGE + "?by=kind&export=csv&table=survival")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row[0], row[1], row[2]) for row in rows[1:]] == [
        ("全部", "24", "12"), ("孵化器", "12", "0"), ("众创空间", "12", "12"),
    ]  # fmt: skip
    answer = official.get(PAGE + "?export=xlsx&table=flow")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 7 and sheet["A2"].value.startswith("2017")
    of_2014 = told(official, "?cohort=2014")
    assert "2014" in of_2014 and official.get(PAGE + "?cohort=1812").status_code == 200


def test_an_empty_chain_says_so(official):
    page = told(official)
    assert "还没有创业主体" in page and "还算不出" in page
    assert official.get(PAGE + "ventures/?to=park").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "?kind=x&field=99&institution=987654321",
        "?as_of=2999-01-01",
        "?from=moon&to=sun&since=yesterday",
        "?by=x&step=y",
    ],
)
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_goes(official, places, query):
    lives(places, 4)
    assert official.get(PAGE + query).status_code == 200
    assert official.get(PAGE + "ventures/" + query).status_code == 200


@pytest.mark.parametrize("path", [PAGE, PAGE + "?by=institution", PAGE + "ventures/?to=any"])
def test_it_asks_as_often_with_thirty_ventures_as_with_one(official, places, path):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get(path).status_code == 200
        return len(asked)

    lives(places, 4)
    official.get(path)
    before = cost()
    lives(places, 30, date(2014, 1, 1))
    assert cost() <= before


def test_who_may_not_see_the_console_sees_no_chain(db):
    assert signed_in("manager").get(PAGE).status_code in (403, 404)


@pytest.mark.parametrize(
    ("day", "step", "first", "last"),
    [
        (date(2017, 7, 18), "year", date(2013, 12, 31), date(2017, 7, 18)),
        (date(2016, 12, 31), "year", date(2012, 12, 31), date(2016, 12, 31)),
        (date(2017, 7, 18), "quarter", date(2016, 9, 30), date(2017, 7, 18)),
        (date(2017, 3, 31), "quarter", date(2016, 3, 31), date(2017, 3, 31)),
    ],
)
def test_periods_end_with_the_day(day, step, first, last):
    ends = chain_figures.period_ends(day, step, 4)
    assert len(ends) == 5 and ends[0] == first and ends[-1] == last and ends == sorted(set(ends))


def test_each_group_has_its_own_curve_with_its_interval(official, places):
    lives(places, 40)
    page = told(official, "?by=institution")
    pictures = re.findall(r'<figure><figcaption><a href="([^"]*)">([^<]*)</a>.*?</figure>', page, re.S)
    assert {name for _address, name in pictures} == {"甲孵化器", "乙众创空间"}
    bands = re.findall(r'class="hl-curve-band" d="M([^"]*)Z"', page)
    assert len(bands) == 2 and page.count('class="hl-curve-all" d="M') == 2 + 1  # and one in the legend
    for x, y in (point.split() for band in bands for point in band.split("L")):
        assert 0 <= float(x) <= 240 and 6 <= float(y) <= 96
    assert "hl-curve-band" not in told(official)


def test_who_is_at_two_stages_is_counted_once_by_every_page(official):
    nursery, incubator = institution("甲苗圃", opened="2010"), institution("乙孵化器", opened="2010")
    both, one, aside = actions.register_many(
        [VentureDraft(f"{name}团队", founded=PartialDate.of("2012")) for name in ("两处", "一处", "旁边的")], now=NOW
    )
    early = (date(2014, 1, 1), None, "")
    stays = [
        _stay(both, nursery, "nursery", *early), _stay(both, incubator, "incubation", *early),
        _stay(one, nursery, "nursery", *early),
        replace(_stay(aside, nursery, "nursery", *early), counts=False, not_counting_reason="第二工位"),
    ]  # fmt: skip
    actions.record_stays(stays, now=NOW, today=TODAY)
    flow = re.sub(r"<[^>]+>", "", told(official))
    assert "有 2 个创业主体在链上" in flow and "期末创业苗圃" in flow
    for stage, names in (("nursery", ["一处团队"]), ("incubation", ["两处团队"])):
        rows = official.get(f"/console/ventures/?export=csv&columns=name&stage={stage}")
        lines = b"".join(rows.streaming_content).decode()
        assert [name for name in ("两处团队", "一处团队", "旁边的团队") if name in lines] == names
    heading = re.sub(r"<[^>]+>", "", html.unescape(official.get("/console/ventures/").content.decode()))
    assert re.search(r"创业苗圃\s*1\s*，\s*孵化\s*1\b", heading)
    page = official.get(f"/console/institutions/{nursery.pk}/ventures/").content.decode()
    page = re.sub(r"<[^>]+>", "", html.unescape(page))
    assert "3 条入驻记录，其中 2 条计入链条" in page and "不计入统计 1" in page
    assert re.search(r"含未注册的团队）2 个\s*：创业苗圃 2", page), "in this institution both are in its nursery"


def test_wide_tables_of_figures_name_each_figure_where_they_become_lists(official, places):
    lives(places, 12)
    page = told(official)
    assert page.count('class="hl-table hl-stacked"') >= 3
    for table in re.findall(r'<table class="hl-table hl-stacked">.*?</table>', page, re.S):
        columns = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<th scope=\"col\".*?</th>", table, re.S)]
        body = table.split("<tbody>")[1]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S):
            assert re.findall(r'<td class="hl-num" data-label="([^"]*)"', row) == columns[1:]
