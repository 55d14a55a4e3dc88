"""Suggestions beside the forms of orders and quotes, and on the pages of drafts; fetched after the page, they hold nothing up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from guanxi.offers.models import Quote
from guanxi.offers.services.quotes import lines_of
from guanxi.sales.models import Order
from guanxi.web.panels import panel


@panel("sales.order", "sales/suggest.html", place="lines", needs="catalog.product")
@panel("offers.quote", "sales/suggest.html", place="lines", needs="catalog.product")
def suggest_beside(_row: Any, _user: Any) -> dict[str, Any]:
    """Filled in as the form is (SALE-12, SALE-14)."""
    return {}


@panel("sales.order", "sales/suggested.html", order=30, needs="catalog.product")
def suggest_for_order(order: Order, _user: Any) -> dict[str, Any] | None:
    """The same on the page of a draft, where the customer may still say yes."""
    if order.state != Order.State.DRAFT or order.kind != Order.Kind.SALE:
        return None
    return _asked(order.account_id, order.lines.filter(deleted_at=None).values_list("product", flat=True))


@panel("offers.quote", "sales/suggested.html", order=50, needs="catalog.product")
def suggest_for_quote(quote: Quote, _user: Any) -> dict[str, Any] | None:
    """The same for a quote."""
    if quote.state != Quote.State.DRAFT:
        return None
    return _asked(quote.account_id, (line.product_id for line in lines_of(quote)))


def _asked(account: int, products: Iterable[int | None]) -> dict[str, Any]:
    """What the page asks for, written as a form would send it; as text, see views."""
    chosen = {f"line-{n}-product": str(pk) for n, pk in enumerate(products) if pk}
    return {"values": json.dumps({"account": str(account), "carded": "1", **chosen})}
