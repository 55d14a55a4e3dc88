"""Targets of the year, and two months of commission: the first settled, the last with an objection; some corrections."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from guanxi.catalog.models import ProfitGrade
from guanxi.corrections.models import CorrectionRule
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Organisation
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, User
from guanxi.sales.models import COUNTED, Order
from guanxi.targets.models import CommissionPlan, CommissionRate, Statement, Target
from guanxi.targets.services import statements
from guanxi.targets.services.commission import compute

RATES = (("A", "5"), ("B", "3.5"), ("C", "2"), ("D", "1"), ("E", "0"))
OBJECTION = "上月28日到账的一笔配件回款没有计入，请核对。"
GROWTH = Decimal("1.1")


def build_targets(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work, once orders are there: targets from last year's business, the plan, a rule."""
    year_ago = today - timedelta(days=365)
    sold = Order.objects.filter(company=staff.company, state__in=COUNTED, ordered_on__gte=year_ago, owner__isnull=False)
    sums = sold.order_by().values_list("owner", "department").annotate(total=Sum("amount"))
    people = User.objects.in_bulk([owner for owner, _department, _total in sums])
    places = Department.objects.in_bulk()
    branches: dict[int | None, Decimal] = defaultdict(Decimal)
    rows: list[Target] = []
    for owner, department, total in sums:
        month = max(Decimal(0), total / 12 * GROWTH).quantize(Decimal(1000)) + 1000
        branches[department] += month
        if owner in people:
            rows += [
                _target(staff, month, n, today, level="person", owner=people[owner], department=places.get(department))
                for n in range(12)
            ]
    for department, month in branches.items():
        rows += [
            _target(staff, month, n, today, level="department", department=places.get(department)) for n in range(12)
        ]
    whole = sum(branches.values(), Decimal(0))
    rows += [_target(staff, whole, n, today, level="company") for n in range(12)]
    known: dict[str, Target] = {row.key: row for row in rows}  # a person may have sold in two branches
    pour(list(known.values()))
    _plan(staff, today)
    CorrectionRule(
        company=staff.company, label="sales.order", field="amount", from_days=30, remark="月结之后改动金额须审批"
    ).save()


def _target(staff: Organisation, amount: Decimal, month: int, today: date, **whom: Any) -> Target:
    row = Target(company=staff.company, amount=amount, starts_on=date(today.year, month + 1, 1), **whom)
    row.settle()
    return row


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _plan(staff: Organisation, today: date) -> None:
    last = _before(today.replace(day=1))
    plan = CommissionPlan(
        company=staff.company, name=f"{today.year}年销售提成", starts_on=_before(last), min_margin=Decimal(5),
        remark="按产品利润等级计提，回款到账后计算。",
    )  # fmt: skip
    plan.save()
    grades = {grade.code: grade for grade in ProfitGrade.objects.filter(company=staff.company)}
    for code, percent in RATES:
        CommissionRate(company=staff.company, plan=plan, grade=grades[code], rate=Decimal(percent)).save()


def build_commission(staff: Organisation, today: date) -> None:
    """Outside any unit of work: what came in is computed, the month before last settled, the last one shown."""
    compute(staff.company.pk)
    finance = User.objects.filter(company=staff.company, roles__code="finance").order_by("pk").first()
    if finance is None:
        return
    last = _before(today.replace(day=1))
    rows = Statement.objects.filter(company=staff.company).exclude(owner=finance).select_related("owner")
    for statement in rows.filter(month=_before(last)).order_by("pk"):
        _settled(statement, finance, last)
    over = datetime.combine(today.replace(day=1), time(0, 5))  # a month is shown once it is over
    moment = max(over, datetime.combine(today - timedelta(days=1), time(15, 10)))
    with clock.shifted(timezone.make_aware(moment)):
        for statement in rows.filter(month=last).order_by("pk"):
            statements.show(statement, actor=finance)
        shown = rows.filter(month=last).order_by("pk")
        disputed = shown.filter(owner__in=staff.branches[0].sellers).first() or shown.first()
        if disputed is not None:
            statements.object_to(disputed, actor=disputed.owner, reason=OBJECTION)
    unit_of_work(partial(_corrected, staff, today), verb="demo")


def _settled(statement: Statement, finance: User, month: date) -> None:
    """Shown on the third, confirmed on the fifth, settled on the eighth of the month after."""
    for day, act, actor in (
        (3, statements.show, finance),
        (5, statements.accept, statement.owner),
        (8, statements.settle, finance),
    ):
        with clock.shifted(timezone.make_aware(datetime.combine(month.replace(day=day), time(10)))):
            act(statement, actor=actor)


def _corrected(staff: Organisation, today: date) -> None:
    """A few order days were typed in wrong and put right later."""
    orders = Order.objects.filter(company=staff.company, state__in=COUNTED, kind=Order.Kind.SALE, owner__isnull=False)
    for order in orders.select_related("owner").order_by("-ordered_on", "pk")[:3]:
        day = {"ordered_on": order.ordered_on - timedelta(days=2)}
        verbs.change(entity(Order), order.pk, day, actor=order.owner, reason="按合同签订日更正订单日期")
