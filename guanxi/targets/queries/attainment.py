"""What was reached of the targets of a period, by person, team, department and company; every figure knows its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Sum, When

from guanxi.catalog.models import Product, ProductCategory
from guanxi.catalog.queries import below
from guanxi.customers.models import Account
from guanxi.deals.models import Opportunity
from guanxi.formats.money import cents
from guanxi.kernel import clock
from guanxi.org.models import Department, User
from guanxi.sales.models import COUNTED, Order, OrderLine, Receipt
from guanxi.targets.models import Target
from guanxi.targets.models.targets import MONTHS, after, last_of

LABEL = "targets.target"
ZERO = Decimal(0)
Level = Target.Level
Sums = dict[tuple[int | None, int | None], Decimal]  # by (person, department)
Condition = dict[str, Any]


@dataclass(frozen=True)
class Span:
    """The period looked at."""

    period: str
    start: date

    @property
    def last(self) -> date:
        return last_of(self.start, self.period)

    @property
    def passed(self) -> Decimal:
        """How much of it is over, 0 to 1, today included."""
        whole = (self.last - self.start).days + 1
        return Decimal(max(0, min(whole, (clock.today() - self.start).days + 1))) / whole


@dataclass(frozen=True)
class Source:
    """Where a measure's figure comes from: sums by person and department, and the list with the rows behind it."""

    label: str
    slug: str
    owner: str
    department: str
    day: str
    rows: Callable[[Any], Any]
    total: Any
    conditions: tuple[Condition, ...] = ()

    def sums(self, user: Any, span: Span, **narrow: Any) -> Sums:
        within = {f"{_path(self.day)}__gte": span.start, f"{_path(self.day)}__lte": span.last}
        by = (_path(self.owner), _path(self.department))
        rows = self.rows(user).filter(**within, **narrow).order_by().values(*by)
        return {(row[by[0]], row[by[1]]): cents(Decimal(row["total"] or 0)) for row in rows.annotate(total=self.total)}

    def where(self, span: Span) -> list[Condition]:
        within = {"f": self.day, "op": "between", "v": [span.start.isoformat(), span.last.isoformat()]}
        return [within, *self.conditions]


def _path(name: str) -> str:
    return name.replace(".", "__")


def _orders(user: Any) -> Any:
    return Order.objects.visible_to(user).filter(state__in=COUNTED)


def _lines(user: Any) -> Any:
    return OrderLine.objects.filter(order__in=_orders(user))


SIGNED = Case(When(order__kind=Order.Kind.RETURN, then=-F("amount")), default=F("amount"))
SIGNED_PROFIT = Case(When(order__kind=Order.Kind.RETURN, then=F("cost") - F("amount")), default=F("amount") - F("cost"))
ON_BOOKS: Condition = {"f": "state", "op": "in", "v": [str(state) for state in COUNTED]}
LINE_ON_BOOKS: Condition = {"f": "order.state", "op": "in", "v": [str(state) for state in COUNTED]}
SOURCES: dict[str, Source] = {
    Target.Measure.ORDERS: Source(
        "sales.order", "orders", "owner", "department", "ordered_on", _orders, Sum("amount"), (ON_BOOKS,)
    ),
    Target.Measure.PROFIT: Source(
        "sales.order", "orders", "owner", "department", "ordered_on", _orders, Sum("profit"), (ON_BOOKS,)
    ),
    Target.Measure.RECEIPTS: Source(
        "sales.receipt", "receipts", "account.owner", "account.department", "received_on",
        lambda user: Receipt.objects.visible_to(user), Sum("amount"),
    ),
    Target.Measure.WON: Source(
        "deals.opportunity", "opportunities", "owner", "department", "won_on",
        lambda user: Opportunity.objects.visible_to(user).filter(state="won"), Sum("amount"),
        ({"f": "state", "op": "is", "v": "won"},),
    ),
    Target.Measure.CUSTOMERS: Source(
        "customers.account", "customers", "owner", "department", "first_order_on",
        lambda user: Account.objects.visible_to(user), Count("pk"),
    ),
}  # fmt: skip
LINES: dict[str, Source] = {
    measure: Source(
        "sales.orderline", "order-lines", "order.owner", "order.department", "order.ordered_on", _lines, Sum(total),
        (LINE_ON_BOOKS,),
    )
    for measure, total in ((Target.Measure.ORDERS, SIGNED), (Target.Measure.PROFIT, SIGNED_PROFIT))
}  # fmt: skip


@dataclass
class Row:
    """One target, or one person without any, and what was reached."""

    level: str
    name: str
    who: int | None
    target: Decimal
    actual: Decimal = ZERO
    what: str = ""
    conditions: list[Condition] = field(default_factory=list)
    slug: str = ""
    passed: Decimal = Decimal(1)
    counts: bool = False  # customers, and not money

    @property
    def percent(self) -> Decimal | None:
        return (self.actual / self.target * 100).quantize(Decimal("0.1")) if self.target else None

    @property
    def gap(self) -> Decimal:
        return max(ZERO, self.target - self.actual)

    @property
    def projected(self) -> Decimal | None:
        """Where it ends if it goes on like this."""
        return (self.actual / self.passed).quantize(Decimal("0.01")) if self.passed else None

    @property
    def tone(self) -> str:
        if not self.target or self.actual >= self.target:
            return "green"
        return "primary" if self.projected is not None and self.projected >= self.target else "red"


@dataclass(frozen=True)
class Aim:
    """For whom and of what a target is."""

    level: str
    who: int | None
    category: int | None = None
    product: int | None = None


