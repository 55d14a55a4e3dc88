"""What holds on every page: keys, themes, columns, boards, the way back, and access for everybody."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as django_settings

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.handover.models import Handover
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from tests.browser.conftest import Visitor


def customers(keeper: User, *names: str) -> list[Account]:
    return [
        verbs.add(entity("customers.account"), {"name": name, "owner": keeper, "phone": "13912345678"}, actor=keeper)
        for name in names
    ]  # type: ignore[misc]


def test_the_chosen_theme_stays(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    visit.enter(seller).go("/")
    theme = "document.documentElement.dataset.bsTheme"
    assert tab.evaluate(theme) == "light"
    if visit.narrow:
        visit.go("/me/")
        tab.locator("#s-theme").select_option("dark")
        tab.locator("form:has(#s-theme) button").first.click()
        visit.sees("设置", within="h1")
    else:
        with tab.expect_response("**/me/theme"):
            visit.press("切换深色模式")
    visit.go("/customers/")
    assert tab.evaluate(theme) == "dark"
    tab.context.clear_cookies()
    visit.enter(seller).go("/customers/")
    assert tab.evaluate(theme) == "dark"


def test_the_keyboard_finds_moves_selects_opens_edits_and_explains(visit: Visitor, seller: User) -> None:
    customers(seller, "甲公司", "乙公司", "丙公司")
    tab, keys = visit.tab, visit.tab.keyboard
    visit.enter(seller).go("/customers/")
    keys.press("/")
    keys.type("公司")
    assert tab.locator(".find input[type=search]").input_value() == "公司"
    tab.evaluate("document.activeElement.blur()")
    keys.press("j")
    keys.press("j")
    keys.press("k")
    visit.sees("丙公司", within="tr.cur")
    keys.press("j")
    keys.press("x")
    visit.sees("已选", "1", within=".bulk")
    visit.fits()
    keys.press("Shift+?")
    visit.sees("键盘快捷键", "下一行、上一行", within="#keys")
    visit.fits()
    visit.press("关闭", within="#keys")
    tab.locator("tr.cur th a").focus()
    keys.press("Enter")
    visit.sees("乙公司", within="h1")
    keys.press("e")
    tab.locator("#drawer [name=short_name]").wait_for()
    visit.fits()
    keys.press("Escape")
    tab.locator("#drawer").wait_for(state="hidden")


def test_columns_row_height_and_selection_follow_the_person(visit: Visitor, seller: User) -> None:
    customers(seller, "甲公司", "乙公司")
    tab = visit.tab
    visit.enter(seller).go("/customers/")
    if visit.narrow:
        visit.press("选择")
    tab.locator("[data-all]").filter(visible=True).check()
    visit.sees("2", within=".bulk")
    visit.fits()
    visit.press("取消选择")
    tab.locator(".bulk").wait_for(state="hidden")

    visit.press("列设置")
    columns = tab.locator("#columns")
    columns.get_by_label("所属行业").uncheck()
    columns.get_by_label("备注").check()
    box = columns.locator("li", has=tab.get_by_label("备注"))
    while not tab.locator("#columns input[name=columns]").input_value().startswith("name,remark"):
        box.locator("input").press("Alt+ArrowUp")
    columns.get_by_text("紧凑").click()
    visit.fits()
    visit.press("应用", within="#columns")
    tab.locator("c-bulk[data-density=compact]").wait_for()
    heads = tab.locator("thead th").all_text_contents()
    assert ("所属行业" in heads, "备注" in heads) == (False, True)
    assert heads[2].strip() == "备注"
    visit.go("/customers/")
    assert tab.locator("thead th").all_text_contents() == heads


def test_a_card_that_moves_by_facts_goes_back_with_a_word(visit: Visitor, seller: User) -> None:
    customers(seller, "甲公司")
    tab = visit.tab
    visit.enter(seller).go("/customers/?layout=board")
    visit.sees("甲公司", within=".kb-c")
    answer = "async () => { const b = document.querySelector('c-kanban'); const card = b.querySelector('.kb-i');" \
        " const to = [...b.querySelectorAll('.kb-l')].find(l => l !== card.parentElement);" \
        " const back = {list: card.parentElement, next: null}; to.prepend(card); await b.send(card, to, back);" \
        " return card.parentElement === back.list; }"  # fmt: skip
    if visit.narrow:
        assert tab.evaluate(answer) is True
    else:
        stage = tab.locator(".kb-l", has=tab.locator(".kb-i")).get_attribute("data-stage")
        other = tab.locator(f".kb-l:not([data-stage={stage}])").first
        tab.locator(".kb-i").hover()
        tab.mouse.down()
        box = other.bounding_box()
        for step in (0.3, 0.5, 0.6):
            tab.mouse.move(box["x"] + box["width"] * step, box["y"] + 20, steps=5)
        tab.mouse.up()
    visit.sees("此看板的卡片不能拖动，所在列由业务数据决定。", within=".toasts")
    assert Account.objects.get().stage == "potential"
    visit.fits()


def test_impatience_back_and_reload_never_repeat_an_act(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    visit.enter(seller).go("/customers/new/")
    tab.fill("[name=name]", "苏州青禾机械有限公司")
    tab.locator("#main button[type=submit]").dblclick()
    visit.sees("苏州青禾机械有限公司", within="h1")
    tab.reload()
    visit.sees("苏州青禾机械有限公司", within="h1")
    tab.go_back()
    visit.sees("新建客户", within="h1")
    tab.go_forward()
    visit.sees("苏州青禾机械有限公司", within="h1")
    assert Account.objects.count() == 1


def test_who_chooses_fast_and_goes_on_keeps_the_field(visit: Visitor, owner: User) -> None:
    """A list that opens after the choice would swallow what is typed next."""
    tab = visit.tab
    category = verbs.add(entity("catalog.productcategory"), {"name": "泵类", "code": "P"}, actor=owner)
    values = {"name": "离心泵", "code": "A1", "category": category, "price": Decimal("1280")}
    verbs.add(entity("catalog.product"), values, actor=owner)
    visit.enter(owner).go("/orders/new/")
    visit.choose("line-0-product", "离心泵")
    tab.locator("[name=remark]").focus()
    tab.wait_for_timeout(700)
    tab.keyboard.type("急")
    assert tab.locator("[name=remark]").input_value() == "急"


def test_what_a_page_asks_for_at_once_carries_its_token(visit: Visitor, owner: User) -> None:
    """However late the product's own script arrives."""
    [account] = customers(owner, "甲公司")
    order = verbs.add(entity("sales.order"), {"account": account}, actor=owner)

    def late(route: Any) -> None:
        visit.tab.wait_for_timeout(400)
        route.continue_()

    visit.enter(owner)
    visit.tab.route("**/web/app*.js", late)
    with visit.tab.expect_response("**/suggestions/") as waiting:
        visit.go(f"/orders/{order.pk}/")
    assert waiting.value.status == 200


