"""A registration that waits for another head's yes: its hour does not run meanwhile, and no duty counts it as late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.approvals.models import Approval
from guanxi.filing.models import Registration
from guanxi.filing.queries.rules import next_due, rules_of
from guanxi.kernel import clock
from guanxi.rulebook.models import Duty
from guanxi.worktime.queries import calendar_of

LABEL = "filing.registration"
OWED = (Duty.State.OPEN, Duty.State.MISSED)


def hold(row: Registration) -> str:
    """Stop the hour of a registration; returns what it was, for a request that is withdrawn."""
    until = row.due_at.isoformat() if row.due_at else ""
    row.due_at = None
    row.save(update_fields=["due_at"])
    return until


def go_on(row: Registration, approval: Approval) -> None:
    """The hour runs again: after a decision until the end of the next working day, after a withdrawal as it was."""
    if not row.is_open or row.due_at is not None:
        return
    before = approval.payload.get("due", "")
    if approval.state == Approval.State.WITHDRAWN and before:
        row.due_at = datetime.fromisoformat(before)
    else:
        row.due_at = next_due(clock.now(), rules_of(row.company_id), calendar_of(row.company_id))
    row.save(update_fields=["due_at"])


def not_taken(approval: Approval) -> str:
    """Refused or withdrawn: the branch has to file the registration itself, or make it void."""
    rows: Any = Registration.everything.filter(pk=approval.payload["registration"], company_id=approval.company_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None or not row.is_open:
        return ""
    go_on(row, approval)
    said = _("The registration is to be filed or made void by %(due)s.")
    return said % {"due": f"{timezone.localtime(row.due_at):%Y-%m-%d %H:%M}"} if row.due_at else ""


def spare(registrations: Q | None = None) -> int:
    """Waive what the rulebook asks about registrations that wait for a yes, with the request as the reason."""
    held = Registration.objects.filter(registrations or Q(), state=Registration.State.OPEN, due_at=None)
    names = dict(held.values_list("pk", "number"))
    owed = Duty.objects.filter(subject_label=LABEL, subject_id__in=names, state__in=OWED) if names else ()
    done = 0
    for duty in owed:
        text = _("%(number)s waits for another branch’s yes to hand over the customer.")
        duty.state, duty.note = Duty.State.WAIVED, (text % {"number": names[duty.subject_id]})[:400]
        duty.met_on = clock.today()
        duty.save(update_fields=["state", "note", "met_on"])
        done += 1
    return done
