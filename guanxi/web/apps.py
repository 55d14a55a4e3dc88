"""The pages' machinery as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "guanxi.web"
    label = "web"
    verbose_name = _("Pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.org.holdings import holds, relink
        from guanxi.web import nav
        from guanxi.web.views import bulk  # noqa: F401 -- registers its job

        nav.add("home", _("Home"), "home", "/10", name="home", when=lambda _user: True, keys="g h")
        nav.add("absences", _("Leave and travel"), "plane-departure", "people/10", slug="absences")
        nav.add(
            "audit", _("Audit trail"), "history", "insight/90", name="trail",
            when=lambda user: user.may("view", "audit.entry"),
        )  # fmt: skip
        holds("web.savedview", "owner", _("Shared views"), relink("owner"), lambda: Q(shared=True), personal=True)
