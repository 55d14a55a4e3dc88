"""Whose a conversation is: assigned, set aside, moved; and what its letters leave among the customer's dealings."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Contact
from guanxi.interactions.models import Interaction
from guanxi.interactions.models.contacts import Channel
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.mail.letters import fresh
from guanxi.mail.models import Mail, Thread
from guanxi.org.models import User

THREAD = "mail.thread"
IN = Mail.Direction.IN
State = Thread.State


def address_of(text: str) -> str:
    return parseaddr(text)[1].lower()


def take_in(thread: Thread, account_id: int, contact_id: int | None) -> None:
    """The conversation belongs to this customer; not yet stored."""
    thread.account = Account.objects.select_related("owner").get(pk=account_id)
    thread.contact_id, thread.state, thread.why = contact_id, State.ASSIGNED, ""


def settle(thread: Thread, account_id: int, contact_id: int | None) -> None:
    """Stored with this customer, and with it the dealings of the letters it has had so far."""
    known = thread.account_id is not None
    take_in(thread, account_id, contact_id)
    thread.save()
    if known:
        for row in dealings(thread).exclude(account=account_id):  # it was laid with another customer
            row.account_id, row.contact_id = account_id, contact_id
            row.save(update_fields=["account", "contact"])
        return
    for mail in thread.letters.filter(state__in=[Mail.State.RECEIVED, Mail.State.SENT]).order_by("at"):
        mail.thread = thread
        book(mail)


def dealings(thread: Thread) -> Any:
    """What the conversation has left among the dealings."""
    return Interaction.objects.filter(label=THREAD, object_id=thread.pk)


def book(mail: Mail) -> Interaction:
    """A letter stands among the customer's dealings."""
    row = dealing_of(mail)
    row.save()
    return row


def dealing_of(mail: Mail) -> Interaction:
    """A letter as a dealing with the customer, not yet stored; one from the customer waits for an answer (COMM-02)."""
    thread, account = mail.thread, cast(Account, mail.thread.account)
    owner = account.owner if mail.direction == IN else mail.created_by
    return Interaction(
        company_id=mail.company_id, created_by=None if mail.direction == IN else owner, owner=owner, account=account,
        department_id=owner.department_id if owner else account.department_id, contact_id=thread.contact_id,
        channel=Channel.EMAIL, direction=mail.direction, at=mail.at, label=THREAD, object_id=thread.pk,
        content=f"{mail.subject}\n{fresh(mail.text)}".strip()[:2000],
        answered_at=mail.at if mail.automatic else None,
    )  # fmt: skip


@action(Thread, label=_("Assign to a customer"), icon="user-check", bulk=False, permission="assign",
        labels={"account": _("Customer"), "contact": _("Contact")},
        initial=lambda thread: {"account": thread.account_id, "contact": thread.contact_id})  # fmt: skip
def assign(thread: Thread, *, actor: User, account: Account, contact: Contact | None = None) -> Thread:
    """From now on this address is known: its next letters find the customer by themselves."""
    if contact is not None and contact.account_id != account.pk:
        raise Refused(_("This person belongs to another customer."), field="contact")
    settle(thread, account.pk, contact.pk if contact else None)
    return thread


@action(Thread, label=_("Set aside"), icon="archive", permission="assign", when=lambda thread: thread.state == State.UNASSIGNED,
        labels={"why": _("Reason")})  # fmt: skip
def set_aside(thread: Thread, *, actor: User, why: str = "") -> Thread:
    """No customer has written this: advertising, a wrong address."""
    if thread.state != State.UNASSIGNED:
        raise Refused(_("This has been settled already."))
    thread.state, thread.why = State.ASIDE, why.strip()[:200]
    thread.save()
    return thread
