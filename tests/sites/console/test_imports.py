"""The import pages: each step, what is kept when something is wrong, and words for bad input."""

from __future__ import annotations

import errno
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.messages import queries as messages
from hatchline.core.tables import writing
from hatchline.journeys import tasks
from hatchline.journeys.imports import flow
from hatchline.sites.console import import_rows
from tests.sites.console.conftest import NOW, organisation, signed_in

HEAD = "单位名称,统一社会信用代码,成立时间,网址,联系电话\n"
GOOD = "北京启元创业服务有限公司,91110105MA0000027N,2014年6月,https://qiyuan.example.cn,13800138000\n"
LIST = "/console/imports/"


def upload(client, content: str | bytes, name: str = "名单.csv", target: str = "organisations"):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post(f"{LIST}upload/", {"file": file, "target": target}, follow=True)


def text_of(response) -> str:
    return response.content.decode()


def form_of(response) -> dict[str, str]:
    """What the mapping page would send back untouched."""
    made = {}
    page = text_of(response)
    for name, body in re.findall(r'<select class="hl-input" name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        made[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input type="hidden" name="(header_\d+)" value="([^"]*)"', page):
        made[name] = value
    for name, attributes in re.findall(r'<input[^>]*name="(whole_\w+)"([^>]*)>', page):
        said = re.search(r'value="([^"]*)"', attributes)
        made[name] = said[1] if said else ""
    made["header_row"] = re.search(r'name="header_row"[^>]*value="([^"]*)"', page)[1]
    made["text"] = re.search(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', page, re.S)[1]
    return made


def settle(client, run: int, form: dict[str, str], way: str = "columns", **changed: str):
    return client.post(f"{LIST}{run}/columns/", {**form, **changed, "way": way}, follow=True)


def previewed(client, content: str | bytes, name: str = "名单.csv"):
    """A list taken to its preview by the worker; its run and the page."""
    page = upload(client, content, name)
    run = imports.runs().first()
    settle(client, run.pk, form_of(page))
    tasks.preview(now=NOW, run=run.pk, only_good_rows=True)
    return imports.run(run.pk), client.get(f"{LIST}{run.pk}/")


def test_a_list_goes_from_upload_to_its_report(official):
    page = upload(official, HEAD + GOOD + "北京丙科技有限公司,,3013-01-01,,\n")
    assert "列有去处" in text_of(page)
    assert "13800138000" not in text_of(page), "samples are masked"
    run = imports.runs().get()
    waiting = settle(official, run.pk, form_of(page))
    assert "正在逐行预览" in text_of(waiting)
    assert official.get(f"{LIST}{run.pk}/progress/").status_code == 200
    tasks.preview(now=NOW, run=run.pk, only_good_rows=True)
    over = official.get(f"{LIST}{run.pk}/progress/")
    assert over["HX-Refresh"] == "true"
    page = official.get(f"{LIST}{run.pk}/")
    assert "还没有写入" in text_of(page) and "3013 年不可信" in text_of(page)
    assert bodies.organisations().count() == 0

    official.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"})
    tasks.take_in(now=NOW, run=run.pk)
    page = official.get(f"{LIST}{run.pk}/")
    assert "行已处理" in text_of(page)
    assert bodies.organisations().get().name == "北京启元创业服务有限公司"
    back = official.get(f"{LIST}{run.pk}/bad-rows/")
    assert back.status_code == 200 and b"".join(back.streaming_content).startswith(b"PK")
    told = [message.kind for message in messages.of(imports.run(run.pk).by)]
    assert told.count("imports.finished") == 1 and told.count("imports.previewed") == 1
    assert "名单.csv" in text_of(official.get(LIST))


def test_a_question_is_answered_on_the_page(official):
    organisation("北京启元创业服务有限责任公司")
    run, page = previewed(official, HEAD + "北京启元创业服务有限公司,,,,\n")
    assert "可能是" in text_of(page)
    official.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"})
    tasks.take_in(now=NOW, run=run.pk)
    row = imports.rows(run, "question").get()
    official.post(f"{LIST}{run.pk}/rows/{row.pk}/answer/", {"answer": str(row.candidates[0]["id"])})
    assert bodies.organisations().count() == 1
    again = official.post(f"{LIST}{run.pk}/rows/{row.pk}/answer/", {"answer": "new"})
    assert again.status_code == 409 and "已经确认过" in text_of(again)
    assert bodies.organisations().count() == 1


def test_chosen_columns_and_text_stay_when_something_is_wrong(official):
    page = upload(official, HEAD + GOOD)
    run = imports.runs().get()
    form = form_of(page)
    form["column_3"] = "description"
    wrong = settle(official, run.pk, form, way="text", text="target: organisations\ncolumns:\n- colunm: 单位名称\n")
    assert wrong.status_code == 400
    assert "colunm: 单位名称" in text_of(wrong)
    assert form_of(wrong)["column_3"] == "description"
    assert settle(official, run.pk, form, column_0="").status_code == 400, "a list without names cannot be previewed"
    assert imports.run(run.pk).status == "uploaded"


def test_the_file_can_be_read_another_way_and_choices_stay(official):
    content = ("2014 年名单\n" + HEAD.replace(",", ";") + GOOD.replace(",", ";")).encode("gb18030")
    page = upload(official, content)
    run = imports.runs().get()
    form = form_of(page)
    again = settle(official, run.pk, form, way="reread", encoding="gb18030", delimiter=";", header_row="2")
    assert again.status_code == 200 and "统一社会信用代码" in text_of(again)
    named = next(index for index in range(5) if form_of(again)[f"header_{index}"] == "网址")
    chosen = {**form_of(again), f"column_{named}": "description"}
    kept = settle(official, run.pk, chosen, way="reread", header_row="2")
    assert form_of(kept)[f"column_{named}"] == "description"
    bad = settle(official, run.pk, form, way="reread", encoding="utf-8")
    assert bad.status_code in {200, 400}
    assert "编码" in text_of(bad)


def test_the_same_columns_are_matched_as_last_time(official):
    page = upload(official, HEAD + GOOD)
    run = imports.runs().get()
    settle(official, run.pk, form_of(page), column_3="description")
    page = upload(official, HEAD + GOOD, "明年.csv")
    assert "沿用上次的对应" in text_of(page)
    assert form_of(page)["column_3"] == "description"


def test_several_records_a_row_are_written_in_the_mapping_and_stay_when_columns_change(official):
    page = upload(official, "项目名称,地区,种子轮,天使轮\n甲团队,北京,100,\n乙团队,北京,50,200\n", target="ventures")
    run = imports.runs().first()
    text = """target: ventures
columns: [{column: 项目名称, field: name}]
parts:
- {constants: {round: seed}, columns: [{column: 种子轮, field: raised, unit: 万元}]}
- {constants: {round: angel}, columns: [{column: 天使轮, field: raised, unit: 万元}]}
"""
    settle(official, run.pk, form_of(page) | {"text": text}, way="text")
    tasks.preview(now=NOW, run=run.pk, only_good_rows=True)
    assert imports.run(run.pk).preview["counts"] == {"created": 2, "question": 1}, "a second sum of one venture"
    page = upload(official, "项目名称,地区,种子轮,天使轮\n丙团队,北京,70,\n", target="ventures")
    assert "由对应关系的 parts 读取" in text_of(page), "the same columns are matched as last time"
    run = imports.runs().first()
    settle(official, run.pk, form_of(page))
    assert "parts:" in imports.run(run.pk).mapping


def test_markup_and_statements_in_names_are_shown_as_text(official):
    name = "<script>alert(1)</script>'; DROP TABLE bodies_organisation; --"
    run, page = previewed(official, HEAD + f'"{name}",,,,\n')
    assert "<script>alert(1)" not in text_of(page)
    assert "&lt;script&gt;alert(1)" in text_of(page)
    official.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"})
    tasks.take_in(now=NOW, run=run.pk)
    assert bodies.organisations().get().name == name
    assert "<script>alert(1)" not in text_of(official.get(f"{LIST}{run.pk}/?outcome=created"))


def zip_bomb() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 400_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "a.csv", "文件不完整"),
        (b"PK\x03\x04broken", "a.xlsx", "文件不完整"),
        (
            ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n" + b",".join([b"1"] * 10_000),
            "wide.csv",
            "列，上限是",
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(official, content, name, words):
    for language, mark in (("zh-hans", words), ("en", "[A-Za-z]{3}")):
        official.cookies["django_language"] = language
        page = upload(official, content, name)
        assert page.status_code in {400, 200}
        alert = re.search(r'role="alert"[^>]*>(.*?)</div>', text_of(page), re.S)
        assert alert, "nothing says what is wrong"
        assert re.search(mark, re.sub(r"<[^>]+>", "", alert[1]))
    assert bodies.organisations().count() == 0


def test_a_zip_bomb_is_refused_before_it_is_unpacked(official):
    page = upload(official, zip_bomb(), "bomb.xlsx")
    assert 'role="alert"' in text_of(page) and "远超正常表格" in text_of(page)
    assert bodies.organisations().count() == 0


def test_a_file_over_the_limit_is_refused_with_the_limit(official, settings):
    settings.UPLOAD_LIMIT = 2000
    page = upload(official, HEAD + GOOD * 100)
    assert page.status_code == 413
    assert "MB" in text_of(page) and 'role="alert"' in text_of(page)
    assert not imports.runs().exists()


def test_a_full_disk_is_told_when_storing(official, monkeypatch):
    class Full(io.BytesIO):
        def write(self, block):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(flow.tempfile, "SpooledTemporaryFile", lambda **_: Full())
    page = upload(official, HEAD + GOOD)
    assert page.status_code == 400 and 'role="alert"' in text_of(page)
    assert not imports.runs().exists()


def test_a_full_disk_while_writing_the_bad_rows_is_told(official, monkeypatch):
    run, _page = previewed(official, HEAD + GOOD + "北京丙科技有限公司,,3013-01-01,,\n")

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "marked_workbook", full)
    page = official.get(f"{LIST}{run.pk}/bad-rows/")
    assert page.status_code == 507
    assert 'role="alert"' in text_of(page)
    assert imports.run(run.pk).status == "previewed"


