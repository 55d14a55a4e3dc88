"""Invoices: sums that follow their lines, never more than an order's amount, issued, voided, reversed in red."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.billing.models import Invoice, InvoiceLine, OrderInvoicing
from guanxi.customers.models import InvoiceTitle
from guanxi.formats.codes import check_invoice_number
from guanxi.formats.money import cents
from guanxi.formats.values import BadValue
from guanxi.kernel import clock, work
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.sales.models import Order

ZERO = Decimal(0)
State = Invoice.State
COUNTING = (State.DRAFT, State.ISSUED, State.REVERSED)
How = OrderInvoicing.How


def check_invoice(invoice: Invoice) -> None:
    """Before saving: header and kind that were left open; what is issued stays as it is."""
    if not invoice._state.adding and invoice.state != State.DRAFT:
        fixed = ("account_id", "header_id", "kind", "tax_rate", "number")
        if any(getattr(invoice, k) != invoice._loaded.get(k, getattr(invoice, k)) for k in fixed):
            raise Refused(_("An issued invoice is not changed: void it or reverse it in red."))
    if invoice.header is not None and invoice.header.account_id != invoice.account_id:
        raise Refused(_("This header belongs to another customer."), field="header")
    moved = not invoice._state.adding and invoice.account_id != invoice._loaded.get("account_id", invoice.account_id)
    if moved and invoice.lines.exists():
        raise Refused(_("The lines belong to orders of the customer: take them off first."), field="account")


def complete_invoices(rows: list[Invoice]) -> None:
    """Before new invoices are stored: the customer's default header, and the kind that header asks for."""
    for row in rows:
        if row.header is None and row.account_id:
            headers = InvoiceTitle.objects.filter(account=row.account_id)
            row.header = headers.order_by("-is_default", "pk").first()
        row.kind = row.kind or (row.header.kind if row.header else "")


def check_line(line: InvoiceLine) -> None:
    """Before saving: an order of the same customer, on a draft."""
    guard_line(line)
    if line.order.account_id != line.invoice.account_id:
        raise Refused(_("This order is of another customer."), field="order")
    if not line.order.counts or line.order.kind != Order.Kind.SALE:
        raise Refused(_("Only a confirmed sale is invoiced."), field="order")
    if line.amount < 0:
        raise Refused(_("A negative invoice reverses an earlier one: use “Reverse in red”."), field="amount")


def guard_line(line: InvoiceLine, _actor: Any = None, _verb: str = "") -> None:
    if line.invoice.state != State.DRAFT:
        raise Refused(_("The lines of an invoice change only while it is a draft."))


def guard_invoice(invoice: Invoice, _actor: Any, verb: str) -> None:
    if verb == "delete" and invoice.state != State.DRAFT:
        raise Refused(_("What was issued is not deleted: void it or reverse it in red."))


def invoiced(order_ids: Iterable[int]) -> dict[int, Decimal]:
    """What stands on invoices that count, by order."""
    rows = InvoiceLine.objects.filter(order__in=list(order_ids), invoice__state__in=COUNTING, invoice__deleted_at=None)
    found = rows.order_by().values_list("order").annotate(total=money_sum("amount"))
    return {order: cents(total) for order, total in found}  # SQLite adds decimals as floating numbers


@action(Order, label=_("Make an invoice"), icon="file-dollar", bulk=False, lands=MADE,
        when=lambda order: order.counts and order.kind == Order.Kind.SALE,
        mine=lambda _order, actor: actor.may("add", "billing.invoice"),
        labels={"amount": _("Amount with tax")})  # fmt: skip
def make_invoice(order: Order, *, actor: User, amount: Decimal | None = None) -> Invoice:
    """A draft over what is not invoiced yet, or a part of it; lines of other orders of the customer may be added."""
    if not order.counts or order.kind != Order.Kind.SALE:
        raise Refused(_("Only a confirmed sale is invoiced."))
    rest = order.amount - invoiced([order.pk]).get(order.pk, ZERO)
    wanted = rest if amount is None else amount
    if wanted <= 0 or wanted > rest:
        words = {"number": order.number, "rest": f"{rest:,.2f}"}
        raise Refused(_("Of order %(number)s %(rest)s are not invoiced yet.") % words, field="amount")
    invoice = Invoice(
        company_id=order.company_id, created_by_id=actor.pk, owner_id=order.owner_id, department_id=order.department_id,
        account_id=order.account_id,
    )  # fmt: skip
    rates = set(order.lines.filter(deleted_at=None, product__isnull=False).values_list("product__tax_rate", flat=True))
    if len(rates) == 1 and (rate := rates.pop()) is not None:
        invoice.tax_rate = rate
    complete_invoices([invoice])
    invoice.save()
    InvoiceLine(company_id=order.company_id, created_by_id=actor.pk, invoice=invoice, order=order, amount=wanted).save()
    return invoice


