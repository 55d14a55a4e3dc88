"""Which cards are lent to whom, and what somebody may learn of a card before borrowing it (CARD-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from guanxi.custody.models import CardLoan
from guanxi.customers.models import Account
from guanxi.kernel import clock, search

ACCOUNT = "customers.account"
SHORTEST, MOST = 2, 10


def lent_to(user_id: int, day: date) -> dict[str, list[int]]:
    """The cards a person may read besides those in reach."""
    ids = list(CardLoan.objects.filter(CardLoan.on(day), owner=user_id).values_list("account_id", flat=True))
    return {ACCOUNT: ids} if ids else {}


@dataclass(frozen=True)
class Hit:
    """A card of the company as a stranger sees it: a veiled name and who keeps it."""

    account_id: int
    name: str
    keeper: str
    department: str
    visible: bool
    kept: bool


def veiled(name: str) -> str:
    """First and last character; enough for who knows the name, too little for who wants a list of them."""
    return f"{name[:1]}****{name[-1:]}" if len(name) > 2 else f"{name[:1]}*"


def kept(account: Account) -> bool:
    """Somebody looks after it and decides on a loan; in a pool nobody does."""
    return account.owner_id is not None or account.department_id is not None


def find(user: Any, text: str) -> list[Hit]:
    """Cards of the whole company whose name holds the text; never more than a few."""
    text = text.strip()
    found = search.matching_ids(ACCOUNT, text, user.company_id) if len(text) >= SHORTEST else None
    if found is None:
        return []
    rows = Account.objects.filter(company_id=user.company_id, pk__in=found, name__icontains=text)
    rows = list(rows.select_related("owner", "department").order_by("-pk")[:MOST])
    mine = set(Account.objects.visible_to(user).filter(pk__in=[r.pk for r in rows]).values_list("pk", flat=True))
    return [
        Hit(
            account_id=row.pk,
            name=row.name if row.pk in mine else veiled(row.name),
            keeper=row.owner.name if row.owner else "",
            department=row.department.name if row.department else "",
            visible=row.pk in mine,
            kept=kept(row),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Running:
    """A loan with the name of its card, veiled unless the card is lent."""

    loan: CardLoan
    name: str
    lent: bool


def running(user: Any) -> list[Running]:
    """What this person has asked for, has on loan or has not handed back."""
    rows = CardLoan.objects.filter(owner=user, state__in=["asked", "lent", "expired"]).select_related("account")
    return [
        Running(loan, loan.account.name if loan.state == "lent" else veiled(loan.account.name), loan.state == "lent")
        for loan in rows.order_by("until", "pk")[:50]
    ]


def running_on(account_id: int, user: Any) -> CardLoan | None:
    """The loan that opens this card to this person today."""
    rows = CardLoan.objects.filter(CardLoan.on(clock.today()), owner=user.pk, account=account_id)
    found: CardLoan | None = rows.order_by("-until").first()
    return found
