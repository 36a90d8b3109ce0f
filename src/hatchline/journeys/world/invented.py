"""Invented names: persons, bodies, institutions. Any likeness is chance."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.cn import uscc

# Institutions: name, kind, sub-district, opened as somebody might write it ("" nobody knows), specialism
INSTITUTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("奥北留学人员创业园", "returnee_park", "来广营", "2003-09", "留学人员创业"),
    ("酒仙桥融芯孵化器", "incubator", "酒仙桥", "2004年3月", "集成电路"),
    ("将台蓝湾孵化器", "incubator", "将台", "2006-05-18", "新一代信息技术"),
    ("望京启元科技孵化器", "incubator", "望京", "2008-04-12", "传感与物联网"),
    ("建外金融科技孵化器", "incubator", "建外", "2012-06", "金融科技"),
    ("三元桥国际创业港", "returnee_park", "香河园", "2009年", "跨境创业"),
    ("东郊大学科技园", "university_park", "三间房", "2005-10-20", "高校成果转化"),
    ("大屯健康医疗孵化器", "incubator", "大屯", "2011-03", "医疗器械"),
    ("垡头焦厂新材料孵化器", "incubator", "垡头", "2010年9月", "新材料"),
    ("双桥云谷加速器", "accelerator", "管庄", "2013-01-08", "云计算"),
    ("来广营智造加速器", "accelerator", "来广营", "2014-05", "智能制造"),
    ("东坝绿能孵化器", "incubator", "东坝", "2013-11", "节能环保"),
    ("崔各庄艺术科技孵化器", "incubator", "崔各庄", "2012年春", "数字艺术"),
    ("呼家楼数传孵化器", "incubator", "呼家楼", "2011-08-15", "数字传媒"),
    ("八里庄织厂创业空间", "innovative", "八里庄", "2014-09", "文化创意"),
    ("麦子店国际孵化器", "incubator", "麦子店", "2010-12", "国际技术转移"),
    ("南磨房工美创客空间", "innovative", "南磨房", "2015-03-20", "工艺设计"),
    ("金盏空港国际孵化器", "incubator", "金盏", "2013年", "航空服务"),
    ("平房影像科技孵化器", "incubator", "平房", "2014-01", "影像技术"),
    ("十八里店数字设计基地", "small_business_base", "十八里店", "2012-10", "工业设计"),
    ("亚运村体育科技孵化器", "incubator", "亚运村", "2013-06-06", "体育科技"),
    ("东湖物联创业园", "incubator", "东湖", "2014-11", "物联网"),
    ("常营小企业创业基地", "small_business_base", "常营", "2009-07", "生活服务"),
    ("高碑店漕运文创孵化器", "incubator", "高碑店", "2013-04", "文化创意"),
    ("太阳宫青藤孵化器", "incubator", "太阳宫", "2014-12-01", "教育科技"),
    ("孙河田园创客营", "makerspace", "孙河", "2016-04", "现代农业"),
    ("奥运村数据孵化器", "incubator", "奥运村", "2015-06", "大数据"),
    ("小关视听创业空间", "makerspace", "小关", "2016-01-10", "音视频"),
    ("安贞医工创客空间", "makerspace", "安贞", "2015年下半年", "医工结合"),
    ("和平街新材孵化器", "incubator", "和平街", "2016-09", "新材料"),
    ("东风农机厂创业园", "innovative", "东风", "2016-11", "智能装备"),
    ("三里屯设计创客空间", "makerspace", "三里屯", "2015-09", "设计"),
    ("团结湖街坊创业苗圃", "nursery", "团结湖", "2015-05", "社区创业"),
    ("六里屯游戏工场", "innovative", "六里屯", "2016-06", "数字内容"),
    ("朝外跨境创业空间", "innovative", "朝外", "2016-03", "跨境电商"),
    ("双井芯火空间", "makerspace", "双井", "2016-10-18", "智能硬件"),
    ("豆各庄仓储孵化器", "incubator", "豆各庄", "2017-01", "智慧物流"),
    ("黑庄户设施农业基地", "small_business_base", "黑庄户", "", "设施农业"),
    ("劲松旧改创业空间", "innovative", "劲松", "2017-03-15", "城市更新"),
    ("潘家园文物科技空间", "innovative", "潘家园", "2015-12", "文物保护"),
    ("王四营低碳孵化器", "incubator", "王四营", "2014-07", "低碳技术"),
    ("小红门肖村创业园", "industrial_park", "小红门", "", "先进制造"),
    ("望京慧谷产业园", "industrial_park", "望京", "2007年", "电子信息"),
    ("酒仙桥传感加速器", "accelerator", "酒仙桥", "2017-05-22", "传感器"),
)

STAGES: dict[str, tuple[str, ...]] = {
    "incubator": ("nursery", "incubation"),
    "accelerator": ("acceleration",),
    "university_park": ("nursery", "incubation", "acceleration"),
    "returnee_park": ("incubation",),
    "small_business_base": ("incubation",),
    "innovative": ("nursery", "incubation"),
    "makerspace": ("nursery",),
    "nursery": ("nursery",),
    "industrial_park": ("park",),
}

# Functional areas: code, name, English name, sub-districts
AREAS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("demo-cbd", "商务中心区（演示）", "Central Business District (demo)", ("建外", "朝外", "呼家楼")),
    ("demo-dzc", "电子城（演示）", "Electronics Zone (demo)", ("望京", "酒仙桥", "将台", "东湖")),
    ("demo-ayc", "奥运功能区（演示）", "Olympic Area (demo)", ("奥运村", "大屯", "亚运村")),
    ("demo-dfz", "定福庄功能区（演示）", "Dingfuzhuang Area (demo)", ("三间房", "管庄", "高碑店", "常营")),
)

# Key industries: name, codes of gbt4754-2017
INDUSTRIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("新一代信息技术（演示）", ("I64", "I65", "C39")),
    ("科技服务（演示）", ("M73", "M74", "M75")),
    ("文化创意（演示）", ("R86", "R87", "M7491")),
    ("健康医疗（演示）", ("C358", "Q84")),
)


@dataclass(frozen=True)
class Someone:
    """A person with an account: ``body`` is a key of BODIES, ``place`` district or everywhere."""

    username: str
    name: str
    name_en: str
    roles: tuple[tuple[str, str], ...]  # kind, place: district, area:<code>, body:<key> or ""


# Bodies besides the operators: key, name, types, legal form
BODIES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("commission", "朝阳区科学技术委员会（演示）", ("government",), "government"),
    ("finance", "朝阳区财政局（演示）", ("government",), "government"),
    ("centre", "朝阳区生产力促进中心（演示）", ("centre", "provider"), "public_institution"),
    ("university", "北京东郊理工大学（演示）", ("university",), "public_institution"),
    ("laboratory", "东郊材料测试实验室（演示）", ("laboratory", "institute"), "public_institution"),
    ("capital", "北京金柳创业投资有限公司", ("investor", "company"), "limited"),
    ("law", "北京衡正知识产权代理有限公司", ("provider", "company"), "limited"),
    ("bank", "朝东科技银行（演示）", ("bank", "investor"), "joint_stock"),
    ("venture", "北京青梧智算科技有限公司", ("company",), "limited"),
    ("overseas", "Lakeside Incubation Ltd (demo)", ("incubator", "company"), "foreign"),
)

PEOPLE: tuple[Someone, ...] = (
    Someone("admin", "周启明", "Zhou Qiming", (("administrator", ""),)),
    Someone("lin", "林晓岚", "Lin Xiaolan", (("official", "district"), ("official", "area:demo-dzc"))),
    Someone("fang", "方克勤", "Fang Keqin", (("official", "district"),)),
    Someone("officer", "郑立言", "Zheng Liyan", (("officer", "body:finance"),)),
    Someone("centre", "宋雨桐", "Song Yutong", (("centre", "body:centre"),)),
    Someone("manager", "贺知远", "He Zhiyuan", (("manager", "body:operator"), ("mentor", ""))),
    Someone("staff", "苗晓雨", "Miao Xiaoyu", (("staff", "body:operator"),)),
    Someone("founder", "江一帆", "Jiang Yifan", (("founder", "body:venture"),)),
    Someone("mentor", "顾长青", "Gu Changqing", (("mentor", ""),)),
    Someone("expert", "沈思齐", "Shen Siqi", (("expert", ""),)),
    Someone("investor", "柳明哲", "Liu Mingzhe", (("investor", "body:capital"),)),
    Someone("provider", "秦正衡", "Qin Zhengheng", (("provider", "body:law"),)),
    Someone("laboratory", "唐若谷", "Tang Ruogu", (("laboratory", "body:laboratory"),)),
    Someone("accelerator", "陆行舟", "Lu Xingzhou", (("manager", "body:operator9"), ("manager", "body:operator10"))),
    Someone("park", "关山月", "Guan Shanyue", (("manager", "body:operator42"), ("manager", "body:operator6"))),
    Someone("neighbour", "许闻笛", "Xu Wendi", (("manager", "body:operator4"),)),
    Someone("yunshan", "周砚清", "Zhou Yanqing", (("founder", ""),)),
    Someone("team", "叶知秋", "Ye Zhiqiu", (("founder", ""),)),
    Someone("auditor", "严守正", "Yan Shouzheng", (("auditor", ""),)),
)

SYLLABLES = (
    "启明远航青禾云杉星海瀚宇博睿卓越凌峰晨曦朗润嘉禾锐思微光汇智融通合众天枢玉衡开阳摇光百川千帆鸿鹄沐阳知行致远"
    "安澜松涛竹韵兰亭梅里澄怀观复若水上善行健厚德弘毅笃实敏求"
)
WORDS = tuple(SYLLABLES[start : start + 2] for start in range(0, len(SYLLABLES) - 1, 2))
FIELDS = (
    "科技", "信息技术", "软件", "网络科技", "智能科技", "生物科技", "医疗器械", "新材料", "环保科技", "新能源",
    "文化传媒", "数字科技", "传感技术", "教育科技", "电子商务", "检测技术", "设计", "自动化设备", "数据技术",
    "知识产权代理",
)  # fmt: skip


def credit_code(number: int, kind: str = "91") -> str:
    """A well-formed code that no real body can have: its division 000000 does not exist."""
    body = f"{kind}000000{number:09d}"
    return body + uscc.calc_check_digit(body)


def company(number: int) -> str:
    """The name of the numbered company: no two of the first 300,000 share one."""
    size = len(WORDS)
    first, rest = number % size, number // size
    second, rest = (rest * 7 + first * 3) % size, rest // size
    field, rest = FIELDS[rest % len(FIELDS)], rest // len(FIELDS)
    series = "" if rest == 0 else "甲乙丙丁戊己庚辛壬癸"[(rest - 1) % 10]
    return f"北京{WORDS[first]}{WORDS[second]}{series}{field}有限公司"