def test_values_out_of_reason_are_rejected_one_by_one_with_their_column(official):
    rows = (
        "单位名称,成立时间,终止时间,纬度,经度\n"
        "北京甲科技有限公司,3013-01-01,,,\n"
        "北京乙科技有限公司,2015-01-01,2014-01-01,,\n"
        "北京丙科技有限公司,,,-391,116\n"
        "北京丁科技有限公司,,,39.9,1160\n" + "😀" * 40 + ",2014,,,\n"
    )
    run, _page = previewed(official, rows)
    assert run.preview["counts"] == {"rejected": 4, "created": 1}
    said = [row["problems"][0] for row in run.preview["samples"]["rejected"]]
    assert [each["column"] for each in said] == ["B", "C", "D", "E"]
    assert all(each["zh"] and each["en"] for each in said)


def test_formulas_come_in_as_their_values_and_go_out_as_text(official):
    book = Workbook()
    book.active.append(["单位名称", "成立时间"])
    book.active.append(['=HYPERLINK("http://x.example","甲")', "2014"])
    book.active.append(["北京乙科技有限公司", "3013"])
    out = io.BytesIO()
    book.save(out)
    run, _page = previewed(official, out.getvalue(), "formulas.xlsx")
    assert sum(run.preview["counts"].values()) + run.preview["skipped"] == 2
    back = b"".join(official.get(f"{LIST}{run.pk}/bad-rows/").streaming_content)
    from openpyxl import load_workbook

    cells = [cell for row in load_workbook(io.BytesIO(back)).active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)


