"""Custody of the cards as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustodyConfig(AppConfig):
    name = "guanxi.custody"
    label = "custody"
    verbose_name = _("Custody of the cards")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.billing.queries.ageing import next_steps
        from guanxi.custody import entities, panels  # noqa: F401 -- registers entities, verbs, the gate and panels
        from guanxi.custody.queries import appraisal  # noqa: F401 -- an item of the appraisal sheet
        from guanxi.custody.services import aims  # noqa: F401 -- the plan's lines become targets
        from guanxi.org.services.roles import CONFIGURATION
        from guanxi.web import nav

        def may_borrow(user: Any) -> bool:
            return bool(user.may("view", "custody.cardloan") and user.may("view", "customers.account"))

        def may_lead(user: Any) -> bool:
            return bool(user.may("add", "custody.cardreview") and user.may("view", "rulebook.duty"))

        next_steps.append(("balances", _("Plan the collections"), "list-check", "custody.collection"))
        CONFIGURATION.update({"custody.safeguard", "custody.cardloan"})
        nav.add("team-board", _("Team board"), "users-group", "rules/15", name="team-board", when=may_lead)
        nav.add("loans", _("Borrow a card"), "book-upload", "customers/70", name="card-find", when=may_borrow)
        nav.add(
            "unusual-reading",
            _("Unusual reading and exports"),
            "shield-exclamation",
            "people/60",
            slug="unusual-reading",
        )
        nav.add("exports-made", _("Exports"), "file-export", "people/50", slug="exports-made")
