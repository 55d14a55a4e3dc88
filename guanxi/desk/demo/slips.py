"""Files of last week as branches make them in a hurry: the weekly inspection of the demonstration has something to find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from guanxi.customers.models import Account
from guanxi.desk.demo.staff import Branch, Organisation
from guanxi.sales.models import Order

BRANCHES, FILES = 4, 9


def build_slips(staff: Organisation, today: date) -> None:
    """The newest private customers of some branches were filed last week, every second one badly; inside a unit of work."""
    monday = today - timedelta(days=today.weekday() + 7)
    for number, branch in enumerate(staff.branches[:BRANCHES]):
        rows = _newest(branch)
        older = (
            Account.objects.filter(department=branch.department, kind="person").exclude(phone="").order_by("created_at")
        )
        sound = older.exclude(pk__in=[row.pk for row in rows]).first()
        for n, row in enumerate(rows):
            row.created_at = datetime.combine(monday + timedelta(days=n % 5), time(2 + n % 6, 10 * n % 60), UTC)
            for name, value in SLIPS[(n // 2 + number) % len(SLIPS)](sound).items() if n % 2 == 0 and sound else ():
                setattr(row, name, value)
            row.save()


def _newest(branch: Branch) -> list[Account]:
    """Customers who have not bought yet: a sale before the file would be odd."""
    bought = Order.objects.filter(account__department=branch.department).values("account")
    rows = Account.objects.filter(department=branch.department, kind="person", owner__isnull=False)
    return list(rows.exclude(pk__in=bought).order_by("-created_at")[:FILES])


# What clerks get wrong; none of it is written down as a defect: the checks find it.
SLIPS: tuple[Callable[[Any], dict[str, Any]], ...] = (
    lambda _older: {"employer": "", "post": ""},
    lambda older: {"name": older.name, "phone": older.phone},
    lambda _older: {"address": "", "email": "wang.example"},
    lambda _older: {"phone": "13800000000"},
)
