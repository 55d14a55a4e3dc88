"""The filter builder shows a condition as it is and gives it back unharmed: linked rows, days, what it cannot edit."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, quote, urlparse

import pytest

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.org.models import User
from guanxi.rulebook.models import ClauseVersion
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, Adopt, adopt
from tests.browser.conftest import Visitor

__all__ = ["adopt"]


def _where(visit: Visitor) -> Any:
    return json.loads(parse_qs(urlparse(visit.tab.url).query)["where"][0])


def test_a_filter_is_the_same_after_its_dialog_was_opened_and_applied(
    visit: Visitor, leader: User, seller: User
) -> None:
    tab = visit.tab
    for name, keeper in (("甲公司", seller), ("乙公司", leader)):
        saved(Account(company=seller.company, name=name, owner=keeper, department=keeper.department))
    where = {"all": [
        {"f": "owner", "op": "is", "v": seller.pk},
        {"any": [{"f": "next_contact_on", "op": "before", "v": "@today"}, {"f": "next_contact_on", "op": "empty"}]},
        {"not": {"f": "department.name", "op": "is", "v": "没有"}},
    ]}  # fmt: skip
    visit.enter(leader).go(f"/customers/?where={quote(json.dumps(where))}")
    visit.press("筛选")
    visit.sees("林知远", "下次联系 早于 今天 或 下次联系 为空", within="#filter")
    assert "{" not in tab.locator("#filter .fb").inner_text()
    visit.press("应用", within="#filter")
    visit.sees("甲公司", within=".tbl")
    visit.lacks("乙公司")
    owner = {"f": "owner", "op": "is", "v": str(seller.pk)}
    assert _where(visit) == {"all": [owner, *where["all"][1:]]}, "no digit of the id is lost, nothing is left out"


@pytest.mark.req("GOV-02")
def test_whom_a_rule_concerns_is_chosen_by_name(visit: Visitor, owner: User, seller: User, adopt: Adopt) -> None:
    tab = visit.tab
    clause = adopt("COMM-05", MONTHLY_TALK, "2026-03-01").clause
    visit.enter(owner).go(f"/clauses/{clause.pk}/rule/")
    row = tab.locator("c-filter .fb-row").last
    visit.press("添加条件", within="c-filter")
    row.locator("select").first.select_option(label="负责人")
    tab.locator("[name=note]").fill("只管林知远的客户")
    visit.press("保存为草稿")
    visit.sees("“负责人”需要填写值。", within="#where-error")
    row.locator("select").first.select_option(label="负责人")
    row.locator(".ts-control").click()
    assert tab.locator(".ts-dropdown .option", has_text="我的部门").filter(visible=True).count() == 0
    row.locator("input").last.fill("林知远")
    tab.locator(".ts-dropdown .option", has_text="林知远").filter(visible=True).first.click()
    visit.press("保存为草稿")
    visit.sees("重点客户 是 且 负责人 是 林知远")
    version = ClauseVersion.objects.get(number=2)
    assert version.spec["where"]["all"][1] == {"f": "owner", "op": "is", "v": str(seller.pk)}


def test_who_types_before_the_first_choices_have_come_still_finds_the_one_typed(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    visit.enter(seller).go("/customers/new/")
    tab.locator("#id_region_code.tomselected").wait_for(state="attached")
    tab.evaluate("""() => {
      const picker = document.querySelector('#id_region_code').tomselect;
      const box = picker.control_input;
      picker.focus();
      box.value = '西湖区';
      box.dispatchEvent(new Event('input', { bubbles: true }));
    }""")
    tab.locator(".ts-dropdown .option", has_text="西湖区").filter(visible=True).first.click()
    visit.sees("杭州市西湖区", within=".ts-wrapper")
