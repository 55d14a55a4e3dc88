"""A base of company files in which we know who is who: families of names that look alike, and files written twice.

Deterministic: the same number gives the same files on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.formats.codes import _uscc_check as check_digit

CITIES = {
    "110100": "北京", "310100": "上海", "440100": "广州", "440300": "深圳", "510100": "成都", "330100": "杭州", "420100": "武汉",
    "610100": "西安", "320500": "苏州", "320100": "南京", "430100": "长沙", "410100": "郑州", "370200": "青岛", "330200": "宁波",
    "320200": "无锡", "370100": "济南", "210100": "沈阳", "340100": "合肥", "440600": "佛山", "441900": "东莞", "350100": "福州",
    "350200": "厦门", "530100": "昆明", "230100": "哈尔滨", "220100": "长春", "210200": "大连", "130100": "石家庄", "140100": "太原",
    "360100": "南昌", "520100": "贵阳", "450100": "南宁", "620100": "兰州", "460100": "海口", "320400": "常州", "330300": "温州",
    "320300": "徐州", "370600": "烟台", "130200": "唐山", "210300": "鞍山", "211000": "辽阳",
}  # fmt: skip
# A third of these trades the normaliser does not know.
TRADES = (
    "科技 机械 贸易 网络 信息 电子 建筑 装饰 物流 餐饮 食品 医药 咨询 广告 传媒 服饰 包装 印刷 化工 环保 教育 材料 电气 汽车 房地产 "
    "模具 五金 阀门 轴承 电缆 园林 家电 仪表 玻璃 灯饰 茶业 农机 水泵 涂料 石材"
).split()
SYNONYMS = {
    "科技": ("技术", "科学技术"), "贸易": ("商贸", "经贸"), "网络": ("网络科技", "网络技术"), "信息": ("信息技术", "信息科技"),
    "建筑": ("建设工程", "建筑工程"), "物流": ("运输", "货运"), "餐饮": ("餐饮管理", "饮食"), "食品": ("食品饮料",),
    "医药": ("药业", "制药"), "咨询": ("管理咨询", "企业管理咨询"), "传媒": ("文化传媒", "文化传播"), "机械": ("机械设备", "机械制造"),
    "电子": ("电子科技",), "房地产": ("置业", "地产"), "汽车": ("汽车销售",), "广告": ("广告传媒",),
}  # fmt: skip
FORMS = ("有限公司",) * 12 + ("有限责任公司",) * 3 + ("股份有限公司", "集团有限公司", "厂", "商行")
LETTERS = (
    "云岭精远航鼎岳天成泰和华美盛达恒信宏图博雅金辉银河永康瑞丰海纳百川启明星辰龙腾飞跃佳创新锐捷通顺安宁祥福禄寿喜庆有余年长青松柏竹梅兰菊春夏秋冬"
    "东南西北中正大方圆满月光明亮清源泉水木火土石山川江湖河洋沙洲林森森茂荣昌兴旺发财宝玉珠翠碧绿蓝紫红橙黄白黑玄朗晴雪霜露雨风雷电虹霞彩锦绣绮丽"
    "俊杰英豪雄伟壮强健康乐怡悦欣欢嘉善良优秀卓越超群拔萃领先锋利德仁义礼智诚信忠孝勇毅敏慧聪颖思远志高节亮凯旋胜利达观道同和谐致真立本固元培根"
)
HOMOPHONES = {
    "云": "芸", "岭": "领", "远": "源", "鼎": "顶", "成": "诚", "华": "桦", "盛": "胜", "达": "答", "恒": "衡", "信": "芯", "宏": "洪", "图": "途",
    "博": "搏", "金": "锦", "辉": "晖", "永": "勇", "瑞": "锐", "丰": "峰", "海": "嗨", "明": "铭", "星": "鑫", "飞": "菲", "佳": "嘉", "新": "欣",
    "通": "同", "安": "鞍", "祥": "翔", "福": "富", "庆": "磬", "青": "清", "康": "糠", "源": "元", "林": "琳", "荣": "容", "昌": "畅", "兴": "星",
}  # fmt: skip
TRADITIONAL = str.maketrans(
    "云岭远华盛达图辉银丰纳启龙腾飞创锐顺宁寿庆余长东满亮清机电网络贸装饰饮药询广传媒业",
    "雲嶺遠華盛達圖輝銀豐納啟龍騰飛創銳順寧壽慶餘長東滿亮清機電網絡貿裝飾飲藥詢廣傳媒業",
)


@dataclass(frozen=True)
class File:
    """One file; `entity` is the company it really is."""

    entity: int
    name: str
    phone: str
    code: str
    region: str


@dataclass(frozen=True)
class Company:
    number: int
    city: str
    brand: str
    trade: str
    form: str
    phones: tuple[str, ...]
    code: str


def files(count: int, seed: int = 20261122) -> list[File]:
    """`count` files, about a fifth of them written again in another way."""
    dice = random.Random(seed)
    found: list[File] = []
    known: list[Company] = []
    taken: set[str] = set()
    while len(found) < count:
        company = _company(dice, len(known), known, taken)
        known.append(company)
        found.append(_file(dice, company, _name(company, dice), dice.random() < 0.45))
        if dice.random() < 0.2:
            found += _again(dice, company)
    dice.shuffle(found)
    return found[:count]


def _again(dice: random.Random, company: Company) -> Iterator[File]:
    for _n in range(1 if dice.random() < 0.8 else 2):
        yield _file(dice, company, _varied(company, dice), dice.random() < 0.45)


def _company(dice: random.Random, number: int, known: list[Company], taken: set[str]) -> Company:
    """A company of its own: no two share a registered name; some share a brand, a phone or both with another."""
    while True:
        brand = "".join(dice.choices(LETTERS, k=dice.choices((2, 3, 4), (55, 30, 15))[0]))
        trade, city, phones = dice.choice(TRADES), dice.choice(list(CITIES)), (_mobile(dice), _landline(dice))
        if known and dice.random() < 0.15:  # a family: the same brand in another city or trade
            other = dice.choice(known)
            brand = other.brand
            city, trade = (city, other.trade) if dice.random() < 0.5 else (other.city, trade)
            if dice.random() < 0.2:
                phones = (dice.choice(other.phones), phones[1])
        elif known and dice.random() < 0.01:  # an agent looks after several companies
            phones = (dice.choice(known).phones[0], phones[1])
        form = dice.choice(FORMS)
        key = f"{CITIES[city]}{brand}{trade}"
        if key not in taken:
            taken.add(key)
            return Company(number, city, brand, trade, form, phones, _code(dice))


def _file(dice: random.Random, company: Company, name: str, coded: bool) -> File:
    phone = dice.choices((*company.phones, _mobile(dice), ""), (50, 25, 15, 10))[0]
    region = company.city if dice.random() < 0.6 else ""
    return File(company.number, name, _written(dice, phone), company.code if coded else "", region)


def _name(company: Company, dice: random.Random) -> str:
    city = CITIES[company.city]
    if dice.random() < 0.2:
        return f"{company.brand}（{city}）{company.trade}{company.form}"
    return f"{city}{'市' if dice.random() < 0.3 else ''}{company.brand}{company.trade}{company.form}"


def _varied(company: Company, dice: random.Random) -> str:
    """The name as somebody else would write it: one to three of the usual changes."""
    parts = {
        "city": CITIES[company.city],
        "brand": company.brand,
        "trade": company.trade,
        "form": company.form,
        "way": "front",
    }
    for change in dice.sample(CHANGES, dice.choices((1, 2, 3), (55, 35, 10))[0]):
        change(parts, dice)
    text = {
        "front": f"{parts['city']}{parts['brand']}{parts['trade']}{parts['form']}",
        "bracket": f"{parts['brand']}({parts['city']}){parts['trade']}{parts['form']}",
        "none": f"{parts['brand']}{parts['trade']}{parts['form']}",
    }[parts["way"]]
    return text.translate(TRADITIONAL) if parts.get("old") else text


def _move(parts: dict[str, str], dice: random.Random) -> None:
    parts["way"] = dice.choice(("bracket", "none", "front"))
    parts["city"] += dice.choice(("", "市"))


def _reform(parts: dict[str, str], dice: random.Random) -> None:
    parts["form"] = dice.choice(("", "公司", "有限责任公司", "有限公司"))


def _retrade(parts: dict[str, str], dice: random.Random) -> None:
    parts["trade"] = dice.choice((*SYNONYMS.get(parts["trade"], ()), ""))


def _homophone(parts: dict[str, str], dice: random.Random) -> None:
    at = [i for i, char in enumerate(parts["brand"]) if char in HOMOPHONES]
    if at:
        i = dice.choice(at)
        parts["brand"] = parts["brand"][:i] + HOMOPHONES[parts["brand"][i]] + parts["brand"][i + 1 :]


def _slip(parts: dict[str, str], dice: random.Random) -> None:
    brand = parts["brand"]
    i = dice.randrange(len(brand))
    if len(brand) > 2 and dice.random() < 0.4:
        parts["brand"] = brand[:i] + brand[i + 1 :]
    elif dice.random() < 0.5:
        j = min(i, len(brand) - 2)
        parts["brand"] = brand[:j] + brand[j + 1] + brand[j] + brand[j + 2 :]
    else:
        parts["brand"] = brand[:i] + dice.choice(LETTERS) + brand[i:]


def _old(parts: dict[str, str], _dice: random.Random) -> None:
    parts["old"] = "1"


CHANGES = (_move, _move, _reform, _reform, _retrade, _homophone, _slip, _old)


def _mobile(dice: random.Random) -> str:
    return f"1{dice.choice('35789')}{dice.randrange(10**9):09d}"


def _landline(dice: random.Random) -> str:
    return f"0512{dice.choice('23456789')}{dice.randrange(10**7):07d}"


def _written(dice: random.Random, phone: str) -> str:
    if phone.startswith("1"):
        return dice.choice(
            (phone, f"+86 {phone}", f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}")
        )
    return dice.choice((phone, f"{phone[:4]}-{phone[4:]}")) if phone else ""


def _code(dice: random.Random) -> str:
    body = (
        "91"
        + "".join(dice.choices("0123456789", k=6))
        + "MA"
        + "".join(dice.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=7))
    )
    return body + check_digit(body)


def truth(found: list[File]) -> set[tuple[int, int]]:
    """Pairs of places in the list that are one company."""
    places: dict[int, list[int]] = {}
    for place, file in enumerate(found):
        places.setdefault(file.entity, []).append(place)
    return {(a, b) for group in places.values() for i, a in enumerate(group) for b in group[i + 1 :]}
