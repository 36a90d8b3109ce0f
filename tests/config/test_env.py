"""Settings: typed, and a missing or wrong one says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HATCHLINE_BIND", "foo", "host:port"),
        ("HATCHLINE_BIND", "127.0.0.1:99999", "from 1 to 65535"),
        ("HATCHLINE_BIND", "8000", "host:port"),
        # without this a mistyped https:// would quietly mean cookies without Secure and no HSTS
        ("HATCHLINE_ADDRESS", "htps://district.example", "http:// or https://"),
        ("HATCHLINE_ADDRESS", "district.example", "http:// or https://"),
        ("HATCHLINE_ADDRESS", "https://district.example:port", "port"),
    ],
)
def test_addresses_that_lead_nowhere_are_refused(tmp_path, name, value, said):
    with pytest.raises(env.SettingProblem, match=name) as problem:
        read(tmp_path, **{name: value})
    assert said in str(problem.value)


def test_an_address_over_tls_needs_the_proxy_that_ends_it(tmp_path):
    with pytest.raises(env.SettingProblem, match="HATCHLINE_BEHIND_TLS=1"):
        read(tmp_path, HATCHLINE_ADDRESS="https://district.example")
    given = read(tmp_path, HATCHLINE_ADDRESS="https://district.example", HATCHLINE_BEHIND_TLS="1")
    assert given.address == "https://district.example"


def test_where_to_listen(tmp_path):
    for bind in ("0.0.0.0:80", "[::1]:8000", "unix:/run/hatchline.sock"):
        assert read(tmp_path, HATCHLINE_BIND=bind).bind == bind


@pytest.mark.parametrize(
    "call",
    [
        lambda home: env.database("postgresql://u:secret@h:abc/d", home),
        lambda home: env.mail("smtp://u:secret@h:abc", home),
        lambda home: env.mail("smpt://u:secret@h", home),
        lambda home: env.mail("smtp:u:secret@h", home),
    ],
)
def test_what_is_wrong_with_an_address_is_told_without_its_password(tmp_path, call):
    with pytest.raises(env.SettingProblem) as problem:
        call(tmp_path)
    assert "secret" not in str(problem.value)


def test_a_home_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    given = {**os.environ, **KEY, "HATCHLINE_HOME": str(tmp_path / "file" / "home")}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    made = subprocess.run(
        [sys.executable, "-m", "hatchline.config.cli", "user", "list"], env=given, capture_output=True, text=True
    )
    assert made.returncode == 3
    assert made.stderr.count("\n") == 1 and "HATCHLINE_HOME" in made.stderr


def test_behind_a_proxy_floods_are_counted_by_the_browsers_address(tmp_path):
    """Else one impatient browser would close the sign-in page to everybody behind the same proxy."""
    asked = (
        "from django.conf import settings; import django; django.setup();"
        "from django.test import RequestFactory;"
        "from allauth.core.internal.httpkit import get_client_ip;"
        "request = RequestFactory().get('/', headers={'X-Forwarded-For': '198.51.100.7, 203.0.113.9'});"
        "print(get_client_ip(request))"
    )
    given = {
        **os.environ,
        **KEY,
        "HATCHLINE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "hatchline.config.settings",
    }
    seen = [
        subprocess.run(
            [sys.executable, "-c", asked], env={**given, "HATCHLINE_BEHIND_TLS": value}, capture_output=True, text=True
        ).stdout.strip()
        for value in ("1", "0")
    ]
    assert seen == ["203.0.113.9", "127.0.0.1"]  # the proxy's own entry is the last; without a proxy none is believed
