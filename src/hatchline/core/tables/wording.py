"""Every problem in words, in Chinese and English: pages, command line and workbooks say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hatchline.core.tables.sentences import SENTENCES


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def say(code: str, params: Mapping[str, Any], language: str = "zh") -> str:
    """The sentence for a code. An unknown code is shown as itself rather than hidden."""
    pair = SENTENCES.get(code)
    if pair is None:
        return code
    return pair[0 if language.startswith("zh") else 1].format_map(_Gaps(params))


def place(sheet: str, row: int | None, column: str, header: str, language: str = "zh") -> str:
    """Where: 工作表“名单”第 7 行 C 列（成立时间)."""
    if language.startswith("zh"):
        parts = [f"工作表“{sheet}”" if sheet and sheet != "CSV" else "", f"第 {row} 行" if row else ""]
        parts.append(f"{' ' if row else ''}{column} 列" if column else "")
        return "".join(parts) + (f"（{header}）" if header else "")
    parts = [
        f"sheet “{sheet}”" if sheet and sheet != "CSV" else "",
        f"row {row}" if row else "",
        f"column {column}" if column else "",
    ]
    said = ", ".join(part for part in parts if part) + (f" ({header})" if header else "")
    return said[:1].upper() + said[1:]
