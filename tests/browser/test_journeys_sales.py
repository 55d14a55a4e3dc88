"""Sales from the card of an exhibition to the money in the bank; a discount that has to be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.catalog.models import Product
from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.deals.models import Lead, Opportunity
from guanxi.filing.models import Exhibition
from guanxi.offers.models import PriceItem, PriceList, Quote
from guanxi.org.models import Department, User
from guanxi.org.services import furnish
from guanxi.sales.models import Order, Receipt
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account as customer

Hour = Callable[..., None]


@pytest.fixture
def house(site: str, headquarters: Department, east: Department, leader: User, owner: User) -> None:
    """Every department has its head, and the company all it starts with."""
    for department, head in ((east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    furnish(owner.company)


@pytest.fixture
def finance(hire: Any, headquarters: Department) -> User:
    return hire("finance", "finance", headquarters, name="钱清")  # type: ignore[no-any-return]


@pytest.fixture
def marketing(hire: Any, headquarters: Department) -> User:
    return hire("marketing", "marketing", headquarters, name="顾展")  # type: ignore[no-any-return]


@pytest.fixture
def business(hire: Any, headquarters: Department) -> User:
    return hire("business", "business-department", headquarters, name="方业务")  # type: ignore[no-any-return]


@pytest.fixture
def compressor(house: None, owner: User) -> Product:
    """Costs 60,000 by itself and 58,000 on the list of this year, where nobody goes below 50,000 without asking."""
    company = owner.company
    values = {"code": "K-90", "name": "螺杆空压机", "unit": "台", "price": Decimal(60000), "cost": Decimal(40000)}
    product: Product = saved(Product(company=company, **values))
    held = saved(PriceList(company=company, name="2026年标准价", valid_from=date(2026, 1, 1), set_by=owner))
    price = {"price": Decimal(58000), "lowest_price": Decimal(50000)}
    saved(PriceItem(company=company, price_list=held, product=product, **price))
    return product


def fill(visit: Visitor, verb: str, **values: str) -> None:
    """Open a verb, write into its fields, press it; the record says that it was done."""
    open_with(visit, verb, **values)
    visit.confirm(verb)


def open_with(visit: Visitor, verb: str, **values: str) -> None:
    visit.act(verb)
    for name, value in values.items():
        field = visit.tab.locator(f"#dialog [name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            visit.choose(name, value, within="#dialog")
        else:
            field.fill(value)
    visit.fits()


def makes(visit: Visitor, verb: str, **values: str) -> None:
    """A verb that leads to what it has made."""
    before = visit.tab.url
    open_with(visit, verb, **values)
    visit.press(verb, within="#dialog")
    visit.tab.wait_for_url(lambda url: url != before)
    visit.fits()


def refused(visit: Visitor, verb: str, *texts: str, **values: str) -> None:
    """A verb that says in a sentence why it does not do it; the dialog is put away again."""
    open_with(visit, verb, **values)
    visit.press(verb, within="#dialog")
    visit.sees(*texts, within="#dialog")
    visit.fits()
    visit.tab.locator("#dialog [data-close]").first.click()


def agrees(visit: Visitor, person: User, about: str, *told: str) -> None:
    """Somebody finds what waits for them, reads it and agrees."""
    visit.enter(person).go("/approvals/")
    visit.tab.locator("main").get_by_role("link", name=about).first.click()
    visit.sees(*told, within="main")
    visit.fits()
    visit.act("同意")
    visit.confirm("同意")


@pytest.mark.req("SALE-01", "SALE-02", "SALE-03", "SALE-04", "SALE-07", "ORDER-01", "ORDER-02")
def test_a_card_of_an_exhibition_becomes_a_paid_order_and_nothing_is_typed_twice(
    visit: Visitor, hour: Hour, compressor: Product, marketing: User, leader: User, seller: User, finance: User
) -> None:
    tab = visit.tab
    hour(17, 10)
    fair = saved(Exhibition(company=seller.company, name="2026上海工博会", owner=marketing))

    # Marketing types the card at the stand; the head of the branch gives it to a representative.
    visit.enter(marketing).go(f"/counter/cards/?exhibition={fair.pk}")
    card = {
        "name": "钱厂长", "phone": "13957400012", "need": "两台螺杆空压机", "organisation": "宁波海川机电有限公司", "post": "厂长",
    }  # fmt: skip
    for name, value in card.items():
        tab.fill(f"[name=card-0-{name}]", value)
    tab.locator("[name=as]").check()
    visit.press("全部登记")
    visit.sees("宁波海川机电有限公司")
    visit.enter(leader).go("/lead-pool/")
    tab.locator("main").get_by_role("link", name="宁波海川机电有限公司").first.click()
    visit.sees("展会", "宁波海川机电有限公司", within="main")
    makes(visit, "分配", to="林知远", reason="宁波归你")
    lead = Lead.objects.get()
    assert (lead.owner, lead.way, lead.source_detail) == (seller, "card", "2026上海工博会")

    # The representative phones the same day and makes a customer of it the day after.
    visit.enter(seller).go("/leads/?view=mine")
    tab.locator("main").get_by_role("link", name="宁波海川机电有限公司").first.click()
    visit.sees("2026上海工博会", "周屿", within="main")
    assert visit.audit() == []
    fill(visit, "记录联系", content="电话核实：年底前要装好", next_contact_on="2026-11-18")
    visit.sees("电话核实：年底前要装好", within="main")
    hour(18, 9)
    visit.enter(seller).go(f"/leads/{lead.pk}/")
    makes(visit, "转为客户", title="空压机两台", amount="110000")
    account, row = Account.objects.get(), Opportunity.objects.get()
    assert tab.url.endswith(f"/customers/{account.pk}/")
    visit.sees("宁波海川机电有限公司", within="h1")
    visit.sees("钱厂长", "电话核实：年底前要装好", within="main")
    assert Contact.objects.get().mobile == "13957400012"
    tab.locator("main").get_by_role("link", name="空压机两台").first.click()

    # Stage by stage; what is missing is said in a sentence.
    visit.sees("空压机两台", within="h1")
    visit.sees("初步接触", "确认是谁、要什么、什么时候要。", within="main")
    assert visit.audit() == []
    refused(visit, "推进阶段", "从“初步接触”进入“需求确认”还缺：本阶段进入后的跟进。")
    fill(visit, "记录联系", content="看过现场，电源要改", next_step="出方案和报价")
    fill(visit, "推进阶段")
    fill(visit, "推进阶段")
    refused(visit, "推进阶段", "从“方案报价”进入“商务谈判”还缺：填写预计成交日期。")
    visit.press("编辑", role="link")
    tab.locator("#drawer [name=expected_on]").fill("2026-12-10")
    visit.choose("line-0-product", "螺杆空压机", within="#drawer")
    tab.locator("#drawer [name=line-0-quantity]").fill("2")
    visit.fits()
    visit.press("保存", within="#drawer")
    visit.sees("已保存", within="#main")
    row.refresh_from_db()
    assert (row.stage.name, row.amount, row.probability, row.next_step) == (
        "方案报价", Decimal(120000), 50, "出方案和报价",
    )  # fmt: skip

    # A quote at the price of the list; what is known of the customer stands in it already.
    makes(visit, "写报价单")
    quote = Quote.objects.get()
    assert (quote.subject, quote.contact, quote.account) == ("空压机两台", Contact.objects.get(), account)
    # 2 × 58,000 = 116,000 with the tax in it: 116,000 × 13 / 113 = 13,345.13.
    assert (quote.total, quote.tax_amount) == (Decimal("116000.00"), Decimal("13345.13"))
    visit.sees("¥116,000", "价格表“2026年标准价”", within="main")
    assert visit.audit() == []
    fill(visit, "提交报价单")
    fill(visit, "登记已发出", note="微信发给钱厂长")
    href = tab.get_by_role("link", name="打开 PDF").get_attribute("href")
    document = tab.context.request.get(visit.base + href)
    assert (document.status, document.headers["content-type"]) == (200, "application/pdf")
    assert document.body()[:4] == b"%PDF"
    visit.go(f"/opportunities/{row.pk}/")
    fill(visit, "推进阶段")
    visit.go(f"/quotes/{quote.pk}/")
    open_with(visit, "客户接受")
    assert tab.input_value("#dialog [name=who]") == "钱厂长"
    visit.confirm("客户接受")
    makes(visit, "生成订单")

    # The order, checked before it leaves, and the money for it.
    order = Order.objects.get()
    fill(visit, "确认")
    assert (order.account, order.quote, Order.objects.get().amount) == (account, quote, Decimal("116000.00"))
    visit.sees("订单进展", within="main")
    makes(visit, "安排发货", planned_on="2026-11-20")
    delivery = tab.url
    hour(20, 9)
    visit.enter(seller)
    tab.goto(delivery)
    refused(visit, "发出", "不能发出")
    fill(visit, "登记质量检查", result="合格", findings="试机两小时，无渗漏")
    fill(visit, "发出", carrier="德邦", waybill="DB20261120")
    visit.sees("德邦", "DB20261120", within="main")
    fill(visit, "客户已收货")
    visit.go(f"/orders/{order.pk}/")
    visit.sees("已发货", within=".page-head, main")
    assert visit.audit() == []

    visit.enter(finance).go(f"/receipts/new/?account={account.pk}")
    tab.fill("[name=amount]", "116000")
    visit.press("保存", within="#main")
    visit.press("核销到订单", role="link")
    visit.sees("回款核销", within="h1")
    assert tab.input_value(f"[name=amount-{order.pk}]") == "116000.00"
    visit.fits()
    assert visit.audit() == []
    visit.press("保存", within="#main")
    visit.sees("已核销", within="#main")
    assert (Receipt.objects.get().allocated, Order.objects.get().payment) == (Decimal("116000.00"), "paid")

    visit.enter(seller).go(f"/orders/{order.pk}/")
    visit.sees("已回款", within="main")
    visit.go(f"/opportunities/{row.pk}/")
    fill(visit, "赢单")
    visit.sees("赢单", "¥120,000", within="main")
    row.refresh_from_db()
    assert (row.state, row.won_on) == ("won", date(2026, 11, 20))
    visit.go(f"/customers/{account.pk}/")
    visit.sees("宁波海川机电有限公司", "¥116,000", within="main")
    assert (Account.objects.count(), Contact.objects.count(), Order.objects.count()) == (1, 1, 1)


@pytest.mark.req("SALE-07", "PROD-04")
def test_a_discount_beyond_authority_is_stopped_asked_for_approved_and_sent(
    visit: Visitor, hour: Hour, compressor: Product, seller: User, leader: User, business: User
) -> None:
    tab = visit.tab
    hour(18, 9)
    card = customer("苏州青禾机械有限公司", seller)
    visit.enter(seller).go(f"/quotes/new/?account={card.pk}")
    visit.choose("line-0-product", "螺杆空压机")
    tab.fill("[name=line-0-quantity]", "1")
    tab.fill("[name=line-0-discount]", "12")
    visit.press("保存", within="#main")
    quote = Quote.objects.get(account=card)
    # 58,000 less 12 % = 51,040; 6,960 off, with 5,871.86 of tax in it.
    assert (quote.total, quote.discount_amount, quote.tax_amount) == (
        Decimal("51040.00"), Decimal("6960.00"), Decimal("5871.86"),
    )  # fmt: skip
    visit.sees("折扣 12% 超出", "¥51,040", within="main")
    visit.fits()
    assert visit.audit() == []
    refused(visit, "提交报价单", "折扣 12% 超出", "请说明为何要破例。")
    fill(visit, "提交报价单", reason="年度框架首单，同行报价五万二")
    visit.sees("审批中", within="main")
    assert tab.locator(".rec-act").get_by_role("link", name="登记已发出").count() == 0

    agrees(visit, leader, "苏州青禾机械有限公司", "年度框架首单，同行报价五万二", "6,960.00")
    assert Quote.objects.get(account=card).state == "asked"
    agrees(visit, business, "苏州青禾机械有限公司", "周屿")
    visit.enter(seller).go(f"/quotes/{quote.pk}/")
    visit.sees("已放行", within="main")
    fill(visit, "登记已发出", note="邮件发给采购")
    assert Quote.objects.get(account=card).state == "sent"
    tab.locator(".rec-tabs a", has_text="附件").click()
    visit.sees(f"{quote.number}.pdf", within="main")
    visit.fits()
