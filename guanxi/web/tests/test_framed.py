"""Lists keep the frame around their rows: what differs between two pages is never the other's."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.org.models import Comment, Notice, User
from guanxi.web import framed
from guanxi.web.models import SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def customers(seller: User) -> None:
    for name in ("苏州云岭\"&<b>'机械厂", "宁波鼎岳模具厂"):
        saved(Account(company=seller.company, owner=seller, department=seller.department, name=name))


def page(client: Client, query: str = "") -> str:
    html = client.get(f"/customers/{query}").content.decode()
    assert framed.MARK not in html, "every hole is filled"
    return html


def inputs(html: str, name: str) -> set[str]:
    return {unescape(value) for value in re.findall(rf'name="{name}" value="([^"]*)"', html)}


def test_the_same_frame_serves_other_rows_filters_and_words_each_with_its_own(client: Client, seller: User) -> None:
    client.force_login(seller)
    framed.frames.clear()
    filters = [{"all": [{"f": "name", "op": "contains", "v": value}]} for value in ("云岭\"&<b>'", "鼎岳")]
    for where in filters:
        html = page(client, "?" + urlencode({"where": json.dumps(where)}))
        assert [json.loads(text) for text in inputs(html, "where") if text] == [where]
        (chip,) = re.findall(r'<span class="chip">(.*?)<a ', html)
        assert where["all"][0]["v"] in unescape(chip)
        assert "<b>'" not in html, "what is typed stays text"
        sorts = [unescape(url) for url in re.findall(r'href="(\?[^"]*sort=name[^"]*)"', html)]
        again = page(client, sorts[0])
        assert [json.loads(text) for text in inputs(again, "where") if text] == [where]
    assert len(framed.frames) == 2, "two filters share a frame; the other order has its own"
    for words in ("云岭", "鼎岳"):
        html = page(client, f"?q={words}")
        assert inputs(html, "q") == {words}
        assert [words in name for name in re.findall(r'class="trunc">([^<]+)厂<', html)] == [True]


def test_what_is_told_once_and_what_is_unread_is_no_part_of_the_next_page(client: Client, owner: User) -> None:
    client.force_login(owner)
    account = Account.objects.earliest("pk")
    assert 'class="dot"' not in page(client)
    answer = client.post(f"/customers/{account.pk}/delete/", {"version": account.version})
    assert answer.headers["Location"] == "/customers/", answer.content.decode()
    assert "is in the recycle bin." in page(client)
    assert "is in the recycle bin." not in page(client)
    saved(Notice(company=owner.company, user=owner, text="x"))
    assert 'class="dot"' in page(client)


def test_a_frame_is_a_persons_own_and_each_page_has_its_own_token(client: Client, seller: User, rival: User) -> None:
    mine = saved(SavedView(company=seller.company, owner=seller, label="customers.account", name="我的视图"))
    tokens = []
    for person, seen in ((seller, True), (rival, False), (seller, True)):
        client.force_login(person)
        html = page(client)
        assert (person.name in html, "我的视图" in html) == (True, seen)
        tokens.append(inputs(html, "csrfmiddlewaretoken"))
    assert [len(token) for token in tokens] == [1, 1, 1] and len(set.union(*tokens)) == 3
    mine.name = "改名"
    saved(mine)
    client.force_login(seller)
    assert "改名" in page(client)


def test_two_records_share_a_frame_and_each_tells_only_its_own(client: Client, owner: User) -> None:
    client.force_login(owner)
    framed.frames.clear()
    rows = list(Account.objects.order_by("pk"))
    seen = [client.get(f"/customers/{row.pk}/").content.decode() for row in rows]
    assert len(framed.frames) == 1
    for row, other, html in zip(rows, reversed(rows), seen, strict=True):
        assert framed.MARK not in html, "every hole is filled"
        assert re.findall(r"<h1>(.*?)</h1>", html) == [escape(row.name)]
        assert (other.name in unescape(html), str(other.pk) in html) == (False, False)
        assert f'action="/customers/{row.pk}/delete/"' in html and f'href="/customers/{row.pk}/edit/"' in html
    saved(Comment(company=owner.company, label="customers.account", object_id=rows[0].pk, text="在谈", author=owner))
    html = client.get(f"/customers/{rows[0].pk}/").content.decode()
    assert re.search(r'/comments/"[^>]*>Comments<span class="n">1</span>', html), (
        "what has more to tell has its own frame"
    )
    assert not re.search(r'/comments/"[^>]*>Comments<span', client.get(f"/customers/{rows[1].pk}/").content.decode())
