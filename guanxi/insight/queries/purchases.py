"""How one customer buys, from its orders: sums by day, folded into years, months and week days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from guanxi.customers.models import Account
from guanxi.insight.engine.store import months_before
from guanxi.sales.models import COUNTED, Order
from guanxi.sales.queries import deals

ZERO = Decimal(0)
SPARK_MONTHS = 12


@dataclass
class Sums:
    """Sales counted; money net of returns, in yuan."""

    orders: int = 0
    amount: Decimal = ZERO
    profit: Decimal = ZERO

    def add(self, other: Sums) -> None:
        self.orders += other.orders
        self.amount += other.amount
        self.profit += other.profit


@dataclass
class Purchases:
    """ANLY-01 and VALUE-01 of one customer up to `day`; `days` holds the sums of each day with orders, in order."""

    day: date
    days: dict[date, Sums] = field(default_factory=dict)

    def between(self, first: date | None, last: date) -> Sums:
        found = Sums()
        for on, sums in self.days.items():
            if (first is None or on >= first) and on <= last:
                found.add(sums)
        return found

    @property
    def total(self) -> Sums:
        return self.between(None, self.day)

    def year(self, back: int = 0) -> Sums:
        """The twelve months up to the day, or the same some years earlier."""
        first = months_before(self.day, 12 * (back + 1)) + timedelta(days=1)
        return self.between(first, months_before(self.day, 12 * back))

    def grouped(self, key: Callable[[date], Any]) -> dict[Any, Sums]:
        found: dict[Any, Sums] = {}
        for on, sums in self.days.items():
            found.setdefault(key(on), Sums()).add(sums)
        return found

    def months(self) -> list[tuple[date, Sums]]:
        """VALUE-01: by month, the first day as key."""
        return sorted(self.grouped(lambda on: on.replace(day=1)).items())

    def compared(self, months: int) -> list[tuple[date, Sums, Sums]]:
        """VALUE-02: the last months, the newest first, each beside the same month of the year before."""
        found, first = dict(self.months()), self.day.replace(day=1)
        days = [months_before(first, n) for n in range(months)]
        return [(day, found.get(day, Sums()), found.get(months_before(day, 12), Sums())) for day in days]

    def years(self) -> list[tuple[int, Sums]]:
        return sorted(self.grouped(lambda on: on.year).items())

    def weekdays(self) -> list[int]:
        """Sales by week day, Monday first."""
        found = self.grouped(lambda on: on.weekday())
        return [found[n].orders if n in found else 0 for n in range(7)]

    def spark(self) -> list[Decimal]:
        """Revenue of the last twelve calendar months."""
        months = dict(self.months())
        first = self.day.replace(day=1)
        return [months.get(months_before(first, n), Sums()).amount for n in reversed(range(SPARK_MONTHS))]

    @property
    def bought_on(self) -> list[date]:
        return [on for on, sums in self.days.items() if sums.orders]

    @property
    def interval(self) -> int | None:
        """The usual gap in days: the median between days with a sale."""
        days = self.bought_on
        gaps = sorted((after - before).days for before, after in pairwise(days))
        if not gaps:
            return None
        middle = len(gaps) // 2
        return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) // 2

    @property
    def expected_on(self) -> date | None:
        """When the next purchase is due if the rhythm holds."""
        gap = self.interval
        return None if gap is None else self.bought_on[-1] + timedelta(days=gap)


def purchases_of(account: Account, user: Any, day: date) -> Purchases:
    """From the counted orders this person may see."""
    found = Purchases(day)
    for deal in reversed(deals(account, user)):
        if deal.state in COUNTED and deal.ordered_on <= day:
            sums = Sums(int(deal.kind == Order.Kind.SALE), deal.amount, deal.profit)
            found.days.setdefault(deal.ordered_on, Sums()).add(sums)
    return found
