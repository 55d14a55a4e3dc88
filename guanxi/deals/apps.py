"""Leads and opportunities as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "guanxi.deals"
    label = "deals"
    verbose_name = _("Leads and opportunities")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.corrections.declare import protect
        from guanxi.deals import appointments, entities, panels  # noqa: F401 -- calendars, entities, verbs, jobs, panels
        from guanxi.deals.models import Opportunity
        from guanxi.deals.services.corrections import LAY, can_correct
        from guanxi.deals.services.holding import in_work
        from guanxi.pool.services.moves import holds
        from guanxi.web import nav

        holds.append(in_work)
        protect(
            Opportunity,
            fields=("amount", "stage", "expected_on", "won_on", "state", "owner"),
            asked=tuple(LAY),
            booked=lambda was: was("state") != "open",
            day="won_on",
            lay=LAY,
            check=can_correct,
        )
        nav.add("leads", _("Leads"), "user-plus", "sales/01", slug="leads", keys="g l")
        nav.add("lead-pool", _("Lead pool"), "inbox", "sales/02", slug="lead-pool")
        nav.add("opportunities", _("Opportunities"), "target", "sales/03", slug="opportunities", keys="g t")
