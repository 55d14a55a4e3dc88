"""The rulebook as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RulebookConfig(AppConfig):
    name = "guanxi.rulebook"
    label = "rulebook"
    verbose_name = _("Rulebook")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.rulebook import duty_panels, engine, entities, panels  # noqa: F401 -- registers what they hold
        from guanxi.rulebook.services import vetoes  # noqa: F401 -- asks guard clauses
        from guanxi.web import nav

        def may_see(user: Any) -> bool:
            return bool(user.may("view", "rulebook.duty"))

        nav.add("compliance", _("Compliance"), "shield-check", "rules/20", name="compliance", when=may_see)
        nav.add(
            "goals", _("Goals of the year"), "target", "rules/30", name="goals-year",
            when=lambda user: user.may("view", "rulebook.goal"),
        )  # fmt: skip
        nav.add("assessments", _("Assessments"), "clipboard-list", "rules/40", slug="assessments")
        nav.add("duties", pgettext_lazy("owed", "Duties"), "gavel", "rules/10", slug="duties", keys="g d")
        nav.add("clauses", _("Clauses"), "list-check", "rules/50", slug="clauses")
        nav.add("processes", _("Processes"), "route", "rules/70", name="processes")
        nav.add("regulations", _("Regulations"), "book", "rules/60", slug="regulations")
