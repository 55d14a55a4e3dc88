"""What stands beside targets and commission: ways between the pages, and what a statement is made of."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.org.models.amounts import money_sum
from guanxi.targets.models import CommissionLine, Statement
from guanxi.targets.queries.statements import by_grade, total_of
from guanxi.web.nav import link
from guanxi.web.panels import panel

STATEMENT, LINE, TARGET = "targets.statement", "targets.commissionline", "targets.target"


@panel(STATEMENT, "targets/statement.html", order=10)
def made_of(row: Statement, user: Any) -> dict[str, Any]:
    """By profit grade and rate; every figure opens into its lines."""
    found = by_grade(user, row)
    for one in found:
        one["url"] = link("commission-lines", *one["where"])
    return {"found": found, "base": total_of(found, "base"), "amount": total_of(found, "amount"),
            "lines": link("commission-lines", {"f": "statement", "op": "is", "v": row.pk})}  # fmt: skip


@panel(LINE, "targets/origin.html", order=10)
def origin(row: CommissionLine, user: Any) -> dict[str, Any] | None:
    """The receipt and the order a line rests on, where one may see them."""
    links = []
    if row.receipt is not None and user.may("view", "sales.receipt"):
        links.append({"url": record_url("receipts", row.receipt_id), "text": str(row.receipt)})
    if row.order is not None and user.may("view", "sales.order"):
        links.append({"url": record_url("orders", row.order_id), "text": str(row.order)})
    return {"links": links, "statement": row.statement} if links else None


@panel(LINE, "targets/sums.html", place="list", order=10)
def sums(listing: Any, user: Any) -> dict[str, Any] | None:
    """What all lines the list finds come to, loaded or not, in the columns this person may read."""
    closed = user.closed_fields(LINE) | user.masked_fields(LINE)
    names = [name for name in ("base", "amount") if name not in closed]
    found = listing.rows.order_by().aggregate(n=Count("pk"), **{name: money_sum(name) for name in names})
    labels = {name: entity(LINE).field(name, user.company).label for name in names}
    return {"n": found["n"], "sums": [(labels[name], found[name]) for name in names]} if found["n"] and names else None


@panel("sales.receipt", "targets/of_receipt.html", order=60, needs=LINE)
def commission_of(row: Any, user: Any) -> dict[str, Any] | None:
    """What a receipt brought to whom."""
    rows = CommissionLine.objects.visible_to(user).filter(share__receipt=row)
    found = list(rows.select_related("owner", "product", "grade").order_by("pk")[:20])
    return {"found": found, "total": sum(one.amount for one in found)} if found else None


@panel(STATEMENT, "targets/ways.html", place="list", order=10)
def ways(_listing: Any, user: Any) -> dict[str, Any]:
    """The ways to plans and to the recalculation."""
    plans = link("commission-plans") if user.may("view", "targets.commissionplan") else ""
    return {"plans": plans, "may_recompute": user.may("settle", STATEMENT)}


@panel(TARGET, "targets/target_ways.html", place="list", order=10)
def target_ways(_listing: Any, user: Any) -> dict[str, Any]:
    """The ways to the table and to what was reached."""
    return {"may_write": user.may("add", TARGET), "may_see": user.may("view", "sales.order")}
