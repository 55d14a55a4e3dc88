"""What analysis adds to the customer's page: purchases, products, scores in words, class history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.customers.models import Account, ClassScheme
from guanxi.customers.queries.classes import class_history, classes_of
from guanxi.formats.money import money
from guanxi.insight.models import Profile
from guanxi.insight.queries.board import ACCOUNT, ORDER, sight
from guanxi.insight.queries.purchases import Sums, purchases_of
from guanxi.kernel import clock
from guanxi.sales.queries import deals_of, products_of, top_products
from guanxi.web.panels import panel

SHOWN_PRODUCTS, SHOWN_MONTHS, SHOWN_CLASSES = 8, 12, 6
LOW, HIGH = 2, 4  # scores up to 2 are low, from 4 high


@panel(ACCOUNT, "insight/purchases.html", order=30, needs=ORDER, asks=(deals_of,))
def purchases(account: Account, user: Any) -> dict[str, Any] | None:
    """VALUE-01 and ANLY-01: what, how often, in which rhythm; by year and month."""
    found = purchases_of(account, user, clock.today())
    if not found.days:
        return None
    now, before, total = found.year(), found.year(1), found.total
    weekdays, profit = found.weekdays(), sight(user).profit
    return {
        "now": now,
        "before": before,
        "change": f"{(now.amount - before.amount) / before.amount * 100:+.1f}%" if before.amount > 0 else "",
        "total": total,
        "average": (total.amount / total.orders).quantize(Decimal("0.01")) if total.orders else None,
        "spark": ",".join(str(amount) for amount in found.spark()),
        "interval": found.interval,
        "expected_on": found.expected_on,
        "years": found.years()[::-1],
        "months": _month_rows(found.compared(SHOWN_MONTHS), profit),
        "weekdays": list(zip(_weekdays(), weekdays, strict=True)),
        "often": _weekdays()[weekdays.index(max(weekdays))] if any(weekdays) else "",
        "profit": profit,
    }


def _month_rows(months: list[tuple[date, Sums, Sums]], profit: bool) -> SafeString:
    """VALUE-02: as many values as half the page has; put together here they spare a template a hundred values."""
    before = (_("Year before"), " t2")
    columns = [(_("Orders"), ""), (_("Revenue"), ""), before, *([(_("Profit"), ""), before] if profit else [])]
    cells = [f'<td class="r num{tone}" data-l="{escape(name)}">{{}}</td>' for name, tone in columns]
    row = f'<tr><th scope="row">{{}}</th>{"".join(cells)}</tr>'
    told = (
        (f"{month:%Y-%m}", now.orders, money(now.amount), money(then.amount), money(now.profit), money(then.profit))
        for month, now, then in months
    )
    return format_html_join("", row, (one[: len(columns) + 1] for one in told))


def _weekdays() -> list[str]:
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


@panel(ACCOUNT, "insight/products.html", order=31, needs=ORDER, asks=(products_of,))
def products(account: Account, user: Any) -> dict[str, Any] | None:
    """What the customer buys most, and what each product earned."""
    found = top_products(account, user, limit=SHOWN_PRODUCTS)
    return {"slices": found, "profit": sight(user).profit} if found else None


def with_profile(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("profile")


@panel(ACCOUNT, "insight/scores.html", place="rail", order=20, along=with_profile)
def scores(account: Account, user: Any) -> dict[str, Any] | None:
    """RFM and ABC with what they mean."""
    found: Profile | None = getattr(account, "profile", None)  # there is none before the first refresh
    if found is None or (found.rfm is None and not found.abc_amount):
        return None
    open_ = sight(user)
    closed = user.closed_fields(ACCOUNT) | user.masked_fields(ACCOUNT)
    return {
        "profile": found,
        "words": explain(found),
        "by_amount": found.abc_amount if "abc_amount" not in closed else "",
        "by_profit": found.abc_profit if open_.profit and "abc_profit" not in closed else "",
    }


def explain(found: Profile) -> list[str]:
    """RFM in three sentences a salesperson understands."""
    if found.r is None or found.f is None or found.m is None or found.last_on is None:
        return []
    days = (clock.today() - found.last_on).days
    since = ngettext("Bought %(n)s day ago", "Bought %(n)s days ago", days) % {"n": days}
    often = ngettext("%(n)s order", "%(n)s orders", found.orders) % {"n": found.orders}
    lines = [
        (since, found.r, _("more recently than most"), _("longer ago than most")),
        (often, found.f, _("more often than most"), _("less often than most")),
        (_("Spending"), found.m, _("more than most"), _("less than most")),
    ]
    found_words = []
    for what, score, high, low in lines:
        place = high if score >= HIGH else low if score <= LOW else _("about average")
        found_words.append(_("%(what)s: %(place)s (%(score)s of 5)") % {"what": what, "place": place, "score": score})
    if found.promising:
        found_words.append(_("Promising: young, and started like the best customers"))
    return found_words


@panel(ACCOUNT, "insight/history.html", place="rail", order=60, asks=(classes_of,))
def classes(account: Account, user: Any) -> dict[str, Any] | None:
    """The classes the customer has been in, the newest first (CLASS-13)."""
    rows = class_history(account, user)[:SHOWN_CLASSES]
    return {"rows": [(row, row.scheme.named(row.class_code).get("name", "")) for row in rows]} if rows else None


@panel("customers.classscheme", "insight/what_if_link.html", place="rail", order=10, needs=ACCOUNT)
def what_if(scheme: ClassScheme, user: Any) -> dict[str, Any] | None:
    """Where other standards are tried out before they are published (CLASS-12)."""
    allowed = user.may("publish", "customers.classscheme") or user.may("assign_class", ACCOUNT)
    if not allowed or scheme.kind == ClassScheme.Kind.MANUAL:
        return None
    return {"url": reverse("what-if", args=[scheme.pk])}
