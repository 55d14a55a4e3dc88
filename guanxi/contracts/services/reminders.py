"""What both sides owe: done, reminded of in time on our side and on the customer's; disputes; ends (CONTR-04, CONTR-05)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.contracts.models import IN_FORCE, Contract, Dispute, Obligation
from guanxi.kernel import clock, work
from guanxi.kernel.actions import Text, action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Refused
from guanxi.kernel.jobs import Run, job
from guanxi.mail.services.sending import may_write, write_mail
from guanxi.org.models import User
from guanxi.org.services import tell

MOST = 500  # reminders in one run
AHEAD = timedelta(days=366)


def look_after(rows: list[Any]) -> None:
    """Before new obligations and disputes are stored: whoever looks after the contract looks after them too."""
    for row in rows:
        if row.owner_id == row.created_by_id and row.contract.owner_id:
            row.hand_to(row.contract.owner)


def only_open(row: Any, _actor: User, _verb: str) -> None:
    """What is done or settled stays as it was."""
    if getattr(row, "done_on", None) or getattr(row, "settled_on", None):
        raise Refused(_("This is done and can no longer be changed."))


@action(Obligation, label=_("Done"), icon="check", labels={"on": _("Done on (empty: today)"), "note": _("Note")},
        when=lambda row: row.done_on is None)  # fmt: skip
def fulfil(obligation: Obligation, *, actor: User, on: date | None = None, note: str = "") -> Obligation:
    """This side has done what it owed."""
    if obligation.done_on is not None:
        raise Refused(_("This is done already."))
    day = on or clock.today()
    if day > clock.today():
        raise Refused(_("The day lies in the future."), field="on")
    obligation.done_on = day
    obligation.note = "\n".join(filter(None, [obligation.note, note.strip()]))[:2000]
    obligation.save(update_fields=["done_on", "note"])
    return obligation


def letter(obligation: Obligation) -> str:
    """The text with which the customer is reminded."""
    words = {
        "name": obligation.contract.account, "number": obligation.contract.number, "title": obligation.contract.title,
        "what": obligation.what, "day": obligation.due_on,
    }  # fmt: skip
    if obligation.side == Obligation.Side.THEIRS:
        return _t("To %(name)s:\n\nunder contract %(number)s “%(title)s” you take care of “%(what)s” by %(day)s. "
                  "Please arrange it in time and tell us if something stands in the way.") % words  # fmt: skip
    return _t("To %(name)s:\n\nunder contract %(number)s “%(title)s” we take care of “%(what)s” by %(day)s. "
              "We will get in touch about the details.") % words  # fmt: skip


@action(Obligation, label=_("Remind the customer"), icon="mail-forward", bulk=False,
        labels={"text": _("Text"), "by_mail": _("Send it by e-mail from here")},
        when=lambda row: row.done_on is None, initial=lambda row: {"text": letter(row)})  # fmt: skip
def remind_customer(obligation: Obligation, *, actor: User, text: Text, by_mail: bool = False) -> Obligation:
    """Send the text by e-mail, or copy it to where the customer reads it; the day is noted either way."""
    if not text.strip():
        raise Refused(_("Write a text."), field="text")
    account = obligation.contract.account
    if by_mail:
        if not may_write(account, actor):
            raise Refused(_("No mailbox is set up: copy the text and send it another way."), field="by_mail")
        subject = _t("Contract %(number)s: %(what)s") % {"number": obligation.contract.number, "what": obligation.what}
        write_mail(account, actor=actor, subject=subject[:200], text=text)
    obligation.told_on = clock.today()
    obligation.save(update_fields=["told_on"])
    return obligation


@action(Dispute, label=_("Settle"), icon="circle-check", bulk=False, labels={"result": _("Result")},
        when=lambda row: row.state == Dispute.State.OPEN)  # fmt: skip
def settle(dispute: Dispute, *, actor: User, result: Text) -> Dispute:
    """Say how it was settled."""
    if dispute.state != Dispute.State.OPEN:
        raise Refused(_("This is done already."))
    if not result.strip():
        raise Refused(_("Say how it was settled."), field="result")
    dispute.state, dispute.result, dispute.settled_on = Dispute.State.SETTLED, result.strip()[:4000], clock.today()
    dispute.save(update_fields=["state", "result", "settled_on"])
    return dispute


# -- every morning


@job("contracts.morning", at_hour=7)
def morning(run: Run) -> dict[str, int]:
    """Remind of what falls due on either side and of disputes; contracts past their end are ended."""
    return {
        "obligations": _each(_due_obligations(), _remind_obligation),
        "disputes": _each(_due_disputes(), _remind_dispute),
        "ended": _each(_past(), _end),
    }


def _each(rows: QuerySet[Any], body: Any) -> int:
    found = list(rows[:MOST])
    for row in found:
        work.unit_of_work(lambda row=row: body(row), verb="contracts.morning")  # type: ignore[misc]
    return len(found)


def _due_obligations() -> QuerySet[Any]:
    """Of contracts in force, open, in their time of reminding and not yet reminded of."""
    today = clock.today()
    rows = Obligation.objects.filter(
        done_on=None,
        reminded_on=None,
        due_on__lte=today + AHEAD,
        contract__state__in=IN_FORCE,
        contract__deleted_at=None,
    ).select_related("contract__account", "owner")
    near = [row.pk for row in rows if row.due_on - timedelta(days=row.remind_days) <= today]
    return rows.filter(pk__in=near).order_by("due_on", "pk")  # type: ignore[no-any-return]


def _remind_obligation(row: Obligation) -> None:
    words = {"what": row.what, "day": row.due_on, "name": row.contract.account}
    if row.side == Obligation.Side.OURS:
        text = _t("We owe %(name)s “%(what)s” by %(day)s.") % words
    else:
        text = _t("%(name)s owes us “%(what)s” by %(day)s: a letter to remind them is prepared.") % words
    _tell(row, text, "obligations", "calendar-due")


def _due_disputes() -> QuerySet[Any]:
    rows = Dispute.objects.filter(state=Dispute.State.OPEN, reminded_on=None, due_on__lte=clock.today())
    return rows.select_related("contract", "owner").order_by("pk")  # type: ignore[no-any-return]


def _remind_dispute(row: Dispute) -> None:
    words = {"what": row.what, "title": row.contract, "day": row.due_on}
    _tell(
        row, _t("The dispute “%(what)s” about “%(title)s” should be settled by %(day)s.") % words, "disputes", "scale"
    )


def _tell(row: Any, text: str, slug: str, icon: str) -> None:
    row.reminded_on = clock.today()
    row.save(update_fields=["reminded_on"])
    if row.owner is not None:
        tell([row.owner], text, url=record_url(slug, row.pk), icon=icon)


def _past() -> QuerySet[Any]:
    rows = Contract.objects.filter(state__in=IN_FORCE, ends_on__lt=clock.today())
    return rows.select_related("owner").order_by("pk")  # type: ignore[no-any-return]


def _end(contract: Contract) -> None:
    contract.state = Contract.State.ENDED
    contract.save(update_fields=["state"])
    if contract.owner is not None:
        text = _t("Contract “%(title)s” has ended.") % {"title": contract.title}
        tell([contract.owner], text, url=record_url("contracts", contract.pk), icon="calendar-x")
