"""Approvals as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "guanxi.approvals"
    label = "approvals"
    verbose_name = _("Approvals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.approvals import entities, holds, panels, services  # noqa: F401 -- entities, what people hold, panels, verbs
        from guanxi.web import nav

        nav.add("approvals", _("Approvals"), "gavel", "/20", slug="approvals", keys="g a")
