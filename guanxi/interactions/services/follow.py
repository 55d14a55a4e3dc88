"""What follows from a dealing within the same unit: the customer's last and next contact (FUP-04)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction
from guanxi.kernel import work

LABEL = "interactions.interaction"
FACTS = frozenset({"at", "next_contact_on", "account_id"})


@work.sealer(39)
def move_dates(unit: work.Work) -> None:
    """The newest dealing says when the customer was last spoken to, and when it goes on."""
    newest: dict[int, Interaction] = {}
    for change in list(unit.changes.values()):
        if change.label == LABEL and change.verb in ("created", "changed") and FACTS & change.new.keys():
            row: Any = change.row
            known = newest.get(row.account_id)
            if row.deleted_at is None and (known is None or known.at <= row.at):
                newest[row.account_id] = row
    accounts = Account.objects.filter(pk__in=newest) if newest else ()
    for account in accounts:
        _move(account, newest[account.pk])


def _move(account: Account, row: Interaction) -> None:
    on = timezone.localtime(row.at).date()
    if account.last_contact_on is not None and on < account.last_contact_on:
        return  # something later is known already
    coming = row.next_contact_on
    if coming is None and account.next_contact_on is not None and account.next_contact_on > on:
        coming = account.next_contact_on  # planned before, and still ahead
    if coming != account.next_contact_on:
        account.last_contact_on, account.next_contact_on = on, coming
        account.save(update_fields=["last_contact_on", "next_contact_on"])
    elif on != account.last_contact_on:
        Account.objects.filter(pk=account.pk).update_silently(last_contact_on=on)
