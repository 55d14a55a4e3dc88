"""What the last weeks left to do: planned deliveries, invoices with their headers, returns at every step."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from guanxi.approvals import services as approvals
from guanxi.approvals.models import Vote
from guanxi.billing.models import ReturnRequest
from guanxi.billing.services import invoices, returns
from guanxi.customers.models import Account, InvoiceTitle
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.staff import Organisation
from guanxi.kernel import clock
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.sales.models import Delivery, Order
from guanxi.sales.services import deliveries

PLANNED, INVOICED, RETURNED = 36, 30, 6
CHECKS = ("", "passed", "passed", "failed")
FINDINGS = {"passed": "外观、铭牌、随机附件齐全，试机正常。", "failed": "密封面有划痕，退车间返工。"}
REASONS = (
    "到货两台密封圈破损",
    "型号与合同不符",
    "客户计划变更，未拆封",
    "铭牌参数印错",
    "运输途中外壳变形",
    "重复发货",
)
Wanted = ReturnRequest.Wanted


def build_fulfilment(staff: Organisation, today: date) -> None:
    """Outside any unit of work, as people would do it: by the verbs, each with its checks."""
    finance = User.objects.filter(company=staff.company, roles__code="finance").order_by("pk").first()
    sales: Any = Order.objects.filter(company=staff.company, kind=Order.Kind.SALE, owner__isnull=False, amount__gt=0)
    sales = sales.select_related("owner", "account").order_by("-ordered_on", "-pk")
    _deliveries(list(sales.filter(state=Order.State.CONFIRMED)[:PLANNED]), today)
    if finance is not None:
        whole = sales.filter(state=Order.State.COMPLETED, returned_by=None)  # nothing of it has come back yet
        done = list(whole[: INVOICED + RETURNED])
        _invoices(done[:INVOICED], finance, today)
        _returns(done[INVOICED:], finance)


def _deliveries(orders: list[Order], today: date) -> None:
    """Most leave tomorrow and the day after: the run to call nearby customers for."""
    for n, (order, result) in enumerate(zip(orders, cycle(CHECKS), strict=False)):
        delivery = deliveries.plan_delivery(
            order, actor=order.owner, planned_on=today + timedelta(days=n % 3 + (n > 5))
        )
        if result:
            deliveries.record_check(delivery, actor=order.owner, result=result, findings=FINDINGS[result])
        if n < 6 and result == Delivery.Result.PASSED:
            deliveries.dispatch(delivery, actor=order.owner, carrier="顺丰速运", waybill=f"SF{today:%m%d}{n:08d}")


def _invoices(orders: list[Order], finance: User, today: date) -> None:
    """Two of three issued; one taken back in red, the others wait as drafts."""
    dice = Dice("invoices")
    for n, order in enumerate(orders):
        unit_of_work(partial(_header, order.account, dice), verb="demo")
        invoice = invoices.make_invoice(order, actor=finance)
        if n % 3:
            day = min(today, order.ordered_on + timedelta(days=dice.randrange(3, 12)))
            invoices.issue(invoice, actor=finance, number=_number(dice, n), issued_on=day)
    if orders:
        invoices.reverse(invoice, actor=finance, reason="购方税号更正，冲红重开", number=_number(dice, len(orders)))


def _number(dice: Dice, n: int) -> str:
    return f"{clock.today():%y}44{dice.randrange(10**12):012d}{n:04d}"


def _header(account: Account, dice: Dice) -> None:
    if not account.invoice_titles.exists():
        InvoiceTitle(
            company_id=account.company_id, account=account, title=account.name, is_default=True,
            tax_id=account.credit_code or dice.uscc("440100"),
        ).save()  # fmt: skip


def _returns(orders: list[Order], finance: User) -> None:
    """A draft, one that waits for approval, and further on as far as the goods and finance have come."""
    for n, (order, reason) in enumerate(zip(orders, REASONS, strict=False)):
        wanted = Wanted.CREDIT if n == len(REASONS) - 1 else Wanted.REFUND
        request = returns.ask_return(order, actor=order.owner, wanted=wanted, reason=reason)
        if n:
            returns.submit(request, actor=order.owner)
        if n > 1:
            _agree(request)
        if n > 2:
            returns.receive_goods(request, actor=order.owner, findings="数量相符，外箱完好，可以入库。")
        if n > 3:
            returns.credit(request, actor=finance)


def _agree(request: ReturnRequest) -> None:
    """Everybody who is asked says yes, step by step."""
    request.refresh_from_db()
    open_votes = Vote.objects.filter(approval=request.approval_id, state=Vote.State.OPEN)
    while vote := open_votes.select_related("approval", "person").first():
        approvals.agree(vote.approval, actor=vote.person, opinion="情况属实，同意退货。")
    request.refresh_from_db()
