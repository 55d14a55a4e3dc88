"""What sales puts on a customer's page: the time line of dealings, what is owed, sales against collections."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.models import Account, Need
from guanxi.org.models import Comment
from guanxi.sales import queries
from guanxi.sales.models import Order, Receipt
from guanxi.web.atoms import money
from guanxi.web.panels import panel

LABEL = "customers.account"
TONES = {"not_due": "blue", "d30": "amber", "d60": "orange", "d90": "red", "older": "red"}
SHOWN = 12


@panel(LABEL, "sales/timeline.html", order=50)
def timeline(account: Account, user: Any) -> dict[str, Any]:
    """The newest dealings of every kind in one line of time (INFO-03)."""
    items = []
    if user.may("view", "sales.order"):
        for order in queries.orders_of(account, user)[:SHOWN]:
            url = reverse("record", args=["orders", order.pk])
            items.append(
                _item(
                    order.ordered_on,
                    "package",
                    "blue",
                    str(order),
                    order.get_state_display(),
                    url,
                    amount=money(order.amount),
                )
            )
    if user.may("view", "sales.receipt"):
        for receipt in (
            Receipt.objects.visible_to(user).filter(account=account).order_by("-received_on", "-pk")[:SHOWN]
        ):
            url = reverse("record", args=["receipts", receipt.pk])
            items.append(
                _item(
                    receipt.received_on,
                    "cash-banknote",
                    "green",
                    str(receipt),
                    receipt.get_kind_display(),
                    url,
                    amount=money(receipt.amount),
                )
            )
    if user.may("view", "customers.need"):
        for need in Need.objects.visible_to(user).filter(account=account).order_by("-on", "-pk")[:SHOWN]:
            items.append(
                _item(
                    need.on,
                    "bulb",
                    "purple",
                    need.get_kind_display(),
                    need.text,
                    reverse("record", args=["needs", need.pk]),
                )
            )
    for remark in Comment.objects.filter(label=LABEL, object_id=account.pk).select_related("author")[:SHOWN]:
        url = reverse("record-comments", args=["customers", account.pk])
        items.append(
            _item(remark.created_at.date(), "message-circle", "gray", str(remark.author), remark.text, url)
        )
    items.sort(key=lambda item: item["on"], reverse=True)
    return {"items": items[:SHOWN]}


def _item(on: Any, icon: str, tone: str, *words: str, amount: str = "") -> dict[str, Any]:
    """One dealing; `words` are title, text and address."""
    title, text, url = words
    return {"on": on, "icon": icon, "tone": tone, "title": title, "text": text, "url": url, "amount": amount}


@panel(LABEL, "sales/owed.html", place="rail", order=20, needs="sales.receivable")
def owed(account: Account, user: Any) -> dict[str, Any] | None:
    """Receivables by age, with the list behind each (ORDER-03)."""
    ageing = queries.receivables_of(account, user)
    if not ageing.open and not ageing.credit:
        return None
    left, parts = 0.0, []
    for key, words, _first, _last in queries.BUCKETS:
        amount = ageing.buckets[key]
        width = float(amount / ageing.open * 100) if ageing.open else 0.0
        if amount:
            parts.append(
                {
                    "label": words,
                    "amount": amount,
                    "tone": TONES[key],
                    "x": round(left, 2),
                    "width": round(width, 2),
                }
            )
        left += width
    url = f"{reverse('record', args=['customers', account.pk])}tab/receivables/"
    return {"ageing": ageing, "parts": parts, "url": url}


@panel(LABEL, "sales/card.html", place="card", order=20, needs="sales.order")
def card_dealings(account: Account, user: Any) -> dict[str, Any]:
    """Sales status, trading habits and receivables on the printed card (INFO-12)."""
    totals = queries.totals([account.pk], user)
    ageing = queries.receivables_of(account, user)
    products = "、".join(part.label for part in queries.top_products(account, user, limit=5))
    orders = Order.objects.visible_to(user).filter(account=account).order_by("-ordered_on", "-pk")[:6]
    lines = [
        (_("Orders"), totals.orders),
        (_("Amount"), money(totals.amount)),
        (_("Received"), money(totals.received)),
        (_("Last order"), totals.last_order_on or "—"),
        (_("Usual products"), products or "—"),
        (_("Receivables"), money(ageing.open)),
        (_("Overdue"), money(ageing.overdue)),
        (_("Payment terms (days)"), account.payment_terms_days or "—"),
    ]
    return {"lines": lines, "orders": orders}
