"""A day of visits: whom to visit, whom one might visit besides, what is still to be written; and which plan covers it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from guanxi.customers.models import Account
from guanxi.interactions.models import Visit, VisitPlan

SUGGESTED = 8
ON_THE_WAY = ("planned", "started", "done")


def pack(user: Any, day: date) -> list[Visit]:
    """The person's visits of the day: open ones first, by area and address."""
    rows = Visit.objects.filter(owner=user, day=day, state__in=ON_THE_WAY).select_related("account")
    return sorted(rows, key=_place)


def _place(visit: Visit) -> tuple[Any, ...]:
    there = visit.account
    return visit.state == Visit.State.DONE, there.region_code or "~", there.address or "~", visit.pk


def not_handed_back(user: Any, day: date) -> list[Visit]:
    """Visits of earlier days whose form the person has not written."""
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


def agreed_plan(person: Any, day: date) -> VisitPlan | None:
    """The plan of this person that was agreed and covers the day."""
    rows = VisitPlan.objects.filter(owner=person, state=VisitPlan.State.AGREED, starts_on__lte=day, ends_on__gte=day)
    return rows.order_by("pk").first()  # type: ignore[no-any-return]


def visits_of(plan: VisitPlan) -> QuerySet[Any]:
    """The visits an agreed plan covers; before, those planned within its days, which it would cover."""
    rows = Visit.objects.filter(plan=plan)
    if plan.state != VisitPlan.State.AGREED:
        days = (plan.starts_on, plan.ends_on)
        rows = Visit.objects.filter(owner=plan.owner_id, plan=None, state=Visit.State.PLANNED, day__range=days)
    return rows.select_related("account").order_by("day", "pk")  # type: ignore[no-any-return]


def open_before(day: date) -> QuerySet[Any]:
    """Visits of earlier days that were begun and not written up."""
    rows = Visit.objects.filter(day__lt=day, state=Visit.State.STARTED)
    return rows.select_related("account", "owner__department", "owner__company")  # type: ignore[no-any-return]
