"""What a representative and a newcomer do every day, by mouse on a desk and by thumb on a phone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from guanxi.catalog.models import Product, ProductCategory
from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.exchange.tests.wizard import book
from guanxi.kernel import jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.sales.models import Order
from tests.browser.conftest import Visitor


def account(name: str, keeper: User, **values: Any) -> Account:
    """A customer as somebody would add it."""
    added = verbs.add(entity("customers.account"), {"name": name, "owner": keeper, **values}, actor=keeper)
    assert isinstance(added, Account)
    return added


@pytest.fixture
def pump(site: str, owner: User) -> Product:
    """Something to sell."""
    category = saved(ProductCategory(company=owner.company, name="泵类", code="P"))
    values = {"name": "离心泵 A1", "code": "A1", "category": category, "price": Decimal("1280")}
    added = verbs.add(entity("catalog.product"), values, actor=owner)
    assert isinstance(added, Product)
    return added


def test_a_newcomer_gets_from_the_door_to_a_confirmed_order(visit: Visitor, leader: User, pump: Product) -> None:
    tab = visit.tab
    visit.go("/customers/")
    visit.sees("登录", "密码")
    tab.fill("[name=login]", "leader")
    tab.fill("[name=password]", "a long password 1")
    visit.press("登录")
    visit.sees("客户", within="h1")
    visit.go("/")
    visit.sees("周屿", within="h1")

    visit.go("/customers/import/")
    file = book(
        ("客户名称", "电话", "行业"),
        ("苏州青禾机械有限公司", "13912345678", ""),
        ("上海云帆科技有限公司", "021-52345678", ""),
        ("王建国", "13700001111", ""),
    )
    tab.set_input_files(
        "input[type=file]", {"name": "客户.xlsx", "mimeType": "application/octet-stream", "buffer": file}
    )
    visit.sees("客户.xlsx")
    visit.press("下一步")
    visit.sees("匹配列", within="h1")
    visit.fits()
    visit.press("检查")
    visit.sees("苏州青禾机械有限公司", "王建国", "只新增")
    visit.fits()
    visit.press("导入", within="#main")
    tab.wait_for_url("**/jobs/**")
    jobs.work_off()
    visit.press("查看结果", role="link")
    visit.sees("导入结果", "客户.xlsx")
    visit.fits()
    assert tab.locator("[data-count=created]").inner_text() == "3"
    visit.press("查看列表", role="link")

    tab.get_by_role("link", name="苏州青禾机械有限公司").first.click()
    visit.sees("苏州青禾机械有限公司", within="h1")
    visit.fits()
    visit.press("编辑", role="link")
    tab.locator("#drawer [name=short_name]").fill("青禾机械")
    visit.fits()
    visit.press("保存", within="#drawer")
    visit.sees("已保存", within="#main")
    assert Account.objects.get(name="苏州青禾机械有限公司").short_name == "青禾机械"

    visit.press("联系人", role="link", within=".rec-tabs")
    visit.press("新建联系人", role="link")
    tab.locator("#drawer [name=name]").fill("李晓雯")
    tab.locator("#drawer [name=mobile]").fill("13811112222")
    visit.press("保存", within="#drawer")
    visit.sees("李晓雯", within="h1")
    assert Contact.objects.get().account.name == "苏州青禾机械有限公司"

    tab.go_back()
    visit.press("订单", role="link", within=".rec-tabs")
    visit.press("新建订单", role="link")
    visit.choose("line-0-product", "离心泵 A1", within="#drawer")
    tab.locator("#drawer [name=line-0-quantity]").fill("3")
    visit.fits()
    visit.press("保存", within="#drawer")
    visit.sees("草稿")
    order = Order.objects.get()
    assert (order.amount, order.account.name) == (Decimal("3840.00"), "苏州青禾机械有限公司")
    visit.sees("¥3,840")
    tab.locator(".rec-act").get_by_label("更多操作").click()
    visit.press("确认", role="link", within=".rec-act .dropdown-menu")
    visit.press("确认", within="#dialog")
    visit.sees("已确认")
    visit.fits()

    visit.go(f"/customers/{order.account_id}/")
    tab.locator(".rec-act").get_by_label("更多操作").click()
    visit.press("打印", role="link", within=".rec-act .dropdown-menu")
    visit.sees("客户卡片", "苏州青禾机械有限公司", "李晓雯", "周屿")
    visit.fits()


def test_a_customer_is_found_by_two_characters_initials_and_the_end_of_the_phone(visit: Visitor, seller: User) -> None:
    account("苏州青禾机械有限公司", seller, phone="13912345678")
    account("上海云帆科技有限公司", seller, phone="13700001111")
    tab = visit.tab
    visit.enter(seller).go("/")
    for words in ("青禾", "szqh", "5678"):
        if visit.narrow:
            visit.press("搜索")
        else:
            tab.keyboard.press("Control+k")
        tab.locator("#palette input").fill(words)
        visit.sees("苏州青禾机械有限公司", within="#pal-res")
        visit.fits()
        assert tab.locator("#pal-res .pal-i").count() == 1
        tab.locator("#palette input").press("Enter")
        visit.sees("苏州青禾机械有限公司", within="h1")
        visit.go("/")
    tab.keyboard.press("Control+k")
    tab.locator("#palette input").fill("查无此人")
    visit.sees("查无此人", within=".pal-empty")
    tab.keyboard.press("Escape")
    tab.locator("#palette").wait_for(state="hidden")


def test_two_people_edit_one_cell_and_nothing_is_lost(
    visit: Visitor, seller: User, leader: User, colleague: Callable[[User], Visitor]
) -> None:
    row = account("苏州青禾机械有限公司", seller, phone="13900000001")
    cell = "/customers/?columns=name,phone,remark"
    second = colleague(leader)
    visit.enter(seller).go(cell)
    second.go(cell)
    for person in (visit, second):
        person.tab.locator(f"#r{row.pk} [title='修改电话']").click()
        person.tab.locator(".editing input[name=phone]").wait_for()
        person.fits()
    visit.tab.fill(".editing input[name=phone]", "13900000002")
    visit.tab.keyboard.press("Enter")
    visit.sees("139****0002", within=f"#r{row.pk}")
    second.tab.fill(".editing input[name=phone]", "13900000003")
    second.tab.keyboard.press("Enter")
    second.sees("13900000002", within=".editing .ferr")
    assert second.tab.input_value(".editing input[name=phone]") == "13900000003"
    second.fits()
    second.tab.locator(".editing input[name=phone]").press("Enter")
    second.sees("该内容由 林知远 录入，请说明修改原因。", within=".editing .ferr")
    second.tab.fill(".editing input[name=reason]", "客户来电更正")
    second.fits()
    second.tab.locator(".editing input[name=reason]").press("Enter")
    second.sees("139****0003", within=f"#r{row.pk}")
    row.refresh_from_db()
    assert row.phone == "13900000003"


def test_two_people_edit_one_form_and_the_second_chooses(
    visit: Visitor, seller: User, leader: User, colleague: Callable[[User], Visitor]
) -> None:
    row = account("苏州青禾机械有限公司", seller)
    second = colleague(leader)
    second.go(f"/customers/{row.pk}/edit/")
    second.tab.fill("[name=short_name]", "青禾机械")
    second.tab.fill("[name=remark]", "第二个人写的")
    second.tab.fill("[name=reason]", "客户来电更正")
    visit.enter(seller).go(f"/customers/{row.pk}/")
    visit.press("编辑", role="link")
    visit.tab.fill("#drawer [name=short_name]", "青禾")
    visit.press("保存", within="#drawer")
    visit.sees("已保存", within="#main")
    second.press("保存", within="#main")
    second.sees("苏州青禾机械有限公司 在此期间已被修改", "已保存的版本", "当前填写的版本", "青禾机械", "第二个人写的")
    second.fits()
    second.press("保存当前填写的版本")
    second.sees("已保存", within="#main")
    row.refresh_from_db()
    assert (row.short_name, row.remark) == ("青禾机械", "第二个人写的")
