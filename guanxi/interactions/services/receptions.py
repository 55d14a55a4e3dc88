"""Receptions of visiting customers: what came of them (EVT-02)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from guanxi.interactions.models import Interaction, Reception
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.services.contacts import begin
from guanxi.kernel import clock
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

State = Reception.State


def _planned(row: Reception) -> bool:
    return row.state == State.PLANNED


@action(Reception, label=_("Write the log"), icon="clipboard-check", bulk=False, when=_planned,
        labels={"log": _("Course of the reception"), "result": _("Result"), "next_contact_on": _("Next contact")})  # fmt: skip
def write_log(row: Reception, *, actor: User, log: Text, result: str, next_contact_on: date | None = None) -> Reception:
    """The customer was here: who said what, and what follows."""
    if not _planned(row):
        raise Refused(_("The log of this reception is written."))
    if row.day > clock.today():
        raise Refused(_("This reception is planned for %(day)s.") % {"day": row.day.isoformat()})
    if not log.strip():
        raise Refused(_("Write how it went."), field="log")
    row.state, row.log, row.result = State.HELD, log.strip()[:4000], result.strip()[:400]
    row.save()
    begin(
        row.account, actor=actor, about=row, kind=Interaction.Kind.CARE, channel=Channel.MEETING, content=row.log[:2000],
        result=row.result, next_contact_on=next_contact_on,
    ).save()  # fmt: skip
    return row


@action(Reception, label=_("Call off"), icon="x", danger=True, when=_planned, labels={"reason": _("Reason")})
def call_off(row: Reception, *, actor: User, reason: str) -> Reception:
    if not reason.strip():
        raise Refused(_("Say why it does not take place."), field="reason")
    row.state, row.result = State.DROPPED, reason.strip()[:400]
    row.save()
    return row
