"""What commission follows from, fetched for many shares at once; what is stored; and where the two differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef
from django.utils.translation import gettext as _

from guanxi.catalog.queries import Grades
from guanxi.org.models import User
from guanxi.sales.models import Order, OrderLine, ReceiptShare
from guanxi.targets.models import CommissionLine, CommissionPlan, CommissionRate, Statement
from guanxi.targets.models.commission import month_of
from guanxi.targets.models.targets import after
from guanxi.targets.reckoning import Book, Line, Part, Plan, Rate, Sale

ZERO = Decimal(0)
BATCH = 1000


@dataclass(frozen=True)
class Share:
    pk: int
    order: int
    amount: Decimal
    day: date
    receipt: int


def plans_of(company_id: int) -> list[Plan]:
    """The plans with their rates, the earliest first."""
    rates: dict[int, list[Rate]] = defaultdict(list)
    rows = CommissionRate.objects.filter(company_id=company_id).order_by("pk")
    for plan, *rest in rows.values_list("plan", "rate", "grade", "role", "person", "customer_class"):
        rates[plan].append(Rate(*rest))
    plans = CommissionPlan.objects.filter(company_id=company_id).order_by("starts_on")
    found = plans.values_list("pk", "starts_on", "min_margin")
    return [Plan(pk, day, margin, tuple(rates[pk])) for pk, day, margin in found]


def shares_of(company_id: int, **where: Any) -> Any:
    """Shares of receipts that carry commission: their order has an owner and a plan holds on its day."""
    first = CommissionPlan.objects.filter(company_id=company_id).aggregate(first=Min("starts_on"))["first"]
    rows = ReceiptShare.objects.filter(company_id=company_id, **where)
    if first is None:
        return rows.none()
    return rows.filter(order__ordered_on__gte=first, order__owner__isnull=False)


def waiting(company_id: int) -> Any:
    """Shares nobody has computed yet."""
    known = CommissionLine.objects.filter(share=OuterRef("pk"))
    return shares_of(company_id).filter(~Exists(known))


def fetch(rows: Any) -> list[Share]:
    found = rows.values_list("pk", "order", "amount", "receipt__received_on", "receipt")
    return [Share(*values) for values in found]


class Ledger:
    """Everything the commission of some shares follows from, in a few statements however many they are."""

    def __init__(self, company_id: int, shares: Sequence[Share], plans: Sequence[Plan]) -> None:
        order_ids = {share.order for share in shares}
        lines: dict[int, list[Line]] = defaultdict(list)
        products: set[int] = set()
        rows = OrderLine.objects.filter(order__in=order_ids).order_by("pk")
        for order, pk, product, amount, cost in rows.values_list("order", "pk", "product", "amount", "cost"):
            lines[order].append(Line(pk, product, amount, cost))
            products |= {product} if product else set()
        orders: Any = Order.everything.filter(pk__in=order_ids)
        self.sales: dict[int, Sale] = {}
        for pk, day, owner, customer_class in orders.values_list("pk", "ordered_on", "owner", "grade"):
            self.sales[pk] = Sale(day, owner, customer_class, tuple(lines[pk]))
        self.book = Book(plans, Grades(products).on, roles_of(sale.person for sale in self.sales.values()))

    def parts(self, share: Share, person: int | None = None) -> list[Part]:
        """For who stood for the order when the money came, else for who does now."""
        sale = self.sales[share.order]
        kept = sale if person in (None, sale.person) else Sale(sale.day, person or 0, sale.customer_class, sale.lines)
        if kept.person not in self.book.roles:
            self.book.roles |= roles_of([kept.person])
        return self.book.parts(share.amount, kept)


def roles_of(people: Iterable[int]) -> dict[int, frozenset[int]]:
    held: dict[int, set[int]] = {person: set() for person in people}
    for person, role in User.roles.through.objects.filter(user__in=held).values_list("user", "role"):
        held[person].add(role)
    return {person: frozenset(roles) for person, roles in held.items()}


class Months:
    """Into which month a line goes: that of the receipt while the person's statement is open, else the next open one."""

    def __init__(self, company_id: int) -> None:
        closed = Statement.objects.filter(company_id=company_id).exclude(state=Statement.State.DRAFT).order_by()
        self.closed: dict[int, date] = dict(closed.values_list("owner").annotate(last=Max("month")))

    def open_for(self, person: int, day: date) -> date:
        wanted, closed = month_of(day), self.closed.get(person)
        return wanted if closed is None or wanted > closed else after(closed, "month")


@dataclass
class Difference:
    """Of one share and one line: what is stored, what follows today, and why they differ."""

    share: Share
    person: int
    line: int | None
    stored_base: Decimal
    stored: Decimal
    now_base: Decimal
    now: Decimal
    part: Part | None
    why: str = ""

    @property
    def amount(self) -> Decimal:
        return self.now - self.stored

    @property
    def base(self) -> Decimal:
        return self.now_base - self.stored_base


def differences(company_id: int, since: date) -> Iterator[Difference]:
    """Computed anew from the orders as they stand: where that is not what is stored, since a month of receipts."""
    plans = plans_of(company_id)
    known = CommissionLine.objects.filter(share=OuterRef("pk"))
    rows = ReceiptShare.objects.filter(company_id=company_id, receipt__received_on__gte=since).filter(Exists(known))
    last = 0
    while batch := fetch(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        ledger, stored = Ledger(company_id, batch, plans), stored_of(batch)
        for share in batch:
            yield from _compare(share, ledger, stored[share.pk])


@dataclass
class Stored:
    """The sum of what stands for one share and line, and how it was computed last."""

    person: int
    base: Decimal = ZERO
    amount: Decimal = ZERO
    grade: int | None = None
    rate: Decimal = ZERO


def stored_of(shares: Iterable[Share]) -> dict[int, dict[int | None, Stored]]:
    found: dict[int, dict[int | None, Stored]] = defaultdict(dict)
    rows = CommissionLine.objects.filter(share__in=[share.pk for share in shares]).order_by("pk")
    fields = ("share", "line_id", "owner", "base", "amount", "grade", "rate")
    for share, line, owner, base, amount, grade, rate in rows.values_list(*fields):
        one = found[share].setdefault(line, Stored(owner))
        one.base, one.amount, one.grade, one.rate = one.base + base, one.amount + amount, grade, rate
    return found


def _compare(share: Share, ledger: Ledger, stored: dict[int | None, Stored]) -> Iterator[Difference]:
    person = next(iter(stored.values())).person
    parts: dict[int | None, Part] = {part.line: part for part in ledger.parts(share, person)}
    for line in dict.fromkeys([*stored, *parts]):
        was, part = stored.get(line, Stored(person)), parts.get(line)
        now_base, now = (part.base, part.amount) if part else (ZERO, ZERO)
        if (was.base, was.amount) != (now_base, now):
            why = _why(was, part, known=line in stored)
            yield Difference(share, person, line, was.base, was.amount, now_base, now, part, why)


def _why(was: Stored, part: Part | None, *, known: bool) -> str:
    if part is None or not known or was.base != part.base:
        return _("The lines of the order changed")
    if was.grade != part.grade:
        return _("The profit grade was corrected")
    return _("The plan or its rates changed")
