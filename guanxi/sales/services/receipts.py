"""Booking receipts: give them to orders, take that back, void them; nothing booked is ever changed (ORDER-02)."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.actions import action, locked
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.org.numbers import number_rows
from guanxi.sales.models import COUNTED, Order, Receipt, ReceiptShare
from guanxi.sales.services.figures import settle, settle_receipts

Kind = Receipt.Kind


def number_receipts(receipts: list[Receipt]) -> None:
    """Before new receipts are stored: those without a number get the next one, and nothing of them is matched."""
    for receipt in receipts:
        receipt.unmatched = receipt.free
    number_rows(receipts, "SK")


@action(Receipt, label=_("Allocate"), icon="arrows-split", bulk=False, when=lambda receipt: receipt.free != 0,
        labels={"order": _("Order"), "amount": _("Amount")})  # fmt: skip
def allocate(receipt: Receipt, *, actor: User, order: Order, amount: Decimal | None = None) -> Receipt:
    """Give an amount, or as much as fits, to one order of the same customer."""
    _require_alive(receipt)
    order = locked(Order, order.pk, actor)
    # Earlier shares of the same unit of work are not summed up yet.
    settle([order.pk])
    settle_receipts([receipt.pk])
    order.refresh_from_db()
    receipt.refresh_from_db()
    if order.account_id != receipt.account_id or order.currency != receipt.currency:
        raise Refused(_("Order and receipt are not of the same customer and currency."), field="order")
    if order.state not in COUNTED:
        raise Refused(_("Only a confirmed order can receive money."), field="order")
    given = _fit(receipt, order) if amount is None else amount
    if not given or (given > 0) != (order.amount > 0) or abs(given) > abs(order.open_amount):
        raise Refused(
            _("Order %(number)s cannot receive more than its amount.") % {"number": order.number},
            field="amount",
        )
    _share(receipt, order, given, actor)
    return receipt


@action(Receipt, label=_("Allocate to oldest"), icon="playlist-add", when=lambda receipt: receipt.free != 0)
def auto_allocate(receipt: Receipt, *, actor: User) -> Receipt:
    """Give what is left to the customer's open orders, the one due first coming first; a refund to credit notes."""
    _require_alive(receipt)
    kind = Order.Kind.SALE if receipt.amount > 0 else Order.Kind.RETURN
    rows = Order.objects.visible_to(actor).filter(
        account=receipt.account_id, kind=kind, state__in=COUNTED, currency=receipt.currency
    )
    waiting = rows.exclude(received=F("amount")).order_by("due_on", "ordered_on", "pk")
    for order in waiting.select_for_update(of=("self",)):
        if not receipt.free:
            break
        if given := _fit(receipt, order):
            _share(receipt, order, given, actor)
    return receipt


@action(Receipt, label=_("Take back from order"), icon="arrow-back-up", bulk=False,
        when=lambda receipt: receipt.allocated != 0, labels={"order": _("Order"), "reason": _("Reason")})  # fmt: skip
def deallocate(receipt: Receipt, *, actor: User, order: Order, reason: str) -> Receipt:
    """Take back what this receipt gave to an order."""
    _require_alive(receipt)
    given = receipt.shares.filter(order=order).aggregate(total=money_sum("amount"))["total"]
    if not given:
        raise Refused(_("This receipt gave nothing to order %(number)s.") % {"number": order.number}, field="order")
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    _share(receipt, order, -given, actor)
    return receipt


@action(Receipt, label=_("Void"), icon="ban", danger=True, bulk=False, labels={"reason": _("Reason")},
        when=lambda receipt: receipt.kind != Kind.REVERSAL)  # fmt: skip
def void(receipt: Receipt, *, actor: User, reason: str) -> Receipt:
    """Book the reversal of a wrong receipt, its shares included, and return the reversal."""
    if not reason.strip():
        raise Refused(_("Say why the receipt is voided."), field="reason")
    _require_alive(receipt)
    back = Receipt(
        company_id=receipt.company_id, created_by_id=actor.pk, owner_id=receipt.owner_id, department_id=receipt.department_id,
        account_id=receipt.account_id, kind=Kind.REVERSAL, received_on=clock.today(), currency=receipt.currency,
        amount=-receipt.amount, method=receipt.method, payer=receipt.payer, reverses=receipt, remark=reason.strip(),
    )  # fmt: skip
    number_receipts([back])
    back.save()
    totals = receipt.shares.values("order").annotate(total=money_sum("amount")).exclude(total=0)
    for order_id, total in totals.values_list("order", "total"):
        ReceiptShare(
            company_id=back.company_id, created_by_id=actor.pk, receipt=back, order_id=order_id, amount=-total
        ).save()
    return back


@action(Order, label=_("Offset"), icon="arrows-exchange", bulk=False, labels={"against": _("Order")},
        when=lambda order: order.kind == Order.Kind.RETURN and order.counts and order.open_amount != 0)  # fmt: skip
def offset(order: Order, *, actor: User, against: Order | None = None) -> Receipt:
    """Set a credit note off against an open order, by default the one it returns; books a receipt of 0."""
    against = against or order.returns
    if order.kind != Order.Kind.RETURN or order.state not in COUNTED or against is None:
        raise Refused(_("Only a confirmed return can be set off against an order."))
    against = locked(Order, against.pk, actor)
    amount = min(-order.open_amount, against.open_amount)
    if against.account_id != order.account_id or against.state not in COUNTED or amount <= 0:
        raise Refused(_("Order %(number)s has nothing open to set off.") % {"number": against.number}, field="against")
    receipt = Receipt(
        company_id=order.company_id, created_by_id=actor.pk, owner_id=order.owner_id, department_id=order.department_id,
        account_id=order.account_id, kind=Kind.OFFSET, currency=order.currency, method=Receipt.Method.OTHER,
    )  # fmt: skip
    number_receipts([receipt])
    receipt.save()
    _share(receipt, order, -amount, actor)
    _share(receipt, against, amount, actor)
    return receipt


def _require_alive(receipt: Receipt) -> None:
    if receipt.kind == Kind.REVERSAL or Receipt.objects.filter(reverses=receipt).exists():
        raise Refused(_("Receipt %(number)s is voided.") % {"number": receipt.number})


def _fit(receipt: Receipt, order: Order) -> Decimal:
    """As much of the receipt as the order still takes."""
    if receipt.free > 0:
        return max(Decimal(0), min(receipt.free, order.open_amount))
    return min(Decimal(0), max(receipt.free, order.open_amount))


def _share(receipt: Receipt, order: Order, amount: Decimal, actor: User) -> None:
    ReceiptShare(
        company_id=receipt.company_id, created_by_id=actor.pk, receipt=receipt, order=order, amount=amount
    ).save()
    receipt.allocated += amount
