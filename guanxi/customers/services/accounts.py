"""Verbs of accounts: hand over, label, mark as key, confirm, retire."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.numbers import number_rows


def follow_owner(account: Account) -> None:
    """Before an account is stored: its department is that of its owner."""
    if account.owner is not None:
        account.hand_to(account.owner)


def number(accounts: list[Account]) -> None:
    """Before new accounts are stored: those without a code get the next one."""
    number_rows(accounts, "KH", "code", period="", width=6)


@action(
    Account,
    label=_("Hand over"),
    permission="hand_over",
    icon="transfer",
    labels={"to": _("To"), "reason": _("Reason")},
)
def hand_over(account: Account, *, actor: User, to: User, reason: str) -> Account:
    """Give the account to another person, department included; the trail keeps who, whom and why."""
    if not reason.strip():
        raise Refused(_("Say why the account changes hands."), field="reason")
    if to.company_id != account.company_id or not to.is_active:
        raise Refused(_("This person cannot take over accounts."), field="to")
    if account.owner_id == to.pk:
        raise Refused(_("%(name)s already looks after this account.") % {"name": to.name}, field="to")
    account.hand_to(to)
    account.save(update_fields=["owner", "department"])
    return account


@action(Account, label=_("Add tags"), icon="tag", labels={"tags": _("Tags")})
def add_tags(account: Account, *, actor: User, tags: list[str]) -> Account:
    wanted = list(dict.fromkeys([*account.tags, *tags]))
    if wanted != account.tags:
        account.tags = wanted
        account.save(update_fields=["tags"])
    return account


@action(Account, label=_("Remove tags"), icon="tag", labels={"tags": _("Tags")})
def remove_tags(account: Account, *, actor: User, tags: list[str]) -> Account:
    kept = [tag for tag in account.tags if tag not in tags]
    if kept != account.tags:
        account.tags = kept
        account.save(update_fields=["tags"])
    return account


@action(Account, label=_("Mark as key customer"), icon="star", when=lambda account: not account.is_key)
def mark_key(account: Account, *, actor: User) -> Account:
    """Lift the account out of the mass, a future key customer as well (INFO-11)."""
    account.is_key = True
    account.save(update_fields=["is_key"])
    return account


@action(Account, label=_("Remove key mark"), icon="star", when=lambda account: account.is_key)
def unmark_key(account: Account, *, actor: User) -> Account:
    account.is_key = False
    account.save(update_fields=["is_key"])
    return account


@action(Account, label=_("Confirm file"), icon="circle-check")
def confirm_file(account: Account, *, actor: User) -> Account:
    """The person has checked the file with the customer today (INFO-14)."""
    account.confirmed_on, account.confirmed_by = clock.today(), actor
    account.save(update_fields=["confirmed_on", "confirmed_by"])
    return account


@action(Account, label=_("Retire"), icon="archive", danger=True, when=lambda account: account.retired_on is None,
        labels={"reason": _("Reason")})  # fmt: skip
def retire(account: Account, *, actor: User, reason: str) -> Account:
    """The customer no longer exists or no longer counts: it leaves the working lists and stays on file (INFO-15)."""
    if not reason.strip():
        raise Refused(_("Say why the account is retired."), field="reason")
    account.retired_on = clock.today()
    account.next_contact_on = None
    account.save(update_fields=["retired_on", "next_contact_on"])
    return account


@action(
    Account,
    label=_("Take back into work"),
    icon="rotate",
    when=lambda account: account.retired_on is not None,
)
def revive(account: Account, *, actor: User) -> Account:
    account.retired_on = None
    account.save(update_fields=["retired_on"])
    return account
