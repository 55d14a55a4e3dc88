"""The rulebook as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulebookConfig(AppConfig):
    name = "guanxi.rulebook"
    label = "rulebook"
    verbose_name = _("Rulebook")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.rulebook import engine, entities  # noqa: F401 -- registers entities, verbs and the daily run
