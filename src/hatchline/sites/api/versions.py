"""The version of a record as an ETag, and If-Match on what changes it."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hatchline.sites.api.problems import Problem

TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def tag(version: int) -> str:
    """``"3"``."""
    return f'"{version}"'


def wanted(request: HttpRequest) -> int:
    """The version in If-Match, as GET gave it in ETag. Without it nothing is changed."""
    given = request.headers.get("If-Match", "").strip()
    found = TAG.fullmatch(given)
    if found is None:
        raise Problem("version_needed", _("请在请求头里写 If-Match，值是读取时 ETag 给出的版本。"))
    return int(found[1])
