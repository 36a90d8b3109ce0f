"""A browser's name for itself, said in two words: enough to recognise one's own sign-ins."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

BROWSERS = [
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    (r"iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


def described(user_agent: str) -> str:
    """ "Chrome · Windows"; what is not known is said to be unknown."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), _("未知浏览器"))
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), _("未知系统"))
    return f"{browser} · {system}"
