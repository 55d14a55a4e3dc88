"""The calendar with everything in it, the plan and log of a day, and the feed under a secret address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Company
from guanxi.meetings.models import ActionItem, CalendarFeed, Meeting, WorkLog
from guanxi.meetings.services import days, meetings
from guanxi.org.models import Absence, Department, User


@pytest.fixture
def full(company: Company, seller: User, leader: User, east: Department) -> date:
    """A day on which the seller has a meeting, a customer to call, something to finish, and a journey."""
    day = clock.today()
    row = verbs.add(
        entity(Meeting), {"held_on": day, "starts_at": "09:30", "ends_at": "10:30", "place": "二楼"}, actor=leader
    )
    meetings.invite(row, actor=leader, people=[str(seller.pk)])
    saved(Account(company=company, name="东海电机, 上海", owner=seller, department=east, next_contact_on=day))
    verbs.add(entity(ActionItem), {"what": "寄样品", "due_on": day, "owner": seller}, actor=leader)
    saved(
        Absence(
            company=company,
            owner=seller,
            department=east,
            kind="travel",
            starts_on=day,
            ends_on=day + timedelta(days=1),
        )
    )
    return day


SHOWN = ("寄样品", "东海电机, 上海", "Customer-management meeting", "Travel")


@pytest.mark.req("FORM-05")
@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_day_week_and_month_show_what_apps_register(client: Client, seller: User, full: date, view: str) -> None:
    client.force_login(seller)
    page = client.get(reverse("calendar"), {"view": view, "day": full.isoformat()}).content.decode()
    for text in SHOWN:
        assert text in page
    assert "09:30" in page
    later = client.get(
        reverse("calendar"), {"view": view, "day": (full + timedelta(days=70)).isoformat()}
    ).content.decode()
    assert not any(text in later for text in SHOWN)


@pytest.mark.req("FORM-05")
def test_leaders_see_the_days_of_their_people_and_others_do_not(
    client: Client, seller: User, leader: User, rival: User, stranger: User, full: date
) -> None:
    asked = {"person": seller.pk, "day": full.isoformat(), "view": "day"}
    client.force_login(leader)
    assert "寄样品" in client.get(reverse("calendar"), asked).content.decode()
    for other in (rival, stranger):
        client.force_login(other)
        assert client.get(reverse("calendar"), asked).status_code == 404


@pytest.mark.req("FORM-05")
def test_a_salesperson_plans_the_day_and_logs_it(
    client: Client, seller: User, leader: User, rival: User, full: date
) -> None:
    client.force_login(seller)
    page = reverse("my-day")
    assert "寄样品" in client.get(page).content.decode()
    assert client.post(page, {"plan": "上午拜访东海电机", "log": "", "key": "a"}).status_code == 302
    row = WorkLog.objects.get()
    assert (row.day, row.owner, row.logged_at) == (full, seller, None) and row.planned_at is not None
    client.post(page, {"plan": "上午拜访东海电机", "log": "已拜访，要报价", "key": "b"})
    row.refresh_from_db()
    assert row.log == "已拜访，要报价" and row.logged_at is not None
    assert "已拜访，要报价" in client.get(reverse("calendar"), {"view": "day"}).content.decode()
    ahead = f"{page}?day={(full + timedelta(days=1)).isoformat()}"
    assert client.post(ahead, {"plan": "报价", "log": "写早了", "key": "c"}).status_code == 409
    listing = list_url("work-logs")
    client.force_login(leader)
    assert "已拜访，要报价" in client.get(listing).content.decode()
    client.force_login(rival)
    assert "已拜访，要报价" not in client.get(listing).content.decode()
    with pytest.raises(Forbidden):
        verbs.change(entity(WorkLog), row.pk, {"log": "别人写的"}, actor=leader)
    with pytest.raises(Refused, match="7 days"):
        days.write_day(seller, full - timedelta(days=8), plan="补写", log="")


@pytest.mark.req("FORM-05")
def test_the_feed_is_read_by_whoever_knows_its_address_until_it_is_renewed(
    client: Client, seller: User, full: date
) -> None:
    client.force_login(seller)
    shown = client.post(reverse("calendar-feed-renew"))
    address = shown.content.decode().split('id="feed">')[1].split("<")[0]
    assert f'<c-copy data-text="{address}">' in shown.content.decode(), "nobody types it off a screen"
    assert shown.headers["Cache-Control"] == "no-store"
    path = "/" + address.split("/", 3)[3]
    assert CalendarFeed.objects.get().digest not in path
    phone = Client()
    answer = phone.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode().replace("\r\n ", "")
    assert "SUMMARY:下次联系：东海电机\\, 上海" in text
    assert (
        f"DTSTART:{full:%Y%m%d}T013000Z" in text and f"DTEND:{full:%Y%m%d}T023000Z" in text and "LOCATION:二楼" in text
    )
    assert f"DTEND;VALUE=DATE:{full + timedelta(days=2):%Y%m%d}" in text
    assert text.count("BEGIN:VEVENT") == 4 == len(set(uids(text)))
    client.post(reverse("calendar-feed-renew"))
    assert phone.get(path).status_code == 404
    fresh = (
        "/"
        + client.post(reverse("calendar-feed-renew"))
        .content.decode()
        .split('id="feed">')[1]
        .split("<")[0]
        .split("/", 3)[3]
    )
    assert phone.get(fresh).status_code == 200
    User.objects.filter(pk=seller.pk).update_silently(is_active=False)
    assert phone.get(fresh).status_code == 404
    User.objects.filter(pk=seller.pk).update_silently(is_active=True)
    client.force_login(seller)
    client.post(reverse("calendar-feed-end"))
    assert phone.get(fresh).status_code == 404


def uids(text: str) -> Any:
    return [line for line in text.split("\r\n") if line.startswith("UID:")]
