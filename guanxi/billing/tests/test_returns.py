"""A return through all its steps over the pages; each has its turn, its person and its day (ORDER-05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.billing.models import ReturnRequest
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt

pytestmark = pytest.mark.req("ORDER-05")
Sell, Pay = Callable[..., Order], Callable[..., Receipt]


@pytest.fixture
def sold(sell: Sell, pay: Pay, boss: User) -> Order:
    """Three pumps, delivered and paid."""
    order = sell(3)
    services.deliver(order, actor=boss)
    services.auto_allocate(pay(300), actor=boss)
    return order


def asked(client: Client, order: Order, wanted: str = "refund", quantity: str = "2") -> ReturnRequest:
    form = {"wanted": wanted, "reason": "漏水"}
    assert client.post(f"/orders/{order.pk}/do/ask_return/", form).status_code == 302
    request = ReturnRequest.objects.latest("pk")
    line = request.lines.get()
    sent = {"order_line": line.order_line_id, "quantity": quantity, "version": line.version}
    assert client.post(f"/return-lines/{line.pk}/edit/", sent).status_code == 302
    return request


def do(client: Client, request: ReturnRequest, verb: str, status: int = 302, **form: Any) -> str:
    answer = client.post(f"/return-requests/{request.pk}/do/{verb}/", form)
    assert answer.status_code == status, (verb, answer.status_code)
    request.refresh_from_db()
    return answer.content.decode()


def test_goods_come_back_are_credited_and_refunded_in_parts(sold: Order, boss: User, client: Client) -> None:
    client.force_login(boss)
    request = asked(client, sold)
    for verb, form in (("receive_goods", {"findings": "x"}), ("credit", {}), ("pay_refund", {}), ("set_off", {})):
        do(client, request, verb, 422, **form)  # out of turn
    do(client, request, "submit")
    assert request.state == "agreed" and request.approval_id  # the head of the company is asked by nobody
    do(client, request, "credit", 422)
    do(client, request, "receive_goods", findings="两台，密封圈破损")
    do(client, request, "credit")
    assert request.credit_note is not None and request.credit_note.amount == Decimal(-200)
    do(client, request, "pay_refund", 422, amount="200.01")
    do(client, request, "pay_refund", amount="50", method="transfer")
    assert (request.state, request.refunded) == ("credited", Decimal(50))
    do(client, request, "pay_refund")
    assert (request.state, request.refunded, request.closed_on) == ("done", Decimal(200), date(2026, 6, 30))
    assert (request.received_by_id, request.credited_by_id, request.closed_by_id) == (boss.pk,) * 3
    assert sorted(Receipt.objects.filter(kind="refund").values_list("amount", flat=True)) == [
        Decimal(-150),
        Decimal(-50),
    ]
    do(client, request, "pay_refund", 422)


def test_not_more_comes_back_than_was_delivered(sold: Order, boss: User, client: Client) -> None:
    client.force_login(boss)
    first = asked(client, sold, quantity="2")
    second = ReturnRequest.objects.filter(pk=first.pk)
    assert client.post(f"/orders/{sold.pk}/do/ask_return/", {"wanted": "refund", "reason": "x"}).status_code == 302
    other = ReturnRequest.objects.latest("pk")
    line = other.lines.get()
    assert (line.quantity, second.count()) == (Decimal(1), 1)
    sent = {"order_line": line.order_line_id, "quantity": "1.5", "version": line.version}
    refused = client.post(f"/return-lines/{line.pk}/edit/", sent)
    assert refused.status_code == 409 and "3 were delivered" in refused.content.decode()
    refused = client.post(f"/orders/{sold.pk}/do/ask_return/", {"wanted": "refund", "reason": "x"})
    assert refused.status_code == 422 and "come back already" in refused.content.decode()


def test_nothing_comes_back_of_what_was_not_delivered(sell: Sell, boss: User, client: Client) -> None:
    client.force_login(boss)
    order = sell(1)
    form = {"order": order.pk, "wanted": "refund", "reason": "x"}
    refused = client.post("/return-requests/new/", form)
    assert refused.status_code == 409 and "delivered yet" in refused.content.decode()


def test_what_was_never_paid_is_set_off_and_not_refunded(sell: Sell, boss: User, client: Client) -> None:
    order = sell(3)
    services.deliver(order, actor=boss)
    client.force_login(boss)
    request = asked(client, order)
    do(client, request, "submit")
    do(client, request, "receive_goods", findings="完好")
    do(client, request, "credit")
    assert "0.00 can be refunded" in do(client, request, "pay_refund", 422)
    do(client, request, "set_off")
    assert (request.state, Order.objects.get(pk=order.pk).received) == ("done", Decimal(200))


def test_an_exchange_makes_a_new_order_paid_by_the_credit(sold: Order, boss: User, client: Client) -> None:
    client.force_login(boss)
    request = asked(client, sold, "exchange", "1")
    do(client, request, "submit")
    do(client, request, "exchange", 422)
    do(client, request, "receive_goods", findings="型号不符")
    do(client, request, "credit")
    do(client, request, "exchange")
    made = request.exchange
    assert made is not None and (made.state, made.amount, made.kind) == ("draft", Decimal(100), "sale")
    services.confirm(made, actor=boss)
    do(client, request, "set_off")
    assert (request.state, Order.objects.get(pk=made.pk).payment) == ("done", "paid")


def test_only_what_was_accepted_is_credited(sold: Order, boss: User, client: Client) -> None:
    client.force_login(boss)
    request = asked(client, sold, "credit", "2")
    do(client, request, "submit")
    line = request.lines.get()
    sent = {"order_line": line.order_line_id, "quantity": "2", "accepted": "1", "version": line.version}
    assert client.post(f"/return-lines/{line.pk}/edit/", sent).status_code == 302
    do(client, request, "receive_goods", findings="一台人为损坏")
    do(client, request, "credit")
    assert request.credit_note is not None
    assert (request.state, request.credit_note.amount) == ("done", Decimal(-100))


def test_each_step_belongs_to_its_role(hire: Any, seller: User, east: Any, client: Client) -> None:
    """A seller asks, the head of the branch agrees, finance credits and pays."""
    from guanxi.conftest import saved
    from guanxi.customers.models import Account

    head = hire("head", "store-manager", east)
    east.head = head
    saved(east)
    money = hire("money", "finance", east)
    card = saved(Account(company=seller.company, name="宁波海天商贸有限公司", owner=seller, department=east))
    order = services.place({"account": card}, [{"description": "水泵", "price": Decimal(100)}], actor=seller)
    services.confirm(order, actor=seller)
    services.deliver(order, actor=seller)
    client.force_login(seller)
    request = asked(client, order, quantity="1")
    do(client, request, "submit")
    assert request.state == "asked"
    client.force_login(head)
    approval = request.approval_id
    assert client.post(f"/approvals/{approval}/do/agree/", {}).status_code == 302
    do(client, request, "receive_goods", findings="完好")
    assert request.state == "received"
    do(client, request, "credit", 403)
    client.force_login(money)
    do(client, request, "credit")
    assert request.credited_by_id == money.pk
