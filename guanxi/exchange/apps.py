"""Import, export and bulk change as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "guanxi.exchange"
    label = "exchange"
    verbose_name = _("Import and export")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.exchange.views import cleaning, exports, imports  # noqa: F401 -- registers their jobs
        from guanxi.web.views import jobs

        jobs.TITLES |= {
            "exchange.import": _("Import"),
            "exchange.import.undo": _("Undo import"),
            "exchange.export": _("Export"),
            "exchange.clean": _("Change a field"),
        }
