"""The kernel as a Django app: checks at start that what is declared fits together."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "guanxi.kernel"
    label = "kernel"
    verbose_name = _("Foundation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.kernel import search, upkeep  # noqa: F401 -- register sealer and job

        register(declared_events_exist)
        post_migrate.connect(make_search_indexes, sender=self)


def declared_events_exist(**_kwargs: Any) -> list[CheckMessage]:
    """A listener to an event that nobody declares would wait for ever."""
    from guanxi.kernel import entities, events, verbs

    verbs.declare_events(entities.entities())
    return [
        Error(f"Somebody listens to {name}, which nobody declares.", id="kernel.E001")
        for name in sorted(events.unknown_names())
    ]


def make_search_indexes(**_kwargs: Any) -> None:
    from guanxi.kernel import search

    search.ensure_indexes()
