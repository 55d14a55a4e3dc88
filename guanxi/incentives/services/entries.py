"""Entries: proposed, confirmed, objected to, decided; what is booked is taken back by another entry (PERF-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.incentives.models import Entry, Unit, lock_ledger, this_month
from guanxi.incentives.queries.ledger import open_month, reaches
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.models import Record
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.rulebook.models import Clause
from guanxi.worktime.queries import calendar_of

OBJECTION_WORKDAYS = 5  # in which a person may object to what was confirmed
State = Entry.State


@dataclass(frozen=True)
class Grounds:
    """What an entry rests on: words, the clause, the record that proves it, the customer; `source` is who proposed it."""

    text: str = ""
    clause: Clause | None = None
    row: Record | None = None
    account: Account | None = None
    source: str = "hand"


def enter(
    person: User, amount: Decimal, title: str, *, grounds: Grounds, unit: str = Unit.YUAN, month: date | None = None
) -> Entry | None:
    """A proposal for a person; nothing where the amount is 0.  It waits for the head's confirmation."""
    work.require()
    if not amount:
        return None
    entry = Entry(
        company_id=person.company_id, owner=person, department_id=person.department_id, title=title[:120], amount=amount,
        unit=unit, month=open_month(person.company_id, month or this_month()), text=grounds.text[:300],
        clause=grounds.clause, account=grounds.account, source=grounds.source,
        evidence_label=grounds.row._meta.label_lower if grounds.row else "",
        evidence_id=grounds.row.pk if grounds.row else None,
    )  # fmt: skip
    entry.save()
    return entry


def by_hand(entry: Entry) -> None:
    """What a form may bring: for somebody in one's reach, never for oneself, for a month that is open."""
    actor = entry.created_by
    if entry.owner is None:
        raise Invalid({"owner": [_("Say for whom.")]})
    if actor is not None and entry.owner_id == actor.pk:
        raise Invalid({"owner": [_("Nobody proposes an incentive of their own.")]})
    if actor is not None and not reaches(actor, entry.owner):
        raise Invalid({"owner": [_("This person is not in your reach.")]})
    if not entry.amount:
        raise Invalid({"amount": [_("Say how much.")]})
    if not entry.text.strip() and entry.clause_id is None:
        raise Invalid({"text": [_("Give the evidence or the clause.")]})
    if entry.month > clock.today():
        raise Invalid({"month": [_("This month has not begun.")]})
    entry.month = open_month(entry.company_id, entry.month)


def never_changed(_entry: Any, _actor: Any, _verb: str) -> None:
    """Guard: what is in the ledger stays; a mistake is taken back by another entry."""
    raise Forbidden(_("The ledger is not changed: take an entry back, a new one then stands beside it."))


def book(entry: Entry, actor: User | None) -> None:
    """From today on it counts: in its month while that is open, else in the current one."""
    lock_ledger(entry.company_id)
    entry.month = open_month(entry.company_id, entry.month)
    entry.state, entry.booked_on, entry.confirmed_by = State.CONFIRMED, clock.today(), actor
    entry.object_until = calendar_of(entry.company_id).add_workdays(clock.today(), OBJECTION_WORKDAYS)
    entry.save()
    if entry.owner is not None:
        text = gettext("Entered in your incentives: %(what)s. You may object until %(day)s.")
        _tell(entry, text % {"what": entry, "day": entry.object_until})


def take_back(entry: Entry, reason: str, actor: User | None, *, state: str = State.REVERSED) -> Entry:
    """A new entry of the opposite amount, in the current month; the first stays as it is and points to it."""
    lock_ledger(entry.company_id)
    counter = Entry(
        company_id=entry.company_id, owner_id=entry.owner_id, department_id=entry.department_id,
        title=(gettext("Taken back: %(what)s") % {"what": entry.title})[:120], amount=-entry.amount, unit=entry.unit,
        text=reason[:300], clause_id=entry.clause_id, account_id=entry.account_id, duty_id=entry.duty_id,
        evidence_label=entry._meta.label_lower, evidence_id=entry.pk, source="reversal", reverses=entry,
        state=State.CONFIRMED, booked_on=clock.today(), confirmed_by=actor,
    )  # fmt: skip
    counter.save()
    _decide(entry, state, reason, actor)
    return counter


def withdraw(entry: Entry, reason: str, actor: User | None) -> None:
    """A proposal that will never count; a booked entry is taken back."""
    if entry.booked_on is None:
        _decide(entry, State.CANCELLED, reason, actor)
    else:
        take_back(entry, reason, actor)


def _decide(entry: Entry, state: str, reason: str, actor: User | None) -> None:
    entry.state, entry.note, entry.decided_by = state, reason.strip()[:400], actor
    entry.save(update_fields=["state", "note", "decided_by"])
    words = {"what": entry, "state": entry.get_state_display(), "note": entry.note}
    _tell(entry, gettext("Decided about your incentive “%(what)s”: %(state)s. %(note)s") % words)


