"""What a page must not hide: on a phone the menu of orders and all rows of a long table, the keyboard's focus, dark words on paper."""

from __future__ import annotations

from typing import Any

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.org.models import Department, User
from tests.browser.conftest import Visitor


def test_the_menu_of_orders_is_not_cut_off_by_the_row_it_hangs_in(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    saved(Account(company=seller.company, name="甲公司", owner=seller, department=seller.department))
    visit.enter(seller).go("/customers/")
    visit.press("排序", within=".tools")
    line = tab.locator(".tools .dropdown-menu.show .dropdown-item").first
    line.wait_for()
    assert tab.evaluate(
        """() => { const line = document.querySelector('.tools .dropdown-menu.show .dropdown-item');
        const box = line.getBoundingClientRect();
        return line.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)); }"""
    ), "whoever touches the line hits it"
    line.click()
    tab.wait_for_url("**sort=**")


def test_a_long_table_shows_ten_rows_on_a_phone_and_all_of_them_on_a_tick(
    visit: Visitor, hire: Any, leader: User, east: Department
) -> None:
    tab = visit.tab
    for n in range(12):
        person = hire(f"rep{n}", "representative", east, name=f"业务{n:02}")
        saved(Account(company=east.company, name=f"公司{n:02}", owner=person, department=east))
    visit.enter(leader).go("/team-board/")
    rows = tab.locator(".tbl-all tbody tr")
    shown = rows.filter(visible=True)
    number = rows.count()
    assert number >= 12 and shown.count() == (10 if visit.narrow else number)
    if visit.narrow:
        tab.get_by_label(f"显示全部 {number} 行").check()
        assert shown.count() == number
        visit.fits()


def test_every_button_of_the_filter_dialog_shows_that_it_has_the_focus(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    visit.enter(seller).go("/customers/")
    visit.press("筛选")
    seen = []
    for _ in range(12):
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return e.closest('#filter .btn') ? [e.textContent.trim(), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 1] : null; }"""
        ))  # fmt: skip
    found = dict(one for one in seen if one)
    assert {"添加条件", "应用"} <= found.keys() and all(found.values()), found
    tab.keyboard.press("Escape")
    tab.locator("#filter[open]").wait_for(state="detached")


def test_a_page_printed_from_a_dark_screen_is_dark_on_white(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    colours = """() => [document.body, document.querySelector('h1'), document.querySelector('.card, .tblbox')].map(
        (e, n) => { const s = getComputedStyle(e); return n === 1 ? s.color : s.backgroundColor; })"""
    seller.preferences["theme"] = "dark"
    saved(seller)
    visit.enter(seller).go("/me/")
    assert tab.evaluate(colours)[1] == "rgb(236, 238, 242)"
    tab.emulate_media(media="print")
    assert tab.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(25, 28, 34)", "rgb(255, 255, 255)"]
