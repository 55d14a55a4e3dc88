"""A registration that waits for another head's yes: its hour does not run meanwhile, and no duty counts it as late.

Once there is an answer, what was waived is owed again, with the hour the registration has then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.approvals.models import Approval
from guanxi.filing.models import Registration
from guanxi.filing.queries.known import TAKING
from guanxi.filing.queries.rules import next_due, rules_of
from guanxi.kernel import clock
from guanxi.rulebook.engine.times import LOOK_BACK
from guanxi.rulebook.models import Duty
from guanxi.worktime.queries import calendar_of

LABEL = "filing.registration"
State = Duty.State
OWED = (State.OPEN, State.MISSED)
DECIDED = (Approval.State.AGREED, Approval.State.REFUSED)


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
    as_before = approval.state == Approval.State.WITHDRAWN and bool(before)
    if as_before:
        row.due_at = datetime.fromisoformat(before)
    else:
        row.due_at = next_due(clock.now(), rules_of(row.company_id), calendar_of(row.company_id))
    row.save(update_fields=["due_at"])
    owe_again(row, clock.now(), until=None if as_before else row.due_at)


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
        duty.state, duty.note = State.WAIVED, (text % {"number": names[duty.subject_id]})[:400]
        duty.met_on = clock.today()
        duty.save(update_fields=["state", "note", "met_on"])
        done += 1
    return done


def owe_again(row: Registration, decided: datetime, *, until: datetime | None) -> int:
    """What was asked about a registration before the answer is owed again: until its new hour, or as before without one."""
    by_us = Q(state=State.WAIVED, decided_by=None)  # see `spare`; people waive in their own name
    waived = by_us if row.is_open else Q(pk=None)
    short = Q(state__in=(*OWED, State.LATE), due_at__lt=until) if until else Q(pk=None)
    asked = Duty.objects.filter(subject_label=LABEL, subject_id=row.pk, opened_at__lte=decided)
    duties = list(asked.select_for_update(of=("self",)).filter(waived | short))
    for duty in duties:
        _until(duty, until or duty.due_at)
        text = _("%(number)s was not taken over: to be filed or made void by %(due)s.")
        due = f"{timezone.localtime(duty.due_at):%Y-%m-%d %H:%M}"
        duty.note = (text % {"number": row.number, "due": due})[:400] if row.is_open else ""
        duty.save(update_fields=["due_at", "overdue_at", "overdue_on", "state", "met_on", "note"])
    return len(duties)


def _until(duty: Duty, hour: datetime) -> None:
    """The duty with its deadline moved; one kept meanwhile is judged by it, any other is open or missed."""
    grace = duty.overdue_at - duty.due_at
    duty.due_at = max(duty.due_at, hour)
    duty.overdue_at = duty.due_at + grace
    duty.overdue_on = timezone.localtime(duty.overdue_at).date()
    if duty.state == State.LATE:
        in_time = duty.met_at is not None and duty.met_at <= duty.overdue_at
        duty.state = State.MET if in_time else State.LATE
    else:
        duty.state = State.MISSED if duty.overdue_at < clock.now() else State.OPEN
        duty.met_on = None


def put_right() -> int:
    """The same for what was answered: duties opened or found anew since know only the day of the registration."""
    found = Approval.objects.filter(kind=TAKING, state__in=DECIDED, decided_at__gte=clock.now() - LOOK_BACK)
    answers = dict(found.order_by("decided_at").values_list("payload__registration", "decided_at"))
    rows = Registration.objects.filter(pk__in=list(answers)).exclude(state=Registration.State.VOID)
    return sum(owe_again(row, answers[row.pk], until=row.due_at) for row in rows if row.due_at)
