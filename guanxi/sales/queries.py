"""Questions about orders and money: per customer, per group of customers, per period; always inside the person's scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncYear
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.customers.queries.accounts import group_ids, group_root
from guanxi.formats.money import cents
from guanxi.kernel import clock
from guanxi.kernel.prepared import once
from guanxi.sales.models import COUNTED, Order, OrderLine, Receipt, Receivable

ZERO = Decimal(0)
Orders: TypeAlias = QuerySet[Any]
# (key, words, days overdue from, to); None is open.
BUCKETS: tuple[tuple[str, Any, int | None, int | None], ...] = (
    ("not_due", _("Not due"), None, 0),
    ("d30", _("1–30 days"), 1, 30),
    ("d60", _("31–60 days"), 31, 60),
    ("d90", _("61–90 days"), 61, 90),
    ("older", _("Over 90 days"), 91, None),
)


@dataclass(frozen=True)
class Ageing:
    """Open amounts by how long they are overdue.  `credit` (≤ 0) is what open credit notes owe the customer."""

    buckets: dict[str, Decimal]
    credit: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        return sum(self.buckets.values(), ZERO)

    @property
    def overdue(self) -> Decimal:
        return self.open - self.buckets["not_due"]


@dataclass(frozen=True)
class Balance:
    """One customer's sales against collections (CARD-09); all in yuan.  `balance` is what the customer owes on the whole."""

    account_id: int
    name: str
    sold: Decimal
    collected: Decimal
    overdue: Decimal

    @property
    def balance(self) -> Decimal:
        return self.sold - self.collected


@dataclass(frozen=True)
class Totals:
    """Sums over counted orders, returns deducted; `orders` counts sales only."""

    orders: int = 0
    amount: Decimal = ZERO
    profit: Decimal = ZERO
    received: Decimal = ZERO
    last_order_on: date | None = None


class Deal(NamedTuple):
    """An order as a customer's page needs it, whatever its state."""

    pk: int
    number: str
    ordered_on: date
    state: str
    kind: str
    amount: Decimal
    profit: Decimal


@dataclass(frozen=True)
class Slice:
    """One order, product, month or year of a customer's profit (VALUE-01)."""

    key: Any
    label: str
    amount: Decimal
    profit: Decimal
    quantity: Decimal | None = field(default=None)


@dataclass(frozen=True)
class ExistingShare:
    """Revenue of a period, and the part of it from customers whose first order lies before the period (VALUE-05)."""

    total: Decimal
    existing: Decimal

    @property
    def share(self) -> Decimal | None:
        """Percent, or None for a period without revenue."""
        return (self.existing / self.total * 100).quantize(Decimal("0.01")) if self.total else None


def orders_of(account: Account, user: Any) -> Orders:
    """The customer's orders this person may see, the newest first."""
    return Order.objects.visible_to(user).filter(account=account).order_by("-ordered_on", "-pk")  # type: ignore[no-any-return]


def deals(account: Account, user: Any) -> list[Deal]:
    """The same without their other columns: asked once for all panels of a page."""
    return [Deal._make(row) for row in once(account, deals_of, user)]


def deals_of(user: Any, account_id: int) -> Orders:
    rows = Order.objects.visible_to(user).filter(account=account_id).order_by("-ordered_on", "-pk")
    return rows.values_list(*Deal._fields)  # type: ignore[no-any-return]


def counted(rows: Orders) -> Orders:
    """Of these orders the ones that count as revenue."""
    return rows.filter(state__in=COUNTED, deleted_at=None)


def ageing(receivables: QuerySet[Any], as_of: date | None = None) -> Ageing:
    """Open amounts of these receivables by age, in one query (ORDER-03)."""
    return _aged(receivables.aggregate(**by_age(as_of or clock.today())))


def by_age(day: date) -> dict[str, Any]:
    sums = {
        key: Sum("open_amount", filter=Q(open_amount__gt=0) & _due(day, first, last))
        for key, _w, first, last in BUCKETS
    }
    return {"credit": Sum("open_amount", filter=Q(open_amount__lt=0)), **sums}


def _aged(found: dict[str, Any]) -> Ageing:
    return Ageing({key: _yuan(found.get(key)) for key, *_rest in BUCKETS}, _yuan(found.get("credit")))


