"""The figures of the start page; each carries the address of the rows it counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.formats.money import wan
from guanxi.kernel import clock
from guanxi.kernel.filters.env import period
from guanxi.sales.models import Order, Receipt, Receivable
from guanxi.web.nav import link
from guanxi.web.paging import count_up_to


def figures(user: Any) -> list[dict[str, Any]]:
    """Four numbers: money in this month, orders this month, overdue receivables, customers looked after."""
    sources = {
        "sales.receipt": _receipts,
        "sales.order": _orders,
        "sales.receivable": _overdue,
        "customers.account": _customers,
    }
    return [figure(user) for label, figure in sources.items() if user.may("view", label)]


def _receipts(user: Any) -> dict[str, Any]:
    now = _received(user, *period("this_month", clock.today()))
    last = _received(user, *period("last_month", clock.today()))
    url = link("receipts", _month("received_on"))
    return _figure(_("Received this month"), "cash-banknote", wan(now), _versus(now, last), url)


def _orders(user: Any) -> dict[str, Any]:
    first, after = period("this_month", clock.today())
    rows = Order.objects.visible_to(user).filter(ordered_on__gte=first, ordered_on__lt=after)
    rows = rows.exclude(state__in=["draft", "cancelled"])
    total = rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    count = _("%(n)s orders") % {"n": f"{rows.count():,}"}
    counted = {"f": "state", "op": "not_in", "v": ["draft", "cancelled"]}
    return _figure(
        _("Orders this month"),
        "file-invoice",
        wan(total),
        count,
        link("orders", _month("ordered_on"), counted),
    )


def _overdue_rows(user: Any) -> Any:
    rows = Receivable.objects.visible_to(user).filter(due_on__lt=clock.today(), open_amount__gt=0)
    return rows.exclude(open_amount=0)  # says it in the words of the index


def _overdue(user: Any) -> dict[str, Any]:
    rows = _overdue_rows(user)
    total = rows.aggregate(total=Sum("open_amount"))["total"] or Decimal(0)
    count = _("%(n)s receivables") % {"n": f"{rows.count():,}"}
    late, still_open = (
        {"f": "due_on", "op": "before", "v": "@today"},
        {"f": "open_amount", "op": "gt", "v": 0},
    )
    url = link("receivables", late, still_open)
    return _figure(_("Overdue receivables"), "hourglass-high", wan(total), count, url, bad=bool(total))


def _customers(user: Any) -> dict[str, Any]:
    text = count_up_to(Account.objects.visible_to(user).filter(retired_on=None), 10_000)
    return _figure(_("Customers in my reach"), "users", text, "", link("customers", {"f": "retired_on", "op": "empty"}))


def _figure(label: str, icon: str, value: str, note: str, url: str, *, bad: bool = False) -> dict[str, Any]:
    return {"label": label, "icon": icon, "value": value, "note": note, "url": url, "bad": bad}


def _month(field: str) -> dict[str, Any]:
    return {"f": field, "op": "period", "v": "this_month"}


def _received(user: Any, first: date, after: date) -> Decimal:
    rows = Receipt.objects.visible_to(user).filter(received_on__gte=first, received_on__lt=after)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _versus(now: Decimal, last: Decimal) -> str:
    if not last:
        return ""
    return _("%(n)s against last month") % {"n": f"{(now - last) / abs(last):+.1%}"}
