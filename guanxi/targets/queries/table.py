"""The table in which a year's targets are written: a row a person, a column a month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from guanxi.org.models import User
from guanxi.sales.models import Order
from guanxi.targets.models import Target
from guanxi.targets.queries.attainment import LABEL

Level = Target.Level


def people_in_reach(user: Any) -> list[User]:
    """Active people the reader may set targets for, those of one's own department first by name."""
    scopes = user.access.grant(LABEL).scopes
    rows: Any = User.objects.filter(company_id=user.company_id, is_active=True)
    if "all" not in scopes:
        rows = rows.filter(Q(pk=user.pk) | Q(department_id__in=user.access.departments if "tree" in scopes else []))
    sellers = Order.objects.filter(company_id=user.company_id, owner__isnull=False).order_by().values("owner")
    aimed = Target.objects.filter(company_id=user.company_id, owner__isnull=False).order_by().values("owner")
    return list(
        rows.filter(Q(pk__in=sellers) | Q(pk__in=aimed))
        .select_related("department")
        .order_by("department__name", "name")
    )


@dataclass
class Line:
    person: User
    months: list[Decimal | None] = field(default_factory=lambda: [None] * 12)

    @property
    def total(self) -> Decimal:
        return sum((one for one in self.months if one is not None), Decimal(0))


def monthly(user: Any, measure: str, year: int) -> Any:
    """Targets of people, month by month, in the reader's reach; of all products together."""
    rows = Target.objects.visible_to(user).filter(level=Level.PERSON, measure=measure, period="month")
    return rows.filter(starts_on__year=year, category=None, product=None)


def table(user: Any, measure: str, year: int) -> list[Line]:
    lines = {person.pk: Line(person) for person in people_in_reach(user)}
    for owner, day, amount in monthly(user, measure, year).values_list("owner", "starts_on", "amount"):
        if owner in lines:
            lines[owner].months[day.month - 1] = amount
    return list(lines.values())


def first_days(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]
