"""Working time as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorktimeConfig(AppConfig):
    name = "guanxi.worktime"
    label = "worktime"
    verbose_name = _("Working time")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.kernel import clock
        from guanxi.worktime import appointments, entities, services  # noqa: F401 -- entities, job, source of calendars
        from guanxi.worktime.queries import of_company

        clock.workdays = of_company
