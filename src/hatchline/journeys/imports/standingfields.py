"""The fields that lists of titles, staff, mentors and ties can fill, with the words they are known by."""

from __future__ import annotations

from hatchline.apps.institutions.models import Degree, QualificationKind, StaffRole
from hatchline.apps.people.states import TieKind, Visibility
from hatchline.apps.titles.models import TitleKind
from hatchline.apps.titles.states import Level
from hatchline.core.tables.fields import Field
from hatchline.journeys.imports.fields import choices

TITLE_WORDS = {
    "incubator": ("孵化器", "国家级科技企业孵化器", "高新技术创业服务中心", "国家高新技术创业服务中心", "Incubator"),
    "makerspace": ("国家备案众创空间", "创客空间", "Makerspace"),
    "university_park": ("国家大学科技园", "University science park"),
    "returnee_park": ("留创园", "留学生创业园"),
    "small_business_base": ("小型微型企业创业创新示范基地", "创业基地"),
    "accelerator": ("科技企业加速器", "Accelerator"),
    "industry_base": ("孵化基地",),
    "featured_carrier": ("创新创业特色载体",),
    "high_tech": ("高企", "国家高新技术企业", "High-tech enterprise"),
    "tech_sme": ("科小", "科技型中小企业评价入库", "Tech SME"),
    "specialised": ("专精特新", "专精特新中小企业", "小巨人"),
    "gazelle": ("瞪羚", "Gazelle"),
    "unicorn": ("独角兽", "Unicorn"),
}
LEVEL_WORDS = {
    "district": ("区县级", "县级", "District"),
    "municipal": ("省级", "省市级", "北京市级", "Municipal", "Provincial"),
    "national": ("国家", "部级", "科技部", "National"),
    "other": ("行业", "Other"),
}
ROLE_WORDS = {
    "manager": ("管理", "管理层", "高管", "负责人", "Manager"),
    "service": ("服务人员", "专业服务人员", "孵化服务", "Service"),
    "support": ("其他", "行政", "后勤", "Other", "Support"),
}
DEGREE_WORDS = {
    "none": ("高中", "中专", "高中及以下", "Below college"),
    "college": ("专科", "高职", "College"),
    "bachelor": ("大学本科", "学士", "Bachelor"),
    "master": ("研究生", "硕士研究生", "Master"),
    "doctor": ("博士研究生", "PhD"),
}
QUALIFICATION_WORDS = {
    "training": ("孵化器从业人员培训证书", "从业人员培训", "孵化器培训", "Training"),
    "investment": ("基金从业资格", "证券从业资格"),
    "law": ("律师", "律师执业证"),
    "accounting": ("注册会计师", "CPA"),
    "patent": ("专利代理人", "专利代理师"),
    "technology": ("技术经纪人", "技术经理人"),
    "title": ("职称", "高级职称", "中级职称"),
}
TIE_WORDS = {
    "shareholder": ("持股", "出资人", "Shareholder"),
    "legal_representative": ("法人代表", "法人", "Legal representative"),
    "post": ("董事", "监事", "高管", "Officer", "Director"),
    "employer": ("雇员", "员工", "Employee"),
    "mentor": ("导师", "Mentor"),
    "adviser": ("顾问专家", "Adviser"),
}


def _key() -> Field:
    return Field("key", zh="名单内编号", en="Key in the list", synonyms=("id", "编号", "ID"), max_length=200)


def _source() -> Field:
    return Field("source", zh="来源", en="Source", max_length=200)


def _place() -> Field:
    return Field(
        "territory", many=True, zh="行政区划", en="Territory",
        synonyms=("地区", "省份", "区县", "district", "region"), max_length=100,
    )  # fmt: skip


def title_fields() -> tuple[Field, ...]:
    """What a list of titles may give. ``register``: an institution that is no record yet becomes one."""
    return (
        _key(),
        Field(
            "name", required=True, zh="获得单位", en="Holder", max_length=200,
            synonyms=(
                "名称", "机构名称", "企业名称", "孵化器名称", "众创空间名称", "科技园名称", "园区名称", "基地名称",
                "单位名称", "name", "company", "institution",
            ),
        ),
        Field("credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field(
            "holder", "choice", zh="获得单位是", en="Holder is",
            choices={"institution": ("institution", "孵化机构"), "venture": ("venture", "创业主体", "企业")},
        ),
        Field(
            "kind", "choice", required=True, zh="资质", en="Title", synonyms=("资质类别", "类别", "类型", "kind"),
            choices=choices(TitleKind, **TITLE_WORDS),
        ),
        Field(
            "level", "choice", zh="级别", en="Level", synonyms=("等级", "认定级别"),
            choices=choices(Level, **LEVEL_WORDS),
        ),
        Field("title", zh="资质名称", en="Title as written", max_length=120),
        Field("authority", zh="授予单位", en="Authority", synonyms=("认定单位", "批准单位"), max_length=120),
        Field("document", zh="文号", en="Document", synonyms=("批文", "认定文号", "document"), max_length=120),
        Field("number", zh="证书编号", en="Number", synonyms=("编号", "certificate"), max_length=60),
        Field("batch", zh="批次", en="Batch", synonyms=("batch",), max_length=120),
        Field(
            "given", "date", zh="授予时间", en="Given",
            synonyms=("认定时间", "认定年份", "发证日期", "批准时间", "year", "年份"),
        ),
        Field("ends", "date", zh="有效期至", en="Valid until", synonyms=("到期时间", "expires"), not_before="given"),
        Field("withdrawn", "date", zh="撤销日期", en="Withdrawn", synonyms=("取消时间",), not_before="given"),
        Field("reason", zh="原因", en="Reason", synonyms=("撤销原因",), max_length=300),
        Field("register", "bool", zh="没有的先登记", en="Register when missing"),
        _place(),
        Field("country", "country", zh="国家或地区", en="Country"),
        _source(),
    )  # fmt: skip


