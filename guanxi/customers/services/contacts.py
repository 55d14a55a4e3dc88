"""Verbs of contacts: who purchases now, who is the main contact, who has left."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import BuyingRole, Contact
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User


@action(Contact, label=_("Make purchaser"), icon="user-check", bulk=False, labels={"reason": _("Reason")},
        when=lambda contact: contact.role != BuyingRole.PURCHASER and contact.left_on is None)  # fmt: skip
def name_purchaser(contact: Contact, *, actor: User, reason: str = "") -> Contact:
    """This person buys from now on, whoever did before no longer; written down as a change of purchaser (INFO-02)."""
    if contact.left_on is not None:
        raise Refused(_("%(name)s has left.") % {"name": contact.name})
    for former in contact.account.contacts.filter(role=BuyingRole.PURCHASER).exclude(pk=contact.pk):
        former.role = ""
        former.save(update_fields=["role"])
    contact.role = BuyingRole.PURCHASER
    contact.save(update_fields=["role"])
    return contact


@action(Contact, label=_("Make main contact"), icon="star", bulk=False,
        when=lambda contact: not contact.is_primary and contact.left_on is None)  # fmt: skip
def make_primary(contact: Contact, *, actor: User) -> Contact:
    contact.is_primary = True
    contact.save(update_fields=["is_primary"])
    return contact


@action(Contact, label=_("Has left"), icon="logout", labels={"on": _("On"), "reason": _("Reason")},
        when=lambda contact: contact.left_on is None)  # fmt: skip
def leave(contact: Contact, *, actor: User, on: date | None = None, reason: str = "") -> Contact:
    """The person no longer works there; the file keeps them with the day."""
    contact.left_on, contact.is_primary = on or clock.today(), False
    contact.save(update_fields=["left_on", "is_primary"])
    return contact
