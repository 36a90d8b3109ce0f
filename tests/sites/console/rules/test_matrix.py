"""The matrix: everybody under every criterion, the nearest first, each missing part said; the same as a file."""

from __future__ import annotations

import csv
import html
import io
import re
from decimal import Decimal

import numpy as np
import pytest

from hatchline import rulebook
from hatchline.apps.premises import actions as premises
from hatchline.apps.premises.drafts import PremisesDraft
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.core.values.dates import parse
from hatchline.journeys import gather, judge
from hatchline.sites import days
from hatchline.sites.console.rules import ground, matrix
from tests.journeys import test_gather as gathered
from tests.sites.console.conftest import NOW, institution, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/console/rules/sample-district/matrix/"


@pytest.fixture
def documents(db):
    ground.forget()
    words, texts = rulebook.sources()
    rulebooks.take_in(words[1], [text for _path, text in texts], now=NOW)
    yield
    ground.forget()


def measured(name: str, area: str):
    """An institution that is open with so much space."""
    where = institution(name, "2012-05-01", kinds=("incubator",), stages=("incubation",))
    draft = PremisesDraft(
        f"{name}一号楼", institution=where.pk, area=Decimal(area), tenure="leased", starts=parse("2013")
    )
    premises.register(draft, by=None, now=NOW)
    return where


def told(client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def rows(client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{PAGE}?export=csv{query}")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_nearest_come_first_and_what_is_missing_is_said(official, documents):
    for name, area in (("远的", "200"), ("近的", "950"), ("够的", "3000")):
        measured(name, area)
    shown = told(official, "?by=D-1")
    places = [shown.index(f">{name}</a>") for name in ("够的", "近的", "远的")]
    assert places == sorted(places)
    assert re.search(r"近的.*?hl-cell-missing.*?5%", shown, re.DOTALL)
    assert re.search(r"远的.*?hl-cell-missing.*?80%", shown, re.DOTALL)


def test_the_matrix_says_what_the_single_judgement_says(official, documents):
    places = {row.name: row for row in (measured("远的", "200"), measured("够的", "3000"))}
    words = {"met": "达标", "not_met": "未达标", "unknown": "未知"}
    for row in rows(official):
        its = judge.judge(gather.INSTITUTION, places[row["孵化机构"]].pk, "sample-district", as_of=NOW.date())
        assert row["结论"] == words[its.explanation.verdict.value]
        for finding in its.explanation.findings:
            cell = next(value for key, value in row.items() if key.startswith(f"{finding.name} ") and "还差" not in key)
            assert cell == (words[finding.verdict.value] if finding.applies.possible else "不适用")


def test_the_file_holds_the_share_that_is_missing(official, documents):
    measured("近的", "950")
    (row,) = rows(official)
    assert row["D-1 还差（%）"] == "5.0" and row["区域"] == ""
    assert official.get(f"{PAGE}?export=xlsx")["Content-Type"].endswith("sheet")


def test_only_those_asked_for_are_shown(official, documents):
    measured("远的", "200")
    assert [row["孵化机构"] for row in rows(official, "&show=missing")] == ["远的"]
    assert rows(official, "&show=met") == []
    assert "没有机构" in told(official, "?show=met")
    assert "远的" in told(official, "?show=nonsense&by=nonsense&page=99")


def test_the_weakest_basis_is_told(official, documents):
    measured("远的", "200")
    assert "不能据以决定" in told(official)
    assert "不能据以决定" not in html.unescape(official.get("/console/rules/mof-2016-89/matrix/").content.decode())


def test_those_who_look_alone_may_read_it_and_others_find_nothing(auditor, documents):
    assert auditor.get(PAGE).status_code == 200
    assert auditor.get("/console/rules/none/matrix/").status_code == 404
    assert signed_in("founder").get(PAGE).status_code in (403, 404)


VENTURES = "/console/rules/graduation-2010/matrix/"


@pytest.fixture
def tenants(documents):
    """Thirty ventures in two institutions, one of them with rights and capital enough to graduate."""
    first, second = gathered.place(), gathered.place("酒仙桥孵化器")
    made = [gathered.tenant(first if at % 3 else second, f"听雨{at:02d}") for at in range(60)]
    gathered.right(made[1])
    return first, second, made


def listed(client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"{VENTURES}?export=csv{query}")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_ventures_stand_under_their_documents_by_distance_and_pages(official, tenants, django_assert_max_num_queries):
    _first, _second, made = tenants
    page = html.unescape(official.get(VENTURES).content.decode())
    assert f"/console/ventures/{made[1]}/evaluation/graduation-2010/" in page or "听雨01" in page
    shown = [row["创业主体"] for row in listed(official, "")]
    assert len(shown) == 60 and shown[0] == "听雨01"  # it lacks least
    later = html.unescape(official.get(f"{VENTURES}?page=2").content.decode())
    assert later.count('<th scope="row">') == 10 and "酒仙桥孵化器" in page + later
    with django_assert_max_num_queries(15):
        official.get(f"{VENTURES}?page=2")


def test_ventures_are_narrowed_by_institution_and_stage_and_the_file_says_what_it_rests_on(official, tenants):
    rows_ = listed(official, "&of_institution=酒仙桥&of_stage=incubation")
    assert len(rows_) == 20 and {row["所在机构"] for row in rows_} == {"酒仙桥孵化器"}
    assert rows_[0]["文件哈希"] == rulebook.library().get("graduation-2010").digest
    assert (rows_[0]["文件"], rows_[0]["情况截至"]) == (
        "graduation-2010",
        official.get(VENTURES).wsgi_request.today.isoformat(),
    )
    assert rows_[0]["掌握截至"].endswith("Z")
    assert listed(official, "&of_stage=park") == []
    kept = html.unescape(official.get(f"{VENTURES}?of_institution=酒仙桥&show=unknown").content.decode())
    assert "of_institution=%E9%85%92%E4%BB%99%E6%A1%A5" in kept and 'value="酒仙桥"' in kept


def test_the_matrix_of_ventures_says_what_the_single_judgement_says(official, tenants):
    _first, _second, made = tenants
    by_name = {row["创业主体"]: row for row in listed(official, "")}
    today = official.get(VENTURES).wsgi_request.today
    words = {"met": "达标", "not_met": "未达标", "unknown": "未知"}
    for at in (0, 1):
        its = judge.judge(gather.VENTURE, made[at], "graduation-2010", as_of=today)
        assert by_name[f"听雨{at:02d}"]["结论"] == words[its.explanation.verdict.value]


def test_two_of_three_are_enough_and_one_more_is_all_that_lacks(official, tenants, monkeypatch):
    """Of 2010 a graduate meets two of three: one met and two missing lack one."""
    page = official.get(VENTURES)
    stood = matrix.stand_on(page.wsgi_request, "graduation-2010", days.asked(page.wsgi_request))
    size, names = len(stood.names), list(stood.document.criteria)
    truth, lie = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    missing = dict(zip(names, (lie, truth, truth), strict=True))
    assert set(matrix.needed_of(stood, missing)) == {1}
    assert set(matrix.needed_of(stood, dict.fromkeys(names, truth))) == {2}
    assert set(matrix.needed_of(stood, dict.fromkeys(names, lie))) == {0}
