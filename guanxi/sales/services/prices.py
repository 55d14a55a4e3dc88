"""What speaks against the prices of an order, measured by what a person may do; prices of an accepted quote are held."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from guanxi.formats.money import cents
from guanxi.offers.models import QuoteLine
from guanxi.offers.queries.prices import line_prices, price_objections
from guanxi.org.models import User
from guanxi.sales.models import Order, OrderLine

ZERO = Decimal(0)


def loose_lines(order: Order) -> list[OrderLine]:
    """The lines whose prices no accepted quote holds."""
    lines = list(order.lines.filter(deleted_at=None).select_related("product"))
    if order.quote_id is None:
        return lines
    offered = list(QuoteLine.objects.filter(quote=order.quote_id).select_related("quote"))
    return [line for line in lines if not _is_held(line, offered)]


def _is_held(line: OrderLine, offered: Iterable[QuoteLine]) -> bool:
    """As offered or dearer, and no less of it: a price for a hundred is none for one."""
    return any(
        _same(line, one) and line.unit_price >= gross_price(one) * (100 - one.discount) / 100
        and line.quantity >= one.quantity for one in offered
    )  # fmt: skip


def _same(line: OrderLine, one: QuoteLine) -> bool:
    return line.product_id == one.product_id and (line.product_id is not None or line.description == one.description)


def gross_price(line: QuoteLine) -> Decimal:
    """The unit price of a quote with its tax, before the discount: orders are in what the customer pays."""
    price, rate = line.price or ZERO, line.tax_rate or ZERO
    if line.quote.tax_included:
        return price
    return Decimal(price * (100 + rate) / 100).quantize(Decimal("0.000001"))


def against_prices(order: Order, actor: User) -> list[str]:
    """Below the lowest price, beyond the actor's authority, or a restricted product (SALE-07, PROD-03)."""
    return price_objections(order, loose_lines(order), actor, order.ordered_on)


def given_away(order: Order) -> Decimal:
    """How much the loose lines lie below their lists: the amount the approval of an exception goes by."""
    lines: list[Any] = loose_lines(order)
    prices = line_prices(order.account, lines, order.ordered_on, order.currency)
    pairs = zip(lines, prices, strict=True)
    return cents(sum((max(ZERO, price.price - line.unit_price) * line.quantity for line, price in pairs), ZERO))
