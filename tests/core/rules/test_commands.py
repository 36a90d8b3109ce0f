"""The commands over files: verdicts, faults with their row, exit codes."""

from __future__ import annotations

import importlib.util
import json
import re

import pytest
from click.testing import CliRunner

pytest.importorskip("pyarrow")

from hatchline import rulebook as packaged
from hatchline.config.commands import evaluate, rulebook, whatif
from hatchline.core.rules import whatif as moved

INSTITUTIONS = """key,controlled_area,mentors
A,1000,3
B,999.99,
C,,3
"""
VENTURES = "institution,is_company,in_incubation,valid_rights,entry_area\n" + "".join(
    f"{key},是,true,{int(n < 2)},500\n" for key in "ABC" for n in range(10)
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "i.csv").write_text(INSTITUTIONS, encoding="gb18030")
    (tmp_path / "v.csv").write_text("\ufeff" + VENTURES, encoding="utf-8")
    return ["--institutions", str(tmp_path / "i.csv"), "--ventures", str(tmp_path / "v.csv"), "--as-of", "2020-06-30"]


def run(command, *arguments, tongue="zh_CN.UTF-8"):
    return CliRunner().invoke(command.command, list(arguments), env={"LC_ALL": tongue})


def english(command, *arguments):
    return run(command, *arguments, tongue="en_GB.UTF-8")


def overall(result):
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout.strip().splitlines()[-1])["rows"]
    return {row["key"]: row["verdict"] for row in rows if row["criterion"] == "overall"}


@pytest.mark.parametrize("engine", ["numpy", "duckdb"])
def test_evaluate_gives_a_row_per_subject_and_criterion(files, engine):
    found = overall(run(evaluate, "sample-district", *files, "--engine", engine, "--json"))
    assert found == {"A": "met", "B": "not_met", "C": "unknown"}


def test_the_engine_is_what_is_installed_and_is_named(files, monkeypatch):
    lacking: set[str] = set()
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in lacking else find(name))
    plain = english(evaluate, "sample-district", *files)
    assert plain.exit_code == 0 and plain.stderr == "judged by duckdb\n"
    lacking |= {"duckdb", "numba", "pyspark"}
    bare = english(evaluate, "sample-district", *files, "--json")
    assert overall(bare) == {"A": "met", "B": "not_met", "C": "unknown"}
    assert bare.stderr == "judged by numpy\n" and json.loads(bare.stdout)["engine"] == "numpy"
    for engine, extra in (("kernel", "kernel"), ("duckdb", "analytics"), ("spark", "analytics,spark")):
        told = english(evaluate, "sample-district", *files, "--engine", engine)
        assert told.exit_code == 1
        assert f"install hatchline[{extra}], or use one of: numpy, postgres\n" in told.stderr


def test_a_bound_of_the_unknown_is_not_told_as_a_value(files, tmp_path):
    rows = "A,是,true,1,852\nA,是,true,1,\nB,是,true,1,120\nB,是,true,1,\nC,是,true,1,\n"
    (tmp_path / "v.csv").write_text(VENTURES.split("\n", 1)[0] + "\n" + rows, encoding="utf-8")
    for key, zh, en in (("A", "不低于 852 平方米", "at least 852 m²"), ("B", "不低于 120 平方米", "at least 120 m²"),
                        ("C", ": 未知", ": unknown")):  # fmt: skip
        told = run(evaluate, "sample-district", *files, "--explain", key).output
        assert "10,000,000" not in told and zh in told and "9,999" not in told
        assert en in run(evaluate, "sample-district", *files, "--explain", key, "--language", "en").output


def test_the_page_of_a_document_names_its_figures_for_whatif():
    assert "2019-01-01 至 2025-06-14 施行（" in run(rulebook, "show", "most-2018-300").output
    shown = run(rulebook, "show", "sample-district").output
    assert "2014-12-23 起施行（示例）" in shown and "| `min_tenants` |" in shown
    for name in ("most-2018-300", "sample-district"):
        document = packaged.library().get(name)
        shown = run(rulebook, "show", name, "--language", "en").output
        assert all(f"`{figure}`" in shown for figure in moved.declared(document)), name


