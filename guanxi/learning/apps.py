"""Publications, training and competence as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "guanxi.learning"
    label = "learning"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.audit.guards import protect
        from guanxi.learning import entities, panels, services  # noqa: F401 -- entities, panels, verbs, jobs
        from guanxi.web import nav

        protect("learning_attempt", "What was answered stays as it was answered.", update="")
        nav.add("readings", _("For me to read"), "book-2", "learning/40", slug="readings", query="?view=mine")
        nav.add(
            "publications", _("Publications"), "speakerphone", "learning/41", slug="publications",
            when=lambda user: user.may("publish", "learning.publication"),
        )  # fmt: skip
        nav.add(
            "readings-missing", _("Reading confirmations"), "checklist", "learning/42", slug="readings",
            query="?view=missing", when=lambda user: user.may("train", "learning.reading"),
        )  # fmt: skip
        nav.add("proofs", _("Proofs of competence"), "certificate", "learning/43", slug="proofs")
        nav.add("detailed-rules", _("Detailed rules"), "file-text", "learning/44", slug="detailed-rules")
