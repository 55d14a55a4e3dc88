"""The demonstration's monthly meetings, bulletins, and a fortnight of daily plans and logs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from guanxi.desk.demo.pour import pour
from guanxi.kernel.models import Company
from guanxi.meetings.models import ActionItem, AgendaPoint, Bulletin, Meeting, Reading, Seat, WorkLog
from guanxi.meetings.services.meetings import draw, name_meetings, side_of
from guanxi.org.models import User
from guanxi.worktime.queries import calendar_of

SIDES = ("supervisor", "store-manager", "marketing", "relations-specialist", "call-centre", "representative")
OUTCOMES = {"新增客户": "增长主要来自展会，继续跟进。", "逾期应收": "按区域分解，月底前清收。"}
ACTIONS = (
    ("为逾期 60 天以上的客户逐户拟定收款计划", "supervisor", 6),
    ("整理竞品第四季度报价，供各分公司参考", "marketing", 9),
    ("对本月新客户完成首次满意度回访", "relations-specialist", 12),
)
BULLETINS: tuple[tuple[str, str, str, str, int | None], ...] = (
    ("business-department", "market", "离心泵系列市场行情与指导价",
     "钢材价格本月回落约 3%，同业主流型号报价随之下调。\n指导价维持不变，B 类以上客户可在政策折扣内灵活报价。", 60),
    ("finance", "finance", "年底开票与回款结算安排",
     "本年度开票截止 12 月 28 日，跨年订单请在备注中写明。\n回款认领请于到账次日完成。", 45),
    ("technology", "technical", "变频控制柜选型与接线要点",
     "功率 37kW 以上须配置输出电抗器。\n现场接线前核对相序，首次通电由技术部远程指导。", None),
)  # fmt: skip
PLAN = "1. 电话确认三家客户的到货时间\n2. 上门拜访一家重点客户，核对下季度需求\n3. 整理未付款清单"
LOGS = (
    "到货已全部确认。重点客户下季度计划增购两台，约定下周报价。",
    "拜访顺利，客户提出缩短交期的要求，已反馈客户服务部。未付款清单已整理。",
    "一家客户临时改期，改为电话沟通。其余按计划完成。",
)
BACK = 10  # days


def build_meetings(company: Company, today: date) -> None:
    """Run it inside a unit of work, once customers and receivables are there."""
    with override("zh-hans"):
        _build(company, today)


def _build(company: Company, today: date) -> None:
    people = User.objects.filter(company=company).order_by("pk")
    caller = people.filter(roles__code="relations-specialist").first()
    if caller is None:
        return
    first = {code: people.filter(roles__code=code).first() for code in SIDES}
    seats = [person for person in first.values() if person is not None]
    calendar = calendar_of(company.pk)
    held = _meeting(company, caller, calendar.add_workdays(today, -12), seats)
    draw(held, actor=caller)
    held.refresh_from_db()
    held.progress = "华东、华南两区新客户增长较快；直销渠道建档率达到九成以上。"
    held.feedback = "客户普遍希望缩短常用型号的交期，并提供更详细的安装指导。"
    held.decisions = "常用型号设立安全库存；技术部每月发布一期应用要点；逾期货款由区域主管牵头清收。"
    held.state, held.next_on = Meeting.State.CLOSED, calendar.add_workdays(today, 3)
    held.save()
    for point in AgendaPoint.objects.filter(meeting=held, title__in=OUTCOMES):
        point.outcome = OUTCOMES[point.title]
        point.save(update_fields=["outcome"])
    for what, code, days in ACTIONS:
        person = first[code] or caller
        ActionItem(
            company=company, created_by=caller, meeting=held, what=what, owner=person, department=person.department,
            due_on=today + timedelta(days=days),
        ).save()  # fmt: skip
    following = _meeting(company, caller, held.next_on, seats)
    draw(following, actor=caller)
    _bulletins(company, people, today)
    pour(_days(company, seats, today))


def _meeting(company: Company, caller: User, day: date, seats: list[User]) -> Meeting:
    row = Meeting(
        company=company,
        created_by=caller,
        owner=caller,
        department=caller.department,
        held_on=day,
        place="总部三楼会议室",
    )
    name_meetings([row])
    row.save()
    for person in seats:
        Seat(company=company, created_by=caller, meeting=row, person=person, side=side_of(person)).save()
    return row


def _bulletins(company: Company, people: Any, today: date) -> None:
    for number, (code, kind, title, text, days) in enumerate(BULLETINS):
        writer = people.filter(roles__code=code).first()
        if writer is None:
            continue
        start = today - timedelta(days=4 + number)
        published_at = timezone.make_aware(datetime.combine(start, time(9, 5 + number)))
        row = Bulletin(
            company=company, created_by=writer, owner=writer, department=writer.department, kind=kind, title=title, text=text,
            valid_from=start, valid_until=today + timedelta(days=days) if days else None, state=Bulletin.State.PUBLISHED,
            published_at=published_at,
        )  # fmt: skip
        row.save()
        for turn, person in enumerate(people.exclude(pk=writer.pk)[number : 20 + number * 7]):
            read_at = published_at + timedelta(minutes=37 * (turn + 1))
            Reading(company=company, created_by=person, bulletin=row, person=person, read_at=read_at).save()


def _days(company: Company, people: list[User], today: date) -> list[WorkLog]:
    """What those who may sign in wrote on their last working days; today's log is still to come."""
    calendar = calendar_of(company.pk)
    days = [day for n in range(BACK, -1, -1) if calendar.is_workday(day := today - timedelta(days=n))]
    return [
        WorkLog(
            company=company, created_by=person, owner=person, department=person.department, day=day, plan=PLAN,
            log=LOGS[(at + turn) % len(LOGS)] if day < today else "",
            planned_at=timezone.make_aware(datetime.combine(day, time(8, 40 + turn))),
            logged_at=timezone.make_aware(datetime.combine(day, time(17, 50))) if day < today else None,
        )
        for turn, person in enumerate(people)
        for at, day in enumerate(days)
    ]  # fmt: skip
