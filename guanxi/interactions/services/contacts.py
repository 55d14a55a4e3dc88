"""Logging a contact in three fields, answering a message, and writing down what another record was (FUP-02, FUP-03, COMM-02)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.customers.services.entries import author_only
from guanxi.interactions.models import Interaction
from guanxi.interactions.models.contacts import Channel
from guanxi.kernel import clock
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Record
from guanxi.org.models import User

INTERACTION = "interactions.interaction"
Direction = Interaction.Direction


def begin(account: Account, *, actor: User, about: Record | None = None, **values: Any) -> Interaction:
    """A new dealing of this person with a customer, not yet stored; `about` is the record it was written from."""
    row = Interaction(
        company_id=account.company_id, created_by_id=actor.pk, owner=actor, department_id=actor.department_id,
        account=account, **values,
    )  # fmt: skip
    if about is not None:
        row.label, row.object_id = about._meta.label_lower, about.pk
    return row


def may_log(_account: Account, actor: User) -> bool:
    return bool(actor.may("add", INTERACTION))


def hours_spent(row: Interaction) -> None:
    """Before a dealing is stored: nobody spends more than a day on one."""
    if row.minutes is not None and row.minutes > 24 * 60:
        raise Refused(_("More minutes than a day has."), field="minutes")


@action(Account, label=_("Log a contact"), icon="message-plus", permission="view", mine=may_log,
        labels={"channel": _("Channel"), "content": _("Content"), "next_contact_on": _("Next contact")},
        choices={"channel": lambda _user: Channel.choices},
        initial=lambda _account: {"channel": Channel.PHONE})  # fmt: skip
def log_contact(
    account: Account, *, actor: User, channel: str, content: Text, next_contact_on: date | None = None
) -> Interaction:
    """What was said or done just now, in three fields."""
    if channel not in Channel.values:
        raise Refused(_("Choose a channel."), field="channel")
    if not content.strip():
        raise Refused(_("Write what was said or done."), field="content")
    if next_contact_on is not None and next_contact_on < clock.today():
        raise Refused(_("The next contact lies in the past."), field="next_contact_on")
    row = begin(account, actor=actor, channel=channel, content=content.strip()[:2000], next_contact_on=next_contact_on)
    row.save()
    return row


def waits(row: Interaction) -> bool:
    return row.direction == Direction.IN and row.answered_at is None


@action(Interaction, label=_("Answer"), icon="message-reply", bulk=False, when=waits,
        labels={"answer": _("Answer"), "next_contact_on": _("Next contact")})  # fmt: skip
def answer(row: Interaction, *, actor: User, answer: Text, next_contact_on: date | None = None) -> Interaction:
    """What the customer was told; from then on the message no longer waits (COMM-02)."""
    if row.direction != Direction.IN:
        raise Refused(_("This came from us and needs no answer."))
    if row.answered_at is not None:
        raise Refused(_("This has been answered already."))
    if not answer.strip():
        raise Refused(_("Write down the answer."), field="answer")
    row.answer, row.answered_at, row.answered_by = answer.strip()[:2000], clock.now(), actor
    row.next_contact_on = next_contact_on or row.next_contact_on
    row.save()
    return row


def by_its_author(row: Interaction, actor: User, verb: str) -> None:
    """Guard: what a visit, a return visit or an e-mail has written is changed there; everything else by its author."""
    if row.label.startswith(("interactions.", "mail.")) and row.label != "interactions.serviceline":
        raise Forbidden(_("This was written by a visit, a return visit or an e-mail; correct it there."))
    author_only(row, actor, verb)
