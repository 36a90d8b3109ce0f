"""The fields that lists of premises, spaces and occupancies can fill, with the words they are known by."""

from __future__ import annotations

from hatchline.apps.premises.models import EndState, SpaceKind, Tenure, Use
from hatchline.core.tables.fields import Field
from hatchline.journeys.imports.fields import choices

TENURE_WORDS = {
    "owned": ("自有产权", "自持", "Owned", "Own"),
    "leased": ("租用", "租入", "承租", "Lease", "Rented"),
    "free": ("无偿", "免费使用", "Free"),
    "unknown": ("不详", "Unknown"),
}
USE_WORDS = {
    "incubation": ("孵化", "在孵企业用房", "企业用房", "Incubation", "Tenants"),
    "public_service": ("公共服务用房", "公共", "公共平台", "Public service", "Service"),
    "shared": ("共享", "公共空间", "Shared", "Common"),
    "office": ("办公", "管理用房", "自用", "Office", "Management"),
    "other": ("其他", "Other"),
}
KIND_WORDS = {
    "room": ("房间", "办公室", "Room", "Office"),
    "desk": ("工位", "Desk", "Seat"),
    "open": ("开放工位", "工位区", "开放办公区", "Open desks", "Open space"),
}
END_WORDS = {
    "open": ("在用", "使用中", "Active", "Current"),
    "known": ("已退租", "Ended"),
    "unknown": ("不详", "Unknown"),
}
WHO_WORDS = {
    "venture": ("venture", "企业", "团队", "在孵企业", "创业主体", "Venture", "Tenant"),
    "organisation": ("organisation", "单位", "其他单位", "机构", "Organisation", "Company"),
    "common": ("common", "公共", "公共使用", "共用", "Common", "Shared"),
}
KEY = Field("key", zh="名单内编号", en="Key in the list", synonyms=("id", "序号", "ID"), max_length=200)
INSTITUTION = Field(
    "institution", required=True, zh="孵化机构", en="Institution", max_length=200,
    synonyms=("机构名称", "孵化器", "使用机构", "机构", "incubator"),
)  # fmt: skip


def premises_fields() -> tuple[Field, ...]:
    """What a list of premises may give: one row for each."""
    return (
        KEY,
        Field(
            "name", required=True, zh="场地名称", en="Premises", max_length=200,
            synonyms=("场地", "楼宇", "楼宇名称", "园区", "building"),
        ),
        INSTITUTION,
        Field(
            "area", "area", zh="总面积", en="Total area", unit="m2", minimum=0,
            synonyms=("面积", "建筑面积", "场地面积"),
        ),
        Field("tenure", "choice", zh="权属", en="Tenure", choices=choices(Tenure, **TENURE_WORDS)),
        Field("starts", "date", zh="开始使用", en="Since", synonyms=("起租日期", "租赁开始", "启用时间")),
        Field(
            "ended", "date", zh="到期或退出", en="Until", synonyms=("到期时间", "租赁到期", "退出时间"),
            not_before="starts",
        ),
        Field("owner", zh="产权单位", en="Owner", synonyms=("业主", "产权人"), max_length=200),
        Field(
            "territory", many=True, zh="街道、地区", en="Sub-district",
            synonyms=("行政区划", "所在街道", "街道", "区县"),
        ),
        Field("address", zh="地址", en="Address", synonyms=("场地地址",), max_length=300),
        Field(
            "converted_from_idle", "bool", zh="由闲置存量房产改造", en="Converted from idle property",
            synonyms=("闲置改造",),
        ),
        Field("source", zh="来源", en="Source", max_length=200),
    )  # fmt: skip


def space_fields() -> tuple[Field, ...]:
    """What a list of rooms may give. Premises that are not on record yet are registered by name."""
    return (
        KEY,
        INSTITUTION,
        Field(
            "premises", required=True, zh="场地名称", en="Premises", max_length=200,
            synonyms=("场地", "楼宇", "楼宇名称", "building"),
        ),
        Field(
            "name", required=True, zh="房间编号", en="Room", max_length=60,
            synonyms=("编号", "房间", "房号", "工位号", "工位", "code", "room number"),
        ),
        Field("floor", zh="楼层", en="Floor", synonyms=("层",), max_length=20),
        Field("kind", "choice", zh="形式", en="Form", choices=choices(SpaceKind, **KIND_WORDS)),
        Field("use", "choice", zh="用途", en="Use", synonyms=("房间用途",), choices=choices(Use, **USE_WORDS)),
        Field(
            "area", "area", zh="面积", en="Area", unit="m2", minimum=0,
            synonyms=("房间面积", "建筑面积", "使用面积"),
        ),
        Field("desks", "integer", zh="工位数", en="Desks", minimum=0, maximum=100_000),
        Field("since", "date", zh="自哪天起", en="Since", synonyms=("启用日期",)),
        Field("note", zh="备注", en="Note", max_length=200),
    )  # fmt: skip


def occupancy_fields() -> tuple[Field, ...]:
    """What a list of who uses which room may give. The end is the first day it was no longer used."""
    return (
        KEY,
        INSTITUTION,
        Field(
            "premises", zh="场地名称", en="Premises", max_length=200, synonyms=("场地", "楼宇", "楼宇名称", "building"),
        ),
        Field(
            "space", required=True, zh="房间编号", en="Room", max_length=60,
            synonyms=("编号", "房间", "房号", "工位号", "工位", "room number"),
        ),
        Field(
            "name", required=True, zh="使用者", en="User", max_length=200,
            synonyms=("企业名称", "公司名称", "使用单位", "租户", "承租方", "tenant", "company"),
        ),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field("who", "choice", zh="使用者类别", en="Kind of user", choices=WHO_WORDS),
        Field(
            "area", "area", zh="使用面积", en="Area used", unit="m2", minimum=0,
            synonyms=("面积", "租用面积", "租赁面积"),
        ),
        Field("desks", "integer", zh="使用工位数", en="Desks used", synonyms=("工位数",), minimum=1, maximum=100_000),
        Field("purpose", zh="用作", en="Used as", max_length=120),
        Field("starts", "date", zh="开始使用", en="From", synonyms=("入驻时间", "起租日期", "租赁开始", "start")),
        Field(
            "ended", "date", zh="退房时间", en="To", not_before="starts",
            synonyms=("退租时间", "租赁到期", "离开时间", "end"),
        ),
        Field("end_state", "choice", zh="是否仍在使用", en="Still used", choices=choices(EndState, **END_WORDS)),
        Field("evidence", "date", zh="最后见于", en="Last seen", synonyms=("名单日期", "统计时间", "as of")),
        Field("source", zh="来源", en="Source", max_length=200),
    )  # fmt: skip
