"""Signing in over HTTP: history, lock-out, initial passwords, frozen accounts, sessions and their limits."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.kernel.models import Company
from guanxi.org.models import Role, SignIn, User

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEC-05")]
PASSWORD = "a long password 1"


@pytest.fixture(autouse=True)
def empty_counters(db: None) -> None:
    cache.clear()


def enter(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password}, headers={"User-Agent": "Firefox"})


def attempts() -> list[tuple[str, bool, str]]:
    return list(SignIn.objects.order_by("id").values_list("username", "ok", "method"))


def test_every_attempt_is_remembered_without_what_was_typed(client: Client, seller: User) -> None:
    assert enter(client, "seller", "wrong-secret-9").status_code == 200
    assert enter(client, "nobody" * 30, "wrong-secret-9").status_code == 200
    assert enter(client, "seller").status_code == 302
    assert attempts() == [("seller", False, "password"), ("seller", True, "password")]
    row = SignIn.objects.latest("id")
    assert (row.user_id, row.ip, row.agent) == (seller.pk, "127.0.0.1", "Firefox")
    acts = list(
        Entry.objects.filter(verb__startswith="sign_in").order_by("at").values_list("verb", "object_id", "actor_id")
    )
    assert acts == [("sign_in_failed", seller.pk, None), ("sign_in", seller.pk, seller.pk)]
    assert not Entry.objects.filter(new__contains="wrong-secret-9").exists()
    assert "Firefox" in client.get("/me/").content.decode()


def test_an_unknown_name_is_remembered_without_a_person(client: Client, db: None) -> None:
    enter(client, "ghost", "wrong")
    assert list(SignIn.objects.values_list("username", "user_id", "ok")) == [("ghost", None, False)]


def test_after_five_failures_the_account_is_closed_for_a_while_even_to_the_right_password(
    client: Client, seller: User, rival: User, chinese: None
) -> None:
    for _attempt in range(5):
        enter(client, "seller", "wrong")
    refused = Client()  # another browser, another process: the counter lies in the shared cache
    assert enter(refused, "seller").status_code == 200
    assert "sessionid" not in refused.session
    assert refused.get("/me/").status_code == 302
    assert SignIn.objects.latest("id").method == "locked"
    assert enter(Client(), "rival").status_code == 302


def test_an_initial_password_is_replaced_before_anything_else(client: Client, seller: User) -> None:
    seller.must_change_password = True
    saved(seller)
    enter(client, "seller")
    assert client.get("/customers/").headers["Location"] == "/accounts/password/change/"
    form = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/password/change/", form).status_code == 200  # the same again is none
    fresh = {"oldpassword": PASSWORD, "password1": "another long one 2", "password2": "another long one 2"}
    assert client.post("/accounts/password/change/", fresh).headers["Location"] == "/"
    seller.refresh_from_db()
    assert seller.must_change_password is False
    assert client.get("/customers/").status_code == 200


def test_a_frozen_person_is_out_at_once_and_is_told_so(client: Client, seller: User, owner: User) -> None:
    enter(client, "seller")
    boss = Client()
    boss.force_login(owner)
    assert (
        boss.post(
            f"/people/{seller.pk}/do/freeze/", {"reason": "离职", "version": User.objects.get(pk=seller.pk).version}
        ).status_code
        == 302
    )
    assert client.get("/customers/").status_code == 302
    answer = enter(client, "seller")
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200
    assert SignIn.objects.latest("id").method == "frozen"


def test_a_session_ends_without_use_and_after_half_a_day_in_any_case(client: Client, seller: User) -> None:
    for key, ago in (("seen", 31 * 60), ("began", 12 * 3600 + 60)):
        enter(client, "seller")
        assert client.get("/customers/").status_code == 200
        session = client.session
        session[key] = time.time() - ago
        session.save()
        assert client.get("/customers/").headers["Location"].startswith("/accounts/login/")


def test_a_person_ends_other_sessions_and_an_administrator_all(client: Client, seller: User, owner: User) -> None:
    other = Client()
    for browser in (client, other):
        enter(browser, "seller")
        browser.get("/customers/")
    assert client.post("/accounts/sessions/").status_code == 302
    assert [browser.get("/customers/").status_code for browser in (client, other)] == [200, 302]
    boss = Client()
    boss.force_login(owner)
    version = User.objects.get(pk=seller.pk).version
    assert boss.post(f"/people/{seller.pk}/do/end_sessions/", {"version": version}).status_code == 302
    assert client.get("/customers/").status_code == 302


def test_a_role_may_demand_a_second_factor(client: Client, roles: dict[str, Role], seller: User) -> None:
    role = roles["representative"]
    role.second_factor = True
    saved(role)
    enter(client, "seller")
    assert client.get("/customers/").headers["Location"] == "/accounts/2fa/"
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    pages = (
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/me/",
    )
    assert {page: client.get(page).headers.get("Location", "") for page in pages} == dict.fromkeys(pages, "")


def test_a_wrong_code_is_remembered_and_the_right_one_opens(client: Client, seller: User) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    secret = auth.generate_totp_secret()
    Authenticator.objects.create(user=seller, type="totp", data={"secret": get_adapter().encrypt(secret)})
    assert enter(client, "seller").headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/customers/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert attempts() == [("seller", False, "totp")]
    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert attempts()[-1] == ("seller", True, "password+totp")
    assert client.get("/customers/").status_code == 200


def test_the_first_company_is_made_without_demonstration_data(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("init", company="远航设备有限公司", admin="chief")
    password = capsys.readouterr().out.split("initial password: ")[1].split()[0]
    user = User.objects.get(username="chief")
    assert (user.check_password(password), user.must_change_password, str(user.department)) == (True, True, "总部")
    assert (Company.objects.get().name, Role.objects.count() > 15) == ("远航设备有限公司", True)


def test_a_reset_by_mail_is_offered_only_where_mail_can_be_sent(client: Client, seller: User, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    page, reset = client.get("/accounts/login/").content.decode(), client.get("/accounts/password/reset/")
    assert ("/accounts/password/reset/" in page, "The administrator sets a new one." in page) == (False, True)
    assert "Ask the administrator" in reset.content.decode()
    settings.EMAIL_HOST = "mail.example"
    page, reset = client.get("/accounts/login/").content.decode(), client.get("/accounts/password/reset/")
    assert ("/accounts/password/reset/" in page, 'name="email"' in reset.content.decode()) == (True, True)


def test_the_history_names_browser_and_system_and_not_what_they_say_of_themselves(client: Client, seller: User) -> None:
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    )
    client.post("/accounts/login/", {"login": "seller", "password": PASSWORD}, headers={"User-Agent": agent})
    page = client.get("/me/").content.decode()
    assert ("Chrome · Windows" in page, "Mozilla" in page) == (True, False)


def test_the_page_of_samples_is_for_administrators_and_says_what_it_is(
    client: Client, seller: User, owner: User
) -> None:
    client.force_login(seller)
    assert client.get("/style/").status_code == 404
    client.force_login(owner)
    assert "Every person, company and number on this page is invented" in client.get("/style/").content.decode()
