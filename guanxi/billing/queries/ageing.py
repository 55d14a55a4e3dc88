"""How old what is owed is, by person, department, customer or class, in one statement however much it is (CARD-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.formats.money import cents
from guanxi.kernel import clock
from guanxi.sales.models import Receivable
from guanxi.sales.queries import BUCKETS, by_age

ZERO = Decimal(0)
MOST = 200
# What an app above offers to do about it: (address, words, icon, entity the person must be allowed to view).
next_steps: list[tuple[str, Any, str, str]] = []
# key: (words, column that groups, column with its name, field of the filter behind a number)
GROUPS: dict[str, tuple[Any, str, str, str]] = {
    "owner": (_("Person"), "account__owner", "account__owner__name", "account.owner"),
    "department": (_("Department"), "account__department", "account__department__name", "account.department"),
    "customer": (_("Customer"), "account", "account__name", "account"),
    "grade": (_("Class"), "account__grade", "account__grade", "account.grade"),
}


@dataclass(frozen=True)
class Row:
    """One person, department, customer or class."""

    key: Any
    name: str
    amounts: dict[str, Decimal]
    open: Decimal
    overdue: Decimal
    lines: int


def ageing_by(user: Any, by: str, as_of: date | None = None) -> list[Row]:
    """Who has most overdue first."""
    _words, column, name, _field = GROUPS[by]
    rows = Receivable.objects.visible_to(user).filter(open_amount__gt=0).order_by()
    grouped = rows.values(group=F(column), called=F(name)).annotate(
        **by_age(as_of or clock.today()), all=Sum("open_amount"), n=Count("pk")
    )
    found = []
    for row in grouped:
        amounts = {key: cents(row[key] or ZERO) for key, *_rest in BUCKETS}
        total = cents(row["all"])
        late = total - amounts["not_due"]
        found.append(Row(row["group"], row["called"] or "", amounts, total, late, row["n"]))
    return sorted(found, key=lambda one: (-one.overdue, -one.open, str(one.name)))


def total_of(rows: list[Row]) -> Row:
    """The line below."""
    amounts = {key: sum((row.amounts[key] for row in rows), ZERO) for key, *_rest in BUCKETS}
    return Row(
        None, "", amounts, sum((row.open for row in rows), ZERO), sum((row.overdue for row in rows), ZERO),
        sum(row.lines for row in rows),
    )  # fmt: skip
