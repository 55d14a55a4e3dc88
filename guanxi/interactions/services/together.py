"""Calls, visits and messages of ours are contacts too: departments learn of each other's in the same week (GROUP-02)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from guanxi.customers.services.teams import Contact, contacts, tell_of_contact
from guanxi.formats.dates import monday
from guanxi.interactions.models import Interaction
from guanxi.kernel import clock, events, work
from guanxi.kernel.filters.env import start_of

LABEL, MADE = "interactions.interaction", "interactions.interaction.made"
MOST = 50  # of one act: who writes to hundreds of customers at once is not in touch with each of them
events.declare(MADE)


def dealings(accounts: list[int], first: date, after: date) -> Iterable[Contact]:
    rows = Interaction.objects.filter(
        account__in=accounts, direction=Interaction.Direction.OUT, owner__isnull=False,
        at__gte=start_of(first), at__lt=start_of(after),
    )  # fmt: skip
    found = rows.order_by("at", "pk").values_list("owner", "account", "at")
    return [Contact(by, account, timezone.localtime(at).date()) for by, account, at in found]


contacts.append(dealings)


@work.sealer(41, LABEL)
def note_contacts(unit: work.Work) -> None:
    """What was said this week is announced after the unit; old dealings that are only written down now are not."""
    begun = start_of(monday(clock.today()))
    made: list[Any] = [
        change.row for change in list(unit.changes.values())
        if change.label == LABEL and change.verb == "created" and counts(change.row) and change.row.at >= begun
    ]  # fmt: skip
    for row in made if len(made) <= MOST else ():
        events.publish(MADE, row.company_id, id=row.pk)


def counts(row: Any) -> bool:
    return bool(row.direction == Interaction.Direction.OUT and row.account_id and row.owner_id)


@events.listen(MADE)
def tell_of_dealing(event: events.Event) -> None:
    row = Interaction.objects.filter(pk=event.payload["id"]).first()
    if row is not None and counts(row):
        tell_of_contact(Contact(row.owner_id, row.account_id, timezone.localtime(row.at).date()))
