"""Invented names of ventures, teams and persons. Any likeness is chance."""

from __future__ import annotations

BRAND = (
    "澜序曜岚珩朔霁屿汐珞淳煜渝沅芮棠桦榆柏槿桐椿岭峤岱嵘崧峻泓沛淇湛漪澈瀛灏烨焓炜璟琮璨瑾瓴甬昀昱晗晟晏暄曦朗韬"
    "钰铄锟镝锦阡陌隽霖霏靖颐飏骁骞鲲鹄鸢麓黎翎翊翰聆舸芃苒茗荃莘菁蔚蘅"
)
TRADES = (
    ("医疗科技", "便携式检测仪器"),
    ("智能科技", "工业视觉检测"),
    ("传感技术", "环境与结构传感"),
    ("软件", "企业管理软件"),
    ("数据科技", "行业数据分析"),
    ("新材料", "功能涂层与复合材料"),
    ("环保科技", "水处理与监测"),
    ("新能源", "储能与能效管理"),
    ("生物技术", "体外诊断试剂"),
    ("网络科技", "移动互联网应用"),
    ("机器人", "服务机器人"),
    ("光电科技", "光学元件与成像"),
    ("通信技术", "物联网终端"),
    ("信息安全", "数据安全与认证"),
    ("教育科技", "在线教育工具"),
    ("文化科技", "数字影像制作"),
    ("电子科技", "智能硬件"),
    ("航空科技", "无人机与航测"),
    ("医药科技", "新药研发服务"),
    ("自动化", "控制与执行部件"),
    ("交通科技", "车联网与调度"),
    ("农业科技", "设施农业与溯源"),
    ("金融科技", "风控与支付技术"),
    ("设计", "工业设计服务"),
    ("检测技术", "第三方检测"),
    ("节能技术", "建筑节能"),
    ("仪器", "分析仪器"),
    ("云计算", "云平台服务"),
    ("视听技术", "音视频编解码"),
    ("虚拟现实", "沉浸式内容与设备"),
    ("供应链科技", "仓储物流系统"),
    ("芯片技术", "专用集成电路设计"),
    ("地理信息", "遥感与测绘应用"),
    ("照明科技", "半导体照明"),
    ("康复科技", "康复与养老器械"),
    ("体育科技", "运动数据与装备"),
    ("食品科技", "食品安全检测"),
    ("3D打印", "增材制造"),
    ("电力科技", "电网监测"),
    ("语音技术", "语音识别与合成"),
)
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭鲁韦马方俞任袁柳史唐"
    "薛雷贺倪汤罗毕郝安常乐于傅齐康伍余顾孟黄穆萧尹"
)
GIVEN = (
    "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏宇浩然子轩雨欣怡宁佳琪思远文博嘉乐天昊晨旭立新"
    "建国志宏海波晓东春梅丽"
)
REASONS = (
    "租期届满未续租",
    "搬迁到外区",
    "场地面积不够",
    "并入母公司",
    "经营困难，退租",
    "业务转向，不再符合入驻条件",
    "迁往外省市",
)
_LATIN = (
    "ba",
    "chen",
    "dao",
    "feng",
    "gu",
    "hai",
    "jing",
    "kai",
    "lan",
    "ming",
    "ning",
    "qi",
    "rui",
    "shu",
    "tao",
    "xun",
)


def _brand(number: int) -> tuple[str, int]:
    """Two characters, and the trade: no two of the first 299,280 numbers share both."""
    size = len(BRAND)
    mixed = number * 110_503 % (size * (size - 1) * len(TRADES))
    first, rest = mixed % size, mixed // size
    second, trade = (first + 1 + rest % (size - 1)) % size, rest // (size - 1)
    return BRAND[first] + BRAND[second], trade


def venture(number: int) -> str:
    """The company's name of the numbered venture."""
    brand, trade = _brand(number)
    return f"北京{brand}{TRADES[trade][0]}有限公司"


def team(number: int) -> str:
    """What the numbered venture is called before it is a company."""
    brand, trade = _brand(number)
    return f"{brand}{TRADES[trade][0]}团队"


def topic(number: int) -> str:
    """What the numbered venture works on."""
    return TRADES[_brand(number)[1]][1]


def latin(number: int) -> str:
    """A host name for the numbered venture."""
    return f"{_LATIN[number % 16]}{_LATIN[number // 16 % 16]}-{number}"


def person(number: int) -> str:
    """A personal name."""
    given = GIVEN[number * 7 % len(GIVEN)] + (GIVEN[number // 3 % len(GIVEN)] if number % 3 else "")
    return SURNAMES[number * 13 % len(SURNAMES)] + given
