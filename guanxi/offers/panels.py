"""What the page of a quote and of a product show: lines, what needs approval, what a revision changed, where prices come from."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.formats.money import money, plain
from guanxi.kernel.actions import verbs_of
from guanxi.offers.lines import line_table
from guanxi.offers.models import PriceItem, Quote
from guanxi.offers.queries.prices import RULE, holds_for, line_prices, price_objections
from guanxi.offers.services.quotes import lines_of
from guanxi.web.panels import panel

QUOTE = "offers.quote"
LINE = ("product", "description", "quantity", "list_price", "price", "discount", "tax_rate", "amount")
MOST = 50


@panel(QUOTE, "offers/objections.html", order=10)
def quote_objections(quote: Quote, user: Any) -> dict[str, Any] | None:
    """What of a draft will need somebody's approval, before it is submitted."""
    if quote.state != Quote.State.DRAFT:
        return None
    found = price_objections(quote, lines_of(quote), user, quote.quoted_on)
    return {"objections": found} if found else None


@panel(QUOTE, "offers/lines.html", order=20, needs="offers.quoteline")
def quote_lines(quote: Quote, user: Any) -> dict[str, Any]:
    """What is offered, with the solution made for this customer below (SALE-15)."""
    lines = lines_of(quote)
    solutions = [line for line in lines if line.solution or line.need]
    return {**line_table("offers.quoteline", lines, LINE, user), "solutions": solutions}


@panel(QUOTE, "offers/why.html", order=30)
def price_reasons(quote: Quote, user: Any) -> dict[str, Any] | None:
    """Which list gives each price, for whom, set by whom and since when (PROD-04)."""
    if not user.may("view", "offers.pricelist"):
        return None
    lines = [line for line in lines_of(quote) if line.product is not None]
    prices = line_prices(quote.account, lines, quote.quoted_on, quote.currency)
    rows = [{"line": line, "price": price} for line, price in zip(lines, prices, strict=True)]
    return {"rows": rows, "rule": RULE} if rows else None


@panel(QUOTE, "offers/changes.html", order=40)
def revision_changes(quote: Quote, user: Any) -> dict[str, Any] | None:
    """What differs from the revision before."""
    former = Quote.objects.visible_to(user).filter(pk=quote.replaces_id).first() if quote.replaces_id else None
    if former is None:
        return None
    before, after = ({_key(line): line for line in lines_of(one)} for one in (former, quote))
    keys = list(dict.fromkeys([*before, *after]))
    rows = [_change(before.get(key), after.get(key)) for key in keys]
    rows = [row for row in rows if row["before"] != row["after"]]
    return {"former": former, "rows": rows, "before": money(former.total), "after": money(quote.total)}


def _key(line: Any) -> tuple[Any, str]:
    return line.product_id, "" if line.product_id else line.description


def _change(before: Any, after: Any) -> dict[str, Any]:
    return {"name": (after or before).description, "before": _told(before), "after": _told(after)}


def _told(line: Any) -> str:
    if line is None:
        return "—"
    words = {
        "n": plain(line.quantity),
        "price": plain(line.price),
        "off": plain(line.discount),
        "sum": money(line.amount),
    }
    return _("%(n)s × %(price)s − %(off)s%% = %(sum)s") % words


@panel(QUOTE, "offers/document.html", place="rail", order=5)
def quote_document(quote: Quote, _user: Any) -> dict[str, Any]:
    """The way to the document."""
    return {"url": reverse("quote-pdf", args=[quote.pk])}


@panel(QUOTE, "offers/sending.html", place="verb:send", order=10)
def only_noted(quote: Quote, user: Any) -> dict[str, Any]:
    """That this button sends nothing, and the way to the one that does."""
    may = verbs_of(Quote)["send_by_mail"].fits(quote, user)
    return {"letter": reverse("record-verb", args=["quotes", quote.pk, "send_by_mail"]) if may else ""}


@panel(QUOTE, "offers/enclosed.html", place="verb:send_by_mail", order=10)
def enclosed(quote: Quote, _user: Any) -> dict[str, Any]:
    """What goes with the letter."""
    return {"url": reverse("quote-pdf", args=[quote.pk])}


@panel("catalog.product", "offers/prices.html", order=30, needs="offers.pricelist")
def product_prices(product: Product, _user: Any) -> dict[str, Any] | None:
    """On which lists the product stands, and the rule that chooses between them (PROD-04)."""
    items = (
        PriceItem.objects.filter(product=product, price_list__deleted_at=None)
        .select_related("price_list__department", "price_list__set_by", "set_by")
        .order_by("-price_list__priority", "price_list__name", "from_quantity")[:MOST]
    )
    rows = [{"item": item, "whom": "、".join(holds_for(item.price_list))} for item in items]
    return {"rows": rows, "rule": RULE} if rows else None
