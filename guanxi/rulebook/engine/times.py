"""Moments and periods of the company calendar: when a span ends, which periods begin on a day."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from guanxi.kernel.filters.env import start_of
from guanxi.rulebook.spec import Span
from guanxi.worktime.queries import CompanyCalendar as Calendar

DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=400)  # further back no day is judged, and no verdict changes any more


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def end_of(day: date) -> datetime:
    """The last moment of a day; a duty due "on a day" may be done until then."""
    return start_of(day + DAY) - timedelta(microseconds=1)


def after(start: datetime, span: Span, cal: Calendar) -> datetime:
    """The end of a span that begins at `start`: hours and minutes to the moment, everything longer to the end of its day."""
    number, unit = span
    if unit in ("hours", "minutes"):
        return start + timedelta(**{unit: number})
    day = local_day(start)
    if unit == "closing":
        return cal.closing(cal.add_workdays(day, number))
    return end_of(add(day, span, cal))


def add(day: date, span: Span, cal: Calendar) -> date:
    number, unit = span
    if unit == "workdays":
        return cal.add_workdays(day, number) if number else day
    if unit == "months":
        index = day.year * 12 + day.month - 1 + number
        year, month = divmod(index, 12)
        return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
    return day + DAY * number * (7 if unit == "weeks" else 1)


def before(moment: datetime, span: Span, cal: Calendar) -> datetime:
    """The latest moment whose span has ended at `moment`: a step `span` after X is due once X <= this."""
    number, unit = span
    if unit in ("hours", "minutes"):
        return moment - timedelta(**{unit: number})
    if number == 0:
        return moment
    if number < 0:  # a reminder comes in the morning: the whole day counts
        return end_of(add(local_day(moment), (-number, unit), cal))
    day = add(local_day(moment), (-number, unit if unit != "closing" else "workdays"), cal)
    return datetime.combine(day, timezone.localtime(moment).timetz())


@dataclass(frozen=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    @property
    def turn(self) -> int:
        return self.first.toordinal()


def beginning(word: str, day: date, cal: Calendar) -> Period | None:
    """The period of this kind that begins on `day`, or None."""
    if word == "workday":
        return Period(day, day) if cal.is_workday(day) else None
    period = around(word, day)
    return period if period.first == day else None


def around(word: str, day: date) -> Period:
    """The period of this kind that `day` lies in."""
    if word in ("day", "workday"):
        return Period(day, day)
    if word == "week":
        first = day - DAY * day.weekday()
        return Period(first, first + DAY * 6)
    size = {"month": 1, "quarter": 3, "half": 6, "year": 12}[word]
    index = (day.year * 12 + day.month - 1) // size * size
    first, following = (date(n // 12, n % 12 + 1, 1) for n in (index, index + size))
    return Period(first, following - DAY)
