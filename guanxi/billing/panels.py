"""Where an order stands in one glance; what a customer's account says; what a receipt still has to give."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.billing.models import Confirmation, ReturnRequest
from guanxi.customers.models import Account
from guanxi.formats.money import money
from guanxi.kernel import clock
from guanxi.kernel.addresses import record_url
from guanxi.kernel.prepared import once
from guanxi.sales.models import COUNTED, Delivery, Order, Receipt, Receivable
from guanxi.web.atoms import badge
from guanxi.web.panels import panel

SHOWN = 8
DELIVERY_TONES = {"planned": "blue", "dispatched": "amber", "received": "green", "called_off": "gray"}


@panel("sales.order", "billing/progress.html", order=12)
def progress(order: Order, user: Any) -> dict[str, Any] | None:
    """Deliveries, instalments, invoices, receipts and returns of an order, each leading to its page (ORDER-01)."""
    if not order.counts:
        return None
    may = user.may
    closed = user.closed_fields("sales.order") | user.masked_fields("sales.order")
    steps = [
        _deliveries(order, user) if may("view", "sales.delivery") else None,
        _due(order, user) if may("view", "sales.receivable") and "amount" not in closed else None,
        _invoiced(order) if may("view", "billing.invoice") and order.kind == Order.Kind.SALE else None,
        _paid(order) if may("view", "sales.receipt") and "received" not in closed else None,
        _back(order, user) if may("view", "billing.returnrequest") else None,
    ]
    return {"steps": [step for step in steps if step]}


def _step(order: Order, title: Any, icon: str, tab: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    url = reverse("record-tab", args=["orders", order.pk, tab])
    return {"title": title, "icon": icon, "url": url, "items": items[:SHOWN], "more": max(0, len(items) - SHOWN)}


def _deliveries(order: Order, user: Any) -> dict[str, Any]:
    rows = Delivery.objects.visible_to(user).filter(order=order).order_by("planned_on", "pk")
    items = [
        {
            "text": row.number, "url": record_url("deliveries", row.pk),
            "more": " · ".join(filter(None, [str(row.dispatched_on or row.planned_on), row.carrier, row.waybill])),
            "mark": badge(row.get_state_display(), DELIVERY_TONES[row.state]),
        }
        for row in rows
    ]  # fmt: skip
    return _step(order, _("Deliveries"), "truck", "deliveries", items)


def _due(order: Order, user: Any) -> dict[str, Any]:
    today, items = clock.today(), []
    for row in Receivable.objects.visible_to(user).filter(order=order).order_by("part"):
        late = row.due_on is not None and row.due_on < today and row.open_amount > 0
        paid = row.open_amount == 0
        items.append({
            "text": row.note or _("Part %(n)d") % {"n": row.part}, "url": "",
            "more": f"{row.due_on or _('on delivery')} · {money(row.amount)}",
            "mark": badge(_("Paid") if paid else _("Overdue") if late else _("Unpaid"),
                          "green" if paid else "red" if late else "amber"),
        })  # fmt: skip
    return _step(order, _("Instalments"), "calendar-dollar", "instalments", items)


def _invoiced(order: Order) -> dict[str, Any]:
    known = getattr(order, "invoicing", None)
    amount = known.invoiced if known else 0
    text = _("%(done)s of %(all)s") % {"done": money(amount), "all": money(order.amount)}
    tone = {"full": "green", "partly": "amber"}.get(known.invoiced_how if known else "", "gray")
    label = known.get_invoiced_how_display() if known else _("Not invoiced")
    items = [{"text": text, "url": "", "more": "", "mark": badge(label, tone)}]
    return _step(order, pgettext("billing", "Invoices"), "file-dollar", "invoice_lines", items)


def _paid(order: Order) -> dict[str, Any]:
    text = _("%(done)s of %(all)s") % {"done": money(order.received), "all": money(order.amount)}
    tone = {"paid": "green", "partly": "blue", "open": "amber"}.get(order.payment, "gray")
    items = [{"text": text, "url": "", "more": "", "mark": badge(order.get_payment_display(), tone)}]
    return _step(order, _("Receipts"), "cash-banknote", "shares", items)


def _back(order: Order, user: Any) -> dict[str, Any] | None:
    rows = list(ReturnRequest.objects.visible_to(user).filter(order=order).order_by("pk"))
    items = [
        {"text": row.number, "url": record_url("return-requests", row.pk), "more": row.get_wanted_display(),
         "mark": badge(row.get_state_display(), "green" if row.state == "done" else "amber")}
        for row in rows
    ]  # fmt: skip
    return _step(order, _("Returns"), "truck-return", "return_requests", items) if items else None


@panel("sales.receipt", "billing/unmatched.html", place="rail", order=10, needs="sales.order")
def unmatched(receipt: Receipt, user: Any) -> dict[str, Any] | None:
    """What no order has been given yet, and the way to give it (ORDER-02)."""
    if not receipt.free or "unmatched" in user.closed_fields("sales.receipt") | user.masked_fields("sales.receipt"):
        return None
    url = reverse("receipt-match", args=[receipt.pk]) if user.may("change", "sales.receipt") else ""
    return {"free": receipt.free, "url": url}


def _free_money(user: Any, account_id: int) -> QuerySet[Any]:
    rows = Receipt.objects.visible_to(user).filter(account=account_id).order_by().values("account")
    return rows.annotate(free=Sum("unmatched")).values_list("free")  # type: ignore[no-any-return]


def _to_invoice(user: Any, account_id: int) -> QuerySet[Any]:
    """What was sold less what came back, and what of it was invoiced."""
    rows = Order.objects.visible_to(user).filter(account=account_id, state__in=COUNTED)
    grouped = rows.order_by().values("account").annotate(all=Sum("amount"), done=Sum("invoicing__invoiced"))
    return grouped.values_list("all", "done")  # type: ignore[no-any-return]


def _last_confirmed(user: Any, account_id: int) -> QuerySet[Any]:
    rows = Confirmation.objects.visible_to(user).filter(account=account_id).order_by("-last", "-pk")
    return rows.values_list("last", "theirs", "difference")[:1]  # type: ignore[no-any-return]


@panel("customers.account", "billing/account.html", place="rail", order=22, needs="sales.receipt",
       asks=(_free_money, _to_invoice, _last_confirmed))  # fmt: skip
def money_account(account: Account, user: Any) -> dict[str, Any] | None:
    """The statement of account, and what waits beside it: money not matched, orders not invoiced (ORDER-04)."""
    if "amount" in user.closed_fields("sales.order") | user.masked_fields("sales.order"):
        return None
    free = next(iter(once(account, _free_money, user)), (None,))[0] or 0
    sold, done = next(iter(once(account, _to_invoice, user)), (0, 0))
    confirmed = next(iter(once(account, _last_confirmed, user)), None)
    if not sold and not free and confirmed is None:
        return None
    lines = [(_("Not invoiced yet"), money((sold or 0) - (done or 0)))] if user.may("view", "billing.invoice") else []
    if free:
        lines.append((_("Received and not matched"), money(free)))
    if confirmed is not None and user.may("view", "billing.confirmation"):
        lines.append((_("Confirmed until %(day)s") % {"day": confirmed[0]}, money(confirmed[1])))
    return {"lines": lines, "url": _statement(account, user)}


def _statement(account: Account, user: Any) -> str:
    """Where the statement of account is, for who may see it."""
    amounts_shut = "amount" in user.closed_fields("sales.order") | user.masked_fields("sales.order")
    seen = user.may("view", "sales.order") and user.may("view", "sales.receipt") and not amounts_shut
    return reverse("account-statement", args=[account.pk]) if seen else ""


@panel("customers.account", "billing/to_statement.html", place="menu", order=10, needs="sales.receipt")
def to_statement(account: Account, user: Any) -> dict[str, Any] | None:
    """The same from every part of the customer's page, on a phone too."""
    url = _statement(account, user)
    return {"url": url} if url else None


@panel("sales.receivable", "billing/to_ageing.html", place="list", order=10)
def to_ageing(_listing: Any, user: Any) -> dict[str, Any] | None:
    """From the list to its figures (CARD-09)."""
    closed = user.closed_fields("sales.receivable") | user.masked_fields("sales.receivable")
    return None if "open_amount" in closed else {}
