"""Which figures a person may be shown, and whether they are ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.insight.models import Snapshot
from guanxi.kernel.models import Job
from guanxi.org.models import User
from guanxi.sales.models import Order

ACCOUNT, ORDER = "customers.account", "sales.order"
EVERYTHING = (~Q(pk__in=[]), ~Q(account__pk__in=[]))


def reach_key(user: User) -> str:
    """ "all" for who sees every account and order; else a key that changes with the person's rights."""
    if all(user.scope(label) in EVERYTHING for label in (ACCOUNT, ORDER)):
        return "all"
    return f"u{user.pk}.{user.company.config_version}.{user.department_id or 0}"


@dataclass(frozen=True)
class Sight:
    """Which kinds of figures are open to a person."""

    money: bool
    profit: bool

    @property
    def measure(self) -> str:
        return "profit" if self.profit else "amount"


def sight(user: User) -> Sight:
    """Revenue needs the right to view orders; profit is closed to whom the profit of an order is closed."""
    closed = user.closed_fields(ORDER) | user.masked_fields(ORDER)
    money = user.may("view", ORDER)
    return Sight(money, money and not closed & {"profit", "cost"})


def may_recompute(user: User) -> bool:
    return user.may("recompute", ACCOUNT) or "analysis" in user.access.areas


def current(company_id: int) -> Snapshot | None:
    """The figures of the last refresh: the day that profiles, lists and classes speak of."""
    return Snapshot.objects.filter(company_id=company_id, reach="all").order_by("-as_of").first()


def figures(user: User, day: date) -> Snapshot | None:
    """The figures of a day for what this person sees; None until somebody has had them computed."""
    return Snapshot.objects.filter(company_id=user.company_id, reach=reach_key(user), as_of=day).first()


def is_stale(found: Snapshot, newest: Snapshot, user: User) -> bool:
    """Computed before the last refresh, or (for part of the company) from other customers than are in sight now."""
    if found.computed_at < newest.computed_at:
        return True
    if found.reach == "all" or found.as_of != newest.as_of:
        return False
    return Account.objects.visible_to(user).count() != found.summary["customers"]  # type: ignore[no-any-return]


def running(company_id: int) -> Job | None:
    """The refresh that waits or runs."""
    return Job.objects.filter(unique_key=f"insight:{company_id}", state__in=("ready", "running")).first()


def names_of(user: User, summary: dict[str, Any]) -> dict[str, dict[int, str]]:
    """Names for the ids of a summary, of what the person sees now: three queries by key."""
    parts = summary["profit"]
    accounts = {row["customer_id"] for rows in summary["compare"].values() for row in rows}
    accounts |= {row["customer_id"] for one in summary["abc"].values() for row in one["top"]}
    products = {row["product_id"] for kind in ("profit", "amount") for row in parts[f"product_id_{kind}"]}
    orders = {row["order_id"] for kind in ("profit", "amount") for row in parts[f"order_id_{kind}"]}
    return {
        "accounts": _names(Account.objects.visible_to(user), accounts, "name"),
        "products": _products(user, products),
        "orders": _names(Order.objects.visible_to(user), orders, "number"),
    }


def _products(user: User, ids: Iterable[int]) -> dict[int, str]:
    """With their specification: a pump comes in many sizes."""
    products: Any = Product.everything.filter(company_id=user.company_id, pk__in=list(ids))
    rows = products.values_list("pk", "name", "spec")
    return {pk: f"{name} {spec}".strip() for pk, name, spec in rows}


def _names(rows: Any, ids: Iterable[int], column: str) -> dict[int, str]:
    return dict(rows.filter(pk__in=list(ids)).values_list("pk", column))