def test_someone_registers_the_same_code_between_preview_and_run(official):
    run, _page = previewed(official, HEAD + GOOD)
    organisation("启元（先登记的）", credit_code="91110105MA0000027N")
    official.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"})
    tasks.take_in(now=NOW, run=run.pk)
    run = imports.run(run.pk)
    assert run.status == "done" and run.counts == {"updated": 1}
    assert bodies.organisations().count() == 1


def test_no_phone_of_a_list_is_kept_beside_its_rows(official):
    run, _page = previewed(official, "单位名称,成立时间\n北京甲科技有限公司,电话13800138000\n")
    official.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"})
    tasks.take_in(now=NOW, run=run.pk)
    kept = str(list(imports.rows(run).values())) + str(imports.run(run.pk).preview)
    assert "13800138000" not in kept


def test_who_may_only_look_cannot_import(auditor, official):
    run, _page = previewed(official, HEAD + GOOD)
    assert auditor.get(f"{LIST}{run.pk}/").status_code == 200
    assert auditor.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"}).status_code == 403
    assert signed_in("founder").get(LIST).status_code == 403
    assert official.get(f"{LIST}999999/").status_code == 404


def test_a_sign_in_that_ended_leads_back_to_the_list(official):
    page = upload(official, HEAD + GOOD)
    run = imports.runs().get()
    form = form_of(page)
    official.logout()
    answer = official.post(f"{LIST}{run.pk}/columns/", {**form, "way": "columns"}, HTTP_REFERER=f"{LIST}{run.pk}/")
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
    back = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    official.force_login(run.by.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = official.get(back, follow=True)
    assert page.status_code == 200 and "对应各列" in text_of(page)
    assert imports.run(run.pk).status == "uploaded"


def labelled() -> bytes:
    """The first row of each region names it; a total and who filled it in stand below."""
    book = Workbook()
    for row in [
        ["行政区划", "单位名称", "成立时间", "联系电话", "地址"],
        ["天津市", "天津甲科技有限公司", "2014年6月", "13800138000", "一号院"],
        [None, "天津乙科技有限公司", None, None, "二号院"],
        ["河北省", "石家庄丙科技有限公司", 2012, None, "三号院"],
        [None, "石家庄丁科技有限公司", None, None, "四号院"],
        ["合计", "4家", None, None],
        ["填表人：张三", None, None, None],
    ]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_preview_shows_the_values_and_marks_those_taken_from_the_row_above(official):
    run, page = previewed(official, labelled(), "名单.xlsx")
    said = re.sub(r"<[^>]+>|\s+", "", text_of(page))
    assert run.preview["counts"] == {"created": 4}
    assert "成立时间：2014-06" in said
    assert said.count("空格，取自上一行") == 2
    assert "有些格子是空的，按上一行的值填" in said
    samples = run.preview["samples"]["created"]
    assert [row["borrowed"] for row in samples] == [[], ["territory"], [], ["territory"]]
    assert ["founded" in row["values"] for row in samples] == [True, False, True, False]
    assert "13800138000" not in text_of(page) and "13800138000" not in str(run.preview)
    assert run.preview["skips"] == {"total": 1, "note": 1}
    assert "合计4家" in said and "合计行1" in said and "附注或落款" in said
    assert bodies.organisations().count() == 0


def test_blanks_may_be_left_blank_on_the_page(official):
    page = upload(official, labelled(), "名单.xlsx")
    form = form_of(page)
    asked = {name: form[name] for name in form if name.startswith("carry_")}
    assert asked == {"carry_0": "blank", "carry_2": "no"}, "wherever there are blanks, both ways"
    run = imports.runs().first()
    settle(official, run.pk, form, carry_0="no", carry_2="blank")
    tasks.preview(now=NOW, run=run.pk, only_good_rows=True)
    run = imports.run(run.pk)
    filled = [row["borrowed"] for row in run.preview["samples"]["created"]]
    assert filled == [[], ["founded"], [], ["founded"]]
    assert "取自上一行" in text_of(official.get(f"{LIST}{run.pk}/"))


def test_what_is_the_same_in_every_row_is_written_once_on_the_page(official):
    """A list of one incubator's tenants has neither a column of institutions nor one of stages."""
    institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW)
    page = upload(official, "企业名称,入驻时间,离开时间\n听雨公司,2014-01-01,至今\n", "在孵企业.csv", target="stays")
    run, form = imports.runs().first(), form_of(page)
    assert {"whole_institution", "whole_stage", "whole_source"} <= set(form) and "whole_name" not in form
    assert settle(official, run.pk, form).status_code == 400, "nobody says where they are"
    settle(official, run.pk, form, whole_institution="望京孵化器", whole_stage="incubation", whole_source="2016 年名册")
    tasks.preview(now=NOW, run=run.pk, only_good_rows=True)
    assert imports.run(run.pk).preview["counts"] == {"created": 1}
    again = upload(official, "企业名称,入驻时间,离开时间\n听风公司,2015-01-01,至今\n", "明年.csv", target="stays")
    assert form_of(again)["whole_stage"] == "incubation" and form_of(again)["whole_institution"] == "望京孵化器"


