"""Orders: numbers, sums, delivery, cancelling, taking back, and what they tell the customer's file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product
from guanxi.customers.models import Account, StageChange
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import DeliveryLine, Order, OrderLine, Receipt, Receivable

Sell = Callable[..., Order]


def figures(order: Order) -> tuple[Any, ...]:
    order.refresh_from_db()
    return order.amount, order.discount_amount, order.cost, order.profit


@pytest.mark.req("ORDER-01")
def test_an_order_gets_a_number_a_due_day_and_the_sums_of_its_lines(sell: Sell) -> None:
    order = sell(3, line={"discount": Decimal(10)}, confirm=False)
    assert order.number == "SO-20260630-0001"
    assert order.due_on == date(2026, 7, 30)
    assert figures(order) == (Decimal("270.00"), Decimal("30.00"), Decimal("180.00"), Decimal("90.00"))
    assert sell(1).number == "SO-20260630-0002"


@pytest.mark.req("SALE-09")
def test_orders_entered_late_are_marked_and_listed(sell: Sell, boss: User, client: Client) -> None:
    prompt, late = sell(1, on=date(2026, 6, 29)), sell(1, on=date(2026, 6, 22))
    assert (prompt.entered_after, late.entered_after) == (1, 6)
    client.force_login(boss)
    page = client.get("/orders/?view=late&columns=number,entered_after").content.decode()
    assert late.number in page and prompt.number not in page and ">6<" in page


def test_a_discount_keeps_its_cents(sell: Sell) -> None:
    order = sell(3, line={"price": Decimal("33.33"), "discount": Decimal("2.50")}, confirm=False)
    assert figures(order)[:2] == (Decimal("97.49"), Decimal("2.50"))


def test_a_changed_or_removed_line_changes_the_order_whichever_way_it_is_done(sell: Sell, boss: User) -> None:
    order = sell(3)
    line = order.lines.get()
    verbs.change(entity(OrderLine), line.pk, {"quantity": Decimal(2)}, actor=boss)
    assert figures(order)[0] == Decimal("200.00")
    more = OrderLine(company_id=order.company_id, order=order, description="运费", price=Decimal("0.335"))
    unit_of_work(more.save)
    assert figures(order)[0] == Decimal("200.34")
    verbs.delete(entity(OrderLine), line.pk, actor=boss)
    assert figures(order) == (Decimal("0.34"), 0, 0, Decimal("0.34"))
    assert Receivable.objects.get(order=order).amount == Decimal("0.34")


@pytest.mark.req("ORDER-01")
def test_delivery_leaves_day_carrier_and_waybill(sell: Sell, boss: User) -> None:
    order = sell(2)
    first = services.plan_delivery(order, actor=boss, planned_on=date(2026, 6, 30))
    verbs.change(entity(DeliveryLine), first.lines.get().pk, {"quantity": Decimal(1)}, actor=boss)
    services.record_check(first, actor=boss, result="passed")
    services.dispatch(first, actor=boss, carrier="顺丰", waybill="SF100")
    order.refresh_from_db()
    assert (order.state, order.delivered_on, order.carrier, order.waybill) == (
        "partly",
        date(2026, 6, 30),
        "顺丰",
        "SF100",
    )
    services.deliver(order, actor=boss)
    services.complete(order, actor=boss)
    order.refresh_from_db()
    assert (order.state, order.waybill) == ("completed", "SF100")
    with pytest.raises(Refused):
        services.deliver(order, actor=boss)
    with pytest.raises(Refused, match="lines"):
        verbs.delete(entity(OrderLine), order.lines.get().pk, actor=boss)


@pytest.mark.req("ORDER-01")
def test_cancelling_needs_a_reason_and_frees_the_money(sell: Sell, pay: Callable[..., Receipt], boss: User) -> None:
    order, receipt = sell(1), pay(100)
    services.auto_allocate(receipt, actor=boss)
    with pytest.raises(Refused, match="why"):
        services.cancel(order, actor=boss, reason=" ")
    services.cancel(order, actor=boss, reason="客户取消")
    order.refresh_from_db()
    receipt.refresh_from_db()
    assert (order.state, order.received, order.payment, receipt.free) == (
        "cancelled",
        0,
        "none",
        Decimal(100),
    )
    assert not Receivable.everything.filter(order=order).exists()


def test_what_counted_cannot_go_into_the_bin(sell: Sell, boss: User) -> None:
    order = sell(1)
    with pytest.raises(Refused, match="Cancel"):
        verbs.delete(entity(Order), order.pk, actor=boss)
    services.cancel(order, actor=boss, reason="误下单")
    verbs.delete(entity(Order), order.pk, actor=boss)
    assert Order.objects.count() == 0


def test_an_order_without_lines_is_not_confirmed(boss: User, customer: Account) -> None:
    order = services.place({"account": customer}, [], actor=boss)
    with pytest.raises(Refused, match="line"):
        services.confirm(order, actor=boss)


def test_a_return_has_negative_figures_and_cannot_exceed_the_sale(sell: Sell, boss: User) -> None:
    order = sell(2)
    services.deliver(order, actor=boss)
    back = services.take_back(order, actor=boss, reason="质量问题")
    services.confirm(back, actor=boss)
    assert figures(back) == (Decimal(-200), 0, Decimal(-120), Decimal(-80))
    again = services.take_back(order, actor=boss, reason="质量问题")
    with pytest.raises(Refused, match="More would be returned"):
        services.confirm(again, actor=boss)


@pytest.mark.req("LIFE-01")
def test_orders_tell_the_file_first_and_last_day_and_stage(sell: Sell, boss: User, customer: Account) -> None:
    def facts() -> tuple[Any, ...]:
        customer.refresh_from_db()
        return customer.first_order_on, customer.last_order_on, customer.stage

    sell(1, confirm=False)
    assert facts() == (None, None, "potential")
    sell(1, on=date(2026, 5, 1))
    assert facts() == (date(2026, 5, 1), date(2026, 5, 1), "first")
    later = sell(1, on=date(2026, 6, 1))
    assert facts() == (date(2026, 5, 1), date(2026, 6, 1), "repeat")
    services.cancel(later, actor=boss, reason="重复")
    assert facts() == (date(2026, 5, 1), date(2026, 5, 1), "first")
    assert list(StageChange.objects.order_by("id").values_list("old", "new")) == [
        ("potential", "first"), ("first", "repeat"), ("repeat", "first"),
    ]  # fmt: skip


def test_an_import_may_bring_a_finished_order_with_only_its_total(boss: User, customer: Account) -> None:
    values = {
        "account": customer,
        "number": "A-77",
        "state": "completed",
        "amount": Decimal("88.50"),
        "cost": Decimal(60),
    }
    order = services.place(values, [], actor=boss)
    assert (order.number, order.amount, order.profit, order.payment) == (
        "A-77",
        Decimal("88.50"),
        Decimal("28.50"),
        "open",
    )
    assert Receivable.objects.get().open_amount == Decimal("88.50")


def test_an_import_that_comes_again_replaces_the_lines(boss: User, customer: Account, pump: Product) -> None:
    order = services.place({"account": customer}, [{"product": pump}], actor=boss)
    services.place(
        {"remark": "第二次"},
        [{"product": pump}, {"description": "安装", "price": Decimal(50)}],
        actor=boss,
        order=order,
    )
    assert figures(order)[0] == Decimal(150)
    assert order.lines.count() == 2


def test_a_confirmed_order_keeps_its_customer(sell: Sell, boss: User, company: Any) -> None:
    order = sell(1)
    other = Account(company=company, name="宁波海天商贸有限公司")
    unit_of_work(other.save)
    with pytest.raises(Refused, match="fixed"):
        verbs.change(entity(Order), order.pk, {"account": other}, actor=boss)
