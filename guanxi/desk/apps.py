"""The staff's start page and the demo company as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "guanxi.desk"
    label = "desk"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"