def _due(day: date, first: int | None, last: int | None) -> Q:
    q = Q()
    if first is not None:
        q &= Q(due_on__lte=day - timedelta(days=first))
    if last is not None:
        q &= Q(due_on__gte=day - timedelta(days=last))
    return q | Q(due_on=None) if first is None else q  # what waits for the delivery is not due


def receivables_of(account: Account, user: Any, as_of: date | None = None) -> Ageing:
    """What the customer owes, by age."""
    fixed = {"day": as_of} if as_of else {}
    return _aged(next(iter(once(account, ages_of, user, **fixed)), {}))


def ages_of(user: Any, account_id: int, day: date | None = None) -> QuerySet[Any]:
    rows = Receivable.objects.visible_to(user).filter(account=account_id).order_by()
    return rows.values("account").annotate(**by_age(day or clock.today()))  # type: ignore[no-any-return]


def overdue(user: Any, as_of: date | None = None) -> QuerySet[Any]:
    """Receivables past their due day, the oldest first (ORDER-03)."""
    rows = Receivable.objects.visible_to(user).filter(due_on__lt=as_of or clock.today(), open_amount__gt=0)
    return rows.select_related("order", "account").order_by("due_on", "pk")  # type: ignore[no-any-return]


def balances(user: Any, accounts: list[int] | None = None, as_of: date | None = None) -> list[Balance]:
    """Sales against collections per customer, whoever owes most first; customers without any are left out (CARD-09)."""
    within = Q() if accounts is None else Q(account__in=accounts)
    day = as_of or clock.today()
    sold = _by_account(counted(Order.objects.visible_to(user)).filter(within, ordered_on__lte=day), Sum("amount"))
    collected = _by_account(Receipt.objects.visible_to(user).filter(within, received_on__lte=day), Sum("amount"))
    late = _by_account(
        Receivable.objects.visible_to(user).filter(within, due_on__lt=day, open_amount__gt=0),
        Sum("open_amount"),
    )
    held: Any = Account.everything
    names = dict(held.filter(pk__in=sold.keys() | collected.keys()).values_list("pk", "name"))
    rows = [
        Balance(pk, name, sold.get(pk, ZERO), collected.get(pk, ZERO), late.get(pk, ZERO)) for pk, name in names.items()
    ]
    return sorted(rows, key=lambda row: (-row.balance, row.account_id))


def balance_of(account: Account, user: Any, as_of: date | None = None) -> Balance:
    """The same for one customer."""
    rows = balances(user, [account.pk], as_of)
    return rows[0] if rows else Balance(account.pk, account.name, ZERO, ZERO, ZERO)


def owing(ids: list[int]) -> dict[int, Any]:
    """Of these accounts those with open receivables: they stay with whoever has to collect them (BEYOND-02)."""
    rows = Receivable.objects.filter(account__in=ids, open_amount__gt=0).order_by()
    return dict.fromkeys(
        rows.values_list("account_id", flat=True),
        _("Receivables are open: collect them before the customer changes to a pool."),
    )


def _by_account(rows: QuerySet[Any], total: Any) -> dict[int, Decimal]:
    grouped = rows.order_by().values("account").annotate(total=total).values_list("account", "total")
    return {pk: _yuan(amount) for pk, amount in grouped}


def totals(accounts: Iterable[int] | QuerySet[Any], user: Any) -> Totals:
    """Sums over the counted orders of several customers, e.g. of a group tree."""
    found = counted(Order.objects.visible_to(user)).filter(account__in=accounts).aggregate(
        orders=Count("pk", filter=Q(kind=Order.Kind.SALE)), amount=Sum("amount"), profit=Sum("profit"),
        received=Sum("received"), last=Max("ordered_on", filter=Q(kind=Order.Kind.SALE)),
    )  # fmt: skip
    return Totals(
        found["orders"],
        _yuan(found["amount"]),
        _yuan(found["profit"]),
        _yuan(found["received"]),
        found["last"],
    )


def group_totals(account: Account, user: Any) -> Totals:
    """The same for the whole group of companies the customer belongs to."""
    return totals(group_ids(group_root(account)), user)


@dataclass(frozen=True)
class GroupLine:
    """One company of a group: turnover of twelve months, what it owes, what of that is overdue."""

    account_id: int
    name: str
    sold: Decimal
    open: Decimal
    overdue: Decimal


