"""The verbs of an order: confirm, deliver, complete, cancel, take back; and its lines (ORDER-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, verbs, work
from guanxi.kernel.actions import action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.offers.queries.prices import line_prices
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.org.numbers import number_rows
from guanxi.sales.models import COUNTED, DeliveryLine, Order, OrderLine, ReceiptShare
from guanxi.sales.services.credit import keep_policies, require_credit
from guanxi.sales.services.deliveries import EXACT, call_off_planned
from guanxi.sales.services.figures import settle
from guanxi.sales.services.instalments import plan_by_terms
from guanxi.sales.spreading import spread
from guanxi.worktime.queries import calendar_of

PAYMENT_DAYS = 30
LONG = timedelta(days=92)  # later than that is late all the same
State = Order.State
PAST = (
    "state",
    "delivered_on",
    "carrier",
    "waybill",
    "cancel_reason",
    "received",
    "payment",
)  # a file tells it of new orders
REASON = {"reason": _("Reason")}


def check_order(order: Order) -> None:
    """Before saving: a due day unless it was told, and a credit note for the same customer."""
    if order.due_on is None and not order._state.adding:
        order.due_on = order.ordered_on + timedelta(days=payment_days(order))
    if order.returns is not None and order.returns.account_id != order.account_id:
        raise Refused(_("The order returned belongs to another customer."), field="returns")
    if order.contract is not None and order.contract.account_id != order.account_id:
        raise Refused(_("This contract belongs to another customer."), field="contract")
    if order._state.adding:
        return
    if any(getattr(order, k) != order._loaded.get(k, getattr(order, k)) for k in PAST):
        raise Refused(_("What became of an existing order is told by its verbs, not by a file."))
    fixed = ("account_id", "kind", "currency")
    if order.state != State.DRAFT and any(getattr(order, k) != order._loaded.get(k) for k in fixed):
        raise Refused(_("Customer, kind and currency are fixed once the order is confirmed."))


def number_orders(orders: list[Order]) -> None:
    """Before new orders are stored: their policy, their due day, and for those without a number the next one."""
    told = [order for order in orders if order.account_id]
    keep_policies(told)
    for order in told:
        order.entered_after = _entered_after(order)
        order.due_on = order.due_on or order.ordered_on + timedelta(days=payment_days(order))
    number_rows(orders, "SO")


def _entered_after(order: Order) -> int:
    """Working days from the day of the order to that of its entry (SALE-09)."""
    today = clock.today()
    first = max(order.ordered_on, today - LONG)
    return max(0, calendar_of(order.company_id).workdays_between(first, today)) if first <= today else 0


def complete_lines(lines: list[OrderLine]) -> None:
    """Before new lines are stored, many at a time: the price lists are asked once an order."""
    bare: defaultdict[int, list[OrderLine]] = defaultdict(list)
    for line in lines:
        if line.product is not None and line.price is None:
            bare[line.order_id].append(line)
    for asked in bare.values():
        order = asked[0].order
        for line, price in zip(asked, line_prices(order.account, asked, order.ordered_on, order.currency), strict=True):
            line.price = price.price
    for line in lines:
        line.complete()


def payment_days(order: Order) -> int:
    """Days from order to due day: the customer's terms, else those of its class, the company's setting, 30."""
    terms = order.account.payment_terms_days
    if terms is None and order.policy is not None:
        terms = order.policy.payment_days
    return terms if terms is not None else int(order.company.settings.get("payment_days", PAYMENT_DAYS))


def prepare_line(line: OrderLine) -> None:
    """A line sells a product or says what it sells."""
    if line.product is None and not line.description.strip():
        raise Refused(_("Choose a product or describe what is sold."), field="product")


def write_lines(order: Order, lines: Iterable[Mapping[str, Any]], *, actor: User) -> Order:
    """Replace the lines of an order by these values (by field name), as an import does; sums follow at once."""

    def body() -> Order:
        if DeliveryLine.objects.filter(order_line__order=order).exists():
            raise Refused(_("Deliveries rest on the lines of this order: change the lines one by one."))
        for old in order.lines.all():
            old.delete()
        for values in lines:
            verbs.add(entity(OrderLine), {**values, "order": order}, actor=actor)
        settle([order.pk])
        order.refresh_from_db()
        return order

    return work.unit_of_work(body, verb="sales.order.write_lines")


def place(
    values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], *, actor: User, order: Order | None = None
) -> Order:
    """Add or change an order together with its lines; the importer's way in.

    A file without lines may give `amount` (and `cost`) instead: they become one line.
    """
    header = {name: value for name, value in values.items() if name not in ("amount", "cost")}
    if not lines and values.get("amount") is not None:
        total = {"description": str(_("Order total")), "price": abs(values["amount"])}
        lines = [total | ({"unit_cost": abs(values["cost"])} if values.get("cost") is not None else {})]

    def body() -> Order:
        declared = entity(Order)
        if order is None:
            row = verbs.add(declared, header, actor=actor)
        else:
            row = verbs.change(declared, order.pk, header, actor=actor)
        return write_lines(row, lines, actor=actor) if lines else row

    return work.unit_of_work(body, verb="sales.order.place")


def can_correct(order: Order, field: str, value: Any) -> None:
    """Refuse a correction that no order can take: lines change only until goods leave."""
    if field == "state":
        _require(order, State.CONFIRMED)
        if value != State.CANCELLED:
            raise Refused(_("What is booked can only be cancelled."), field="value")
    if field == "amount":
        _require(order, State.CONFIRMED)
        if order.kind != Order.Kind.SALE or not order.amount:
            raise Refused(_("The amount of this order follows from its lines alone."))


def correct_amount(order: Order, amount: Decimal, actor: User) -> None:
    """Bring a confirmed order to an amount by the prices of its lines, each in proportion, to the cent."""
    can_correct(order, "amount", amount)
    lines = [line for line in order.lines.filter(deleted_at=None) if line.amount]
    for line, share in zip(lines, spread(amount, [line.amount for line in lines]), strict=True):
        line.price = (share * 100 / (100 - line.discount) / line.quantity).quantize(Decimal("0.000001"))
        line.save()
        if line.amount != share or share < 0:
            raise Refused(_("The lines cannot be brought to this amount; write a return instead."))
    settle([order.pk])
    order.refresh_from_db()


@action(Order, label=_("Confirm"), icon="check", when=lambda order: order.state == State.DRAFT)
def confirm(order: Order, *, actor: User) -> Order:
    """From now on the order counts as revenue and is due."""
    _require(order, State.DRAFT)
    if not order.lines.filter(deleted_at=None).exists():
        raise Refused(_("An order needs at least one line."))
    if order.returns is not None:
        _check_return(order)
    require_credit(order, actor)
    plan_by_terms(order, actor)
    return _move(order, State.CONFIRMED, "grade", "policy")


def _check_return(order: Order) -> None:
    settle([order.pk])
    order.refresh_from_db(fields=["amount"])
    sold = order.returns
    others = sold.returned_by.filter(state__in=COUNTED, deleted_at=None).exclude(pk=order.pk) if sold else None
    back = others.aggregate(total=money_sum("amount"))["total"] or Decimal(0) if others is not None else Decimal(0)
    if sold is None or sold.amount + back + order.amount < 0:
        raise Refused(_("More would be returned than was sold."))
    _check_quantities(order)


def _check_quantities(order: Order) -> None:
    """Line by line, where a return says which line it takes back."""
    mine = dict(_by_returned(order.lines.filter(deleted_at=None)))
    before = dict(
        _by_returned(OrderLine.objects.filter(returns__in=mine, order__state__in=COUNTED, order__deleted_at=None))
    )
    for line in OrderLine.objects.filter(pk__in=mine):
        if mine[line.pk] + before.get(line.pk, Decimal(0)) > line.quantity:
            raise Refused(_("%(line)s: more would be returned than was sold.") % {"line": line})


def _by_returned(rows: Any) -> Any:
    found = rows.exclude(returns=None).order_by().values_list("returns").annotate(total=Sum("quantity"))
    return [(line, total.quantize(EXACT)) for line, total in found]


@action(Order, label=_("Complete"), icon="circle-check", when=lambda order: order.state == State.DELIVERED)
def complete(order: Order, *, actor: User) -> Order:
    """Delivered and accepted by the customer."""
    _require(order, State.DELIVERED)
    return _move(order, State.COMPLETED)


@action(Order, label=_("Cancel order"), icon="ban", danger=True, labels=REASON,
        when=lambda order: order.state in (State.DRAFT, State.CONFIRMED))  # fmt: skip
def cancel(order: Order, *, actor: User, reason: str) -> Order:
    """Take an order back before delivery; what was received for it is free for other orders."""
    _require(order, State.DRAFT, State.CONFIRMED)
    if not reason.strip():
        raise Refused(_("Say why the order is cancelled."), field="reason")
    held = (
        order.shares.values("receipt")
        .annotate(total=money_sum("amount"))
        .exclude(total=0)
        .values_list("receipt", "total")
    )
    for receipt, total in held:
        ReceiptShare(
            company_id=order.company_id,
            created_by_id=actor.pk,
            receipt_id=receipt,
            order=order,
            amount=-total,
        ).save()
    call_off_planned(order)
    order.cancel_reason = reason.strip()[:200]
    return _move(order, State.CANCELLED, "cancel_reason")


def correct_state(order: Order, _state: Any, actor: User) -> None:
    """What was agreed to is cancelled as ever, for the reason that was given."""
    cancel(order, actor=actor, reason=work.require().reason)


@action(Order, label=_("Take back"), icon="arrow-back-up", bulk=False, labels=REASON,
        when=lambda order: order.kind == Order.Kind.SALE and order.state in (State.PARTLY, State.DELIVERED, State.COMPLETED))  # fmt: skip
def take_back(order: Order, *, actor: User, reason: str) -> Order:
    """Draft a return with the lines of this order, to be trimmed to what really comes back."""
    _require(order, State.PARTLY, State.DELIVERED, State.COMPLETED)
    if order.kind != Order.Kind.SALE:
        raise Refused(_("Only a sale can be taken back."))
    back = Order(
        company_id=order.company_id, created_by_id=actor.pk, account_id=order.account_id, owner_id=order.owner_id,
        department_id=order.department_id, kind=Order.Kind.RETURN, returns=order, currency=order.currency,
        due_on=clock.today(), contact=order.contact, phone=order.phone, address=order.address, remark=reason,
    )  # fmt: skip
    check_order(back)
    number_orders([back])
    back.save()
    for line in order.lines.filter(deleted_at=None):
        OrderLine(
            company_id=order.company_id, created_by_id=actor.pk, order=back, product_id=line.product_id,
            description=line.description, quantity=line.quantity, price=line.price, discount=line.discount,
            unit_cost=line.unit_cost, returns=line,
        ).save()  # fmt: skip
    return back


def _require(order: Order, *states: str) -> None:
    if order.state not in states:
        raise Refused(
            _("Order %(number)s is “%(state)s”.") % {"number": order.number, "state": order.get_state_display()}
        )


def _move(order: Order, state: str, *also: str) -> Order:
    order.state = state
    order.save(update_fields=["state", *also])
    return order
