"""The fields that lists of ventures and stays can fill, with the words they are known by."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.models import STAGES, Round
from hatchline.apps.ventures.states import EndState, Exit, Outcome
from hatchline.core.tables.fields import Field
from hatchline.journeys.imports.fields import choices

FIELDS_OF_TECHNOLOGY = "hightech-2016"
STATUS_WORDS = {
    "operating": ("存续", "在营", "Operating", "Active", "Alive"),
    "closed": ("终止", "注销", "吊销", "Dead", "Closed", "Inactive"),
    "acquired": ("被收购", "已被收购", "被并购", "Acquired", "Merged", "M&A"),
    "listed": ("上市", "已上市", "Listed", "Public", "IPO", "Went public"),
    "exited": ("已退出", "退出", "Exited", "Exit"),
}
EXITS = {"acquired": Exit.ACQUIRED.value, "listed": Exit.LISTED.value, "exited": Exit.UNSAID.value}
STAGE_WORDS = {
    "nursery": ("nursery", "创业苗圃", "苗圃", "预孵化", "Nursery", "Pre-incubation", "Idea"),
    "incubation": ("incubation", "孵化", "在孵", "孵化器", "Incubation", "Incubator", "Incubated"),
    "acceleration": ("acceleration", "加速", "加速器", "Acceleration", "Accelerator", "Growth"),
    "park": ("park", "产业园", "园区", "Park", "Industrial park", "Scale-up"),
}
ROUND_WORDS = {
    "seed": ("种子", "Seed", "Pre-seed", "Seed funding"),
    "angel": ("天使", "Angel", "Angel funding", "Seed/ Angel Funding", "Seed / Angel Funding", "Pre-A轮"),
    "a": ("A轮", "Series A", "Venture - Series A", "A"),
    "b": ("B轮", "Series B", "B"),
    "c": ("C轮", "D轮", "E轮", "Series C", "Series D", "Series E", "Series F", "Private Equity", "IPO"),
    "strategic": ("战略融资", "Strategic", "Corporate round"),
    "loan": ("贷款", "债权融资", "Debt", "Debt Financing", "Debt Funding", "Convertible note", "Loan"),
    "grant": ("补助", "资助", "Grant"),
    "unknown": ("不详", "未披露", "Undisclosed", "Venture", "Venture - Series Unknown", "Unknown"),
}
OUTCOME_WORDS = {
    "graduated": ("毕业企业", "已毕业", "Graduated", "Graduate"),
    "moved": ("转入下一阶段", "Moved", "Transferred"),
    "left": ("退出", "退孵", "离开", "Left", "Withdrawn", "Terminated"),
    "closed": ("注销", "倒闭", "Closed", "Dead", "Failed"),
    "unknown": ("不详", "Unknown"),
}
END_WORDS = {
    "open": ("在孵", "仍在园", "Active", "Current", "Still there"),
    "known": ("已退出", "Ended"),
    "unknown": ("不详", "Unknown"),
}
_LABELS: dict[str, Any] = {
    "industries": _("行业分类"),
    "batch": _("批次"),
    "address": _("地址"),
    "territory": _("所在地"),
    "country": _("国家或地区"),
}


def label(field: str) -> str:
    """What a field is called where a list's words are kept as text."""
    return str(_LABELS[field])


def venture_fields() -> tuple[Field, ...]:
    """What a list of ventures may give."""
    return (
        Field("key", zh="名单内编号", en="Key in the list", synonyms=("id", "编号", "ID"), max_length=200),
        Field(
            "name", required=True, zh="名称", en="Name", max_length=200,
            synonyms=("企业名称", "公司名称", "项目名称", "团队名称", "company", "startup", "venture"),
        ),
        Field("name_en", zh="英文名", en="English name", max_length=200),
        Field("former_names", many=True, zh="曾用名", en="Former names", max_length=200),
        Field("aliases", many=True, zh="别名", en="Other names", synonyms=("简称",), max_length=200),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field("founded", "date", zh="创立时间", en="Founded", synonyms=("成立时间", "year founded", "founded on")),
        Field("incorporated", "date", zh="注册成立时间", en="Incorporated", synonyms=("注册时间", "注册日期")),
        Field("ceased", "date", zh="终止时间", en="Ceased", synonyms=("注销时间", "closed on"), not_before="founded"),
        Field(
            "exited", "date", zh="投资退出时间", en="Exited on", not_before="founded",
            synonyms=("收购时间", "被收购时间", "上市时间", "exit date", "acquired on", "acquisition date", "ipo date"),
        ),
        Field(
            "status", "choice", zh="状态", en="Status",
            choices=STATUS_WORDS, synonyms=("经营状态", "企业状态", "company status", "outcome"),
        ),
        Field("batch", "date", zh="批次", en="Batch", synonyms=("cohort", "session")),
        Field("raised", "money", many=True, keeps_text=True, zh="融资额", en="Raised", synonyms=("融资", "funding")),
        Field(
            "round", "choice", zh="融资轮次", en="Round", choices=choices(Round, **ROUND_WORDS),
            synonyms=("轮次", "funding round", "investment type", "stage of funding"),
        ),
        Field("raised_on", "date", zh="融资时间", en="Raised on", synonyms=("融资日期", "funded at", "funding date")),
        Field("investors", zh="投资方", en="Investors", synonyms=("投资机构", "投资人", "investor"), max_length=300),
        Field("industries", many=True, zh="行业分类", en="Categories", synonyms=("行业", "category"), max_length=2000),
        Field("field", zh="技术领域", en="Field of technology", synonyms=("领域", "领域代码"), max_length=60),
        Field("description", zh="简介", en="Description", synonyms=("介绍", "summary"), max_length=15_000),
        Field("address", zh="地址", en="Address", max_length=300),
        Field("territory", zh="所在地", en="Place", synonyms=("city", "location"), max_length=200),
        Field("country", "country", zh="国家或地区", en="Country"),
        Field("website", "url", zh="网站", en="Website", synonyms=("网址", "url"), max_length=300),
    )  # fmt: skip


