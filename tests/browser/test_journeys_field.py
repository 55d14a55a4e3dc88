"""A representative's day on the road: agreed, card read, visited, written up, next visit booked, and the duties kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guanxi.conftest import run, saved
from guanxi.interactions.models import CompetitorNote, Visit, VisitPlan
from guanxi.kernel import jobs
from guanxi.meetings.models import Bulletin
from guanxi.org.models import Department, User
from guanxi.org.services import furnish
from guanxi.rulebook.engine.run import judge_daily
from guanxi.rulebook.models import Duty
from guanxi.rulebook.services.books import load, ready
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account

PLACE = {"region_code": "320508", "phone": "0512-66881234", "next_contact_on": "2026-11-18"}


@pytest.fixture
def marketing(hire: Any, headquarters: Department) -> User:
    return hire("market", "marketing", headquarters, name="马市场")


@pytest.fixture
def branch(site: str, east: Department, headquarters: Department, leader: User, owner: User) -> None:
    """Departments have their heads, and the rules of cards and customer relations hold since the beginning of the month."""
    for department, head in ((east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    furnish(owner.company)
    for book in ready():
        if book.slug in ("customer-cards", "customer-relations"):
            load(owner.company, book, effective_on=date(2026, 11, 1))


def duty(code: str) -> Duty:
    return Duty.objects.select_related("clause").get(clause__code=code)


@pytest.mark.req(
    "RV-06", "CARD-02", "CARD-03", "CARD-04", "FORM-02", "FUP-01", "SALE-16", "MKTI-01", "MKTI-02", "GOV-06"
)
def test_a_day_of_visits_from_the_agreed_plan_to_duties_that_tick_themselves(
    visit: Visitor, hour: Callable[..., None], branch: None, seller: User, leader: User, marketing: User
) -> None:
    """The store manager agrees, the card is read, the form ends the visit, and its rival note becomes a bulletin.

    The monthly action of an opportunity is no part of this day: it has tests of its own.
    """
    tab = visit.tab
    hour(17, 9)
    card = account("苏州青禾机械有限公司", seller, address="星湖街88号", **PLACE)
    account("苏州云岭精密有限公司", seller, address="东环路10号", region_code="320508", phone="0512-66885678")
    visit.enter(seller).go("/visits/pack/?day=2026-11-18")
    visit.sees("没有已确认的拜访计划", "苏州青禾机械有限公司", within="main")
    visit.press("加入拜访包")
    visit.sees("已加入拜访包")
    run(judge_daily)
    assert duty("RV-06").state == "open"
    visit.go("/")
    visit.sees("计划的拜访先经店长确认")

    # Agreed with the store manager, by which the duty to agree is kept.
    visit.go("/visit-plans/new/")
    visit.choose("kind", "走访", within="main")
    for name, value in (("starts_on", "2026-11-18"), ("ends_on", "2026-11-20"), ("number", "2"), ("focus", "扩产需求")):
        tab.locator(f"main [name={name}]").fill(value)
    visit.press("保存", within=".form-foot")
    visit.sees("扩产需求", within="h1")
    visit.act("提交店长确认")
    visit.confirm("提交店长确认")
    visit.enter(leader).go("/approvals/")
    tab.locator("main").get_by_role("link", name="2026-11-18").first.click()
    visit.sees("扩产需求", "拜访计划")
    visit.fits()
    assert visit.audit() == []
    visit.act("同意")
    visit.confirm("同意")
    assert VisitPlan.objects.get().state == "agreed"
    run(judge_daily)
    kept = duty("RV-06")
    assert (kept.state, kept.evidence_label, kept.evidence_id) == ("met", "interactions.visit", Visit.objects.get().pk)

    # On the road: no visit without the card, and none is done without its form.
    hour(18, 10)
    visit.enter(seller).go("/visits/pack/")
    visit.sees("今日拜访包", within="h1")
    visit.sees("已确认的计划：扩产需求", within=".page-sub")
    visit.sees("请先查阅资料卡", within="main")
    visit.sees("同一地区", within="main")
    assert tab.get_by_role("button", name="开始拜访").is_disabled()
    assert visit.audit() == []
    visit.press("查阅资料卡", role="link")
    visit.sees("苏州青禾机械有限公司", within="h1")
    visit.fits()
    tab.go_back()
    visit.sees("已看卡", within="main")
    tab.context.grant_permissions(["geolocation"])
    tab.context.set_geolocation({"latitude": 31.31, "longitude": 120.67})
    visit.press("开始拜访", role="link")
    visit.press("获取当前位置", within="#dialog")
    tab.wait_for_function("() => document.querySelector('#dialog [name=position]').value !== ''")
    visit.fits()
    visit.press("开始拜访", within="#dialog")
    visit.sees("资料卡未交回", within="main")
    run(judge_daily)
    assert duty("CARD-04").state == "open"
    visit.go("/")
    visit.sees("拜访当日写结果、交回资料卡")
    visit.sees("今天 18:00 前")

    hour(18, 10, 40)
    visit.go("/visits/pack/")
    visit.press("填写拜访表", role="link")
    visit.sees("客户拜访表", within="h1")
    assert visit.audit() == []
    visit.press("交回资料卡")
    visit.sees("客户需求", within="[role=alert]")  # the form says what is missing
    visit.fits()
    visit.choose("outcome", "达到目的", within="main")
    said = {"need": "明年扩产，需离心泵六台", "approach": "寄样品并报价", "next_visit_on": "2026-11-25",
            "rival-name": "鼎岳泵业", "rival-strengths": "报价低 3%，交期四周", "rival-differences": "质保长一年"}  # fmt: skip
    for name, value in said.items():
        tab.locator(f"main [name={name}]").fill(value)
    visit.fits()
    visit.press("交回资料卡")
    visit.sees("拜访表已填写", within="body")
    visit.sees("完成", within="main")
    done = Visit.objects.get(state="done")
    assert (done.minutes, done.position.startswith("31.31"), done.plan) == (41, True, VisitPlan.objects.get())
    visit.go("/visits/pack/?day=2026-11-25")
    visit.sees("苏州青禾机械有限公司", "寄样品并报价", within="main")
    visit.go(f"/customers/{card.pk}/")
    visit.sees("明年扩产，需离心泵六台", "寄样品并报价")
    visit.fits()

    # The duty has ticked itself, and shows by what.
    run(judge_daily)
    made = duty("CARD-04")
    assert (made.state, made.evidence_label, made.evidence_id) == ("met", "interactions.visit", done.pk)
    visit.go("/")
    visit.lacks("拜访当日写结果、交回资料卡")
    visit.go(f"/duties/{made.pk}/")
    visit.sees("已履行", "为什么要做", "访前阅卡、访后还卡", within="main")
    assert visit.audit() == []
    tab.locator("dt", has_text="依据").locator("xpath=following-sibling::dd").get_by_role("link").click()
    visit.sees("明年扩产，需离心泵六台")
    assert tab.url.endswith(f"/visits/{done.pk}/")
    visit.fits()

    # What was heard of the competitor reaches everybody, without the customer's name.
    jobs.work_off()
    note, bulletin = CompetitorNote.objects.get(), Bulletin.objects.get()
    assert (note.visit, bulletin.state) == (done, "draft")
    visit.enter(marketing).go("/notifications/")
    visit.press("请发布或删除由拜访生成的通报草稿：竞争对手动态：鼎岳泵业", within="main")
    visit.sees("竞争对手动态：鼎岳泵业", within="h1")
    visit.sees("报价低 3%，交期四周", "质保长一年")
    visit.lacks("青禾")
    visit.fits()
    visit.act("发布")
    visit.confirm("发布")
    visit.enter(leader).go("/bulletins/?view=unread")
    visit.sees("竞争对手动态：鼎岳泵业", within="main")
    visit.fits()
    visit.go(f"/competitors/{note.competitor_id}/")
    visit.press("拜访中了解到的", role="link", within=".rec-tabs")
    visit.sees("报价低 3%，交期四周", "苏州青禾机械有限公司", within="main")
    visit.fits()
