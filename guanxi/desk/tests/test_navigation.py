"""The side navigation: few entries a group, and each called like the page it opens."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from guanxi.org.models import User
from guanxi.web import nav

pytestmark = pytest.mark.django_db
MOST = 8


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


def test_no_group_is_longer_than_an_eye_takes_in(owner: User) -> None:
    groups = {str(group["label"]): len(group["items"]) for group in nav.groups_for(owner)}
    assert {name: n for name, n in groups.items() if n > MOST} == {}
    shown = sum(groups.values())
    assert shown == len([item for item in nav._items if item.when(owner)])  # every entry stands in a group there is


def test_every_entry_is_called_like_its_page(client: Client, owner: User) -> None:
    client.force_login(owner)
    wrong = {}
    for group in nav.groups_for(owner):
        for item in group["items"]:
            html = client.get(item["url"], follow=True).content.decode()
            heads = re.findall(r"<h1[^>]*>(.*?)</h1>|<a[^>]*aria-current=\"page\"[^>]*>(.*?)</a>", html, re.DOTALL)
            titles = {unescape(re.sub(r"<[^>]+>", "", "".join(pair))).strip() for pair in heads}
            if str(item["label"]) not in titles and item["key"] != "home":
                wrong[str(item["label"])] = titles
    assert wrong == {}
