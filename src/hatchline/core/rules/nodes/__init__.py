"""The nodes of the expression language: frozen, typed, and checked when they are made.

A node that makes no sense cannot exist: comparing a percentage with an area, counting ventures by a fact of an
institution, or a division where only amounts are allowed raises `Misuse` on construction.
"""

from hatchline.core.rules.nodes.amounts import (
    Bands,
    Day,
    Extremum,
    FactOf,
    Months,
    Number,
    Parameter,
    Product,
    Ratio,
    Sum,
    Years,
)
from hatchline.core.rules.nodes.base import FIRM, FLIPPED, KINDS, MONTH, POINT, SUBJECTS, Kind, Node, Op, walk, words
from hatchline.core.rules.nodes.members import Aggregate, Count, Peak, Portion, Share, Total
from hatchline.core.rules.nodes.statements import Always, Among, Compare, Defined, Negation, Several, Statement
from hatchline.core.rules.vocabulary import FactDeclaration

__all__ = [
    "FIRM",
    "FLIPPED",
    "KINDS",
    "MONTH",
    "POINT",
    "SUBJECTS",
    "Aggregate",
    "Always",
    "Among",
    "Bands",
    "Compare",
    "Count",
    "Day",
    "Defined",
    "Extremum",
    "FactDeclaration",
    "FactOf",
    "Kind",
    "Months",
    "Negation",
    "Node",
    "Number",
    "Op",
    "Parameter",
    "Peak",
    "Portion",
    "Product",
    "Ratio",
    "Several",
    "Share",
    "Statement",
    "Sum",
    "Total",
    "Years",
    "walk",
    "words",
]
