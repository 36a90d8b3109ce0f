"""The list component, through the lists of organisations and institutions."""

import csv
import io
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.shelf.models import SavedView
from hatchline.sites.lists import exporting
from tests.sites.console.conftest import institution, organisation, signed_in

pytestmark = pytest.mark.django_db
LIST = "/console/organisations/"


def names_of(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('class="hl-row-link"')[1:] for part in [part.split(">", 1)[1]]]


def shown(client, query: str = "") -> list[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return names_of(answer.content.decode())


@pytest.mark.parametrize("path", ["/console/organisations/", "/console/institutions/", "/console/ledger/"])
def test_a_page_asks_as_often_with_thirty_rows_as_with_one(official, path):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get(path).status_code == 200
        return len(asked)

    organisation("望京一号")
    institution("望京孵化器一号")
    official.get(path)
    before = cost()
    for number in range(30):
        organisation(f"望京第{number}公司", types=("company", "park"))
        institution(f"望京第{number}孵化器", kinds=("incubator", "nursery"), stages=("incubation",))
    assert cost() == before


@pytest.mark.parametrize("q", ["启元", "wjqy", "WJQY", "wangjing", "9111", "旧名"])
def test_search_by_name_pinyin_code_and_other_names(official, q):
    organisation("北京望京启元科技", credit_code="91110105MA0000027N", names=(("alias", "旧名工场"),))
    organisation("东湖物联")
    assert shown(official, f"?q={q}") == ["北京望京启元科技"]


def test_a_single_character_says_how_it_was_looked_for(official):
    organisation("望京启元")
    page = official.get(LIST + "?q=望").content.decode()
    assert "只有一个字" in page and "望京启元" in page


def test_filters_order_and_pages_stand_in_the_address(official):
    for number in range(60):
        organisation(f"公司{number:02d}", types=("bank",) if number % 2 else ("park",))
    first = shown(official, "?type=bank")
    second = shown(official, "?type=bank&page=2")
    assert len(first) == 25 and len(second) == 5 and not set(first) & set(second)
    assert shown(official, "?type=bank&sort=-name")[0] == "公司59"
    assert shown(official, "?type=bank&page=999") == second
    page = official.get(LIST + "?type=bank&sort=-name").content.decode()
    assert "type=bank&amp;sort=-name&amp;page=2" in page


@pytest.mark.parametrize(
    "query", ["?type=nothing", "?sort=password", "?sort=types", "?page=-1", "?page=x", "?page=99999999999999999999",
              "?tab=%00", "?q=%00", "?columns=,,", "?view=abc", "?q=" + "长" * 500, "?export=exe"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_still_shows_the_list(official, query):
    organisation("望京启元")
    assert official.get(LIST + query).status_code == 200


def test_unknown_values_come_last_in_either_direction(official):
    from hatchline.core.values.dates import parse

    organisation("无日期")
    organisation("早", founded=parse("1999"))
    organisation("晚", founded=parse("2015-06"))
    assert shown(official, "?sort=founded") == ["早", "晚", "无日期"]
    assert shown(official, "?sort=-founded") == ["晚", "早", "无日期"]


def test_deep_pages_keep_the_order(official, monkeypatch):
    from hatchline.sites.lists import fetching

    for number in range(60):
        organisation(f"公司{number:02d}")
    plain = shown(official, "?page=2&sort=-name")
    monkeypatch.setattr(fetching, "DEEP", 0)
    assert shown(official, "?page=2&sort=-name") == plain and len(plain) == 25


def test_a_kept_count_never_outlives_the_next_verb(official, monkeypatch):
    from hatchline.sites.lists import fetching

    monkeypatch.setattr(fetching, "WORTH_KEEPING", 0)
    monkeypatch.setattr(fetching, "_kept", type(fetching._kept)())
    organisation("望京启元")
    assert shown(official) == ["望京启元"]
    organisation("东湖物联")
    assert sorted(shown(official)) == sorted(["望京启元", "东湖物联"])
    assert "<em" in official.get(LIST).content.decode() and ">2</em>" in official.get(LIST).content.decode()


@pytest.mark.parametrize("begun", ["=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "\n=1", "-1", "@a"])
def test_text_that_a_spreadsheet_would_reckon_is_quoted(begun):
    assert exporting.safe(begun) == f"'{begun}"


@pytest.mark.parametrize("view", ["²", "x", "", "99999999999999999999999", "-1"])
def test_a_view_that_is_none_is_not_dropped(official, view):
    assert official.post(LIST, {"list_action": "drop_view", "view": view}).status_code == 302


def test_csv_is_what_is_shown_and_no_formula_gets_through(official):
    organisation("=1+1有限公司")
    organisation("望京启元")
    organisation("东湖物联")
    answer = official.get(LIST + "?sort=-name&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "名称" and len(rows) == 4
    assert "'=1+1有限公司" in [row[0] for row in rows]
    narrowed = official.get(LIST + "?q=启元&export=csv&columns=name")
    assert list(csv.reader(io.StringIO(b"".join(narrowed.streaming_content).decode("utf-8-sig")))) == [
        ["名称"],
        ["望京启元"],
    ]


def test_excel_keeps_text_as_text(official):
    organisation("=1+1有限公司")
    answer = official.get(LIST + "?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["A1"].value == "名称"
    assert sheet["A2"].value == "=1+1有限公司" and sheet["A2"].data_type == "s"


def test_a_saved_view_is_one_persons_own(official):
    organisation("望京启元")
    back = official.post(LIST, {"list_action": "save_view", "name": "我的片区", "query": "?q=启元"})
    view = SavedView.objects.get()
    assert back.status_code == 302 and unquote(back.url) == f"{LIST}?q=启元&view={view.pk}" and view.query == "q=启元"
    assert "我的片区" in official.get(LIST).content.decode()
    other = signed_in("centre")
    assert "我的片区" not in other.get(LIST).content.decode()
    other.post(LIST, {"list_action": "drop_view", "view": view.pk})
    assert SavedView.objects.filter(pk=view.pk).exists()
    official.post(LIST, {"list_action": "drop_view", "view": view.pk})
    assert not SavedView.objects.exists()


def test_chosen_columns_are_remembered(official):
    organisation("望京启元", address="酒仙桥路 4 号")
    assert "酒仙桥路 4 号" not in official.get(LIST).content.decode()
    official.post(LIST, {"list_action": "columns", "columns": ["address"]})
    page = official.get(LIST).content.decode()
    assert "酒仙桥路 4 号" in page and "望京启元" in page


def test_chosen_rows_are_exported_and_a_role_without_the_right_is_refused(official, auditor):
    one = organisation("望京启元")
    organisation("东湖物联")
    answer = official.post(LIST, {"list_action": "bulk:csv", "pk": [one.pk]})
    assert "东湖" not in b"".join(answer.streaming_content).decode("utf-8-sig")
    assert auditor.post("/console/outbox/", {"list_action": "bulk:retry", "pk": [1]}).status_code == 403


def test_an_empty_list_says_what_to_do_next(official, auditor):
    page = official.get(LIST).content.decode()
    assert "还没有单位" in page and "/console/organisations/register/" in page
    assert "/console/organisations/register/" not in auditor.get(LIST).content.decode()
    organisation("望京启元")
    assert "清除条件" in official.get(LIST + "?q=没有的").content.decode()


def test_names_are_never_markup(official):
    organisation("<script>alert(1)</script>有限公司")
    page = official.get(LIST).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
