"""Entering a year's notice, what follows from a changed calendar, and the reminder that the next year lacks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from guanxi.formats.workdays import Day
from guanxi.kernel import clock, jobs, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import Notice, User
from guanxi.org.services import CONFIGURATION, tell
from guanxi.worktime.models import CalendarDay
from guanxi.worktime.queries import calendar_of

CONFIGURATION |= {"worktime.calendarday", "worktime.openinghours"}
REMIND_FROM = (12, 1)  # month and day: the notice for the next year is usually out in November


def enter_notice(year: int, days: list[Day], *, actor: User) -> int:
    """Replace what is known of the notice for the year; the company's own days stay.  Returns how many days it names."""
    declared = entity(CalendarDay)
    verbs.require_right(actor, "add", declared)
    verbs.require_right(actor, "change", declared)

    def body() -> int:
        Company.objects.select_for_update().get(pk=actor.company_id)
        wanted = {day.date: day for day in days}
        rows: Any = CalendarDay.objects.filter(company_id=actor.company_id)
        present = {row.date: row for row in rows.filter(date__in=wanted)}
        for row in rows.filter(notice_year=year).exclude(date__in=wanted):
            row.deleted_at = clock.now()
            row.save(update_fields=["deleted_at"])
        for day in days:
            row = present.get(day.date) or CalendarDay(company_id=actor.company_id, created_by=actor, date=day.date)
            if day.date in present and row.notice_year is None:
                continue  # the company has its own say on this day
            if row._state.adding or (row.kind, row.name, row.notice_year) != (day.kind, day.name, year):
                row.kind, row.name, row.notice_year = day.kind, day.name, year
                row.save()
        return len(days)

    return work.unit_of_work(body, verb="worktime.calendarday.notice")


@jobs.job("worktime.next-year", at_hour=8)
def warn(run: jobs.Run) -> dict[str, int]:
    """From December on, administrators hear each morning that the next year is only expected; once while it lies unread."""
    today = clock.today()
    if (today.month, today.day) < REMIND_FROM:
        return {"told": 0}

    def body() -> int:
        run.fence()
        return sum(_warn(company, today.year + 1) for company in Company.objects.order_by("pk"))

    return {"told": work.unit_of_work(body)}


def _warn(company: Company, year: int) -> int:
    if not calendar_of(company.pk, company.config_version).is_expected(year):
        return 0
    url = reverse("working-days", args=[year])
    people = User.objects.filter(
        company=company, is_active=True, roles__code="system-administrator", roles__deleted_at=None
    )
    heads = User.objects.filter(company=company, is_active=True, roles__code="owner", roles__deleted_at=None)
    waiting = set(Notice.objects.filter(company=company, url=url, read_at=None).values_list("user_id", flat=True))
    told = [user for user in people.distinct() or heads.distinct() if user.pk not in waiting]
    with override("zh-hans"):
        tell(told, _("The holidays of %(year)s have not been entered: its working days are only expected.") % {"year": year},
             url=url, icon="calendar-event")  # fmt: skip
    return len(told)


def years_offered(today: date) -> list[int]:
    """The years the page leads to beside the one it shows."""
    return [today.year - 1, today.year, today.year + 1]
