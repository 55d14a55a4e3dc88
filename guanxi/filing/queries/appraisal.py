"""What filing adds to the appraisal sheet: forms filled in, and files in order among those inspected (PERF-01)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from guanxi.filing.models import InspectedFile, Registration
from guanxi.incentives.queries.appraisal import Values, item, percent
from guanxi.kernel.filters.env import start_of


@item("forms", _("Form filling: registrations"), order=26)
def forms(people: Sequence[int], first: date, after: date) -> Values:
    rows = Registration.objects.filter(
        created_by__in=people, created_at__gte=start_of(first), created_at__lt=start_of(after)
    )
    return {row["created_by"]: row["n"] for row in rows.values("created_by").order_by().annotate(n=Count("pk"))}


@item("inspected", _("Inspected files in order (%)"), order=22)
def inspected(people: Sequence[int], first: date, after: date) -> Values:
    rows: Any = InspectedFile.objects.filter(
        accountant__in=people, inspection__last__gte=first, inspection__last__lt=after, conforming__isnull=False
    )
    counted = rows.values("accountant").order_by().annotate(n=Count("pk"), good=Count("pk", filter=Q(conforming=True)))
    return {row["accountant"]: percent(row["good"], row["n"]) for row in counted}