def test_a_preview_tells_a_correction_in_the_readers_words(official):
    place = institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW)
    head = "企业名称,孵化器,孵化阶段,入驻时间,离开时间,去向,更正原因\n"

    def brought(row: str):
        upload(official, head + row, target="stays")
        run = imports.runs().first()
        look = flow.look(run)
        flow.map_columns(run, look.proposal.mapping.to_yaml(), by=None, now=NOW)
        tasks.preview(now=NOW, run=run.pk, only_good_rows=True)
        return run

    run = brought("甲公司,望京孵化器,孵化,2014-01-01,2015-01-01,迁出,\n")
    official.post(f"{LIST}{run.pk}/start/", {"only_good_rows": "1"})
    tasks.take_in(now=NOW, run=run.pk)
    run = brought("甲公司,望京孵化器,孵化,2014年春,2015-02-01,毕业,查了合同\n")
    assert run.pk and place.pk
    page = text_of(official.get(f"{LIST}{run.pk}/"))
    plain = re.sub(r"<[^>]+>", "", page)
    assert "入驻时间：2014-01-01 → 2014 年春季" in plain and "离开时间：2015-01-01 → 2015-02-01" in plain
    assert "→ 毕业" in plain and "ListedStay" not in page and "PartialDate" not in page
    english = re.sub(r"<[^>]+>", "", text_of(official.get(f"{LIST}{run.pk}/", headers={"accept-language": "en"})))
    assert "ListedStay" not in english and "correct →" not in english


