"""Where each person's visits go and where the customers are, and on which classes the time is spent (CARD-05, CLASS-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from guanxi.customers.models import Account
from guanxi.customers.queries.tiers import policy_on
from guanxi.formats.regions import place
from guanxi.interactions.models import Interaction, Visit

MOST = 200


@dataclass
class Leg:
    """One area of one person in a period."""

    person_id: int
    person: str
    region: str
    customers: int = 0
    untouched: int = 0
    due: int = 0
    visits: int = 0
    minutes: int = 0

    @property
    def area(self) -> str:
        return place(self.region, unknown=self.region) if self.region else ""

    @property
    def minutes_each(self) -> int | None:
        return self.minutes // self.visits if self.visits else None


def legs(user: Any, first: date, last: date) -> list[Leg]:
    """Customers, visits and gaps by person and area; where most is left undone stands first."""
    cards = Account.objects.visible_to(user).filter(owner__isnull=False, retired_on=None).order_by()
    grouped = cards.values_list("owner", "owner__name", "region_code").annotate(
        n=Count("pk"), untouched=Count("pk", filter=Q(last_contact_on=None) | Q(last_contact_on__lt=first)),
        due=Count("pk", filter=Q(next_contact_on__lte=last)),
    )  # fmt: skip
    found = {(pk, region): Leg(pk, name, region, n, old, due) for pk, name, region, n, old, due in grouped}
    done = Visit.objects.visible_to(user).filter(state="done", day__range=(first, last)).order_by()
    driven = done.values_list("owner", "owner__name", "account__region_code")
    for pk, name, region, n, minutes in driven.annotate(n=Count("pk"), spent=Sum("minutes")):
        leg = found.setdefault((pk, region), Leg(pk, name, region))
        leg.visits, leg.minutes = n, minutes or 0
    return sorted(found.values(), key=lambda leg: (-leg.due, -leg.untouched, leg.person, leg.region))[:MOST]


def time_shares(user: Any, first: date, last: date) -> list[dict[str, Any]]:
    """Minutes spent by class of the customer beside the share the tier policy asks for."""
    rows = Interaction.objects.visible_to(user).filter(at__date__range=(first, last), minutes__isnull=False).order_by()
    spent = dict(rows.values_list("account__grade").annotate(total=Sum("minutes")))
    whole = sum(spent.values())
    found = []
    for grade in ("A", "B", "C", "D", ""):
        policy = policy_on(user.company_id, grade) if grade else None
        wanted: Decimal | None = policy.time_share if policy else None
        if grade in spent or wanted is not None:
            minutes = spent.get(grade, 0)
            share = round(100 * minutes / whole) if whole else 0
            found.append({"grade": grade, "minutes": minutes, "share": share, "wanted": wanted})
    return found
