"""Is somebody already working with this customer? (INFO-17)  The one place that is asked before a new file is begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from guanxi.customers.models import Account, Kind, Need
from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.queries.check import Hit, check
from guanxi.org.models import Comment, User


def known(values: Mapping[str, str], user: User) -> list[Hit]:
    """Files of the whole company that look like what is being registered, as this person may see them."""
    account = kind_of(Account._meta.label_lower)
    if account is None:
        return []
    organisation = values.get("organisation", "").strip()
    typed = {
        "name": organisation or values.get("name", "").strip(), "phone": values.get("phone", ""),
        "kind": Kind.COMPANY if organisation else Kind.PERSON,
    }  # fmt: skip
    return [hit for hit in check(account.of_values(typed), user) if hit.label == account.label]


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
