"""The statement of account of a customer: opening balance, every dealing that moved it, closing balance (ORDER-04)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from guanxi.customers.models import Account
from guanxi.formats.money import cents
from guanxi.sales.models import COUNTED, Order, Receipt

ZERO = Decimal(0)
CHUNK = 2_000


class Entry(NamedTuple):
    """One dealing; `amount` is what the customer owes more (or less) by it, `balance` what is owed after it."""

    on: date
    pk: int
    slug: str
    kind: str
    number: str
    remark: str
    amount: Decimal
    balance: Decimal = ZERO


@dataclass(frozen=True)
class Statement:
    """The sums of a period; its entries are read one after the other."""

    account: Account
    first: date
    last: date
    opening: Decimal
    charged: Decimal
    paid: Decimal
    lines: int

    @property
    def closing(self) -> Decimal:
        return self.opening + self.charged - self.paid


def dealings(account: Account, user: Any) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What moves the balance: counted orders with returns, and receipts with refunds and reversals; all without a reader."""
    orders, receipts = (model.objects.visible_to(user) if user else model.objects for model in (Order, Receipt))
    sold = orders.filter(account=account, state__in=COUNTED)
    return sold, receipts.filter(account=account).exclude(kind=Receipt.Kind.OFFSET)


def statement_of(account: Account, user: Any, first: date, last: date) -> Statement:
    """Its sums, in two statements however many lines it has."""
    orders, receipts = dealings(account, user)
    sold = _sums(orders, "ordered_on", first, last)
    paid = _sums(receipts, "received_on", first, last)
    return Statement(
        account, first, last, sold["before"] - paid["before"], sold["within"], paid["within"], sold["n"] + paid["n"]
    )


def _sums(rows: QuerySet[Any], day: str, first: date, last: date) -> dict[str, Any]:
    within = Q(**{f"{day}__gte": first, f"{day}__lte": last})
    found = rows.aggregate(
        before=Sum("amount", filter=Q(**{f"{day}__lt": first})), within=Sum("amount", filter=within),
        n=Count("pk", filter=within),
    )  # fmt: skip
    # SQLite adds decimals as floating numbers.
    return {"before": cents(found["before"] or ZERO), "within": cents(found["within"] or ZERO), "n": found["n"]}


def entries(told: Statement, user: Any) -> Iterator[Entry]:
    """The dealings of the period by day with the running balance, a chunk at a time."""
    orders, receipts = dealings(told.account, user)
    sold = orders.filter(ordered_on__gte=told.first, ordered_on__lte=told.last).order_by("ordered_on", "pk")
    paid = receipts.filter(received_on__gte=told.first, received_on__lte=told.last).order_by("received_on", "pk")
    balance = told.opening
    columns = ("pk", "kind", "number", "remark", "amount")
    charges = (
        Entry(on, pk, "orders", *more) for on, pk, *more in sold.values_list("ordered_on", *columns).iterator(CHUNK)
    )
    payments = (
        Entry(on, pk, "receipts", kind, number, remark, -amount)
        for on, pk, kind, number, remark, amount in paid.values_list("received_on", *columns).iterator(CHUNK)
    )
    for entry in heapq.merge(charges, payments, key=lambda one: (one.on, one.pk)):
        balance += entry.amount
        yield entry._replace(balance=balance)
