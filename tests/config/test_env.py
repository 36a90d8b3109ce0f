"""Settings: typed, and a missing or wrong one says what to do."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.config import env

KEY = {"HATCHLINE_SECRET_KEY": "k" * 40}


def read(tmp_path, **values):
    return env.read({**KEY, **values}, folder=tmp_path)


def test_a_missing_secret_says_how_to_make_one(tmp_path):
    with pytest.raises(env.SettingProblem) as problem:
        env.read({}, folder=tmp_path)
    assert "HATCHLINE_SECRET_KEY is not set" in str(problem.value)
    assert "make up" in str(problem.value)


def test_every_problem_is_told_at_once(tmp_path):
    with pytest.raises(env.SettingProblem) as problem:
        env.read({"HATCHLINE_DEBUG": "perhaps", "HATCHLINE_WORKERS": "many"}, folder=tmp_path)
    text = str(problem.value)
    assert all(
        name in text for name in ("HATCHLINE_SECRET_KEY", "HATCHLINE_DEBUG='perhaps'", "HATCHLINE_WORKERS='many'")
    )


def test_values_are_typed(tmp_path):
    given = read(
        tmp_path,
        HATCHLINE_DEMONSTRATION="yes",
        HATCHLINE_TODAY="2017-07-18",
        HATCHLINE_HOSTS="a.cn, b.cn",
        HATCHLINE_WORKERS="3",
    )
    assert given.demonstration is True
    assert given.today == date(2017, 7, 18)
    assert given.hosts == ["a.cn", "b.cn"]
    assert given.workers == 3
    assert given.debug is False


def test_a_business_date_is_only_for_a_demonstration(tmp_path):
    with pytest.raises(env.SettingProblem, match="only a demonstration district"):
        read(tmp_path, HATCHLINE_TODAY="2017-07-18")


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("# a comment\nHATCHLINE_WORKERS=7\nHATCHLINE_DISTRICT='110106'\n", encoding="utf-8")
    assert read(tmp_path).workers == 7
    assert read(tmp_path).district == "110106"
    assert read(tmp_path, HATCHLINE_WORKERS="4").workers == 4


def test_a_line_that_is_no_setting_is_named(tmp_path):
    (tmp_path / ".env").write_text("HATCHLINE_WORKERS 7\n", encoding="utf-8")
    with pytest.raises(env.SettingProblem, match="line 1"):
        read(tmp_path)


def test_keys_lie_in_home_unless_told_otherwise(tmp_path):
    assert read(tmp_path, HATCHLINE_HOME=str(tmp_path / "a")).keys == tmp_path / "a" / "keys"
    assert read(tmp_path, HATCHLINE_KEYS=str(tmp_path / "k")).keys == tmp_path / "k"


def test_database_addresses(tmp_path):
    assert env.database("", tmp_path)["NAME"] == str(tmp_path / "hatchline.sqlite3")
    assert env.database("sqlite:////data/d.sqlite3", tmp_path)["NAME"] == "/data/d.sqlite3"
    postgres = env.database("postgresql://me:p%40ss@db:5433/district", tmp_path)
    assert (postgres["USER"], postgres["PASSWORD"], postgres["HOST"], postgres["PORT"]) == ("me", "p@ss", "db", "5433")
    with pytest.raises(env.SettingProblem, match="mysql"):
        env.database("mysql://x", tmp_path)


def test_mail_addresses(tmp_path):
    assert env.mail("file:", tmp_path)["EMAIL_FILE_PATH"] == str(tmp_path / "mail")
    smtp = env.mail("smtp://me:secret@mail.cn:2525", tmp_path)
    assert (smtp["EMAIL_HOST"], smtp["EMAIL_PORT"], smtp["EMAIL_USE_SSL"]) == ("mail.cn", 2525, False)
    with pytest.raises(env.SettingProblem, match="pigeon"):
        env.mail("pigeon://x", tmp_path)
