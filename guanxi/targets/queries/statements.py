"""Which months of commission are settled, and what a statement is made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from guanxi.formats.money import cents
from guanxi.targets.models import CommissionLine, Statement


def is_settled(company_id: int, month: date) -> bool:
    """Whether anybody's commission of the month has been settled: what changes in it then is marked."""
    settled = Statement.objects.filter(company_id=company_id, month=month, state=Statement.State.SETTLED)
    return bool(settled.exists())


def by_grade(user: Any, statement: Statement) -> list[dict[str, Any]]:
    """The statement by grade, rate and kind, with the conditions of the lines behind each figure."""
    rows = CommissionLine.objects.visible_to(user).filter(statement=statement).order_by()
    grouped = rows.values("grade", "grade__code", "grade__name", "rate", "kind").annotate(
        base=Sum("base"), amount=Sum("amount")
    )
    found = []
    for row in grouped.order_by("kind", "grade__code", "rate"):
        where: list[dict[str, Any]] = [
            {"f": "statement", "op": "is", "v": statement.pk},
            {"f": "kind", "op": "is", "v": row["kind"]},
            {"f": "rate", "op": "is", "v": str(row["rate"])},
            {"f": "grade", "op": "is", "v": row["grade"]} if row["grade"] else {"f": "grade", "op": "empty"},
        ]
        grade = f"{row['grade__code']} {row['grade__name']}" if row["grade"] else ""
        found.append(
            {
                **row,
                "base": cents(row["base"]),
                "amount": cents(row["amount"]),
                "grade": grade,
                "kind": CommissionLine.Kind(row["kind"]).label,
                "where": where,
            }
        )
    return found


def total_of(rows: list[dict[str, Any]], name: str) -> Decimal:
    return sum((row[name] for row in rows), Decimal(0))
