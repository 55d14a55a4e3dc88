"""Which open orders a receipt may pay, and how it would be spread over them, the oldest first (ORDER-02)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from guanxi.sales.models import COUNTED, Order, Receipt

ZERO = Decimal(0)
MOST = 100


@dataclass(frozen=True)
class Offer:
    """An open order and what of the receipt it would get."""

    order: Order
    amount: Decimal


def open_orders(receipt: Receipt, user: Any) -> QuerySet[Any]:
    """Orders of the customer that still wait for money; of a refund the credit notes."""
    kind = Order.Kind.SALE if receipt.amount > 0 else Order.Kind.RETURN
    rows = Order.objects.visible_to(user).filter(
        account=receipt.account_id, kind=kind, state__in=COUNTED, currency=receipt.currency
    )
    return rows.exclude(received=F("amount")).order_by("due_on", "ordered_on", "pk")  # type: ignore[no-any-return]


def offers(receipt: Receipt, user: Any) -> list[Offer]:
    """The suggestion: what is left of the receipt, to the order due first as much as it takes."""
    left, found = receipt.free, []
    for order in open_orders(receipt, user)[:MOST]:
        take = min(left, order.open_amount) if receipt.amount > 0 else max(left, order.open_amount)
        left -= take
        found.append(Offer(order, take))
    return found
