"""Settings under test: nothing from the machine's own environment but the database and the folder of real data."""

from __future__ import annotations

import os
import tempfile

_given = os.environ.copy()
_home = _given.get("HATCHLINE_TEST_HOME") or tempfile.mkdtemp(prefix="hatchline-test-")
for _name in [name for name in os.environ if name.startswith("HATCHLINE_")]:
    if not _name.startswith("HATCHLINE_TEST_"):
        del os.environ[_name]
os.environ.update(
    HATCHLINE_SECRET_KEY="for tests alone, never for a real district, 48 chars",
    HATCHLINE_HOME=_home,
    HATCHLINE_DEMONSTRATION="1",
    HATCHLINE_TODAY="2017-07-18",
    DATABASE_URL=_given.get("HATCHLINE_TEST_DATABASE_URL", ""),
)

from hatchline.config.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # a file, not memory: threads and other processes of a test must see the same database
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/test.sqlite3"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.apps.guards.sample"]  # noqa: F405 - a table for each kind of guard
