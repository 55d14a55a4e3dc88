"""Leads and opportunities of the demonstration: two years of pipeline, won and lost, and leads in work and in the pool."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account, Source
from guanxi.deals.models import AssignmentRule, InvalidReason, Lead, LossReason, Opportunity, Pipeline, StageMove
from guanxi.deals.models.opportunities import Forecast, Move
from guanxi.deals.queries.stages import stages_of
from guanxi.desk.demo import words
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Organisation
from guanxi.interactions.models import Competitor, Interaction
from guanxi.kernel.numbering import next_numbers
from guanxi.org.models import Role

MOST = 260  # customers with an opportunity
SUBJECTS = (
    "二期泵站改造", "年度备件框架", "循环水节能改造", "新厂区供水系统", "锅炉房阀门更新", "检测仪表更换", "生产线电机变频", "年度维保服务",
    "消防泵房整改", "换热机组扩容", "污水站加药装置", "空压站管路改造",
)  # fmt: skip
STEPS = ("约技术交流", "发送方案初稿", "现场测量", "提交报价", "确认付款方式", "拜访总经理", "等待客户立项", "签订合同")
SAID = (
    "电话确认项目进度，客户月底前立项。", "与设备部核对参数，需补充能耗数据。", "客户反馈价格偏高，要求再让两个点。",
    "约定下周到现场测量管径。", "采购部要求提供三家同类业绩。", "客户希望分两期付款。",
)  # fmt: skip
NEEDS = (
    "想了解离心泵的型号和价格", "老设备能耗高，咨询变频改造", "需要两年期维保报价", "新建厂房，要整套供水方案", "小批量阀门试用", "寻找本地备件供应商",
)  # fmt: skip
CAMPAIGNS = ("春季工业展", "节能改造专题", "老客户转介绍", "行业微信群", "")
CITIES = (
    ("绍兴", "330600"),
    ("嘉兴", "330400"),
    ("无锡", "320200"),
    ("常州", "320400"),
    ("佛山", "440600"),
    ("东莞", "441900"),
)
LEADS = 90


def build_deals(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work, once customers and dealings are there."""
    dice = Dice("deals")
    Pipelines(staff, today, dice).fill()
    _leads(staff, today, dice)


