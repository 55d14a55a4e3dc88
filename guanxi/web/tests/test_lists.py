"""Lists: what is shown, found, filtered, sorted, paged and edited in place, over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import ExtraField
from guanxi.org.models import Role, User

pytestmark = pytest.mark.django_db


def names(html: str) -> list[str]:
    return re.findall(r'<span class="trunc">([^<]+)</span></span></a></th>', html)


def account(owner: User, name: str, **values: object) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def listed(client: Client, query: str = "") -> list[str]:
    return names(client.get(f"/customers/{query}").content.decode())


def where(**condition: object) -> str:
    return "?where=" + json.dumps({"all": [condition]})


def test_a_representative_sees_own_customers_and_nobody_elses(
    client: Client, seller: User, rival: User, leader: User, outsider: User
) -> None:
    account(seller, "苏州云岭精密机械有限公司")
    account(rival, "宁波鼎岳模具有限公司")
    account(outsider, "外面的公司")
    client.force_login(seller)
    assert listed(client) == ["苏州云岭精密机械有限公司"]
    client.force_login(leader)
    assert listed(client) == ["宁波鼎岳模具有限公司", "苏州云岭精密机械有限公司"]


@pytest.mark.parametrize("text", ["云", "云岭", "云岭精密", "yljm", "yl", "6621", "苏州 机械"])
def test_words_find_by_characters_initials_and_phone_tail(client: Client, seller: User, text: str) -> None:
    account(seller, "苏州云岭精密机械有限公司", phone="13812346621")
    account(seller, "宁波鼎岳模具有限公司", phone="13912340000")
    client.force_login(seller)
    assert listed(client, f"?q={text}") == ["苏州云岭精密机械有限公司"]
    assert (
        "苏州云岭精密机械有限公司"
        in client.get("/search/", {"q": text}, headers={"HX-Request": "true"}).content.decode()
    )


def test_a_hit_says_what_its_day_means(client: Client, seller: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    account(seller, "苏州云岭精密机械有限公司", code="C1", last_contact_on=date(2026, 5, 4))
    client.force_login(seller)
    html = client.get("/search/", {"q": "云岭"}, headers={"HX-Request": "true"}).content.decode()
    assert f"C1 · {seller.name} · 最近联系 2026-05-04" in html


def test_who_changes_what_a_colleague_entered_is_asked_for_the_reason_where_they_look(
    client: Client, seller: User, leader: User
) -> None:
    row = verbs.add(entity(Account), {"name": "苏州云岭精密机械有限公司", "owner": seller}, actor=seller)
    client.force_login(leader)
    form = {"kind": "company", "name": "云岭精密", "version": row.version}
    answer = client.post(f"/customers/{row.pk}/edit/", form)
    html = answer.content.decode()
    assert (answer.status_code, html.count('id="f-reason"')) == (409, 1)
    assert (
        html.index('class="err-sum"') < html.index('id="f-reason"') < html.index("<fieldset")
    )  # right below the message
    assert 'aria-invalid="true"' in html[html.index('id="f-reason"') :].partition(">")[0]
    assert client.post(f"/customers/{row.pk}/edit/", {**form, "reason": "客户来函"}).status_code == 302
    assert Account.objects.get(pk=row.pk).name == "云岭精密"


def test_the_palette_jumps_to_pages_too(client: Client, seller: User) -> None:
    client.force_login(seller)
    html = client.get("/search/?q=contacts", headers={"HX-Request": "true"}).content.decode()
    assert 'href="/contacts/"' in html and 'href="/people/"' not in html


def test_a_form_tells_everything_that_is_wrong_at_once(client: Client, seller: User) -> None:
    client.force_login(seller)
    wrong = {
        "kind": "company", "name": "", "phone": "12ab", "email": "foo@", "credit_code": "9133",
        "payment_terms_days": "-5", "registered_capital": "abc", "founded_on": "2099-01-01",
    }  # fmt: skip
    answer = client.post("/customers/new/", wrong)
    assert answer.status_code == 422 and not Account.objects.exists()
    told = set(re.findall(r'class="ferr" id="id_(\w+)-e"', answer.content.decode()))
    assert told >= {"name", "phone", "email", "credit_code", "payment_terms_days", "registered_capital"}
    answer = client.post("/customers/new/", {"kind": "company", "name": "甲公司", "founded_on": "2099-01-01"})
    assert answer.status_code == 422 and 'id="id_founded_on-e"' in answer.content.decode()


def test_an_empty_view_says_that_there_is_nothing_for_it_and_an_empty_search_how_to_widen_it(
    client: Client, seller: User, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    account(seller, "苏州云岭精密机械有限公司")
    client.force_login(seller)
    view = client.get("/customers/?view=groups").content.decode()
    assert ("“集团客户”中没有客户" in view, "清除筛选" in view, 'href="/customers/?view=all">查看全部' in view) == (
        True,
        False,
        True,
    )
    for query in ("?q=鼎岳", "?view=groups&q=云岭", where(f="name", op="is", v="鼎岳")):
        html = client.get(f"/customers/{query}").content.decode()
        assert ("没有符合条件的客户" in html, "清除筛选" in html) == (True, True), query


def test_pages_follow_each_other_in_both_directions(client: Client, seller: User) -> None:
    for number in range(120):
        account(seller, f"客户{number:03d}")
    client.force_login(seller)
    seen, url = [], "?sort=name"
    for _page in range(3):
        html = client.get(f"/customers/{url}").content.decode()
        seen += names(html)
        following = re.search(r'href="(\?[^"]*after=[^"]*)">下一页|href="(\?[^"]*after=[^"]*)">Next', html)
        url = (following.group(1) or following.group(2)).replace("&amp;", "&") if following else ""
    assert seen == [f"客户{number:03d}" for number in range(120)]
    assert url == ""


def test_an_extra_field_filters_like_any_other(client: Client, seller: User) -> None:
    saved(
        ExtraField(
            company=seller.company,
            label="customers.account",
            name="colour",
            title="颜色",
            kind="choice",
            options=["红", "蓝"],
        )
    )
    account(seller, "红客户", extra={"colour": "红"})
    account(seller, "蓝客户", extra={"colour": "蓝"})
    account(seller, "无色客户")
    client.force_login(seller)
    assert listed(client, where(f="x_colour", op="is", v="红")) == ["红客户"]
    assert listed(client, where(f="x_colour", op="is_not", v="红")) == ["无色客户", "蓝客户"]
    assert listed(client, where(f="x_colour", op="empty")) == ["无色客户"]


@pytest.mark.req("SEC-05")
def test_a_phone_number_is_masked_wherever_it_is_listed_and_still_found(client: Client, seller: User) -> None:
    row = account(seller, "苏州云岭精密机械有限公司", phone="13812346621")
    saved(Contact(company=row.company, account=row, name="顾南乔", mobile="13912345678"))
    client.force_login(seller)
    places = (
        "/customers/?columns=name,phone", "/customers/?layout=board&columns=name,phone",
        f"/customers/{row.pk}/tab/contacts/", f"/customers/{row.pk}/cell/phone/?show=1",
        "/contacts/?columns=name,mobile,account.phone", "/search/?q=6621",
    )  # fmt: skip
    pages = {place: client.get(place).content.decode() for place in places}
    assert [place for place, html in pages.items() if "13812346621" in html or "13912345678" in html] == []
    assert [place for place, html in pages.items() if "****" not in html] == []
    assert listed(client, where(f="phone", op="is", v="13812346621")) == ["苏州云岭精密机械有限公司"]
    assert listed(client, "?q=13812346621") == ["苏州云岭精密机械有限公司"]


def test_a_short_common_word_gives_the_newest_customers_within_reach(
    client: Client, seller: User, stranger: User
) -> None:
    for number in range(1, 9):
        account(seller, f"{number}号云岭公司")
        account(stranger, f"{number}号云岭外地公司")
    account(seller, "最新的客户")
    client.force_login(seller)
    for word in ("云", "云岭"):
        html = client.get(f"/search/?q={word}", headers={"HX-Request": "true"}).content.decode()
        shown = [number for number in range(1, 9) if f"{number}号" in html]
        assert shown == [3, 4, 5, 6, 7, 8], word  # the newest six
        assert "外地" not in html
        assert "最新的客户" not in html


@pytest.mark.req("SEC-05")
def test_a_page_links_only_to_rows_within_reach(client: Client, seller: User, stranger: User, owner: User) -> None:
    near, far = account(seller, "云岭集团"), account(stranger, "外地集团")
    mine, theirs = account(seller, "云岭一厂", parent=near), account(seller, "云岭二厂", parent=far)
    client.force_login(seller)
    assert f'href="/customers/{near.pk}/"' in client.get(f"/customers/{mine.pk}/").content.decode()
    html = client.get(f"/customers/{theirs.pk}/").content.decode()
    assert f'href="/customers/{far.pk}/"' not in html
    client.force_login(owner)
    assert f'href="/customers/{far.pk}/"' in client.get(f"/customers/{theirs.pk}/").content.decode()


@pytest.mark.req("SEC-05")
def test_a_form_that_opens_a_masked_number_is_written_down(client: Client, seller: User) -> None:
    row = account(seller, "苏州云岭精密机械有限公司", phone="13812346621")
    client.force_login(seller)
    for place in (f"/customers/{row.pk}/cell/phone/", f"/customers/{row.pk}/edit/"):
        before = Entry.objects.filter(verb="reveal", object_id=row.pk).count()
        assert "13812346621" in client.get(place).content.decode()
        assert Entry.objects.filter(verb="reveal", object_id=row.pk).count() == before + 1


def test_who_may_only_read_asks_for_a_listed_number_by_its_eye(
    client: Client, seller: User, roles: dict[str, Role]
) -> None:
    row = account(seller, "苏州云岭精密机械有限公司", phone="13812346621")
    role, label = roles["representative"], "customers.account"
    role.grants = {**role.grants, label: {**role.grants[label], "verbs": ["view"]}}
    saved(role)
    client.force_login(User.objects.get(pk=seller.pk))
    html = client.get("/customers/?columns=name,phone").content.decode()
    assert f'hx-post="/customers/{row.pk}/reveal/phone/"' in html
    assert "13812346621" in client.post(f"/customers/{row.pk}/reveal/phone/").content.decode()


def test_countries_are_shown_by_name_and_an_unlisted_code_stays(client: Client, seller: User) -> None:
    home, far = account(seller, "国内客户"), account(seller, "远方客户", country="ZZ")
    client.force_login(seller)
    assert re.search(r"<dt>Country</dt><dd[^>]*>China<", client.get(f"/customers/{home.pk}/").content.decode())
    form = client.get(f"/customers/{far.pk}/edit/").content.decode()
    assert '<option value="JP">Japan</option>' in form
    assert '<option value="ZZ" selected>ZZ</option>' in form
    for sent, kept in (("ZZ", "ZZ"), ("JP", "JP"), ("bt", "BT"), ("Atlantis", "BT")):
        far.refresh_from_db()
        client.post(f"/customers/{far.pk}/edit/", {"name": far.name, "country": sent, "version": far.version})
        far.refresh_from_db()
        assert far.country == kept
    assert listed(client, where(f="country", op="in", v=["BT"])) == ["远方客户"]


@pytest.mark.req("SEC-09")
def test_the_trail_says_how_many_entries_were_checked_in_words(client: Client, owner: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    account(owner, "客户")
    client.force_login(owner)
    assert "逐条校验" in client.get("/audit/").content.decode()  # beside the button, shown while it works
    page = client.post("/audit/verify/", follow=True).content.decode()
    assert re.search(r"最近校验 \d\d:\d\d · 共 [\d,]+ 条", page)


@pytest.mark.req("SEC-09")
def test_the_history_names_regions(client: Client, seller: User) -> None:
    row = verbs.add(entity(Account), {"name": "云岭精密", "owner": seller, "region_code": "330106"}, actor=seller)
    client.force_login(seller)
    page = client.get(f"/customers/{row.pk}/history/").content.decode()
    assert ("浙江省杭州市西湖区" in page, "330106" in page) == (True, False)


def test_the_bar_of_a_phone_offers_a_new_customer_to_whom_may_add_one(
    client: Client, seller: User, hire: Callable[[str, str], User]
) -> None:
    new = 'quick"'
    client.force_login(seller)
    assert new in client.get("/customers/").content.decode()
    client.force_login(hire("kuaiji", "finance"))
    page = client.get("/customers/")
    assert page.status_code == 200 and "tabbar" in page.content.decode()
    assert new not in page.content.decode()
