"""Cards of the demonstration in custody: weekly reviews, talks on the day before, loans, collections, plans, what stood out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from guanxi.custody.models import CardLoan, CardReview, Collection, DayTalk, Flag
from guanxi.custody.services.loans import borrow
from guanxi.custody.services.reviews import draft_collections, draft_plan
from guanxi.customers.models import Account
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Branch, Organisation
from guanxi.formats.dates import monday
from guanxi.interactions.models import VisitPlan
from guanxi.interactions.services.plans import put_in, submit
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.sales.models import Order, Receipt
from guanxi.worktime.queries import calendar_of

WEEKS, TALKS = 6, 5
REMARKS = (
    (94, "记录及时，需求写得具体。"), (88, "内容完整，下次约定再明确一些。"), (81, "三张卡缺联系结果，已当面提醒。"),
    (72, "有隔日补写的记录，下周复查。"), (90, "重点客户跟进到位。"),
)  # fmt: skip
NOTES = (
    "前日两单均按指导价成交；今日先回访上周到货的客户。", "报价偏低的一单已说明原因；重点客户约在周四面谈。",
    "没有成交，主要在催收；两家承诺本周付款。", "新客户两家，需求已登记；今日补齐建档资料。",
)  # fmt: skip
SETTLED = (
    (Collection.State.PROMISED, "财务负责人答应本月付清，已发对账单。"), (Collection.State.DONE, "已全额付款。"),
    (Collection.State.DISPUTED, "客户称少发一件配件，已请仓库核对。"),
)  # fmt: skip


def build_custody(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work, once orders and dealings are there."""
    dice = Dice("custody")
    days = _days(staff.company, today)
    pour([row for branch in staff.branches for row in _reviews(dice, branch, today)])
    dealt = _dealt(staff.company, days)
    pour([row for branch in staff.branches for row in _talks(dice, branch, days, dealt)])
    if Account.objects.filter(company=staff.company).exists():
        _loans(staff, today)
        _collect(staff, today)
    for branch in staff.branches[:3]:
        draft_plan(today.year, actor=User.objects.get(pk=branch.department.head_id))
    _ask(staff, today)
    pour([
        Flag(
            company=staff.company, owner=staff.branches[1].sellers[2], department=staff.branches[1].department,
            kind=Flag.Kind.OPENED_HOUR, level=Flag.Level.WARNING, day=days[-1], number=164, allowed=300,
        )
    ])  # fmt: skip


def _days(company: Company, today: date) -> list[date]:
    calendar = calendar_of(company.pk)
    return [calendar.add_workdays(today, -n) for n in range(TALKS, 0, -1)]


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _reviews(dice: Dice, branch: Branch, today: date) -> Iterator[CardReview]:
    """Each week's cards of each person, now and then none; this week's are half done."""
    for back in range(WEEKS, -1, -1):
        week = monday(today) - timedelta(days=7 * back)
        for person in branch.sellers:
            if dice.random() < (0.06 if back else 0.5):
                continue
            score, remark = dice.pick(REMARKS)
            yield CardReview(
                company=branch.department.company, owner=person, department=branch.department, week=week,
                reviewer_id=branch.department.head_id, created_by_id=branch.department.head_id, looked=dice.randrange(5, 13),
                score=score + dice.randrange(-3, 4), remark=remark,
                created_at=_at(min(week + timedelta(days=3), today), 9, dice.randrange(60)),
            )  # fmt: skip


def _dealt(company: Company, days: list[date]) -> dict[tuple[int, date], list[Decimal]]:
    """Orders and receipts by person and day."""
    found: dict[tuple[int, date], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    orders = Order.objects.filter(company=company, ordered_on__in=days).exclude(state__in=["draft", "cancelled"])
    receipts = Receipt.objects.filter(company=company, received_on__in=days)
    for column, rows, day in ((0, orders, "ordered_on"), (1, receipts, "received_on")):
        for owner, on, total in rows.order_by().values_list("owner_id", day).annotate(total=Sum("amount")):
            found[owner, on][column] = total
    return found


def _talks(dice: Dice, branch: Branch, days: list[date], dealt: Any) -> Iterator[DayTalk]:
    following = dict(pairwise(days))
    for day in days[:-1]:
        for person in branch.sellers:
            if dice.random() < 0.2:
                continue
            ordered, received = dealt[person.pk, day]
            yield DayTalk(
                company=branch.department.company, owner=person, department=branch.department, day=day,
                held_by_id=branch.department.head_id, created_by_id=branch.department.head_id, ordered=ordered,
                received=received, note=NOTES[2] if not ordered else dice.pick((NOTES[0], NOTES[1], NOTES[3])),
                created_at=_at(following[day], 8, 30 + dice.randrange(25)),
            )  # fmt: skip


def _loans(staff: Organisation, today: date) -> None:
    """One card is on loan, one was handed back, one is asked for."""
    borrower, keeper = staff.branches[0].sellers[0], staff.branches[1]
    cards = list(Account.objects.filter(department=keeper.department, owner__isnull=False).order_by("pk")[:3])
    if len(cards) < 3:
        return
    common: dict[str, Any] = {
        "company": staff.company,
        "owner": borrower,
        "created_by": borrower,
        "department": keeper.department,
    }
    pour([
        CardLoan(
            **common, account=cards[0], purpose="该集团在杭州新设分厂，了解总部合作情况后上门。", state=CardLoan.State.LENT,
            starts_on=today - timedelta(days=2), until=today + timedelta(days=12), opened=3, opened_at=_at(today, 9, 12),
        ),
        CardLoan(
            **common, account=cards[1], purpose="客户迁址到本区，交接前熟悉以往订单。", state=CardLoan.State.RETURNED,
            starts_on=today - timedelta(days=30), until=today - timedelta(days=16), returned_on=today - timedelta(days=18),
            result="已完成交接拜访，客户确认由杭州分公司供货。", opened=5, opened_at=_at(today - timedelta(days=18), 15),
        ),
    ])  # fmt: skip
    borrow(cards[2].pk, purpose="联合投标，需要了解该客户的设备型号。", until=today + timedelta(days=7), actor=borrower)


def _collect(staff: Organisation, today: date) -> None:
    """The first branch's list of money to collect, with what came of the first calls."""
    draft_collections(User.objects.get(pk=staff.branches[0].department.head_id))
    rows = Collection.objects.filter(company=staff.company).order_by("position")
    for row, (state, result) in zip(rows, SETTLED * 2, strict=False):
        row.state, row.result = state, result
        row.promised_on = today + timedelta(days=9) if state == Collection.State.PROMISED else None
        row.save(update_fields=["state", "result", "promised_on"])


def _ask(staff: Organisation, today: date) -> None:
    """A round of visits waits for the word of who leads the branch, another one is being written."""
    branch = staff.branches[0]
    start = monday(today) + timedelta(days=7)
    for person, focus, number in (
        (branch.sellers[0], "走访经济开发区客户，核对明年一季度需求", 9),
        (branch.sellers[2], "拜访三个月未联系的老客户", 12),
    ):
        plan = VisitPlan(
            company=staff.company, owner=person, department=branch.department, created_by=person, starts_on=start,
            ends_on=start + timedelta(days=4), region_code=branch.districts[0].code, number=number, focus=focus,
        )  # fmt: skip
        plan.save()
        if person is branch.sellers[0]:
            own = Account.objects.filter(owner=person, retired_on=None).order_by("last_contact_on", "pk")[:number]
            for turn, account in enumerate(own):
                put_in(plan, actor=person, account=account, on=start + timedelta(days=turn % 5), purpose=focus)
            if own:
                submit(plan, actor=person)
