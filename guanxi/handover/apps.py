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
        from guanxi.corrections.protections import due_process
        from guanxi.handover import entities, panels  # noqa: F401 -- registers entities, verbs, jobs and panels
        from guanxi.web import nav
        from guanxi.web.views.jobs import TITLES

        due_process.add("handover.handover.seal")  # approved and signed as a whole
        TITLES["handover.seal"] = _("Sealing of a handover")

        nav.add("personnel-changes", _("Personnel changes"), "user-plus", "people/20", slug="personnel-changes")
        nav.add("account-requests", _("Account requests"), "user-check", "people/30", slug="account-requests")
        nav.add("handovers", _("Handovers"), "transfer", "people/40", slug="handovers")
