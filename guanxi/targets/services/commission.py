"""Commission lines from shares of receipts, each exactly once; differences where what they follow from changed (PROD-02)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from guanxi.formats.money import cents
from guanxi.incentives.models import lock_ledger
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.models import Company
from guanxi.kernel.models.pour import insert
from guanxi.org.models import User
from guanxi.targets.models import CommissionLine, CommissionPlan, CommissionRate, Statement
from guanxi.targets.queries.commission import (
    BATCH,
    Difference,
    Ledger,
    Months,
    differences,
    fetch,
    plans_of,
    waiting,
)
from guanxi.targets.reckoning import Part, Plan

Key = tuple[int, date]  # whose statement of which month
WATCHED = ("sales.receiptshare", "targets.commissionplan", "targets.commissionrate")


@jobs.job("commission", every=timedelta(minutes=30))
def commission(run: jobs.Run) -> dict[str, Any]:
    """Compute what no line speaks of yet; the same run again finds nothing."""
    done = 0
    companies = CommissionPlan.objects.order_by().values("company").distinct()
    for company in Company.objects.filter(pk__in=companies):
        done += compute(company.pk, run)
        run.progress(done)
    return {"shares": done}


def compute(company_id: int, run: jobs.Run | None = None) -> int:
    """Batch after batch of shares without lines; returns how many were computed."""
    plans, done, last = plans_of(company_id), 0, 0
    while True:
        n, last = work.unit_of_work(partial(_batch, company_id, plans, last, run), verb="targets.commission")
        if not last:
            return done
        done += n


def _batch(company_id: int, plans: list[Plan], last: int, run: jobs.Run | None) -> tuple[int, int]:
    """The next shares under the ledger's lock; returns how many were computed, and the last one looked at."""
    if run is not None:
        run.fence()
    lock_ledger(company_id)
    shares = fetch(waiting(company_id).filter(pk__gt=last).order_by("pk")[:BATCH])
    if not shares:
        return 0, 0
    ledger, months = Ledger(company_id, shares, plans), Months(company_id)
    found = [(share, part) for share in shares for part in ledger.parts(share)]
    wanted = {share: months.open_for(ledger.sales[share.order].person, share.day) for share, _part in found}
    keys = {(ledger.sales[share.order].person, month) for share, month in wanted.items()}
    statements = ensure(company_id, keys)
    rows = []
    for share, part in found:
        person = ledger.sales[share.order].person
        row = line_of(statements[person, wanted[share]], part)
        row.dated_on, row.share_id, row.receipt_id, row.order_id = share.day, share.pk, share.receipt, share.order
        rows.append(row)
    insert(rows)
    refresh(statements.values())
    return len(wanted), shares[-1].pk


def line_of(statement: Statement, part: Part) -> CommissionLine:
    return CommissionLine(
        company_id=statement.company_id, owner_id=statement.owner_id, department_id=statement.department_id,
        statement=statement, line_id=part.line, product_id=part.product, grade_id=part.grade, plan_id=part.plan,
        base=part.base, rate=part.rate, amount=part.amount,
    )  # fmt: skip


def ensure(company_id: int, keys: Iterable[Key]) -> dict[Key, Statement]:
    """The statements of these people and months; those not there yet are begun."""
    keys = set(keys)
    rows = Statement.objects.filter(company_id=company_id, owner__in={key[0] for key in keys})
    known: dict[Key, Statement] = {(row.owner_id, row.month): row for row in rows.select_for_update(of=("self",))}
    fresh = sorted(keys - known.keys())
    people = User.objects.in_bulk([person for person, _month in fresh])
    for person, month in fresh:
        department = people[person].department_id
        known[person, month] = Statement(company_id=company_id, owner_id=person, department_id=department, month=month)
    insert([known[key] for key in fresh])
    return {key: known[key] for key in keys}


def refresh(statements: Iterable[Statement]) -> None:
    """The sums of statements from their lines; derived, so without a trail."""
    some = {row.pk: row for row in statements}
    sums = CommissionLine.objects.filter(statement__in=some).order_by().values("statement")
    for found in sums.annotate(base=Sum("base"), amount=Sum("amount")):
        row = some[found["statement"]]
        base, amount = cents(found["base"]), cents(found["amount"])  # SQLite adds up in binary fractions
        if (row.base, row.amount) != (base, amount):
            row.base, row.amount = base, amount
            values = {"base": row.base, "amount": row.amount, "updated_at": clock.now()}
            Statement.objects.filter(pk=row.pk).update_silently(**values)


@work.sealer(99, *WATCHED)  # late: till COMMIT a second unit with news waits for the first to have put the job in line
def follow_money(unit: work.Work) -> None:
    """New shares and plans set the job going; it runs once however many there are."""
    companies = {change.company_id for change in unit.changes.values() if change.label in WATCHED}
    for company_id in companies:
        if company_id and CommissionPlan.objects.filter(company_id=company_id).exists():
            commission.enqueue(company_id=company_id, unique=f"commission:{company_id}")


# -- differences ------------------------------------------------------------------------------------------------------


def accept_differences(actor: User, since: date, expected: Decimal) -> int:
    """Write what differs into each person's open month; `expected` is the sum the actor has seen."""

    def body() -> int:
        lock_ledger(actor.company_id)
        found = list(differences(actor.company_id, since))
        if sum((one.amount for one in found), Decimal(0)) != expected:
            raise Refused(_("The differences changed in the meantime: look at them again."))
        return _write(actor, found)

    return work.unit_of_work(body, verb="targets.commissionline.accept")


def _write(actor: User, found: list[Difference]) -> int:
    months = Months(actor.company_id)
    wanted = {(one.person, months.open_for(one.person, one.share.day)) for one in found}
    statements = ensure(actor.company_id, wanted)
    rows = []
    for one in found:
        statement = statements[one.person, months.open_for(one.person, one.share.day)]
        row = CommissionLine(
            company_id=actor.company_id, created_by_id=actor.pk, owner_id=one.person, department_id=statement.department_id,
            statement=statement, kind=CommissionLine.Kind.DIFFERENCE, dated_on=one.share.day, share_id=one.share.pk,
            receipt_id=one.share.receipt,
            order_id=one.share.order, line_id=one.line, base=one.base, amount=one.amount, reason=one.why[:400],
        )  # fmt: skip
        if one.part is not None:
            row.product_id, row.grade_id = one.part.product, one.part.grade
            row.plan_id, row.rate = one.part.plan, one.part.rate
        rows.append(row)
    CommissionLine.objects.bulk_create(rows)
    refresh(statements.values())
    return len(rows)


def check_rate(rate: CommissionRate) -> None:
    """A plan says of each combination what it brings once."""
    same = CommissionRate.objects.filter(
        plan_id=rate.plan_id, grade=rate.grade, role=rate.role, person=rate.person, customer_class=rate.customer_class
    )
    if same.exclude(pk=rate.pk).exists():
        raise Invalid({"rate": [_("The plan has a rate for this already.")]})
