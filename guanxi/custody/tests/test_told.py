"""Who hears of loans, reviews and lifted limits, what is collected in which order, and looks at lists that count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.conftest import Hire, saved
from guanxi.custody.models import CardLoan, CardReview, Collection, DayTalk, Flag, Safeguard
from guanxi.custody.tests.test_exports import customers
from guanxi.custody.tests.test_loans import ask, decide, opens
from guanxi.custody.tests.test_supervising import TUESDAY, WEEK, account, owed, review
from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.org.models import Notice, User

pytestmark = pytest.mark.django_db
BALANCES = "/collections/balances/"


@pytest.fixture
def card(seller: User) -> Account:
    return account(seller, "苏州云岭精密机械有限公司")


def told(person: User, url: str, icon: str) -> list[str]:
    return list(Notice.objects.filter(user=person, url=url, icon=icon).values_list("text", flat=True))


@pytest.mark.req("CARD-11")
def test_the_borrower_hears_of_the_yes_and_of_a_call_back_which_wants_a_reason(
    client: Client, stranger: User, card: Account, head: User
) -> None:
    ask(client, stranger, card, days=3)
    until = (clock.today() + timedelta(days=3)).isoformat()
    assert told(stranger, f"/customers/{card.pk}/", "book-upload") == []
    decide(client, head)
    (yes,) = told(stranger, f"/customers/{card.pk}/", "book-upload")
    assert (until in yes, card.name in yes) == (True, True)
    loan = CardLoan.objects.get()
    back = f"/loans/{loan.pk}/do/call_back/"
    assert client.post(back, {"reason": " ", "key": "a"}).status_code == 422
    assert opens(client, stranger, f"/customers/{card.pk}/") == 200
    client.force_login(head)
    assert client.post(back, {"reason": "客户投诉", "key": "b"}).status_code == 302
    assert [card.name in text for text in told(stranger, f"/loans/{loan.pk}/", "lock")] == [True]
    loan.refresh_from_db()
    assert (loan.state, loan.result, loan.returned_on) == ("returned", "客户投诉", clock.today())


@pytest.mark.req("CARD-11")
def test_a_yes_that_comes_after_the_last_day_lends_nothing(
    client: Client, stranger: User, card: Account, head: User
) -> None:
    ask(client, stranger, card, days=2)
    with clock.shifted(clock.now() + timedelta(days=3)):
        assert decide(client, head) == 302
        assert CardLoan.objects.get().state == "refused"
        assert opens(client, stranger, f"/customers/{card.pk}/") == 404
        assert ask(client, stranger, card, days=4).status_code == 302, "asked for anew"
    assert told(stranger, f"/customers/{card.pk}/", "book-upload") == []


@pytest.mark.req("CARD-11", "SEC-07")
def test_looking_for_cards_names_ten_at_most_and_counts_as_reading(
    client: Client, stranger: User, seller: User, head: User
) -> None:
    saved(Safeguard(company=seller.company, listed_hour=20, listed_day=100))
    for n in range(12):
        account(seller, f"云岭{n:02d}配件厂")
    client.force_login(stranger)
    page = client.get("/loans/find/?q=云岭").content.decode()
    assert page.count("云****厂") == 10
    answers = [client.get(f"/loans/find/?q={word}").status_code for word in ("云岭0", "云岭", "云岭11")]
    assert answers == [200, 200, 429], "ten rows each, the same search again is no new look, then one too many"
    assert Flag.objects.filter(owner=stranger, level="stopped").count() == 1


@pytest.mark.req("CARD-01")
def test_whose_cards_were_reviewed_reads_score_and_remark(client: Client, seller: User, head: User) -> None:
    account(seller, "甲公司")
    client.force_login(head)
    assert review(client, seller, score=64, remark="三家无下次联系日期") == 302
    (text,) = told(seller, f"/card-reviews/{CardReview.objects.get().pk}/", "clipboard-check")
    assert ("64" in text, "三家无下次联系日期" in text) == (True, True)


@pytest.mark.req("CARD-08")
def test_a_day_is_talked_about_once_when_it_is_over_by_who_leads(client: Client, seller: User, head: User) -> None:
    account(seller, "甲公司")
    with clock.shifted(TUESDAY):
        client.force_login(head)
        sent = {"what": "talk", "person": seller.pk, "note": "跟进回款"}
        asked = []
        for n, day in enumerate(("2026-11-24", "2026-11-30", "2026-11-23", "2026-11-20")):
            asked.append(client.post(f"{WEEK}?day={day}", {**sent, "key": f"t{n}"}).status_code)
        assert asked == [302, 409, 409, 302], "today and later stand for the last day that is over; that one only once"
        days = sorted(DayTalk.objects.values_list("day", flat=True))
        assert [str(day) for day in days] == ["2026-11-20", "2026-11-23"]
        client.force_login(seller)
        assert client.get(f"/day-talks/{DayTalk.objects.latest('day').pk}/").status_code == 200, "one's own"


@pytest.mark.req("SEC-07")
def test_whoever_was_stopped_hears_of_being_let_go_on_and_why(client: Client, seller: User, head: User) -> None:
    saved(Safeguard(company=seller.company, opened_hour=2, opened_day=10))
    customers(seller, 3)
    client.force_login(seller)
    answers = [client.get(f"/customers/{pk}/").status_code for pk in Account.objects.values_list("pk", flat=True)]
    assert answers == [200, 200, 429]
    client.force_login(head)
    flag = Flag.objects.get(kind="opened_hour", level="stopped")
    assert client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "l", "reason": "年度盘点"}).status_code == 302
    (text,) = Notice.objects.filter(user=seller, icon="lock-open").values_list("text", flat=True)
    assert "年度盘点" in text
    again = client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "m", "reason": "再来"})
    assert again.status_code == 422, "nothing is left to lift"


@pytest.mark.req("SEC-07", "CARD-09")
def test_who_reads_what_customers_owe_is_counted_as_reading_them(client: Client, seller: User, head: User) -> None:
    saved(Safeguard(company=seller.company, listed_hour=2, listed_day=100))
    for n in range(3):
        owed(account(seller, f"欠款{n}"), 100, 5)
    client.force_login(head)
    assert client.get(BALANCES).status_code == 429
    assert Flag.objects.filter(owner=head, kind="listed_hour", level="stopped").exists()


def plans() -> list[tuple[str, str]]:
    rows = Collection.objects.order_by("pk").values_list("planned_on", "state")
    return [(day.isoformat(), state) for day, state in rows]


@pytest.mark.req("CARD-10")
def test_five_customers_a_working_day_are_collected_from(client: Client, seller: User, head: User) -> None:
    with clock.shifted(timezone.make_aware(datetime(2026, 11, 20, 9, 0))):  # a Friday
        for n in range(7):
            owed(account(seller, f"欠款{n}"), 700 - n, 5)
        client.force_login(head)
        assert client.post(BALANCES).status_code == 302
    assert plans() == [("2026-11-20", "planned")] * 5 + [("2026-11-23", "planned")] * 2
    with clock.shifted(timezone.make_aware(datetime(2026, 11, 21, 9, 0))):
        owed(account(seller, "周六才看到的"), 50, 5)
        assert client.post(BALANCES).status_code == 302
    assert plans()[7:] == [("2026-11-23", "planned")]


@pytest.mark.req("CARD-10")
def test_what_came_of_collecting_is_written_by_who_collects_and_not_asked_for_twice_meanwhile(
    client: Client, seller: User, head: User, hire: Hire
) -> None:
    card, other = account(seller, "欠款公司"), account(seller, "争议公司")
    with clock.shifted(TUESDAY):
        owed(card, 900, 10)
        owed(other, 100, 10)
        client.force_login(head)
        client.post(BALANCES)
        row, contested = Collection.objects.get(account=card), Collection.objects.get(account=other)
        here, day = f"/collections/{row.pk}/do/settle/", date(2026, 11, 26)
        values: dict[str, Any] = {"state": "promised", "result": "月底付", "promised_on": day.isoformat()}
        client.force_login(hire("auditor", "audit-administrator"))
        assert client.get(f"/collections/{row.pk}/").status_code == 200
        assert client.post(here, {**values, "key": "1"}).status_code == 403
        client.force_login(seller)
        assert client.post(here, {**values, "result": " ", "key": "2"}).status_code == 422
        assert client.post(here, {**values, "promised_on": "2026-11-23", "key": "3"}).status_code == 422
        assert client.post(here, {**values, "key": "4"}).status_code == 302
        disputed = {"state": "disputed", "result": "少发一件", "key": "5"}
        assert client.post(f"/collections/{contested.pk}/do/settle/", disputed).status_code == 302
    drafted = {}
    for shown in (24, 26, 27):
        with clock.shifted(timezone.make_aware(datetime(2026, 11, shown, 9, 0))):
            client.force_login(head)
            assert client.post(BALANCES).status_code == 302
            drafted[shown] = list(Collection.objects.filter(state="planned").values_list("account__name", flat=True))
    assert drafted == {24: [], 26: [], 27: ["欠款公司"]}, "a promise that was not kept is collected from anew"