def test_evaluate_writes_and_explains(files, tmp_path):
    out = tmp_path / "out.csv"
    assert run(evaluate, "sample-district", *files, "--out", str(out)).exit_code == 0
    assert len(out.read_text().strip().splitlines()) == 1 + 3 * 6
    told = run(evaluate, "sample-district", *files, "--explain", "B")
    assert told.exit_code == 0
    assert "1,000 平方米" in told.output
    assert "还差 0.01 平方米" in told.output and "(controlled_area): 999.99 平方米" in told.output
    assert re.search(r"\(in_incubation\): \d+ 家企业，其中 \d+ 家未知", told.output)
    english = run(evaluate, "sample-district", *files, "--explain", "B", "--language", "en").output
    assert "short by 0.01 m²" in english and "(controlled_area): 999.99 m²" in english
    assert run(evaluate, "sample-district", *files, "--explain", "Z").exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("controlled_area", "controled_area", "controlled_area"),
        ("999.99", "many", "row 2"),
        ("\nB,", "\nA,", "twice"),
        ("key,", "name,", "no column 'key'"),
    ],
)
def test_files_that_cannot_be_used_say_where(files, old, new, told):
    from pathlib import Path

    path = Path(files[1])
    path.write_text(INSTITUTIONS.replace(old, new), encoding="utf-8")
    result = english(evaluate, "sample-district", *files)
    assert result.exit_code == 1
    assert told in result.output


def test_whatif_counts_who_is_won(files):
    result = run(whatif, "sample-district", *files, "--set", "min_area=900,1000", "--set", "min_mentors=0", "--json")
    assert result.exit_code == 0, result.output
    low, high = json.loads(result.stdout)["scenarios"]
    assert (low["passes"], low["winners"], high["passes"]) == (2, ["B"], 1)
    assert run(whatif, "sample-district", *files, "--set", "min_aria=1").exit_code == 2


def test_rulebook_lists_checks_and_shows():
    assert "most-2018-300" in run(rulebook, "list").output
    assert json.loads(run(rulebook, "facts", "--json").stdout)[0]["name"]
    assert json.loads(run(rulebook, "show", "国科发区〔2018〕300号", "--json").stdout)["id"] == "most-2018-300"
    assert run(rulebook, "show", "most-2018").exit_code == 2
    assert run(rulebook, "check").exit_code == 0


def test_no_ventures_have_to_be_said(files, tmp_path):
    """A table that is not given is not an empty one: who asks about ventures needs it."""
    alone = run(evaluate, "sample-district", *files[:2], *files[4:])
    assert alone.exit_code == 2 and "--ventures" in alone.output
    assert run(whatif, "sample-district", *files[:2], *files[4:], "--set", "min_area=1").exit_code == 2
    (tmp_path / "none.csv").write_text(VENTURES.split("\n", 1)[0], encoding="utf-8")
    none = run(evaluate, "sample-district", *files[:2], "--ventures", str(tmp_path / "none.csv"), *files[4:], "--json")
    assert set(overall(none).values()) == {"not_met"}
    (tmp_path / "m.csv").write_text("key,desks\nA,30\n", encoding="utf-8")
    makerspace = run(evaluate, "torch-2017-120", "--institutions", str(tmp_path / "m.csv"), "--as-of", "2018-07-01")
    assert makerspace.exit_code == 0, makerspace.output


def test_keys_and_links_that_are_empty_twice_or_strange_name_their_rows(files, tmp_path):
    (tmp_path / "i.csv").write_text("key,mentors\nA,1\n,2\nB,3\nA,4\n", encoding="utf-8")
    told = english(evaluate, "sample-district", *files).output
    assert "key, row 2 of the institutions" in told and "rows 1 and 4" in told
    (tmp_path / "i.csv").write_text("key,mentors\nNorth,1\n", encoding="utf-8")
    (tmp_path / "v.csv").write_text("key,institution\n1,Noth\n2,North\n2,North\n3,\n", encoding="utf-8")
    told = english(evaluate, "sample-district", *files).output
    assert "row 1: no institution has the key 'Noth'; did you mean North?" in told
    assert "institution, row 4 of the ventures" in told and "rows 2 and 3" in told


