"""Is somebody already working with this customer? (INFO-17)  The one place that is asked before a new file is begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from guanxi.approvals.models import Approval, Vote
from guanxi.customers.models import Account, Kind, Need
from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.queries.check import Hit, check
from guanxi.filing.models import Registration
from guanxi.kernel.prepared import once
from guanxi.org.models import Comment, User

TAKING = "filing.take"  # the request for a customer that another branch keeps


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
class Asked:
    """A request for a customer of another branch: where it stands, who has to decide or what was said."""

    approval: Approval
    people: tuple[str, ...]
    said: str


def asked_for(rows: Iterable[Registration], company_id: int) -> dict[int, Asked]:
    """The newest request made from each of these registrations."""
    wanted = {row.pk: row.created_at for row in rows}
    if not wanted:
        return {}
    found = Approval.objects.filter(company_id=company_id, kind=TAKING, created_at__gte=min(wanted.values()))
    newest = {one.payload["registration"]: one for one in found.order_by("pk")}
    newest = {pk: one for pk, one in newest.items() if pk in wanted}
    votes = Vote.objects.filter(approval__in=list(newest.values()), state__in=("open", "refused"))
    by_approval: dict[int, list[Vote]] = {}
    for vote in votes.select_related("person"):
        by_approval.setdefault(vote.approval_id, []).append(vote)
    return {
        pk: Asked(
            one,
            tuple(vote.person.name for vote in by_approval.get(one.pk, ())),
            next((vote.opinion for vote in by_approval.get(one.pk, ()) if vote.opinion), ""),
        )
        for pk, one in newest.items()
    }


@dataclass(frozen=True)
class Contacted:
    """The newest noted contact with a customer: when, and by whom if that is known."""

    on: date | None
    by: str


def last_need_of(_user: Any, account_id: int) -> QuerySet[Any]:
    rows = Need.objects.filter(account=account_id).order_by("-on", "-pk")
    return rows.values_list("on", "created_by__name")[:1]  # type: ignore[no-any-return]


def last_remark_of(_user: Any, account_id: int) -> QuerySet[Any]:
    rows = Comment.objects.filter(label="customers.account", object_id=account_id).order_by("-pk")
    return rows.values_list("created_at", "author__name")[:1]  # type: ignore[no-any-return]


def last_contact(account: Account, user: Any = None) -> Contacted:
    """From dated entries and remarks, and from the date the file itself carries."""
    found = [(on, by or "") for on, by in once(account, last_need_of, user)]
    found += [(timezone.localtime(at).date(), by) for at, by in once(account, last_remark_of, user)]
    on, by = max(found, default=(None, ""), key=lambda pair: pair[0])
    if account.last_contact_on and (on is None or account.last_contact_on > on):
        return Contacted(account.last_contact_on, "")
    return Contacted(on, by)
