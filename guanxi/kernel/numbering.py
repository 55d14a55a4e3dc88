"""Document numbers without gaps in use: SO-20261121-0001, counted per company, series and period."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from guanxi.kernel import clock, work
from guanxi.kernel.models import Counter

PERIODS = {"year": "%Y", "month": "%Y%m", "day": "%Y%m%d", "": ""}


def next_number(company_id: int, series: str, *, period: str = "day", width: int = 4) -> str:
    """The next number of a series, inside the current unit of work (it is given back if the unit fails)."""
    return next_numbers(company_id, series, 1, period=period, width=width)[0]


def next_numbers(company_id: int, series: str, count: int, *, period: str = "day", width: int = 4) -> list[str]:
    """As many numbers at once."""
    work.require()
    if not count:
        return []
    stamp = clock.today().strftime(PERIODS[period])
    counters = Counter.objects.filter(company_id=company_id, series=series, period=stamp)
    if not counters.update(value=F("value") + count):
        try:
            with transaction.atomic():
                Counter.objects.create(company_id=company_id, series=series, period=stamp, value=count)
        except IntegrityError:  # somebody else opened the period at the same time
            counters.update(value=F("value") + count)
    last = counters.values_list("value", flat=True).get()
    return [
        "-".join(part for part in (series, stamp, f"{value:0{width}d}") if part)
        for value in range(last - count + 1, last + 1)
    ]