def taken(text: str, target: str):
    run = flow.upload(io.BytesIO(text.encode()), name=f"{target}.csv", target=target, by=None, now=NOW)
    run = flow.map_columns(run, flow.look(run).proposal.mapping.to_yaml(), by=None, now=NOW)
    run = flow.preview(run, only_good_rows=True, by=None, now=NOW)
    run = flow.start(run, only_good_rows=True, by=None, now=NOW, in_background=False)
    return flow.take_in(run, now=NOW)


def test_each_row_of_a_report_leads_to_what_it_made_and_to_the_question_it_opened(official):
    for name in ("望京孵化器", "酒仙桥孵化器"):
        institutions.register(InstitutionDraft(name=name), by=None, now=NOW)
    head = "企业名称,孵化器,孵化阶段,入驻时间,离开时间\n"
    run = taken(head + "甲公司,望京孵化器,孵化,2014-01-01,\n甲公司,酒仙桥孵化器,孵化,2014-01-01,\n", "stays")
    doubted = taken(head + "乙公司,望京孵化器,孵化,2014,2015\n乙公司,酒仙桥孵化器,孵化,2014,2015\n", "stays")
    for each in (run, doubted):
        page = text_of(official.get(f"{LIST}{each.pk}/?outcome=created"))
        for row in imports.rows(each, "created"):
            assert f'<a href="/console/stays/{row.subject_id}/">' in page
    assert "引起的疑问" in page and re.search(r'<a href="/console/questions/\d+/">', page)
    address = re.search(r'<a href="(/console/questions/\d+/)">', page)[1]
    assert official.get(address).status_code == 200
    funded = taken("企业名称,融资轮次,融资时间,融资额\n甲公司,A轮,2016-05,300万元\n", "fundings")
    (row,) = imports.rows(funded, "created")
    venture = re.search(
        r'href="(/console/ventures/\d+/)"', text_of(official.get(f"{LIST}{funded.pk}/?outcome=created"))
    )
    assert "甲公司" in text_of(official.get(venture[1])) and row.subject_id


