"""Customer analysis as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "guanxi.insight"
    label = "insight"
    verbose_name = _("Insight")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.insight import entities, panels  # noqa: F401 -- fields and panels of accounts
        from guanxi.insight.services import agenda, refresh  # noqa: F401 -- jobs, and what class reviews look at
        from guanxi.web import nav

        nav.add(
            "insight", _("Business dashboard"), icon="chart-histogram", place="insight/10", name="insight",
            when=lambda user: user.may("view", "customers.account"),
        )  # fmt: skip
