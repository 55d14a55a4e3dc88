"""What custody adds to the appraisal sheet: how well a person keeps the cards (CARD-07)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg
from django.utils.translation import gettext_lazy as _

from guanxi.custody.models import CardReview
from guanxi.incentives.queries.appraisal import Values, item
from guanxi.kernel.filters.env import start_of


@item("cards", _("Card keeping (of 100)"), order=21)
def cards(people: Sequence[int], first: date, after: date) -> Values:
    """The mean score of the reviews of the month."""
    rows: Any = CardReview.objects.filter(
        owner__in=people, created_at__gte=start_of(first), created_at__lt=start_of(after)
    )
    found = rows.values("owner").order_by().annotate(mean=Avg("score"))
    return {row["owner"]: Decimal(row["mean"]).quantize(Decimal("0.1")) for row in found}
