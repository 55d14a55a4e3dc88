"""Dealings over HTTP: logged under their channel, moving the customer's dates, answered, found again (COMM, FUP)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction, Phrase
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.services.seed import seed
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Company
from guanxi.org.models import Notice, User

pytestmark = pytest.mark.django_db


def account(owner: User, name: str = "甲公司", **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def log(client: Client, card: Account, **values: Any) -> int:
    sent = {"channel": "phone", "content": "问到货时间", **values}
    return client.post(f"/customers/{card.pk}/do/log_contact/", {**sent, "key": str(sorted(sent.items()))}).status_code


def days(n: int) -> str:
    return (clock.today() + timedelta(days=n)).isoformat()


@pytest.mark.req("COMM-01", "FUP-02")
def test_each_contact_is_logged_under_its_channel_in_three_fields(client: Client, seller: User) -> None:
    card = account(seller)
    client.force_login(seller)
    page = client.get(f"/customers/{card.pk}/do/log_contact/").content.decode()
    assert [page.count(f'name="{name}"') for name in ("channel", "content", "next_contact_on")] == [1, 1, 1]
    for channel in Channel.values:
        assert log(client, card, channel=channel, content=f"经{channel}联系") == 302
    assert set(Interaction.objects.values_list("channel", flat=True)) == set(Channel.values)
    row = Interaction.objects.get(channel="fax")
    assert (row.account, row.owner, row.kind, row.direction) == (card, seller, "general", "out")
    listed = client.get("/interactions/", {"view": "all", "where": '{"f":"channel","op":"is","v":"letter"}'})
    assert "经letter联系" in listed.content.decode() and "经fax联系" not in listed.content.decode()
    assert log(client, card, channel="pigeon") == 422
    assert log(client, card, content=" ") == 422


@pytest.mark.req("FUP-03")
def test_whoever_sees_the_customer_reads_its_dealings_on_one_line_of_time(
    client: Client, seller: User, leader: User, rival: User
) -> None:
    card = account(seller)
    client.force_login(seller)
    log(client, card, content="客户同意试用两周", next_contact_on=days(5))
    client.force_login(leader)
    page = client.get(f"/customers/{card.pk}/").content.decode()
    assert "客户同意试用两周" in page and seller.name in page and days(5) in page
    row = Interaction.objects.get()
    assert client.get(f"/interactions/{row.pk}/").status_code == 200
    assert "客户同意试用两周" in client.get(f"/customers/{card.pk}/tab/interactions/").content.decode()
    client.force_login(rival)
    assert client.get(f"/interactions/{row.pk}/").status_code == 404
    assert log(client, card) == 404


@pytest.mark.req("FUP-04")
def test_the_newest_dealing_moves_last_and_next_contact(client: Client, seller: User) -> None:
    card = account(seller, next_contact_on=clock.today())
    client.force_login(seller)

    def dates() -> tuple[Any, Any]:
        row = Account.objects.get(pk=card.pk)
        return row.last_contact_on, row.next_contact_on

    assert log(client, card) == 302
    assert dates() == (clock.today(), None)  # what was due today is done
    assert log(client, card, content="约下次", next_contact_on=days(9)) == 302
    assert [str(one) for one in dates()] == [days(0), days(9)]
    assert log(client, card, content="顺便一提") == 302
    assert str(dates()[1]) == days(9)  # still ahead
    past = timezone.make_aware(datetime.combine(clock.today() - timedelta(days=40), time(9)))
    sent = {
        "account": card.pk,
        "kind": "general",
        "channel": "letter",
        "direction": "out",
        "content": "旧信",
        "key": "old",
    }
    sent |= {"at": past.strftime("%Y-%m-%dT%H:%M"), "next_contact_on": days(-30)}
    assert client.post("/interactions/new/", sent).status_code == 302
    assert [str(one) for one in dates()] == [days(0), days(9)]  # older news changes nothing
    assert log(client, card, content="昨天", next_contact_on=days(-1)) == 422
    page = client.get("/customers/?sort=next_contact_on").content.decode()
    assert "甲公司" in page


@pytest.mark.req("FUP-04")
def test_silent_customers_and_contacts_due_are_views_of_the_list(client: Client, seller: User) -> None:
    today = clock.today()
    for name, ago, coming in (("新近", 2, 3), ("一旬", 10, None), ("两旬", 20, 0)):
        coming_on = None if coming is None else today + timedelta(days=coming)
        account(seller, name, last_contact_on=today - timedelta(days=ago), next_contact_on=coming_on)
    client.force_login(seller)

    def shown(view: str) -> list[bool]:
        page = client.get(f"/customers/?view={view}").content.decode()
        return [name in page for name in ("新近", "一旬", "两旬")]

    assert [shown("silent7"), shown("silent15"), shown("contact_due")] == [
        [False, True, True], [False, False, True], [False, False, True],
    ]  # fmt: skip


@pytest.mark.req("COMM-02")
def test_messages_from_customers_wait_until_they_are_answered(client: Client, seller: User) -> None:
    card = account(seller)
    client.force_login(seller)
    sent = {
        "account": card.pk,
        "kind": "inquiry",
        "channel": "letter",
        "direction": "in",
        "content": "来函询价",
        "key": "1",
    }
    at = timezone.localtime(clock.now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert client.post("/interactions/new/", {**sent, "at": at}).status_code == 302
    log(client, card, content="我方去电")
    row = Interaction.objects.get(direction="in")

    def waits() -> list[bool]:
        pages = [client.get(url).content.decode() for url in ("/interactions/?view=unanswered", "/")]
        return ["来函询价" in page for page in pages]

    assert waits() == [True, True]
    assert "我方去电" not in client.get("/interactions/?view=unanswered").content.decode()
    assert client.post(f"/interactions/{row.pk}/do/answer/", {"answer": " ", "key": "2"}).status_code == 422
    assert client.post(f"/interactions/{row.pk}/do/answer/", {"answer": "已寄报价", "key": "3"}).status_code == 302
    client.get("/me/")  # where the message of the answer is read
    row.refresh_from_db()
    assert (row.answer, row.answered_by, row.answered_at is not None, waits()) == (
        "已寄报价",
        seller,
        True,
        [False, False],
    )
    assert client.post(f"/interactions/{row.pk}/do/answer/", {"answer": "再答", "key": "4"}).status_code == 422


@pytest.mark.req("COMM-04", "COMM-06")
def test_standard_phrases_are_at_hand_where_staff_write(
    client: Client, company: Company, seller: User, leader: User
) -> None:
    work.unit_of_work(lambda: seed(company))
    card = account(seller)
    client.force_login(seller)
    phrase = Phrase.objects.filter(situation="受理投诉").get()
    for url in (f"/customers/{card.pk}/do/log_contact/", f"/interactions/new/?account={card.pk}"):
        page = client.get(url).content.decode()
        assert "<c-phrases" in page and phrase.text in page
    assert client.get("/phrases/new/").status_code == 403
    client.force_login(leader)
    sent = {"situation": "接待", "text": "请坐，先喝杯茶。", "position": 5, "key": "p"}
    assert client.post("/phrases/new/", sent).status_code == 302
    client.force_login(seller)
    assert "请坐，先喝杯茶。" in client.get(f"/customers/{card.pk}/do/log_contact/").content.decode()


@pytest.mark.req("FUP-02")
def test_only_the_author_changes_a_dealing_and_time_has_its_limit(client: Client, seller: User, leader: User) -> None:
    card = account(seller)
    client.force_login(leader)
    log(client, card, content="店长来电")
    row = Interaction.objects.get()
    client.force_login(seller)
    sent = {"version": row.version, "content": "改写", "key": "e"}
    assert client.post(f"/interactions/{row.pk}/edit/", sent).status_code == 403
    client.force_login(leader)
    assert client.post(f"/interactions/{row.pk}/edit/", {**sent, "minutes": 2000}).status_code == 409
    assert client.post(f"/interactions/{row.pk}/edit/", {**sent, "minutes": 20, "key": "f"}).status_code == 302
    row.refresh_from_db()
    assert (row.content, row.minutes) == ("改写", 20)


@pytest.mark.req("LIFE-04")
def test_every_morning_one_word_tells_what_is_due(seller: User, rival: User) -> None:
    account(seller, next_contact_on=clock.today())
    account(rival, "乙公司", next_contact_on=clock.today() + timedelta(days=3))
    jobs.task("interactions.remind").enqueue()
    jobs.work_off()
    told = list(Notice.objects.values_list("user", "text"))
    assert [who for who, _text in told] == [seller.pk]
    assert "contacts due 1" in told[0][1] or "待联系 1 家" in told[0][1]
