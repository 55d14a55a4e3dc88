"""What a filter's variables mean now: the person, the department, the day, and the bounds of periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from guanxi.kernel import clock
from guanxi.kernel.filters.ast import Atom

DayRange = tuple[date | None, date | None]  # first day, first day after; None is open


@dataclass
class Env:
    """`user` may be None for rules that run for nobody, of `company`.  `rows` gives related rows to the in-memory compiler."""

    user: Any = None
    as_of: date | None = None
    rows: Any = field(default=None, repr=False)
    company: Any = None

    @cached_property
    def today(self) -> date:
        return self.as_of or clock.today()

    def ids(self, values: Iterable[Any]) -> list[int]:
        """Ids behind `@me` and `@my_department`; nobody has none."""
        known = {"@me": self.user and self.user.pk, "@my_department": self.user and self.user.department_id}
        found = (known.get(v) if isinstance(v, str) else v for v in values)
        return [v for v in found if v is not None]

    def day(self, value: Any) -> date:
        return self.today if value == "@today" else value

    def days(self, atom: Atom) -> DayRange:
        """The half-open range of days an atom over a date speaks of."""
        one, value, today = timedelta(days=1), atom.value, self.today
        match atom.op:
            case "on":
                return self.day(value), self.day(value) + one
            case "before":
                return None, self.day(value)
            case "after":
                return self.day(value) + one, None
            case "between":
                return self.day(value[0]), self.day(value[1]) + one
            case "last_days":
                return today - timedelta(days=value), today + one
            case "next_days":
                return today, today + timedelta(days=value) + one
            case "older_than":
                return None, today - timedelta(days=value)
            case "last_workdays":
                company = self.company or (self.user and self.user.company)
                calendar = clock.workdays(company and company.pk, company and company.config_version)
                return calendar.add_workdays(today, -value), today + one
        return period(value, today)


def period(word: str, today: date) -> tuple[date, date]:
    """First day and first day after of a named period around `today`."""
    one = timedelta(days=1)
    if word in ("today", "yesterday"):
        first = today if word == "today" else today - one
        return first, first + one
    if word.endswith("week"):
        first = today - timedelta(days=today.weekday() + (7 if word.startswith("last") else 0))
        return first, first + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[word.split("_")[1]]
    index = (today.year * 12 + today.month - 1) // months * months
    index -= months if word.startswith("last") else 0
    return _month(index), _month(index + months)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def start_of(day: date) -> datetime:
    """The moment a company day begins."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def fold(text: str) -> str:
    """Case is ignored for ASCII only: that is what SQLite's LIKE does, and PostgreSQL is held to the same."""
    return "".join(c.lower() if c.isascii() else c for c in text)
