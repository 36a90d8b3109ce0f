"""The command line as a program calls it: with --json even a wrong call answers with one JSON object."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SECRET = "for tests alone, never for a real district, 48 chars"


def called(tmp_path, *arguments: str, secret: str = SECRET) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HATCHLINE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    environment = {**kept, "HATCHLINE_SECRET_KEY": secret, "HATCHLINE_HOME": str(tmp_path)}
    call = [sys.executable, "-m", "hatchline.config.cli", *arguments]
    return subprocess.run(call, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["doctor", "--json", "--nonsense"], "--nonsense"),
        (["import", "--json"], "TARGET"),
        (["nothing", "--json"], "nothing"),
    ],
)
def test_a_wrong_call_is_told_as_json_where_json_was_asked_for(tmp_path, arguments, said):
    done = called(tmp_path, *arguments)
    told = json.loads(done.stdout)
    assert done.returncode == 2 and told["status"] == "wrong_call" and said in told["problems"][0]
    assert said in done.stderr


def test_a_wrong_setting_is_told_as_json_too(tmp_path):
    done = called(tmp_path, "doctor", "--json", secret="short")
    assert done.returncode == 3 and json.loads(done.stdout)["status"] == "failed"


def test_without_json_a_wrong_call_shows_its_usage(tmp_path):
    done = called(tmp_path, "doctor", "--nonsense")
    assert done.returncode == 2 and done.stdout == "" and "Usage:" in done.stderr
