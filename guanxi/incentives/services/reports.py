"""Reports about colleagues: made in confidence, decided by the head; what follows is an entry of the ledger (PERF-05)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.incentives.models import Report, Unit
from guanxi.incentives.services.entries import Grounds, book, enter
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.org.models import User
from guanxi.org.services import tell

State = Report.State


def not_oneself(report: Report) -> None:
    if report.person_id == report.owner_id:
        raise Invalid({"person": [_("A report is about somebody else.")]})


def stays_as_told(_report: Any, _actor: Any, _verb: str) -> None:
    """Guard: what was reported is evidence."""
    raise Forbidden(_("A report stays as it was made; the head decides on it."))


def _decider(report: Report, actor: User) -> None:
    if actor.pk in (report.person_id, report.owner_id):
        raise Forbidden(_("Nobody decides on a report that they made or that is about them."))
    if report.state != State.OPEN:
        raise Refused(_("This report is decided already."))


def _close(report: Report, state: str, note: str, actor: User) -> Report:
    report.state, report.note, report.decided_by = state, note.strip()[:400], actor
    report.save(update_fields=["state", "note", "decided_by"])
    if report.owner is not None:
        words = {"text": report.text, "state": report.get_state_display()}
        url = record_url("colleague-reports", report.pk)
        tell([report.owner], gettext("Your report “%(text)s” was decided: %(state)s.") % words, url=url, icon="flag")
    return report


def is_open(report: Report) -> bool:
    return report.state == State.OPEN


@action(Report, label=_("Accept"), permission="decide", icon="check", bulk=False, when=is_open,
        labels={"amount": _("Amount (negative takes off)"), "in_points": _("in points"), "note": _("Reason")})  # fmt: skip
def accept(report: Report, *, actor: User, amount: Decimal, note: str, in_points: bool = False) -> Report:
    """The head finds it proven: an entry that does not say who reported, open to objection; 0 leaves it at the note."""
    _decider(report, actor)
    if not note.strip():
        raise Refused(_("Say why."), field="note")
    grounds = Grounds(note, report.clause, account=report.account, source="report")
    unit = Unit.POINTS if in_points else Unit.YUAN
    entry = enter(report.person, amount, report.text, grounds=grounds, unit=unit)
    if entry is not None:
        book(entry, actor)
    return _close(report, State.ACCEPTED, note, actor)


@action(
    Report, label=_("Dismiss"), permission="decide", icon="ban", bulk=False, when=is_open, labels={"note": _("Reason")}
)
def dismiss(report: Report, *, actor: User, note: str) -> Report:
    """Not proven; nothing follows."""
    _decider(report, actor)
    if not note.strip():
        raise Refused(_("Say why."), field="note")
    return _close(report, State.DISMISSED, note, actor)
