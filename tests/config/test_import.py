"""hatchline import, as a program calls it: a district of its own, real processes, exit codes, kill -9."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

HATCHLINE = [sys.executable, "-m", "hatchline.config.cli"]
HEAD = "单位名称,统一社会信用代码,成立时间,网址\n"
GOOD = "北京启元创业服务有限公司,91110105MA0000027N,2014年6月,https://qiyuan.example.cn\n北京蓝湾科技有限公司,,2015-03-02,\n"
BAD = "北京丙科技有限公司,,3013-01-01,\n"


class District:
    """A folder of its own with an SQLite database."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("HATCHLINE_") and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        self.environment = {
            **kept,
            "HATCHLINE_SECRET_KEY": "for tests alone, never for a real district, 48 chars",
            "HATCHLINE_HOME": str(home),
            "HATCHLINE_DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": "hatchline.config.settings",
        }

    def prepare(self) -> District:
        text = (
            "import django; django.setup(); from django.core.management import call_command;"
            "call_command('migrate', verbosity=0); from hatchline.apps.columns import keys; keys.ensure()"
        )
        subprocess.run([sys.executable, "-c", text], env=self.environment, check=True)
        return self

    def call(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*HATCHLINE, "import", *arguments],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*HATCHLINE, "import", *arguments],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, sql: str) -> list[tuple]:
        database = next(self.home.glob("*.sqlite3"))
        with sqlite3.connect(database, timeout=30) as link:
            return link.execute(sql).fetchall()

    def contents(self) -> list[tuple]:
        """Everything an import leaves of records, without keys and moments."""
        return self.ask(
            "SELECT name, credit_code, founded_text, website FROM bodies_organisation ORDER BY name, credit_code"
        )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return District(tmp_path_factory.mktemp("district")).prepare()


@pytest.fixture
def district(prepared, tmp_path):
    shutil.copytree(prepared.home, tmp_path / "home")
    return District(tmp_path / "home")


@pytest.fixture
def list_file(tmp_path):
    def write(text: str | bytes, name: str = "名单.csv") -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


def test_good_rows_come_in_and_the_same_file_changes_nothing(district, list_file):
    path = list_file(HEAD + GOOD)
    done = district.call("organisations", path, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["status"], told["counts"]["created"], told["rows"]) == ("done", 2, [])
    again = json.loads(district.call("organisations", path, "--json").stdout)
    assert again["counts"]["unchanged"] == 2
    assert again["counts"]["created"] == 0
    assert len(district.contents()) == 2


def test_a_dry_run_writes_no_record(district, list_file):
    done = district.call("organisations", list_file(HEAD + GOOD), "--json", "--dry-run")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert (told["status"], told["counts"]["created"]) == ("previewed", 2)
    assert district.contents() == []


def test_rejected_rows_are_told_come_back_marked_and_end_in_1(district, list_file, tmp_path):
    from openpyxl import load_workbook

    back = tmp_path / "退回.xlsx"
    path = list_file(HEAD + GOOD + BAD)
    done = district.call("organisations", path, "--json", "--bad-rows", str(back))
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 1, "question": 0}
    [row] = told["rows"]
    [problem] = row["problems"]
    assert (row["number"], problem["column"], problem["header"]) == (4, "C", "成立时间")
    assert "3013" in problem["zh"] and "3013" in problem["en"]
    sheet = load_workbook(back).active
    assert sheet["C2"].comment is not None
    english = district.call("organisations", path, "--lang", "en")
    assert english.returncode == 1
    assert "year 3013" in english.stdout


def test_all_or_nothing_takes_nothing(district, list_file):
    done = district.call("organisations", list_file(HEAD + GOOD + BAD), "--all-or-nothing")
    assert done.returncode == 1
    assert "1 行不能导入" in done.stderr
    assert district.contents() == []


