"""Month end at the head of customer relations: how the rules were kept, an objection to decide, and a rule that changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.conftest import run, saved
from guanxi.customers.models import Account
from guanxi.incentives.models import Entry
from guanxi.incentives.tests.conftest import proposal
from guanxi.interactions.models import ReturnVisit
from guanxi.kernel import clock
from guanxi.org.models import Department, User
from guanxi.org.services import furnish
from guanxi.rulebook.engine.run import judge_daily
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.services.books import load, ready
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account
from tests.browser.test_journeys_leading import sold


@pytest.fixture
def relations(
    site: str, hire: Any, headquarters: Department, east: Department, leader: User, owner: User, seller: User
) -> User:
    """Answers for the rules of the whole company, which hold since the beginning of November."""
    for department, head in ((east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    furnish(owner.company)
    load(
        owner.company,
        next(book for book in ready() if book.slug == "customer-resources"),
        effective_on=date(2026, 11, 1),
    )
    person: User = hire("relations", "relations-specialist", headquarters, name="顾清")
    return person


def asked(card: Account, day: int) -> ReturnVisit:
    """A return visit that was made on a day of November."""
    at = clock.now().replace(month=11, day=day, hour=2)
    row = ReturnVisit(
        company=card.company, owner=card.owner, department=card.department, account=card, due_on=at.date()
    )
    row.state, row.done_at, row.created_by = "done", at, card.owner
    return saved(row)  # type: ignore[no-any-return]


def decide(visit: Visitor, verb: str, reason: str) -> None:
    """A verb that asks for a reason."""
    visit.act(verb)
    visit.tab.locator("#dialog [name=reason]").fill(reason)
    visit.confirm(verb)


@pytest.mark.req("GOV-02", "GOV-04", "GOV-06", "PERF-03", "PERF-04", "ANLY-05", "ANLY-06")
def test_month_end_from_the_rate_to_its_evidence_the_objection_the_changed_rule_and_the_printed_report(
    visit: Visitor, hour: Callable[..., None], relations: User, leader: User, owner: User, seller: User, stranger: User
) -> None:
    """Compliance opens to its evidence, an objection is decided, and a clause holds in its new version from its day on.

    The satisfaction report with the measures of the last quarter is no part of it: surveys are not kept yet.
    """
    tab = visit.tab
    hour(2, 9)
    near, far = account("苏州青禾机械有限公司", seller), account("成都云帆科技有限公司", stranger)
    sold(near, date(2026, 11, 2), 1200)
    sold(far, date(2026, 11, 3), 800)
    sold(far, date(2026, 11, 20), 900)
    hour(12, 9)
    late = asked(near, 12)
    asked(far, 23)
    hour(25, 9)
    entry = proposal(seller, -20, title="购买后未按时回访")
    visit.enter(leader).go(f"/incentives/{entry.pk}/")
    visit.act("确认")
    visit.confirm("确认")
    visit.enter(seller).go("/incentives/?view=mine")
    tab.locator("main").get_by_role("link", name="购买后未按时回访").first.click()
    decide(visit, "提出异议", "客户当周停产，改约后已回访")

    # Every number opens to its evidence.
    hour(30, 17)
    run(judge_daily)
    visit.enter(relations).go("/compliance/")
    visit.sees("履行最差的条款", "购买后一周内回访", within="main")
    visit.fits()
    assert visit.audit() == []
    visit.press("按部门", role="link")
    row = tab.locator("main tbody tr", has_text="华东一店")
    assert row.locator("td").first.inner_text() == "0.0%"
    visit.fits()
    row.locator("[data-l=逾期履行] a").click()
    visit.sees("应办事项", within="h1")
    visit.fits()
    tab.locator("main tbody").get_by_role("link").first.click()
    visit.sees("为什么要做", "购买后一周内回访", "林知远", within="main")
    tab.locator("dt", has_text="依据").locator("xpath=following-sibling::dd").get_by_role("link").click()
    assert tab.url.endswith(f"/return-visits/{late.pk}/")
    visit.fits()
    visit.go("/compliance/")
    tab.locator("main .card", has_text="履行最差的条款").get_by_role("link", name="购买后一周内回访").click()
    visit.sees("购买后一周内回访", within="h1")
    visit.sees("履行情况", "2026-11", within="main")
    visit.fits()
    assert visit.audit() == []

    # The list of incentives, and the one somebody objects to.
    visit.go("/incentives/month/?month=2026-11")
    visit.sees("购买后未按时回访", "有异议", "林知远", within="main")
    visit.fits()
    visit.go("/incentives/?view=objected")
    tab.locator("main").get_by_role("link", name="购买后未按时回访").first.click()
    visit.sees("客户当周停产，改约后已回访")
    decide(visit, "支持异议", "改约有据")
    entry.refresh_from_db()
    assert (entry.state, Entry.objects.get(reverses=entry).amount) == ("reversed", Decimal(20))
    visit.sees("冲回：购买后未按时回访", within="main")

    # The clause is rewritten as a sentence, tried on the past, approved, and holds from December on.
    clause = Clause.objects.get(code="RV-05")
    visit.go(f"/clauses/{clause.pk}/")
    visit.press("修改规则", role="link")
    tab.locator("main [name='slot-within.0']").fill("3")
    visit.press("试算")
    visit.sees("林知远", within="main table")
    visit.fits()
    assert visit.audit() == []
    tab.locator("main [name=effective_on]").fill("2026-12-01")
    tab.locator("main [name=note]").fill("七天改为三天")
    visit.press("保存为草稿")
    visit.sees("V2 · 草稿 · 自 2026-12-01", "七天改为三天", within="main")
    visit.fits()
    visit.press("发布", role="link", within="main")
    visit.act("提交发布")
    visit.confirm("提交发布")
    visit.sees("待审批", within="main")
    visit.enter(owner).go("/approvals/")
    tab.locator("main").get_by_role("link", name="购买后一周内回访").first.click()
    visit.sees("七天改为三天", within="main")
    visit.fits()
    visit.act("同意")
    visit.confirm("同意")
    version = ClauseVersion.objects.get(clause=clause, number=2)
    assert (version.state, version.effective_on) == ("published", date(2026, 12, 1))

    sold(near, date(2026, 11, 30), 100)
    hour(1, 10, month=12)
    sold(near, date(2026, 12, 1), 100)
    hour(6, 9, month=12)
    run(judge_daily)
    days = (date(2026, 11, 30), date(2026, 12, 1))
    before, after = (Duty.objects.get(clause=clause, opened_on=day, owner=seller) for day in days)
    assert (before.clause_version.number, before.overdue_on, before.state) == (1, date(2026, 12, 7), "open")
    assert (after.clause_version.number, after.overdue_on, after.state) == (2, date(2026, 12, 4), "missed")
    visit.enter(relations).go(f"/clauses/{clause.pk}/")
    visit.sees("V2 · 已发布 · 自 2026-12-01", "V1 · 已发布 · 自 2026-11-01", within="main")
    visit.go(f"/duties/{after.pk}/")
    visit.sees("3 天", within="main")
    visit.fits()

    # The report prints for the meeting: the sheet alone.
    visit.go("/compliance/report/?month=2026-11")
    visit.sees("月末报告", within="h1")
    visit.sees("购买后一周内回访", "华东一店", "西部一店", within=".paper")
    visit.fits()
    assert visit.audit() == []
    tab.emulate_media(media="print")
    assert tab.locator(".paper").is_visible()
    around = tab.locator("nav, .page-head, .page-actions, header:not(.paper-head)")
    assert [one for one in around.all() if one.is_visible()] == []
    tab.emulate_media(media="screen")
