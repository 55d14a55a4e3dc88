"""Contracts on the customer's page with the days left and what both sides owe; documents and open points of a contract."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.contracts.models import IN_FORCE, Contract, Obligation
from guanxi.contracts.services.contracts import missing_terms
from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url
from guanxi.kernel.prepared import once
from guanxi.web.panels import panel

LABEL = "contracts.contract"
SOON = 60
MOST = 20


def _in_force(user: Any, account_id: int | None) -> Any:
    rows = Contract.objects.visible_to(user).filter(account=account_id, state__in=IN_FORCE)
    return rows.only("title", "ends_on").order_by("ends_on", "pk")[:MOST]


@panel("customers.account", "contracts/of_customer.html", order=47, needs=LABEL, asks=(_in_force,))
def contracts_of_customer(account: Account, user: Any) -> dict[str, Any] | None:
    """What is in force, how long, and what either side still has to do (CONTR-04, INFO-03)."""
    rows = once(account, _in_force, user)
    if not rows:
        return None
    owed: dict[int, list[Obligation]] = {}
    if user.may("view", "contracts.obligation"):
        open_ones = Obligation.objects.visible_to(user).filter(contract__in=[row.pk for row in rows], done_on=None)
        for one in open_ones.order_by("due_on", "pk")[: MOST * 2]:
            owed.setdefault(one.contract_id, []).append(one)
    return {"rows": [_line(row, owed.get(row.pk, [])) for row in rows], "today": clock.today()}


def _line(row: Contract, owed: list[Obligation]) -> dict[str, Any]:
    left = row.days_left
    tone = "gray" if left is None else "red" if left < 0 else "amber" if left <= SOON else "green"
    sides = [(side.label, [one for one in owed if one.side == side]) for side in Obligation.Side]
    return {"row": row, "left": left, "tone": tone, "sides": [pair for pair in sides if pair[1]]}


@panel(LABEL, "contracts/missing.html", order=10)
def contract_gaps(contract: Contract, _user: Any) -> dict[str, Any] | None:
    """What of a draft is missing before it can be reviewed (CONTR-02)."""
    lacking = missing_terms(contract) if contract.state == Contract.State.DRAFT else []
    return {"lacking": lacking} if lacking else None


@panel(LABEL, "contracts/obligations.html", order=20, needs="contracts.obligation")
def contract_obligations(contract: Contract, user: Any) -> dict[str, Any]:
    """What both sides owe, with the way to add more."""
    rows = list(Obligation.objects.visible_to(user).filter(contract=contract).order_by("due_on", "pk")[: MOST * 5])
    url = f"{list_url('obligations')}new/?contract={contract.pk}"
    add = url if user.may("add", "contracts.obligation") else ""
    return {"rows": rows, "add": add, "today": clock.today()}


@panel(LABEL, "contracts/document.html", place="rail", order=5)
def contract_document(contract: Contract, _user: Any) -> dict[str, Any]:
    """The way to the document, with and without prices."""
    return {"url": reverse("contract-pdf", args=[contract.pk])}
