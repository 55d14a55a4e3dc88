"""What the checks of an inspection find, and what they leave alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.duplicates.models import Pair
from guanxi.filing.tests.files import faults, file
from guanxi.org.models import User
from guanxi.sales.models import Order, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekly_only")]


@pytest.mark.req("QUAL-08", "QUAL-12")
def test_each_kind_of_defect_is_found_and_a_sound_file_is_not(seller: User, company: Any) -> None:
    sound = file(seller, "杭州云岭精密机械有限公司", phone="0571-88886666", region_code="330106")
    assert faults(company, sound) == []
    thin = file(seller, "杭州薄厂", phone="0571-88887777", address="")
    assert faults(company, thin) == [("missing", "address")]
    odd = file(seller, "杭州怪厂", phone="0571-88889999", founded_on=date(2090, 1, 1), credit_code="91330100799655058C")
    Account.objects.filter(pk=odd.pk).update_silently(region_code="999999")
    odd.refresh_from_db()
    assert sorted(faults(company, odd)) == [
        ("impossible", "credit_code"),
        ("impossible", "founded_on"),
        ("impossible", "region_code"),
    ]
    twin = file(seller, "云岭精密机械（杭州）公司", phone="0571-88880000", region_code="330106")
    assert faults(company, twin, sound) == [("duplicate", "name")]
    elsewhere = file(seller, "苏州云岭精密机械有限公司", phone="0512-66660000", region_code="320508")
    assert faults(company, elsewhere) == []
    same_line = file(seller, "杭州另厂", phone="0571-88886666")
    assert faults(company, same_line) == [("duplicate", "phone")]


@pytest.mark.req("QUAL-12", "BEYOND-04")
def test_duplicates_are_those_of_the_check_before_saving_and_pairs_people_have_parted_are_none(
    seller: User, company: Any
) -> None:
    sound = file(seller, "杭州云岭精密机械有限公司", phone="0571-88886666", region_code="330106")
    twin = file(seller, "云岭精密机械（杭州）公司", phone="0571-88880000", region_code="330106")
    other_trade = file(seller, "杭州云岭餐饮管理有限公司", phone="0571-88880001", region_code="330106")
    Account.objects.filter(pk__in=[sound.pk, other_trade.pk]).update_silently(short_name="云岭")
    for row in (sound, other_trade):
        row.refresh_from_db()
        saved(row)
    assert faults(company, sound, twin, other_trade) == [("duplicate", "name")]
    saved(Pair(company=company, a=sound, b=twin, score=97, state="different"))
    assert faults(company, sound, twin, other_trade) == []


@pytest.mark.req("QUAL-12")
def test_made_up_files_are_found(seller: User, company: Any) -> None:
    shared = [file(seller, name, phone="13812340000") for name in ("甲机械厂", "乙机械厂", "丙机械厂")]
    assert faults(company, *shared) == [("fictitious", "phone")] * 3
    dull = file(seller, "无名", kind="person", phone="13888888888", address="无", employer="单位", post="职员")
    assert sorted(faults(company, dull)) == [("fictitious", "address"), ("fictitious", "name"), ("fictitious", "phone")]
    lab = file(seller, "杭州精工测试技术有限公司", phone="0571-88881234")
    assert faults(company, lab) == []


@pytest.mark.req("QUAL-12")
def test_a_sale_under_the_wrong_customer_is_found_by_phone_and_by_payer(seller: User, company: Any) -> None:
    right, wrong, parent = (file(seller, f"{name}机械厂", phone=f"0571-8888100{n}") for n, name in enumerate("东西南"))
    child = file(seller, "南方分厂", phone="0571-88881009", parent=parent)
    for account, phone in ((wrong, "0571-88881000"), (child, "0571-88881002"), (right, "0571-88881000")):
        saved(
            Order(
                company=company,
                account=account,
                number=f"SO-{account.pk}",
                phone=phone,
                ordered_on=date(2026, 11, 3),
                due_on=date(2026, 12, 1),
            )
        )
    saved(
        Receipt(
            company=company, account=wrong, number="SK-9", amount=10, payer="东机械厂", received_on=date(2026, 11, 4)
        )
    )
    kinds = [kind for kind, _field in faults(company, right, wrong, child, kinds=["misbooked"])]
    assert kinds == ["misbooked", "misbooked"]
    assert faults(company, wrong, kinds=["misbooked"], first=date(2026, 11, 5)) == []
