"""The list of sign-ins over HTTP: one's own, those of one's people, all for those who watch; nobody changes them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.org.models import SignIn, User

pytestmark = [pytest.mark.django_db, pytest.mark.req("USE-05")]


@pytest.fixture
def entered(seller: User, rival: User, leader: User, stranger: User, owner: User, outsider: User) -> None:
    for person in (seller, rival, leader, stranger, owner, outsider):
        saved(
            SignIn(
                company=person.company,
                user=person,
                username=person.username,
                ok=True,
                agent=f"Browser of {person.username}",
            )
        )


def seen(client: Client, person: User) -> set[str]:
    client.force_login(person)
    return set(re.findall(r"Browser of (\w+)", client.get("/sign-ins/").content.decode()))


def test_everybody_sees_their_own_sign_ins_and_heads_those_of_their_people(
    client: Client, seller: User, leader: User, owner: User, entered: Any
) -> None:
    assert seen(client, seller) == {"seller"}
    assert seen(client, leader) == {"leader", "seller", "rival"}
    assert seen(client, owner) == {"seller", "rival", "leader", "stranger", "owner"}


def test_nobody_changes_a_sign_in(client: Client, owner: User, entered: Any) -> None:
    client.force_login(owner)
    row = SignIn.objects.get(username="seller")
    assert client.post(f"/sign-ins/{row.pk}/edit/", {"username": "x", "version": 1}).status_code == 403
    assert client.post(f"/sign-ins/{row.pk}/delete/").status_code == 403
    assert SignIn.objects.get(pk=row.pk).username == "seller"


def test_devices_and_ways_of_signing_in_are_told_in_words(client: Client, owner: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
    )
    row = saved(
        SignIn(company=owner.company, user=owner, username="owner", ok=True, agent=agent, method="password+totp")
    )
    client.force_login(owner)
    for page in ("/sign-ins/", f"/sign-ins/{row.pk}/", f"/people/{owner.pk}/"):
        html = client.get(page).content.decode()
        assert f'title="{agent}"' in html, page  # the whole string stays within reach
        assert ("Chrome · Windows" in html, f">{agent}<" in html) == (True, False), page
    assert "密码和身份验证器应用" in client.get("/sign-ins/").content.decode()
