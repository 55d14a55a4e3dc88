"""The calendar everything in the product counts by: the company's days before the packaged ones, and opening hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import pgettext

from guanxi.formats.workdays import ONE_DAY, PACKAGED, Day, WorkCalendar
from guanxi.kernel.models import Company
from guanxi.kernel.prepared import Kept
from guanxi.org.models import Department, User
from guanxi.worktime.models import CLOSES, OPENS, CalendarDay, OpeningHours

Hours = tuple[time, time]
kept = Kept(200)


@dataclass(frozen=True)
class CompanyCalendar(WorkCalendar):
    """Days and hours of one company, without further questions to the database.

    `hours` knows the departments by their id and the whole company as None.
    """

    hours: Mapping[int | None, Hours] = field(default_factory=dict)

    def opening(self, day: date, department_id: int | None = None) -> datetime | None:
        """When the department opens on that day; None on a day off."""
        return self._at(day, self._hours(department_id)[0]) if self.is_workday(day) else None

    def closing(self, day: date, department_id: int | None = None) -> datetime:
        """When the department closes, or would close if it were a working day."""
        return self._at(day, self._hours(department_id)[1])

    def _hours(self, department_id: int | None) -> Hours:
        return self.hours.get(department_id) or self.hours.get(None) or (OPENS, CLOSES)

    @staticmethod
    def _at(day: date, moment: time) -> datetime:
        return timezone.make_aware(datetime.combine(day, moment), timezone.get_default_timezone())


def calendar_of(company_id: int, version: int | None = None) -> CompanyCalendar:
    """The calendar of a company; who knows the version of its configuration spares the question for it."""
    if version is None:
        version = Company.objects.filter(pk=company_id).values_list("config_version", flat=True).first() or 0
    return kept((company_id, version), lambda: _load(company_id))  # type: ignore[no-any-return]


def of_company(company_id: int | None, version: int | None) -> WorkCalendar:
    """The same for those below who may know no company, such as filters of rules that run for nobody."""
    return PACKAGED if company_id is None else calendar_of(company_id, version)


def hours_in_words(user: User) -> list[OpeningHours]:
    """Opening hours as they are entered, those of the whole company first."""
    rows = OpeningHours.objects.visible_to(user).select_related("department")
    return sorted(rows, key=lambda row: row.department.path if row.department else "")


def _load(company_id: int) -> CompanyCalendar:
    rows = CalendarDay.objects.filter(company_id=company_id).values_list("date", "kind", "name", "notice_year")
    days, published = {}, set()
    for day, kind, name, notice_year in rows:
        days[day] = Day(day, kind, name)
        if notice_year is not None:
            published.add(notice_year)
    return CompanyCalendar(days, frozenset(published), _hours(company_id))


def _hours(company_id: int) -> dict[int | None, Hours]:
    """The hours of every department: its own, or those of the nearest above it."""
    own: dict[int | None, Hours] = {
        department_id: (time.fromisoformat(opens), time.fromisoformat(closes))
        for department_id, opens, closes in OpeningHours.objects.filter(company_id=company_id).values_list(
            "department_id", "opens_at", "closes_at"
        )
    }
    if not own.keys() - {None}:
        return own
    found: dict[int | None, Hours] = {None: own[None]} if None in own else {}
    for pk, path in Department.objects.filter(company_id=company_id).order_by().values_list("pk", "path"):
        above = [int(part) for part in reversed(path.strip("/").split("/"))]
        nearest = next((department for department in above if department in own), None)
        if nearest is not None:
            found[pk] = own[nearest]
    return found


def weekday_names() -> list[tuple[str, Any]]:
    """Short and long names of the days of the week from Monday on."""
    short = (
        pgettext("weekday", "Mo"), pgettext("weekday", "Tu"), pgettext("weekday", "We"), pgettext("weekday", "Th"),
        pgettext("weekday", "Fr"), pgettext("weekday", "Sa"), pgettext("weekday", "Su"),
    )  # fmt: skip
    return list(zip(short, WEEKDAYS.values(), strict=True))


@dataclass(frozen=True)
class MonthView:
    """A month of the year's page: weeks from Monday, None where a square belongs to another month."""

    first: date
    weeks: list[list[Day | None]]
    workdays: int


def year_view(calendar: WorkCalendar, year: int) -> list[MonthView]:
    """Twelve months with their days."""
    months = []
    for number in range(1, 13):
        first = date(year, number, 1)
        after = date(year + number // 12, number % 12 + 1, 1)
        days = [calendar.day(first + timedelta(days=n)) for n in range((after - first).days)]
        squares: list[Day | None] = [None] * first.weekday() + [*days]
        squares += [None] * (-len(squares) % 7)
        weeks = [squares[at : at + 7] for at in range(0, len(squares), 7)]
        months.append(MonthView(first, weeks, sum(day.kind == "workday" for day in days)))
    return months


@dataclass(frozen=True)
class Stretch:
    """Days in a row with one name and one kind, as the page lists them."""

    first: date
    last: date
    kind: str
    name: str
    estimated: bool


def named_stretches(calendar: WorkCalendar, year: int) -> list[Stretch]:
    """What is special in the year: holidays, weekends worked, and what the company itself has fixed."""
    found: list[Stretch] = []
    day = date(year, 1, 1)
    while day.year == year:
        known = calendar.day(day)
        if known.name or day in calendar.days:
            last = found[-1] if found else None
            if last and last.last == day - ONE_DAY and (last.kind, last.name) == (known.kind, known.name):
                found[-1] = Stretch(last.first, day, known.kind, known.name, known.estimated)
            else:
                found.append(Stretch(day, day, known.kind, known.name, known.estimated))
        day += ONE_DAY
    return found
