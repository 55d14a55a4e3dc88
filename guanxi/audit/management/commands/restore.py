"""`guanxi restore FILE`: brings a backup back, proven before it replaces anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from guanxi.audit import backups
from guanxi.kernel.errors import Refused


class Command(BaseCommand):
    help = "Restore a backup into this installation, another home folder or a PostgreSQL database.  Stop Guanxi first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--into", default="", help="another GUANXI_HOME folder, or postgres://user:password@host/database"
        )
        parser.add_argument("--yes", action="store_true", help="replace what is there; it is kept under another name")
        parser.add_argument(
            "--accept-broken-trail", action="store_true", help="restore although the audit trail is broken"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = backups.restore(
                options["file"],
                backups.target_of(options["into"]),
                replace=options["yes"],
                accept_broken_trail=options["accept_broken_trail"],
            )
        except (Refused, OSError) as error:
            raise CommandError(_("Nothing was restored. %(reason)s") % {"reason": error}) from error
        self.stdout.write(
            _("Restored the state of %(at)s: %(rows)s rows in %(tables)s tables, %(files)s files.")
            % {
                "at": done.manifest.at,
                "rows": f"{sum(done.manifest.counts.values()):,}",
                "tables": len(done.manifest.counts),
                "files": len(done.manifest.files) - 1,
            }
        )
        for place in done.kept:
            self.stdout.write(_("What was there before is kept: %(place)s") % {"place": place})
        for warning in done.warnings:
            self.stderr.write(warning)
