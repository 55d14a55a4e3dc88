"""What administrators and auditors do: a field of the company's own, a role, and a trail that notices a forged row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from guanxi.audit import guards
from guanxi.audit.models import Entry
from guanxi.customers.models import Account
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import ExtraField
from guanxi.org.models import Role, User
from guanxi.org.services import define
from tests.browser.conftest import Visitor


def test_a_field_of_the_company_appears_in_form_columns_and_filter(visit: Visitor, owner: User) -> None:
    tab = visit.tab
    visit.enter(owner).go("/me/")
    visit.press("自定义字段", role="link", within=".set-nav")
    visit.go("/fields/new/")
    visit.choose("label", "客户")
    tab.fill("[name=title]", "年用水量")
    tab.fill("[name=name]", "water_use")
    visit.choose("kind", "数字")
    visit.press("保存", within="#main")
    visit.sees("年用水量", within="h1")
    assert ExtraField.objects.get().name == "water_use"

    visit.go("/customers/new/")
    visit.sees("年用水量", within="form")
    tab.fill("[name=name]", "苏州青禾机械有限公司")
    tab.get_by_label("年用水量").fill("1200")
    visit.press("保存", within="#main")
    visit.sees("苏州青禾机械有限公司", within="h1")
    visit.sees("年用水量", "1,200")

    visit.go("/customers/")
    visit.press("列设置")
    tab.locator("#columns").get_by_label("年用水量").check()
    visit.fits()
    visit.press("应用", within="#columns")
    visit.sees("年用水量", within="thead") if not visit.narrow else None
    visit.press("筛选")
    visit.press("添加条件", within="#filter")
    tab.locator("#filter").get_by_label("字段", exact=True).last.select_option(label="年用水量")
    row = tab.locator("#filter .fb-row").last
    row.locator("select").nth(1).select_option("gt")
    row.locator("input").fill("1300")
    visit.press("应用", within="#filter")
    visit.sees("没有符合条件的客户")
    visit.fits()


def test_a_new_role_decides_what_a_person_sees(
    visit: Visitor, owner: User, seller: User, rival: User, colleague: Callable[[User], Visitor]
) -> None:
    verbs.add(entity("customers.account"), {"name": "陈书意的客户", "owner": rival}, actor=rival)
    tab = visit.tab
    visit.enter(owner).go("/roles/new/")
    tab.fill("[name=name]", "巡查员")
    tab.fill("[name=code]", "inspector")
    visit.press("保存", within="#main")
    visit.sees("巡查员", within="h1")
    role = Role.objects.get(code="inspector")
    assert tab.get_by_label("客户: 查看", exact=True).is_visible() is False  # areas are folded
    tab.fill("[data-find]", "客户")
    assert tab.locator("details.perm-g", has_text="组织架构").is_visible() is False
    tab.get_by_label("客户: 查看", exact=True).check()
    tab.locator("[name='s:customers.account']").select_option("all")
    visit.fits()
    visit.press("保存权限")
    visit.sees("已保存“巡查员”的权限。")

    person = colleague(seller)
    person.go("/customers/")
    person.lacks("陈书意的客户")
    visit.go(f"/people/{seller.pk}/")
    tab.locator(".rec-act").get_by_label("更多操作").click()
    visit.press("设置角色", role="link", within=".rec-act .dropdown-menu")
    dialog = tab.locator("#dialog")
    dialog.get_by_label("业务代表").uncheck()
    dialog.get_by_label("巡查员").check()
    visit.fits()
    visit.press("设置角色", within="#dialog")
    visit.sees("巡查员", within=".rail")

    person.go("/customers/")
    person.sees("陈书意的客户")
    assert person.tab.get_by_role("link", name="新建客户").count() == 0
    assert person.go("/products/") == 403
    person.sees("没有权限")
    role.refresh_from_db()
    define(role, actor=owner, version=role.version, grants="{}", areas=[])
    assert person.go("/customers/") == 403


@pytest.fixture
def guarded() -> Iterator[None]:
    """Whatever a test does to the triggers, they stand again afterwards."""
    yield
    guards.install()


def test_an_auditor_reads_the_history_and_sees_a_forged_row(
    visit: Visitor, guarded: None, hire: Callable[..., User], seller: User
) -> None:
    accounts = entity("customers.account")
    row = verbs.add(accounts, {"name": "苏州青禾机械有限公司", "owner": seller}, actor=seller)
    assert isinstance(row, Account)
    verbs.change(accounts, row.pk, {"short_name": "青禾"}, actor=seller, version=row.version, reason="客户来函")
    auditor = hire("auditor", "audit-administrator", name="韩立杰")
    tab = visit.tab
    visit.enter(auditor).go(f"/customers/{row.pk}/")
    visit.press("变更历史", role="link", within=".rec-tabs")
    visit.sees("林知远", "简称", "青禾", "客户来函")
    visit.fits()

    visit.go("/audit/")
    visit.sees("尚未校验", "苏州青禾机械有限公司")
    visit.press("校验")
    visit.sees("审计日志完整，共")
    visit.fits()

    guards.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor_name = '李四' WHERE id = %s", [Entry.objects.earliest("id").pk])
    visit.press("校验")
    visit.sees("审计日志被篡改，详见下方。")
    visit.sees("审计日志被篡改", within=".callout-red")
    visit.fits()
    tab.reload()
    visit.sees("审计日志被篡改", within=".callout-red")
