"""Is somebody already working with this customer? (INFO-17)  The one place that is asked before a new file is begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from guanxi.customers.models import Account, Kind, Need
from guanxi.customers.queries.accounts import twins
from guanxi.org.models import Comment, User

SHOWN = 5


@dataclass(frozen=True)
class Known:
    """A file that may be the same customer; outside one's reach its name is shortened and it has no address."""

    account_id: int
    name: str
    owner: str
    last_contact_on: date | None
    why: Any
    url: str


def known(values: Mapping[str, str], user: User) -> list[Known]:
    """Files of the company with the same phone or name as what is being registered."""
    organisation = values.get("organisation", "").strip()
    found = twins(
        user.company_id, name=organisation or values.get("name", "").strip(), phone=values.get("phone", ""),
        kind=Kind.COMPANY if organisation else Kind.PERSON,
    )[:SHOWN]  # fmt: skip
    ids = [twin.account_id for twin in found]
    reach = set(Account.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Known(
            twin.account_id, twin.name if twin.account_id in reach else shortened(twin.name), twin.owner,
            twin.last_contact_on, twin.why,
            reverse("record", args=["customers", twin.account_id]) if twin.account_id in reach else "",
        )
        for twin in found
    ]  # fmt: skip


def shortened(name: str) -> str:
    """`远航**公司`: enough to recognise a customer one speaks with, too little to copy."""
    return f"{name[:2]}**{name[-2:]}" if len(name) > 5 else f"{name[:1]}**"


@dataclass(frozen=True)
class Contacted:
    """The newest noted contact with a customer: when, and by whom if that is known."""

    on: date | None
    by: str


def last_contact(account: Account) -> Contacted:
    """From dated entries and remarks, and from the date the file itself carries."""
    need = Need.objects.filter(account=account).select_related("created_by").order_by("-on", "-pk").first()
    remark = Comment.objects.filter(label="customers.account", object_id=account.pk).select_related("author").first()
    found = [(need.on, str(need.created_by or ""))] if need else []
    if remark:
        found.append((timezone.localtime(remark.created_at).date(), remark.author.name))
    on, by = max(found, default=(None, ""), key=lambda pair: pair[0])
    if account.last_contact_on and (on is None or account.last_contact_on > on):
        return Contacted(account.last_contact_on, "")
    return Contacted(on, by)