def group_figures(head: Account, user: Any, as_of: date | None = None) -> list[GroupLine]:
    """The companies of a group in the person's reach, the head first (GROUP-01)."""
    ids, day = group_ids(head), as_of or clock.today()
    members = dict(Account.objects.visible_to(user).filter(pk__in=ids).order_by("pk").values_list("pk", "name"))
    within = Q(account__in=members)
    year = counted(Order.objects.visible_to(user)).filter(within, ordered_on__gt=day - timedelta(days=365))
    due = Receivable.objects.visible_to(user).filter(within)
    sold, owed = _by_account(year.filter(ordered_on__lte=day), Sum("amount")), _by_account(due, Sum("open_amount"))
    late = _by_account(due.filter(due_on__lt=day, open_amount__gt=0), Sum("open_amount"))
    rows = [
        GroupLine(pk, name, sold.get(pk, ZERO), owed.get(pk, ZERO), late.get(pk, ZERO)) for pk, name in members.items()
    ]
    return sorted(rows, key=lambda row: (row.account_id != head.pk, -row.sold, row.account_id))


def existing_share(company_id: int, first: date, last: date) -> ExistingShare:
    """Revenue from `first` to `last` (inclusive) and the part from customers who had bought before (VALUE-05)."""
    rows = counted(Order.objects.filter(company_id=company_id, ordered_on__gte=first, ordered_on__lte=last))
    found = rows.aggregate(total=Sum("amount"), existing=Sum("amount", filter=Q(account__first_order_on__lt=first)))
    return ExistingShare(_yuan(found["total"]), _yuan(found["existing"]))


def profit_of(account: Account, user: Any, by: Literal["order", "product", "month", "year"]) -> list[Slice]:
    """The customer's contribution since the first deal (VALUE-01); months and years carry their first day as key."""
    rows = counted(Order.objects.visible_to(user)).filter(account=account).order_by()
    if by == "order":
        return [Slice(o.pk, o.number, o.amount, o.profit) for o in rows.order_by("-ordered_on", "-pk")]
    if by == "product":
        return top_products(account, user, limit=None)
    cut, style = (TruncMonth, "%Y-%m") if by == "month" else (TruncYear, "%Y")
    grouped = rows.annotate(key=cut("ordered_on")).values("key").annotate(total=Sum("amount"), gain=Sum("profit"))
    return [
        Slice(row["key"], row["key"].strftime(style), _yuan(row["total"]), _yuan(row["gain"]))
        for row in grouped.order_by("key")
    ]


def top_products(account: Account, user: Any, limit: int | None = 10) -> list[Slice]:
    """What the customer buys, by amount, returns deducted."""
    slices = []
    for row in once(account, products_of, user):
        amount, cost = (_yuan(row["plus"]) - _yuan(row["minus"]), _yuan(row["spent"]) - _yuan(row["spared"]))
        quantity = (row["number"] or ZERO) - (row["returned"] or ZERO)
        label = f"{row['product__name']} {row['product__spec']}".strip()
        slices.append(Slice(row["product"], label, amount, amount - cost, quantity))
    return sorted(slices, key=lambda part: (-part.amount, part.label))[:limit]


def products_of(user: Any, account_id: int) -> QuerySet[Any]:
    orders = counted(Order.objects.visible_to(user)).filter(account=account_id)
    back = Q(order__kind=Order.Kind.RETURN)
    return (  # type: ignore[no-any-return]
        OrderLine.objects.filter(order__in=orders, product__isnull=False)
        .order_by()
        .values("product", "product__name", "product__spec")
        .annotate(
            plus=Sum("amount", filter=~back), minus=Sum("amount", filter=back),
            spent=Sum("cost", filter=~back), spared=Sum("cost", filter=back),
            number=Sum("quantity", filter=~back), returned=Sum("quantity", filter=back),
        )
    )  # fmt: skip


def _yuan(amount: Decimal | None) -> Decimal:
    return cents(amount or ZERO)


__all__ = [
    "BUCKETS",
    "Ageing",
    "Balance",
    "Deal",
    "ExistingShare",
    "GroupLine",
    "Slice",
    "Totals",
    "ageing",
    "balance_of",
    "balances",
    "by_age",
    "counted",
    "deals",
    "deals_of",
    "existing_share",
    "group_figures",
    "group_totals",
    "orders_of",
    "overdue",
    "products_of",
    "profit_of",
    "receivables_of",
    "top_products",
    "totals",
]  # fmt: skip
