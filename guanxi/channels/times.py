"""When a notice may leave: at once or with the day's digest, never in quiet hours, on working days if so wished."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from guanxi.channels.models import Choice
from guanxi.formats.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)


def _at(day: date, hour: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(hour)), timezone.get_default_timezone())


def leaves_at(now: datetime, choice: Choice, calendar: WorkCalendar) -> datetime:
    """The first allowed moment from `now` on."""
    moment = timezone.localtime(now, timezone.get_default_timezone())
    daily = choice.rhythm == Choice.Rhythm.DAILY
    if daily:
        today = _at(moment.date(), choice.daily_at)
        moment = today if today > moment else _at(moment.date() + ONE_DAY, choice.daily_at)
    if choice.workdays_only and not calendar.is_workday(moment.date()):
        day = calendar.add_workdays(moment.date(), 0)
        moment = _at(day, choice.daily_at if daily else "00:00")
    return _after_quiet(moment, choice)


def _after_quiet(moment: datetime, choice: Choice) -> datetime:
    hour, start, end = f"{moment:%H:%M}", choice.quiet_from, choice.quiet_until
    if start == end:
        return moment
    if start < end:
        return _at(moment.date(), end) if start <= hour < end else moment
    if hour >= start:
        return _at(moment.date() + ONE_DAY, end)
    return _at(moment.date(), end) if hour < end else moment
