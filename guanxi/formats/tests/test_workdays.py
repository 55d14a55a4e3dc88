"""Working days of published, unpublished and company calendars, and lunar birthdays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from borax.calendars.lunardate import LunarDate
from hypothesis import given
from hypothesis import strategies as st

from guanxi.formats.workdays import (
    PACKAGED,
    Day,
    LunarBirthday,
    WorkCalendar,
    lunar_birthday,
    seed_year,
)


def test_published_holidays_and_the_weekends_worked_for_them() -> None:
    assert not PACKAGED.is_workday(date(2026, 2, 17))
    assert PACKAGED.is_workday(date(2026, 2, 14))
    assert seed_year(2026)[date(2026, 2, 17)] == Day(date(2026, 2, 17), "legal_holiday", "春节")
    assert sum(day.kind == "workday" and day.date.weekday() >= 5 for day in seed_year(2026).values()) == 6


def test_an_unpublished_year_is_estimated_from_the_statutory_days() -> None:
    year = seed_year(2027)
    assert all(day.estimated for day in year.values())
    named = [day for day in year.values() if day.name]
    assert year[date(2027, 2, 5)].name == "春节"  # the eve
    assert year[date(2027, 2, 9)].name == "春节"  # given back for the Saturday
    assert {day.name for day in named} == {"元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆节"}
    assert sum(day.date.weekday() < 5 for day in named) == 13


def test_spans_cross_the_year_end() -> None:
    assert PACKAGED.add_workdays(date(2026, 12, 25), 30) > date(2027, 1, 31)
    assert WorkCalendar().estimated(date(2026, 12, 25), date(2027, 1, 5))
    assert not WorkCalendar().estimated(date(2026, 1, 1), date(2026, 12, 31))


def test_the_company_table_wins() -> None:
    saturday = date(2026, 11, 21)
    calendar = WorkCalendar({saturday: Day(saturday, "workday", "盘点")})
    assert not PACKAGED.is_workday(saturday)
    assert calendar.is_workday(saturday)
    assert calendar.add_workdays(date(2026, 11, 20), 1) == saturday
    assert PACKAGED.add_workdays(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert PACKAGED.add_workdays(saturday, 0) == date(2026, 11, 23)


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    later = PACKAGED.add_workdays(day, n)
    assert PACKAGED.is_workday(later)
    assert PACKAGED.workdays_between(day, later) == n
    assert PACKAGED.workdays_between(later, day) == -n


def test_day_thirty_moves_in_a_short_month() -> None:
    eve = LunarBirthday(12, 30)
    assert eve.next_after(date(2026, 1, 1)) == date(2026, 2, 16)
    assert eve.next_after(date(2026, 2, 17)) == date(2027, 2, 5)


def test_a_leap_month_birthday_is_kept_in_the_plain_month_and_in_leap_years_twice() -> None:
    born = LunarBirthday(6, 1, leap=True)  # 2025 has a leap sixth month
    plain, leap = LunarDate(2025, 6, 1).to_solar_date(), LunarDate(2025, 6, 1, 1).to_solar_date()
    assert born.next_after(date(2025, 6, 1)) == plain
    assert born.next_after(plain + timedelta(days=1)) == leap
    following = LunarDate(2026, 6, 1).to_solar_date()
    assert born.next_after(plain + timedelta(days=1), also_in_leap_month=False) == following
    assert LunarBirthday(6, 1).next_after(plain + timedelta(days=1)) == following


def test_solar_and_lunar_birth_dates() -> None:
    assert lunar_birthday(date(2026, 2, 17)) == LunarBirthday(1, 1)
    assert lunar_birthday(date(2025, 7, 25)) == LunarBirthday(6, 1, leap=True)
    with pytest.raises(ValueError):
        LunarBirthday(13, 1)


@given(st.dates(date(1930, 1, 1), date(2010, 1, 1)), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_every_birthday_comes_within_thirteen_months(born: date, start: date) -> None:
    assert timedelta(0) <= lunar_birthday(born).next_after(start) - start < timedelta(days=390)
