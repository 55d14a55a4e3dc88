"""The public pool of customers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoolConfig(AppConfig):
    name = "guanxi.pool"
    label = "pool"
    verbose_name = _("Open pool")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.pool import entities, panels  # noqa: F401 -- registers entities, verbs, jobs and panels
        from guanxi.web import nav

        nav.add("pool", _("Open pool"), "inbox", "customers/40", slug="pool", keys="g p")
