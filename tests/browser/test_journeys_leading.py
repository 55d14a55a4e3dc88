"""A regional supervisor's Monday: cards, yesterday's deals, overdue money, shares of time; and where to drive next month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guanxi.conftest import run, saved
from guanxi.custody.models import CardReview, DayTalk
from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction, VisitPlan
from guanxi.kernel import clock, jobs
from guanxi.org.models import Department, User
from guanxi.org.services import furnish
from guanxi.rulebook.engine.run import judge_daily
from guanxi.rulebook.models import Duty
from guanxi.rulebook.services.books import load, ready
from guanxi.rulebook.tests.conftest import at
from guanxi.sales.models import Order, Receipt, Receivable
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account

OCTOBER = (
    ("重点精密", {"is_key": True}, 58),
    ("普通机械", {"stage": "deal"}, 31),
    ("意向贸易", {"stage": "potential"}, 11),
)


@pytest.fixture
def supervisor(site: str, hire: Any, headquarters: Department, east: Department, leader: User, owner: User) -> User:
    """Leads the region the eastern branch lies in; the rules of customer cards hold since October."""
    region = saved(
        Department(company=headquarters.company, name="华东大区", code="east", kind="region", parent=headquarters)
    )
    person: User = hire("supervisor", "supervisor", region, name="唐督导")
    east.parent = region
    for department, head in ((region, person), (east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    furnish(owner.company)
    load(owner.company, next(book for book in ready() if book.slug == "customer-cards"), effective_on=date(2026, 10, 1))
    return person


def sold(card: Account, on: date, amount: int) -> Order:
    """A delivered order as the past knows it."""
    number = f"T{Order.objects.count()}"
    row = saved(Order(company=card.company, owner=card.owner, account=card, number=number, ordered_on=on))
    Order.objects.filter(pk=row.pk).update_silently(state="delivered", amount=amount)
    return row  # type: ignore[no-any-return]


def overdue(card: Account, amount: int, days: int) -> None:
    on = clock.today() - timedelta(days=days)
    sums = {"amount": amount, "settled": 0, "open_amount": amount}
    saved(Receivable(company=card.company, order=sold(card, on, amount), account=card, due_on=on, **sums))


@pytest.mark.req("CARD-01", "CARD-05", "CARD-08", "CARD-09", "CLASS-06")
def test_a_supervisors_monday_and_the_routes_of_the_next_month(
    visit: Visitor, hour: Callable[..., None], supervisor: User, leader: User, seller: User, rival: User, stranger: User
) -> None:
    """Who is not reviewed yet, what was dealt and is owed, on whom the time went; at the end of the month where to drive.

    Opportunities nobody moves are no part of it: they have tests of their own.
    """
    tab = visit.tab
    User.objects.all().update_silently(
        created_at=at("2026-09-01")
    )  # the share of a month is asked of who was there then
    hour(15, 10, month=10)
    cards = [account(name, seller, region_code="320508", **values) for name, values, _spent in OCTOBER]
    for card, (_name, _values, minutes) in zip(cards, OCTOBER, strict=True):
        row = {"owner": seller, "department": seller.department, "account": card, "created_by": seller}
        saved(Interaction(company=card.company, at=clock.now(), content="走访", minutes=minutes, **row))
    account("同店客户", rival, region_code="320508")
    account("外店客户", stranger)
    hour(20, 15)
    sold(cards[0], clock.today(), 1200)
    given = {
        "account": cards[0],
        "owner": seller,
        "number": "SK-1",
        "received_on": clock.today(),
        "amount": Decimal(300),
    }
    saved(Receipt(company=seller.company, created_by=seller, **given))
    overdue(cards[1], 8600, 10)

    hour(23, 9)
    run(judge_daily)
    visit.enter(supervisor).go("/team-board/")
    visit.sees("林知远", "陈书意", "58/31/11（应为 60/30/10）", "¥8,600", within="main")
    visit.lacks("许嘉禾")
    unreviewed = tab.locator(".kpi", has_text="本周未检查资料卡")
    assert unreviewed.locator(".kpi-v").inner_text() == "2"
    visit.fits()
    assert visit.audit() == []
    tab.get_by_role("link", name="58/31/11").click()
    visit.sees("工作时间六三一分配", "重点客户", "58.0%", within="main")
    visit.fits()
    tab.go_back()
    unreviewed.click()

    visit.sees("2026-11-23 起一周的资料卡检查，与 2026-11-20 成果的讨论", within=".page-sub")
    visit.sees("未检查 2", "未讨论 2", within=".page-actions")
    mine = tab.locator("main .card", has=tab.get_by_role("heading", name="林知远"))
    assert "订单 1 笔 ¥1,200，回款 ¥300" in mine.inner_text()
    visit.fits()
    assert visit.audit() == []
    for name, value in (("looked", "3"), ("score", "85"), ("remark", "地址待补")):
        mine.locator(f"[name={name}]").fill(value)
    mine.get_by_role("button", name="记录检查").click()
    visit.sees("已记录：林知远。", within="body")
    visit.sees("未检查 1", within=".page-actions")
    assert tab.locator("main .card h2").all_inner_texts() == ["陈书意"], (
        "the tile's list holds who is still to be reviewed"
    )
    tab.locator(".page-actions").get_by_role("link", name="全部人员").click()
    visit.sees("全部人员 2", within=".page-actions .on")
    assert (
        tab.locator("main .card h2").all_inner_texts()[0].startswith("陈书意")
    )  # who is still to be reviewed stands first
    visit.sees("唐督导已检查 3 张，85 分 · 地址待补", within="main")
    mine.locator("[name=note]").fill("回款节奏与扩产安排")
    mine.get_by_role("button", name="记录讨论").click()
    visit.sees("唐督导：回款节奏与扩产安排", within="main")
    assert (CardReview.objects.get().owner, DayTalk.objects.get().day) == (seller, date(2026, 11, 20))
    visit.go("/team-board/")
    assert unreviewed.locator(".kpi-v").inner_text() == "1"
    tab.locator(".kpi", has_text="逾期应收").click()
    visit.sees("普通机械", "¥8,600", within="main")
    visit.fits()
    assert visit.audit() == []
    run(judge_daily)
    made = Duty.objects.get(clause__code="CARD-01", subject_id=seller.pk, opened_on=date(2026, 11, 23))
    assert (made.state, made.owner, made.evidence_id) == ("met", leader, CardReview.objects.get().pk)

    # At the end of the month: where most is left undone, as a plan for who drives there.
    hour(30, 17)
    Account.objects.filter(pk__in=[card.pk for card in cards]).update_silently(last_contact_on=date(2026, 10, 15))
    visit.enter(supervisor).go("/visit-routes/")
    visit.sees("路线与时间", within="h1")
    first = tab.locator("main tbody tr", has_text="林知远").first
    assert "苏州市" in first.inner_text()
    visit.fits()
    assert visit.audit() == []
    first.get_by_role("link", name="拟定拜访").click()
    given = {"starts_on": "2026-12-01", "ends_on": "2026-12-31", "number": "3"}
    for name, value in given.items():
        assert tab.locator(f"main [name={name}]").input_value() == value
    tab.locator("main [name=focus]").fill("期内未联系的三家")
    visit.press("保存", within=".form-foot")
    visit.sees("期内未联系的三家", within="h1")
    visit.fits()
    jobs.work_off()
    plan = VisitPlan.objects.get()
    assert (plan.owner, plan.department, plan.state, plan.region_code) == (seller, seller.department, "draft", "320508")
    run(judge_daily)
    branch = Duty.objects.get(clause__code="CARD-05-a", opened_on=date(2026, 11, 1), subject_id=seller.department_id)
    assert (branch.state, branch.evidence_id) == ("met", plan.pk)
    visit.enter(seller).go("/notifications/")
    tab.locator("main").get_by_role("button", name="唐督导为您拟定了拜访计划").first.click()
    visit.sees("期内未联系的三家", within="h1")
    visit.sees("本计划还没有列入客户", within="main")
    visit.act("列入客户")
    visit.choose("account", cards[0].name, within="#dialog")
    visit.confirm("列入客户")
    visit.sees(cards[0].name, within="main")
    visit.act("提交店长确认")
    visit.confirm("提交店长确认")
    plan.refresh_from_db()
    assert plan.state == "asked"
