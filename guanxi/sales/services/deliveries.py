"""Deliveries: planned, checked, dispatched, received; the state of the order follows from them (ORDER-01, SVC-06, SVC-07)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.formats.money import plain
from guanxi.kernel import clock, work
from guanxi.kernel.actions import MADE, Text, action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.numbers import number_rows
from guanxi.sales.models import GONE, OPEN, After, Delivery, DeliveryLine, DeliveryNeed, Instalment, Order, OrderLine
from guanxi.sales.services.instalments import EMPTY, due_from

ZERO = Decimal(0)
EXACT = Decimal("0.0001")
State, Result = Delivery.State, Delivery.Result


def number_deliveries(rows: list[Delivery]) -> None:
    """Before new deliveries are stored: those without a number get the next one."""
    number_rows(rows, "FH")


def check_delivery(delivery: Delivery) -> None:
    """Before saving: goods are still to be delivered, and what has left stays as it left."""
    if delivery._state.adding:
        _require_open(delivery.order)
        return
    if delivery.order_id != delivery._loaded.get("order_id", delivery.order_id):
        raise Refused(_("A delivery stays with its order."), field="order")
    if delivery.state != State.PLANNED and delivery.planned_on != delivery._loaded.get("planned_on"):
        raise Refused(_("Only a planned delivery gets another day."), field="planned_on")


def guard_delivery(delivery: Delivery, _actor: User, verb: str) -> None:
    """What has left does not disappear."""
    if verb == "delete" and delivery.left:
        raise Refused(_("Delivery %(number)s has left the house.") % {"number": delivery.number})


def check_line(line: DeliveryLine) -> None:
    """Before saving: a line of the same order, while the delivery is planned."""
    if line.order_line.order_id != line.delivery.order_id:
        raise Refused(_("This line belongs to another order."), field="order_line")
    guard_line(line)


def guard_line(line: DeliveryLine, _actor: Any = None, _verb: str = "") -> None:
    if line.delivery.state != State.PLANNED:
        raise Refused(_("The lines of a delivery change only while it is planned."))


def _require_open(order: Order) -> None:
    if order.kind != Order.Kind.SALE or order.state not in OPEN:
        words = {"number": order.number, "state": order.get_state_display()}
        raise Refused(_("Order %(number)s has nothing to deliver: it is “%(state)s”.") % words, field="order")


def sent(order_ids: Iterable[int], *, planned: bool = False) -> dict[int, Decimal]:
    """What has left the house, by order line; with what is planned if asked."""
    states = [*GONE, State.PLANNED] if planned else [*GONE]
    rows = DeliveryLine.objects.filter(
        delivery__order__in=list(order_ids), delivery__state__in=states, delivery__deleted_at=None
    )
    found = rows.order_by().values_list("order_line").annotate(total=Sum("quantity"))
    return {line: total.quantize(EXACT) for line, total in found}  # SQLite adds decimals as floating numbers


def delivered(order: Order) -> dict[int, Decimal]:
    """What the customer was sent, by order line; an order taken over from earlier years without deliveries was, all of it."""
    if order.state not in (Order.State.PARTLY, Order.State.DELIVERED, Order.State.COMPLETED):
        return {}
    if order.deliveries.filter(state__in=GONE, deleted_at=None).exists():
        return sent([order.pk])
    return {line.pk: line.quantity for line in order.lines.filter(deleted_at=None)}


def remaining(order: Order, *, planned: bool = True) -> list[tuple[OrderLine, Decimal]]:
    """The lines of an order with what no delivery takes yet."""
    taken = sent([order.pk], planned=planned)
    lines = order.lines.filter(deleted_at=None)
    return [(line, rest) for line in lines if (rest := line.quantity - taken.get(line.pk, ZERO)) > 0]


def _load(delivery: Delivery, lines: Iterable[tuple[OrderLine, Decimal]], actor: User) -> None:
    number_deliveries([delivery])
    delivery.save()
    for line, quantity in lines:
        DeliveryLine(
            company_id=delivery.company_id,
            created_by_id=actor.pk,
            delivery=delivery,
            order_line=line,
            quantity=quantity,
        ).save()


def _new(order: Order, actor: User, **values: Any) -> Delivery:
    return Delivery(
        company_id=order.company_id, created_by_id=actor.pk, owner_id=order.owner_id, department_id=order.department_id,
        order=order, **values,
    )  # fmt: skip


@action(Order, label=_("Plan a delivery"), icon="calendar-plus", bulk=False, lands=MADE,
        when=lambda order: order.kind == Order.Kind.SALE and order.state in OPEN,
        labels={"planned_on": _("Planned on"), "remark": _("Remark")})  # fmt: skip
def plan_delivery(order: Order, *, actor: User, planned_on: date, remark: Text = EMPTY) -> Delivery:
    """A delivery with all that no other takes, to be trimmed to what really goes."""
    _require_open(order)
    if planned_on < order.ordered_on:
        raise Refused(_("A delivery is not planned before its order."), field="planned_on")
    lines = remaining(order)
    if not lines:
        raise Refused(_("Everything is in a delivery already."))
    delivery = _new(order, actor, planned_on=planned_on, remark=remark)
    _load(delivery, lines, actor)
    return delivery


@action(Order, label=_("Deliver"), icon="truck", when=lambda order: order.state in OPEN,
        labels={"delivered_on": _("Delivered on"), "carrier": _("Carrier"), "waybill": _("Waybill"),
                "findings": _("Findings of the quality check")})  # fmt: skip
def deliver(
    order: Order,
    *,
    actor: User,
    delivered_on: date | None = None,
    carrier: str = "",
    waybill: str = "",
    findings: str = "",
) -> Order:
    """All that is left in one step: whoever delivers answers for the quality check too."""
    if order.state not in OPEN:
        words = {"number": order.number, "state": order.get_state_display()}
        raise Refused(_("Order %(number)s is “%(state)s”.") % words)
    day = _day_of(order, delivered_on, "delivered_on")
    if order.kind == Order.Kind.RETURN:  # nothing leaves, something comes back
        order.state, order.delivered_on = Order.State.DELIVERED, day
        order.carrier, order.waybill = carrier[:60], waybill[:60]
        order.save(update_fields=["state", "delivered_on", "carrier", "waybill"])
        return order
    if order.deliveries.filter(state=State.PLANNED, deleted_at=None).exists():
        raise Refused(_("Deliveries of this order are planned: check and dispatch them, or call them off."))
    delivery = _new(
        order, actor, planned_on=day, state=State.DISPATCHED, dispatched_on=day, carrier=(carrier or order.carrier)[:60],
        waybill=(waybill or order.waybill)[:60], checked_at=clock.now(), checked_by=actor, result=Result.PASSED,
        findings=findings,
    )  # fmt: skip
    _load(delivery, remaining(order), actor)
    return follow(order)


@action(Delivery, label=_("Record the quality check"), icon="clipboard-check",
        when=lambda delivery: delivery.state == State.PLANNED,
        labels={"result": _("Result of the check"), "findings": pgettext_lazy("quality", "Findings")},
        choices={"result": lambda _actor: Result.choices})  # fmt: skip
def record_check(delivery: Delivery, *, actor: User, result: str, findings: Text = EMPTY) -> Delivery:
    """What was found before the goods leave; pictures and papers are put to the delivery as files."""
    _require(delivery, State.PLANNED)
    if result not in Result.values:
        raise Refused(_("Choose one of the results."), field="result")
    found = findings.strip()
    if result == Result.FAILED and not found:
        raise Refused(_("Say what was found."), field="findings")
    delivery.checked_at, delivery.checked_by = clock.now(), actor
    delivery.result, delivery.findings = result, found
    delivery.save(update_fields=["checked_at", "checked_by", "result", "findings"])
    return delivery


@action(Delivery, label=_("Dispatch"), icon="truck", when=lambda delivery: delivery.state == State.PLANNED,
        labels={"dispatched_on": _("Dispatched on"), "carrier": _("Carrier"), "waybill": _("Waybill")})  # fmt: skip
def dispatch(
    delivery: Delivery, *, actor: User, dispatched_on: date | None = None, carrier: str = "", waybill: str = ""
) -> Delivery:
    """The goods leave; only what passed its check may."""
    _require(delivery, State.PLANNED)
    order = delivery.order
    _require_open(order)
    if delivery.checked_at is None:
        raise Refused(_("Delivery %(number)s cannot leave: its quality was not checked.") % {"number": delivery.number})
    if delivery.result != Result.PASSED:
        raise Refused(_("Delivery %(number)s cannot leave: it failed its check.") % {"number": delivery.number})
    if not delivery.lines.filter(deleted_at=None).exists():
        raise Refused(_("A delivery needs at least one line."))
    delivery.state, delivery.dispatched_on = State.DISPATCHED, _day_of(order, dispatched_on, "dispatched_on")
    delivery.carrier, delivery.waybill = carrier[:60] or delivery.carrier, waybill[:60] or delivery.waybill
    delivery.save(update_fields=["state", "dispatched_on", "carrier", "waybill"])
    follow(order)
    return delivery


@action(Delivery, label=_("Received by the customer"), icon="circle-check",
        when=lambda delivery: delivery.state == State.DISPATCHED, labels={"received_on": _("Received on")})  # fmt: skip
def confirm_receipt(delivery: Delivery, *, actor: User, received_on: date | None = None) -> Delivery:
    """The customer has the goods."""
    _require(delivery, State.DISPATCHED)
    day = received_on or clock.today()
    if delivery.dispatched_on is None or not delivery.dispatched_on <= day <= clock.today():
        raise Refused(_("The day lies between the dispatch and today."), field="received_on")
    delivery.state, delivery.received_on = State.RECEIVED, day
    delivery.save(update_fields=["state", "received_on"])
    return delivery


@action(Delivery, label=_("Call off"), icon="ban", danger=True, labels={"reason": _("Reason")},
        when=lambda delivery: delivery.state == State.PLANNED)  # fmt: skip
def call_off(delivery: Delivery, *, actor: User, reason: str) -> Delivery:
    """A planned delivery does not take place; its goods are free for another."""
    _require(delivery, State.PLANNED)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    delivery.state, delivery.remark = State.CALLED_OFF, f"{delivery.remark}\n{reason.strip()}".strip()
    delivery.save(update_fields=["state", "remark"])
    return delivery


@action(DeliveryNeed, label=_("Confirm"), icon="check", when=lambda need: need.confirmed_on is None,
        labels={"answer": _("Answer")})  # fmt: skip
def confirm_need(need: DeliveryNeed, *, actor: User, answer: str = "") -> DeliveryNeed:
    """The unit asked says that it supplies."""
    if need.confirmed_on is not None:
        raise Refused(_("This was confirmed already."))
    need.confirmed_on, need.confirmed_by, need.answer = clock.today(), actor, answer.strip()[:200]
    need.save(update_fields=["confirmed_on", "confirmed_by", "answer"])
    return need


def call_off_planned(order: Order) -> None:
    """An order that is cancelled is not delivered any more."""
    for delivery in order.deliveries.filter(state=State.PLANNED):
        delivery.state = State.CALLED_OFF
        delivery.save(update_fields=["state"])


def follow(order: Order) -> Order:
    """State, day, carrier and waybill of an order as its deliveries tell them; what is due on delivery gets its day."""
    gone = list(order.deliveries.filter(state__in=GONE, deleted_at=None).order_by("dispatched_on", "pk"))
    if not gone or order.state not in OPEN:
        return order
    last = gone[-1]
    order.state = Order.State.PARTLY if remaining(order, planned=False) else Order.State.DELIVERED
    order.delivered_on, order.carrier, order.waybill = last.dispatched_on, last.carrier, last.waybill
    order.save(update_fields=["state", "delivered_on", "carrier", "waybill"])
    if order.state == Order.State.DELIVERED and order.delivered_on:
        for part in Instalment.objects.filter(order=order, after=After.DELIVERY):
            part.due_on = due_from(order.delivered_on, part.months, part.days)
            part.save(update_fields=["due_on"])
    return order


@work.sealer(21, "sales.deliveryline", "sales.orderline")
def keep_within(unit: work.Work) -> None:
    """No delivery takes more than was ordered, whichever way its lines came in; a changed one is checked again."""
    orders, changed = set(), set()
    for change in list(unit.changes.values()):
        if change.label == "sales.deliveryline" and change.row is not None:
            changed.add(change.row.delivery_id)
        elif change.label == "sales.orderline" and change.row is not None and change.verb != "created":
            orders.add(change.row.order_id)
    rows = list(Delivery.objects.filter(pk__in=changed).select_related("order"))
    for row in rows:
        if row.state == State.PLANNED and row.checked_at is not None:
            row.checked_at, row.checked_by, row.result = None, None, ""
            row.save(update_fields=["checked_at", "checked_by", "result"])
    orders |= {row.order_id for row in rows}
    taken = sent(orders, planned=True) if orders else {}
    lines: Any = OrderLine.everything
    for line in lines.filter(pk__in=taken):
        if taken[line.pk] > (ZERO if line.deleted_at else line.quantity):
            words = {"line": line, "taken": plain(taken[line.pk]), "all": plain(line.quantity)}
            raise Refused(_("%(line)s: deliveries take %(taken)s, ordered are %(all)s.") % words)


def _day_of(order: Order, day: date | None, field: str) -> date:
    day = day or clock.today()
    if day < order.ordered_on or day > clock.today():
        raise Refused(_("The delivery lies between the order and today."), field=field)
    return day


def _require(delivery: Delivery, state: str) -> None:
    if delivery.state != state:
        words = {"number": delivery.number, "state": delivery.get_state_display()}
        raise Refused(_("Delivery %(number)s is “%(state)s”.") % words)
