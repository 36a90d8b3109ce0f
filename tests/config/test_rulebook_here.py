"""`rulebook list|show --here`: the district's own documents and what its officials confirmed."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from hatchline.apps.people import actions as people
from hatchline.apps.rulebooks import actions, queries
from hatchline.config.commands import rulebook
from hatchline.core.rules import rewriting
from hatchline.journeys import reference

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2017, 7, 18, 1, tzinfo=dt.UTC)


@pytest.fixture
def own(db):
    assert list(reference.load(district="110105", now=NOW))
    text = rewriting.copied(
        queries.edition("sample-district").text, name="cy-own", number="朝科〔2018〕1号", in_force=dt.date(2018, 1, 1)
    )
    one, other = people.register("林晓岚", by=None, now=NOW), people.register("王建国", by=None, now=NOW)
    draft = actions.draft(text=text, reason="区级认定", by=one, now=NOW)
    actions.confirm(queries.edition("most-2010-680"), parameter="min_area", source="第八条", by=one, now=NOW)
    return actions.publish(draft, version=1, by=other, now=NOW, today=NOW.date(), aware=True)


def run(*arguments):
    return CliRunner().invoke(rulebook.command, list(arguments), env={"LC_ALL": "en_GB.UTF-8"})


def names(*arguments):
    result = run("list", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return {each["id"] for each in json.loads(result.stdout)}


def test_the_own_document_is_listed_here_alone(own):
    assert names("--here") - names() == {"cy-own"}


def test_the_own_document_is_shown_by_id_and_by_number(own):
    assert run("show", "cy-own", "--here").stdout == run("show", "朝科〔2018〕1号", "--here").stdout
    assert "朝科〔2018〕1号" in run("show", "cy-own", "--here").stdout
    assert run("show", "cy-own").exit_code == 2
    wrong = run("show", "cy-owm", "--here")
    assert wrong.exit_code == 2 and "cy-own" in wrong.output


def test_a_confirmed_figure_says_so_here(own):
    def mark(*arguments):
        told = json.loads(run("show", "most-2010-680", "--json", *arguments).stdout)
        return next(each["mark"] for each in told["parameters"] if each["name"] == "min_area")

    assert (mark("--here"), mark()) == ("confirmed", "secondary")
