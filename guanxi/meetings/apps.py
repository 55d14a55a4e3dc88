"""Meetings, bulletins and calendars as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingsConfig(AppConfig):
    name = "guanxi.meetings"
    label = "meetings"
    verbose_name = _("Meetings and calendar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.meetings import agenda, appointments, entities, panels  # noqa: F401 -- points, sources, entities, panels
        from guanxi.meetings.services import bulletins, days, market, meetings  # noqa: F401 -- verbs, listeners, jobs
        from guanxi.web import nav

        nav.add("calendar", _("Calendar"), "calendar", "/30", name="calendar", when=lambda _user: True, keys="g k")
        nav.add(
            "my-day", _("My day"), icon="calendar-check", place="/40", name="my-day",
            when=lambda user: user.may("add", "meetings.worklog"),
        )  # fmt: skip
        nav.add("meetings", _("Meetings"), "users-group", "work/30", slug="meetings")
        nav.add("action-items", _("Action items"), "checklist", "work/32", slug="action-items")
        nav.add("work-logs", _("Daily plans and logs"), "calendar-check", "work/34", slug="work-logs")
        nav.add(
            "bulletins", pgettext_lazy("notice to all", "Bulletins"), icon="speakerphone", place="work/36",
            slug="bulletins",
        )  # fmt: skip
