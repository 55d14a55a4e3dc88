"""Price lists, quotes and reactions to offers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    name = "guanxi.offers"
    label = "offers"
    verbose_name = _("Prices and quotes")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.offers import entities, panels  # noqa: F401 -- entities, verbs, panels
        from guanxi.web import nav

        nav.add("quotes", _("Quotes"), "file-dollar", "offers/10", slug="quotes", keys="g q")
        nav.add("price-lists", _("Price lists"), "tags", "offers/40", slug="price-lists")
        nav.add("launches", _("New products"), "rocket", "offers/50", slug="launches", query="?view=new")