def pages(row: Account) -> list[str]:
    mine = [f"/customers/{row.pk}/{part}" for part in ("", "edit/", "history/", "comments/", "files/", "tab/contacts/")]
    return [
        "/", "/customers/", "/customers/new/", "/orders/", "/orders/new/", "/customers/?layout=board", "/orders/?layout=board",
        "/insight/", "/customers/import/", "/contacts/", "/search/?q=甲", "/notifications/", "/me/", "/audit/", "/organisation/",
        "/people/", "/roles/", "/customers/bin/", "/accounts/2fa/", "/nowhere/", *mine,
    ]  # fmt: skip


def test_nothing_sticks_out_and_nobody_is_kept_out(visit: Visitor, owner: User) -> None:
    """No page is wider than the screen; axe finds no breach of WCAG 2.2 A and AA in either theme."""
    (row,) = customers(owner, "名字特别特别长的一家客户有限责任公司（集团）华东分公司第一营业部")
    visit.go("/accounts/login/")
    visit.tab.emulate_media(reduced_motion="reduce")  # colours on their way from one theme to the other are nobody's
    found = {"login": visit.audit()}
    visit.enter(owner)
    for path in pages(row):
        visit.go(path)
        visit.tab.wait_for_load_state("networkidle")
        for theme in ("light", "dark"):
            visit.tab.evaluate(
                "theme => { const d = document.documentElement.dataset; d.theme = d.bsTheme = theme }", theme
            )
            found[f"{path} {theme}"] = visit.audit()
    assert {place: breaches for place, breaches in found.items() if breaches} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawers_and_dialogs_keep_nobody_out(visit: Visitor, owner: User, theme: str) -> None:
    (row,) = customers(owner, "甲公司")
    tab = visit.tab
    found = []
    tab.context.add_cookies([{"name": "theme", "value": theme, "url": visit.base}])
    visit.enter(owner).go("/customers/")
    tab.evaluate("theme => { const d = document.documentElement.dataset; d.theme = d.bsTheme = theme }", theme)
    for opener, place in (("筛选", "#filter"), ("列设置", "#columns")):
        visit.press(opener)
        found += visit.audit()
        visit.press("关闭", within=place)
    if visit.narrow:
        visit.press("选择")
    tab.locator("[data-all]").filter(visible=True).check()
    found += visit.audit()
    visit.press("转移", within=".bulk")
    tab.locator("#dialog [name=reason]").wait_for()
    found += visit.audit()
    visit.go(f"/customers/{row.pk}/")
    tab.evaluate("theme => { const d = document.documentElement.dataset; d.theme = d.bsTheme = theme }", theme)
    visit.press("编辑", role="link")
    tab.locator("#drawer [name=short_name]").wait_for()
    found += visit.audit()
    assert found == []


