"""Deliveries over the pages: parts, the quality check that holds goods back, other units, and what the order says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, User
from guanxi.sales import services
from guanxi.sales.models import Delivery, DeliveryNeed, Instalment, Order, PaymentTerms, Receipt, Receivable, TermsPart

Sell, Pay = Callable[..., Order], Callable[..., Receipt]
LINES = {"lines": "0"}


def fresh(row: object) -> object:
    return type(row).objects.get(pk=row.pk)  # type: ignore[attr-defined]


def planned(client: Client, order: Order, day: str = "2026-06-30") -> Delivery:
    assert client.post(f"/orders/{order.pk}/do/plan_delivery/", {"planned_on": day}).status_code == 302
    return Delivery.objects.filter(order=order).latest("pk")


def trim(client: Client, delivery: Delivery, quantity: str) -> None:
    line = delivery.lines.get()
    form = {"quantity": quantity, "order_line": line.order_line_id, "version": line.version}
    assert client.post(f"/delivery-lines/{line.pk}/edit/", form).status_code == 302


@pytest.mark.req("ORDER-01")
def test_an_order_is_delivered_in_parts_and_its_state_follows(sell: Sell, boss: User, client: Client) -> None:
    order = sell(3)
    client.force_login(boss)
    first = planned(client, order)
    trim(client, first, "2")
    client.post(f"/deliveries/{first.pk}/do/record_check/", {"result": "passed"})
    assert client.post(f"/deliveries/{first.pk}/do/dispatch/", {"carrier": "德邦", "waybill": "DB1"}).status_code == 302
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.carrier, order.delivered_on) == ("partly", "德邦", date(2026, 6, 30))
    second = planned(client, order)
    assert second.lines.get().quantity == 1
    client.post(f"/deliveries/{second.pk}/do/record_check/", {"result": "passed"})
    client.post(f"/deliveries/{second.pk}/do/dispatch/", {"waybill": "DB2"})
    client.post(f"/deliveries/{second.pk}/do/confirm_receipt/", {})
    assert (Order.objects.get(pk=order.pk).state, Delivery.objects.get(pk=second.pk).received_on) == (
        "delivered",
        date(2026, 6, 30),
    )
    page = client.get(f"/orders/{order.pk}/").content.decode()
    assert "DB2" in page and first.number in page


@pytest.mark.req("ORDER-01")
def test_the_one_step_way_makes_one_delivery_of_everything_left(sell: Sell, boss: User) -> None:
    order = sell(3)
    services.deliver(order, actor=boss, carrier="顺丰")
    delivery = Delivery.objects.get(order=order)
    assert (delivery.state, delivery.result, delivery.checked_by_id, delivery.lines.get().quantity) == (
        "dispatched", "passed", boss.pk, Decimal(3),
    )  # fmt: skip
    assert Order.objects.get(pk=order.pk).state == "delivered"


@pytest.mark.req("SVC-06")
@pytest.mark.parametrize(("result", "why"), [("", "was not checked"), ("failed", "failed its check")])
def test_nothing_leaves_without_a_passed_quality_check(
    sell: Sell, boss: User, client: Client, result: str, why: str
) -> None:
    client.force_login(boss)
    delivery = planned(client, sell(1))
    if result:
        client.post(f"/deliveries/{delivery.pk}/do/record_check/", {"result": result, "findings": "外壳划伤"})
    refused = client.post(f"/deliveries/{delivery.pk}/do/dispatch/", {})
    assert refused.status_code == 422 and why in refused.content.decode()
    assert Delivery.objects.get(pk=delivery.pk).state == "planned"


@pytest.mark.req("SVC-06")
def test_a_changed_delivery_is_checked_again(sell: Sell, boss: User, client: Client) -> None:
    client.force_login(boss)
    delivery = planned(client, sell(2))
    client.post(f"/deliveries/{delivery.pk}/do/record_check/", {"result": "passed", "findings": "抽检两台"})
    assert Delivery.objects.get(pk=delivery.pk).checked_by_id == boss.pk
    trim(client, delivery, "1")
    assert Delivery.objects.get(pk=delivery.pk).checked_at is None


@pytest.mark.req("ORDER-01")
def test_no_delivery_takes_more_than_was_ordered(sell: Sell, boss: User, client: Client) -> None:
    client.force_login(boss)
    delivery = planned(client, sell(2))
    line = delivery.lines.get()
    refused = client.post(
        f"/delivery-lines/{line.pk}/edit/",
        {"quantity": "3", "order_line": line.order_line_id, "version": line.version},
    )
    assert refused.status_code == 409 and "ordered are 2" in refused.content.decode()


@pytest.mark.req("SVC-07")
def test_other_units_confirm_what_a_delivery_needs(sell: Sell, boss: User, client: Client, company: object) -> None:
    works = saved(Department(company=company, name="生产部", code="works", kind="branch"))
    client.force_login(boss)
    delivery = planned(client, sell(1))
    form = {"delivery": delivery.pk, "department": works.pk, "what": "木箱两只", "needed_on": "2026-06-29"}
    assert client.post("/delivery-needs/new/", form).status_code == 302
    need = DeliveryNeed.objects.get()
    assert "木箱两只" in client.get("/delivery-needs/?view=open").content.decode()
    assert client.post(f"/delivery-needs/{need.pk}/do/confirm_need/", {"answer": "28 日到"}).status_code == 302
    need = DeliveryNeed.objects.get()
    assert (need.confirmed_on, need.confirmed_by_id, need.answer) == (date(2026, 6, 30), boss.pk, "28 日到")
    client.get("/")  # takes the message away
    assert "木箱两只" not in client.get("/delivery-needs/?view=open").content.decode()


def test_a_cancelled_order_calls_its_planned_deliveries_off(sell: Sell, boss: User, client: Client) -> None:
    client.force_login(boss)
    order = sell(1)
    delivery = planned(client, order)
    services.cancel(order, actor=boss, reason="客户取消")
    assert Delivery.objects.get(pk=delivery.pk).state == "called_off"


@pytest.fixture
def thirds(company: object) -> PaymentTerms:
    """30 % on the order, 60 % on delivery, the rest twelve months later."""
    terms = PaymentTerms(company=company, name="3-6-1")

    def body() -> None:
        terms.save()
        for percent, after, months, note in (
            (30, "order", 0, "定金"),
            (60, "delivery", 0, "发货款"),
            (10, "delivery", 12, "质保金"),
        ):
            TermsPart(
                company=company, terms=terms, percent=Decimal(percent), after=after, months=months, note=note
            ).save()

    unit_of_work(body)
    return terms


def owed(order: Order) -> list[tuple[date | None, Decimal, Decimal]]:
    rows = Receivable.objects.filter(order=order).order_by("part")
    return list(rows.values_list("due_on", "amount", "open_amount"))


@pytest.mark.req("ORDER-03")
def test_instalments_follow_from_the_terms_and_wait_for_the_delivery(
    sell: Sell, pay: Pay, boss: User, thirds: PaymentTerms, client: Client
) -> None:
    order = sell(1, terms=thirds, line={"price": Decimal("99.99")})
    assert owed(order) == [
        (date(2026, 6, 30), Decimal("30.00"), Decimal("30.00")), (None, Decimal("59.99"), Decimal("59.99")),
        (None, Decimal("10.00"), Decimal("10.00")),
    ]  # fmt: skip
    services.auto_allocate(pay(50), actor=boss)
    assert [row[2] for row in owed(order)] == [Decimal(0), Decimal("39.99"), Decimal("10.00")]
    services.deliver(order, actor=boss)
    assert [row[0] for row in owed(order)] == [date(2026, 6, 30), date(2026, 6, 30), date(2027, 6, 30)]
    client.force_login(boss)
    assert "质保金" in client.get(f"/orders/{order.pk}/tab/instalments/").content.decode()


@pytest.mark.req("ORDER-03")
def test_instalments_told_by_hand_make_the_amount_of_the_order(sell: Sell, boss: User, client: Client) -> None:
    order = sell(2)
    client.force_login(boss)
    url = f"/orders/{order.pk}/do/plan_instalments/"
    refused = client.post(url, {"parts": "2026-07-15 50 定金\n2026-09-30 100"})
    assert refused.status_code == 422 and "come to 150.00" in refused.content.decode()
    for junk in ("x", "2026-02-31 200", "2026-07-15", "NaN", "-200", "1e99"):
        assert client.post(url, {"parts": junk}).status_code == 422, junk
    assert client.post(url, {"parts": "2026-07-15 25% 定金\n2026-09-30 75% 尾款"}).status_code == 302
    assert owed(order) == [
        (date(2026, 7, 15), Decimal(50), Decimal(50)), (date(2026, 9, 30), Decimal(150), Decimal(150)),
    ]  # fmt: skip
    line = order.lines.get()
    client.post(
        f"/order-lines/{line.pk}/edit/",
        {"product": line.product_id, "quantity": "4", "price": "100", "discount": "0", "version": line.version},
    )
    assert [row[1] for row in owed(order)] == [Decimal(100), Decimal(300)]
    one = Instalment.objects.filter(order=order).latest("pk")
    assert client.post(f"/instalments/{one.pk}/edit/", {"note": "x", "version": one.version}).status_code == 409


def test_whoever_serves_the_customer_sees_its_deliveries(
    hire: Hire, seller: User, rival: User, client: Client, east: Department
) -> None:
    from guanxi.customers.models import Account

    card = saved(Account(company=seller.company, name="杭州启明机械有限公司", owner=seller, department=east))
    order = services.place({"account": card}, [{"description": "水泵", "price": Decimal(100)}], actor=seller)
    services.confirm(order, actor=seller)
    delivery = services.plan_delivery(order, actor=seller, planned_on=date(2026, 6, 30))
    desk = hire("desk", "service-specialist", east)
    for person, status in ((seller, 200), (desk, 200), (rival, 404)):
        client.force_login(person)
        assert client.get(f"/deliveries/{delivery.pk}/").status_code == status, person
