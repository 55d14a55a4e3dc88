"""A supervisor's week over HTTP: reviews, talks, balances, collections, the plan of the year (CARD-01, 06..10)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from guanxi.conftest import Hire, saved
from guanxi.custody.models import CardReview, Collection, DayTalk, SalesPlan
from guanxi.custody.queries import reviews as queries
from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs, work
from guanxi.org.models import Department, Notice, User
from guanxi.sales.models import Order, Receipt, Receivable
from guanxi.targets.models import Target

pytestmark = pytest.mark.django_db
TUESDAY = timezone.make_aware(datetime(2026, 11, 24, 9, 0))
WEEK = "/card-reviews/week/"


@pytest.fixture
def head(head: User, owner: User, headquarters: Department) -> User:
    headquarters.head = owner
    saved(headquarters)
    return head


def account(owner: User, name: str, **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def order(card: Account, amount: int, on: Any) -> Order:
    """A delivered order as the past knows it: a sum without lines, which no unit of work adds up again."""
    row = saved(
        Order(company=card.company, owner=card.owner, account=card, number=f"T{Order.objects.count()}", ordered_on=on)
    )
    Order.objects.filter(pk=row.pk).update_silently(state="delivered", amount=amount)
    return row


def owed(card: Account, amount: int, days: int) -> None:
    due = clock.today() - timedelta(days=days)
    row = order(card, amount, due)
    values = {"due_on": due, "amount": amount, "settled": 0, "open_amount": amount}
    saved(Receivable(company=card.company, order=row, account=card, **values))
    Order.objects.filter(pk=row.pk).update_silently(state="delivered", amount=amount)


def review(client: Client, person: User, **values: Any) -> int:
    sent = {"what": "review", "person": person.pk, "looked": 5, "score": 80, "remark": "地址待补", "key": f"r{values}"}
    return client.post(WEEK, sent | values).status_code


def groups(page: str) -> dict[str, str]:
    """How many people are in each group of the page."""
    strip = page[page.index('aria-label="People"') :]
    return dict(re.findall(r'>([^<>]+) <span class="num">([^<]*)<', strip[: strip.index("</span></a></span>") + 8]))


@pytest.mark.req("CARD-01")
def test_of_many_people_the_first_stand_open_and_a_thousand_cards_can_be_looked_at(
    client: Client, hire: Hire, east: Department, seller: User, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(7):
        account(hire(f"more{n}", "representative", east, name=f"业务员{n}"), f"客户{n}")
    many = queries.keepings
    monkeypatch.setattr(queries, "keepings", lambda *known: [replace(one, cards=1000) for one in many(*known)])
    client.force_login(head)
    page = client.get(WEEK).content.decode()
    assert (page.count('<details class="fold" open>'), page.count('<details class="fold">') > 1) == (5, True)
    assert 'name="looked" min="1" max="1000"' in page and ">1,000</a>" in page


@pytest.mark.req("CARD-01")
def test_a_supervisor_reviews_each_persons_cards_once_a_week(
    client: Client, seller: User, rival: User, stranger: User, head: User
) -> None:
    for person in (seller, rival, stranger):
        account(person, f"{person.name}的客户")
    with clock.shifted(TUESDAY):
        client.force_login(head)
        page = client.get(WEEK).content.decode()
        assert "林知远" in page and "陈书意" in page and "许嘉禾" not in page
        assert groups(page) == {"All people": "2", "Not reviewed": "2", "Not talked to": "2"}
        assert review(client, seller, looked=0) == 409
        assert review(client, seller, score=101) == 409
        assert review(client, stranger) == 404
        assert review(client, seller) == 302
        assert review(client, seller, score=90) == 409  # once a week
        one = CardReview.objects.get()
        assert (one.owner, one.reviewer, one.week.isoformat(), one.score) == (seller, head, "2026-11-23", 80)
        page = client.get(WEEK + "?only=review").content.decode()
        assert groups(page) == {"All people": "2", "Not reviewed": "1", "Not talked to": "2"}
        assert re.findall(r'card-title">([^<]+)<', page) == ["陈书意"]
        alone = client.get(f"{WEEK}?person={seller.pk}").content.decode()
        assert re.findall(r'card-title">([^<]+)<', alone) == ["林知远"]
        assert review(client, rival, looked=1) == 302
        assert "Nobody is left here" in client.get(WEEK + "?only=review").content.decode()
        CardReview.objects.exclude(pk=one.pk).update_silently(deleted_at=clock.now())
        client.force_login(seller)
        assert client.get(WEEK).status_code == 403
        assert client.get(f"/card-reviews/{one.pk}/").status_code == 200
        client.force_login(rival)
        assert client.get(f"/card-reviews/{one.pk}/").status_code == 404


@pytest.mark.req("CARD-01")
def test_missing_reviews_reach_the_head_on_monday_and_the_one_above_on_wednesday(
    client: Client, seller: User, rival: User, head: User, owner: User
) -> None:
    for person in (seller, rival):
        account(person, f"{person.name}的客户")
    with clock.shifted(TUESDAY):
        client.force_login(head)
        review(client, seller)
    told = []
    for day in range(5, 10):  # Sunday to Thursday
        with clock.shifted(TUESDAY + timedelta(days=day)):
            jobs.task("custody.reviews").enqueue()
            jobs.work_off()
        told.append([Notice.objects.filter(user=one, url=WEEK).count() for one in (head, owner)])
    assert told == [[0, 0], [1, 0], [1, 0], [1, 1], [1, 1]]
    assert "1 people" in Notice.objects.get(user=head, url=WEEK).text


@pytest.mark.req("CARD-07")
def test_card_keeping_stands_on_the_persons_page(client: Client, seller: User, rival: User, head: User) -> None:
    account(seller, "甲公司")
    with clock.shifted(clock.now() - timedelta(days=100)):
        client.force_login(head)
        assert review(client, seller, score=10) == 302  # too long ago to count
    client.force_login(head)
    assert review(client, seller, score=70) == 302
    client.force_login(seller)
    page = client.get(f"/people/{seller.pk}/").content.decode()
    assert "Card keeping" in page and ">70<" in page
    client.force_login(rival)
    assert "Card keeping" not in client.get(f"/people/{seller.pk}/").content.decode()


@pytest.mark.req("CARD-07", "PERF-01")
def test_card_keeping_is_an_item_of_the_months_appraisal(client: Client, seller: User, rival: User, head: User) -> None:
    for person in (seller, rival):
        account(person, f"{person.name}的客户")
    client.force_login(head)
    for days, score in ((-30, 20), (0, 70), (6, 75), (13, 99)):  # of October, two of November, of December
        with clock.shifted(TUESDAY + timedelta(days=days)):
            client.force_login(head)
            assert review(client, seller, score=score) == 302
    with clock.shifted(TUESDAY + timedelta(days=14)):
        client.force_login(head)
        answer = client.get("/appraisal/?month=2026-11&format=xlsx")
        names, *rows = load_workbook(BytesIO(b"".join(answer))).active.iter_rows(values_only=True)  # type: ignore[call-overload]
        kept = {row[1]: row[names.index("Card keeping (of 100)")] for row in rows}
        assert (kept[seller.name], kept[rival.name]) == (72.5, None)
        client.force_login(seller)
        assert "72.5" in client.get(f"/appraisal/?month=2026-11&person={seller.pk}").content.decode()


@pytest.mark.req("CARD-08")
def test_the_day_before_is_talked_about_with_its_dealings(client: Client, seller: User, head: User) -> None:
    card = account(seller, "甲公司")
    with clock.shifted(TUESDAY):
        yesterday = clock.today() - timedelta(days=1)
        order(card, 1200, yesterday)
        row = Receipt(company=card.company, account=card, owner=seller, number="R1", received_on=yesterday, amount=300)
        work.unit_of_work(row.save)
        client.force_login(head)
        page = client.get(WEEK).content.decode()
        assert "1 orders ¥1,200" in page and "received ¥300" in page and "deals of 2026-11-23" in page
        assert groups(page)["Not talked to"] == "1"
        sent = {"what": "talk", "person": seller.pk, "note": "跟进回款", "key": "t"}
        assert client.post(WEEK, sent | {"note": " ", "key": "x"}).status_code == 409
        assert client.post(WEEK, sent).status_code == 302
        talk = DayTalk.objects.get()
        assert (talk.day, talk.ordered, talk.received, talk.held_by) == (yesterday, 1200, 300, head)
        page = client.get(WEEK).content.decode()
        assert groups(page)["Not talked to"] == "0" and "跟进回款" in page


@pytest.mark.req("CARD-09", "CARD-10")
def test_balances_lead_to_a_collection_plan_in_order_of_what_is_overdue(
    client: Client, seller: User, stranger: User, head: User
) -> None:
    small, large, other = account(seller, "小额公司"), account(seller, "大额公司"), account(stranger, "别店公司")
    for card, amount, days in ((small, 100, 50), (large, 900, 10), (other, 5000, 5)):
        owed(card, amount, days)
    client.force_login(head)
    page = client.get("/collections/balances/").content.decode()
    assert page.index("大额公司") < page.index("小额公司") and "别店公司" not in page
    assert f"/customers/{large.pk}/tab/receivables/" in page and "overdue ¥1,000" in page
    assert client.post("/collections/balances/").status_code == 302
    assert client.post("/collections/balances/").status_code == 302  # nothing twice
    plan = [(row.account.name, row.overdue) for row in Collection.objects.order_by("position")]
    assert plan == [("大额公司", Decimal(900)), ("小额公司", Decimal(100))]
    client.force_login(seller)
    assert client.post("/collections/balances/").status_code == 403
    row = Collection.objects.get(account=large)
    here = f"/collections/{row.pk}/do/settle/"
    assert client.post(here, {"state": "promised", "result": "月底付", "key": "1"}).status_code == 422
    day = (clock.today() + timedelta(days=6)).isoformat()
    assert (
        client.post(here, {"state": "promised", "result": "月底付", "promised_on": day, "key": "2"}).status_code == 302
    )
    row.refresh_from_db()
    assert (row.state, row.promised_on.isoformat()) == ("promised", day)


@pytest.mark.req("CARD-06")
def test_the_plan_of_a_year_begins_with_the_results_of_the_one_before(
    client: Client, seller: User, rival: User, stranger: User, head: User
) -> None:
    with clock.shifted(TUESDAY):
        for person, amount in ((seller, 100), (rival, 40), (stranger, 7)):
            card = account(person, f"{person.name}的客户")
            order(card, amount, datetime(2026, 2, 1).date())
            order(card, amount * 2, datetime(2026, 11, 1).date())
            order(card, 999, datetime(2025, 11, 1).date())
        client.force_login(seller)
        assert client.post("/sales-plans/draft/?year=2027").status_code == 403
        client.force_login(head)
        assert client.post("/sales-plans/draft/?year=2031").status_code == 409
        for _again in range(2):
            assert client.post("/sales-plans/draft/?year=2027").status_code == 302
        lines = {(row.owner, row.quarter): (row.before, row.target) for row in SalesPlan.objects.all()}
        assert lines == {
            (p, q): (n, n) for p, q, n in ((seller, 1, 100), (seller, 4, 200), (rival, 1, 40), (rival, 4, 80))
        }
        line = SalesPlan.objects.get(owner=seller, quarter=4)
        sent = {"target": "260", "remark": "新品", "version": line.version, "key": "e"}
        assert client.post(f"/sales-plans/{line.pk}/edit/", sent).status_code == 302
        page = client.get("/sales-plans/draft/?year=2027").content.decode()
        assert "¥280" in page and "¥340" in page
        aims = Target.objects.filter(owner=seller).order_by("starts_on").values_list("period", "starts_on", "amount")
        assert list(aims) == [("quarter", date(2027, 1, 1), 100), ("quarter", date(2027, 10, 1), 260)]
