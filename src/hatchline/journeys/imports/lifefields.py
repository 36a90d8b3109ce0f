"""The fields that lists of ventures and stays can fill, with the words they are known by."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.models import STAGES, Round
from hatchline.apps.ventures.states import Basis, EndState, Exit, Outcome, StayStatus
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
GRADUATE = "graduate"
STAGE_WORDS = {
    "nursery": (
        "nursery",
        "创业苗圃",
        "苗圃",
        "苗圃期",
        "苗圃团队",
        "苗圃企业",
        "苗圃项目",
        "预孵化",
        "预孵化期",
        "Nursery",
        "Pre-incubation",
        "Pre-incubatee",
        "Preincubation",
        "Idea",
        "Idea stage",
    ),
    "incubation": (
        "incubation",
        "孵化",
        "孵化期",
        "在孵",
        "在孵企业",
        "在孵期",
        "入孵企业",
        "孵化企业",
        "孵化器",
        "Incubation",
        "Incubator",
        "Incubated",
        "Incubatee",
        "Incubating",
        "Resident",
        "Residency",
        "Tenant",
    ),
    "acceleration": (
        "acceleration",
        "加速",
        "加速期",
        "加速企业",
        "加速器",
        "Acceleration",
        "Accelerator",
        "Accelerated",
        "Growth",
        "Growth stage",
    ),
    "park": ("park", "产业园", "产业园区", "园区", "入园企业", "Park", "Industrial park", "Science park", "Scale-up"),
    # said where others say the stage: it was incubated, and has graduated
    "graduate": ("毕业企业", "毕业", "已毕业", "Graduate", "Graduated", "Alumni", "Alumnus", "Alumna"),
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
    "moved": ("转入下一阶段", "入孵", "转入孵化", "转入加速器", "Moved", "Moved on", "Transferred"),
    "left": ("退出", "退孵", "离开", "搬离", "搬走", "外迁", "Left", "Moved out", "Withdrawn", "Terminated"),
    "closed": ("注销", "倒闭", "停业", "歇业", "Closed", "Dead", "Failed"),
    "unknown": ("不详", "Unknown"),
}
ONE_SIDE = StayStatus.CLAIMED.value  # a row that says that one side alone says so
BASIS_WORDS = {
    ONE_SIDE: ("单方", "未确认", "One side", "Claimed"),
    "both": ("双方已确认", "双方盖章", "协议", "已签协议", "Both sides", "Agreement", "Signed"),
    "list": ("区里名单", "区里的名单", "District list", "District"),
    "ruled": ("区里核实", "区科委认定", "Ruled"),
}
END_WORDS = {
    "open": (
        "在孵",
        "在孵企业",
        "仍在孵",
        "在园",
        "仍在园",
        "Active",
        "Current",
        "Still there",
        "Incubatee",
        "Resident",
    ),
    "known": ("已退出", "Ended", "Exited", "Former"),
    "unknown": ("不详", "Unknown"),
}
# said where others say whether it is still there: that it has left, and how
ENDED_AS = {
    "graduated": ("毕业", "已毕业", "毕业企业", "Graduated", "Graduate", "Alumni", "Alumnus"),
    "left": ("退孵", "退出", "迁出", "已迁出", "Left", "Withdrawn", "Moved out"),
    "closed": ("注销", "已注销", "倒闭", "停业", "Closed", "Dead", "Failed"),
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


def _ended_as() -> dict[str, tuple[str, ...]]:
    found = choices(Outcome, **ENDED_AS)
    return {code: found[code] for code in ENDED_AS}


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
            synonyms=(
                "企业名称", "公司名称", "项目名称", "company", "startup", "name", "company name", "venture", "tenant",
                "企业/团队名称", "企业（团队）名称", "团队名称", "在孵企业名称", "入驻企业", "单位名称", "单位", "企业",
                "团队",
            ),
        ),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field(
            "institution", required=True, zh="孵化机构", en="Institution", max_length=200,
            synonyms=(
                "机构名称", "孵化器", "所在孵化器", "incubator", "accelerator", "programme", "program", "hub",
                "孵化器名称", "所属机构", "所属孵化器", "入驻机构", "所在机构", "孵化载体", "载体名称",
            ),
        ),
        Field(
            "stage", "choice", zh="阶段", en="Stage",
            synonyms=("孵化阶段", "所处阶段", "入驻类型", "phase", "cohort status", "membership"),
            choices={code: (str(word), *STAGE_WORDS[code]) for code, word in (*STAGES, (GRADUATE, _("已毕业")))},
        ),
        Field(
            "starts", "date", zh="入驻时间", en="From",
            synonyms=(
                "入孵时间", "进入时间", "start", "start date", "joined", "joined on", "entry date", "入驻日期",
                "入孵日期", "进驻时间", "入园时间", "起止时间", "孵化期限", "入驻期限", "孵化期间", "period of stay",
            ),
        ),
        Field(
            "ended", "date", zh="离开时间", en="To", not_before="starts",
            synonyms=(
                "毕业时间", "退出时间", "出孵时间", "end", "end date", "left", "left on", "exit date", "离开日期",
                "退出日期", "毕业日期", "退孵时间", "迁出时间", "离园时间",
            ),
        ),
        Field(
            "end_state", "choice", zh="是否仍在", en="Still there",
            synonyms=("在孵状态", "现状", "情况", "目前状态", "企业状态", "状态", "status"),
            choices=choices(EndState, **END_WORDS) | _ended_as(),
        ),
        Field(
            "evidence", "date", zh="最后见于", en="Last seen",
            synonyms=("名单日期", "统计时间", "台账日期", "as of", "统计日期", "统计截止", "截止日期", "last updated"),
        ),
        Field(
            "outcome", "choice", zh="去向", en="Outcome", synonyms=("结果", "退出去向", "毕业去向", "企业去向"),
            choices=choices(Outcome, **OUTCOME_WORDS),
        ),
        Field("reason", zh="原因", en="Reason", max_length=300),
        Field(
            "correction", zh="更正原因", en="Why it is corrected", max_length=300, synonyms=("更正说明", "correction"),
        ),
        Field(
            "basis", "choice", zh="凭什么确认", en="Confirmed by", synonyms=("确认情况", "确认方式", "basis"),
            choices=choices([*Basis, StayStatus.CLAIMED], **BASIS_WORDS),
        ),
        Field("register", "bool", zh="没有的机构先登记", en="Register institutions when missing"),
        Field("not_counting_reason", zh="不计入统计的原因", en="Why it does not count", max_length=200),
        Field("source", zh="来源", en="Source", max_length=200),
    )  # fmt: skip
