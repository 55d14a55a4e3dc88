"""E-mail with customers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class MailConfig(AppConfig):
    name = "guanxi.mail"
    label = "mail"
    verbose_name = pgettext_lazy("mail", "E-mail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.mail import entities, panels  # noqa: F401 -- registers entities, verbs, jobs and panels
        from guanxi.web import nav

        nav.add("mail", pgettext_lazy("mail", "E-mail"), "mail", "service/07", slug="mail")
