"""Who is due and who is not, day by day: the rounds of the year, classes and new purchasers, the word of the morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact, TierPolicy
from guanxi.interactions.models import ContactRules, ReturnVisit, Visit
from guanxi.kernel import clock, events, jobs
from guanxi.org.models import Notice, User
from guanxi.org.services import bump

pytestmark = pytest.mark.django_db


def at(day: date) -> Any:
    return clock.shifted(timezone.make_aware(datetime(day.year, day.month, day.day, 8)))


def account(owner: User, name: str, **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def rules(person: User, **values: Any) -> None:
    saved(ContactRules(company=person.company, **{"annual_month": 0, "gap_days": 0, "purchase_days": 0, **values}))
    bump(person.company_id)


def opened(day: date) -> dict[str, date]:
    """Whom the morning of this day asks back, by name, with the day it is due on."""
    known = set(ReturnVisit.objects.values_list("pk", flat=True))
    with at(day):
        jobs.task("interactions.returns").enqueue()
        jobs.work_off()
    return dict(ReturnVisit.objects.exclude(pk__in=known).values_list("account__name", "due_on"))


@pytest.mark.req("RV-04")
def test_the_annual_round_belongs_to_its_month_and_comes_again_the_year_after(seller: User) -> None:
    rules(seller, annual_month=3)
    account(seller, "老客户", stage="repeat")
    account(seller, "流失客户", stage="lost")
    assert opened(date(2026, 2, 27)) == {}
    assert opened(date(2026, 3, 2)) == {"老客户": date(2026, 4, 1)}
    assert opened(date(2026, 3, 31)) == {}
    ReturnVisit.objects.update_silently(state="done", done_at=clock.now())
    assert opened(date(2026, 4, 1)) == {}
    assert opened(date(2027, 3, 1)) == {"老客户": date(2027, 3, 31)}


@pytest.mark.req("RV-01", "RV-09")
def test_important_customers_are_due_at_the_interval_of_their_own_class(seller: User) -> None:
    rules(seller)
    for grade, days in (("A", 30), ("B", 90)):
        policy = {"grade": grade, "name": grade, "contact_days": days, "effective_on": date(2026, 1, 1)}
        saved(TierPolicy(company=seller.company, published_at=clock.now(), **policy))
    bump(seller.company_id)
    account(seller, "甲级", grade="A")
    account(seller, "乙级重点", grade="B", is_key=True)
    account(seller, "乙级", grade="B")  # ordinary: contacted, not asked back
    account(seller, "未分级", is_key=True)  # no class says how often
    first = date(2026, 3, 2)
    assert opened(first) == dict.fromkeys(("甲级", "乙级重点"), date(2026, 3, 9))
    ReturnVisit.objects.update_silently(state="done", done_at=clock.now())
    assert opened(first + timedelta(days=36)) == {}
    assert opened(first + timedelta(days=38)) == {"甲级": first + timedelta(days=45)}
    ReturnVisit.objects.update_silently(state="done", done_at=clock.now())
    later = first + timedelta(days=98)
    assert opened(later) == dict.fromkeys(("甲级", "乙级重点"), later + timedelta(days=7))


@pytest.mark.req("RV-09")
def test_a_customer_is_due_as_often_as_it_needs_whatever_its_class_says(client: Client, seller: User) -> None:
    rules(seller)
    policy = {"grade": "A", "name": "A", "contact_days": 30, "effective_on": date(2026, 1, 1)}
    saved(TierPolicy(company=seller.company, published_at=clock.now(), **policy))
    bump(seller.company_id)
    seldom, often = account(seller, "一年一访", grade="A"), account(seller, "生产线客户")
    first = date(2026, 3, 2)
    with at(first):
        for row, days in ((seldom, "365"), (often, "14"), (often, "0")):
            client.force_login(seller)
            client.post(f"/customers/{row.pk}/cell/contact_every/", {"contact_every": days, "version": row.version})
            row.refresh_from_db()
        assert (seldom.contact_every, often.contact_every) == (365, 14), "never less than a day"
    assert opened(first) == dict.fromkeys(("一年一访", "生产线客户"), date(2026, 3, 9))
    ReturnVisit.objects.update_silently(state="done", done_at=clock.now())
    assert opened(first + timedelta(days=38)) == {"生产线客户": first + timedelta(days=45)}


@pytest.mark.req("RV-03")
def test_a_new_purchaser_is_called_within_the_days_the_company_has_set(client: Client, seller: User) -> None:
    rules(seller, gap_days=5)
    card = account(seller, "甲公司")
    first, second = (saved(Contact(company=seller.company, account=card, name=name)) for name in ("王工", "李工"))
    with at(date(2026, 3, 2)):
        client.force_login(seller)
        for contact in (first, second):
            client.post(f"/contacts/{contact.pk}/do/name_purchaser/", {"key": f"p{contact.pk}"})
        events.deliver_pending()
        row = ReturnVisit.objects.get()
        assert (row.reason, row.due_on, row.owner) == ("contact", date(2026, 3, 7), seller)
        assert f"/return-visits/{row.pk}/" in client.get(f"/customers/{card.pk}/").content.decode()


@pytest.mark.req("RV-03")
def test_a_thin_file_of_an_important_customer_is_asked_about_once_in_three_months(seller: User) -> None:
    rules(seller, gap_days=5)
    account(seller, "重点", is_key=True)
    account(seller, "普通")
    full = account(seller, "齐全", is_key=True)
    Account.objects.filter(pk=full.pk).update_silently(completeness=60)
    assert opened(date(2026, 3, 2)) == {"重点": date(2026, 3, 7)}
    ReturnVisit.objects.update_silently(state="done", done_at=clock.now())
    assert opened(date(2026, 4, 1)) == {}
    assert opened(date(2026, 6, 8)) == {"重点": date(2026, 6, 13)}


@pytest.mark.req("RV-05")
def test_a_purchase_is_followed_within_a_week_and_the_next_purchase_again(seller: User) -> None:
    rules(seller, purchase_days=7)
    card = account(seller, "甲公司", last_order_on=date(2026, 3, 2))
    assert opened(date(2026, 3, 10)) == {}, "the week is over"
    assert opened(date(2026, 3, 9)) == {"甲公司": date(2026, 3, 9)}
    ReturnVisit.objects.update_silently(state="done", done_at=clock.now())
    assert opened(date(2026, 3, 9)) == {}
    Account.objects.filter(pk=card.pk).update_silently(last_order_on=date(2026, 3, 20))
    assert opened(date(2026, 3, 21)) == {"甲公司": date(2026, 3, 27)}


@pytest.mark.req("LIFE-04")
def test_the_word_of_the_morning_counts_visits_return_visits_contacts_and_key_customers_gone_silent(
    seller: User, rival: User, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    rules(seller, silent_days=30)
    today = date(2026, 3, 18)
    card = account(seller, "甲公司", next_contact_on=today)
    done = account(seller, "乙公司", next_contact_on=today + timedelta(days=1))
    account(seller, "丙公司", is_key=True, last_contact_on=today - timedelta(days=31))
    account(seller, "丁公司", is_key=True, last_contact_on=today - timedelta(days=30))
    mine = {"company": seller.company, "owner": seller, "department": seller.department, "account": card}
    for day, state, whom in (
        (today, "planned", card),
        (today, "done", done),
        (today + timedelta(days=1), "planned", card),
    ):
        saved(Visit(**{**mine, "account": whom}, day=day, state=state))
    for n, reason in enumerate(("periodic", "purchase", "data")):
        saved(ReturnVisit(**mine, reason=reason, due_on=today + timedelta(days=n - 1)))
    with at(today):
        jobs.task("interactions.remind").enqueue()
        jobs.work_off()
    told = Notice.objects.get()  # the rival has nothing due and hears nothing
    counted = "今日请完成：拜访 1 家、待回访 2 家、待联系 1 家、久未联系的重要客户 1 家"
    assert (told.user, told.text) == (seller, counted)