@pytest.mark.req("INFO-01")
def test_the_parts_of_a_record_that_find_no_room_are_in_a_menu_that_keys_reach(visit: Visitor, seller: User) -> None:
    tab, keys = visit.tab, visit.tab.keyboard
    here = f"/customers/{customers(seller, '甲公司')[0].pk}/"
    visit.enter(seller).go(here)
    strip, more = tab.locator(".rec-tabs"), tab.locator(".fold-b")
    more.wait_for()
    every = strip.locator("a").count()
    shown = strip.locator("a").filter(visible=True).count()
    assert every > 25 and 2 <= shown < every
    assert more.inner_text().split() == ["更多", str(every - shown)]
    inside = tab.evaluate(
        "[...document.querySelectorAll('.rec-tabs .vtabs a, .fold-b')].every("
        "a => a.getBoundingClientRect().right <= innerWidth)"
    )
    assert inside, "nothing of the strip runs off the edge"
    more.focus()
    keys.press("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    assert visit.audit() == []
    keys.press("ArrowUp")  # into the menu: its last part
    assert tab.evaluate("document.activeElement.textContent.trim()") == "变更历史"
    keys.press("Enter")
    tab.wait_for_url(f"**{here}history/")
    here_now = strip.locator(".vtabs [aria-current=page]")
    assert here_now.inner_text() == "变更历史" and here_now.is_visible(), "the part one is on stays in sight"
    assert strip.locator("a").count() == every
    visit.fits()


@pytest.mark.req("ACCT-05")
def test_on_a_phone_the_next_step_of_a_process_stands_in_the_bar(visit: Visitor, seller: User, rival: User) -> None:
    row = Handover(company=seller.company, person=seller, rest_to=rival, kind="leaving", state="proposed", day=clock.today(), reason="离职",
                   owner=seller, department=seller.department)  # fmt: skip
    saved(row)
    visit.enter(seller).go(f"/handovers/{row.pk}/")
    bar = visit.tab.locator(".actbar" if visit.narrow else ".rec-act")
    step = bar.get_by_role("link", name="签署", exact=True).filter(visible=True)
    assert step.count() == 1
    assert step.bounding_box()["height"] >= (44 if visit.narrow else 30)
    step.click()
    visit.sees("签署", within="#dialog h2")
    visit.fits()


def test_what_was_typed_when_the_session_had_ended_is_back_after_signing_in(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    (account,) = customers(seller, "甲公司")
    visit.enter(seller).go(f"/customers/{account.pk}/edit/")
    tab.fill("[name=remark]", "写了二十分钟的情况说明")
    tab.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    visit.press("保存", within="main")
    tab.wait_for_url("**/accounts/login/**")
    verbs.change(entity("customers.account"), account.pk, {"short_name": "甲"}, actor=seller, version=account.version)

    def sign_in(person: User) -> None:
        """As the form of the library leads back: the page that was asked for, reached from signing in."""
        visit.enter(person)
        tab.evaluate("location.assign(new URL(location).searchParams.get('next'))")

    sign_in(seller)
    visit.sees("内容已恢复")
    assert tab.input_value("[name=remark]") == "写了二十分钟的情况说明"
    assert tab.input_value("[name=short_name]") == "甲"  # what a colleague changed meanwhile is not covered up
    visit.press("保存", within="main")
    visit.sees("写了二十分钟的情况说明", within="main")


def test_a_dialog_whose_session_has_ended_leads_to_signing_in_on_a_whole_page(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    (account,) = customers(seller, "甲公司")
    visit.enter(seller).go(f"/customers/{account.pk}/")
    visit.act("添加标签")
    tab.locator("#dialog input[type=text]").first.fill("重点跟进")
    tab.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    visit.press("添加标签", within="#dialog")
    tab.wait_for_url("**/accounts/login/**")
    assert tab.locator("dialog[open]").count() == 0
    visit.sees("会话已结束")
