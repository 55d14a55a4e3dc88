"""Customers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "guanxi.customers"
    label = "customers"
    verbose_name = _("Customers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.customers import entities, holds, panels  # noqa: F401 -- registers entities, verbs, what people hold, panels
        from guanxi.web import nav

        nav.add("customers", _("Customers"), "users", "customers/10", slug="customers", keys="g c")
        nav.add(
            "groups", _("Group customers"), "building-community", "customers/20", slug="customers", query="?view=groups"
        )
        nav.add("contacts", _("Contacts"), "address-book", "customers/30", slug="contacts")
        nav.add("segments", _("Segments"), "category", "customers/50", slug="segments")
        nav.add("class-schemes", _("Class schemes"), "certificate", "classes/10", slug="class-schemes")
        nav.add("tier-policies", _("Tier policies"), "layout-grid", "classes/20", slug="tier-policies")
        nav.add("class-reviews", _("Class reviews"), "users-group", "classes/30", slug="class-reviews")
