"""Sessions over HTTP: what ends them everywhere at once, and what two server processes know of each other."""
# ruff: noqa: F401, F811 -- fixtures of the cast are imported and then named as parameters

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from guanxi.conftest import company, east, headquarters, hire, owner, roles, seller  # the cast
from guanxi.org.models import User
from guanxi.org.services import freeze, set_roles

pytestmark = [pytest.mark.req("SEC-05")]
PASSWORD, SECRET = "a long password 1", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enter(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password})


def devices(username: str, count: int = 3) -> list[Client]:
    """Browsers in which the person has signed in and looked around."""
    cache.clear()
    found = [Client() for _ in range(count)]
    for client in found:
        assert enter(client, username).status_code == 302
        assert client.get("/customers/").status_code == 200
    return found


def statuses(clients: list[Client], url: str = "/customers/") -> list[int]:
    return [client.get(url).status_code for client in clients]


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.django_db
def test_signing_in_leaves_the_session_of_the_visitor_behind(client: Client, seller: User) -> None:
    cache.clear()
    client.get("/accounts/login/")
    session = client.session  # an attacker plants a session that exists
    session["planted"] = "1"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = str(session.session_key)
    assert enter(client, "seller").status_code == 302
    assert key(client) != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert statuses([client, thief]) == [200, 302]


@pytest.mark.django_db
def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(seller: User) -> None:
    here, elsewhere = devices("seller", 2)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key(here)
    assert statuses([thief]) == [200]
    assert here.post("/accounts/logout/").status_code == 302
    assert statuses([here, thief, elsewhere]) == [302, 302, 200]


@pytest.mark.django_db
def test_freezing_a_person_ends_every_device_and_the_way_back(seller: User, owner: User) -> None:
    clients = devices("seller")
    freeze(seller, actor=owner, reason="离职")
    assert statuses(clients) == [302, 302, 302]
    assert statuses(clients, "/search/?q=a") == [302, 302, 302]
    assert enter(clients[0], "seller").headers["Location"] == "/accounts/inactive/"


@pytest.mark.django_db
def test_a_new_password_ends_the_other_devices_and_keeps_this_one(seller: User) -> None:
    clients = devices("seller")
    fresh = {"oldpassword": PASSWORD, "password1": "another long one 2", "password2": "another long one 2"}
    assert clients[1].post("/accounts/password/change/", fresh).status_code == 302
    assert statuses(clients) == [302, 200, 302]
    cache.clear()
    assert enter(Client(), "seller").status_code == 200
    assert enter(Client(), "seller", "another long one 2").status_code == 302


@pytest.mark.django_db
def test_a_role_taken_away_is_gone_at_the_next_request(seller: User, owner: User) -> None:
    clients = devices("seller", 2)
    assert statuses(clients, "/orders/") == [200, 200]
    set_roles(seller, actor=owner, roles=["audit-administrator"])
    assert statuses(clients, "/orders/new/") == [403, 403]
    assert statuses(clients, "/audit/") == [200, 200]
    set_roles(seller, actor=owner, roles=["representative"])
    assert statuses(clients, "/audit/") == [403, 403]
    assert statuses(clients, "/orders/") == [200, 200]


@pytest.mark.django_db
def test_failures_count_for_the_person_whatever_host_or_case_is_sent(seller: User) -> None:
    cache.clear()
    for port in range(5):
        Client(headers={"Host": f"localhost:{port + 1}"}).post("/accounts/login/", {"login": "Seller", "password": "x"})
    assert enter(Client(), "seller").status_code == 200


# -- two processes ----------------------------------------------------------------------------------------------------

