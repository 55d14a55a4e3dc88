"""Accounts of people and handovers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoverConfig(AppConfig):
    name = "guanxi.handover"
    label = "handover"
    verbose_name = _("Accounts and handovers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.handover import entities, panels  # noqa: F401 -- registers entities, verbs, jobs and panels
        from guanxi.web import nav

        nav.add("account-requests", _("Account requests"), "user-check", "operations/60", slug="account-requests")
