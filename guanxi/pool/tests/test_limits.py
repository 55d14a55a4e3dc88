"""How much one person may take: a day's claims and views, customers held, the cool-down; and races for one customer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from guanxi.audit.models import Entry
from guanxi.conftest import signed_in
from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.kernel.errors import NotVisible, Refused
from guanxi.org.models import User
from guanxi.pool.models import Pool, Quota, ReturnReason, Stay, Tenure
from guanxi.pool.services.moves import claim
from guanxi.pool.tests.conftest import File, at

CLAIMERS, CUSTOMERS = 200, 12


def limit(pool: Pool, **values: Any) -> None:
    for name, value in values.items():
        setattr(pool, name, value)
    work.unit_of_work(pool.save)


@pytest.mark.req("BEYOND-03")
def test_a_day_allows_so_many_claims_and_tomorrow_starts_anew(lost: File, pool: Pool, seller: User) -> None:
    limit(pool, claims_per_day=2)
    rows = [lost(f"第{n}公司") for n in range(3)]
    client = signed_in(seller)
    assert "今日还可领取 2 个" in client.get("/pool/").content.decode()
    answers = [client.post(f"/pool/{at(row)}/do/claim/") for row in rows]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "今天已领取 2 个，明天可继续领取" in answers[2].content.decode()
    assert "今日还可领取 0 个" in client.get("/pool/").content.decode()
    with clock.shifted(clock.now() + timedelta(days=1)):
        claim(at(rows[2]), actor=seller)
    assert Account.objects.filter(owner=seller).count() == 3


@pytest.mark.req("BEYOND-03")
def test_claiming_many_goes_up_to_the_limit_and_says_why_the_rest_was_refused(
    lost: File, pool: Pool, seller: User
) -> None:
    limit(pool, claims_per_day=3)
    rows = [lost(f"第{n}公司") for n in range(5)]
    client = signed_in(seller)
    query = "&".join(f"id={at(row)}" for row in rows)
    page = client.post("/pool/bulk/claim/", {"selection": query}, follow=True).content.decode()
    assert Account.objects.filter(owner=seller).count() == 3
    assert Stay.objects.count() == 2
    assert "今天已领取 3 个，明天可继续领取" in page


@pytest.mark.req("BEYOND-03")
def test_a_person_holds_only_so_many_customers(lost: File, file: File, pool: Pool, seller: User, leader: User) -> None:
    limit(pool, holding_limit=2)
    file(seller, "自己的客户")
    first, second = lost("第一公司"), lost("第二公司")
    client = signed_in(seller)
    assert "保有 1/2 · 今日还可领取 1 个" in client.get("/pool/").content.decode()
    assert client.post(f"/pool/{at(first)}/do/claim/").status_code == 302
    refused = client.post(f"/pool/{at(second)}/do/claim/")
    assert refused.status_code == 422 and "已持有 2 个，该公海每人最多保有 2 个" in refused.content.decode()
    assert "保有 2/2 · 今日还可领取 0 个" in client.get("/pool/").content.decode()
    file(seller, "从同事接手的客户")
    beyond = client.post(f"/pool/{at(second)}/do/claim/").content.decode()
    assert "已持有 3 个，该公海每人最多保有 2 个" in beyond
    assert Quota.objects.get(user=seller).claims == 1  # a refused claim costs nothing
    assigned = signed_in(leader).post(f"/pool/{at(second)}/do/assign/", {"to": seller.pk})
    assert assigned.status_code == 422 and "林知远" in assigned.content.decode()


@pytest.mark.req("BEYOND-03")
def test_who_gave_a_customer_back_waits_until_the_cool_down_is_over(
    file: File, pool: Pool, seller: User, rival: User, reason: ReturnReason
) -> None:
    account = file(seller)
    client = signed_in(seller)
    client.post(f"/customers/{account.pk}/do/release/", {"reason": reason.pk})
    refused = client.post(f"/pool/{at(account)}/do/claim/")
    assert refused.status_code == 422 and "7 天内不能再次领取" in refused.content.decode()
    with clock.shifted(clock.now() + timedelta(days=6)), pytest.raises(Refused):
        claim(at(account), actor=seller)
    with clock.shifted(clock.now() + timedelta(days=7)):
        claim(at(account), actor=seller)
    assert Account.objects.get(pk=account.pk).owner == seller
    assert list(Tenure.objects.order_by("id").values_list("began", "ended")) == [("own", "returned"), ("claimed", "")]


@pytest.mark.req("BEYOND-03")
def test_opening_pool_customers_is_limited_said_so_and_written_down(lost: File, pool: Pool, seller: User) -> None:
    limit(pool, views_per_day=2)
    rows = [lost(f"第{n}公司") for n in range(3)]
    client = signed_in(seller)
    assert [client.get(f"/pool/{at(row)}/").status_code for row in rows] == [200, 200, 429]
    assert client.get(f"/pool/{at(rows[0])}/").status_code == 200  # opened before, free
    blocked = client.get(f"/pool/{at(rows[2])}/")
    assert "今天已查看 2 个" in blocked.content.decode()
    for way in ("print/", "history/", "comments/", "files/"):
        assert client.get(f"/pool/{at(rows[2])}/{way}").status_code == 429
    assert client.get(f"/api/pool/{at(rows[2])}/").status_code == 429
    noted = Entry.objects.filter(verb="pool_limit", object_id=at(rows[2]))
    assert noted.count() == 7 and noted.first().actor_id == seller.pk


def at_once(number: int, body: Callable[[int], Any]) -> list[Any]:
    """The results of so many threads, errors included."""
    start, results = threading.Barrier(number), [None] * number

    def run(n: int) -> None:
        try:
            start.wait()
            results[n] = body(n)
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return results


@pytest.mark.race
@pytest.mark.req("BEYOND-01")
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_who_claim_one_customer_exactly_one_gets_it(
    lost: File, company: Any, roles: Any, east: Any
) -> None:
    account = lost()
    stay = at(account)

    def hire(n: int) -> User:
        user = User(company=company, username=f"many-{n}", name=f"业务员{n}", department=east)
        user.save()
        user.roles.add(roles["representative"])
        return user

    people = work.unit_of_work(lambda: [hire(n) for n in range(CLAIMERS)])
    turns = threading.Semaphore(20)  # as many as a server has threads

    def one(n: int) -> Any:
        with turns:
            return claim(stay, actor=people[n])

    answers = at_once(CLAIMERS, one)
    winners = [n for n, answer in enumerate(answers) if isinstance(answer, Stay)]
    losers = [answer for answer in answers if not isinstance(answer, Stay)]
    assert {type(answer) for answer in losers} <= {NotVisible, Refused}, answers
    assert (len(winners), len(losers)) == (1, CLAIMERS - 1)
    assert Account.objects.get(pk=account.pk).owner == people[winners[0]]
    assert Tenure.objects.filter(account=account, until=None).count() == 1
    assert Quota.objects.filter(claims__gt=0).count() == 1


@pytest.mark.race
@pytest.mark.req("BEYOND-03")
@pytest.mark.django_db(transaction=True)
def test_nobody_exceeds_a_limit_by_claiming_many_at_once(lost: File, pool: Pool, seller: User, rival: User) -> None:
    limit(pool, claims_per_day=7, holding_limit=5)
    rows = [lost(f"第{n}公司") for n in range(CUSTOMERS)]
    stays = [at(row) for row in rows]
    answers = at_once(CUSTOMERS, lambda n: claim(stays[n], actor=seller))
    assert [a for a in answers if not isinstance(a, Stay | Refused)] == []
    assert Account.objects.filter(owner=seller).count() == 5
    assert Quota.objects.get(user=seller).claims == 5
    limit(pool, claims_per_day=4, holding_limit=None)
    rest = [stay.pk for stay in Stay.objects.all()]
    at_once(len(rest), lambda n: claim(rest[n], actor=rival))
    assert (Account.objects.filter(owner=rival).count(), Quota.objects.get(user=rival).claims) == (4, 4)
