"""Credit beyond its limit, goods that come back, commission of a month, booked data that stay as they are, and the page of a key customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.catalog.models import Product
from guanxi.conftest import saved
from guanxi.contracts.models import Contract, Obligation
from guanxi.corrections.models import Correction
from guanxi.customers.models import Account, Contact
from guanxi.incentives.models import Entry
from guanxi.kernel import jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt
from guanxi.targets.models import CommissionPlan, CommissionRate, Statement
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account
from tests.browser.test_journeys_sales import Hour, agrees, business, compressor, fill, finance, house, makes, refused

__all__ = ["business", "compressor", "finance", "house"]


@pytest.fixture
def pump(house: None, owner: User) -> Product:
    values = {"code": "P-1", "name": "水泵", "unit": "台", "price": Decimal(1000), "cost": Decimal(600)}
    return saved(Product(company=owner.company, **values))  # type: ignore[no-any-return]


def ordered(card: Account, product: Product, quantity: int, on: date, **header: Any) -> Order:
    """A confirmed order of earlier days."""
    lines = [{"product": product, "quantity": Decimal(quantity)}]
    order = services.place({"account": card, "ordered_on": on, **header}, lines, actor=card.owner)
    services.confirm(order, actor=card.owner)
    return Order.objects.get(pk=order.pk)


def received(card: Account, amount: int, on: date, actor: User, order: Order) -> Receipt:
    """Money of earlier days, given to an order."""
    values = {"account": card, "amount": Decimal(amount), "received_on": on}
    receipt = verbs.add(entity(Receipt), values, actor=actor)
    services.allocate(receipt, actor=actor, order=order)
    return Receipt.objects.get(pk=receipt.pk)


@pytest.mark.req("VALUE-04", "ORDER-01")
def test_an_order_over_the_credit_limit_is_stopped_released_by_finance_and_confirmed(
    visit: Visitor, hour: Hour, compressor: Product, seller: User, finance: User
) -> None:
    hour(18, 9)
    card = account("上海云帆科技有限公司", seller)
    card.credit_limit = Decimal(50000)
    saved(card)
    visit.enter(seller).go(f"/orders/new/?account={card.pk}")
    visit.choose("line-0-product", "螺杆空压机")
    visit.tab.fill("[name=line-0-quantity]", "1")
    visit.press("保存", within="#main")
    visit.sees("¥58,000", within="main")
    visit.fits()
    # The limit itself is masked for representatives: they hear that it is exceeded, and what to do.
    refused(visit, "确认", "订单超出信用额度", "须先放行：请申请放行。")
    fill(visit, "申请放行", reason="客户已付定金，余款年前结清")

    visit.enter(finance).go("/")
    visit.sees("待放行订单", within="main")
    visit.go("/orders/?view=release")
    visit.tab.locator("main").get_by_role("link", name=Order.objects.get(account=card).number).first.click()
    visit.sees("客户已付定金，余款年前结清", within="main")
    fill(visit, "放行", reason="已核对保函")
    visit.enter(seller).go(f"/orders/{Order.objects.get(account=card).pk}/")
    visit.sees("钱清", "已核对保函", within="main")
    fill(visit, "确认")
    visit.sees("已确认", within="main")
    assert visit.audit() == []
    order = Order.objects.get(account=card)
    assert (order.state, order.amount, order.released_by) == ("confirmed", Decimal("58000.00"), finance)


@pytest.mark.req("ORDER-04", "ORDER-05")
def test_a_part_comes_back_is_credited_and_refunded_in_part_and_the_statement_closes_right(
    visit: Visitor, hour: Hour, pump: Product, seller: User, leader: User, finance: User
) -> None:
    tab = visit.tab
    hour(18, 9)
    card = account("杭州启明机械有限公司", seller)
    ordered(card, pump, 1, date(2025, 12, 10))
    sold = ordered(card, pump, 5, date(2026, 11, 2))
    services.deliver(sold, actor=seller, delivered_on=date(2026, 11, 4))
    received(card, 5000, date(2026, 11, 10), finance, sold)

    visit.enter(seller).go(f"/orders/{sold.pk}/")
    makes(visit, "申请退货", wanted="退款", reason="两台密封圈渗漏")
    visit.press("编辑", role="link")
    tab.locator("#drawer [name=line-0-quantity]").fill("2")
    visit.fits()
    visit.press("保存", within="#drawer")
    visit.sees("已保存", within="#main")
    request = tab.url
    fill(visit, "提交审批")
    agrees(visit, leader, "退货", "两台密封圈渗漏", "2,000.00")
    visit.enter(seller)
    tab.goto(request)
    fill(visit, "收货并验收", findings="两台，密封圈破损")
    visit.sees("两台，密封圈破损", within="main")
    assert visit.audit() == []
    visit.enter(finance)
    tab.goto(request)
    fill(visit, "开贷项单")
    refused(visit, "支付退款", "2,000.00", amount="2000.01")
    fill(visit, "支付退款", amount="500", method="银行转账")
    visit.sees("¥500", within="main")
    assert Order.objects.get(kind="return").amount == Decimal("-2000.00")

    # 1,000 from last year; 5,000 sold less 2,000 come back; 5,000 received less 500 given back: 1,000 + 3,000 - 4,500.
    visit.go(f"/customers/{card.pk}/")
    assert "¥4,000" in tab.locator("main .card", has_text="尚未开票").inner_text()
    visit.press("对账单", role="link", within="main")
    visit.sees("对账单", within="h1")
    told = dict(zip(*(tab.locator(f".kpi {part}").all_inner_texts() for part in (".kpi-l", ".kpi-v")), strict=True))
    assert told == {"期初余额": "¥1,000", "应收发生": "¥3,000", "已回款": "¥4,500", "期末余额": "−¥500"}
    visit.fits()
    assert visit.audit() == []
    tab.fill("[name=last]", "2026-11-09")
    visit.press("查看")
    visit.sees("¥6,000", within=".kpis")
    visit.fits()
    paper = tab.context.request.get(f"{visit.base}/customers/{card.pk}/statement/?format=pdf")
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    visit.go("/receivables/ageing/")
    visit.sees("林知远", "应收 ¥1,000，共 1 笔", within="main")
    assert visit.audit() == []


@pytest.mark.req("SALE-06")
def test_a_booked_amount_is_corrected_only_with_a_yes_and_the_report_tells_it(
    visit: Visitor, hour: Hour, pump: Product, seller: User, leader: User, finance: User
) -> None:
    tab = visit.tab
    hour(18, 9)
    card = account("宁波远洋设备有限公司", seller)
    order = ordered(card, pump, 3, date(2026, 11, 2))
    visit.enter(finance).go("/correction-rules/new/")
    visit.choose("label", "订单")
    visit.choose("field", "金额")
    visit.press("保存", within="#main")
    visit.sees("金额", within="main")

    visit.enter(seller).go(f"/orders/{order.pk}/")
    visit.press("编辑", role="link")
    tab.locator("#drawer [name=line-0-quantity]").fill("2")
    visit.press("保存", within="#drawer")
    visit.sees("申请更正", within="#drawer")
    visit.fits()
    assert Order.objects.get(account=card).amount == Decimal("3000.00")
    visit.go(f"/orders/{order.pk}/")
    fill(visit, "申请更正", field="金额", value="2850", reason="合同价每台 950 元")
    assert Order.objects.get(account=card).amount == Decimal("3000.00")
    agrees(visit, leader, order.number, "3,000.00", "合同价每台 950 元")
    visit.enter(seller).go(f"/orders/{order.pk}/")
    visit.sees("¥2,850", "3,000.00 → 2,850.00", within="main")
    assert visit.audit() == []
    assert Correction.objects.get().difference == Decimal("-150.00")

    visit.enter(finance).go("/corrections/figures/?year=2026")
    visit.sees("林知远", within="main")
    assert visit.audit() == []
    visit.go("/corrections/")
    tab.locator("main").get_by_role("link", name=order.number).first.click()
    visit.sees("3,000.00", "2,850.00", "周屿", "合同价每台 950 元", within="main")
    visit.fits()


@pytest.mark.req("PROD-02")
def test_commission_opens_into_its_lines_is_objected_to_decided_settled_and_a_reversal_comes_next_month(
    visit: Visitor, hour: Hour, pump: Product, seller: User, finance: User
) -> None:
    tab = visit.tab
    hour(20, 9, month=10)
    plan = saved(CommissionPlan(company=seller.company, name="2026年提成", starts_on=date(2026, 1, 1)))
    saved(CommissionRate(company=seller.company, plan=plan, rate=Decimal(5)))
    card = account("无锡恒力机电有限公司", seller)
    receipt = received(card, 3000, date(2026, 10, 20), finance, ordered(card, pump, 3, date(2026, 10, 10)))
    jobs.work_off()
    hour(2, 9, month=11)
    visit.enter(finance).go("/commission-statements/?view=draft")
    tab.locator("main tbody tr", has_text="2026-10").get_by_role("link").first.click()
    fill(visit, "交本人核对")

    # 5 % of 3,000 = 150; the person finds that spare parts of 50 are missing.
    statement = Statement.objects.get(month=date(2026, 10, 1))
    visit.enter(seller).go(f"/commission-statements/{statement.pk}/")
    visit.sees("¥150", "¥3,000", within="main")
    visit.fits()
    assert visit.audit() == []
    visit.press("提成明细", role="link", within=".rec-tabs")
    visit.sees("5.0%", "¥150", within="main")
    visit.fits()
    visit.go(f"/commission-statements/{statement.pk}/")
    fill(visit, "提出异议", reason="漏计配件单")
    visit.enter(finance).go("/commission-statements/?view=objected")
    tab.locator("main tbody").get_by_role("link").first.click()
    visit.sees("漏计配件单", within="main")
    fill(visit, "支持异议", amount="50", reason="补计配件单")
    visit.sees("¥200", within="main")
    fill(visit, "结算")
    statement.refresh_from_db()
    assert (statement.state, statement.amount, Entry.objects.get().amount) == ("settled", Decimal(200), Decimal(200))

    # The receipt is voided in November: October stays, November takes it back.
    visit.go(f"/receipts/{receipt.pk}/")
    fill(visit, "作废", reason="记错客户")
    jobs.work_off()
    november = Statement.objects.get(month=date(2026, 11, 1))
    visit.enter(seller).go(f"/commission-statements/{november.pk}/")
    visit.sees("−¥150", within="main")
    visit.fits()
    statement.refresh_from_db()
    assert (statement.amount, november.amount) == (Decimal(200), Decimal(-150))


@pytest.mark.req("INFO-03", "VALUE-01", "CONTR-04", "GROUP-01", "INFO-06")
def test_the_page_of_a_key_customer_answers_who_what_how_much_and_what_next(
    visit: Visitor, hour: Hour, pump: Product, seller: User, business: User
) -> None:
    tab = visit.tab
    hour(18, 9)
    group = account("华东水务集团有限公司", seller, is_key=True)
    branch = account("宁波水务有限公司", seller, parent=group)
    for card, quantity, day in (
        (group, 3, date(2025, 10, 14)), (group, 5, date(2026, 10, 13)), (branch, 2, date(2026, 9, 8)),
    ):  # fmt: skip
        ordered(card, pump, quantity, day)
    buyer = {"account": group, "name": "何采购", "post": "采购经理", "birth_date": date(1985, 11, 25)}
    verbs.add(entity(Contact), buyer, actor=seller)
    values = {"title": "2026年度供货合同", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 18)}
    owned = {"company": seller.company, "owner": seller, "department": seller.department}
    contract = saved(Contract(account=group, number="HT-1", state="running", amount=Decimal(120000), **owned, **values))
    for side, what in (("ours", "交付备用泵两台"), ("theirs", "支付年度尾款")):
        saved(Obligation(contract=contract, side=side, what=what, due_on=date(2026, 12, 1), **owned))

    visit.enter(business).go(f"/customers/{group.pk}/")
    # Who: the group with its company, the buyer and their birthday.  How much: 5,000 this year and 2,000 of the branch.
    visit.sees("华东水务集团有限公司", within="h1")
    visit.sees("何采购", "采购经理", "宁波水务有限公司", "林知远", within="main")
    birthday = tab.locator("main .card", has_text="纪念日").locator("li", has_text="何采购")
    assert "11-25" in birthday.inner_text() or "7 天" in birthday.inner_text()
    figures = tab.locator("main .card", has_text="集团经营情况")
    assert "¥7,000" in figures.inner_text() and "¥2,000" in figures.inner_text()
    # By month against last year: revenue 5,000 to 3,000, profit 5 × 400 to 3 × 400.
    tab.locator("summary", has_text="按月").click()
    october = tab.locator("main tr", has_text="2026-10").filter(visible=True).first.locator("td").all_inner_texts()
    assert october == ["1", "¥5,000", "¥3,000", "¥2,000", "¥1,200"]
    # What next: the contract ends in 30 days, with what both sides still have to do.
    running = tab.locator("main .card", has_text="在履行的合同")
    told = running.inner_text()
    assert [
        word for word in ("2026年度供货合同", "30", "交付备用泵两台", "支付年度尾款", "2026-12-01") if word not in told
    ] == []
    visit.fits()
    assert visit.audit() == []
    running.get_by_role("link", name="2026年度供货合同").click()
    visit.sees("2026年度供货合同", within="h1")
    visit.fits()
    assert visit.audit() == []

    # What is next gets a day: the representative logs the call and the next contact.
    visit.enter(seller).go(f"/customers/{group.pk}/")
    fill(visit, "记录联系", content="谈续签，等对方预算", next_contact_on="2026-11-25")
    visit.sees("谈续签，等对方预算", within="main")
    group.refresh_from_db()
    assert group.next_contact_on == date(2026, 11, 25)
