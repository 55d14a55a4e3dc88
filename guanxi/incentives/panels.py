"""The balance above the list, the way to an entry's evidence, and the entries that rest on a record."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.incentives.models import Entry, Measure, Unit, this_month
from guanxi.incentives.queries import ledger
from guanxi.incentives.queries.ledger import LABEL, balance, booked, entries_about
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.rulebook.models import Duty
from guanxi.web.nav import link
from guanxi.web.panels import panel

SHOWN = 20


@panel(LABEL, "incentives/balance.html", place="list", order=10)
def own_balance(listing: Any, user: Any) -> dict[str, Any] | None:
    """Where the person's own account stands, and which measures hold (shown over one's own entries)."""
    if listing.tab.key != "mine":
        return None
    now, month = balance(user), booked(user.company_id).filter(owner=user, month=this_month())
    sums = [
        {"label": unit.label, "total": now[unit], "month": sum(row.amount for row in month if row.unit == unit)}
        for unit in Unit
    ]
    return {
        "sums": sums,
        "measures": Measure.objects.filter(person=user, state=Measure.State.APPROVED).order_by("-pk")[:SHOWN],
    }


@panel(LABEL, "incentives/sheets.html", place="list", order=20)
def sheets(_listing: Any, user: Any) -> dict[str, Any]:
    """The ways to the sheet of a month and to what is closed."""
    return {"may_see_months": user.may("add", "incentives.monthclose")}


@panel("incentives.monthclose", "incentives/to_close.html", place="form", order=10)
def to_close(_row: Any, user: Any) -> dict[str, Any]:
    """What closing would close, and what is still undecided there."""
    undecided = {"f": "state", "op": "in", "v": ["proposed", "objected"]}
    rows = [
        {**row, "sheet": f"{reverse('incentive-month')}?month={row['month']:%Y-%m}",
         "undecided": link("incentives", undecided, {"f": "month", "op": "on", "v": row["month"].isoformat()})}
        for row in ledger.to_close(user)
    ]  # fmt: skip
    return {"months": rows}


@panel(LABEL, "incentives/evidence.html", order=10)
def evidence(row: Entry, user: Any) -> dict[str, Any] | None:
    """The record the entry rests on, the entry that takes it back, and the one it takes back, where one may see them."""
    found = [_link(row.evidence_label, row.evidence_id, user)] if row.evidence_id else []
    reversal = Entry.objects.visible_to(user).filter(reverses=row).first()
    if reversal is not None:
        found.append(_link(LABEL, reversal.pk, user))
    links = [one for one in found if one is not None]
    return {"links": links} if links else None


def objected(row: Entry, user: Any) -> dict[str, Any] | None:
    """Whoever decides on an objection reads it before anything else, also in the dialog of the decision."""
    hidden = "objection" in user.closed_fields(LABEL) | user.masked_fields(LABEL)
    return {"entry": row} if row.state == Entry.State.OBJECTED and not hidden else None


for place in ("main", "verb:uphold", "verb:reject"):
    panel(LABEL, "incentives/objected.html", place=place, order=1)(objected)


def _link(label: str, pk: int | None, user: Any) -> dict[str, Any] | None:
    try:
        declared = entity(label)
    except KeyError:
        return None
    rows: Any = declared.model.objects
    row = rows.visible_to(user).filter(pk=pk).first() if user.may("view", label) else None
    if row is None:
        return None
    url = record_url(declared.slug, row.pk)
    return {"icon": declared.icon, "url": url, "text": str(row), "what": declared.singular}


@panel("rulebook.duty", "incentives/about.html", needs=LABEL)
def of_duty(row: Duty, user: Any) -> dict[str, Any] | None:
    """What a missed duty has brought."""
    found = list(entries_about([(row._meta.label_lower, [row.pk])], user)[:SHOWN])
    return {"entries": found} if found else None
