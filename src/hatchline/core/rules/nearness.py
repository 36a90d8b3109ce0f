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
from hatchline.core.rules.plan import Exact, ShareTest
from hatchline.core.rules.vector import Institutions, share_key
from hatchline.core.values.quantity import Quantity

Floats = npt.NDArray[np.float64]
NOTHING: Mapping[str, Quantity] = {}


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