def _tell(entry: Entry, text: str) -> None:
    if entry.owner is not None and entry.owner.is_active:
        tell([entry.owner], text, url=record_url("incentives", entry.pk), icon="award")


def _not_own(entry: Entry, actor: User) -> None:
    if entry.owner_id == actor.pk:
        raise Forbidden(_("Nobody decides on an incentive of their own."))


def _because(reason: str, message: Any) -> None:
    if not reason.strip():
        raise Refused(message, field="reason")


def proposed(entry: Entry) -> bool:
    return entry.booked_on is None and entry.state in (State.PROPOSED, State.OBJECTED)


def may_object(entry: Entry) -> bool:
    """A proposal at any time; what was confirmed until its day; what takes another entry back never."""
    if entry.state == State.PROPOSED:
        return True
    until = entry.object_until
    return entry.state == State.CONFIRMED and until is not None and clock.today() <= until


def disputed(entry: Entry) -> bool:
    return entry.booked_on is not None and entry.state == State.OBJECTED


def standing(entry: Entry) -> bool:
    return entry.reverses_id is None and entry.state in (State.CONFIRMED, State.KEPT)


@action(Entry, label=_("Confirm"), permission="confirm", icon="check", labels={"to": _("Assign to")}, when=proposed)
def confirm(entry: Entry, *, actor: User, to: User | None = None) -> Entry:
    """The store manager confirms it, assigned to the individual it belongs to; from now on it counts."""
    _not_own(entry, actor)
    if not proposed(entry):
        raise Refused(_("This incentive is decided already."))
    if to is not None:
        if to.pk == actor.pk:
            raise Forbidden(_("Nobody decides on an incentive of their own."))
        if not reaches(actor, to):
            raise Refused(_("This person is not in your reach."), field="to")
        entry.hand_to(to)
    book(entry, actor)
    return entry


@action(Entry, label=_("Object"), permission="view", icon="hand-stop", bulk=False, labels={"reason": _("Reason")},
        when=may_object, mine=lambda entry, actor: entry.owner_id == actor.pk)  # fmt: skip
def object_to(entry: Entry, *, actor: User, reason: str) -> Entry:
    """The person concerned says why it is not right."""
    _because(reason, _("Say why you object."))
    if not may_object(entry):
        raise Refused(_("The time for an objection is over, or this is decided already."))
    entry.state, entry.objection, entry.objected_on = State.OBJECTED, reason.strip()[:400], clock.today()
    entry.save(update_fields=["state", "objection", "objected_on"])
    return entry


@action(
    Entry, label=_("Cancel incentive"), permission="confirm", icon="ban", labels={"reason": _("Reason")}, when=proposed
)
def cancel(entry: Entry, *, actor: User, reason: str) -> Entry:
    """The proposal was a mistake, or the objection to it is right: it never counts, and stays with the reason."""
    _not_own(entry, actor)
    _because(reason, _("Say why the incentive is cancelled."))
    if not proposed(entry):
        raise Refused(_("This incentive is decided already."))
    _decide(entry, State.CANCELLED, reason, actor)
    return entry


def _may_judge(entry: Entry, actor: User) -> None:
    _not_own(entry, actor)
    if entry.confirmed_by_id == actor.pk:
        raise Forbidden(_("Whoever confirmed an incentive does not decide on the objection to it."))
    if not disputed(entry):
        raise Refused(_("There is no objection to decide."))


@action(Entry, label=_("Uphold the objection"), permission="decide", icon="arrow-back-up", bulk=False,
        labels={"reason": _("Reason")}, when=disputed)  # fmt: skip
def uphold(entry: Entry, *, actor: User, reason: str) -> Entry:
    """The person is right: a new entry takes this one back."""
    _may_judge(entry, actor)
    _because(reason, _("Say why."))
    take_back(entry, reason, actor)
    return entry


@action(Entry, label=_("Reject the objection"), permission="decide", icon="gavel", bulk=False,
        labels={"reason": _("Reason")}, when=disputed)  # fmt: skip
def reject(entry: Entry, *, actor: User, reason: str) -> Entry:
    """It stays as it was confirmed, with the reason."""
    _may_judge(entry, actor)
    _because(reason, _("Say why."))
    _decide(entry, State.KEPT, reason, actor)
    return entry


@action(Entry, label=_("Take back"), permission="decide", icon="receipt-refund", bulk=False, danger=True,
        labels={"reason": _("Reason")}, when=standing)  # fmt: skip
def reverse_entry(entry: Entry, *, actor: User, reason: str) -> Entry:
    """A mistake in what is booked: another entry stands against it."""
    _not_own(entry, actor)
    _because(reason, _("Say why."))
    if not standing(entry):
        raise Refused(_("This incentive is decided already."))
    take_back(entry, reason, actor)
    return entry
