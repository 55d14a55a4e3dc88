"""Every cent is traced: whatever is sold, planned, paid, invoiced, returned and taken back, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.billing.models import Invoice, InvoiceLine, ReturnRequest
from guanxi.billing.queries.statements import entries, statement_of
from guanxi.billing.services import invoices, returns
from guanxi.billing.services.invoices import invoiced
from guanxi.customers.models import Account, InvoiceTitle
from guanxi.formats.money import cents
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.sales import queries, services
from guanxi.sales.models import DeliveryLine, Instalment, Order, OrderLine, Receipt, ReceiptShare, Receivable
from guanxi.sales.tests.conftest import TODAY

ZERO = Decimal(0)
STEPS = (
    "sell", "sell", "pay", "pay", "match", "unmatch", "void", "plan", "deliver", "part", "invoice", "issue", "red", "return",
    "goods", "credit", "refund", "offset", "cancel", "line",
)  # fmt: skip
step = st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.decimals("0.01", 400, places=2))


class Books:
    """Random acts on one customer; what the rules forbid is refused and changes nothing."""

    def __init__(self, boss: User, sell: Callable[..., Order], pay: Callable[..., Receipt]) -> None:
        self.boss, self.sell, self.pay = boss, sell, pay

    def act(self, what: str, n: int, amount: Decimal) -> None:
        with suppress(Refused):
            getattr(self, f"do_{what}")(n, amount)

    def one(self, model: Any, n: int, **where: Any) -> Any:
        rows = list(model.objects.filter(**where).order_by("pk"))
        if not rows:
            raise Refused("nothing there")
        return rows[n % len(rows)]

    def do_sell(self, n: int, amount: Decimal) -> None:
        self.sell(n % 4 + 1, on=TODAY - timedelta(days=n * 9), line={"price": amount})

    def do_pay(self, _n: int, amount: Decimal) -> None:
        self.pay(amount)

    def do_match(self, n: int, amount: Decimal) -> None:
        receipt = self.one(Receipt, n, kind="receipt")
        if n % 2:
            services.auto_allocate(receipt, actor=self.boss)
        else:
            services.allocate(receipt, actor=self.boss, order=self.one(Order, n), amount=amount)

    def do_unmatch(self, n: int, _amount: Decimal) -> None:
        share = self.one(ReceiptShare, n)
        services.deallocate(share.receipt, actor=self.boss, order=share.order, reason="测试")

    def do_void(self, n: int, _amount: Decimal) -> None:
        services.void(self.one(Receipt, n), actor=self.boss, reason="测试")

    def do_plan(self, n: int, amount: Decimal) -> None:
        order = self.one(Order, n, kind="sale")
        told = f"2026-05-0{n + 1} {amount}\n2026-08-01 {order.amount - amount}" if n % 2 else "30% \n2026-09-01 70%"
        services.plan_instalments(order, actor=self.boss, parts=told.replace("30%", "2026-06-01 30%"))

    def do_deliver(self, n: int, _amount: Decimal) -> None:
        services.deliver(self.one(Order, n, kind="sale"), actor=self.boss)

    def do_part(self, n: int, _amount: Decimal) -> None:
        delivery = services.plan_delivery(self.one(Order, n, kind="sale"), actor=self.boss, planned_on=TODAY)
        line = delivery.lines.get()
        if line.quantity > 1:
            verbs.change(entity(DeliveryLine), line.pk, {"quantity": Decimal(1)}, actor=self.boss)
        services.record_check(delivery, actor=self.boss, result="passed")
        services.dispatch(delivery, actor=self.boss)

    def do_invoice(self, n: int, amount: Decimal) -> None:
        invoices.make_invoice(self.one(Order, n, kind="sale"), actor=self.boss, amount=None if n % 2 else amount)

    def do_issue(self, n: int, _amount: Decimal) -> None:
        invoices.issue(self.one(Invoice, n), actor=self.boss)

    def do_red(self, n: int, amount: Decimal) -> None:
        invoices.reverse(self.one(Invoice, n), actor=self.boss, reason="测试", amount=None if n % 2 else amount)

    def do_return(self, n: int, _amount: Decimal) -> None:
        wanted = ("refund", "credit", "exchange")[n % 3]
        request = returns.ask_return(self.one(Order, n, kind="sale"), actor=self.boss, wanted=wanted, reason="测试")
        returns.submit(request, actor=self.boss)

    def do_goods(self, n: int, _amount: Decimal) -> None:
        returns.receive_goods(self.one(ReturnRequest, n), actor=self.boss, findings="测试")

    def do_credit(self, n: int, _amount: Decimal) -> None:
        returns.credit(self.one(ReturnRequest, n), actor=self.boss)

    def do_refund(self, n: int, amount: Decimal) -> None:
        returns.pay_refund(self.one(ReturnRequest, n), actor=self.boss, amount=None if n % 2 else amount)

    def do_offset(self, n: int, _amount: Decimal) -> None:
        returns.set_off(self.one(ReturnRequest, n), actor=self.boss)

    def do_cancel(self, n: int, _amount: Decimal) -> None:
        services.cancel(self.one(Order, n), actor=self.boss, reason="测试")

    def do_line(self, n: int, amount: Decimal) -> None:
        line = self.one(OrderLine, n)
        verbs.change(entity(OrderLine), line.pk, {"price": amount}, actor=self.boss)


def total(rows: Any, of: str = "amount") -> Decimal:
    return cents(rows.aggregate(total=Sum(of))["total"] or ZERO)


def check(customer: Account, boss: User) -> None:
    """All that must hold whatever happened."""
    for receipt in Receipt.objects.all():
        matched = total(receipt.shares)
        assert receipt.amount == matched + receipt.unmatched and receipt.allocated == matched
    for order in Order.objects.all():
        assert order.received == total(order.shares)
        dues = Receivable.objects.filter(order=order)
        if not order.counts:
            assert not dues.exists() and order.received == 0
            continue
        assert (total(dues), total(dues, "settled"), total(dues, "open_amount")) == (
            order.amount, order.received, order.amount - order.received,
        )  # fmt: skip
        plan = Instalment.objects.filter(order=order)
        assert not plan.exists() or (total(plan) == order.amount and plan.count() == dues.count())
        on_paper = invoiced([order.pk]).get(order.pk, ZERO)
        assert ZERO <= on_paper <= max(order.amount, ZERO)
        assert (getattr(order, "invoicing", None).invoiced if hasattr(order, "invoicing") else ZERO) == on_paper
        sent = services.sent([order.pk])
        for line in order.lines.filter(deleted_at=None):
            assert sent.get(line.pk, ZERO) <= line.quantity
    for invoice in Invoice.objects.all():
        assert invoice.amount == total(InvoiceLine.objects.filter(invoice=invoice))
    for request in ReturnRequest.objects.exclude(credit_note=None):
        assert request.refunded == -total(Receipt.objects.filter(kind="refund", remark=request.number))
        assert request.credit_note is not None and request.refunded <= -request.credit_note.amount
    sold = total(Order.objects.filter(kind="sale", state__in=["confirmed", "partly", "delivered", "completed"]))
    back = total(Order.objects.filter(kind="return", state__in=["confirmed", "partly", "delivered", "completed"]))
    paid = total(Receipt.objects.all())
    told = statement_of(customer, boss, date(2026, 1, 1), TODAY)
    assert told.closing == sold + back - paid
    balance, lines = told.opening, 0
    for row in entries(told, boss):
        balance, lines = balance + row.amount, lines + 1
        assert row.balance == balance
    assert (balance, lines) == (told.closing, told.lines)
    owed = queries.receivables_of(Account.objects.get(pk=customer.pk), boss)  # a page asks once
    assert owed.open + owed.credit == total(Receivable.objects.all(), "open_amount")
    assert total(Receivable.objects.all(), "open_amount") - total(Receipt.objects.all(), "unmatched") == told.closing


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(step, min_size=12, max_size=40))
@pytest.mark.req("ORDER-02", "ORDER-03", "ORDER-05")
def test_every_cent_is_traced_after_any_sequence_of_acts(
    boss: User, customer: Account, header: InvoiceTitle, sell: Any, pay: Any, acts: list[tuple[str, int, Decimal]]
) -> None:
    del header  # what invoices are issued with
    books = Books(boss, sell, pay)
    for what, n, amount in acts:
        books.act(what, n, amount)
    check(customer, boss)