@action(Invoice, label=_("Issue"), icon="file-check", permission="issue", bulk=False,
        when=lambda invoice: invoice.state == State.DRAFT,
        labels={"number": _("Invoice number"), "issued_on": _("Issued on")})  # fmt: skip
def issue(invoice: Invoice, *, actor: User, number: str = "", issued_on: date | None = None) -> Invoice:
    """From now on it counts with the tax office: it keeps its header, and only a red one takes it back."""
    _require(invoice, State.DRAFT)
    header = invoice.header
    if header is None:
        raise Refused(_("The customer has no invoice header: add one first."))
    if not invoice.lines.filter(deleted_at=None).exists():
        raise Refused(_("An invoice needs at least one line."))
    try:
        header.clean()  # an old one may lack what a special invoice needs
    except ValidationError as bad:
        raise Refused(_("The invoice header is not complete: %(why)s") % {"why": " ".join(bad.messages)}) from bad
    invoice.number, invoice.issued_on = _number(number or invoice.number), _day(issued_on)
    invoice.kind = invoice.kind or header.kind
    invoice.as_issued = header.versions.first()  # the newest
    invoice.state = State.ISSUED
    _settle(invoice)
    invoice.save()
    return invoice


@action(Invoice, label=_("Void"), icon="ban", danger=True, permission="issue", bulk=False, labels={"reason": _("Reason")},
        when=lambda invoice: invoice.state in (State.DRAFT, State.ISSUED) and invoice.reverses_id is None)  # fmt: skip
def void_invoice(invoice: Invoice, *, actor: User, reason: str) -> Invoice:
    """Of the month of its issue a wrong invoice is voided; of an earlier one it is reversed in red."""
    _require(invoice, State.DRAFT, State.ISSUED)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    if invoice.reverses_id is not None or invoice.reversed_by.exists():
        raise Refused(_("A reversed invoice is not voided."))
    today = clock.today()
    if invoice.issued_on and (invoice.issued_on.year, invoice.issued_on.month) != (today.year, today.month):
        raise Refused(_("An invoice of an earlier month is reversed in red."))
    invoice.state, invoice.reason = State.VOIDED, reason.strip()[:200]
    invoice.save(update_fields=["state", "reason"])
    return invoice


@action(Invoice, label=_("Reverse in red"), icon="receipt-refund", danger=True, permission="issue", bulk=False, lands=MADE,
        when=lambda invoice: invoice.state == State.ISSUED and invoice.amount > 0,
        labels={"reason": _("Reason"), "amount": _("Amount, if only a part"), "number": _("Invoice number")})  # fmt: skip
def reverse(invoice: Invoice, *, actor: User, reason: str, amount: Decimal | None = None, number: str = "") -> Invoice:
    """A red invoice takes back the whole or, of an invoice over one order, a part."""
    _require(invoice, State.ISSUED)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    lines = {line.order_id: line.amount for line in invoice.lines.filter(deleted_at=None)}
    taken = InvoiceLine.objects.filter(invoice__reverses=invoice, invoice__state=State.ISSUED)
    for order_id, back in taken.order_by().values_list("order").annotate(total=money_sum("amount")):
        lines[order_id] = lines.get(order_id, ZERO) + cents(back)
    left = sum(lines.values(), ZERO)
    if invoice.amount <= 0 or (amount is not None and not 0 < amount <= left):
        raise Refused(_("%(left)s of this invoice can be reversed.") % {"left": f"{left:,.2f}"}, field="amount")
    if amount is not None and amount != left and len(lines) > 1:
        raise Refused(_("An invoice over several orders is reversed as a whole."), field="amount")
    red = Invoice(
        company_id=invoice.company_id, created_by_id=actor.pk, owner_id=invoice.owner_id, department_id=invoice.department_id,
        account_id=invoice.account_id, header_id=invoice.header_id, kind=invoice.kind, tax_rate=invoice.tax_rate,
        as_issued_id=invoice.as_issued_id, number=_number(number), issued_on=clock.today(), state=State.ISSUED,
        reverses=invoice, reason=reason.strip()[:200],
    )  # fmt: skip
    red.save()
    for order_id, rest in lines.items():
        if part := -rest if amount is None else -amount:
            InvoiceLine(
                company_id=red.company_id, created_by_id=actor.pk, invoice=red, order_id=order_id, amount=part
            ).save()
    if amount is None or amount == left:
        invoice.state = State.REVERSED
        invoice.save(update_fields=["state"])
    return red


