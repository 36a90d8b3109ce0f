"""How near everybody is: of each criterion the share of its threshold that is missing, for whole populations.

Distances are for sorting and drawing, so they are floating-point numbers; verdicts come from the exact readings alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from hatchline.core.rules import nodes
from hatchline.core.rules.bind import DocumentBinder, Lowering
from hatchline.core.rules.documents import Document
from hatchline.core.rules.plan import (
    All,
    Any,
    AtLeast,
    Choose,
    Exact,
    Formula,
    Linear,
    Positive,
    Quotient,
    ShareTest,
    Slot,
    Split,
)  # fmt: skip
from hatchline.core.rules.vector import Columns, Institutions, share_key
from hatchline.core.values.quantity import Quantity

Floats = npt.NDArray[np.float64]
NOTHING: Mapping[str, Quantity] = {}
LEAST = 1e-6  # whoever misses by a hair is not there


def span(node: nodes.Node, lowering: Lowering, subjects: Institutions) -> tuple[Floats, Floats] | None:
    """The least and the greatest the amount or ratio may be, in base units; NaN where there is nothing to divide by.

    None for kinds of ratio that have no closed form over a population (portions, peaks).
    """
    match node:
        case nodes.Share():
            test = lowering.statement(nodes.Compare(node, ">=", _zero(node)), True)
            if not isinstance(test, ShareTest):
                return None
            yes_high, no_high, yes_low, no_low, _in = subjects.keep(share_key(test))
            return _divided(yes_low, yes_low + no_low), _divided(yes_high, yes_high + no_high)
        case nodes.Portion() | nodes.Peak():
            return None
        case nodes.Ratio(top, bottom) if node.is_ratio:
            above, below = _amount(lowering.amount(top), subjects), _amount(lowering.amount(bottom), subjects)
            return _divided(above[0], below[1]), _divided(above[1], below[0])
    return _amount(lowering.amount(node), subjects)


def _zero(node: nodes.Node) -> nodes.Number:
    from fractions import Fraction

    from hatchline.core.rules.wording import shown_unit

    return nodes.Number(Quantity(Fraction(0), shown_unit(node.dimension)))


def _amount(exact: Exact, subjects: Institutions) -> tuple[Floats, Floats]:
    lin, many = exact.whole()
    low, high = subjects.amount(lin)
    return low / float(many), high / float(many)


def _divided(top: npt.NDArray[np.generic], bottom: npt.NDArray[np.generic]) -> Floats:
    below = np.asarray(bottom, dtype=np.float64)
    found = np.full(len(below), np.nan)
    np.divide(np.asarray(top, dtype=np.float64), below, out=found, where=below > 0)
    return found


def values(
    document: Document, as_of: date, parameter: str, subjects: Institutions
) -> tuple[Floats, Floats, nodes.Compare] | None:
    """What everybody has of that which is compared with a parameter; None when nothing is compared with it directly."""
    lowering = DocumentBinder(document, as_of, NOTHING).lowering()
    for criterion in document.criteria.values():
        for node in nodes.walk(criterion.requirement):
            if not isinstance(node, nodes.Compare) or not isinstance(node.right, nodes.Parameter):
                continue
            if node.left.subject != document.subject:
                continue  # a figure of a definition: it is compared with each venture, not with the subject
            if node.right.name == parameter:
                found = span(node.left, lowering, subjects)
                return None if found is None else (*found, node)
    return None


def shortfall(formula: Formula, subjects: Columns) -> Floats:
    """What share of what is asked for is surely missing: 0 where the statement may still hold, else above 0, up to 1.

    A comparison lacks the part of its threshold that the best completion does not reach; "all of" is as far as its
    farthest part, "any of" as near as its nearest; a plain fact is there or is missing whole.
    """
    possible = subjects.pair(formula)[1]
    if possible.all():
        return np.zeros(subjects.size)
    return np.where(possible, 0.0, np.clip(_lacking(formula, subjects), LEAST, 1.0))


def _lacking(formula: Formula, subjects: Columns) -> Floats:
    match formula:
        case Positive(lin) | Quotient(lin):
            return _short_of(lin, subjects)
        case ShareTest(above=above, below=below, sign=sign) if isinstance(subjects, Institutions):
            yes_high, no_high, yes_low, no_low, _in = subjects.keep(share_key(formula))
            yes, everybody = (yes_high, yes_high + no_high) if sign > 0 else (yes_low, yes_low + no_low)
            have, asked = (below * yes, above * everybody)[::sign]
            return _missing(np.asarray(have, dtype=np.float64), np.asarray(asked, dtype=np.float64))
        case All(items):
            return np.asarray(np.maximum.reduce([shortfall(item, subjects) for item in items]))
        case Any(items):
            return np.asarray(np.minimum.reduce([shortfall(item, subjects) for item in items]))
        case AtLeast(count, items):
            return np.asarray(np.sort([shortfall(item, subjects) for item in items], axis=0)[count - 1])
        case Split(_slot, body):
            return _lacking(body, subjects)
        case Choose(branches):
            found = [np.where(subjects.pair(guard)[1], shortfall(body, subjects), 1.0) for guard, body in branches]
            return np.asarray(np.minimum.reduce(found))
    return np.ones(subjects.size)


def _short_of(lin: Linear, subjects: Columns) -> Floats:
    """lin ≥ 0 says that what it adds is at least what it takes away: the share of the latter that is not covered."""
    have, asked = (
        np.full(subjects.size, max(float(lin.constant), 0.0)),
        np.full(subjects.size, max(-float(lin.constant), 0.0)),
    )
    for coefficient, term in lin.terms:
        low, high = subjects.term(term)
        best = coefficient * np.asarray(high if coefficient > 0 else low, dtype=np.float64)
        have += np.maximum(best, 0.0)
        asked += np.maximum(-best, 0.0)
    return _missing(have, asked)


def _missing(have: Floats, asked: Floats) -> Floats:
    found = np.ones(len(asked))
    np.divide(asked - have, asked, out=found, where=asked > 0)
    return found


def distance(overall: Formula, criteria: Mapping[str, Floats], size: int) -> Floats:
    """How far everybody is from passing, from the shortfalls of the criteria: summed over those that must all hold, and
    over the nearest where some are enough."""

    def far(formula: Formula) -> Floats:
        match formula:
            case Positive(Linear(terms=((_, Slot(name)),))):
                return criteria[name]
            case All(items):
                return np.asarray(np.sum([far(item) for item in items], axis=0))
            case Any(items):
                return np.asarray(np.minimum.reduce([far(item) for item in items]))
            case AtLeast(count, items):
                return np.asarray(np.sort([far(item) for item in items], axis=0)[:count].sum(axis=0))
        return np.zeros(size)

    return far(overall)
