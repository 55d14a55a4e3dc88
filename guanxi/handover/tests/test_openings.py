"""Many newcomers get their accounts at once: roles by post, one sheet of passwords, within one's own power only."""

from __future__ import annotations

import re
from typing import Any

import pytest

from guanxi.conftest import signed_in
from guanxi.org.models import Department, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]
PAGE = "/people/open/"


def enter(clerk: User, name: str, username: str, title: str, department: Department) -> User:
    sent = {"name": name, "username": username, "title": title, "department": department.pk, "phone": "", "email": ""}
    assert signed_in(clerk).post("/people/new/", sent).status_code == 302
    return User.objects.get(username=username)


def fields(page: str) -> dict[str, str]:
    """What the form proposes: the chosen option of each person, and the key."""
    chosen = {
        name: "".join(re.findall(r'value="([^"]*)" selected', options))
        for name, options in re.findall(r'<select[^>]*name="(p\d+)"[^>]*>(.*?)</select>', page, re.S)
    }
    return {**chosen, "key": re.findall(r'name="key" value="([^"]+)"', page)[0]}


@pytest.mark.req("ACCT-01", "ORG-11", "SEC-05")
def test_newcomers_get_the_roles_of_their_posts_and_passwords_on_one_sheet(
    clerk: User, marketing: User, east: Department
) -> None:
    seller, unknown = enter(clerk, "新代表", "rep1", "业务代表", east), enter(clerk, "新会计", "acc1", "会计", east)
    client = signed_in(marketing)
    assert "2 人尚未开通账号" in client.get("/people/").content.decode()
    sent = fields(client.get(PAGE).content.decode())
    assert (sent[f"p{seller.pk}"], sent[f"p{unknown.pk}"]) == ("representative", "")
    answer = client.post(PAGE, sent)
    (password,) = re.findall(r"<b>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</b>", answer.content.decode())
    seller.refresh_from_db()
    unknown.refresh_from_db()
    assert (seller.is_active, seller.must_change_password, seller.check_password(password)) == (True, True, True)
    assert [role.code for role in seller.roles.all()] == ["representative"]
    assert (unknown.is_active, unknown.has_usable_password()) == (False, False), "not yet"
    assert answer.headers["Cache-Control"] == "no-store"
    again = client.post(PAGE, sent)
    assert (again.status_code, password in again.content.decode()) == (302, False)
    assert "1 人尚未开通账号" in client.get("/people/").content.decode()


@pytest.mark.req("SEC-05")
def test_nobody_opens_accounts_beyond_their_right_or_gives_powerful_roles(
    clerk: User, marketing: User, hire: Any, east: Department
) -> None:
    newcomer = enter(clerk, "新代表", "rep1", "业务代表", east)
    assert signed_in(clerk).get(PAGE).status_code == 403
    assert "人尚未开通账号" not in signed_in(clerk).get("/people/").content.decode()
    client = signed_in(marketing)
    sent = fields(client.get(PAGE).content.decode())
    answer = client.post(PAGE, {**sent, f"p{newcomer.pk}": "owner"})
    newcomer.refresh_from_db()
    assert (answer.status_code, newcomer.is_active, list(newcomer.roles.all())) == (302, False, [])


@pytest.mark.req("SEC-05")
def test_who_gives_no_roles_opens_accounts_without(clerk: User, hire: Any, east: Department) -> None:
    newcomer = enter(clerk, "新代表", "rep1", "业务代表", east)
    client = signed_in(hire("system", "system-administrator"))
    sent = fields(client.get(PAGE).content.decode())
    assert sent[f"p{newcomer.pk}"] == "open"
    client.post(PAGE, sent)
    newcomer.refresh_from_db()
    assert (newcomer.is_active, list(newcomer.roles.all())) == (True, [])
