"""The fields that lists of figures can fill: a column a measure, or a measure, its value and unit a row."""

from __future__ import annotations

from decimal import Decimal

from hatchline.core.tables.fields import Field, FieldType
from hatchline.reference import loading

UNITS = {"": Decimal(1), "元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000),
         "百万元": Decimal(10**6), "亿元": Decimal(10**8)}  # fmt: skip
TYPES: dict[str, FieldType] = {"money": "money", "integer": "integer", "decimal": "decimal"}
SYNONYMS = {
    "revenue": ("收入", "主营业务收入", "turnover", "sales"),
    "rd_spending": ("研发费用", "研发投入", "R&D expense", "R&D"),
    "employees": ("从业人员", "职工人数", "人数", "staff", "headcount"),
    "valid_rights": ("有效知识产权数", "知识产权数"),
    "entry_area": ("孵化面积", "area"),
    "financing": ("融资额", "当年融资额"),
}


def measure_fields() -> tuple[Field, ...]:
    """A field for every measure that comes with the package, for lists with a column a measure."""
    return tuple(
        Field(
            row["code"], TYPES[row["value_type"]], zh=row["name"], en=row["name_en"],
            synonyms=SYNONYMS.get(row["code"], ()), unit="" if row["value_type"] == "integer" else row["unit"],
            keeps_text=row["value_type"] == "money",
        )
        for row in loading.rows(loading.MEASURES)
        if row["value_type"] in TYPES
    )  # fmt: skip


def observation_fields() -> tuple[Field, ...]:
    """What a list of figures may give. The period is a year, quarter, month or day: 2016, 2016Q2, 2016-06."""
    return (
        Field("key", zh="名单内编号", en="Key in the list", synonyms=("id", "编号", "ID"), max_length=200),
        Field(
            "name", required=True, zh="企业、团队或机构", en="Venture or institution", max_length=200,
            synonyms=(
                "企业名称", "公司名称", "机构名称", "单位名称", "孵化器名称", "众创空间名称", "园区名称", "孵化器",
                "company", "name", "startup", "incubator",
            ),
        ),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field(
            "period", "date", required=True, zh="报告期", en="Period",
            synonyms=("年度", "年份", "季度", "统计期", "year", "quarter"),
        ),
        Field("measure", zh="指标", en="Measure", synonyms=("指标名称", "指标代码", "indicator"), max_length=120),
        Field("value", zh="数值", en="Value", synonyms=("数", "指标值", "amount"), max_length=2000),
        Field(
            "unit", "choice", zh="计量单位", en="Unit", synonyms=("单位",),
            choices={
                "元": ("元", "yuan", "CNY"), "千元": ("千元", "thousand yuan"), "万元": ("万元",),
                "百万元": ("百万元", "million yuan"), "亿元": ("亿元",),
                "other": ("其他", "人", "件", "m²", "家", "个"),
            },
        ),
        Field(
            "correction", zh="更正原因", en="Why it is corrected", max_length=300, synonyms=("更正说明", "correction"),
        ),
        Field("sure", zh="核对说明", en="Why the figure is right", max_length=300, synonyms=("数据说明",)),
        Field("source", zh="来源", en="Source", max_length=200),
        *measure_fields(),
    )  # fmt: skip