@pytest.mark.parametrize("written", ["utf-16", "utf-8", "gb18030"])
def test_files_of_spreadsheets_are_read(files, tmp_path, written):
    text = INSTITUTIONS.replace("key,", " key ; ").replace(",", ";").replace("\n", "\r\n")
    (tmp_path / "i.csv").write_bytes(text.encode(written))
    assert overall(run(evaluate, "sample-district", *files, "--json")) == {"A": "met", "B": "not_met", "C": "unknown"}


def test_a_row_with_too_few_cells_is_named(files, tmp_path):
    (tmp_path / "i.csv").write_text("key,mentors,controlled_area\nA,1,2\nB,1\n", encoding="utf-8")
    assert "Row #3" in run(evaluate, "sample-district", *files).output


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_results_are_written_by_their_ending(files, tmp_path, ending):
    out = tmp_path / f"out.{ending}"
    assert run(evaluate, "sample-district", *files, "--out", str(out)).exit_code == 0
    if ending == "xlsx":
        import openpyxl

        rows = list(openpyxl.load_workbook(out).active.values)[1:]
    else:
        import pyarrow.csv
        import pyarrow.parquet

        table = pyarrow.csv.read_csv(out) if ending == "csv" else pyarrow.parquet.read_table(out)
        rows = [tuple(row.values()) for row in table.to_pylist()]
    assert len(rows) == 3 * 6
    assert [row[:3] for row in rows if row[1] == "overall"] == [
        ("A", "overall", "met"), ("B", "overall", "not_met"), ("C", "overall", "unknown")
    ]  # fmt: skip


def test_a_file_that_cannot_be_written_is_told_before_the_work(files, tmp_path):
    for name in ("out.txt", "none/out.csv"):
        found = run(evaluate, "sample-district", *files, "--out", str(tmp_path / name))
        assert found.exit_code == 2 and "Error" in found.output


def test_whatif_writes_everybody_and_compares_like_with_like(files, tmp_path):
    plain = english(whatif, "sample-district", *files, "--against", "most-2018-300")
    assert plain.exit_code == 0 and "under most-2018-300" in plain.output and "lost: A" in plain.output
    assert english(whatif, "sample-district", *files, "--against", "sample-acceleration").exit_code == 2
    assert (
        english(whatif, "sample-district", *files, "--against", "most-2018-300", "--set", "min_area=1").exit_code == 2
    )
    assert english(whatif, "sample-district", *files, "--set", "min_area=1", "--set", "min_area=2").exit_code == 2
    many = [f"K{n}" for n in range(30)]
    (tmp_path / "i.csv").write_text("key,controlled_area,mentors\n" + "".join(f"{k},900,3\n" for k in many))
    (tmp_path / "v.csv").write_text(VENTURES.split("\n", 1)[0] + "\n" + "".join(f"{k},1,1,1,1\n" for k in many))
    asked = ["--set", "min_area=900", "--set", "min_tenants=1", "--json"]
    [scenario] = json.loads(english(whatif, "sample-district", *files, *asked).stdout)["scenarios"]
    assert scenario["winners"] == many and scenario["won"] == 30


def test_a_document_of_ones_own_is_checked_beside_the_packaged(tmp_path):
    _path, text = next(each for each in packaged.sources()[1] if "sample-district" in each[0])
    mine = tmp_path / "mine.yaml"
    mine.write_text(text.replace("id: sample-district", "id: mine"), encoding="utf-8")
    found = english(rulebook, "check", str(mine), "--json")
    [problem] = json.loads(found.stdout)["problems"]
    assert found.exit_code == 1
    assert (problem["path"], problem["code"]) == (str(mine), "overlapping_dates")
    mine.write_text(text, encoding="utf-8")
    assert english(rulebook, "check", str(mine)).exit_code == 0
    mine.write_text(text.replace("controlled_area >=", "controled_area >="), encoding="utf-8")
    assert "did you mean controlled_area" in english(rulebook, "check", str(mine)).output


