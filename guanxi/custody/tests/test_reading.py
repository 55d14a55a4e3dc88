"""Reading over HTTP: a scraper is stopped and reported, a day's work is not; a head lets go on (SEC-07)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.api.models import Token
from guanxi.conftest import saved
from guanxi.custody.models import Flag, Safeguard, Tally
from guanxi.custody.services import reading
from guanxi.custody.tests.test_exports import customers
from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.org.models import Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEC-07")]
MORNING = timezone.make_aware(datetime(2026, 11, 23, 9, 0))


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.shifted(MORNING):
        yield


@pytest.fixture
def limits(seller: User) -> Safeguard:
    return saved(
        Safeguard(company=seller.company, opened_hour=20, opened_day=30, listed_hour=300, listed_day=400)
    )  # fmt: skip


def cards(owner: User, number: int) -> list[int]:
    customers(owner, number)
    return list(Account.objects.order_by("pk").values_list("pk", flat=True))


def test_a_scraper_is_stopped_at_the_limit_and_reported(
    client: Client, seller: User, head: User, hire: Any, limits: Safeguard
) -> None:
    auditor = hire("auditor", "audit-administrator")
    ids = cards(seller, 40)
    client.force_login(seller)
    answers = [client.get(f"/customers/{pk}/").status_code for pk in ids]
    assert answers == [200] * 20 + [429] * 20
    flags = {(f.kind, f.level): f.number for f in Flag.objects.filter(owner=seller)}
    assert flags == {("opened_hour", "warning"): 10, ("opened_day", "warning"): 15, ("opened_hour", "stopped"): 21}
    assert Notice.objects.filter(user=head, icon="shield-exclamation").count() == 3
    assert Notice.objects.filter(user=auditor).count() == 1
    stopped = client.get(f"/customers/{ids[0]}/")
    assert (stopped.status_code, "Your head has been told" in stopped.content.decode()) == (429, True)
    for address in (
        "/customers/",
        f"/customers/{ids[0]}/print/",
        "/search/?q=客户",
        "/orders/",
        "/customers/?view=mine",
    ):
        assert client.get(address).status_code == (200 if address == "/orders/" else 429), address
    client.force_login(head)
    page = client.get("/unusual-reading/").content.decode()
    assert "林知远" in page and "Cards opened in an hour" in page
    guard = hire("guard", "security-administrator")
    client.force_login(guard)
    assert "林知远" in client.get("/unusual-reading/").content.decode(), "who sets the limits sees how they do"
    first = Flag.objects.filter(level="stopped").first()
    assert first is not None
    refused = client.post(f"/unusual-reading/{first.pk}/do/lift/", {"key": "g", "reason": "x"}).status_code
    assert (refused, client.get("/customers/").status_code) == (403, 403)


def test_the_head_lets_go_on_and_the_next_day_begins_anew(
    client: Client, seller: User, rival: User, head: User, limits: Safeguard
) -> None:
    ids = cards(seller, 60)
    client.force_login(seller)
    assert [client.get(f"/customers/{pk}/").status_code for pk in ids[:22]].count(429) == 2
    flag = Flag.objects.get(level="stopped")
    client.force_login(rival)
    assert client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "r", "reason": "x"}).status_code in (403, 404)
    client.force_login(head)
    assert client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "l", "reason": "盘点"}).status_code == 302
    client.force_login(seller)
    assert [client.get(f"/customers/{pk}/").status_code for pk in ids[20:40]].count(200) == 9  # then the day's limit
    assert {f.kind for f in Flag.objects.filter(level="stopped")} == {"opened_hour", "opened_day"}
    with clock.shifted(MORNING + timedelta(days=1)):
        assert client.get(f"/customers/{ids[50]}/").status_code == 200


def test_paging_through_lists_and_the_interface_counts_rows(
    client: Client, seller: User, head: User, limits: Safeguard
) -> None:
    ids = cards(seller, 500)
    token = Token.issue(seller, "script")
    answers, after = [], ""
    for _page in range(5):
        response = client.get(f"/api/customers/?limit=100&after={after}", headers={"Authorization": f"Bearer {token}"})
        answers.append(response.status_code)
        after = response.json().get("next") or ""
    assert answers == [200, 200, 200, 429, 429]
    item = client.get(f"/api/customers/{ids[0]}/", headers={"Authorization": f"Bearer {token}"})
    assert (item.status_code, "error" in item.json()) == (429, True)
    assert Flag.objects.filter(kind="listed_hour", level="stopped").count() == 1


def test_looking_again_is_no_new_reading(client: Client, seller: User, limits: Safeguard) -> None:
    ids = cards(seller, 3)
    client.force_login(seller)
    for _again in range(30):
        for address in ("/customers/", f"/customers/{ids[0]}/", f"/customers/{ids[0]}/history/"):
            assert client.get(address).status_code == 200
    assert not Flag.objects.exists()


def test_several_processes_add_up_to_one_count(
    client: Client, seller: User, limits: Safeguard, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = cards(seller, 60)
    client.force_login(seller)
    processes: list[dict[int, reading.Slate]] = [{}, {}, {}]
    answers = []
    for number, pk in enumerate(ids):
        monkeypatch.setattr(reading, "_slates", processes[number % 3])
        answers.append(client.get(f"/customers/{pk}/").status_code)
    assert answers.index(429) <= 20 + 3 * reading.CARDS  # what each keeps in memory comes on top, no more
    assert answers[-3:] == [429] * 3
    assert Tally.objects.get(user=seller, hour=24).opened <= 20 + 3 * reading.CARDS


def test_a_normal_day_never_comes_near_the_limits(client: Client, seller: User) -> None:
    """A busy one: 160 cards, 60 pages of lists, 80 searches over nine hours, with the limits a company starts with."""
    ids = cards(seller, 400)
    client.force_login(seller)
    dice = random.Random(7)
    for hour in range(9):
        with clock.shifted(MORNING + timedelta(hours=hour)):
            for _card in range(18):
                assert client.get(f"/customers/{dice.choice(ids)}/").status_code == 200
            for page in range(7):
                assert client.get(f"/customers/?view=all&q=客户{page}").status_code == 200
            for word in range(9):
                assert client.get(f"/search/?q=客户{hour}{word}").status_code == 200
    assert not Flag.objects.exists()
