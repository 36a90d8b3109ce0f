"""The day a page speaks of: read from the address, kept by a list in everything it links to."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from hatchline.apps.bodies import queries as bodies
from hatchline.sites import days
from hatchline.sites.console.organisations import ORGANISATIONS
from hatchline.sites.lists import Tab, view
from tests.sites.console.conftest import organisation

TODAY = dt.date(2017, 7, 18)


def asking(query: str = "") -> HttpRequest:
    request = RequestFactory().get("/console/organisations/" + query)
    request.today, request.role, request.person, request.roles = TODAY, None, None, []
    request._messages = Said()
    return request


class Said(list[str]):
    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.append(message)


@pytest.mark.parametrize(
    ("query", "day"),
    [("", TODAY), ("?as_of=2016-12-31", dt.date(2016, 12, 31)), ("?as_of=2017-07-18", TODAY)],
)
def test_the_day_is_read_from_the_address(query, day):
    found = days.asked(asking(query))
    assert found.as_of == day and found.is_today == (day == TODAY)


@pytest.mark.parametrize("text", ["2017-07-19", "1900-01-01", "2016-13-01", "tomorrow"])
def test_a_day_that_cannot_be_shown_is_said_and_put_aside(text):
    request = asking(f"?as_of={text}")
    assert days.asked(request).as_of == TODAY
    days.asked(request)
    assert len(request._messages) == 1 and text in request._messages[0]


def test_links_go_on_on_the_same_day():
    then = days.Asked(dt.date(2016, 12, 31), TODAY, dt.date(2017, 3, 1))
    assert then.onward("/v/3/") == "/v/3/?as_of=2016-12-31&known_at=2017-03-01"
    assert then.onward("/v/3/?tab=x#stays") == "/v/3/?tab=x&as_of=2016-12-31&known_at=2017-03-01#stays"
    assert days.Asked(TODAY, TODAY).onward("/v/3/") == "/v/3/"


def test_month_ends_that_are_over_are_offered_latest_first():
    offered = days.Asked(TODAY, TODAY).month_ends
    assert offered[:4] == [dt.date(2017, 6, 30), dt.date(2017, 5, 31), dt.date(2017, 4, 30), dt.date(2016, 12, 31)]
    assert days.Asked(dt.date(2017, 1, 5), dt.date(2017, 1, 5)).month_ends.count(dt.date(2016, 12, 31)) == 1
    assert days.is_month_end(dt.date(2016, 2, 29)) and not days.is_month_end(dt.date(2016, 2, 28))


def test_a_list_that_travels_keeps_its_day_everywhere(db):
    organisation("望京一号")
    seen: list[dt.date] = []

    def rows(request):
        seen.append(days.asked(request).as_of)
        return bodies.organisations()

    def enriched(found, asked):
        for row in found:
            row["name"] = f"{row['name']} {asked.as_of}"

    declared = dataclasses.replace(
        ORGANISATIONS,
        rows=rows,
        scope=lambda request: "all",
        travels=True,
        enrich_on=enriched,
        tabs=(Tab("", "全部"), Tab("some", "一些", lambda found, request: found)),
    )
    shown = view.build(asking("?as_of=2016-12-31&known_at=2017-01-05&q=望京"), declared)
    assert set(seen) == {dt.date(2016, 12, 31)}
    assert "望京一号 2016-12-31" in shown.body and re.search(r'href="[^"]*\?as_of=2016-12-31', shown.body)
    links = [shown.export_href("csv"), shown.clear_href, shown.tabs[1]["href"], shown.table[0]["sort_url"]]
    assert all("as_of=2016-12-31" in link for link in links)
    assert "known_at" not in shown.export_href("csv")  # this list does not tell what was known when
    assert ("as_of", "2016-12-31") in shown.keep and shown.keep_but_days == [("q", "望京")]
    file = view.export(asking("?as_of=2016-12-31&export=csv"), declared, "csv")
    assert "望京一号 2016-12-31" in b"".join(file.streaming_content).decode()
    assert "20161231" in file.headers["Content-Disposition"]
    still = view.build(asking("?as_of=2016-12-31"), ORGANISATIONS)
    assert still.asked is None and still.state.days == ()


def test_the_control_names_the_day_and_the_way_back():
    macros = engines["jinja2"].env.get_template("components/ui.jinja").module
    with translation.override("zh-hans"):
        drawn = macros.as_of_control(days.Asked(dt.date(2016, 12, 31), TODAY), "/x/", keep=[("q", "望京")])
    assert "截至 2016-12-31" in drawn and "回到今日" in drawn and 'aria-current="true"' in drawn
    assert "as_of=2017-06-30" in drawn and 'name="q" value="望京"' in drawn and "known_at" not in drawn
