"""Closing a month: from then on nothing in it changes, and what comes later goes into the current one (PERF-04)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.incentives.models import MonthClose, Unit, lock_ledger, this_month
from guanxi.incentives.queries.ledger import booked, closed_until
from guanxi.kernel.errors import Forbidden, Invalid


def close(row: MonthClose) -> None:
    """Checks and figures of a month about to be closed."""
    if not row._state.adding:
        return
    lock_ledger(row.company_id)
    row.month = row.month.replace(day=1)
    if row.month >= this_month():
        raise Invalid({"month": [_("Only a month that is over is closed.")]})
    closed = closed_until(row.company_id)
    if closed is not None and row.month <= closed:
        raise Invalid({"month": [_("This month is closed already.")]})
    sums = booked(row.company_id).filter(month=row.month).aggregate(
        n=Count("pk"),
        yuan=Sum("amount", filter=Q(unit=Unit.YUAN)),
        points=Sum("amount", filter=Q(unit=Unit.POINTS)),
    )  # fmt: skip
    row.entries, row.yuan, row.points = sums["n"], sums["yuan"] or Decimal(0), sums["points"] or Decimal(0)


def never_opened(_row: Any, _actor: Any, _verb: str) -> None:
    """Guard: closed is closed."""
    raise Forbidden(_("A closed month stays closed."))
