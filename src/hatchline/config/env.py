"""Every setting from the environment, typed. A missing or wrong one says what it is for and how to mend it.

``SETTINGS`` is the whole list; ``hatchline settings`` prints it, ``read()`` gives the values. A file ``.env`` in the
working folder (``NAME=value`` lines, written by ``make up``) is read first; the real environment wins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit


class SettingProblem(Exception):
    """A setting is missing or wrong; the text says which, why and what to do."""


def _truth(text: str) -> bool:
    word = text.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("write 1 or 0")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text.strip() else None


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _size(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError("write a whole number above zero")
    return number


def _listening(text: str) -> str:
    if text.startswith("unix:"):
        return text
    port = text.rpartition(":")[2]
    if ":" not in text or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("write host:port, with a port from 1 to 65535")
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write it from http:// or https:// on")
    _port_of(parts)
    return text


def _port_of(parts: SplitResult) -> int | None:
    """The port of an address; one that is none is a ValueError that shows no password."""
    try:
        return parts.port
    except ValueError:
        raise ValueError("its port is not a number from 0 to 65535") from None


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the environment, how it is read, its default (None: must be given) and its purpose."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    purpose: str
    remedy: str = ""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "HATCHLINE_SECRET_KEY",
        str,
        None,
        "signs sessions and tokens; at least 32 characters",
        'run `make up`, which writes one to .env, or: python -c "import secrets; print(secrets.token_urlsafe(48))"',
    ),
    Setting("HATCHLINE_HOME", _folder, "var", "folder for the database, files, keys and outgoing mail"),
    Setting("HATCHLINE_KEYS", _folder, "", "folder of the keys for personal data; outside database and backup"),
    Setting(
        "DATABASE_URL",
        str,
        "",
        "sqlite:///path or postgresql://user:password@host:port/name; empty: SQLite in HATCHLINE_HOME",
    ),
    Setting("HATCHLINE_DEBUG", _truth, "0", "developer's error pages; never where others can reach it"),
    Setting(
        "HATCHLINE_HOSTS", _words, "localhost,127.0.0.1,[::1]", "host names this server answers to, comma-separated"
    ),
    Setting(
        "HATCHLINE_ADDRESS",
        _web_address,
        "http://127.0.0.1:8000",
        "the address people type; https:// turns on secure cookies and HSTS",
    ),
    Setting("HATCHLINE_BIND", _listening, "127.0.0.1:8000", "address and port the server listens on"),
    Setting("HATCHLINE_WORKERS", _size, "2", "web processes"),
    Setting("HATCHLINE_BEHIND_TLS", _truth, "0", "a proxy in front ends TLS and sets X-Forwarded-Proto"),
    Setting(
        "HATCHLINE_DEMONSTRATION",
        _truth,
        "0",
        "marks this district as invented; allows demonstration accounts on loopback",
    ),
    Setting("HATCHLINE_TODAY", _day, "", "business date (2017-07-18); only for a demonstration district"),
    Setting("HATCHLINE_DISTRICT", str, "110105", "statistical code of the territory this server is for"),
    Setting("HATCHLINE_DISTRICT_NAME", str, "朝阳区科委", "name of the authority, shown under the product's name"),
    Setting("HATCHLINE_DISTRICT_NAME_EN", str, "Chaoyang S&T Commission", "the same in English"),
    Setting(
        "HATCHLINE_TILES",
        str,
        "",
        "CSV of tile positions for the district's map (code,name,short,column,row); empty: the packaged one, if any",
    ),
    Setting("HATCHLINE_UPLOAD_LIMIT", _size, str(50 * 1024 * 1024), "largest upload in bytes"),
    Setting(
        "HATCHLINE_EMAIL_URL", str, "file:", "console:, file: (HATCHLINE_HOME/mail) or smtp://user:password@host:port"
    ),
    Setting("HATCHLINE_EMAIL_FROM", str, "hatchline@localhost", "sender of mail"),
    Setting("HATCHLINE_OIDC_ISSUER", str, "", "OpenID Connect issuer address; empty: sign-in by password alone"),
    Setting("HATCHLINE_OIDC_CLIENT", str, "", "OpenID Connect client id"),
    Setting("HATCHLINE_OIDC_SECRET", str, "", "OpenID Connect client secret"),
    Setting("HATCHLINE_OIDC_NAME", str, "OpenID Connect", "name on the sign-in button"),
    Setting("HATCHLINE_LOCKOUT_FAILURES", _size, "5", "failed sign-ins before an account is locked"),
    Setting("HATCHLINE_LOCKOUT_MINUTES", _size, "15", "how long it stays locked"),
    Setting("HATCHLINE_API_RATE", _size, "600", "API calls a token may make a minute"),
)


def file_values(path: Path) -> dict[str, str]:
    """The NAME=value lines of an env file; an absent file gives none. A line of another form is a SettingProblem."""
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise SettingProblem(f"{path} line {number}: write NAME=value, found {text!r}")
        values[name.strip()] = value.strip().strip('"').strip("'")
    return values


class Env:
    """The settings as read; attributes are the names in lower case without ``hatchline_``."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def __getattr__(self, name: str) -> Any:
        for key in (f"HATCHLINE_{name.upper()}", name.upper()):
            if key in self.values:
                return self.values[key]
        raise AttributeError(f"no setting {name!r}; see hatchline.config.env.SETTINGS")


