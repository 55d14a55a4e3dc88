"""A return step by step: asked, agreed, goods received and checked, credited, refunded, set off or exchanged (ORDER-05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.approvals.models import Approval
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.billing.models import ReturnLine, ReturnRequest
from guanxi.formats.money import cents, plain
from guanxi.kernel import clock, work
from guanxi.kernel.actions import MADE, Text, action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.org.numbers import number_rows
from guanxi.sales.models import COUNTED, Order, OrderLine, Receipt, ReceiptShare
from guanxi.sales.services import confirm, number_orders, number_receipts, offset
from guanxi.sales.services.deliveries import EXACT, delivered

SUBJECT = "billing.return"
ZERO = Decimal(0)
State, Wanted = ReturnRequest.State, ReturnRequest.Wanted
ALIVE = (State.DRAFT, State.ASKED, State.AGREED, State.RECEIVED, State.CREDITED, State.DONE)


def number_requests(rows: list[ReturnRequest]) -> None:
    """Before new requests are stored: those without a number get the next one."""
    number_rows(rows, "TH")


def check_request(request: ReturnRequest) -> None:
    """Before saving: about a sale something of which was delivered; once sent on its way it stays as it is."""
    if request.order.kind != Order.Kind.SALE or not request.order.counts or not delivered(request.order):
        raise Refused(_("Nothing of this order was delivered yet."), field="order")
    fixed = ("order_id", "wanted", "reason")
    if request._state.adding or request.state == State.DRAFT:
        return
    if any(getattr(request, k) != request._loaded.get(k, getattr(request, k)) for k in fixed):
        raise Refused(_("The request is on its way: withdraw it and write a new one."))


def guard_request(request: ReturnRequest, _actor: Any, verb: str) -> None:
    if verb == "delete" and request.state not in (State.DRAFT, State.WITHDRAWN, State.REFUSED):
        raise Refused(_("Withdraw the request before you delete it."))


def check_line(line: ReturnLine) -> None:
    """Before saving: a line of the same order; quantities while it is a draft, what was accepted until it is credited."""
    request = line.request
    if line.order_line.order_id != request.order_id:
        raise Refused(_("This line belongs to another order."), field="order_line")
    if (line._state.adding or line.quantity != line._loaded.get("quantity")) and request.state != State.DRAFT:
        raise Refused(_("Quantities change only while the request is a draft."), field="quantity")
    if line.accepted is not None and request.state not in (State.AGREED, State.RECEIVED):
        raise Refused(_("What is accepted is told when the goods are there."), field="accepted")


def guard_line(line: ReturnLine, _actor: Any, verb: str) -> None:
    if verb == "delete" and line.request.state != State.DRAFT:
        raise Refused(_("Quantities change only while the request is a draft."))


def returned(order: Order, *, without: int | None = None) -> dict[int, Decimal]:
    """What came back or is about to, by order line: requests that are alive, and returns written without one."""
    rows = ReturnLine.objects.filter(request__order=order, request__state__in=ALIVE, request__deleted_at=None)
    rows = rows.exclude(request=without).order_by().values_list("order_line")
    asked = rows.annotate(total=Sum(Coalesce(F("accepted"), F("quantity"))))
    found: dict[int, Decimal] = {pk: total.quantize(EXACT) for pk, total in asked}
    direct = OrderLine.objects.filter(
        returns__order=order, order__state__in=COUNTED, order__deleted_at=None, order__return_request=None
    )
    for pk, total in direct.order_by().values_list("returns").annotate(total=Sum("quantity")):
        found[pk] = found.get(pk, ZERO) + total.quantize(EXACT)
    return found


@action(Order, label=_("Ask for a return"), icon="truck-return", bulk=False, lands=MADE,
        when=lambda order: order.kind == Order.Kind.SALE and order.state in ("partly", "delivered", "completed"),
        mine=lambda _order, actor: actor.may("add", "billing.returnrequest"), permission="view",
        labels={"wanted": pgettext_lazy("return", "Wanted"), "reason": _("Reason")},
        choices={"wanted": lambda _actor: Wanted.choices})  # fmt: skip
def ask_return(order: Order, *, actor: User, wanted: str, reason: Text) -> ReturnRequest:
    """A request over all that can still come back, to be trimmed before it is sent."""
    if wanted not in Wanted.values:
        raise Refused(_("Choose what the customer wants."), field="wanted")
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    request = ReturnRequest(
        company_id=order.company_id, created_by_id=actor.pk, owner_id=actor.pk, department_id=actor.department_id,
        order=order, wanted=wanted, reason=reason.strip(),
    )  # fmt: skip
    check_request(request)
    back = returned(order)
    rest = {pk: quantity - back.get(pk, ZERO) for pk, quantity in delivered(order).items()}
    if not any(quantity > 0 for quantity in rest.values()):
        raise Refused(_("Everything of this order has come back already."))
    number_requests([request])
    request.save()
    for pk, quantity in rest.items():
        if quantity > 0:
            ReturnLine(
                company_id=order.company_id,
                created_by_id=actor.pk,
                request=request,
                order_line_id=pk,
                quantity=quantity,
            ).save()
    return request


def value_of(request: ReturnRequest) -> Decimal:
    """What the lines of a request are worth by the prices of the order."""
    lines = request.lines.filter(deleted_at=None).select_related("order_line")
    return sum(
        (_worth(line.order_line, line.quantity if line.accepted is None else line.accepted) for line in lines), ZERO
    )


def _worth(line: OrderLine, quantity: Decimal) -> Decimal:
    return cents(quantity * line.unit_price)


def _facts(approval: Approval) -> list[tuple[Any, str]]:
    request = _request(approval)
    return [
        (_("Customer"), str(request.order.account)), (_("Order"), request.order.number),
        (pgettext_lazy("return", "Wanted"), str(request.get_wanted_display())), (_("Amount"), f"{value_of(request):,.2f}"),
    ]  # fmt: skip


def _request(approval: Approval) -> ReturnRequest:
    rows = ReturnRequest.objects.select_related("order__account")
    return rows.get(pk=approval.payload["request"])  # type: ignore[no-any-return]


def _refused(approval: Approval) -> None:
    request = _request(approval)
    if request.state == State.ASKED:
        request.state = State.REFUSED
        request.save(update_fields=["state"])


@subject(SUBJECT, label=_("Return of goods"), facts=_facts, refused=_refused)
def agree(approval: Approval) -> str:
    """The goods may come."""
    request = _request(approval)
    if request.state != State.ASKED:
        return str(_("The request was withdrawn."))
    request.state = State.AGREED
    request.save(update_fields=["state"])
    return str(_("The goods may come back."))


def _in(*states: str) -> Callable[[ReturnRequest], bool]:
    return lambda request: request.state in states


@action(ReturnRequest, label=_("Send for approval"), icon="send", bulk=False, when=_in(State.DRAFT))
def submit(request: ReturnRequest, *, actor: User) -> ReturnRequest:
    """From now on it is decided."""
    _require(request, State.DRAFT)
    if not request.lines.filter(deleted_at=None).exists():
        raise Refused(_("Say what comes back."))
    request.state = State.ASKED
    request.save(update_fields=["state"])
    title = _("Return %(number)s to order %(order)s") % {"number": request.number, "order": request.order}
    asked = Request(SUBJECT, str(title), request.reason, value_of(request), request.order, {"request": request.pk})
    approval = ask(asked, actor=actor)
    request.refresh_from_db(fields=["state", "version"])  # where nobody has to be asked it is agreed at once
    request.approval = approval
    request.save(update_fields=["approval"])
    return request


@action(ReturnRequest, label=_("Withdraw"), icon="arrow-back-up", danger=True, labels={"reason": _("Reason")},
        when=_in(State.DRAFT, State.ASKED, State.AGREED, State.RECEIVED))  # fmt: skip
def withdraw(request: ReturnRequest, *, actor: User, reason: str) -> ReturnRequest:
    """Nothing comes back after all, or nothing of what came can be credited."""
    _require(request, State.DRAFT, State.ASKED, State.AGREED, State.RECEIVED)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    request.state, request.findings = State.WITHDRAWN, f"{request.findings}\n{reason.strip()}".strip()
    return _close(request, actor, "state", "findings")


@action(ReturnRequest, label=_("Goods received and checked"), icon="package-import", bulk=False, when=_in(State.AGREED),
        labels={"findings": pgettext_lazy("quality", "Findings"), "received_on": _("Received on")})  # fmt: skip
def receive_goods(
    request: ReturnRequest, *, actor: User, findings: Text, received_on: date | None = None
) -> ReturnRequest:
    """What arrived and in what state; lines without an accepted quantity are accepted in full."""
    _require(request, State.AGREED)
    if not findings.strip():
        raise Refused(_("Say what was found."), field="findings")
    day = received_on or clock.today()
    if not request.order.ordered_on <= day <= clock.today():
        raise Refused(_("The day lies between the order and today."), field="received_on")
    for line in request.lines.filter(deleted_at=None, accepted=None):
        line.accepted = line.quantity
        line.save(update_fields=["accepted"])
    request.state, request.findings = State.RECEIVED, findings.strip()
    request.received_on, request.received_by = day, actor
    request.save(update_fields=["state", "findings", "received_on", "received_by"])
    return request


@action(ReturnRequest, label=_("Write the credit note"), icon="file-minus", permission="credit", bulk=False,
        when=_in(State.RECEIVED))  # fmt: skip
def credit(request: ReturnRequest, *, actor: User) -> ReturnRequest:
    """Finance credits what was accepted; who only wanted a credit has it now."""
    _require(request, State.RECEIVED)
    lines = [line for line in request.lines.filter(deleted_at=None).select_related("order_line") if line.accepted]
    if not lines:
        raise Refused(_("Nothing was accepted: there is nothing to credit."))
    note = _order_like(request, actor, Order.Kind.RETURN)
    for line in lines:
        _copy(line, note, actor, returns=line.order_line)
    request.credit_note, request.credited_on, request.credited_by = note, clock.today(), actor
    request.state = State.CREDITED
    request.save(update_fields=["credit_note", "credited_on", "credited_by", "state"])
    confirm(note, actor=actor)
    if request.wanted == Wanted.CREDIT:
        request.state = State.DONE
        _close(request, actor, "state")
    return request


def _order_like(request: ReturnRequest, actor: User, kind: str) -> Order:
    sold = request.order
    made = Order(
        company_id=sold.company_id, created_by_id=actor.pk, account_id=sold.account_id, owner_id=sold.owner_id,
        department_id=sold.department_id, kind=kind, currency=sold.currency, contact=sold.contact, phone=sold.phone,
        address=sold.address, remark=f"{request.number} {request.reason}",
        returns=sold if kind == Order.Kind.RETURN else None, due_on=clock.today(),
    )  # fmt: skip
    number_orders([made])
    made.save()
    return made


def _copy(line: ReturnLine, order: Order, actor: User, *, returns: OrderLine | None) -> None:
    sold = line.order_line
    OrderLine(
        company_id=order.company_id, created_by_id=actor.pk, order=order, product_id=sold.product_id,
        description=sold.description, quantity=line.accepted or ZERO, price=sold.price, discount=sold.discount,
        unit_cost=sold.unit_cost, returns=returns,
    ).save()  # fmt: skip


def _pays(request: ReturnRequest) -> bool:
    return request.state == State.CREDITED and request.wanted == Wanted.REFUND and refundable(request) > 0


def refundable(request: ReturnRequest) -> Decimal:
    """Not more than was credited and is still open, nor than the customer paid."""
    return min(-request.credit_note.open_amount, request.order.received) if request.credit_note else ZERO


@action(ReturnRequest, label=_("Pay the refund"), icon="cash-banknote", permission="refund", bulk=False, when=_pays,
        labels={"amount": _("Amount"), "method": _("Method"), "paid_on": _("Paid on")},
        initial=lambda request: {"amount": refundable(request)},
        choices={"method": lambda _actor: Receipt.Method.choices})  # fmt: skip
def pay_refund(
    request: ReturnRequest, *, actor: User, amount: Decimal | None = None, method: str = "", paid_on: date | None = None
) -> ReturnRequest:
    """Finance gives back what the customer has paid, in one or several parts; what was never paid is set off."""
    _require(request, State.CREDITED)
    note, most = _note(request), refundable(request)
    wanted = most if amount is None else amount
    if request.wanted != Wanted.REFUND or wanted <= 0 or wanted > most:
        words = {"most": f"{max(most, ZERO):,.2f}"}
        raise Refused(
            _("%(most)s can be refunded: not more than credited, nor than the customer paid.") % words, field="amount"
        )
    if method and method not in Receipt.Method.values:
        raise Refused(_("Choose one of the methods."), field="method")
    day = paid_on or clock.today()
    if not request.credited_on or not request.credited_on <= day <= clock.today():
        raise Refused(_("The day lies between the credit note and today."), field="paid_on")
    refund = Receipt(
        company_id=note.company_id, created_by_id=actor.pk, owner_id=note.owner_id, department_id=note.department_id,
        account_id=note.account_id, kind=Receipt.Kind.REFUND, amount=-wanted, received_on=day, currency=note.currency,
        method=method or Receipt.Method.TRANSFER, remark=request.number,
    )  # fmt: skip
    number_receipts([refund])
    refund.save()
    ReceiptShare(company_id=note.company_id, created_by_id=actor.pk, receipt=refund, order=note, amount=-wanted).save()
    request.refunded += wanted
    request.save(update_fields=["refunded"])
    return _done_if_settled(request, actor, -note.open_amount - wanted)


@action(ReturnRequest, label=_("Set off"), icon="arrows-exchange", permission="credit", bulk=False, when=_in(State.CREDITED),
        labels={"against": _("Order")})  # fmt: skip
def set_off(request: ReturnRequest, *, actor: User, against: Order | None = None) -> ReturnRequest:
    """The credit pays for the order itself, for the one in exchange or for another of the customer."""
    _require(request, State.CREDITED)
    note = _note(request)
    before = note.open_amount
    against = against or request.exchange or request.order
    receipt = offset(note, actor=actor, against=against)
    given = receipt.shares.filter(order=note).aggregate(total=money_sum("amount"))["total"] or ZERO
    return _done_if_settled(request, actor, cents(given - before))


@action(ReturnRequest, label=_("Order in exchange"), icon="replace", bulk=False, lands=MADE,
        when=lambda request: request.wanted == Wanted.EXCHANGE and request.exchange_id is None
        and request.state in (State.RECEIVED, State.CREDITED))  # fmt: skip
def exchange(request: ReturnRequest, *, actor: User) -> Order:
    """A new order with the accepted goods at the same prices, to be checked and confirmed."""
    _require(request, State.RECEIVED, State.CREDITED)
    if request.wanted != Wanted.EXCHANGE or request.exchange_id is not None:
        raise Refused(_("No exchange was asked for, or it is there already."))
    lines = [line for line in request.lines.filter(deleted_at=None).select_related("order_line") if line.accepted]
    if not lines:
        raise Refused(_("Nothing was accepted: there is nothing to exchange."))
    made = _order_like(request, actor, Order.Kind.SALE)
    for line in lines:
        _copy(line, made, actor, returns=None)
    request.exchange = made
    request.save(update_fields=["exchange"])
    return made


def _note(request: ReturnRequest) -> Order:
    if request.credit_note is None:
        raise Refused(_("There is no credit note yet."))
    return Order.objects.get(pk=request.credit_note_id)  # type: ignore[no-any-return]


def _done_if_settled(request: ReturnRequest, actor: User, left: Decimal) -> ReturnRequest:
    if left == 0:
        request.state = State.DONE
        return _close(request, actor, "state")
    return request


def _close(request: ReturnRequest, actor: User, *also: str) -> ReturnRequest:
    request.closed_on, request.closed_by = clock.today(), actor
    request.save(update_fields=["closed_on", "closed_by", *also])
    return request


def _require(request: ReturnRequest, *states: str) -> None:
    if request.state not in states:
        words = {"number": request.number, "state": request.get_state_display()}
        raise Refused(_("Request %(number)s is “%(state)s”: this step has not its turn.") % words)


@work.sealer(23, "billing.returnline")
def keep_returns_within(unit: work.Work) -> None:
    """Nothing comes back twice, and nothing that was never delivered."""
    touched = {
        change.row.request_id for change in list(unit.changes.values())
        if change.label == "billing.returnline" and change.row is not None
    }  # fmt: skip
    for request in ReturnRequest.objects.filter(pk__in=touched, state__in=ALIVE).select_related("order"):
        there, back = delivered(request.order), returned(request.order)
        for line in OrderLine.everything.filter(pk__in=back):
            if back[line.pk] > there.get(line.pk, ZERO):
                left = there.get(line.pk, ZERO)
                words = {"line": line, "back": plain(back[line.pk]), "there": plain(left)}
                raise Refused(_("%(line)s: %(back)s would come back, %(there)s were delivered.") % words)
