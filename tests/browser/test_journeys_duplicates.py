"""A customer who is on file already: seen while typing, refused or confirmed on saving, compared, merged, parted again."""

from __future__ import annotations

import pytest

from guanxi.customers.models import Account
from guanxi.duplicates.models import Merge
from guanxi.duplicates.services import screen
from guanxi.kernel import jobs
from guanxi.org.models import User
from tests.browser.conftest import Visitor
from tests.browser.test_journeys_daily import account

pytestmark = pytest.mark.req("BEYOND-04")


def test_whoever_types_a_known_customer_sees_it_before_and_after_saving(
    visit: Visitor, seller: User, rival: User
) -> None:
    account("苏州青禾机械有限公司", seller, phone="13912345678")
    tab = visit.tab
    visit.enter(rival).go("/customers/")
    if visit.narrow:
        visit.go("/customers/new/")
        form = "main"
    else:
        visit.press("新建客户", role="link")
        form = "#drawer"
    tab.locator(f"{form} #id_name").press_sequentially("青禾机械公司", delay=20)
    visit.sees("可能已经建档", "青禾**公司", within=form)
    visit.sees("负责人 林知远 · 华东一店", within=form)
    visit.fits()
    assert visit.audit() == []
    tab.locator(f"{form} #id_name").fill("完全不同的公司")
    tab.locator(f"{form} .doubt").wait_for(state="detached")
    tab.locator(f"{form} #id_name").fill("青禾机械公司")
    visit.press("保存 Ctrl ↵" if tab.get_by_role("button", name="保存 Ctrl ↵").count() else "保存", within=form)
    visit.press("仍要保存", within=form)
    visit.sees("青禾机械公司", within="h1")
    assert Account.objects.count() == 2


def test_a_pair_is_compared_merged_and_parted(visit: Visitor, leader: User) -> None:
    account("苏州青禾机械有限公司", leader, phone="0512-66667777")
    account("青禾机械公司", leader, phone="13912345678", remark="老客户")
    screen.start(leader)
    jobs.work_off()
    tab = visit.tab
    visit.enter(leader).go("/duplicates/")
    visit.sees("疑似重复")
    assert visit.audit() == []
    visit.go("/duplicate-pairs/")
    tab.locator("tbody a").first.click()
    visit.sees("并排对照", "老客户")
    values = tab.locator(".map tbody tr").first.locator("td")
    left, right = (values.nth(n).bounding_box() for n in (0, 1))
    assert left and right and left["y"] == right["y"]
    assert min(left["width"], right["width"]) > (140 if visit.narrow else 300), (
        "both values have room beside each other"
    )
    assert visit.audit() == []
    visit.fits()
    visit.press("合并", role="link", within="main .card-header")
    visit.sees("合并两份档案")
    visit.fits()
    assert visit.audit() == []
    visit.press("合并", within=".form-foot")
    visit.sees("已并入")
    assert Account.objects.count() == 1
    made = Merge.objects.get()
    visit.go(f"/merges/{made.pk}/do/undo/")
    visit.press("撤销合并", within="main")
    visit.sees("撤销合并")
    tab.wait_for_url(f"**/merges/{made.pk}/")
    assert Account.objects.count() == 2
