"""The day or the period a page is about, chosen by its reader."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.filters.env import period

PERIODS = {
    "this_month": _("This month"), "last_month": _("Last month"),
    "this_quarter": _("This quarter"), "last_quarter": _("Last quarter"),
    "this_year": _("This year"), "last_year": _("Last year"),
}  # fmt: skip


def chosen_day(request: HttpRequest) -> date:
    """The day of the address, else today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return clock.today()


def chosen_period(request: HttpRequest, usual: str = "this_month") -> tuple[date, date, dict[str, Any]]:
    """First and last day, and what interactions/period.html needs to offer the choice."""
    word = request.GET.get("period", "")
    word = word if word in PERIODS else usual
    first, after = period(word, clock.today())
    return first, after - timedelta(days=1), {"chosen": word, "periods": PERIODS.items()}
