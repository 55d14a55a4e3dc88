"""Invoices, returns and statements of account as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "guanxi.billing"
    label = "billing"
    verbose_name = _("Billing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.billing import entities  # noqa: F401 -- registers entities and verbs
        from guanxi.web import nav

        nav.add("invoices", _("Invoices"), "file-dollar", "sales/24", slug="invoices")
        nav.add("return-requests", _("Return requests"), "truck-return", "sales/26", slug="return-requests")
