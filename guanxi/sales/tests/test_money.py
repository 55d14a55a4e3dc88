"""Receipts and receivables: no cent is given twice, nothing booked disappears, and what is late is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Account
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.org.models import User
from guanxi.pool.models import ReturnReason
from guanxi.pool.services.seed import seed
from guanxi.sales import queries, services
from guanxi.sales.models import Order, Receipt, ReceiptShare, Receivable

Sell, Pay = Callable[..., Order], Callable[..., Receipt]


def received(*orders: Order) -> list[Decimal]:
    return [Order.objects.get(pk=order.pk).received for order in orders]


@pytest.mark.req("BEYOND-02")
def test_a_customer_that_owes_money_is_not_given_back_to_the_pool(
    sell: Sell, pay: Pay, boss: User, customer: Account, client: Client
) -> None:
    seed(boss.company)
    sell(2)
    client.force_login(boss)
    address = f"/customers/{customer.pk}/do/release/"
    sent = {"reason": ReturnReason.objects.get(name="联系不上").pk}
    refused = client.post(address, sent)
    assert refused.status_code == 422 and "Receivables are open" in refused.content.decode()
    services.auto_allocate(pay(200), actor=boss)
    assert client.post(address, sent).status_code == 302


@pytest.mark.req("ORDER-02")
def test_a_receipt_pays_the_oldest_order_first(sell: Sell, pay: Pay, boss: User) -> None:
    late, early = sell(2, on=date(2026, 6, 1)), sell(3, on=date(2026, 5, 1))
    receipt = pay(350)
    services.auto_allocate(receipt, actor=boss)
    assert received(early, late) == [Decimal(300), Decimal(50)]
    assert receipt.number == "SK-20260630-0001"
    assert [Order.objects.get(pk=o.pk).payment for o in (early, late)] == ["paid", "partly"]


@pytest.mark.req("ORDER-02")
def test_no_order_receives_and_no_receipt_gives_more_than_its_amount(sell: Sell, pay: Pay, boss: User) -> None:
    order, receipt = sell(1), pay(150)
    with pytest.raises(Refused, match="more than its amount"):
        services.allocate(receipt, actor=boss, order=order, amount=Decimal("100.01"))
    small = pay(30)
    with pytest.raises(Refused, match="more than its amount"):
        services.allocate(small, actor=boss, order=order, amount=Decimal(40))
    services.allocate(receipt, actor=boss, order=order)
    assert (received(order), Receipt.objects.get(pk=receipt.pk).free) == ([Decimal(100)], Decimal(50))


@pytest.mark.req("ORDER-02")
def test_a_wrong_receipt_is_reversed_and_never_changed(sell: Sell, pay: Pay, boss: User) -> None:
    order, receipt = sell(1), pay(100)
    services.auto_allocate(receipt, actor=boss)
    with pytest.raises(Refused, match="void"):
        verbs.change(entity(Receipt), receipt.pk, {"amount": Decimal(190)}, actor=boss)
    with pytest.raises(Refused, match="void"):
        verbs.delete(entity(Receipt), receipt.pk, actor=boss)
    back = services.void(receipt, actor=boss, reason="记错客户")
    assert (back.amount, back.reverses_id, received(order)) == (Decimal(-100), receipt.pk, [Decimal(0)])
    assert sorted(ReceiptShare.objects.values_list("amount", flat=True)) == [Decimal(-100), Decimal(100)]
    with pytest.raises(Refused, match="voided"):
        services.void(receipt, actor=boss, reason="再次")
    with pytest.raises(Refused, match="voided"):
        services.auto_allocate(receipt, actor=boss)


def test_money_can_be_taken_back_from_an_order(sell: Sell, pay: Pay, boss: User) -> None:
    order, receipt = sell(1), pay(60)
    services.allocate(receipt, actor=boss, order=order)
    services.deallocate(receipt, actor=boss, order=order, reason="应付另一单")
    assert (received(order), Receipt.objects.get(pk=receipt.pk).free) == ([Decimal(0)], Decimal(60))


def test_a_credit_note_is_set_off_against_the_order_or_refunded(sell: Sell, pay: Pay, boss: User) -> None:
    order = sell(3)
    services.deliver(order, actor=boss)
    back = services.take_back(order, actor=boss, reason="退货")
    services.write_lines(back, [{"description": "退一台", "price": Decimal(100)}], actor=boss)
    services.confirm(back, actor=boss)
    services.offset(back, actor=boss)
    assert received(order, back) == [Decimal(100), Decimal(-100)]
    second = sell(1, kind="return")
    refund = pay(-100, kind="refund")
    services.auto_allocate(refund, actor=boss)
    assert received(second) == [Decimal(-100)]


@pytest.mark.req("ORDER-03")
def test_the_overdue_list_follows_the_clock(sell: Sell, boss: User, customer: Account) -> None:
    order = sell(1, on=date(2026, 6, 1))  # due on 1 July
    view = next(v for v in entity(Receivable).views if v.key == "overdue")
    where = to_q(parse(view.where, entity(Receivable), boss.company), Env(user=boss))
    assert (list(queries.overdue(boss)), Receivable.objects.filter(where).count()) == ([], 0)
    with clock.shifted(datetime(2026, 7, 1, 16, tzinfo=UTC)):  # 2 July in Shanghai
        late = to_q(parse(view.where, entity(Receivable), boss.company), Env(user=boss))
        assert [row.order_id for row in queries.overdue(boss)] == [order.pk]
        assert [row.order_id for row in Receivable.objects.filter(late)] == [order.pk]
        assert queries.receivables_of(customer, boss).overdue == Decimal(100)


@pytest.mark.req("ORDER-03")
def test_open_amounts_fall_into_buckets_by_age(sell: Sell, pay: Pay, boss: User, customer: Account) -> None:
    for quantity, due in (
        (1, "06-30"),
        (2, "06-29"),
        (3, "05-31"),
        (4, "05-30"),
        (5, "05-01"),
        (6, "04-30"),
        (7, "04-01"),
        (8, "03-31"),
    ):
        sell(quantity, on=date(2026, 3, 1), due_on=date.fromisoformat(f"2026-{due}"))
    services.auto_allocate(pay(850), actor=boss)  # pays the oldest and 50 of the next
    sell(1, kind="return")
    found = queries.receivables_of(customer, boss)
    assert found.buckets == {
        "not_due": Decimal(100), "d30": Decimal(500), "d60": Decimal(900), "d90": Decimal(600 + 650), "older": Decimal(0),
    }  # fmt: skip
    assert (found.open, found.overdue, found.credit) == (Decimal(2750), Decimal(2650), Decimal(-100))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    payments=st.lists(st.decimals("0.01", 900, places=2), min_size=1, max_size=4),
    voided=st.sets(st.integers(0, 3)),
)
@pytest.mark.req("ORDER-02")
def test_money_is_conserved_whatever_is_sold_paid_and_voided(
    sell: Sell,
    pay: Pay,
    boss: User,
    customer: Account,
    sales: list[int],
    payments: list[Decimal],
    voided: set[int],
) -> None:
    before = queries.balance_of(customer, boss).balance
    for quantity in sales:
        sell(quantity)
    receipts = [pay(amount) for amount in payments]
    for receipt in receipts:
        services.auto_allocate(receipt, actor=boss)
    for number in voided & set(range(len(receipts))):
        services.void(receipts[number], actor=boss, reason="测试")
    kept = sum(amount for number, amount in enumerate(payments) if number not in voided)
    assert queries.balance_of(customer, boss).balance == before + sum(sales) * 100 - kept
    for order in Order.objects.all():
        given_to = sum(order.shares.values_list("amount", flat=True))
        assert order.received == given_to and 0 <= given_to <= order.amount
        assert Receivable.objects.get(order=order).open_amount == order.amount - given_to
    for receipt in Receipt.objects.all():
        given_from = sum(receipt.shares.values_list("amount", flat=True))
        assert receipt.allocated == given_from and min(0, receipt.amount) <= given_from <= max(0, receipt.amount)
