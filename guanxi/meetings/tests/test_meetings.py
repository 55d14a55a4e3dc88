"""The monthly meeting: agenda from the data, minutes, what is left to do, who takes part, and its paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs, verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Company
from guanxi.meetings.models import ActionItem, AgendaPoint, Meeting, Seat
from guanxi.meetings.services import meetings
from guanxi.org.models import Department, Notice, User
from guanxi.sales.models import Order, Receivable

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def caller(hire: Hire, headquarters: Department) -> User:
    return hire("caller", "relations-specialist", headquarters, name="周客服")


@pytest.fixture
def market(hire: Hire, headquarters: Department) -> User:
    return hire("market", "marketing", headquarters, name="钱市场")


@pytest.fixture
def meeting(caller: User) -> Any:
    return verbs.add(entity(Meeting), {"held_on": clock.today(), "place": "一号会议室"}, actor=caller)


def post(client: Client, row: Any, slug: str, verb: str, **values: Any) -> Any:
    return client.post(reverse("record-verb", args=[slug, row.pk, verb]), {"key": f"{verb}-{row.pk}", **values})


@pytest.mark.req("MEET-01")
def test_sales_marketing_and_service_sit_together_each_month(
    client: Client, meeting: Meeting, caller: User, market: User, seller: User
) -> None:
    client.force_login(caller)
    page = record_url("meetings", meeting.pk)
    assert "Nobody speaks for: Sales、Marketing、Service" in client.get(page).content.decode()
    answer = post(client, meeting, "meetings", "invite", people=[caller.pk, market.pk])
    assert answer.status_code in (200, 204, 302)
    assert "Nobody speaks for: Sales" in client.get(page).content.decode()
    meetings.invite(meeting, actor=caller, people=[str(caller.pk), str(market.pk), str(seller.pk)])
    assert "Nobody speaks for" not in client.get(page).content.decode()
    sides = dict(Seat.objects.filter(meeting=meeting).values_list("person__username", "side"))
    assert sides == {"caller": "service", "market": "marketing", "seller": "sales"}
    assert Notice.objects.filter(user=seller, url=page).count() == 1
    meetings.invite(meeting, actor=caller, people=[str(caller.pk)])
    assert Seat.objects.filter(meeting=meeting).count() == 1


@pytest.mark.req("MEET-02")
def test_the_agenda_comes_from_the_data(client: Client, company: Company, meeting: Meeting, caller: User, seller: User,
                                        east: Department) -> None:  # fmt: skip
    account = saved(Account(company=company, name="东海电机有限公司", owner=seller, department=east))
    order = saved(Order(company=company, account=account, number="DD-1", owner=seller, department=east,
                        ordered_on=date(2026, 1, 5)))  # fmt: skip
    saved(Receivable(company=company, account=account, order=order, amount=Decimal("500"), open_amount=Decimal("300"),
                     due_on=clock.today() - timedelta(days=40)))  # fmt: skip
    client.force_login(caller)
    post(client, meeting, "meetings", "draw")
    points = {row.title: row for row in AgendaPoint.objects.filter(meeting=meeting)}
    assert list(points) == ["New customers", "Overdue receivables"]
    assert "华东一店：1" in points["New customers"].facts
    assert "东海电机有限公司：¥300" in points["Overdue receivables"].facts
    verbs.change(entity(AgendaPoint), points["New customers"].pk, {"outcome": "本周内全部回访"}, actor=caller)
    saved(Account(company=company, name="西山水泵厂", owner=seller, department=east))
    meetings.draw(meeting, actor=caller)
    again = AgendaPoint.objects.get(meeting=meeting, title="New customers")
    assert "华东一店：2" in again.facts and again.outcome == "本周内全部回访"
    shown = client.get(record_url("meetings", meeting.pk)).content.decode()
    assert "本周内全部回访" in shown


@pytest.mark.req("MEET-01", "MEET-02")
def test_minutes_decisions_and_actions_stand_on_paper_and_the_next_meeting_is_planned(
    client: Client, meeting: Meeting, caller: User, market: User, seller: User
) -> None:
    meetings.invite(meeting, actor=caller, people=[str(caller.pk), str(market.pk), str(seller.pk)])
    with pytest.raises(Refused, match="minutes"):
        meetings.close(meeting, actor=caller)
    values = {"progress": "华东新签两家", "feedback": "客户希望缩短交期", "decisions": "十二月前上线急单通道"}
    verbs.change(entity(Meeting), meeting.pk, values, actor=caller)
    item = verbs.add(
        entity(ActionItem),
        {"meeting": meeting, "what": "拟定急单流程", "due_on": clock.today() + timedelta(days=7), "owner": seller},
        actor=caller,
    )
    jobs.work_off()
    assert Notice.objects.filter(user=seller, text__contains="拟定急单流程").count() == 1
    next_on = clock.today() + timedelta(days=30)
    client.force_login(caller)
    post(client, meeting, "meetings", "close", next_on=next_on.isoformat())
    meeting.refresh_from_db()
    assert (meeting.state, meeting.next_on) == ("closed", next_on)
    following = Meeting.objects.get(held_on=next_on)
    assert following.seats.count() == 3
    paper = client.get(reverse("record-print", args=["meetings", meeting.pk])).content.decode()
    for text in (*values.values(), "拟定急单流程", "林知远（Sales）", "钱市场（Marketing）"):
        assert text in paper
    with pytest.raises(Refused, match="closed"):
        verbs.change(entity(Meeting), meeting.pk, {"decisions": "别的"}, actor=caller)
    client.force_login(seller)
    post(client, item, "action-items", "finish", result="流程已发布")
    item.refresh_from_db()
    assert (item.state, item.result, item.done_on) == ("done", "流程已发布", clock.today())


@pytest.mark.req("MEET-02")
def test_people_are_reminded_of_meetings_and_of_what_they_have_not_done(meeting: Meeting, caller: User, seller: User,
                                                                       market: User) -> None:  # fmt: skip
    meetings.invite(meeting, actor=caller, people=[str(seller.pk)])
    values = {"meeting": meeting, "what": "回访老客户", "due_on": clock.today(), "owner": seller}
    item = verbs.add(entity(ActionItem), values, actor=caller)
    jobs.work_off()
    Notice.objects.all().delete()
    tomorrow = datetime.combine(clock.today() + timedelta(days=1), datetime.min.time(), SHANGHAI) + timedelta(hours=8)
    for _twice in range(2):
        jobs.task("meetings.morning").enqueue()
        jobs.work_off()
    assert list(Notice.objects.values_list("user__username", flat=True)) == ["seller"]
    with clock.shifted(tomorrow):
        for _twice in range(2):
            jobs.task("meetings.morning").enqueue()
            jobs.work_off()
    late = Notice.objects.filter(url=record_url("action-items", item.pk))
    assert sorted(late.values_list("user__username", flat=True)) == ["caller", "seller"]
    with pytest.raises(Forbidden):
        verbs.change(entity(ActionItem), item.pk, {"due_on": clock.today()}, actor=market)


def test_only_the_caller_writes_the_minutes(client: Client, meeting: Meeting, seller: User, market: User) -> None:
    with pytest.raises(Forbidden):
        verbs.change(entity(Meeting), meeting.pk, {"decisions": "x"}, actor=market)
    client.force_login(seller)
    assert client.get(record_url("meetings", meeting.pk)).status_code == 200
    assert post(client, meeting, "meetings", "draw").status_code == 403
