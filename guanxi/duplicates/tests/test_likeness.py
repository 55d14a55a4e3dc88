"""The score: hard cases of Chinese company names, branches, numbers, persons; and the keys under which they meet."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from bench.planted import files, truth
from guanxi.duplicates.likeness import CERTAIN, REVIEW, WARN, compare, facts, keys
from guanxi.formats.names import company_parts

ONE, TWO = "91320594MA1MTYL54K", "91310115MA1K3A0J6P"


def said(name: str = "", **more: Any) -> Any:
    return facts(companies=[name] if name else [], **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州云岭精密机械有限公司", "苏州云岭精密机械有限公司"),
        ("苏州云岭精密机械有限公司", "蘇州雲嶺精密機械有限公司"),
        ("远航（苏州）设备有限公司", "远航(苏州)设备有限公司"),
        ("阿里巴巴（杭州）网络技术有限公司", " 阿里巴巴(杭州)网络技术有限公司"),
    ],
)
def test_the_full_registered_name_is_certain(one: str, other: str) -> None:
    assert compare(said(one), said(other)).score == CERTAIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州云岭精密机械有限公司", "云岭精密机械（苏州）有限公司"),
        ("阿里巴巴（中国）网络技术有限公司", "浙江杭州阿里巴巴网络技术有限公司"),
        ("北京字节跳动科技有限公司", "字节跳动技术有限责任公司"),
        ("苏州云岭精密机械有限公司", "苏州云领精密机械有限公司"),
        ("苏州云岭精密机械有限公司", "苏州云岭精机械有限公司"),
        ("苏州云岭阀门有限公司", "苏州市云岭有限责任公司"),
    ],
)
def test_writings_of_one_company_are_at_least_looked_at(one: str, other: str) -> None:
    found = compare(said(one), said(other))
    assert REVIEW <= found.score < CERTAIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京银行股份有限公司", "上海银行股份有限公司"),
        ("中国工商银行股份有限公司", "中国农业银行股份有限公司"),
        ("广州市第一人民医院", "广州市第二人民医院"),
        ("苏州云岭精密机械有限公司", "苏州云岭餐饮管理有限公司"),
        ("苏州云岭精密机械有限公司", "成都云岭精密机械有限公司"),
        ("客户123", "客户124"),
        ("东风汽车有限公司", "东方汽车有限公司"),
        ("一汽大众汽车有限公司", "上汽大众汽车有限公司"),
    ],
)
def test_different_companies_stay_below_the_queue(one: str, other: str) -> None:
    assert compare(said(one), said(other)).score < REVIEW


def test_a_branch_is_related_to_its_head_and_no_duplicate_of_it() -> None:
    head, branch = said("苏州云岭精密机械有限公司"), said("苏州云岭精密机械有限公司上海分公司")
    assert compare(head, branch) == compare(branch, head)
    assert (compare(head, branch).score, compare(head, branch).related) == (0.0, True)
    assert compare(branch, said("苏州云岭精密机械有限公司北京分公司")).related
    assert compare(branch, branch).score == CERTAIN


def test_credit_codes_decide_whatever_the_names_say() -> None:
    name = "苏州云岭精密机械有限公司"
    same = compare(said(name, code=ONE), said("完全不同的名称", code=ONE.lower()))
    assert (same.score, same.reasons) == (CERTAIN, ("code",))
    other = compare(said(name, code=ONE), said(name, code=TWO))
    assert (other.score, other.related) == (0.0, True)
    assert compare(said(name, code=ONE), said(name, code="")).score == CERTAIN


@pytest.mark.parametrize("written", ["138 1234 6621", "+86-13812346621", "013812346621", "１３８１２３４６６２１"])
def test_an_equal_mobile_is_worth_a_look_however_it_is_written(written: str) -> None:
    found = compare(said("甲乙丙丁", phones=[written]), said("戊己庚辛", phones=["13812346621"]))
    assert WARN <= found.score < CERTAIN
    assert found.reasons == ("mobile",)


def test_phone_and_name_together_are_more_than_either() -> None:
    name, other = said("云岭机械有限公司", phones=["0512-66667777"]), said("云岭机械厂", phones=["051266667777"])
    assert compare(said("云岭机械有限公司"), said("云岭机械厂")).score < compare(name, other).score
    near = {"phones": ["13812346621"], "region": "320505"}
    assert compare(said("云岭机械有限公司", **near), said("云岭机械厂", **near)).score == CERTAIN


def test_a_former_name_counts_like_the_name() -> None:
    renamed = facts(companies=["苏州新名字机械有限公司", "", "苏州云岭精密机械有限公司、苏州云岭厂"])
    assert compare(renamed, said("苏州云岭精密机械有限公司")).score == CERTAIN


def test_persons_need_more_than_a_name() -> None:
    def man(name: str, mobile: str = "", inside: int = 0) -> Any:
        return facts(people=[name], phones=[mobile], inside=inside)

    assert compare(man("张伟"), man("张伟")).score < REVIEW
    assert compare(man("张伟", "13812346621"), man("张 伟", "13812346621")).score == CERTAIN
    assert compare(man("张伟", "13812346621", 7), man("张伟", "13812346621", 7)).score == CERTAIN
    assert WARN <= compare(man("张伟", "13812346621", 7), man("张伟", "13812346621", 8)).score < CERTAIN
    assert WARN <= compare(man("张伟", "", 7), man("张伟", "", 7)).score < CERTAIN
    assert compare(man("张伟", "", 7), man("张伟", "", 8)).score < REVIEW


@pytest.mark.parametrize(
    "other",
    [
        "云岭精密机械（苏州）有限公司",
        "苏州云领精密机械有限公司",
        "苏州岭云精密机械有限公司",
        "云岭精密",
        "蘇州雲嶺精密機械廠",
        "苏州云岭精工机械公司",
    ],
)
def test_writings_of_one_company_meet_under_a_key(other: str) -> None:
    mine, theirs = keys(said("苏州云岭精密机械有限公司"), 1), keys(said(other), 1)
    assert mine.keys() & theirs.keys()
    assert not mine.keys() & keys(said(other), 2).keys()


def test_a_file_has_about_nine_keys() -> None:
    whole = said("苏州云岭精密机械有限公司", phones=["13812346621", "0512-66667777"], code=ONE, region="320505")
    assert 9 <= len(keys(whole, 1)) <= 12
    assert keys(facts(), 1) == {}


def test_one_short_name_of_two_trades_is_no_pair_to_block() -> None:
    one = facts(companies=["深圳广源餐饮管理有限公司", "广源"], region="440303")
    other = facts(companies=["深圳市广源机电安装有限公司", "广源"], region="440308")
    again = facts(companies=["深圳市广源餐饮管理公司", "广源"], region="440308")
    assert compare(one, other).score < 0.9 < compare(one, again).score


AGAINST: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "another trade",
        {"companies": ["广州汇通农业科技厂", "广州汇通"]},
        {"companies": ["广州汇通建设工程有限公司", "广州汇通"]},
    ),
    (
        "another trade, no phones",
        {"companies": ["天津德力食品有限公司", "德力"]},
        {"companies": ["天津德力餐饮经营部", "德力"]},
    ),
    (
        "another short name and another line",
        {"companies": ["苏州隆源环保科技有限公司", "苏州隆源"], "phones": ["0512-85840721"]},
        {"companies": ["苏州市广源环保科技有限责任公司", "苏州广源"], "phones": ["0512-69356861"]},
    ),
    (
        "another registered name",
        {"companies": ["杭州凯旋达胜泵业有限公司", "凯达"]},
        {"companies": ["杭州丰年海纳制冷有限公司", "凯达"]},
    ),
    (
        "another credit code",
        {"companies": ["杭州凯达泵业有限公司", "凯达"], "code": ONE},
        {"companies": ["杭州凯达泵业有限公司", "凯达"], "code": TWO},
    ),
]


@pytest.mark.req("QUAL-12")
@pytest.mark.parametrize(("one", "other"), [(a, b) for _what, a, b in AGAINST], ids=[what for what, _a, _b in AGAINST])
def test_equal_short_names_are_no_pair_where_other_facts_contradict(one: dict[str, Any], other: dict[str, Any]) -> None:
    a, b = facts(region="330100", **one), facts(region="330106", **other)
    assert compare(a, b).score < REVIEW
    assert compare(a, b).score == compare(b, a).score


@pytest.mark.req("QUAL-12")
def test_another_phone_weighs_less_than_another_name_and_more_than_none() -> None:
    def firm(*phones: str, short: str = "云岭") -> Any:
        return facts(companies=["苏州云岭精密机械有限公司", short], phones=phones, region="320505")

    plain = said("云岭精密机械厂", region="320505")
    same, silent, other = (compare(firm(*phones), firm_) for phones, firm_ in (
        (["0512-66667777"], facts(companies=["云岭"], phones=["0512-66667777"], region="320505")),
        ([], facts(companies=["云岭"], region="320505")),
        (["0512-66667777"], facts(companies=["云岭"], phones=["0512-66668888"], region="320505")),
    ))  # fmt: skip
    assert same.score > silent.score > other.score >= REVIEW
    assert compare(firm(), plain).score >= REVIEW, "one short name alone contradicts nothing"
    assert compare(firm(short="云岭精密"), facts(companies=["云岭精密机械（苏州）有限公司", "云岭"])).score >= REVIEW


@pytest.mark.req("QUAL-12", "BEYOND-04")
@pytest.mark.parametrize("shorts", [False, True], ids=["registered names", "with short names"])
def test_on_a_planted_base_what_is_blocked_is_right_and_what_is_the_same_is_found(shorts: bool) -> None:
    made = files(8000)
    codes: set[str] = set()
    told = []
    for one in made:
        brand = company_parts(one.name).brand
        names = [one.name, *([brand] if shorts and len(told) % 2 else [])]
        told.append(facts(names, phones=[one.phone], code="" if one.code in codes else one.code, region=one.region))
        codes.add(one.code)
    blocks: dict[int, list[int]] = {}
    for n, one_facts in enumerate(told):
        for key in keys(one_facts, 1):
            blocks.setdefault(key, []).append(n)
    pairs = {pair for block in blocks.values() if len(block) <= 120 for pair in combinations(block, 2)}
    scores = {pair: compare(told[pair[0]], told[pair[1]]).score for pair in pairs}
    known = {tuple(sorted(pair)) for pair in truth(made)}
    certain = {pair for pair, score in scores.items() if score == CERTAIN}
    queue = {pair for pair, score in scores.items() if score >= REVIEW}
    assert len(certain & known) >= 0.99 * len(certain) > 100
    assert len(queue & known) >= 0.95 * len(known)
    assert len(queue & known) >= 0.85 * len(queue)
