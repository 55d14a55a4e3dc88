"""The REST interface as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "guanxi.api"
    label = "api"
    verbose_name = _("Interface for programs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.api.models import revoke
        from guanxi.org.services import ends_with_account

        ends_with_account(revoke)
