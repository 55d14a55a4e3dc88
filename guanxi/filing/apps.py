"""Registration, filing and inspection of files as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilingConfig(AppConfig):
    name = "guanxi.filing"
    label = "filing"
    verbose_name = _("Filing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.filing import entities, panels, services  # noqa: F401 -- entities, panels, verbs, jobs, listeners
        from guanxi.filing.queries import appraisal  # noqa: F401 -- items of the appraisal sheet
        from guanxi.web import nav

        nav.add(
            "counter", _("Register a customer"), icon="writing", place="files/10", name="registration-counter",
            when=lambda user: user.may("add", "filing.registration"),
        )  # fmt: skip
        nav.add(
            "filing", _("Today’s registrations"), icon="clipboard-check", place="files/20", name="filing-today",
            when=lambda user: user.may("view", "filing.registration"),
        )  # fmt: skip
        nav.add("registrations", _("Registrations"), "clipboard-text", "files/30", slug="registrations")
        nav.add("file-tasks", _("File verifications"), "phone-call", "files/40", slug="file-tasks")
        nav.add("inspections", _("Inspections"), "clipboard-search", "operations/10", slug="inspections")
        nav.add("findings", _("Findings"), "clipboard-x", "operations/12", slug="findings")
        nav.add("rectifications", _("Rectifications"), "tool", "operations/16", slug="rectifications")
        nav.add(
            "inspection", _("Circulation of inspection results"), icon="report", place="operations/18", name="inspection-report",
            when=lambda user: user.may("view", "filing.inspection"),
        )  # fmt: skip
        nav.add("exhibitions", _("Exhibitions"), "building-store", "files/50", slug="exhibitions")
