"""A person's day, week or month: what apps register, laid over the company's working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from guanxi.formats.dates import monday
from guanxi.formats.workdays import Day
from guanxi.meetings.models import WorkLog
from guanxi.org.models import User
from guanxi.worktime.appointments import Appointment, Asked, appointments, on_day
from guanxi.worktime.queries import calendar_of

VIEWS = ("day", "week", "month")


@dataclass(frozen=True)
class Square:
    """A day of the page: its kind, what stands in it, and whether it belongs to the month shown."""

    day: Day
    items: list[Appointment]
    inside: bool
    log: WorkLog | None = None


@dataclass(frozen=True)
class Sheet:
    """What the page shows: the squares by week, and where to go from here."""

    view: str
    first: date
    last: date
    before: date
    after: date
    weeks: list[list[Square]]

    @property
    def squares(self) -> list[Square]:
        return [square for week in self.weeks for square in week]


def span_of(view: str, day: date) -> tuple[date, date]:
    """The first and last day that the page shows; a month is filled up to whole weeks."""
    if view == "day":
        return day, day
    if view == "week":
        return monday(day), monday(day) + timedelta(days=6)
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return monday(first), monday(last) + timedelta(days=6)


def sheet(person: User, viewer: User, view: str, day: date) -> Sheet:
    first, last = span_of(view, day)
    found = appointments(Asked(person, viewer, first, last))
    calendar = calendar_of(viewer.company_id, viewer.company.config_version)
    logs = {
        row.day: row for row in WorkLog.objects.visible_to(viewer).filter(owner=person, day__gte=first, day__lte=last)
    }
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    squares = [
        Square(calendar.day(one), on_day(found, one), view != "month" or one.month == day.month, logs.get(one))
        for one in days
    ]
    before, after = _neighbours(view, day)
    return Sheet(view, first, last, before, after, [squares[at : at + 7] for at in range(0, len(squares), 7)])


def _neighbours(view: str, day: date) -> tuple[date, date]:
    if view != "month":
        step = timedelta(days=1 if view == "day" else 7)
        return day - step, day + step
    first = day.replace(day=1)
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)


def people_of(viewer: User) -> Any:
    """Whose calendars the person may open: those whose daily plans are in reach, and one's own."""
    access, label = viewer.access, WorkLog._meta.label_lower
    scopes = set(map(str, access.grant(label).scopes)) if viewer.may("view", label) else set()
    reach = Q(pk__in=[viewer.pk, *access.principals])
    if "all" in scopes:
        reach = Q()
    elif "tree" in scopes:
        reach |= Q(department_id__in=access.departments)
    elif "department" in scopes and access.department_id is not None:
        reach |= Q(department_id=access.department_id)
    return User.objects.filter(reach, company_id=viewer.company_id, is_active=True).order_by("name", "pk")
