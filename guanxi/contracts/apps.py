"""Contracts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "guanxi.contracts"
    label = "contracts"
    verbose_name = _("Contracts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.contracts import entities, panels  # noqa: F401 -- entities, verbs, panels
        from guanxi.web import nav

        nav.add("contracts", _("Contracts"), "contract", "offers/20", slug="contracts", keys="g x")
        nav.add("obligations", _("Obligations"), "checklist", "offers/30", slug="obligations", query="?view=open")
