"""Targets and commission as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "guanxi.targets"
    label = "targets"
    verbose_name = _("Targets and commission")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.corrections.protections import closes
        from guanxi.targets import entities, panels, triggers  # noqa: F401 -- entities, verbs, the job, panels
        from guanxi.targets.queries.statements import is_settled
        from guanxi.web import nav
        from guanxi.web.views.jobs import TITLES

        def may_aim(user: Any) -> bool:
            return bool(user.may("view", "targets.target") and user.may("view", "sales.order"))

        def may_foresee(user: Any) -> bool:
            return bool(user.may("view", "targets.target") and user.may("view", "deals.opportunity"))

        def sees_commission(user: Any) -> bool:
            return bool(user.may("view", "targets.statement"))

        triggers.install()
        closes(is_settled)
        TITLES["commission"] = _("Commission of new receipts")
        nav.add("attainment", _("Targets and attainment"), "target", "insight/15", name="attainment", when=may_aim)
        nav.add("forecast", _("Forecast"), "trending-up", "insight/16", name="forecast", when=may_foresee)
        nav.add(
            "commission-statements",
            _("Commission"),
            "coins",
            "incentives/35",
            slug="commission-statements",
            when=sees_commission,
        )
