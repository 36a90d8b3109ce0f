"""Lists on their way in, on small tables made here; real lists are in test_real_lists.py."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.imports import queries as imports
from hatchline.core.values.refusal import Refused
from hatchline.journeys.imports import flow, mending

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
HEAD = "名称,统一社会信用代码,成立时间,网站\n"
GOOD = "北京启元创业服务有限公司,,2014年6月,https://qiyuan.example.cn\n北京蓝湾科技有限公司,,2015-03-02,\n"


def bring(text: str | bytes, *, target: str = "organisations", mapping: str = "", name: str = "名单.csv"):
    content = text.encode() if isinstance(text, str) else text
    run = flow.upload(io.BytesIO(content), name=name, target=target, by=None, now=NOW)
    run = flow.map_columns(run, mapping or flow.look(run).proposal.mapping.to_yaml(), by=None, now=NOW)
    return flow.preview(run, only_good_rows=True, by=None, now=NOW)


def take(run):
    run = flow.start(run, only_good_rows=True, by=None, now=NOW, in_background=False)
    return flow.take_in(run, now=NOW)


def outcomes(run):
    return [row.outcome for row in imports.rows(run)]


def test_rows_become_records_and_the_same_list_changes_nothing():
    run = take(bring(HEAD + GOOD))
    assert run.status == "done"
    assert run.counts == {"created": 2}
    found = bodies.organisations().order_by("name")
    assert [each.name for each in found] == ["北京启元创业服务有限公司", "北京蓝湾科技有限公司"]
    assert found[0].founded.text == "2014年6月"
    assert found[0].founded.precision == "month"
    assert take(bring(HEAD + GOOD)).counts == {"unchanged": 2}
    assert bodies.organisations().count() == 2


def test_a_preview_writes_no_record_and_says_the_same():
    run = bring(HEAD + GOOD)
    assert run.preview["counts"] == {"created": 2}
    assert bodies.organisations().count() == 0
    assert take(run).counts == run.preview["counts"]


def test_a_changed_row_updates_its_record():
    take(bring(HEAD + GOOD))
    run = take(bring(HEAD + GOOD.replace("2015-03-02,", "2015-03-02,https://lanwan.example.cn")))
    assert run.counts == {"unchanged": 1, "updated": 1}
    assert bodies.named("北京蓝湾科技有限公司").get().website == "https://lanwan.example.cn"


def test_a_look_alike_is_a_question_and_its_answer_is_kept():
    take(bring(HEAD + GOOD))
    other = "单位名称,网址\n启元创业服务(北京启元创业服务),\n北京启元创业服务有限责任公司,\n"
    run = take(bring(other))
    assert run.counts == {"created": 1, "question": 1}
    question = imports.rows(run, "question").get()
    assert question.candidates[0]["label"] == "北京启元创业服务有限公司"
    same = bodies.named("北京启元创业服务有限公司").get().pk
    flow.answer(question, str(same), by=None, now=NOW)
    assert take(bring(other)).counts == {"unchanged": 2}
    with pytest.raises(Refused, match="已经确认"):
        flow.answer(question, "new", by=None, now=NOW)


@pytest.mark.parametrize(("choice", "more"), [("new", 1), ("skip", 0)])
def test_a_question_may_be_answered_as_new_or_left_out(choice, more):
    take(bring(HEAD + GOOD))
    run = take(bring("单位名称\n北京启元创业服务有限责任公司\n"))
    before = bodies.organisations().count()
    flow.answer(imports.rows(run, "question").get(), choice, by=None, now=NOW)
    assert bodies.organisations().count() == before + more
    assert take(bring("单位名称\n北京启元创业服务有限责任公司\n")).counts == {"unchanged": 1}


def test_rows_of_one_list_that_look_alike_are_asked_about_once_the_first_is_a_record():
    text = HEAD + "北京云杉科技有限公司,,,\n北京云杉科技有限责任公司,,,\n北京云杉科技有限公司,,,\n"
    run = bring(text)
    assert run.preview["counts"] == {"created": 1, "question": 1, "unchanged": 1}
    assert run.preview["samples"]["question"][0]["candidates"][0]["row"] == 2
    assert take(run).counts == run.preview["counts"]


def test_the_same_credit_code_is_the_same_body():
    code = "91110105MA0000027N"
    take(bring(HEAD + f"北京甲科技有限公司,{code},,\n"))
    run = take(bring("企业名称,社会信用代码,网址\n北京甲科技股份有限公司," + code + ",https://jia.example.cn\n"))
    assert run.counts == {"updated": 1}
    assert bodies.organisations().count() == 1


def test_a_wrong_check_digit_warns_and_is_kept():
    run = take(bring(HEAD + "北京甲科技有限公司,91110105MA0000027A,,\n"))
    assert run.counts == {"created": 1}
    assert bodies.organisations().get().credit_code_is_doubtful


def test_bad_rows_are_told_with_their_place_and_come_back_marked():
    run = bring(HEAD + GOOD + "北京丙科技有限公司,,3013-01-01,\n北京丁科技有限公司,9111O105,,\n")
    assert run.preview["counts"] == {"created": 2, "rejected": 2}
    problems = [each for row in run.preview["samples"]["rejected"] for each in row["problems"]]
    assert [each["column"] for each in problems] == ["C", "B"]
    assert all(each["zh"] and each["en"] and each["header"] for each in problems)
    run = take(run)
    assert run.counts == {"created": 2, "rejected": 2}

    from openpyxl import load_workbook

    sheet = load_workbook(mending.bad_rows(run, language="zh")).active
    assert sheet["A2"].value == "北京丙科技有限公司"
    assert sheet["C2"].comment is not None and sheet["B3"].comment is not None
    sheet["B3"], sheet["C2"] = None, "2013-01-01"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    assert take(bring(mended.getvalue(), name="改好.xlsx")).counts == {"created": 2}


def test_nothing_starts_without_a_preview_of_the_same_bytes():
    run = bring(HEAD + GOOD)
    flow.stored.path(flow.stored.of(run)).chmod(0o600)
    path = flow.stored.path(flow.stored.of(run))
    path.write_bytes((HEAD + GOOD + "混入的单位,,,\n").encode())
    with pytest.raises(Refused) as refused:
        flow.start(run, only_good_rows=True, by=None, now=NOW)
    assert refused.value.refusal.code == "changed_since_preview"
    assert bodies.organisations().count() == 0


def test_all_or_nothing_takes_nothing_when_a_row_is_bad():
    run = bring(HEAD + GOOD + ",,,https://nameless.example.cn\n")
    with pytest.raises(Refused) as refused:
        flow.start(run, only_good_rows=False, by=None, now=NOW)
    assert refused.value.refusal.code == "bad_rows"
    assert bodies.organisations().count() == 0


def test_an_import_goes_on_where_it_was_killed(monkeypatch):
    text = HEAD + "".join(f"第{number}科技中心,,,\n" for number in range(60))
    run = flow.start(bring(text), only_good_rows=True, by=None, now=NOW, in_background=False)
    monkeypatch.setattr(flow.engine, "CHUNK", 20)
    monkeypatch.setattr(flow.engine.chunks, "__defaults__", (20,))
    real, calls = flow.imports.take_rows, []

    def killed_in_the_third(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(flow.imports, "take_rows", killed_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        flow.take_in(run, now=NOW)
    assert bodies.organisations().count() == 40
    run = flow.take_in(imports.run(run.pk), now=NOW)
    assert (run.status, run.counts) == ("done", {"created": 60})
    assert bodies.organisations().count() == 60
    assert imports.rows(run).count() == 60


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b"\n\n\n", "a.csv", "file.empty"),
        (b"%PDF-1.4 not a list", "a.csv", "incomplete"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "a.xlsx", "incomplete"),
        (
            ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n" + b",".join([b"1"] * 10_000),
            "wide.csv",
            "file.too_many_columns",
        ),
    ],
)
def test_files_that_are_no_lists_are_refused_in_words(content, name, code):
    with pytest.raises((Refused, *flow.Unreadable)) as refused:
        bring(content, name=name)
    why = refused.value
    assert (why.refusal.code if isinstance(why, Refused) else why.problems[0].code) == code
    assert str(why)


def test_an_unknown_target_names_those_there_are():
    with pytest.raises(Refused, match="organisations"):
        flow.upload(io.BytesIO(b"a"), name="a.csv", target="organizations", by=None, now=NOW)


def test_an_operator_becomes_a_record_once():
    text = "机构名称,类型,运营主体\n东湖孵化器,孵化器,北京东湖创业有限公司\n东湖加速器,加速器,北京东湖创业有限公司\n"
    run = take(bring(text, target="institutions"))
    assert run.counts == {"created": 2}, list(imports.told(run).values())
    assert bodies.named("北京东湖创业有限公司").count() == 1