def _settle(invoice: Invoice) -> None:
    """Sum and tax of an invoice from its lines."""
    rows = invoice.lines.filter(deleted_at=None).aggregate(total=money_sum("amount"))
    invoice.amount = cents(rows["total"] or ZERO)
    invoice.tax = cents(invoice.amount * invoice.tax_rate / (100 + invoice.tax_rate))


@work.sealer(22, "billing.invoiceline", "billing.invoice", "sales.order", "sales.orderline")
def keep_invoices_true(unit: work.Work) -> None:
    """Sums of the invoices this unit touched, and how far their orders are invoiced; never beyond an order's amount."""
    invoices, orders = set(), set()
    for change in list(unit.changes.values()):
        if change.row is None:
            continue
        if change.label == "billing.invoiceline":
            invoices.add(change.row.invoice_id)
            orders |= {side["order_id"] for side in (change.old, change.new) if "order_id" in side}
            orders.add(change.row.order_id)
        elif change.label == "billing.invoice":
            invoices.add(change.object_id)
        elif change.label in ("sales.order", "sales.orderline") and change.verb != "created":
            orders.add(change.row.order_id if change.label == "sales.orderline" else change.object_id)
    every: Any = Invoice.everything
    for invoice in every.filter(pk__in=invoices).order_by("pk"):
        before = (invoice.amount, invoice.tax)
        _settle(invoice)
        if before != (invoice.amount, invoice.tax):
            values = {"amount": invoice.amount, "tax": invoice.tax, "updated_at": clock.now()}
            every.filter(pk=invoice.pk).update_silently(**values)
            held = unit.changes.get(("billing.invoice", invoice.pk))
            if held is not None and held.row is not None:
                held.row.amount, held.row.tax = invoice.amount, invoice.tax
    if invoices:
        held_lines: Any = InvoiceLine.everything
        orders |= set(held_lines.filter(invoice__in=invoices).values_list("order_id", flat=True))
    settle_invoicing(orders)


def settle_invoicing(order_ids: Iterable[int]) -> None:
    """Bring what is said about the invoicing of these orders in line with the invoices; Refused beyond the amount."""
    ids = sorted(order_ids)
    lines: Any = InvoiceLine.everything
    if not ids or not lines.filter(order__in=ids).exists():
        return
    totals = invoiced(ids)
    every: Any = Order.everything
    orders = every.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    for order in orders.only("pk", "number", "amount", "kind"):
        total = totals.get(order.pk, ZERO)
        if not ZERO <= total <= max(order.amount, ZERO):
            words = {"number": order.number, "total": f"{total:,.2f}", "amount": f"{order.amount:,.2f}"}
            raise Refused(_("Order %(number)s would be invoiced with %(total)s of %(amount)s.") % words)
        how = How.NONE if not total else How.FULL if total == order.amount else How.PARTLY
        OrderInvoicing.objects.update_or_create(order_id=order.pk, defaults={"invoiced": total, "invoiced_how": how})


def not_invoiced(user: Any) -> Any:
    """Confirmed sales with something left to invoice, the oldest first."""
    rows = Order.objects.visible_to(user).filter(
        kind=Order.Kind.SALE, state__in=["confirmed", "partly", "delivered", "completed"], amount__gt=0
    )
    return rows.exclude(invoicing__invoiced=F("amount")).order_by("ordered_on", "pk")


def _number(number: str) -> str:
    number = number.strip()
    if not number:
        return ""
    try:
        return check_invoice_number(number)
    except BadValue as bad:
        raise Refused(str(bad), field="number") from bad


def _day(day: date | None) -> date:
    day = day or clock.today()
    if day > clock.today():
        raise Refused(_("An invoice is not issued in the future."), field="issued_on")
    return day


def _require(invoice: Invoice, *states: str) -> None:
    if invoice.state not in states:
        raise Refused(_("This invoice is “%(state)s”.") % {"state": invoice.get_state_display()})
