"""A kept set of facts judged by a document: what a pin keeps, and what reckoning it again must come to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hatchline.apps.rulebooks import canonical, queries
from hatchline.apps.rulebooks.models import Evaluation
from hatchline.core.rules.documents import Document
from hatchline.core.rules.explain import Explainer, Source
from hatchline.core.rules.telling import told
from hatchline.core.rules.ways import nearest_way


def judge(document: Document, as_of: date, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The whole tree of findings, as plain data, from facts as a pin keeps them."""
    own, members = dict(facts["facts"]), [dict(each["facts"]) for each in facts.get("members", ())]
    sources = {
        name: Source(each["text"], date.fromisoformat(each["on"]) if each.get("on") else None, each.get("link", ""))
        for name, each in facts.get("sources", {}).items()
    }
    explainer = Explainer(document, as_of)
    explanation = explainer.explain(own, members, sources)
    found: dict[str, Any] = json.loads(json.dumps(told(explanation, nearest_way(explainer, explanation, own, members))))
    return found


WORDING = {"zh", "en", "nearest_way"}  # how it is said, and advice: both may be put better later


def judgement(result: Any) -> Any:
    """What was found, without how it is said: verdicts, values, thresholds, gaps, marks, facts asked for."""
    if isinstance(result, dict):
        return {name: judgement(value) for name, value in result.items() if name not in WORDING}
    return [judgement(each) for each in result] if isinstance(result, list) else result


@dataclass(frozen=True)
class Recomputed:
    """A pinned evaluation reckoned again, as canonical JSON.

    ``agrees``: it comes to the same judgement; ``is_literal``: in the same words and with the same advice, too.
    """

    evaluation: Evaluation
    now: str

    @property
    def is_literal(self) -> bool:
        return self.now == self.evaluation.result

    @property
    def agrees(self) -> bool:
        if self.is_literal:
            return True
        kept, now = (canonical.written(judgement(json.loads(text))) for text in (self.evaluation.result, self.now))
        return kept == now


def recompute(found: Evaluation) -> Recomputed:
    """Reckon a pinned evaluation again from what it kept alone. ValueError where that is not what was kept."""
    content = found.facts.content
    if canonical.digest(content) != found.facts.digest:
        raise ValueError("the kept facts do not have the digest they are filed under")
    document = queries.document(found.edition, found.confirmed)
    return Recomputed(found, canonical.written(judge(document, found.as_of, json.loads(content))))