def aims(rows: Iterable[Target], span: Span) -> dict[Aim, Decimal]:
    """Targets of the period itself, else the sums of the shorter ones inside it."""
    found: dict[Aim, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        who = {Level.PERSON: row.owner_id, Level.TEAM: row.team_id, Level.DEPARTMENT: row.department_id}.get(row.level)  # type: ignore[call-overload]
        found[Aim(row.level, who, row.category_id, row.product_id)][row.period] += row.amount
    best = sorted(MONTHS, key=lambda period: -MONTHS[period])
    return {aim: next(sums[period] for period in best if period in sums) for aim, sums in found.items()}


def targets_in(user: Any, measure: str, span: Span) -> Any:
    """Targets in the reader's reach that lie inside the span."""
    shorter = [period for period, months in MONTHS.items() if months <= MONTHS[span.period]]
    rows = Target.objects.visible_to(user).filter(measure=measure, period__in=shorter)
    rows = rows.filter(starts_on__gte=span.start, starts_on__lt=after(span.start, span.period))
    return rows.select_related("owner", "team", "department", "category", "product")


def attainment(user: Any, measure: str, span: Span) -> list[Row]:
    """SALE-11: every target in reach, and each person who sold without one."""
    source = SOURCES[measure]
    targets = list(targets_in(user, measure, span))
    wanted = aims(targets, span)
    sums = source.sums(user, span)
    rows = [_row(user, aim, amount, (measure, span), sums) for aim, amount in wanted.items()]
    named = {aim.who for aim in wanted if aim.level == Level.PERSON and not (aim.category or aim.product)}
    for person in dict.fromkeys(person for person, _department in sums if person):
        if person not in named:
            rows.append(_row(user, Aim(Level.PERSON, person), ZERO, (measure, span), sums))
    _name(rows, targets)
    order = {level: place for place, level in enumerate((Level.COMPANY, Level.DEPARTMENT, Level.TEAM, Level.PERSON))}
    return sorted(rows, key=lambda row: (order[row.level], row.what, -row.actual, row.name))  # type: ignore[index]


def _row(user: Any, aim: Aim, amount: Decimal, what: tuple[str, Span], sums: Sums) -> Row:
    measure, span = what
    source = SOURCES[measure]
    narrow, more = _narrowed(aim)
    if narrow:
        source = LINES[measure]
        sums = source.sums(user, span, **narrow)
    inside, condition = members(aim, source)
    actual = sum((total for key, total in sums.items() if inside(key)), ZERO)
    row = Row(aim.level, "", aim.who, amount, actual, _words(aim), slug=source.slug, passed=span.passed)
    row.conditions = [*source.where(span), *more, *([condition] if condition else [])]
    return row


def _narrowed(aim: Aim) -> tuple[dict[str, Any], list[Condition]]:
    if aim.product:
        return {"product": aim.product}, [{"f": "product", "op": "is", "v": aim.product}]
    if aim.category:
        ids = below(ProductCategory.objects.get(pk=aim.category))
        return {"product__category__in": ids}, [{"f": "product.category", "op": "in", "v": ids}]
    return {}, []


def _words(aim: Aim) -> str:
    if aim.product:
        return str(Product.everything.get(pk=aim.product))
    return str(ProductCategory.everything.get(pk=aim.category)) if aim.category else ""


def members(aim: Aim, source: Source) -> tuple[Callable[[tuple[int | None, int | None]], bool], Condition | None]:
    """Which sums count for somebody, and the same as a condition of the list."""
    if aim.level == Level.PERSON:
        return lambda key: key[0] == aim.who, {"f": source.owner, "op": "is", "v": aim.who}
    if aim.level == Level.TEAM:
        people = list(User.objects.filter(teams=aim.who or 0).order_by("pk").values_list("pk", flat=True))
        return lambda key: key[0] in people, {"f": source.owner, "op": "in", "v": people or [0]}
    if aim.level == Level.DEPARTMENT:
        ids = _tree(aim.who)
        return lambda key: key[1] in ids, {"f": source.department, "op": "in", "v": ids or [0]}
    return lambda _key: True, None


def _tree(department: int | None) -> list[int]:
    """A department and all below it."""
    found = [department] if department else []
    children: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in Department.objects.values_list("pk", "parent_id"):
        children[parent].append(pk)
    for pk in found:
        found += children[pk]
    return found


def _name(rows: list[Row], targets: Iterable[Target]) -> None:
    people = User.objects.filter(pk__in=[row.who for row in rows if row.level == Level.PERSON])
    names: dict[tuple[str, int | None], str] = {(Level.PERSON, person.pk): str(person) for person in people}
    names |= {(Level.TEAM, one.team_id): str(one.team) for one in targets if one.team_id}
    names |= {(Level.DEPARTMENT, one.department_id): str(one.department) for one in targets if one.department_id}
    for row in rows:
        row.name = names.get((row.level, row.who)) or str(Level(row.level).label)


def own(user: Any, on: date) -> list[Row]:
    """The person's own attainment this month, for the start page."""
    span, found = Span("month", on.replace(day=1)), []
    for measure, source in SOURCES.items():
        if not user.may("view", source.label):
            continue
        mine = list(targets_in(user, measure, span).filter(level=Level.PERSON, owner=user))
        for aim, amount in aims(mine, span).items():
            row = _row(user, aim, amount, (measure, span), SOURCES[measure].sums(user, span))
            row.name = f"{Target.Measure(measure).label} {row.what}".strip()
            row.counts = measure == Target.Measure.CUSTOMERS
            found.append(row)
    return found
