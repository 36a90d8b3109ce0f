"""The commands over files: verdicts, faults with their row, exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

pytest.importorskip("pyarrow")

from hatchline.config.commands import evaluate, rulebook, whatif

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


def run(command, *arguments):
    return CliRunner().invoke(command.command, list(arguments))


def overall(result):
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout.strip().splitlines()[-1])["rows"]
    return {row["key"]: row["verdict"] for row in rows if row["criterion"] == "overall"}


@pytest.mark.parametrize("engine", ["numpy", "duckdb"])
def test_evaluate_gives_a_row_per_subject_and_criterion(files, engine):
    found = overall(run(evaluate, "sample-district", *files, "--engine", engine, "--json"))
    assert found == {"A": "met", "B": "not_met", "C": "unknown"}


def test_evaluate_writes_and_explains(files, tmp_path):
    out = tmp_path / "out.csv"
    assert run(evaluate, "sample-district", *files, "--out", str(out)).exit_code == 0
    assert len(out.read_text().strip().splitlines()) == 1 + 3 * 6
    told = run(evaluate, "sample-district", *files, "--explain", "B")
    assert told.exit_code == 0
    assert "1,000 平方米" in told.output
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
    result = run(evaluate, "sample-district", *files)
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
