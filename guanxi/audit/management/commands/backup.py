"""`guanxi backup`: one encrypted file with everything, proven by restoring it on trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from guanxi.audit import backups, keys
from guanxi.audit.models import BackupRecord
from guanxi.kernel.errors import Refused


class Command(BaseCommand):
    help = "Back up database and uploads into one encrypted file; it counts only after a trial restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="folder for the backup (default: backups in GUANXI_HOME)")
        parser.add_argument("--list", action="store_true", help="show the backups there are")
        parser.add_argument(
            "--accept-broken-trail", action="store_true", help="keep it although the audit trail is broken"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            return self._list(options["to"])
        try:
            record = backups.back_up(options["to"], accept_broken_trail=options["accept_broken_trail"])
        except (Refused, OSError) as error:
            raise CommandError(_("No backup was made. %(reason)s") % {"reason": error}) from error
        self.stdout.write(
            _("%(file)s: %(size)s, %(rows)s rows, restored on trial and compared.")
            % {"file": record.file, "size": filesizeformat(record.size), "rows": f"{record.rows:,}"}
        )
        self.stdout.write(_("The backup does not hold the keys. Keep a copy of each of these on another machine:"))
        for path in backups.key_files():
            self.stdout.write(f"  {path}")
        if not keys.passphrase_is_set():
            self.stdout.write(_("Without backup.key nobody can open this backup. (Or set GUANXI_BACKUP_PASSPHRASE.)"))
        return None

    def _list(self, folder: Path | None) -> None:
        proven = set(BackupRecord.objects.filter(verified=True).values_list("file", flat=True))
        for path in backups.kept_files(folder):
            state = _("restored on trial") if str(path) in proven else _("not in the records")
            self.stdout.write(f"{path}  {filesizeformat(path.stat().st_size)}  {state}")
