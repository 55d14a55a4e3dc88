"""The company's working days, and when a lunar birthday falls this year.

Working days are data: the day table of the company wins, then the published State Council calendar, and for years
nobody has published yet Monday to Friday less the statutory days, marked as estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import chinese_calendar
from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils
from chinese_calendar.constants import holidays as _published
from django.utils.translation import gettext_lazy as _

from guanxi.formats.values import BadValue

Kind = Literal["workday", "restday", "legal_holiday"]
ONE_DAY = timedelta(days=1)
LUNAR_YEARS = range(1900, 2101)
PUBLISHED_YEARS = range(min(_published).year, max(_published).year + 1)


@dataclass(frozen=True, slots=True)
class Day:
    """`name` is the holiday's Chinese name, also on days worked in its stead; empty on ordinary days."""

    date: date
    kind: Kind
    name: str = ""
    estimated: bool = False


@lru_cache(maxsize=32)
def seed_year(year: int) -> Mapping[date, Day]:
    """All days of a year as far as the packaged calendars know them."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    if year in PUBLISHED_YEARS:
        return {day: _published_day(day) for day in days}
    holidays = _statutory(year)
    return {day: _estimated_day(day, holidays) for day in days}


def _weekly(day: date) -> Day:
    return Day(day, "restday" if day.weekday() >= 5 else "workday")


def _published_day(day: date) -> Day:
    resting, english = chinese_calendar.get_holiday_detail(day)
    name = chinese_calendar.Holiday(english).chinese if english else ""
    if not resting:
        return Day(day, "workday", name if day.weekday() >= 5 else "")
    return Day(day, "legal_holiday" if name else "restday", name)


def _estimated_day(day: date, holidays: Mapping[date, str]) -> Day:
    if name := holidays.get(day, ""):
        return Day(day, "legal_holiday", name, estimated=True)
    return replace(_weekly(day), estimated=True)


def _statutory(year: int) -> dict[date, str]:
    """The 13 statutory days (rules of 2024); one on a weekend is given back on the next working day."""
    if not LUNAR_YEARS[0] < year < LUNAR_YEARS[-1]:
        return {}
    new_year: date = LunarDate(year, 1, 1).to_solar_date()
    qingming: date = TermUtils.nth_term_day(year, term_name="清明")
    blocks: list[tuple[str, date, int]] = [
        ("元旦", date(year, 1, 1), 1), ("春节", new_year - ONE_DAY, 4), ("清明", qingming, 1),
        ("劳动节", date(year, 5, 1), 2), ("端午", LunarDate(year, 5, 5).to_solar_date(), 1),
        ("中秋", LunarDate(year, 8, 15).to_solar_date(), 1), ("国庆节", date(year, 10, 1), 3),
    ]  # fmt: skip
    days = {first + timedelta(days=n): name for name, first, length in blocks for n in range(length)}
    for day, name in sorted(days.items()):
        if day.weekday() >= 5:
            instead = day
            while instead in days or instead.weekday() >= 5:
                instead += ONE_DAY
            days[instead] = name
    return days


@dataclass(frozen=True)
class WorkCalendar:
    """A calendar of one company; `days` are its own entries, which win over everything.

    `published` are the years whose notice has been entered: what it does not name follows the week.
    """

    days: Mapping[date, Day] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def day(self, day: date) -> Day:
        if entered := self.days.get(day):
            return entered
        return _weekly(day) if day.year in self.published else seed_year(day.year)[day]

    def is_expected(self, year: int) -> bool:
        """Whether the days of this year are only reckoned, because nobody has published or entered them."""
        return year not in PUBLISHED_YEARS and year not in self.published

    def is_workday(self, day: date) -> bool:
        return self.day(day).kind == "workday"

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it for negative n); 0 gives `day` or the next working day."""
        step = ONE_DAY if n >= 0 else -ONE_DAY
        if n == 0:
            while not self.is_workday(day):
                day += step
        for _turn in range(abs(n)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def estimated(self, start: date, end: date) -> bool:
        """Whether an answer for this span rests on a year nobody has published yet."""
        return any(self.is_expected(year) for year in range(start.year, end.year + 1))


PACKAGED = WorkCalendar()  # what holds where no company is known


@dataclass(frozen=True, slots=True)
class LunarBirthday:
    """Month and day of the lunar calendar; `leap` when the month was a leap month.  Never stored as a solar date."""

    month: int
    day: int
    leap: bool = False

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.day <= 30):
            raise BadValue(_("A lunar date has a month from 1 to 12 and a day from 1 to 30."))

    def next_after(self, start: date, *, also_in_leap_month: bool = True) -> date:
        """The first celebration on or after `start`.

        Day 30 moves to day 29 in a short month.  Who was born in a leap month celebrates in the plain month of that
        number, and again in the leap month of the years that have it unless `also_in_leap_month` is off.
        """
        lunar_year = LunarDate.from_solar_date(start.year, start.month, start.day).year
        for year in range(lunar_year, lunar_year + 3):
            months = [False, True] if self._has_leap(year) and also_in_leap_month else [False]
            found = [day for leap in months if (day := self._in(year, leap=leap)) >= start]
            if found:
                return min(found)
        raise BadValue(_("The lunar calendar is known up to the year 2100."))

    def _has_leap(self, year: int) -> bool:
        return self.leap and LCalendars.leap_month(year) == self.month

    def _in(self, year: int, *, leap: bool) -> date:
        last = LCalendars.ndays(year, self.month, int(leap))
        solar: date = LunarDate(year, self.month, min(self.day, last), int(leap)).to_solar_date()
        return solar


def lunar_birthday(born: date) -> LunarBirthday:
    """The lunar month and day of a solar birth date between 1900 and 2100."""
    lunar = LunarDate.from_solar_date(born.year, born.month, born.day)
    return LunarBirthday(lunar.month, lunar.day, bool(lunar.leap))
