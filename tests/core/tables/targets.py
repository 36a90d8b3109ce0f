"""Fields as a caller would declare them; the tests' own."""

from hatchline.core.tables.fields import Field

KINDS = {
    "incubator": ("科技企业孵化器", "国家高新技术创业服务中心", "孵化器", "Incubator", "Incubator / accelerator"),
    "accelerator": ("加速器", "Accelerator"),
    "university_park": ("大学科技园", "国家大学科技园", "University science park"),
    "returnee_park": ("留学人员创业园",),
    "makerspace": ("众创空间", "Makerspace"),
}
INSTITUTIONS = [
    Field("name", required=True, zh="机构名称", en="Name", synonyms=("名称", "孵化器", "孵化器名称"), max_length=200),
    Field("kinds", "choice", many=True, zh="机构类型", en="Kinds", choices=KINDS, synonyms=("类型", "type", "types")),
    Field("operator", zh="运营主体", en="Operator", synonyms=("运营主体名称", "运营单位")),
    Field("operator_credit_code", "credit_code", zh="统一社会信用代码", en="Credit code", synonyms=("信用代码",)),
    Field("country", "country", zh="国家", en="Country"),
    Field("territory", many=True, zh="地区", en="Territory", synonyms=("省份", "region", "district", "所在区县")),
    Field("website", "url", zh="网址", en="Website", synonyms=("url",)),
    Field("latitude", "latitude", zh="纬度", en="Latitude", synonyms=("lat",)),
    Field("longitude", "longitude", zh="经度", en="Longitude", synonyms=("lon",)),
    Field("area", "area", zh="场地面积", en="Area", synonyms=("面积", "孵化面积"), unit="m²", minimum=0),
    Field("email", "email", zh="邮箱", en="E-mail"),
    Field("phone", "phone", zh="电话", en="Phone"),
    Field("opened", "date", zh="成立时间", en="Opened", synonyms=("开办时间",)),
    Field("closed", "date", zh="关闭时间", en="Closed", not_before="opened"),
    Field("seen_open", "date", zh="年度", en="Listed as of", synonyms=("year",)),
    Field("tenants", "integer", zh="在孵企业数", en="Tenants", minimum=0),
    Field("income", "money", zh="总收入", en="Income"),
    Field("is_public", "bool", zh="是否公开", en="Public"),
    Field("description", zh="简介", en="Description"),
]
TYPES = {
    "company": ("Company",),
    "investor": ("Funder",),
    "university": ("University / RTO",),
    "incubator": ("Incubator / accelerator",),
}
ORGANISATIONS = [
    Field("name", required=True, zh="单位名称", en="Name", synonyms=("organisation",), max_length=200),
    Field("types", "choice", many=True, zh="单位类型", en="Types", choices=TYPES, synonyms=("type",)),
    Field("country", "country", zh="国家", en="Country"),
    Field("territory", many=True, zh="行政区划", en="Territory", synonyms=("place", "town", "city")),
    Field("postcode", zh="邮编", en="Postcode"),
    Field("latitude", "latitude", zh="纬度", en="Latitude", synonyms=("lat",)),
    Field("longitude", "longitude", zh="经度", en="Longitude", synonyms=("lon",)),
    Field("website", "url", zh="网站", en="Website", synonyms=("url",)),
    Field("description", zh="简介", en="Description"),
]
VENTURES = [
    Field("name", required=True, zh="企业名称", en="Company"),
    Field("status", "choice", zh="状态", en="Status", choices={"operating": (), "closed": (), "exited": ()}),
    Field("founded", "date", zh="成立年份", en="Year founded"),
    Field("batch", "date", zh="批次", en="Batch"),
    Field("raised", "money", many=True, zh="融资额", en="Raised"),
    Field("industries", many=True, zh="行业", en="Industries"),
    Field("description"),
    Field("address"),
    Field("territory"),
    Field("country", "country"),
    Field("website", "url"),
]
