"""Which list gives the price, why, and who may set it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product
from guanxi.conftest import saved
from guanxi.customers.models import Account, Channel
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.offers.models import PriceItem, PriceList
from guanxi.offers.queries.prices import price_for
from guanxi.org.models import Department, User

ONE = Decimal(1)


def price(customer: Account, pump: Product, quantity: Any = 1, **more: Any) -> Decimal:
    return price_for(customer, pump, Decimal(quantity), **more).price


@pytest.mark.req("SALE-07")
def test_priority_then_narrowness_then_the_later_list_decides(
    customer: Account, pump: Product, price_list: Any
) -> None:
    assert price(customer, pump) == 100
    price_list("标准价", 95)
    assert price(customer, pump) == 95
    price_list("A类价", 90, grades=["A"])
    assert price(customer, pump) == 90
    price_list("B类价", 10, grades=["B"], priority=9)
    price_list("别的渠道", 11, channels=["no-such"], priority=9)
    assert price(customer, pump) == 90
    price_list("总价", 99, priority=5)
    assert price(customer, pump) == 99
    assert "总价" in price_for(customer, pump, ONE).why


@pytest.mark.req("SALE-07")
def test_department_days_currency_and_quantity_count(
    customer: Account, pump: Product, price_list: Any, headquarters: Department, west: Department
) -> None:
    price_list("总部价", 90, department=headquarters)
    price_list("西部价", 10, department=west)
    price_list("旧价", 20, valid_to=date(2026, 6, 29), priority=3)
    price_list("美元价", 15, currency="USD", priority=3)
    price_list("停用价", 16, is_active=False, priority=3)
    assert (price(customer, pump), price(customer, pump, currency="USD")) == (90, 15)
    assert price(customer, pump, day=date(2026, 6, 29)) == 20
    many = price_list("批量价", 80, from_quantity=10, priority=4)
    assert (price(customer, pump, 9), price(customer, pump, 10)) == (90, 80)
    assert many.items.count() == 1


@pytest.mark.req("PROD-04")
def test_a_price_list_names_its_channels_wherever_it_is_shown(
    finance: User, owner: User, price_list: Any, client: Client
) -> None:
    channel = saved(Channel(company=finance.company, code="e-commerce", name="电商平台"))
    row = price_list("线上价", 90, channels=["e-commerce"])
    client.force_login(finance)
    pages = [
        "/price-lists/",
        f"/price-lists/{row.pk}/",
        f"/price-lists/{row.pk}/edit/",
        f"/price-lists/{row.pk}/history/",
    ]
    for url in pages:
        assert "电商平台" in client.get(url).content.decode(), url
    assert ">e-commerce<" not in client.get(pages[0]).content.decode()
    verbs.change(entity(Channel), channel.pk, {"name": "网店"}, actor=owner)
    assert "网店" in client.get(pages[0]).content.decode(), "another name is seen at once"


@pytest.mark.req("PROD-04")
def test_finance_sets_prices_and_staff_read_whose_they_are_and_why(
    customer: Account, pump: Product, finance: User, seller: User, client: Client
) -> None:
    client.force_login(finance)
    sent = {
        "name": "华东渠道价", "currency": "CNY", "valid_from": "2026-06-01", "priority": "1", "is_active": "on",
        "explanation": "含上门安装，不含运费。", "key": "p1",
    }  # fmt: skip
    answer = client.post("/price-lists/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    held = PriceList.objects.get()
    item = {
        "price_list": held.pk,
        "product": pump.pk,
        "from_quantity": "0",
        "price": "88",
        "lowest_price": "80",
        "key": "i1",
    }
    assert client.post("/prices/new/", item).status_code == 302
    assert (held.set_by_id, held.items.get().set_by_id) == (finance.pk, finance.pk)
    client.force_login(User.objects.get(pk=seller.pk))
    text = client.get(f"/products/{pump.pk}/").content.decode()
    assert "华东渠道价" in text and "钱会计" in text and "优先级最高" in text
    assert client.get(f"/price-lists/{held.pk}/").status_code == 200
    row = PriceItem.objects.get()
    change = {"price": "1", "version": row.version, "key": "p2"}
    assert client.post(f"/prices/{row.pk}/edit/", change).status_code == 403
    assert client.post("/price-lists/new/", {**sent, "name": "私价", "key": "p3"}).status_code == 403


def test_a_lowest_price_above_the_price_is_refused(
    finance: User, pump: Product, price_list: Any, settled: None, client: Client
) -> None:
    held = price_list("标准价", 90)
    client.force_login(finance)
    sent = {
        "price_list": held.pk,
        "product": pump.pk,
        "from_quantity": "5",
        "price": "80",
        "lowest_price": "81",
        "key": "x1",
    }
    answer = client.post("/prices/new/", sent)
    assert "最低价应在" in answer.content.decode()
    assert PriceItem.objects.count() == 1
