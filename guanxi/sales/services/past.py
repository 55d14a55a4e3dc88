"""Orders of earlier years that come in from a file with their state: what was paid then is booked as received."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import verbs
from guanxi.kernel.context import origin
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.sales.models import COUNTED, Order, OrderLine, Receipt, ReceiptShare
from guanxi.sales.services.deliveries import deliver
from guanxi.sales.services.figures import ZERO
from guanxi.sales.services.orders import cancel, complete, confirm, number_orders
from guanxi.sales.services.receipts import number_receipts, void

Payment, State = Order.Payment, Order.State
REACHED: dict[str, int] = {State.DRAFT: 0, State.CONFIRMED: 1, State.PARTLY: 1, State.DELIVERED: 2, State.COMPLETED: 3}
LAST = max(REACHED.values())  # as far as one gets; cancelled ones go nowhere


def hold_past(orders: list[Order]) -> None:
    """Number new orders, and keep what a file says was received until their lines are there to compare it with."""
    number_orders(orders)
    filed = origin().channel == "import"
    for order in orders:
        if filed:
            order.entered_after = None  # it was entered elsewhere
        order.told = order.received, order.payment  # type: ignore[attr-defined]
        order.received, order.payment = ZERO, Payment.NONE


def book_past(orders: list[Order], actor: User) -> None:
    """One receipt for each order that was paid, in full or in part, on the day of the order.

    `received` says how much.  Without it a completed order counts as paid, unless `payment` says that it is open; one
    that is `paid` is paid in any state.
    """
    rows = OrderLine.objects.filter(order__in=orders).order_by().values("order").annotate(total=money_sum("amount"))
    totals: dict[int, Decimal] = dict(rows.values_list("order", "total"))
    paid: list[tuple[Order, Receipt]] = []
    for order in orders:
        received, payment = order.told  # type: ignore[attr-defined]
        if not received and (
            payment == Payment.PAID or (payment == Payment.NONE and order.state == Order.State.COMPLETED)
        ):
            received = totals.get(order.pk, ZERO) * order.sign
        if received and order.state in COUNTED:
            paid.append((order, _receipt(order, received, actor)))
    if not paid:
        return
    verbs.require_right(actor, "add", entity(Receipt))
    receipts = [receipt for _order, receipt in paid]
    number_receipts(receipts)
    Receipt.objects.bulk_create(receipts)
    ReceiptShare.objects.bulk_create(
        ReceiptShare(
            company_id=order.company_id, created_by_id=actor.pk, order=order, receipt=receipt, amount=receipt.amount
        )
        for order, receipt in paid
    )


def move_on(order: Order, told: dict[str, Any], actor: User) -> Order:
    """An order on file goes as far as a file says, by the same verbs as by hand; what was paid is told by receipts."""
    if told.keys() & {"received", "payment"}:
        raise Refused(_("What was paid for an existing order is told by its receipts."), field="received")
    if "state" not in told:
        raise Refused(_("Delivery day, carrier and waybill come together with the state."), field="delivered_on")
    wanted = State(told["state"])
    if wanted == State.CANCELLED:
        order = cancel(order, actor=actor, reason=told.get("cancel_reason") or _("Cancelled in the file"))
        return order
    if not REACHED.get(order.state, LAST) < REACHED.get(wanted, 0) or wanted == State.PARTLY:
        words = {"number": order.number, "state": order.get_state_display(), "wanted": wanted.label}
        raise Refused(
            _("Order %(number)s is “%(state)s”: a file does not make it “%(wanted)s”.") % words, field="state"
        )
    if REACHED[order.state] < REACHED[State.CONFIRMED]:
        order = confirm(order, actor=actor)
    if REACHED[order.state] < REACHED[State.DELIVERED] <= REACHED[wanted]:
        papers = {name: told[name] for name in ("delivered_on", "carrier", "waybill") if name in told}
        order = deliver(order, actor=actor, **papers)
    if REACHED[order.state] < REACHED[wanted]:
        order = complete(order, actor=actor)
    return order


def unbook_past(order: Order, actor: User) -> None:
    """The import is undone: its receipt is voided and the order cancelled, so that it may leave the books."""
    for receipt in Receipt.objects.filter(shares__order=order, reverses=None, reversed_by=None).distinct():
        if order.number not in receipt.remark:
            raise Refused(_("Order %(number)s was paid after the import.") % {"number": order.number})
        void(receipt, actor=actor, reason=_("Import undone"))
    if order.state != Order.State.DRAFT:
        order.state, order.cancel_reason = Order.State.CANCELLED, _("Import undone")
        order.save(update_fields=["state", "cancel_reason"])


def _receipt(order: Order, amount: Decimal, actor: User) -> Receipt:
    values: dict[str, Any] = {"company_id": order.company_id, "created_by_id": actor.pk, "owner_id": order.owner_id}
    return Receipt(
        **values, department_id=order.department_id, account=order.account, received_on=order.ordered_on, amount=amount,
        kind=Receipt.Kind.RECEIPT if amount > 0 else Receipt.Kind.REFUND, currency=order.currency, method=Receipt.Method.OTHER,
        remark=_("Taken over with order %(number)s") % {"number": order.number},
    )  # fmt: skip
