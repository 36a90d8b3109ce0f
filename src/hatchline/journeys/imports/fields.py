"""The fields that each target can take from a list, with the words they are known by in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from hatchline.apps.bodies.models import LegalForm, TypeOfBody
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.core.tables.fields import Field


def choices(options: Any, **more: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Stored codes → the words they are known by: code, Chinese and English label, and ``more`` of each."""
    table = {}
    for each in options:
        words = [each.value]
        for language in ("zh-hans", "en"):
            with translation.override(language):
                words.append(str(each.label))
        table[each.value] = tuple(dict.fromkeys([*words, *more.get(each.value, ())]))
    return table


OFFERED_WORDS = {
    "nursery": ("苗圃", "预孵化", "Pre-incubation"),
    "incubation": ("孵化器", "在孵", "Incubator"),
    "acceleration": ("加速器", "Accelerator"),
    "park": ("产业园区", "园区", "Science park"),
}
TYPE_WORDS = {
    "company": ("公司", "Business", "Startup", "Firm"),
    "university": ("大学", "高等院校", "University / RTO", "HEI"),
    "institute": ("研究所", "研究院", "RTO", "Research institute", "Catapult", "Research centre"),
    "laboratory": ("重点实验室", "Lab"),
    "investor": ("创投", "风险投资", "Funder", "VC", "Venture capital", "Angel"),
    "government": ("政府", "Government", "Public sector", "Council"),
    "incubator": ("孵化器", "Incubator", "Accelerator", "Incubator / accelerator", "Incubator/accelerator"),
    "charity": ("公益", "Charity", "Non-profit"),
    "association": ("行业协会", "Network", "Trade body"),
}
KIND_WORDS = {
    "incubator": (
        "科技企业孵化器",
        "国家级科技企业孵化器",
        "高新技术创业服务中心",
        "国家高新技术创业服务中心",
        "创业服务中心",
        "企业孵化器",
        "专业孵化器",
        "Business incubator",
        "Incubator / accelerator",
        "Incubator/accelerator",
    ),
    "accelerator": ("科技企业加速器", "企业加速器", "Accelerator"),
    "university_park": ("国家大学科技园", "高校科技园", "University science park", "Science park"),
    "returnee_park": ("留创园", "海归创业园", "留学生创业园"),
    "small_business_base": ("小微企业创业创新基地", "小企业基地", "小型微型企业创业创新示范基地", "创业基地"),
    "innovative": ("创新型", "新型孵化器"),
    "makerspace": ("国家备案众创空间", "创客空间", "Makerspace", "Hackspace", "Coworking space", "Co-working space"),
    "nursery": ("苗圃", "Pre-incubator"),
    "industrial_park": ("产业园区", "科技园", "科技园区", "Industrial park", "Business park"),
}


def organisation_fields() -> tuple[Field, ...]:
    """What an organisations list may give."""
    return (
        Field(
            "key",
            "text",
            zh="名单内编号",
            en="Key in the list",
            synonyms=("id", "编号", "ID", "org_id"),
            max_length=200,
        ),
        Field(
            "name",
            "text",
            required=True,
            zh="名称",
            en="Name",
            max_length=200,
            synonyms=(
                "单位名称",
                "企业名称",
                "机构名称",
                "公司名称",
                "organisation",
                "organization",
                "company",
                "institution name",
            ),
        ),
        Field(
            "name_en", "text", zh="英文名", en="English name", synonyms=("英文名称", "name (english)"), max_length=200
        ),
        Field(
            "former_names",
            "text",
            many=True,
            zh="曾用名",
            en="Former names",
            synonyms=("原名称", "formerly", "previous name"),
            max_length=200,
        ),
        Field(
            "aliases",
            "text",
            many=True,
            zh="别名",
            en="Other names",
            synonyms=("简称", "又名", "alias", "acronym"),
            max_length=200,
        ),
        Field(
            "credit_code",
            "credit_code",
            zh="统一社会信用代码",
            en="Credit code",
            synonyms=("信用代码", "组织机构代码", "uscc", "社会信用代码"),
        ),
        Field(
            "identifier",
            "text",
            zh="其他编号",
            en="Other identifier",
            max_length=80,
            synonyms=("注册号", "company number", "registration number", "grid id", "ror"),
        ),
        Field("identifier_scheme", "text", zh="编号的登记机关", en="Identifier scheme", max_length=30),
        Field(
            "legal_form",
            "choice",
            zh="单位性质",
            en="Legal form",
            choices=choices(LegalForm),
            synonyms=("企业性质", "登记注册类型"),
        ),
        Field(
            "types",
            "choice",
            many=True,
            zh="单位类型",
            en="Types",
            choices=choices(TypeOfBody, **TYPE_WORDS),
            synonyms=("类型", "type", "category", "org type"),
        ),
        Field("country", "country", zh="国家或地区", en="Country", synonyms=("国别", "nation")),
        Field(
            "territory",
            "text",
            many=True,
            zh="行政区划",
            en="Territory",
            synonyms=("地区", "省份", "城市", "区县", "街道", "所在地", "district", "city", "region", "town"),
            max_length=100,
        ),
        Field(
            "address",
            "text",
            zh="地址",
            en="Address",
            synonyms=("注册地址", "办公地址", "通讯地址", "street"),
            max_length=300,
        ),
        Field("postcode", "text", zh="邮政编码", en="Postcode", synonyms=("邮编", "zip", "postal code"), max_length=16),
        Field("latitude", "latitude", zh="纬度", en="Latitude", synonyms=("lat",)),
        Field("longitude", "longitude", zh="经度", en="Longitude", synonyms=("lon", "lng", "long")),
        Field(
            "website",
            "url",
            zh="网站",
            en="Website",
            synonyms=("网址", "url", "homepage", "web", "link"),
            max_length=300,
        ),
        Field(
            "founded",
            "date",
            zh="成立时间",
            en="Founded",
            synonyms=("成立日期", "注册时间", "注册日期", "year founded", "established", "incorporated"),
        ),
        Field("closed", "date", zh="终止时间", en="Closed", synonyms=("注销日期", "dissolved"), not_before="founded"),
        Field(
            "industry",
            "text",
            zh="行业代码",
            en="Industry code",
            synonyms=("行业", "国民经济行业", "industry", "sic code"),
            max_length=40,
        ),
        Field(
            "description",
            "text",
            zh="简介",
            en="Description",
            synonyms=("介绍", "业务范围", "经营范围", "about", "summary"),
            max_length=20_000,
        ),
    )


