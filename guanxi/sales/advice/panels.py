"""Suggestions beside the forms of orders and quotes, and on the pages of drafts."""

from __future__ import annotations

from typing import Any

from guanxi.offers.models import Quote
from guanxi.offers.services.quotes import lines_of
from guanxi.sales.advice.views import offers_for
from guanxi.sales.models import Order
from guanxi.web.panels import panel


@panel("sales.order", "sales/suggest.html", place="form", order=40, needs="catalog.product")
@panel("offers.quote", "sales/suggest.html", place="form", order=40, needs="catalog.product")
def suggest_beside(_row: Any, _user: Any) -> dict[str, Any]:
    """Filled in as the form is (SALE-12, SALE-14)."""
    return {}


@panel("sales.order", "sales/suggested.html", order=30, needs="catalog.product")
def suggest_for_order(order: Order, user: Any) -> dict[str, Any] | None:
    """The same on the page of a draft, where the customer may still say yes."""
    if order.state != Order.State.DRAFT or order.kind != Order.Kind.SALE:
        return None
    chosen = order.lines.filter(deleted_at=None).exclude(product=None).values_list("product", flat=True)
    found = offers_for(order.account, list(chosen), user)
    return found if found["rows"] else None


@panel("offers.quote", "sales/suggested.html", order=50, needs="catalog.product")
def suggest_for_quote(quote: Quote, user: Any) -> dict[str, Any] | None:
    """The same for a quote."""
    if quote.state != Quote.State.DRAFT:
        return None
    found = offers_for(quote.account, [line.product_id for line in lines_of(quote) if line.product_id], user)
    return found if found["rows"] else None
