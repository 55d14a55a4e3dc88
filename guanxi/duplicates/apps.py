"""Duplicate protection as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuplicatesConfig(AppConfig):
    name = "guanxi.duplicates"
    label = "duplicates"
    verbose_name = _("Duplicates")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.corrections.protections import due_process
        from guanxi.duplicates import entities, panels  # noqa: F401 -- register kinds, entities, verbs, jobs and panels
        from guanxi.duplicates.services import screen
        from guanxi.web import nav
        from guanxi.web.views import jobs

        due_process.update({"customers.account.merged", "duplicates.merge.undo"})
        jobs.TITLES |= screen.TITLES
        nav.add(
            "duplicates", _("Duplicate check"), "copy", "files/60", name="duplicates",
            when=lambda user: user.may("view", "customers.account"),
        )  # fmt: skip
