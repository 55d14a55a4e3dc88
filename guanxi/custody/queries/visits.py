"""The pack of a day: whom to visit, whom one might visit besides, and which cards have not come back (CARD-03, CARD-04)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from guanxi.custody.models import Visit
from guanxi.customers.models import Account

SUGGESTED = 8
ON_THE_WAY = ("planned", "started", "done")


def pack(user: Any, day: date) -> list[Visit]:
    """The person's visits of the day, open ones first."""
    rows = Visit.objects.filter(owner=user, day=day, state__in=ON_THE_WAY).select_related("account")
    return sorted(rows, key=lambda visit: (visit.state == Visit.State.DONE, visit.pk))


def not_handed_back(user: Any, day: date) -> list[Visit]:
    """Cards of earlier days that the person still holds."""
    rows = Visit.objects.filter(owner=user, day__lt=day, state=Visit.State.STARTED).select_related("account")
    return list(rows.order_by("day", "pk")[:50])


def suggested(user: Any, day: date) -> list[dict[str, Any]]:
    """Own customers whose contact is due, then those near the ones that are visited anyway."""
    planned = [visit.account for visit in pack(user, day)]
    mine: QuerySet[Any] = Account.objects.visible_to(user).filter(owner=user, retired_on=None)
    free = mine.exclude(pk__in=[account.pk for account in planned])
    due = list(free.filter(next_contact_on__lte=day).order_by("next_contact_on", "pk")[:SUGGESTED])
    found = [{"account": account, "due": account.next_contact_on} for account in due]
    places = {account.region_code for account in planned if account.region_code}
    if places and len(found) < SUGGESTED:
        near = free.filter(region_code__in=places).exclude(pk__in=[account.pk for account in due])
        found += [
            {"account": one, "due": None} for one in near.order_by("last_contact_on", "pk")[: SUGGESTED - len(found)]
        ]
    return found


def open_before(day: date) -> QuerySet[Any]:
    """Visits of earlier days that were begun and not written up."""
    rows = Visit.objects.filter(Q(day__lt=day), state=Visit.State.STARTED)
    return rows.select_related("account", "owner__department", "owner__company")  # type: ignore[no-any-return]
