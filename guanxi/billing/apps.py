"""Invoices, returns and statements of account as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _may_age(user: Any) -> bool:
    closed = user.closed_fields("sales.receivable") | user.masked_fields("sales.receivable")
    return bool(user.may("view", "sales.receivable") and "open_amount" not in closed)


class BillingConfig(AppConfig):
    name = "guanxi.billing"
    label = "billing"
    verbose_name = _("Billing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.billing import entities, panels  # noqa: F401 -- registers entities, verbs and panels
        from guanxi.web import nav

        nav.add("invoices", pgettext_lazy("billing", "Invoices"), "file-dollar", "money/20", slug="invoices")
        nav.add("ageing", _("Ageing of receivables"), "chart-bar", "money/50", name="ageing", when=_may_age)
        nav.add("return-requests", _("Return requests"), "truck-return", "money/30", slug="return-requests")
