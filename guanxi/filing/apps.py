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
        from guanxi.exchange.paper import numbered_by
        from guanxi.filing import entities, panels, services  # noqa: F401 -- entities, panels, verbs, jobs, listeners
        from guanxi.filing.queries import appraisal  # noqa: F401 -- items of the appraisal sheet
        from guanxi.filing.queries.rules import form_of
        from guanxi.web import nav

        numbered_by(form_of)
        nav.add(
            "counter", _("Registration"), icon="writing", place="customers/02", name="registration-counter",
            when=lambda user: user.may("add", "filing.registration"),
        )  # fmt: skip
        nav.add(
            "filing", _("Today’s registrations"), icon="clipboard-check", place="customers/04", name="filing-today",
            when=lambda user: user.may("view", "filing.registration"),
        )  # fmt: skip
        nav.add("registrations", _("Registrations"), "clipboard-text", "customers/06", slug="registrations")
        nav.add("file-tasks", _("File verifications"), "phone-call", "customers/07", slug="file-tasks")
        nav.add("inspections", _("Inspections"), "clipboard-search", "operations/10", slug="inspections")
        nav.add("findings", _("Findings"), "clipboard-x", "operations/12", slug="findings")
        nav.add("rectifications", _("Rectifications"), "tool", "operations/16", slug="rectifications")
        nav.add(
            "inspection", _("Circulation of inspection results"), icon="report", place="operations/18", name="inspection-report",
            when=lambda user: user.may("view", "filing.inspection"),
        )  # fmt: skip
        nav.add("exhibitions", _("Exhibitions"), "building-store", "customers/08", slug="exhibitions")
