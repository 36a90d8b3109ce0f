"""Pins that stay as tests for ever: a document's text, the vocabulary it was read with, facts by value and the result.

``add(NAME, PLACE)``, once Django is set up, makes one from a case of a packaged document. A pin that is there is never
written again: what it says must come out of every later version of the language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hatchline.apps.rulebooks import canonical, judging
from hatchline.core.rules.check import resolved
from hatchline.core.rules.documents import LANGUAGE_VERSION
from hatchline.core.rules.load import load_document, load_vocabulary
from hatchline.rulebook import library, sources

FOLDER = Path(__file__).parents[2] / "data" / "pins"


@dataclass(frozen=True)
class Pin:
    """One folder of tests/data/pins."""

    folder: Path

    def text(self, name: str) -> str:
        """One of its files."""
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def said(self) -> dict[str, Any]:
        """Day, digests and version of the language."""
        found: dict[str, Any] = json.loads(self.text("pin.json"))
        return found

    def recomputed(self) -> dict[str, Any]:
        """The judgement, from what the pin kept alone."""
        words = load_vocabulary((FOLDER / f"vocabulary-{self.said['vocabulary'][:12]}.yaml").read_text("utf-8"))
        document = load_document(self.text("document.yaml"), words)
        return judging.judge(document, date.fromisoformat(self.said["as_of"]), json.loads(self.text("facts.json")))


def all_pins() -> list[Pin]:
    """Oldest first."""
    return [Pin(each) for each in sorted(FOLDER.iterdir()) if each.is_dir()]


def add(name: str, place: int) -> Path:
    """Write a new pin. FileExistsError for one that is there."""
    document, (words, texts) = library().get(name), sources()
    text = next(each for path, each in texts if path.endswith(f"/{name}.yaml"))
    case = document.cases[place]
    own, members = resolved(case)
    facts = {
        "facts": own,
        "members": [{"key": str(at), "facts": dict(each)} for at, each in enumerate(members)],
        "sources": {key: {"text": "登记簿", "on": case.as_of.isoformat(), "link": "record"} for key in own},
    }
    folder = FOLDER / f"{len(all_pins()) + 1:04}-{name}-{place}"
    folder.mkdir()
    kept = FOLDER / f"vocabulary-{canonical.digest(words[1])[:12]}.yaml"
    kept.write_text(words[1], encoding="utf-8")
    content = canonical.written(facts)
    said = {"as_of": case.as_of.isoformat(), "facts": canonical.digest(content), "document": document.digest,
            "vocabulary": canonical.digest(words[1]), "language_version": LANGUAGE_VERSION}  # fmt: skip
    result = canonical.written(judging.judge(document, case.as_of, facts))
    for file, what in (("document.yaml", text), ("facts.json", content), ("result.json", result)):
        (folder / file).write_text(what, encoding="utf-8")
    (folder / "pin.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return folder
