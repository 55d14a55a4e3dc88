"""Which changes need a yes, what was corrected of a record, and the figures by person and month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import ExtractMonth

from guanxi.corrections.models import Correction, CorrectionRule

LABEL = "corrections.correction"
MONTHS = 12


def rules_of(company_id: int, label: str) -> list[CorrectionRule]:
    return list(CorrectionRule.objects.filter(company_id=company_id, label=label))


def needs_yes(rules: list[CorrectionRule], name: str, days: int, amount: Decimal) -> bool:
    """Whether a rule speaks of this field of a record so old and so large."""
    return any(
        rule.field in ("", name) and days >= rule.from_days
        and (rule.from_amount is None or abs(amount) >= rule.from_amount)
        for rule in rules
    )  # fmt: skip


def corrections_of(user: Any, label: str, pk: int) -> Any:
    """What was corrected of one record, the last first."""
    rows = Correction.objects.visible_to(user).filter(label=label, object_id=pk)
    return rows.select_related("owner", "approved_by").order_by("-id")


@dataclass
class Line:
    """One person's corrections of a year: how many in each month, how many in closed months, and what they moved."""

    person: Any
    name: str
    months: list[int] = field(default_factory=lambda: [0] * MONTHS)
    closed: int = 0
    moved: Decimal = Decimal(0)

    @property
    def total(self) -> int:
        return sum(self.months)


def by_person(user: Any, year: int) -> list[Line]:
    """SALE-06: corrections in the reader's reach by person and month of the change."""
    rows = Correction.objects.visible_to(user).filter(created_at__year=year).order_by()
    lines: dict[int | None, Line] = {}
    grouped = rows.annotate(month=ExtractMonth("created_at")).values("owner", "owner__name", "month", "in_closed")
    for row in grouped.annotate(n=Count("pk"), moved=Sum("difference")):
        line = lines.setdefault(row["owner"], Line(row["owner"], row["owner__name"] or ""))
        line.months[row["month"] - 1] += row["n"]
        line.closed += row["n"] if row["in_closed"] else 0
        line.moved += Decimal(row["moved"] or 0).quantize(Decimal("0.01"))
    return sorted(lines.values(), key=lambda line: (-line.total, line.name))


def bounds(year: int, month: int = 0) -> tuple[date, date]:
    """First and last day of a year or of one of its months."""
    first = date(year, month or 1, 1)
    after = date(year + 1, 1, 1) if month in (0, MONTHS) else date(year, month + 1, 1)
    return first, after - timedelta(days=1)