def institution_fields() -> tuple[Field, ...]:
    """What an institutions list may give."""
    return (
        Field("key", "text", zh="名单内编号", en="Key in the list", synonyms=("id", "编号", "ID"), max_length=200),
        Field(
            "name",
            "text",
            required=True,
            zh="机构名称",
            en="Name",
            max_length=200,
            synonyms=(
                "名称",
                "孵化器名称",
                "众创空间名称",
                "孵化器",
                "园区名称",
                "institution",
                "incubator",
                "organisation",
                "title",
            ),
        ),
        Field("name_en", "text", zh="英文名", en="English name", max_length=200),
        Field("former_names", "text", many=True, zh="曾用名", en="Former names", max_length=200),
        Field("aliases", "text", many=True, zh="别名", en="Other names", max_length=200),
        Field(
            "kinds",
            "choice",
            many=True,
            zh="机构类型",
            en="Kinds",
            choices=choices(Kind, **KIND_WORDS),
            synonyms=("类型", "类别", "kind", "type", "types"),
        ),
        Field(
            "stages",
            "choice",
            many=True,
            zh="孵化阶段",
            en="Stages",
            choices=choices(StageOffered, **OFFERED_WORDS),
            synonyms=("阶段", "stage"),
        ),
        Field(
            "specialism",
            "text",
            zh="专长",
            en="Specialism",
            synonyms=("专业领域", "产业方向", "主导产业", "focus", "sector"),
            max_length=200,
        ),
        Field(
            "operator",
            "text",
            zh="运营主体",
            en="Operator",
            max_length=200,
            synonyms=("运营单位", "运营主体名称", "依托单位", "运营机构", "operator", "host university", "parent"),
        ),
        Field("operator_credit_code", "credit_code", zh="运营主体信用代码", en="Operator's credit code"),
        Field("country", "country", zh="国家或地区", en="Country"),
        Field(
            "territory",
            "text",
            many=True,
            zh="行政区划",
            en="Territory",
            synonyms=("地区", "省份", "区县", "街道", "所在地", "district", "city", "region"),
            max_length=100,
        ),
        Field("address", "text", zh="场地地址", en="Address", synonyms=("地址", "场地", "location"), max_length=300),
        Field("latitude", "latitude", zh="纬度", en="Latitude", synonyms=("lat",)),
        Field("longitude", "longitude", zh="经度", en="Longitude", synonyms=("lon", "lng")),
        Field("website", "url", zh="网站", en="Website", synonyms=("网址", "url", "homepage"), max_length=300),
        Field("phone", "phone", zh="前台电话", en="Reception phone", synonyms=("电话", "联系电话", "telephone")),
        Field(
            "opened", "date", zh="开办时间", en="Opened", synonyms=("成立时间", "运营时间", "start date", "established")
        ),
        Field("closed", "date", zh="关闭时间", en="Closed", synonyms=("停办时间", "end date"), not_before="opened"),
        Field(
            "seen_open",
            "date",
            zh="见于名单的时间",
            en="Listed as of",
            synonyms=("名单年份", "年份", "年度", "认定年份", "year", "as of"),
        ),
        Field(
            "description",
            "text",
            zh="简介",
            en="Description",
            synonyms=("介绍", "备注", "note", "about"),
            max_length=20_000,
        ),
    )
