"""Somebody leaves: entered, agreed, stopped from taking the customers along, divided, signed, sealed; nothing is left over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.custody.models import ExportLog, Flag
from guanxi.customers.models import Account, Contact
from guanxi.handover.models import AccountRequest, Handover, PersonnelChange
from guanxi.handover.tests.world import open_things
from guanxi.kernel import clock, jobs
from guanxi.org.models import Department, User
from guanxi.org.services import furnish
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_office import crowd

MANY = 300


@pytest.fixture
def marketing(hire: Any, headquarters: Department) -> User:
    return hire("market", "marketing", headquarters, name="马市场")


@pytest.fixture
def block(hire: Any, east: Department) -> User:
    """The block administrator of the eastern branch."""
    return hire("block", "block-administrator", east, name="何文书")


@pytest.fixture
def branch(east: Department, headquarters: Department, leader: User, owner: User, marketing: User) -> None:
    """Every department has its head, and the company its ready-made lists."""
    for department, head in ((east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    furnish(owner.company)


@pytest.mark.req("ACCT-01", "ACCT-05", "SEC-07", "INFO-18", "FORM-03")
def test_a_leaver_hands_three_hundred_customers_over_and_takes_none_along(
    visit: Visitor,
    branch: None,
    block: User,
    leader: User,
    marketing: User,
    seller: User,
    rival: User,
    hire: Any,
    east: Department,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    third = hire("third", "representative", east, name="方小禾")
    rows = crowd(seller, MANY, extra={"x_route": "北线"}, stage="deal")
    contact = Contact(company=seller.company, account=rows[0], name="李联系", mobile="13900001111", is_primary=True)
    saved(contact)
    tab, today = visit.tab, clock.today()

    # The personnel change, and the form that follows from it.
    visit.enter(block).go("/personnel-changes/new/")
    visit.choose("kind", "离职", within="main")
    visit.choose("person", "林知远", within="main")
    tab.locator("main [name=day]").fill((today + timedelta(days=1)).isoformat())
    visit.press("保存", within=".form-foot")
    visit.sees("林知远", within="h1")
    visit.fits()
    assert visit.audit() == []
    change = PersonnelChange.objects.get()
    visit.act("提交账号变更申请")
    tab.locator("#dialog [name=reason]").fill("个人原因离职")
    visit.confirm("提交账号变更申请")
    tab.wait_for_url("**/account-requests/**")
    form = AccountRequest.objects.get()
    visit.sees("审批中", within="main")
    visit.fits()
    for person in (leader, marketing):
        visit.enter(person).go(f"/approvals/{Approval.objects.get().pk}/")
        visit.sees("林知远", "个人原因离职")
        visit.fits()
        visit.act("同意")
        visit.confirm("同意")
        visit.sees("同意", within="main")
    form.refresh_from_db()
    assert form.state == "agreed"

    # The evening before: everything into a file.
    visit.enter(seller).go("/customers/?view=mine")
    if visit.narrow:
        tab.goto(f"{visit.base}/customers/?view=mine")
        tab.evaluate("document.querySelector('#export').showModal()")
    else:
        visit.press("导出")
    visit.press("导出", within="#export")
    visit.sees("离职")
    visit.fits()
    assert ExportLog.objects.count() == 0
    assert Flag.objects.get().owner == seller
    visit.enter(leader).go("/unusual-reading/")
    visit.sees("林知远", "已拦截")
    visit.fits()

    # Divided over two, signed by both sides.
    visit.go(f"/personnel-changes/{change.pk}/")
    visit.act("准备交接")
    visit.choose("rest_to", "陈书意", within="#dialog")
    visit.confirm("准备交接")
    tab.wait_for_url("**/handovers/**")
    handover = Handover.objects.get()
    visit.go(f"/handovers/{handover.pk}/edit/")
    visit.choose("line-1-person", "方小禾", within="main")
    visit.press("保存", within=".form-foot")
    visit.sees("陈书意", "方小禾", "所有持有事项")
    visit.press("添加规则", role="link")
    visit.choose("label", "客户", within="#drawer")
    with tab.expect_navigation():  # the saved rule reloads the page
        visit.press("保存", within="#drawer")
    visit.sees("已保存", within="main")
    visit.go(f"/handovers/{handover.pk}/")
    visit.fits()
    assert visit.audit() == []
    visit.act("提交签署")
    visit.confirm("提交签署")
    visit.sees("未签署")
    for person in (seller, rival, third):
        visit.enter(person).go(f"/handovers/{handover.pk}/")
        visit.fits()
        visit.act("签署")
        visit.confirm("签署")
        visit.sees("已签署")
    visit.enter(leader).go(f"/handovers/{handover.pk}/")
    visit.act("封存")
    visit.confirm("封存")
    jobs.work_off()
    visit.go(f"/handovers/{handover.pk}/")
    visit.sees("已封存")
    visit.fits()
    assert {person.username: Account.objects.filter(owner=person).count() for person in (seller, rival, third)} == {
        "seller": 0, "rival": MANY // 2, "third": MANY // 2,
    }  # fmt: skip
    assert (Account.objects.filter(owner=None).count(), open_things(seller)) == (0, {})
    assert Account.objects.filter(extra__x_route="北线", stage="deal").count() == MANY

    # Access has ended; the successor knows whom to call.
    assert visit.enter(seller).go("/customers/") == 200
    visit.sees("登录")
    visit.enter(Account.objects.get(pk=rows[0].pk).owner).go(f"/handovers/{handover.pk}/briefing/")
    visit.sees("接自林知远", "李联系", "客户0000")
    visit.fits()
    assert visit.audit() == []
