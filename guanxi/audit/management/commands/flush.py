"""Django's `flush`, which empties every table, is for test databases only: the audit trail is never emptied."""

from __future__ import annotations

from typing import Any

from django.core import mail
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.utils.translation import gettext as _

from guanxi.audit import guards


class Command(Flush):
    def handle(self, **options: Any) -> None:
        if not hasattr(mail, "outbox"):  # present only while tests run
            raise CommandError(_("The audit trail cannot be emptied."))
        guards.remove(options["database"])
        try:
            super().handle(**options)
        finally:
            guards.install(options["database"])