def test_a_guess_is_a_mapping_that_can_be_used(district, list_file, tmp_path):
    path = list_file(HEAD + GOOD)
    guessed = district.call("organisations", path, "--guess")
    assert guessed.returncode == 0
    mapping = tmp_path / "list.yaml"
    mapping.write_text(guessed.stdout, encoding="utf-8")
    done = district.call("organisations", path, "--mapping", str(mapping), "--json")
    assert json.loads(done.stdout)["counts"]["created"] == 2


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.csv", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "picture.csv", "文件不完整"),
        (b"PK\x03\x04broken", "broken.xlsx", "文件不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls", "文件已损坏"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_ends_in_1(district, list_file, content, name, words):
    done = district.call("organisations", list_file(content, name))
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_list_without_a_known_column_says_so_and_what_to_do(district, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("foo,bar\n1,2\n", encoding="utf-8")
    told = district.call("organisations", str(path))
    assert told.returncode == 1
    assert "foo, bar" in told.stderr and "--mapping" in told.stderr
    assert district.call("organisations", str(path), "--guess").returncode == 0


def test_a_wrong_mapping_says_where_it_is_wrong(district, list_file, tmp_path):
    mapping = tmp_path / "wrong.yaml"
    mapping.write_text("target: organisations\ncolumns:\n- column: 单位名称\n  feild: name\n", encoding="utf-8")
    done = district.call("organisations", list_file(HEAD + GOOD), "-m", str(mapping), "--lang", "en")
    assert done.returncode == 1
    assert "feild" in done.stderr and "4" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_calls_end_in_2_and_a_missing_setting_in_3(district, list_file, tmp_path):
    path = list_file(HEAD + GOOD)
    unknown = district.call("organizations", path)
    assert unknown.returncode == 2
    assert "organisations" in unknown.stderr
    assert district.call("organisations", str(tmp_path / "none.csv")).returncode == 2
    assert district.call("organisations").returncode == 2
    assert district.call("organisations", path, HATCHLINE_SECRET_KEY="short").returncode == 3


def test_help_is_worth_reading(district):
    text = district.call("--help").stdout
    assert all(word in text for word in ("--dry-run", "--guess", "--bad-rows", "Exit code", "killed"))


def many(number: int) -> str:
    rows = (
        f"第{each}号科技服务中心,,{2000 + each % 17}-0{each % 9 + 1},https://n{each}.example.cn"
        for each in range(number)
    )
    return HEAD + "\n".join(rows) + "\n"


@pytest.mark.long
def test_killed_at_any_moment_it_ends_as_if_never_killed(prepared, tmp_path, list_file):
    """Several kills at random moments, then one call to the end: the records are those of an unbroken run."""
    path = list_file(many(6000))
    whole = District(shutil.copytree(prepared.home, tmp_path / "whole"))
    assert whole.call("organisations", path, "--json").returncode == 0
    chance = random.Random(2014)
    killed = District(shutil.copytree(prepared.home, tmp_path / "killed"))
    cut_short = 0
    for _attempt in range(6):
        child = killed.begin("organisations", path)
        deadline = time.monotonic() + 60
        seen = len(killed.contents())
        while child.poll() is None and len(killed.contents()) == seen and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(chance.random() * 0.7)
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            cut_short += 1
        child.wait()
        if len(killed.contents()) == 6000:
            break
    assert cut_short, "the import was never killed: it ended too soon"
    last = killed.call("organisations", path, "--json")
    assert last.returncode == 0, last.stderr
    assert killed.contents() == whole.contents()
    created = "SELECT COUNT(*), COUNT(DISTINCT number) FROM imports_row WHERE outcome = 'created'"
    assert killed.ask(created) == [(6000, 6000)]
    doubled = "SELECT name FROM bodies_organisation GROUP BY name HAVING COUNT(*) > 1"
    assert killed.ask(doubled) == []
    assert killed.ask("SELECT COUNT(*) FROM imports_run WHERE status IN ('running', 'waiting')") == [(0,)]


@pytest.mark.long
def test_two_processes_with_one_file_double_nothing(district, list_file):
    path = list_file(many(3000))
    first, second = (district.begin("organisations", path) for _ in range(2))
    first.wait(), second.wait()
    district.call("organisations", path)
    assert len(district.contents()) == 3000
    assert district.ask("SELECT COUNT(*) FROM bodies_organisation GROUP BY name HAVING COUNT(*) > 1") == []


def test_the_fields_of_a_target_are_told_without_a_file(district):
    told = json.loads(district.call("stays", "--fields", "--json").stdout)
    stage, place = (next(each for each in told if each["field"] == name) for name in ("stage", "institution"))
    assert stage["codes"] == ["nursery", "incubation", "acceleration", "park", "graduate"]
    assert place["required"] and not stage["required"], "an institution of one stage needs no word of it"
    assert "金额" not in district.call("ventures", "--fields", "--lang", "en").stdout
    assert "raised" in district.call("ventures", "--fields").stdout
    assert district.call("stays").returncode == 2


def test_rows_passed_over_and_units_forgotten_are_told(district, tmp_path):
    path, mapping = tmp_path / "figures.csv", tmp_path / "figures.yaml"
    path.write_text("单位：亩\n场地,机构,面积\n一号楼,某孵化器,12\n\n测算,,12\n", encoding="utf-8")
    mapping.write_text(
        "target: premises\nsource: {header_row: 2, skip_rows: [测算]}\ncolumns:\n- {column: 场地, field: name}\n"
        "- {column: 机构, field: institution}\n- {column: 面积, field: area}\n",
        encoding="utf-8",
    )
    done = district.call("premises", str(path), "-m", str(mapping), "--lang", "en")
    assert "A line over the table names the unit 亩" in done.stdout
    assert "rows that are no records: 2 (blank 1, skip_rows of the mapping 1)" in done.stdout
    assert "No institution “某孵化器” was found. Register or import" in done.stdout, "in English, figures and all"


def test_a_home_without_tables_says_how_to_make_them(tmp_path, list_file):
    bare = District(tmp_path / "bare")
    bare.home.mkdir()
    done = bare.call("organisations", list_file(HEAD + GOOD))
    assert done.returncode == 1 and "hatchline up --no-serve" in done.stderr