def test_every_kind_of_list_leads_somewhere(db):
    for name, target in flow.TARGETS.items():
        assert target.pages([0]) == {} and (name == "observations" or target.page[0] in import_rows.ROUTES), name
    for route in import_rows.ROUTES.values():
        assert reverse(route, args=[1])


def test_the_buttons_of_a_question_say_what_they_do(official):
    institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW)
    head = "企业名称,孵化器,孵化阶段,入驻时间,离开时间\n"
    taken(head + "甲公司,望京孵化器,孵化,2014年春,2015-01-01\n", "stays")
    other = taken(head.replace("企业名称", "公司名称") + "甲公司,望京孵化器,孵化,2014年春,2016-01-01\n", "stays")
    page = text_of(official.get(f"{LIST}{other.pk}/?outcome=question"))
    assert "保留已登记的 甲公司" in page and "按名单改正" in page and "都不是，新增" not in page
    (row,) = imports.rows(other, "question")
    official.post(f"{LIST}{other.pk}/rows/{row.pk}/answer/", {"answer": "new"})
    assert "已答复：按名单改正" in text_of(official.get(f"{LIST}{other.pk}/?outcome=answered"))
    later = taken(head.replace("企业名称", "企业") + "甲公司,望京孵化器,孵化,2014-06,\n", "stays")
    page = text_of(official.get(f"{LIST}{later.pk}/?outcome=question"))
    assert "甲公司 · 望京孵化器 · 2014 年春季 – 2016-01-01" in page and "都不是，另记一条" in page


def test_an_answered_row_says_what_was_pressed_and_waits_no_more(official):
    institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW)
    head = "企业名称,孵化器,孵化阶段,入驻时间,离开时间\n"
    taken(head + "北京听雨科技有限公司,望京孵化器,孵化,2014年春,2015-01-01\n", "stays")
    rows = "北京听雨科技公司,望京孵化器,孵化,2014年春,2016-01-01\n"
    run = taken(head.replace("企业名称", "公司名称") + rows, "stays")
    page = text_of(official.get(f"{LIST}{run.pk}/"))
    assert "保留已登记的 北京听雨科技有限公司" in page and "可能重复，请确认" in page
    assert "名单写的是“北京听雨科技公司”，按登记簿里的“北京听雨科技有限公司”记入" in page
    (row,) = imports.rows(run, "question")
    answer = {"answer": str(row.candidates[0]["id"])}
    page = text_of(official.post(f"{LIST}{run.pk}/rows/{row.pk}/answer/", answer, follow=True))
    assert "已答复：保留已登记的 北京听雨科技有限公司" in page and "同一主体" not in page
    plain = re.sub(r"<[^>]+>|\s+", "", page)
    assert "待确认0行" in plain and "已了结1行" in plain and "**1**" not in page
    assert imports.open_by_run([run]) == {}
    listed = re.sub(r"<[^>]+>|\s+", " ", text_of(official.get(LIST)))
    assert "等人确认是否重复" not in listed


def test_a_preview_tells_seasons_in_words_and_the_address_of_the_upload_leads_back(official):
    institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW)
    head = "企业名称,孵化器,孵化阶段,入驻时间,离开时间\n"
    text = head + "甲公司,望京孵化器,孵化,2012年秋,2015年春\n合计,1,,,\n"
    run = flow.upload(io.BytesIO(text.encode()), name="春秋.csv", target="stays", by=None, now=NOW)
    run = flow.map_columns(run, flow.look(run).proposal.mapping.to_yaml(), by=None, now=NOW)
    flow.preview(run, only_good_rows=True, by=None, now=NOW)
    page = text_of(official.get(f"{LIST}{run.pk}/"))
    assert "2012 年秋季" in page and "2015 年春季" in page and "-autumn" not in page and "-spring" not in page
    assert "这些行没有当作记录" in page
    back = official.get(f"{LIST}upload/")
    assert back.status_code == 302 and back["Location"] == LIST
