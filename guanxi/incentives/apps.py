"""The incentive ledger as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncentivesConfig(AppConfig):
    name = "guanxi.incentives"
    label = "incentives"
    verbose_name = _("Incentives")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.corrections.protections import closes
        from guanxi.incentives import entities, panels, services, triggers  # noqa: F401 -- entities, verbs, jobs
        from guanxi.incentives.queries.ledger import is_closed
        from guanxi.web import nav

        triggers.install()
        closes(is_closed)
        nav.add("my-incentives", _("My incentives"), "award", "incentives/30", slug="incentives", query="?view=mine")
        nav.add(
            "incentives", _("Incentives"), "clipboard-list", "incentives/31", slug="incentives",
            when=lambda user: user.may("export", "incentives.entry"),
        )  # fmt: skip
        nav.add("measures", _("Measures for people"), "medal", "incentives/32", slug="measures")
        nav.add("colleague-reports", _("Reports about colleagues"), "flag", "incentives/33", slug="colleague-reports")
        nav.add(
            "appraisal", _("Appraisal"), icon="report", place="incentives/34", name="appraisal",
            when=lambda user: user.may("view", "incentives.entry"),
        )  # fmt: skip
