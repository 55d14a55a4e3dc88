"""What follows from a dealing within the same unit: the customer's last and next contact (FUP-04)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction, Visit
from guanxi.kernel import work

LABEL, VISIT = "interactions.interaction", "interactions.visit"
FACTS = frozenset({"at", "next_contact_on", "account_id", "opportunity_id"})


def newest(unit: work.Work, label: str, about: Callable[[Any], int | None]) -> dict[int, Any]:
    """What was said in this unit, the newest for each row that it is `about` (None: about nothing that counts)."""
    found: dict[int, Any] = {}
    for change in list(unit.changes.values()):
        if change.label == label and change.verb in ("created", "changed") and FACTS & change.new.keys():
            said: Any = change.row
            pk = about(said) if said.deleted_at is None else None
            if pk is not None and (pk not in found or found[pk].at <= said.at):
                found[pk] = said
    return found


@work.sealer(37, VISIT)
def name_opportunity(unit: work.Work) -> None:
    """An opportunity named after the visit was written up stands with its dealing as well."""
    for change in list(unit.changes.values()):
        if change.label == VISIT and change.verb == "changed" and "opportunity_id" in change.new:
            visit: Any = change.row
            if visit.state == Visit.State.DONE:
                for said in Interaction.objects.filter(label=VISIT, object_id=visit.pk):
                    said.opportunity_id = visit.opportunity_id
                    said.save(update_fields=["opportunity"])


@work.sealer(39, LABEL)
def move_dates(unit: work.Work) -> None:
    """The newest dealing says when the customer was last spoken to, and when it goes on."""
    said = newest(unit, LABEL, lambda row: row.account_id)
    for account in Account.objects.filter(pk__in=said) if said else ():
        _move(account, said[account.pk])


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
