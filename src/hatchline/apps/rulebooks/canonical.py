"""Canonical JSON: the same content is the same text, whatever order it was made in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def written(content: Any) -> str:
    """Keys sorted, no spaces, characters as they are. TypeError for anything but text, whole numbers, truths, lists
    and maps: a float has no one way to be written."""
    _check(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def _check(content: Any) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            if not isinstance(key, str):
                raise TypeError(f"a key is no text: {key!r}")
            _check(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _check(value)
    elif not (content is None or isinstance(content, str | int)):
        raise TypeError(f"{type(content).__name__} has no canonical form")
