"""Keys under which two writings of one company or person meet: a reason for suspicion, never for a merge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from guanxi.formats.regions import all_regions
from guanxi.formats.tokens import normalise
from guanxi.formats.values import words

# Organisational forms.
_FORMS = frozenset(
    words("""
    集团股份有限公司 集团有限责任公司 集团有限公司 集团总公司 集团公司 控股集团有限公司 股份有限公司 有限责任公司 有限公司 股份公司
    总公司 分公司 子公司 公司 集团 有限合伙 普通合伙 特殊普通合伙 合伙企业 个人独资企业 经营部 经销部 门市部 营业部 商行 工作室
    厂 合作社 专业合作社 事务所 中心 个体工商户 个人独资 股份制
    """)
)
_LONGEST_FORM = max(map(len, _FORMS))
_ASIDES = words("有限合伙 普通合伙 特殊普通合伙 集团 个人独资 个体工商户 股份 中国 china 筹")

# Spoken and written names of one trade; the comparison uses the right side.
_TRADES = {
    "网络技术": "网络", "网络科技": "网络", "信息技术": "信息", "信息科技": "信息", "科学技术": "科技", "技术": "科技", "商贸": "贸易",
    "经贸": "贸易", "工贸": "贸易", "电商": "电子商务", "文化传媒": "传媒", "文化传播": "传媒", "传播": "传媒", "广告传媒": "广告",
    "物流运输": "物流", "运输": "物流", "货运": "物流", "建设工程": "建筑", "建筑工程": "建筑", "建设": "建筑", "地产": "房地产",
    "房地产开发": "房地产", "置业": "房地产", "制药": "医药", "药业": "医药", "食品饮料": "食品", "饮食": "餐饮", "餐饮管理": "餐饮",
    "酒店管理": "酒店", "企业管理咨询": "咨询", "管理咨询": "咨询", "企业管理": "咨询", "投资管理": "投资", "汽车销售": "汽车",
    "机械制造": "机械", "机械设备": "机械", "电子科技": "电子", "人力资源服务": "人力资源", "物业管理": "物业", "物业服务": "物业",
}  # fmt: skip
_INDUSTRIES = frozenset(_TRADES) | frozenset(_TRADES.values()) | frozenset(words(
    "银行 证券 保险 航空 汽车 大学 学院 医院 银行股份 发展 实业 控股 投资 服务 软件 能源 电力 集成电路 半导体 材料 化工 钢铁 农业 教育 环保 "
    "旅游 五金 石油 地铁 水务 燃气 港口 机场 铁路 通信 移动 电信 联通 制造 设备 开发 工程 装饰 服饰 家具 包装 印刷 电气 国际 股份 农商银行 农村商业银行")
)  # fmt: skip
# Brands that begin with the name of a region, which must stay a part of them.
_PROTECTED = tuple(
    words(
        "阿里 海南航空 长安汽车 长安福特 南京银行 北京银行 上海银行 宁波银行 江苏银行 浙商银行 青岛啤酒 贵州茅台 东风 吉利 三一 中国 云南白药 "
        "海尔 上海浦东发展 浦发 北京现代 上海家化 上海电气 上海医药 北京汽车 广州汽车 广汽 重庆啤酒 燕京 泸州老窖 泰康 五粮液 沙钢 鞍山钢铁 "
        "河南双汇 天津钢管 珠江啤酒 西门子 和平 南山 东方 中山大学 长城 大同 永安 太平洋 太平 平安"
    )
)
# Only well-known prefectures lose their bare name; a lesser one may well be somebody's brand (阿里, 和田, 昌吉).
_KNOWN_CITIES = frozenset(
    words(
        "石家庄 唐山 太原 沈阳 大连 长春 哈尔滨 南京 无锡 徐州 常州 苏州 南通 扬州 镇江 杭州 宁波 温州 嘉兴 绍兴 金华 台州 合肥 芜湖 福州 厦门 泉州 "
        "南昌 济南 青岛 烟台 潍坊 临沂 郑州 洛阳 武汉 宜昌 长沙 广州 深圳 珠海 佛山 东莞 惠州 中山 汕头 南宁 桂林 海口 三亚 成都 绵阳 贵阳 昆明 拉萨 西安 "
        "兰州 西宁 银川 呼和浩特 包头 乌鲁木齐 保定 廊坊 盐城 泰州 湖州 淮安 连云港 赣州 九江 襄阳 株洲 湘潭 柳州 遵义 咸阳 大庆 鞍山 威海 淄博 济宁 "
        "秦皇岛 邯郸 邢台 张家口 承德 沧州 衡水 阳泉 晋城 朔州 晋中 运城 忻州 临汾 吕梁 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 四平 辽源 通化 "
        "齐齐哈尔 鸡西 鹤岗 双鸭山 佳木斯 牡丹江 绥化 宿迁 衢州 舟山 丽水 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 滁州 阜阳 宿州 亳州 池州 宣城 莆田 漳州 南平 "
        "景德镇 萍乡 鹰潭 宜春 抚州 上饶 枣庄 东营 日照 德州 聊城 滨州 菏泽 开封 平顶山 安阳 鹤壁 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 "
        "黄石 十堰 荆门 孝感 荆州 黄冈 咸宁 随州 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 娄底 韶关 江门 湛江 茂名 肇庆 梅州 汕尾 阳江 潮州 揭阳 云浮 "
        "梧州 钦州 贵港 百色 贺州 自贡 攀枝花 内江 南充 宜宾 达州 六盘水 曲靖 昭通 铜川 渭南 汉中 榆林 嘉峪关 天水 酒泉 克拉玛依 吐鲁番 哈密"
    )
)
_ASIDE = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•・．‧∙･", "·"))


# 苏州云岭机械有限公司上海分公司: the head, then what tells the branch from it.
_BRANCH = re.compile(
    r"(.{2,}(?:公司|厂|集团|银行|事务所|合作社|中心))[·\-—－]?"
    r"(.{1,20}(?:分公司|分店|分行|支行|分部|办事处|营业部|经营部|门市部|[\d一二三四五六七八九十]店))"
)

_BRANCHES = ("分公司", "分店", "分行", "支行", "分部", "办事处", "营业部", "经营部", "门市部", "店")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """The parts of a company name in comparison form; `regions` are six-digit codes, the outermost first.

    `branch` is what a branch adds to the name of its head (上海分公司), which stands in the other parts.
    """

    brand: str
    industry: str
    form: str
    regions: tuple[str, ...]
    branch: str = ""

    @property
    def key(self) -> str:
        return self.brand + self.industry


@lru_cache(maxsize=2)
def _region_names(*, every: bool) -> dict[str, str]:
    """Names that may be stripped, with their code; the larger region wins a name that several share.

    `every`: in brackets stands a region or no name at all, so there the lesser prefectures may do without their 市, too.
    """
    found: dict[str, str] = {}
    for each in sorted(all_regions().values(), key=lambda r: (r.level, r.code)):
        names = [each.name] if each.level == 3 else [each.name, each.short]
        if each.level == 2 and not every and each.short not in _KNOWN_CITIES:
            names = [each.name]
        for name in names:
            if len(name) >= 2:
                found.setdefault(name, each.code)
    return found


def company_parts(name: str) -> CompanyName:
    """Split a company name into region, brand, industry and organisational form (as 北京 + 字节跳动 + 科技 + 有限公司)."""
    regions: list[str] = []
    name = name.strip()
    head = _BRANCH.fullmatch(name) if name.endswith(_BRANCHES) else None
    name, branch = (head[1], normalise(head[2])) if head else (name, "")
    rest = normalise(_ASIDE.sub(lambda m: _bracket(m[1], regions), name))
    rest, form = _strip_form(rest or normalise(name))
    rest, leading = _strip_regions(rest)
    brand, industry = _split_industry(rest)
    return CompanyName(brand, industry, form, tuple(dict.fromkeys([*leading, *regions])), branch)


def _bracket(text: str, regions: list[str]) -> str:
    content = normalise(text)
    rest, found = _strip_regions(content, keep=0)
    if not rest:
        regions += found
        return ""
    return "" if content in _ASIDES else content


def _strip_form(rest: str) -> tuple[str, str]:
    """Take forms off the end, the longest first, while two characters remain."""
    form = ""
    while found := next((n for n in range(min(len(rest) - 2, _LONGEST_FORM), 0, -1) if rest[-n:] in _FORMS), 0):
        rest, form = rest[:-found], rest[-found:] + form
    return rest, form


def _strip_regions(rest: str, keep: int = 2) -> tuple[str, list[str]]:
    """Take regions off the front while a name worth the word remains."""
    names, found = _region_names(every=not keep), []
    while not (keep and rest.startswith(_PROTECTED)):
        head = next((rest[:n] for n in range(min(len(rest), 12), 1, -1) if rest[:n] in names), "")
        after = rest[len(head) :]
        if not head or (keep and (len(after) < keep or after in _INDUSTRIES or after[0] in "省市县区")):
            break
        found.append(names[head])
        rest = after
    return rest, found


def _split_industry(rest: str) -> tuple[str, str]:
    tail = next((rest[-n:] for n in range(min(len(rest) - 2, 7), 1, -1) if rest[-n:] in _INDUSTRIES), "")
    return (rest[: -len(tail)], _TRADES.get(tail, tail)) if tail else (rest, "")


def company_key(name: str) -> str:
    """The comparison key of a company name: brand and industry, without region and organisational form."""
    return company_parts(name).key


def spoken(text: str) -> str:
    """How a normalised text sounds: pinyin without tones, what is not Chinese as it stands."""
    return "".join(map(_syllable, text))


@lru_cache(maxsize=30_000)
def _syllable(char: str) -> str:
    from pypinyin import lazy_pinyin  # see formats.tokens

    return char if char.isascii() else lazy_pinyin(char, strict=False)[0]


def person_key(name: str) -> str:
    """The comparison key of a person's name; the dot inside minority names is U+00B7."""
    parts = [normalise(part) for part in re.split("·", name.translate(_MIDDLE_DOTS))]
    return "·".join(part for part in parts if part)
