"""The law as data: vocabulary.yaml declares the facts, documents/ holds one file per legal document."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from hatchline.core.rules.library import Library, read_library
from hatchline.core.rules.problems import Problem


def sources() -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """(path, text) of the vocabulary and of each packaged document; paths are relative to the rulebook."""
    here = files(__name__)
    words = ("rulebook/vocabulary.yaml", (here / "vocabulary.yaml").read_text(encoding="utf-8"))
    found = sorted(
        (entry for entry in (here / "documents").iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name
    )
    return words, [(f"rulebook/documents/{entry.name}", entry.read_text(encoding="utf-8")) for entry in found]


@lru_cache(maxsize=1)
def read() -> tuple[Library, list[Problem]]:
    """The packaged library and what is wrong with it; read once per process."""
    return read_library(*sources())


def library() -> Library:
    """The packaged documents. Raises RuntimeError when one of them cannot be read."""
    found, problems = read()
    if problems:
        raise RuntimeError("\n".join(str(problem) for problem in problems))
    return found