def _at(label: str, english: str) -> Field:
    return Field(
        "institution", required=True, zh=label, en=english, max_length=200,
        synonyms=("机构名称", "孵化器", "所在机构", "聘任机构", "institution", "incubator"),
    )  # fmt: skip


def _days(since: tuple[str, ...], until: tuple[str, ...]) -> tuple[Field, Field]:
    return (
        Field("starts", "date", zh="开始时间", en="From", synonyms=(*since, "start", "since")),
        Field("ends", "date", zh="结束时间", en="Until", synonyms=(*until, "end", "until"), not_before="starts"),
    )


def staff_fields() -> tuple[Field, ...]:
    """What a list of staff may give. Several qualifications: a row each, with the same name."""
    return (
        _key(),
        _at("孵化机构", "Institution"),
        _place(),
        Field("name", required=True, zh="姓名", en="Name", synonyms=("人员姓名",), max_length=100),
        Field(
            "role", "choice", zh="岗位", en="Role", synonyms=("岗位类别", "人员类别"),
            choices=choices(StaffRole, **ROLE_WORDS),
        ),
        Field("post", zh="职务", en="Post", synonyms=("职位", "position"), max_length=60),
        Field(
            "degree", "choice", zh="学历", en="Degree", synonyms=("文化程度", "education"),
            choices=choices(Degree, **DEGREE_WORDS),
        ),
        Field("experienced", "bool", zh="有产业、创业或投资经验", en="Experienced", synonyms=("从业经验",)),
        *_days(("入职时间", "到岗时间", "任职时间"), ("离职时间", "离岗时间")),
        Field(
            "qualification_kind", "choice", zh="资格类别", en="Kind of qualification",
            choices=choices(QualificationKind, **QUALIFICATION_WORDS),
        ),
        Field("qualification", zh="资格名称", en="Qualification", synonyms=("证书名称", "证书"), max_length=100),
        Field("issuer", zh="发证单位", en="Issued by", synonyms=("发证机关", "培训单位"), max_length=120),
        Field("issued", "date", zh="取得时间", en="Issued", synonyms=("发证时间", "培训时间")),
        _source(),
    )  # fmt: skip


def mentor_fields() -> tuple[Field, ...]:
    """What a list of mentors may give."""
    return (
        _key(),
        _at("聘任机构", "Institution"),
        _place(),
        Field("name", required=True, zh="姓名", en="Name", synonyms=("导师姓名", "导师"), max_length=100),
        Field("works_at", zh="工作单位", en="Works at", synonyms=("单位", "任职单位"), max_length=120),
        Field("post", zh="职务", en="Post", synonyms=("职位", "职称"), max_length=60),
        Field("field", zh="辅导领域", en="Field", synonyms=("领域", "专长", "擅长领域"), max_length=120),
        *_days(("聘任时间", "受聘时间"), ("聘期至", "解聘时间")),
        _source(),
    )


def tie_fields() -> tuple[Field, ...]:
    """What a list of ties may give. The share is in per cent."""
    return (
        _key(),
        Field(
            "organisation", required=True, zh="单位", en="Organisation", max_length=200,
            synonyms=("企业名称", "单位名称", "公司名称", "company"),
        ),
        Field("organisation_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
        Field(
            "name", required=True, zh="关联人", en="Tied", max_length=200,
            synonyms=("姓名", "股东", "关联方", "名称", "holder", "name"),
        ),
        Field("holder_code", "credit_code", zh="关联方信用代码", en="Credit code of the tied"),
        Field(
            "holder", "choice", zh="关联方是", en="Tied is",
            choices={
                "person": ("person", "自然人", "个人"),
                "organisation": ("organisation", "单位", "企业", "法人股东", "机构"),
            },
        ),
        Field(
            "kind", "choice", required=True, zh="关系", en="Tie", synonyms=("关联关系", "relation"),
            choices=choices(TieKind, **TIE_WORDS),
        ),
        Field("share", "decimal", zh="持股比例", en="Share, %", synonyms=("出资比例",), minimum=0, maximum=100),
        Field("post", zh="职务", en="Post", synonyms=("职位",), max_length=60),
        *_days(("起始时间", "入股时间", "任职时间"), ("终止时间", "退出时间")),
        Field(
            "visibility", "choice", zh="谁可以看到", en="Who may see it", choices=choices(Visibility),
        ),
        _source(),
    )  # fmt: skip
