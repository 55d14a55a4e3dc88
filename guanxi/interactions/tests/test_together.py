"""Who was in touch with the same customer this week hears of the other department, whatever way the contact took."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.conftest import saved
from guanxi.customers.models import Account, Need
from guanxi.interactions.models import Interaction, Visit
from guanxi.kernel import clock, jobs
from guanxi.kernel.models import OutboxEvent
from guanxi.org.models import Department, Notice, User

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(datetime(2026, 3, 16, 9))


def account(owner: User, name: str, **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


@pytest.fixture
def told(client: Client) -> Any:
    """`told(person, when, "/customers/7/do/log_contact/", …)` sends a form and gives the notices that follow, by person."""
    number = iter(range(1000))

    def run(person: User, when: datetime, url: str, **sent: Any) -> dict[str, str]:
        known = set(Notice.objects.values_list("pk", flat=True))
        with clock.shifted(when):
            client.force_login(person)
            assert client.post(url, {**sent, "key": str(next(number))}).status_code == 302
            jobs.work_off()
        new = Notice.objects.exclude(pk__in=known).filter(icon="users").select_related("user")
        return {notice.user.name: notice.text for notice in new}

    return run


@pytest.mark.req("GROUP-02")
def test_a_call_to_a_company_of_the_group_is_announced_to_the_other_department_once(
    told: Any, seller: User, rival: User, stranger: User, west: Department
) -> None:
    head = account(seller, "云岭集团")
    part = account(stranger, "云岭西", parent=head)
    ours, theirs = (f"/customers/{one.pk}/do/log_contact/" for one in (head, part))
    call = {"channel": "phone", "content": "问交期"}
    assert told(seller, MONDAY, ours, **call) == {}
    both = told(stranger, MONDAY + timedelta(days=4), theirs, **call)
    assert set(both) == {seller.name, stranger.name}
    assert "西部一店" in both[seller.name] and "云岭西" not in both[seller.name], "out of reach: not named"
    assert "华东一店" in both[stranger.name]
    assert told(stranger, MONDAY + timedelta(days=5), theirs, **call) == {}, "known by now"
    assert told(seller, MONDAY + timedelta(days=6), ours, **call) == {}
    assert told(seller, MONDAY + timedelta(days=7), ours, **call) == {}, "another week"
    assert set(told(stranger, MONDAY + timedelta(days=8), theirs, **call)) == {seller.name, stranger.name}


@pytest.mark.req("GROUP-02")
def test_visits_and_needs_meet_calls_and_what_comes_from_the_customer_or_from_long_ago_is_no_contact_of_ours(
    told: Any, seller: User, leader: User, stranger: User, west: Department
) -> None:
    card = account(seller, "云岭精密")
    Account.objects.filter(pk=card.pk).update_silently(department=seller.department)
    part = account(stranger, "云岭西", parent=card)
    new = {"account": part.pk, "kind": "general", "channel": "letter", "content": "来函"}
    incoming = {**new, "direction": "in", "at": "2026-03-16T08:00"}
    assert told(stranger, MONDAY, "/interactions/new/", **incoming) == {}
    with clock.shifted(MONDAY):
        mine = {"company": seller.company, "owner": seller, "department": seller.department, "account": card}
        visit = saved(Visit(**mine, day=clock.today(), read_at=clock.now(), started_at=clock.now(), state="started"))
    form = {"outcome": "reached", "need": "下月扩产", "approach": "寄样品", "next_contact_on": "2026-03-30"}
    assert told(seller, MONDAY, f"/visits/{visit.pk}/report/", **form) == {}
    assert Interaction.objects.filter(channel="visit").count() == 1
    asks = {**new, "direction": "in", "at": "2026-03-16T08:30"}
    assert told(stranger, MONDAY, "/interactions/new/", **asks) == {}, "the customer wrote, not we"
    saved(Need(company=seller.company, account=card, text="要样品", on=date(2026, 3, 3), created_by=seller))
    old = {**new, "direction": "out", "at": "2026-03-02T08:00"}
    assert told(stranger, MONDAY, "/interactions/new/", **old) == {}, "only written down today"
    need = {"account": part.pk, "kind": "need", "text": "要小批试用", "on": "2026-03-17"}
    assert set(told(stranger, MONDAY + timedelta(days=1), "/needs/new/", **need)) == {seller.name, stranger.name}


@pytest.mark.req("GROUP-02")
def test_a_customer_that_is_gone_by_then_is_announced_to_nobody(seller: User, stranger: User) -> None:
    card = account(seller, "云岭精密")
    with clock.shifted(MONDAY):
        for person in (stranger, seller):
            mine = {"company": person.company, "owner": person, "department": person.department, "account": card}
            saved(Interaction(**mine, channel="phone", content="问交期"))
        Account.objects.filter(pk=card.pk).update_silently(deleted_at=clock.now())
        jobs.work_off()
    assert not Notice.objects.exists()
    assert not OutboxEvent.objects.filter(delivered_at=None).exists(), "and nothing is tried again"