SETUP = f"""
import os, sys
from guanxi.cli import main
assert main(["migrate"]) == 0
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from guanxi.kernel.models import Company
from guanxi.org.services import open_account, seed_roles
company = Company.objects.create(code="one", name="远航设备")
role = seed_roles(company)["owner"]
for name in ("first", "second", "coded", "fresh"):
    person = open_account(company, roles=[role], username=name, name=name, password={PASSWORD!r})
    if name == "coded":
        Authenticator.objects.create(user=person, type="totp", data={{"secret": get_adapter().encrypt({SECRET!r})}})
    if name == "fresh":
        type(person).objects.filter(pk=person.pk).update_silently(must_change_password=True)
"""
SERVER = """
from wsgiref.simple_server import WSGIRequestHandler, make_server
from guanxi.project.wsgi import application
WSGIRequestHandler.log_message = lambda *_: None
server = make_server("127.0.0.1", 0, application, handler_class=WSGIRequestHandler)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_more: Any) -> None:
        return None


class Browser:
    """Cookies of one person, carried to whichever process is asked (a cookie knows no port)."""

    def __init__(self) -> None:
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), Stay())

    def ask(self, base: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, where it sends, body); a form is sent with its token."""
        if form is not None:
            token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.ask(base, path)[2])
            form = {**form, "csrfmiddlewaretoken": token[1] if token else ""}
        data = None if form is None else urlencode(form).encode()
        request = urllib.request.Request(base + path, data, {"Origin": base} if data else {})
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = cast(Any, refused)
        with answer:
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def enter(self, base: str, name: str, password: str = PASSWORD) -> tuple[int, str]:
        return self.ask(base, "/accounts/login/", {"login": name, "password": password})[:2]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of two processes over one database."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUANXI_")}
    env = {**kept, "GUANXI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "guanxi.project.settings_test"}
    where = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", SETUP], env=env, cwd=where, check=True, capture_output=True)
    errors = (home / "errors.log").open("wb")
    running = [
        subprocess.Popen([sys.executable, "-c", SERVER], env=env, cwd=where, stdout=subprocess.PIPE, stderr=errors)
        for _ in range(2)
    ]
    try:
        first, second = (f"http://127.0.0.1:{int(one.stdout.readline())}" for one in running if one.stdout)
        yield first, second
    finally:
        for one in running:
            one.terminate()
            one.communicate(timeout=30)
        errors.close()


@pytest.mark.slow
def test_five_failures_over_two_processes_lock_the_account_in_both(servers: tuple[str, str]) -> None:
    for attempt in range(5):
        assert Browser().enter(servers[attempt % 2], "first", "wrong")[0] == 200
    assert [Browser().enter(base, "first")[0] for base in servers] == [200, 200]
    assert [Browser().enter(base, "second")[0] for base in servers] == [302, 302]


@pytest.mark.slow
def test_a_session_lives_and_dies_in_both_processes(servers: tuple[str, str]) -> None:
    here, browser = servers[0], Browser()
    assert browser.enter(here, "second") == (302, "/")
    assert [browser.ask(base, "/customers/")[0] for base in servers] == [200, 200]
    copy = Browser()
    for cookie in browser.jar:
        copy.jar.set_cookie(cookie)
    assert browser.ask(here, "/accounts/logout/", {})[0] == 302
    assert [copy.ask(base, "/customers/")[0] for base in servers] == [302, 302]


@pytest.mark.slow
def test_a_code_used_at_one_process_is_refused_at_the_other(servers: tuple[str, str]) -> None:
    from allauth.mfa.totp.internal import auth

    page = "/accounts/2fa/authenticate/"
    first, second = Browser(), Browser()
    for browser, base in zip((first, second), servers, strict=True):
        assert browser.enter(base, "coded") == (302, page)
        assert browser.ask(base, "/customers/")[0] == 302
    code = {"code": auth.format_hotp_value(auth.hotp_value(SECRET, next(auth.yield_hotp_counters_from_time())))}
    assert first.ask(servers[0], page, code)[0] == 302
    assert second.ask(servers[1], page, code)[0] == 200
    assert first.ask(servers[1], "/customers/")[0] == 200
    assert second.ask(servers[0], "/customers/")[0] == 302


@pytest.mark.slow
def test_an_initial_password_leads_to_its_page_in_both_processes(servers: tuple[str, str]) -> None:
    browser = Browser()
    assert browser.enter(servers[0], "fresh")[0] == 302
    for base in servers:
        for path in ("/", "/customers/", "/search/?q=a", "/style/"):
            assert browser.ask(base, path)[:2] == (302, "/accounts/password/change/"), path


@pytest.mark.django_db
def test_a_part_of_a_page_sends_the_whole_page_to_sign_in_and_back(client: Client, owner: User) -> None:
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?view=all#x"}
    answer = client.get("/customers/new/", headers=part)
    assert (answer.status_code, answer.content) == (204, b"")
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "signIn": {"value": "/accounts/login/?next=/customers/%3Fview%3Dall"}
    }
    assert "the session had ended" in client.get("/accounts/login/").content.decode()
    assert client.get("/customers/new/").headers["Location"] == "/accounts/login/?next=/customers/new/"
