"""Notices beside the page as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "guanxi.channels"
    label = "channels"
    verbose_name = _("Channels of notices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.channels import entities  # noqa: F401 -- registers the entity
        from guanxi.channels.services import robots, sending  # noqa: F401 -- verbs and jobs
        from guanxi.org.services.talk import listeners

        listeners.append(sending.plan)
