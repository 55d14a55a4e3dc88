"""Visit packs over HTTP: only the day's cards, read before, handed back with a result afterwards (CARD-02..04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.audit import sightings
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import Visit
from guanxi.kernel import clock, jobs
from guanxi.org.models import Department, Notice, User

pytestmark = pytest.mark.django_db
BACK = {"outcome": "reached", "need": "下月扩产，要新模具", "approach": "寄样品"}


def account(owner: User, name: str, **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def plan(client: Client, person: User, *accounts: Account, days: int = 0) -> list[Visit]:
    client.force_login(person)
    chosen = "&".join(f"id={one.pk}" for one in accounts)
    day = (clock.today() + timedelta(days=days)).isoformat()
    sent = {"selection": chosen, "on": day, "purpose": "推介新品", "key": f"plan{chosen}{day}"}
    assert client.post("/customers/bulk/plan_visit/", sent).status_code == 302
    return list(Visit.objects.filter(account__in=accounts).order_by("pk"))


def do(client: Client, visit: Visit, verb: str, **values: Any) -> int:
    sent = {**values, "key": f"{verb}{visit.pk}{len(values)}{sorted(values.values(), key=str)}"}
    return client.post(f"/visits/{visit.pk}/do/{verb}/", sent).status_code


def write(client: Client, visit: Visit, **values: Any) -> int:
    """The visit form, with which the card comes back."""
    sent = {**values, "key": f"write{visit.pk}{sorted(values.items())}"}
    return client.post(f"/visits/{visit.pk}/report/", sent).status_code


def state(visit: Visit) -> str:
    return Visit.objects.get(pk=visit.pk).state


@pytest.mark.req("CARD-03")
def test_the_pack_holds_the_cards_of_the_day_and_no_others(client: Client, seller: User, rival: User) -> None:
    one, two, other = (
        account(seller, "甲公司", address="工业路8号"),
        account(seller, "乙公司"),
        account(seller, "丙公司"),
    )
    plan(client, seller, one)
    plan(client, seller, two, days=1)
    page = client.get("/visits/pack/").content.decode()
    assert "甲公司" in page and "工业路8号" in page and "乙公司" not in page and "丙公司" not in page
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert "乙公司" in client.get(f"/visits/pack/?day={tomorrow}").content.decode()
    client.force_login(rival)
    assert "甲公司" not in client.get("/visits/pack/").content.decode()
    assert client.get(f"/visits/{Visit.objects.first().pk}/").status_code == 404
    assert other.pk


@pytest.mark.req("CARD-03")
def test_suggested_are_due_contacts_and_customers_in_the_same_area(client: Client, seller: User, rival: User) -> None:
    planned = account(seller, "甲公司", region_code="320508")
    near = account(seller, "近处公司", region_code="320508")
    due = account(seller, "到期公司", next_contact_on=clock.today())
    account(seller, "远处公司", region_code="440305")
    account(rival, "别人的公司", next_contact_on=clock.today())
    plan(client, seller, planned)
    page = client.get("/visits/pack/").content.decode()
    assert page.index("到期公司") < page.index("近处公司")
    assert "远处公司" not in page and "别人的公司" not in page
    for one in (near, due):
        assert client.post("/visits/pack/", {"account": one.pk}).status_code == 302
    assert Visit.objects.filter(owner=seller, day=clock.today()).count() == 3
    assert client.post("/visits/pack/", {"account": near.pk}).status_code == 409  # once a day


@pytest.mark.req("CARD-02")
def test_a_visit_begins_only_after_the_card_was_opened(client: Client, seller: User, leader: User) -> None:
    (visit,) = plan(client, seller, account(seller, "甲公司"))
    page = client.get("/visits/pack/").content.decode()
    assert "Read the card first" in page and f"/visits/{visit.pk}/do/start/" not in page
    assert (do(client, visit, "start"), state(visit)) == (422, "planned")
    client.force_login(leader)
    client.get(f"/customers/{visit.account_id}/")  # somebody else reading it is no receipt
    sightings.flush()
    client.force_login(seller)
    assert do(client, visit, "start", again=1) == 422
    client.get(f"/customers/{visit.account_id}/")
    sightings.flush()
    assert f"/visits/{visit.pk}/do/start/" in client.get("/visits/pack/").content.decode()
    assert (do(client, visit, "start", again=2), state(visit)) == (302, "started")


@pytest.mark.req("CARD-02")
def test_a_card_read_the_evening_before_counts_and_one_read_days_before_does_not(client: Client, seller: User) -> None:
    tomorrow, later = account(seller, "明天的公司"), account(seller, "后天的公司")
    (soon,), (far,) = plan(client, seller, tomorrow, days=1), plan(client, seller, later, days=2)
    for card in (tomorrow, later):
        client.get(f"/customers/{card.pk}/")
    sightings.flush()
    read = {visit.pk: visit.read_at is not None for visit in Visit.objects.all()}
    assert read == {soon.pk: True, far.pk: False}
    for visit, status in ((soon, 302), (far, 422)):
        with clock.shifted(clock.now() + timedelta(days=(visit.day - clock.today()).days)):
            client.force_login(seller)
            assert do(client, visit, "start") == status


@pytest.mark.req("CARD-04")
def test_a_visit_counts_once_its_result_is_written(
    client: Client, seller: User, leader: User, east: Department
) -> None:
    (visit,) = plan(client, seller, account(seller, "甲公司"))
    client.get(f"/customers/{visit.account_id}/")
    sightings.flush()
    soon = (clock.today() + timedelta(days=10)).isoformat()
    assert do(client, visit, "hand_back", outcome="reached", next_contact_on=soon) == 422  # not begun
    do(client, visit, "start")
    for missing in ({**BACK, "need": " "}, {**BACK, "approach": " "}):
        assert write(client, visit, **missing, next_contact_on=soon) == 422
    assert write(client, visit, **BACK) == 422
    client.force_login(leader)
    assert write(client, visit, **BACK, next_contact_on=soon) == 403
    assert "甲公司" in client.get("/visits/?view=open").content.decode()
    client.force_login(seller)
    assert (write(client, visit, **BACK, next_contact_on=soon), state(visit)) == (302, "done")
    card = Account.objects.get()
    assert (card.last_contact_on, card.next_contact_on.isoformat()) == (clock.today(), soon)
    client.force_login(leader)
    assert f"/visits/{visit.pk}/" not in client.get("/visits/?view=open").content.decode()


@pytest.mark.req("CARD-04")
def test_cards_that_do_not_come_back_are_asked_for(
    client: Client, seller: User, leader: User, east: Department
) -> None:
    east.head = leader
    saved(east)
    (visit,) = plan(client, seller, account(seller, "甲公司"))
    client.get(f"/customers/{visit.account_id}/")
    sightings.flush()
    do(client, visit, "start")
    for days, notices in ((0, 0), (1, 1)):
        with clock.shifted(clock.now() + timedelta(days=days)):
            jobs.task("custody.visits").enqueue()
            jobs.work_off()
        told = [Notice.objects.filter(user=one, icon="clipboard-check").count() for one in (seller, leader)]
        assert told == [notices, notices], days


@pytest.mark.req("CARD-03")
def test_a_head_plans_for_people_and_nobody_else_does(
    client: Client, seller: User, rival: User, leader: User, east: Department
) -> None:
    east.head = leader
    saved(east)
    card = account(seller, "甲公司")
    day = clock.today().isoformat()
    client.force_login(leader)
    here = f"/customers/{card.pk}/do/plan_visit/"
    assert client.post(here, {"on": day, "visitor": seller.pk, "key": "1"}).status_code == 302
    assert (
        client.post(here, {"on": day, "visitor": rival.pk, "key": "2"}).status_code == 422
    )  # out of the rival's reach
    assert Visit.objects.get().owner == seller
    client.force_login(seller)
    assert client.post(here, {"on": day, "visitor": rival.pk, "key": "3"}).status_code in (403, 422)
    assert do(client, Visit.objects.get(), "drop", reason="客户出差") == 302