def read(environment: Mapping[str, str] | None = None, *, folder: Path | None = None) -> Env:
    """All settings from ``environment`` (default: the process's) over ``folder``/.env (default: the working folder)."""
    given = {**file_values((folder or Path.cwd()) / ".env"), **(os.environ if environment is None else environment)}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = given.get(setting.name, setting.default)
        if text is None:
            problems.append(f"{setting.name} is not set: {setting.purpose}. To mend it, {setting.remedy}.")
            continue
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            problems.append(f"{setting.name}={text!r} cannot be read: {error}. It {setting.purpose}.")
    if not problems:
        problems = _contradictions(values, given)
    if problems:
        raise SettingProblem("\n".join(problems))
    if not given.get("HATCHLINE_KEYS"):
        values["HATCHLINE_KEYS"] = values["HATCHLINE_HOME"] / "keys"
    return Env(values)


def _contradictions(values: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    problems = []
    if len(values["HATCHLINE_SECRET_KEY"]) < 32:
        problems.append("HATCHLINE_SECRET_KEY is shorter than 32 characters: make a longer one.")
    if values["HATCHLINE_TODAY"] and not values["HATCHLINE_DEMONSTRATION"]:
        problems.append(
            "HATCHLINE_TODAY sets the business date, which only a demonstration district may do: "
            "unset it, or set HATCHLINE_DEMONSTRATION=1 if every figure here is invented."
        )
    if values["HATCHLINE_ADDRESS"].startswith("https://") and not values["HATCHLINE_BEHIND_TLS"]:
        problems.append(
            "HATCHLINE_ADDRESS is https://, but this server speaks HTTP and would send every page to itself again: "
            "have a proxy end TLS and set X-Forwarded-Proto and X-Forwarded-For, and set HATCHLINE_BEHIND_TLS=1."
        )
    if values["HATCHLINE_OIDC_ISSUER"] and not values["HATCHLINE_OIDC_CLIENT"]:
        problems.append(
            "HATCHLINE_OIDC_ISSUER is set but HATCHLINE_OIDC_CLIENT is not: give the client id, or unset the issuer."
        )
    return problems


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's DATABASES entry for a DATABASE_URL; an empty one is SQLite in ``home``."""
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///")) if url else home / "hatchline.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;"
                    "PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY;PRAGMA recursive_triggers=ON"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(_port("DATABASE_URL", parts) or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingProblem(
        f"DATABASE_URL has the scheme {parts.scheme!r}: use sqlite:///path or postgresql://user:password@host:port/name."
    )


def mail(url: str, home: Path) -> dict[str, Any]:
    """Django's EMAIL_ settings for HATCHLINE_EMAIL_URL."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path or str(home / "mail"),
        }
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": _port("HATCHLINE_EMAIL_URL", parts) or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_TIMEOUT": 20,
        }
    raise SettingProblem(
        f"HATCHLINE_EMAIL_URL has the scheme {parts.scheme!r} or lacks a host: "
        "use console:, file: or smtp://user:password@host:port."
    )


def _port(name: str, parts: SplitResult) -> int | None:
    try:
        return _port_of(parts)
    except ValueError as error:
        raise SettingProblem(f"{name} cannot be read: {error}.") from error
