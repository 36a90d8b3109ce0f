"""Which packaged file is which."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from hatchline.reference import file


@dataclass(frozen=True)
class Edition:
    """A packaged edition of a classification."""

    code: str
    filename: str
    name: str
    name_en: str
    family: str
    edition: str
    source: str


TERRITORIES = (
    ("gb2260_2014.csv", "GB/T 2260，2014"),
    ("beijing_streets_2023.csv", "统计用区划代码，2023"),
)
MEASURES = "measures.csv"  # what ventures and institutions report
EDITIONS = (
    Edition(
        "gbt4754-2011",
        "gbt4754_2011.csv",
        "国民经济行业分类（2011）",
        "Industrial classification, 2011",
        "gbt4754",
        "2011",
        "GB/T 4754-2011",
    ),
    Edition(
        "gbt4754-2017",
        "gbt4754_2017.csv",
        "国民经济行业分类（2017）",
        "Industrial classification, 2017",
        "gbt4754",
        "2017",
        "GB/T 4754-2017",
    ),
    Edition(
        "hightech-2016",
        "hightech_fields_2016.csv",
        "国家重点支持的高新技术领域（2016）",
        "High-tech fields with State support, 2016",
        "hightech",
        "2016",
        "国科发火〔2016〕32号附件",
    ),
    Edition(
        "strategic-2018",
        "strategic_emerging_2018.csv",
        "战略性新兴产业分类（2018）",
        "Strategic emerging industries, 2018",
        "strategic",
        "2018",
        "国家统计局令第23号",
    ),
)


def rows(filename: str) -> Iterator[dict[str, str]]:
    """A packaged file's rows."""
    with file(filename).open(encoding="utf-8-sig", newline="") as handle:
        yield from csv.DictReader(handle)
