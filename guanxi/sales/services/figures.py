"""What follows from lines and shares: the figures of orders and receipts, receivables, and the customer's order days.

A sealer runs this at the end of every unit of work that touched an order, a line or a share, whichever way the change
came in, so nobody ever reads a sum that its parts contradict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, Min, OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Stage, StageChange
from guanxi.formats.money import cents
from guanxi.kernel import clock, work
from guanxi.kernel.errors import Refused
from guanxi.kernel.models.pour import insert
from guanxi.sales.models import COUNTED, Instalment, Order, OrderLine, Receipt, ReceiptShare, Receivable
from guanxi.sales.services.instalments import refit

ZERO = Decimal(0)
CHUNK = 500
FIGURES = ("amount", "discount_amount", "cost", "profit", "received", "payment")
READ = (
    *FIGURES,
    "company",
    "number",
    "account",
    "kind",
    "state",
    "ordered_on",
    "due_on",
    "deleted_at",
    "created_by",
)
FACTS = frozenset({"state", "kind", "account_id", "ordered_on", "due_on", "deleted_at"})
STAGES = (Stage.POTENTIAL, Stage.FIRST, Stage.REPEAT)  # after no, one and more orders


@work.sealer(20, "sales.order", "sales.orderline", "sales.receiptshare", "sales.instalment")
def keep_true(unit: work.Work) -> None:
    """Settle every order and receipt whose parts this unit touched."""
    orders, lined, receipts, accounts = set(), set(), set(), set()
    for change in list(unit.changes.values()):
        both: list[dict[str, Any]] = [change.old, change.new]
        if change.label in ("sales.orderline", "sales.receiptshare", "sales.instalment"):
            touched = {side["order_id"] for side in both if "order_id" in side} | {change.row.order_id}
            orders |= touched
            lined |= touched if change.label == "sales.orderline" else set()
        if change.label == "sales.receiptshare":
            receipts.add(change.row.receipt_id)
        if change.label == "sales.order" and FACTS & change.new.keys():
            orders.add(change.object_id)
            accounts |= {side["account_id"] for side in both if "account_id" in side} | {change.row.account_id}
    settle_receipts(receipts)
    for order in settle(orders):
        if order.pk in lined:
            _require_open_lines(order, unit)
        held = unit.changes.get(("sales.order", order.pk))
        if held is not None and held.row is not None:
            for name in FIGURES:
                setattr(held.row, name, getattr(order, name))
    refresh_facts(accounts)


def _require_open_lines(order: Order, unit: work.Work) -> None:
    """Lines change only until goods have left or the order was cancelled; a new order brings its own."""
    held = unit.changes.get(("sales.order", order.pk))
    if held is not None and held.verb == "created":
        return
    before = held.old.get("state", order.state) if held is not None else order.state
    if before not in (Order.State.DRAFT, Order.State.CONFIRMED):
        raise Refused(_("The lines of this order can no longer be changed; write a return instead."))


def settle(order_ids: Iterable[int]) -> list[Order]:
    """Bring amount, discount, cost, profit, received and receivable of these orders in line with their parts.

    Refuses if an order would have received more than its amount.
    """
    settled = []
    for chunk in _chunks(order_ids):
        # The lock makes parallel units add up one after the other.
        orders: list[Order] = locked_rows(Order, chunk, READ)
        # Percents are divided by 100 here and not in SQL, where SQLite would cut off the cents.
        lines = _sums(
            OrderLine.objects.filter(order__in=chunk), "order",
            amount=Sum("amount"), cost=Sum("cost"),
            off=Sum(F("quantity") * F("price") * F("discount"), output_field=models.DecimalField()),
        )  # fmt: skip
        shares = _sums(ReceiptShare.objects.filter(order__in=chunk), "order", received=Sum("amount"))
        for order in orders:
            _settle_order(order, lines.get(order.pk, {}), shares.get(order.pk, {}))
        _settle_receivables(orders)
        settled += orders
    return settled


def _settle_order(order: Order, lines: dict[str, Decimal], shares: dict[str, Decimal]) -> None:
    before = [getattr(order, name) for name in FIGURES]
    order.amount = lines.get("amount", ZERO) * order.sign
    order.discount_amount = cents(lines.get("off", ZERO) / 100) * order.sign
    order.cost = lines.get("cost", ZERO) * order.sign
    order.profit = order.amount - order.cost
    order.received = shares.get("received", ZERO)
    if not min(ZERO, order.amount) <= order.received <= max(ZERO, order.amount):
        raise Refused(_("Order %(number)s cannot receive more than its amount.") % {"number": order.number})
    order.payment = _payment(order)
    after = {name: getattr(order, name) for name in FIGURES}
    if list(after.values()) != before:
        Order.everything.filter(pk=order.pk).update_silently(**after, updated_at=clock.now())
    if order.counts and order.amount != before[0]:
        _note_amount(order, before[0])


def _note_amount(order: Order, before: Decimal) -> None:
    """What changes on the books stands in the trail, although nobody typed the sum in."""
    unit = work.require()
    held = unit.changes.get((Order._meta.label_lower, order.pk))
    row = held.row if held is not None and held.row is not None else order
    old, new = {"amount": before}, {"amount": order.amount}
    unit.note(work.Change(order.company_id, Order._meta.label_lower, order.pk, order.number, "changed", old, new, row))


def _payment(order: Order) -> str:
    if not order.counts:
        return Order.Payment.NONE
    if order.received == order.amount:
        return Order.Payment.PAID
    return Order.Payment.PARTLY if order.received else Order.Payment.OPEN


def _settle_receivables(orders: Sequence[Order]) -> None:
    """One receivable for each instalment of a counted order, one for an order without, none for the others.

    Derived, so they leave no trail of their own.
    """
    known: Any = Receivable.everything
    rows: dict[tuple[int, int], Receivable] = {(row.order_id, row.part): row for row in known.filter(order__in=orders)}
    plans: dict[int, list[Instalment]] = {}
    for one in Instalment.objects.filter(order__in=orders).order_by("pk"):
        plans.setdefault(one.order_id, []).append(one)
    fresh, kept = [], set()
    for order in orders:
        refit(order, plans.get(order.pk, []))
        for part, values in enumerate(_due(order, plans.get(order.pk, [])), 1):
            kept.add((order.pk, part))
            row = rows.get((order.pk, part))
            if row is None:
                fresh.append(
                    Receivable(
                        company_id=order.company_id, order=order, created_by_id=order.created_by_id, part=part, **values
                    )
                )
            elif any(getattr(row, name) != value for name, value in values.items()):
                known.filter(pk=row.pk).update_silently(**values, updated_at=clock.now())
    gone = [row.pk for key, row in rows.items() if key not in kept]
    if gone:
        known.filter(pk__in=gone).delete()
    create_silently(fresh)


def _due(order: Order, plan: Sequence[Instalment]) -> Iterator[dict[str, Any]]:
    """What is due of an order; what was received settles the part due first."""
    if not order.counts:
        return
    parts = [(one.due_on, one.amount, one.note) for one in plan]
    parts.sort(key=lambda part: (part[0] is None, part[0] or order.ordered_on))
    left = order.received
    for due_on, amount, note in parts or [(order.due_on or order.ordered_on, order.amount, "")]:
        settled = min(left, amount) if parts else left
        left -= settled
        yield {
            "account_id": order.account_id, "due_on": due_on, "amount": amount, "settled": settled,
            "open_amount": amount - settled, "note": note,
        }  # fmt: skip


def settle_receipts(receipt_ids: Iterable[int]) -> None:
    """Bring what receipts have given away in line with their shares; refuses if that is more than they hold."""
    for chunk in _chunks(receipt_ids):
        receipts: list[Receipt] = locked_rows(Receipt, chunk, ("number", "amount", "allocated", "unmatched"))
        shares = _sums(ReceiptShare.objects.filter(receipt__in=chunk), "receipt", allocated=Sum("amount"))
        for receipt in receipts:
            allocated = shares.get(receipt.pk, {}).get("allocated", ZERO)
            if not min(ZERO, receipt.amount) <= allocated <= max(ZERO, receipt.amount):
                raise Refused(_("Receipt %(number)s cannot give more than its amount.") % {"number": receipt.number})
            if allocated != receipt.allocated:
                values = {"allocated": allocated, "unmatched": receipt.amount - allocated}
                Receipt.everything.filter(pk=receipt.pk).update_silently(**values, updated_at=clock.now())


def refresh_facts(account_ids: Iterable[int]) -> None:
    """First and last order day of these customers, and their stage as far as the number of orders decides it (LIFE-01)."""
    counted = (
        Order.objects.filter(kind=Order.Kind.SALE, state__in=COUNTED)
        .order_by()
        .values("account")
        .annotate(first=Min("ordered_on"), last=Max("ordered_on"), n=Count("pk"))
    )
    for chunk in _chunks(account_ids):
        own = counted.filter(account=OuterRef("pk"))
        rows = Account.everything.filter(pk__in=chunk)
        rows.update_silently(first_order_on=Subquery(own.values("first")), last_order_on=Subquery(own.values("last")))
        _refresh_stages(chunk, {row["account"]: row for row in counted.filter(account__in=chunk)})


def _refresh_stages(account_ids: Sequence[int], facts: dict[int, dict[str, Any]]) -> None:
    """`facts` holds first and last order day and the number n of orders by account, where there are any."""
    moves = []
    accounts: Any = Account.everything
    # Later stages (loyal, dormant, lost) follow from more than a number and are left alone.
    early = accounts.filter(pk__in=account_ids, stage__in=STAGES)
    for pk, company_id, stage in early.values_list("pk", "company_id", "stage"):
        known = facts.get(pk, {"n": 0, "first": clock.today(), "last": clock.today()})
        reached = STAGES[min(known["n"], 2)]
        if stage != reached:
            day = known["first"] if reached == Stage.FIRST else known["last"]
            moves.append(StageChange(company_id=company_id, account_id=pk, old=stage, new=reached, on=day))
    for reached in STAGES:
        moved = [move.account_id for move in moves if move.new == reached]
        accounts.filter(pk__in=moved).update_silently(stage=reached)
    create_silently(moves)


def locked_rows(model: type[Any], ids: Sequence[int], columns: Sequence[str]) -> list[Any]:
    """Locked in the order of their ids, so that two units never wait for each other."""
    rows = model.everything.filter(pk__in=ids).only(*columns)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def create_silently(rows: Sequence[Any]) -> None:
    """INSERT without a trail: rows that follow from others and that nobody typed in."""
    insert(rows)


def _sums(rows: Any, by: str, **sums: Any) -> dict[int, dict[str, Decimal]]:
    grouped = rows.order_by().values(by).annotate(**sums)
    return {row[by]: {name: cents(row[name] or ZERO) for name in sums} for row in grouped}


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
