"""Exchange of files with an ERP as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ErpConfig(AppConfig):
    name = "guanxi.erp"
    label = "erp"
    verbose_name = _("ERP exchange")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.erp import entities  # noqa: F401 -- registers entities and the job
        from guanxi.org.services.roles import CONFIGURATION
        from guanxi.web import nav

        CONFIGURATION.update({"erp.erplink"})
        nav.add("erp-exchanges", _("ERP exchanges"), "arrows-exchange", "money/70", slug="erp-exchanges")
