"""`guanxi audit verify`: walks the whole audit trail and says whether anything in it was changed, added or removed."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guanxi.audit import anchor, chain


class Command(BaseCommand):
    help = "Check the chain of the audit trail, its lane ends and the outside anchor; exit code 1 when it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = chain.verify()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _(
                "%(rows)s entries in %(lanes)s lanes, %(gaps)s gaps, %(anchors)s outside heads compared, %(seconds).1f s."
            )
            % {**vars(report), "rows": f"{report.rows:,}"}
        )
        if not report.anchors and report.rows:
            self.stdout.write(
                _("There is no outside anchor yet (%(file)s): a cut-off end would go unseen.") % {"file": anchor.path()}
            )
        for problem in report.problems[:20]:
            place = _("lane %(lane)s, entry %(seq)s") % {"lane": problem.lane, "seq": problem.seq}
            self.stderr.write(f"{place}: {problem.text}")
        if more := len(report.problems[20:]) + report.more_problems:
            self.stderr.write(_("… and %(count)s more") % {"count": more})
        if not report.intact:
            self.stderr.write(_("The audit trail is BROKEN."))
            sys.exit(1)
        self.stdout.write(_("The audit trail is intact."))