def funding_fields() -> tuple[Field, ...]:
    """What a list of funding rounds may give: a sum a row."""
    return (
        Field("key", zh="名单内编号", en="Key in the list", synonyms=("id", "编号", "ID", "融资编号"), max_length=200),
        Field(
            "name", required=True, zh="企业或团队", en="Venture", max_length=200,
            synonyms=("企业名称", "公司名称", "项目名称", "company", "startup", "name", "company name", "organization"),
        ),
        Field("venture", zh="登记号", en="Number of its record", synonyms=("系统编号", "record"), max_length=20),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field(
            "round", "choice", zh="融资轮次", en="Round", choices=choices(Round, **ROUND_WORDS),
            synonyms=("轮次", "funding round", "round type", "investment type", "funding type", "series"),
        ),
        Field(
            "received", "date", zh="融资时间", en="Received",
            synonyms=("到账时间", "融资日期", "raised on", "funded at", "funding date", "announced on", "date"),
        ),
        Field(
            "amount", "money", keeps_text=True, zh="融资额", en="Amount",
            synonyms=("融资金额", "金额", "融资", "raised", "raised amount", "money raised", "funding"),
        ),
        Field(
            "currency", zh="币种", en="Currency", max_length=3,
            synonyms=("货币", "money raised currency", "raised currency", "currency code"),
        ),
        Field(
            "investors", many=True, zh="投资方", en="Investors", max_length=300,
            synonyms=("投资机构", "投资人", "investor", "investor names", "lead investors"),
        ),
        Field("source", zh="来源", en="Source", max_length=200),
    )  # fmt: skip


def stay_fields() -> tuple[Field, ...]:
    """What a list of stays may give. The day a stay ended is the first day it was no longer there."""
    return (
        Field("key", zh="名单内编号", en="Key in the list", synonyms=("id", "编号", "ID"), max_length=200),
        Field(
            "name", required=True, zh="企业或团队", en="Venture", max_length=200,
            synonyms=("企业名称", "公司名称", "项目名称", "company", "startup", "name"),
        ),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field(
            "institution", required=True, zh="孵化机构", en="Institution", max_length=200,
            synonyms=("机构名称", "孵化器", "所在孵化器", "incubator", "accelerator", "programme"),
        ),
        Field(
            "stage", "choice", required=True, zh="阶段", en="Stage", synonyms=("孵化阶段",),
            choices={code: (str(word), *STAGE_WORDS[code]) for code, word in STAGES},
        ),
        Field(
            "starts", "date", zh="入驻时间", en="From",
            synonyms=("入孵时间", "进入时间", "start", "start date", "joined"),
        ),
        Field(
            "ended", "date", zh="离开时间", en="To", not_before="starts",
            synonyms=("毕业时间", "退出时间", "出孵时间", "end", "end date", "left"),
        ),
        Field(
            "end_state", "choice", zh="是否仍在", en="Still there", synonyms=("在孵状态",),
            choices=choices(EndState, **END_WORDS),
        ),
        Field("evidence", "date", zh="最后见于", en="Last seen", synonyms=("名单日期", "统计时间", "as of")),
        Field(
            "outcome", "choice", zh="去向", en="Outcome", synonyms=("结果",), choices=choices(Outcome, **OUTCOME_WORDS),
        ),
        Field("reason", zh="原因", en="Reason", max_length=300),
        Field(
            "correction", zh="更正原因", en="Why it is corrected", max_length=300, synonyms=("更正说明", "correction"),
        ),
        Field("register", "bool", zh="没有的机构先登记", en="Register institutions when missing"),
        Field("not_counting_reason", zh="不计入统计的原因", en="Why it does not count", max_length=200),
        Field("source", zh="来源", en="Source", max_length=200),
    )  # fmt: skip