def test_whatif_counts_by_criterion_and_by_a_column_of_the_file(files, tmp_path):
    text = (
        INSTITUTIONS.replace("mentors\n", "mentors,街道\n")
        .replace("1000,3", "1000,3,望京")
        .replace("99,\n", "99,,望京\n")
    )
    (tmp_path / "i.csv").write_text(text.replace("C,,3\n", "C,,3,\n"), encoding="utf-8")
    asked = [*files, "--set", "min_area=900", "--by", "街道"]
    [scenario] = json.loads(english(whatif, "sample-district", *asked, "--json").stdout)["scenarios"]
    assert scenario["by_criterion"]["D-1"] == {"met": 2, "unknown": 1, "won": 1, "lost": 0}
    assert scenario["criteria"]["D-1"] == 2
    assert scenario["groups"]["望京"]["D-1"] == {"met": 2, "unknown": 0, "won": 1, "lost": 0}
    assert scenario["groups"]["unknown"]["overall"] == {"met": 0, "unknown": 1, "won": 0, "lost": 0}
    shown = english(whatif, "sample-district", *asked).output
    assert "街道 望京: 1 met, 1 unknown, 0 won, 0 lost" in shown and "D-1: 2 met, 0 unknown, 1 won, 0 lost" in shown
    out = tmp_path / "by.csv"
    assert english(whatif, "sample-district", *asked, "--out", str(out)).exit_code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0].replace('"', "") == "scenario,街道,criterion,met,unknown,won,lost" and len(lines) == 1 + 2 * 6
    (tmp_path / "i.csv").write_text(INSTITUTIONS, encoding="utf-8")
    wrong = english(whatif, "sample-district", *files, "--set", "min_area=900", "--by", "mentor")
    assert wrong.exit_code == 2 and "mentors" in wrong.output
    by_fact = english(whatif, "sample-district", *files, "--set", "min_area=900", "--by", "mentors")
    assert "mentors 3: 1 met, 1 unknown, 0 won, 0 lost" in by_fact.output
    by_fact = english(whatif, "sample-district", *files, "--set", "min_area=5000", "--by", "controlled_area").output
    assert "controlled_area 1000: 0 met, 0 unknown, 0 won, 1 lost" in by_fact
    assert "controlled_area 999.99" not in by_fact and "1 more by controlled_area left out" in by_fact


def test_commands_answer_in_the_readers_language(files, tmp_path):
    """As LANG asks for, as --language says; a program reads the same codes and keys in either."""
    mine = tmp_path / "mine.yaml"
    text = dict(packaged.sources()[1])["rulebook/documents/sample-district.yaml"].replace("mentors >= ", "mentor >= ")
    mine.write_text(text, encoding="utf-8")
    told = run(rulebook, "check", str(mine)).output
    place = re.search(r"mine.yaml:\d+:\d+: ", told)[0]
    assert "没有叫“mentor”的事实、参数或定义 [unknown_name]（是不是想写 mentors" in told
    assert "0 份文件，0 个案例，1 处错误" in told
    for found in (english(rulebook, "check", str(mine)), run(rulebook, "check", str(mine), "--language", "en")):
        assert (
            f"{place}no fact, parameter or definition is called 'mentor' [unknown_name] (did you mean" in found.output
        )
    [chinese] = json.loads(run(rulebook, "check", str(mine), "--json").stdout)["problems"]
    [same] = json.loads(english(rulebook, "check", str(mine), "--json").stdout)["problems"]
    assert chinese == same and chinese["code"] == "unknown_name" and chinese["hint"].startswith("did you mean mentors")
    assert chinese["zh"] == "没有叫“mentor”的事实、参数或定义" and chinese["hint_zh"].startswith("是不是想写 mentors")

    counted = run(evaluate, "sample-district", *files).output
    assert "B: 未达标\n" in counted and "overall      达标       1 未达标       1 未知       1\n" in counted
    assert "B: not met\n" in english(evaluate, "sample-district", *files).output
    shown = run(whatif, "sample-district", *files, "--set", "min_area=999", "--set", "min_mentors=0").output
    assert "min_area=999 平方米 min_mentors=0 人：2 家达标，1 家未知，新达标 1 家，不再达标 0 家" in shown
    assert "新达标：B\n不再达标：没有" in shown
    wrong = run(whatif, "sample-district", *files, "--set", "min_aria=1")
    assert wrong.exit_code == 2 and "没有叫“min_aria”的参数；是不是想写 min_area 或" in wrong.output
    assert "没有叫“sample-distric”的文件；是不是想写 sample-district" in run(evaluate, "sample-distric", *files).output
