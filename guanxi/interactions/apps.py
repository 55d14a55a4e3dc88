"""Dealings with customers as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "guanxi.interactions"
    label = "interactions"
    verbose_name = _("Dealings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.interactions import appointments, entities, panels  # noqa: F401 -- calendars, entities, verbs, panels
        from guanxi.interactions.services import together  # noqa: F401 -- departments learn of each other's contacts
        from guanxi.org.services.roles import CONFIGURATION
        from guanxi.web import nav

        CONFIGURATION.update({"interactions.contactrules"})

        def may_visit(user: Any) -> bool:
            return bool(user.may("view", "interactions.visit") and user.may("view", "customers.account"))

        def leads(user: Any) -> bool:
            return bool(may_visit(user) and user.may("export", "interactions.visitplan"))

        nav.add("visits", _("Today's visits"), "map-pin", "service/02", name="visit-pack", when=may_visit)
        nav.add("visit-plans", _("Visit plans"), "route", "service/04", slug="visit-plans")
        nav.add("interactions", _("Dealings"), "messages", "service/06", slug="interactions")
        nav.add("return-visits", _("Return visits"), "phone-call", "service/10", slug="return-visits")
        nav.add(
            "return-figures",
            _("Figures of return visits"),
            "chart-bar",
            "insight/60",
            name="return-figures",
            when=leads,
        )
        nav.add("service-requests", _("Service requests"), "tool", "service/20", slug="service-requests")
        nav.add("receptions", _("Receptions"), "users-group", "service/40", slug="receptions")
        nav.add("competitors", _("Competitors"), "building-store", "insight/50", slug="competitors")
        nav.add("visit-routes", _("Routes and time"), "route", "service/08", name="visit-routes", when=leads)
