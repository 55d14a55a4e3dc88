"""The regional plan of a year becomes targets: each person's quarter is what attainment is measured by (CARD-06, SALE-11)."""

from __future__ import annotations

from datetime import date
from typing import Any

from guanxi.custody.models import SalesPlan
from guanxi.kernel import work
from guanxi.targets.models import Target


@work.sealer(35, "custody.salesplan")
def follow_plan(unit: work.Work) -> None:
    """Bring the quarter's target of orders in line with each line of the plan this unit touched."""
    touched = [change.object_id for change in unit.changes.values() if change.label == "custody.salesplan"]
    plans: Any = SalesPlan.everything
    for plan in plans.filter(pk__in=touched, owner__isnull=False).select_related("owner"):
        wanted = plan.target if plan.deleted_at is None and plan.target > 0 else None
        known = _target_of(plan)
        if wanted is None:
            _drop(known, plan)
        elif known.amount != wanted or known._state.adding:
            known.amount = wanted
            known.save()


def _target_of(plan: SalesPlan) -> Target:
    row = Target(
        company_id=plan.company_id, created_by_id=plan.created_by_id, owner=plan.owner, department_id=plan.department_id,
        level=Target.Level.PERSON, measure=Target.Measure.ORDERS, period=Target.Period.QUARTER,
        starts_on=date(plan.year, plan.quarter * 3 - 2, 1),
    )  # fmt: skip
    row.settle()
    known: Target | None = Target.objects.filter(company_id=plan.company_id, key=row.key).first()
    return known or row


def _drop(known: Target, plan: SalesPlan) -> None:
    if not known._state.adding:
        known.deleted_at = plan.deleted_at or plan.updated_at
        known.save(update_fields=["deleted_at"])
