"""How a receipt's share becomes commission: pure arithmetic, to the cent, with nothing of the database in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from guanxi.formats.money import cents
from guanxi.sales.spreading import spread

ZERO = Decimal(0)


@dataclass(frozen=True)
class Rate:
    """`None` and "" fit everybody; `weight` says how special it is."""

    percent: Decimal
    grade: int | None = None
    role: int | None = None
    person: int | None = None
    customer_class: str = ""

    @property
    def weight(self) -> int:
        marks = (self.person is not None, self.role is not None, bool(self.customer_class), self.grade is not None)
        return sum(8 >> place for place, mark in enumerate(marks) if mark)


@dataclass(frozen=True)
class Plan:
    pk: int
    starts_on: date
    min_margin: Decimal | None
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class Line:
    """A line of the order: always positive, as in the order."""

    pk: int
    product: int | None
    amount: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Sale:
    """What the commission of an order's receipts follows from."""

    day: date
    person: int
    customer_class: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Part:
    """The commission of one share for one line."""

    line: int
    product: int | None
    grade: int | None
    plan: int
    base: Decimal
    rate: Decimal
    amount: Decimal


@dataclass
class Book:
    """The plans of a company, the earliest first, the grades of products on any day, and the roles of people."""

    plans: Sequence[Plan]
    grade_on: Callable[[int | None, date], int | None]
    roles: dict[int, frozenset[int]] = field(default_factory=dict)

    def plan_on(self, day: date) -> Plan | None:
        place = bisect_right([plan.starts_on for plan in self.plans], day)
        return self.plans[place - 1] if place else None

    def rate_for(self, plan: Plan, grade: int | None, sale: Sale) -> Decimal:
        held = self.roles.get(sale.person, frozenset())
        fitting = [
            rate for rate in plan.rates
            if rate.grade in (None, grade) and rate.person in (None, sale.person)
            and (rate.role is None or rate.role in held) and rate.customer_class in ("", sale.customer_class)
        ]  # fmt: skip
        return max(fitting, key=lambda rate: rate.weight).percent if fitting else ZERO

    def parts(self, share: Decimal, sale: Sale) -> list[Part]:
        """The share over the lines by their amounts; bases add up to it, amounts to the rounded whole."""
        plan = self.plan_on(sale.day)
        lines = [line for line in sale.lines if line.amount > 0]
        if plan is None or not lines:
            return []
        bases = spread(share, [line.amount for line in lines])
        grades = [self.grade_on(line.product, sale.day) for line in lines]
        rates = [self._rate(plan, line, grade, sale) for line, grade in zip(lines, grades, strict=True)]
        exact = [base * rate / 100 for base, rate in zip(bases, rates, strict=True)]
        amounts = rounded(exact)
        return [
            Part(line.pk, line.product, grade, plan.pk, base, rate, amount)
            for line, grade, base, rate, amount in zip(lines, grades, bases, rates, amounts, strict=True)
        ]

    def _rate(self, plan: Plan, line: Line, grade: int | None, sale: Sale) -> Decimal:
        if plan.min_margin is not None and (line.amount - line.cost) * 100 < plan.min_margin * line.amount:
            return ZERO
        return self.rate_for(plan, grade, sale)


def rounded(exact: Sequence[Decimal]) -> list[Decimal]:
    """To the cent, so that the parts add up to the rounded sum; what is missing goes to the largest remainders."""
    total = cents(sum(exact, ZERO))
    parts = spread(total, [abs(one) for one in exact]) if any(exact) else [ZERO] * len(exact)
    return [part + ZERO for part in parts]
