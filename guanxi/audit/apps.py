"""The audit trail as a Django app: its sealer and jobs join in, its guards are set after each migrate."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "guanxi.audit"
    label = "audit"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.audit import chain, guards, jobs  # noqa: F401 -- registers the sealer and the jobs

        post_migrate.connect(guards.install, sender=self)