class Pipelines:
    """Opportunities of the standard pipeline with every move of theirs."""

    def __init__(self, staff: Organisation, today: date, dice: Dice) -> None:
        self.company, self.today, self.dice = staff.company, today, dice
        self.pipeline = Pipeline.objects.filter(company=self.company).order_by("position")[0]
        self.stages = stages_of(self.pipeline.pk)
        self.reasons = list(LossReason.objects.filter(company=self.company).order_by("position"))
        self.sources = list(Source.objects.filter(company=self.company).order_by("position"))
        self.rivals = list(Competitor.objects.filter(company=self.company).order_by("pk"))
        self.rows: list[Opportunity] = []
        self.moves: list[StageMove] = []
        self.talks: list[Interaction] = []

    def fill(self) -> None:
        known = Account.objects.filter(company=self.company, owner__isnull=False, kind="company", retired_on=None)
        for account in known.filter(last_contact_on__isnull=False).select_related("owner").order_by("pk")[:MOST]:
            self._one(account)
        for row, number in zip(self.rows, next_numbers(self.company.pk, "SJ", len(self.rows)), strict=True):
            row.number = number
        pour(self.rows)
        pour(self.moves)
        pour(self.talks)

    def _one(self, account: Account) -> None:
        dice = self.dice
        fate = dice.often((("open", 46), ("won", 32), ("lost", 22)))
        begun = self.today - timedelta(days=dice.randrange(5, 110) if fate == "open" else dice.randrange(60, 420))
        far = len(self.stages) if fate == "won" else dice.randrange(1, len(self.stages) + 1)
        row = Opportunity(
            company=self.company, created_by_id=account.owner_id, owner_id=account.owner_id, account=account,
            department_id=account.department_id, name=dice.pick(SUBJECTS), pipeline=self.pipeline, begun_on=begun,
            created_at=_at(begun), amount=Decimal(dice.randrange(8, 420) * 1000), source=dice.pick(self.sources),
            importance=dice.pick("1223"), priority=dice.pick("12223"), next_step=dice.pick(STEPS), need=dice.pick(NEEDS),
            campaign=dice.pick(CAMPAIGNS),
        )  # fmt: skip
        if self.rivals and dice.random() < 0.4:
            row.competitor = dice.pick(self.rivals)
        day = self._walk(row, far, begun, closed=fate != "open")
        if fate == "open":
            self._go_on(row)
        else:
            self._close(row, fate, min(day + timedelta(days=dice.randrange(3, 30)), self.today))
        row._derive()
        self.rows.append(row)

    def _walk(self, row: Opportunity, far: int, begun: date, *, closed: bool) -> date:
        """Through the first stages, each after some days; returns the day of the last step."""
        day = begun
        self._move(row, Move.BEGUN, None, self.stages[0], day, 0)
        row.stage = self.stages[0]
        for before, after in zip(self.stages[: far - 1], self.stages[1:far], strict=True):
            days = self.dice.randrange(4, 28)
            if day + timedelta(days=days) > self.today:
                break
            day += timedelta(days=days)
            self._move(row, Move.ADVANCED, before, after, day, days)
            row.stage = after
        row.entered_on = day
        return day

    def _go_on(self, row: Opportunity) -> None:
        dice = self.dice
        row.expected_on = self.today + timedelta(days=dice.randrange(-10, 120))
        row.next_contact_on = self.today + timedelta(days=dice.randrange(-3, 20))
        late = row.stage is not None and row.stage.pk == self.stages[-1].pk
        row.forecast = dice.pick((Forecast.COMMIT, Forecast.BEST) if late else (Forecast.BEST, Forecast.PIPELINE))
        if dice.random() < 0.75:
            on = self.today - timedelta(days=dice.randrange(0, 25))
            row.last_contact_on = max(on, row.begun_on)
            self.talks.append(
                Interaction(
                    company=self.company, created_by_id=row.owner_id, owner_id=row.owner_id, account_id=row.account_id,
                    department_id=row.department_id, channel=dice.pick(("phone", "meeting", "social")), kind="offer",
                    at=_at(row.last_contact_on), created_at=_at(row.last_contact_on), content=dice.pick(SAID),
                    label="deals.opportunity", object_id=row.pk, opportunity=row, next_contact_on=row.next_contact_on,
                )
            )  # fmt: skip

    def _close(self, row: Opportunity, state: str, day: date) -> None:
        days = (day - row.entered_on).days
        row.state, row.closed_at, row.next_step = state, _at(day), ""
        row.expected_on = day + timedelta(days=self.dice.randrange(-12, 12))
        if state == "won":
            row.won_on = day
            self._move(row, Move.WON, row.stage, row.stage, day, days)
            return
        row.lost_on, row.loss_reason = day, self.dice.pick(self.reasons)
        self._move(row, Move.LOST, row.stage, row.stage, day, days, str(row.loss_reason))

    def _move(self, row: Opportunity, kind: str, before: Any, after: Any, *when: Any) -> None:
        day, days, *reason = when
        self.moves.append(
            StageMove(
                company=self.company, opportunity=row, kind=kind, before=before, after=after, on=day, days=days,
                moved_by_id=row.owner_id, created_by_id=row.owner_id, created_at=_at(day), amount=row.amount,
                reason=reason[0] if reason else "",
            )
        )  # fmt: skip


def _leads(staff: Organisation, today: date, dice: Dice) -> None:
    """Most have somebody, some lie in the pool, some came to nothing; and the rule by which new ones go out."""
    company = staff.company
    role = Role.objects.get(company=company, code="representative")
    AssignmentRule(
        company=company, name="重要线索给最空闲的业务代表", position=10, role=role, method="load",
        where={"all": [{"f": "importance", "op": "is", "v": "1"}]}, is_active=False,
    ).save()  # fmt: skip
    sellers = [seller for branch in staff.branches for seller in branch.sellers]
    sources = list(Source.objects.filter(company=company).order_by("position"))
    reasons = list(InvalidReason.objects.filter(company=company).order_by("position"))
    rows: list[Lead] = []
    for n in range(LEADS):
        city, region = dice.pick(CITIES)
        name, _brand, section, _scope = dice.company(city)
        person, _gender = dice.person()
        seller = dice.pick(sellers) if n % 6 else None
        came = today - timedelta(days=dice.randrange(0, 12 if n % 3 else 45))
        lead = Lead(
            company=company, name=name[:120], person=person, post=dice.pick(words.POSTS)[0],
            mobile=dice.mobile(), region_code=region, industry=section, source=dice.pick(sources), campaign=dice.pick(CAMPAIGNS),
            need=dice.pick(NEEDS), importance=dice.pick("1223"), priority=dice.pick("12223"), owner=seller,
            department=seller.department if seller else None, created_at=_at(came), created_by=seller, way=dice.pick(("form", "card", "web")),
        )  # fmt: skip
        if n % 9 == 4 and seller is not None:
            lead.state, lead.invalid_reason, lead.closed_at = Lead.State.INVALID, dice.pick(reasons), _at(today)
        elif seller is not None and n % 2:
            lead.last_contact_on = max(came, today - timedelta(days=dice.randrange(0, 9)))
            lead.next_contact_on = today + timedelta(days=dice.randrange(-2, 12))
        rows.append(lead)
    pour(rows)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 30)))
