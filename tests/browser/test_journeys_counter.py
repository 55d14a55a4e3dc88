"""What a branch does with who walks in: registered at the counter, on file by six, inspected a week later, mended."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.conftest import run
from guanxi.customers.models import Account
from guanxi.filing.models import FactSource, Finding, Registration
from guanxi.filing.services.findings import follow
from guanxi.filing.services.inspection import rounds
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import Department, User
from guanxi.org.services import furnish
from guanxi.sales.models import Receipt
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account


@pytest.fixture
def clerk(hire: Any, east: Department) -> User:
    return hire("clerk", "service-specialist", east, name="何小满")


@pytest.fixture
def accountant(hire: Any, east: Department) -> User:
    return hire("accountant", "branch-accountant", east, name="钱多")


@pytest.fixture
def inspector(hire: Any, headquarters: Department) -> User:
    return hire("inspector", "operations-specialist", headquarters, name="严格")


@pytest.mark.req("FORM-01", "QUAL-01", "INFO-17", "BEYOND-04")
def test_a_walk_in_customer_is_recognised_registered_with_three_fields_and_on_the_accountants_list(
    visit: Visitor, hour: Any, clerk: User, accountant: User, stranger: User
) -> None:
    furnish(clerk.company)
    account("王建国", stranger, kind="person", phone="13812345678")
    tab = visit.tab
    hour(18, 10)
    visit.enter(clerk).go("/")
    visit.go("/counter/")
    visit.sees("登记顾客", within="h1")
    tab.locator("[name=phone]").press_sequentially("138 1234 5678", delay=10)
    visit.sees("许嘉禾正在跟进该客户", within="main")
    visit.sees("王** · 手机号相同", within="main")
    assert tab.locator(".dup a").count() == 0
    visit.fits()
    assert visit.audit() == []
    tab.locator("[name=phone]").fill("13900001111")
    tab.locator(".dup").wait_for(state="detached")
    tab.locator("[name=name]").fill("李雪梅")
    tab.locator("[name=need]").fill("想看看离心泵")
    visit.press("保存并打印")
    visit.sees("LC 16.06.302.01", "李雪梅", "想看看离心泵")
    assert (
        tab.evaluate("document.querySelector('.form-lines').clientWidth / document.querySelector('.paper').clientWidth")
        > 0.8
    )
    visit.fits()
    assert visit.audit() == []
    row = Registration.objects.get()
    assert (row.phone, row.state, row.collected_by) == ("13900001111", "open", clerk)

    visit.press("登记顾客", role="link", within="main")
    visit.sees("登记顾客", within="h1")
    visit.enter(accountant).go("/filing/")
    visit.sees("李雪梅", "139****1111", "何小满", within=".rows")
    visit.sees("2026-11-18 18:00", within=".page-sub")


@pytest.mark.req("QUAL-01", "QUAL-02", "QUAL-08", "QUAL-17")
def test_an_accountant_files_by_six_asks_at_settlement_and_mends_what_the_inspection_sends_back(
    visit: Visitor, hour: Any, clerk: User, accountant: User, seller: User, inspector: User
) -> None:
    furnish(clerk.company)
    tab = visit.tab
    hour(18, 17, 30)
    old = account("李四喜", seller, kind="person", phone="13700001111")
    given = {"account": old, "number": "SK-1", "amount": 100, "received_on": "2026-06-01"}
    verbs.add(entity(Receipt), given, actor=accountant)
    given = {"name": "孙立", "phone": "13812345678", "need": "想看看离心泵", "organisation": "杭州启明机械有限公司"}
    verbs.add(entity("filing.registration"), given, actor=clerk)

    visit.enter(accountant).go("/filing/")
    visit.sees("孙立", within=".rows")
    visit.sees("30:00", within=".kpis")  # half an hour is left
    visit.sees("—", within=".kpis")
    before = tab.locator(".rows .health").first.inner_text()
    assert visit.audit() == []
    visit.press("建档", role="link")
    visit.sees("杭州启明机械有限公司")
    visit.sees("建档标准要求填写")
    assert visit.audit() == []
    tab.locator("main [name=address]").fill("文三路2号")
    visit.choose("industry", "制造业", within="main")
    visit.press("建档并继续", within="main")
    visit.sees("所有登记均已建档", within="main")
    after = tab.locator(".rows .health").first.inner_text()
    assert int(before.rstrip("%")) < int(after.rstrip("%"))
    visit.fits()

    visit.go("/receipts/new/")
    visit.choose("account", "李四喜", within="main")
    tab.locator("main [name=amount]").fill("300")
    visit.press("保存", within=".form-foot")
    visit.sees("请向客户补全档案")
    visit.fits()
    assert visit.audit() == []
    tab.locator("[name=gap-address]").fill("解放路5号")
    visit.press("补全", within="main")
    visit.sees("已补全 1 项", within="body")
    old.refresh_from_db()
    assert (old.address, FactSource.objects.get(field="address", account=old).origin) == ("解放路5号", "settlement")
    visit.go("/filing/")
    visit.sees("我今日补全 1 项", within=".kpis")

    bad = account("杭州缺址贸易有限公司", seller, phone="0571-88881234", industry="F", business_needs="水泵")
    hour(23, 6)
    run(rounds)
    finding = Finding.objects.get(account=bad, field="address")
    hour(23, 9)
    visit.enter(accountant).go("/findings/?view=mine")
    visit.sees("杭州缺址贸易有限公司")
    visit.fits()
    visit.go(f"/findings/{finding.pk}/")
    visit.sees("缺少地址")
    visit.fits()
    assert visit.audit() == []
    tab.locator("main").get_by_role("link", name="杭州缺址贸易有限公司").first.click()
    visit.sees("杭州缺址贸易有限公司", within="h1")
    visit.press("编辑", role="link")
    tab.locator("#drawer [name=address]").fill("文三路9号")
    tab.locator("#drawer [name=reason]").fill("客户来电补充")
    visit.press("保存", within="#drawer")
    visit.sees("已保存", within="#main")
    visit.go(f"/findings/{finding.pk}/")
    visit.press("已整改", role="link")
    tab.locator("#dialog [name=note]").fill("已向客户问到地址")
    visit.confirm("已整改")
    hour(24, 7)
    run(follow)
    visit.enter(accountant).go(f"/findings/{finding.pk}/")
    visit.sees("已关闭", within="main")
    finding.refresh_from_db()
    assert (finding.state, Account.objects.get(pk=bad.pk).address) == ("closed", "文三路9号")
