"""A month's commission with due process: shown, confirmed or objected to, decided, settled into the ledger of incentives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.incentives.models import lock_ledger, this_month
from guanxi.incentives.services import Grounds, enter
from guanxi.incentives.services.entries import book
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.targets.models import CommissionLine, Statement
from guanxi.targets.services.commission import refresh
from guanxi.worktime.queries import calendar_of

WORKDAYS = 5  # to object in, and to decide in
State = Statement.State


def never_changed(_row: Any, _actor: Any, _verb: str) -> None:
    """Guard: statements and lines follow from receipts and decisions."""
    raise Forbidden(_("Commission follows from receipts and plans; differences are added beside it."))


def _tell(statement: Statement, text: str) -> None:
    if statement.owner is not None and statement.owner.is_active:
        url = record_url("commission-statements", statement.pk)
        tell([statement.owner], text % {"what": statement}, url=url, icon="coins")


def _in_workdays(statement: Statement) -> Any:
    return calendar_of(statement.company_id).add_workdays(clock.today(), WORKDAYS)


def _require(statement: Statement, *states: str) -> None:
    if statement.state not in states:
        raise Refused(_("This statement is “%(state)s”.") % {"state": statement.get_state_display()})


def _not_own(statement: Statement, actor: User) -> None:
    if statement.owner_id == actor.pk:
        raise Forbidden(_("Nobody decides on a commission of their own."))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    return reason.strip()[:400]


def _mine(statement: Statement, actor: User) -> bool:
    return bool(statement.owner_id == actor.pk)


def may_answer(statement: Statement) -> bool:
    until = statement.object_until
    return statement.state == State.SHOWN and until is not None and clock.today() <= until


def may_settle(statement: Statement) -> bool:
    """What was confirmed or decided, and what nobody objected to in time."""
    if statement.state == State.SHOWN:
        return not may_answer(statement)
    return statement.state in (State.CONFIRMED, State.DECIDED)


@action(Statement, label=_("Show to the person"), icon="send", permission="settle",
        when=lambda statement: statement.state == State.DRAFT and statement.month < this_month())  # fmt: skip
def show(statement: Statement, *, actor: User) -> Statement:
    """The month is over: from now on its lines stay as they are, and the person has five working days to answer."""
    _not_own(statement, actor)
    lock_ledger(statement.company_id)
    _require(statement, State.DRAFT)
    if statement.month >= this_month():
        raise Refused(_("Only a month that is over is closed."))
    earlier = Statement.objects.filter(owner=statement.owner, month__lt=statement.month, state=State.DRAFT)
    if earlier.exists():
        raise Refused(_("An earlier month of this person is still open."))
    refresh([statement])
    statement.state, statement.object_until = State.SHOWN, _in_workdays(statement)
    statement.save(update_fields=["state", "object_until"])
    _tell(statement, gettext("Please check your commission: %(what)s"))
    return statement


@action(Statement, label=_("Confirm"), icon="check", permission="view", bulk=False, when=may_answer, mine=_mine)
def accept(statement: Statement, *, actor: User) -> Statement:
    """The person agrees with every line."""
    if not may_answer(statement):
        raise Refused(_("The time for an objection is over, or this is decided already."))
    statement.state, statement.confirmed_on = State.CONFIRMED, clock.today()
    statement.save(update_fields=["state", "confirmed_on"])
    return statement


@action(Statement, label=_("Object"), icon="hand-stop", permission="view", bulk=False, labels={"reason": _("Reason")},
        when=may_answer, mine=_mine)  # fmt: skip
def object_to(statement: Statement, *, actor: User, reason: str) -> Statement:
    """The person says which line is not right and why; finance decides within five working days."""
    text = _reason(reason)
    if not may_answer(statement):
        raise Refused(_("The time for an objection is over, or this is decided already."))
    statement.state, statement.objection, statement.objected_on = State.OBJECTED, text, clock.today()
    statement.decide_until = _in_workdays(statement)
    statement.save(update_fields=["state", "objection", "objected_on", "decide_until"])
    return statement


def _decide(statement: Statement, actor: User, reason: str) -> None:
    statement.state, statement.note, statement.decided_by = State.DECIDED, reason, actor
    statement.save(update_fields=["state", "note", "decided_by"])
    _tell(statement, gettext("Your objection was decided: %(what)s"))


@action(Statement, label=_("Uphold the objection"), icon="arrow-back-up", permission="settle", bulk=False,
        labels={"amount": _("Adjustment"), "reason": _("Reason")},
        when=lambda statement: statement.state == State.OBJECTED)  # fmt: skip
def uphold(statement: Statement, *, actor: User, amount: Decimal, reason: str) -> Statement:
    """The person is right: a line of its own adjusts the statement, with the reason."""
    _not_own(statement, actor)
    text = _reason(reason)
    _require(statement, State.OBJECTED)
    if not amount or abs(amount) >= 10**9 or amount != amount.quantize(Decimal("0.01")):
        raise Refused(_("Say by how much the statement changes."), field="amount")
    lock_ledger(statement.company_id)
    CommissionLine(
        company_id=statement.company_id, created_by_id=actor.pk, owner_id=statement.owner_id,
        department_id=statement.department_id, statement=statement, kind=CommissionLine.Kind.ADJUSTMENT,
        dated_on=clock.today(), amount=amount, reason=text,
    ).save()  # fmt: skip
    refresh([statement])
    _decide(statement, actor, text)
    return statement


@action(Statement, label=_("Reject the objection"), icon="gavel", permission="settle", bulk=False,
        labels={"reason": _("Reason")}, when=lambda statement: statement.state == State.OBJECTED)  # fmt: skip
def reject(statement: Statement, *, actor: User, reason: str) -> Statement:
    """It stays as it was shown, with the reason."""
    _not_own(statement, actor)
    text = _reason(reason)
    _require(statement, State.OBJECTED)
    _decide(statement, actor, text)
    return statement


@action(
    Statement, label=pgettext_lazy("commission", "Settle"), icon="cash-banknote", permission="settle", when=may_settle
)
def settle(statement: Statement, *, actor: User) -> Statement:
    """Final: one entry of the sum stands in the ledger of incentives, and nothing of this month changes any more."""
    _not_own(statement, actor)
    if not may_settle(statement):
        raise Refused(_("It is confirmed, decided, or the time for an objection passes first."))
    if statement.owner is not None:
        title = gettext("Commission %(month)s") % {"month": f"{statement.month:%Y-%m}"}
        grounds = Grounds(str(statement), row=statement, source="commission")
        entry = enter(statement.owner, statement.amount, title, grounds=grounds, month=statement.month)
        if entry is not None:
            book(entry, actor)
        statement.entry = entry
    statement.state, statement.settled_on, statement.settled_by = State.SETTLED, clock.today(), actor
    statement.save(update_fields=["state", "settled_on", "settled_by", "entry"])
    return statement
