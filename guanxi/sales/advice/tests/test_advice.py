"""What is worth offering beside an order, what the customer said, and whom to call before a delivery."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product, ProductLink
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import jobs, work
from guanxi.offers.models import Reaction
from guanxi.offers.tests.conftest import TODAY
from guanxi.org.models import Notice, User
from guanxi.sales.models import Delivery, Order, OrderLine

Person = Any


@pytest.fixture
def goods(company: Any, pump: Product) -> dict[str, Product]:
    """A pump without stock, one that stands in for it, a seal that goes with it, and hoses."""
    names = {"standin": "替代泵", "seal": "机械密封", "hose": "软管", "valve": "阀门"}
    found = {
        key: saved(Product(company=company, code=key, name=name, price=Decimal(50))) for key, name in names.items()
    }
    Product.objects.filter(pk=pump.pk).update_silently(stock=Decimal(0))
    for other, kind in ((found["standin"], "substitute"), (found["seal"], "accessory")):
        saved(ProductLink(company=company, product=pump, other=other, kind=kind, strength=4))
    return {**found, "pump": pump}


def bought(account: Account, *products: Product, ago: int = 10, state: str = "completed") -> Order:
    """A counted order of so many days ago."""
    number = f"S{Order.objects.count()}"

    def body() -> Order:
        order = Order(company_id=account.company_id, account=account, number=number, owner=account.owner)
        order.ordered_on, order.state = TODAY - timedelta(days=ago), state
        order.save()
        for product in products:
            OrderLine(
                company_id=account.company_id, order=order, product=product, quantity=Decimal(2), price=Decimal(9)
            ).save()
        return order

    return work.unit_of_work(body)


def another(account: Account, name: str, **values: Any) -> Account:
    made = Account(
        company_id=account.company_id, name=name, owner=account.owner, department=account.department, **values
    )
    return saved(made)


def offered(client: Client, person: User, account: Account, *products: Product) -> str:
    client.force_login(User.objects.get(pk=person.pk))
    sent = {f"line-{n}-product": product.pk for n, product in enumerate(products)}
    answer = client.post("/suggestions/", {"account": account.pk, **sent})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("SALE-12")
def test_for_an_item_out_of_stock_its_stand_in_is_named_and_what_goes_along(
    client: Client,
    seller: User,
    customer: Account,
    goods: dict[str, Product],
) -> None:
    text = offered(client, seller, customer, goods["pump"])
    assert "替代泵" in text and "水泵无货" in text
    assert "机械密封" in text and "水泵的配件" in text
    assert "替代泵" not in offered(client, seller, customer, goods["seal"])
    Product.objects.filter(pk=goods["pump"].pk).update_silently(stock=Decimal(5))
    assert "替代泵" not in offered(client, seller, customer, goods["pump"])
    Product.objects.filter(pk=goods["pump"].pk).update_silently(stock=Decimal(0))
    Product.objects.filter(pk=goods["standin"].pk).update_silently(stock=Decimal(0))
    assert "替代泵" not in offered(client, seller, customer, goods["pump"])


@pytest.mark.req("SALE-12")
def test_products_that_orders_hold_together_are_named_from_three_orders_on(
    client: Client,
    seller: User,
    customer: Account,
    goods: dict[str, Product],
) -> None:
    other = another(customer, "别的客户")
    for n in range(2):
        bought(other, goods["valve"], goods["hose"], ago=20 + n)
    assert "软管" not in offered(client, seller, customer, goods["valve"])
    bought(other, goods["valve"], goods["hose"], ago=30)
    assert "有 3 张订单（100%）与阀门同购" in offered(client, seller, customer, goods["valve"])


@pytest.mark.req("SALE-14")
def test_what_was_bought_before_and_what_similar_customers_buy_is_recommended_with_its_reason(
    client: Client,
    seller: User,
    customer: Account,
    goods: dict[str, Product],
) -> None:
    bought(customer, goods["hose"], ago=40)
    assert "软管" not in offered(client, seller, customer)
    bought(customer, goods["hose"], ago=10)
    assert "买过 2 次，最近 2026-06-20，通常 2" in offered(client, seller, customer)
    Account.objects.filter(pk=customer.pk).update_silently(industry="C")
    for n in range(3):
        assert "阀门" not in offered(client, seller, customer)
        bought(another(customer, f"同行{n}", industry="C", grade="A"), goods["valve"])
    assert "3 家同类客户" in offered(client, seller, customer)
    Product.objects.filter(pk=goods["valve"].pk).update_silently(treatment="restricted")
    assert "阀门" not in offered(client, seller, customer)


@pytest.mark.req("SALE-12")
def test_the_answer_is_kept_and_told_to_whoever_looks_after_the_customer(
    client: Client, seller: User, leader: User, customer: Account, goods: dict[str, Product]
) -> None:  # fmt: skip
    client.force_login(User.objects.get(pk=leader.pk))
    sent = {"account": customer.pk, "product": goods["seal"].pk, "ground": "related", "answer": "refused"}
    assert client.post("/suggestions/answer/", sent).status_code == 200
    jobs.work_off()
    row = Reaction.objects.get()
    assert (row.account, row.product, row.answer, row.created_by) == (customer, goods["seal"], "refused", leader)
    assert Notice.objects.get(user=seller).text == "杭州启明机械有限公司 · 机械密封：不需要"
    assert "机械密封" not in offered(client, leader, customer, goods["pump"])  # not again within a month
    assert client.post("/suggestions/answer/", {**sent, "answer": "nonsense"}).status_code == 422


def test_nobody_is_offered_anything_for_a_customer_out_of_reach(
    client: Client,
    stranger: User,
    customer: Account,
    goods: dict[str, Product],
) -> None:
    client.force_login(stranger)
    assert client.post("/suggestions/", {"account": customer.pk}).status_code == 404
    sent = {"account": customer.pk, "product": goods["seal"].pk, "ground": "related", "answer": "took"}
    assert client.post("/suggestions/answer/", sent).status_code == 404


@pytest.mark.req("SALE-13")
def test_before_a_delivery_the_customers_on_the_way_are_listed_with_what_they_usually_buy(
    client: Client,
    seller: User,
    customer: Account,
    goods: dict[str, Product],
) -> None:
    Account.objects.filter(pk=customer.pk).update_silently(region_code="330106")
    near = another(customer, "西湖机械", region_code="330106", phone="13900000001", last_order_on=date(2026, 5, 1))
    Product.objects.filter(pk=goods["hose"].pk).update_silently(unit="米")
    far = another(customer, "滨江机械", region_code="330108", last_order_on=date(2026, 5, 1))
    for ago in (60, 90):
        bought(near, goods["hose"], ago=ago)
    bought(far, goods["hose"], ago=60)
    client.force_login(User.objects.get(pk=seller.pk))
    assert "当天没有送货安排" in client.get("/delivery-calls/").content.decode()
    order = bought(customer, goods["pump"], ago=1, state="confirmed")
    saved(Delivery(company_id=order.company_id, order=order, owner=seller, number="FH1", planned_on=TODAY))
    assert "当天没有送货安排" in client.get("/delivery-calls/?day=2026-07-01").content.decode()
    text = client.get("/delivery-calls/").content.decode()
    for words in ("西湖区", "FH1", "西湖机械", "tel:13900000001", "软管", "买过 2 次，平均每次 2 米"):
        assert words in text
    assert "滨江机械" not in text
    sent = {"account": near.pk, "product": goods["hose"].pk, "ground": "route", "answer": "later"}
    assert client.post("/suggestions/answer/", sent).status_code == 200
    assert Reaction.objects.get().ground == "route"
