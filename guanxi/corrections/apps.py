"""Corrections of booked data as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

FIXED = (
    "company_id", "label", "object_id", "title", "field", "before", "after", "difference", "dated_on", "days", "in_closed",
    "channel", "reason", "owner_id", "approval_id", "approved_by_id", "created_at",
)  # fmt: skip


class CorrectionsConfig(AppConfig):
    name = "guanxi.corrections"
    label = "corrections"
    verbose_name = _("Corrections")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.audit.guards import protect
        from guanxi.corrections import entities, panels, services  # noqa: F401 -- entities, the sealer, the subject, panels
        from guanxi.web import nav

        def leads(user: Any) -> bool:
            return bool(user.may("export", "corrections.correction"))

        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
        protect(
            "corrections_correction",
            "Corrections are only ever added.",
            update=f"NEW.deleted_at IS NOT NULL OR {changed}",
        )
        nav.add("corrections", _("Corrections"), "history", "operations/90", slug="corrections", when=leads)
