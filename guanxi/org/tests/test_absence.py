"""Leave and travel: the deputy has what the absent person has, from the first day to the last, and not a day longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.org.models import Absence, Department, Notice, User
from guanxi.org.queries import heads_above
from guanxi.org.services import send_away

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def customer(seller: User) -> Account:
    return saved(Account(company=seller.company, owner=seller, department=seller.department, name="云岭精密"))


@pytest.mark.req("INFO-18")
def test_the_deputy_sees_and_edits_the_customers_while_the_owner_is_away(
    client: Client, seller: User, rival: User, customer: Account
) -> None:
    client.force_login(seller)
    sent = {"kind": "leave", "starts_on": FIRST, "ends_on": LAST, "deputy": rival.pk, "key": "k"}
    assert client.post("/absences/new/", sent).status_code in (204, 302)
    client.force_login(rival)
    page = f"/customers/{customer.pk}/"
    seen = {}
    for day in (FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)):
        with clock.shifted(noon(day)):
            seen[day] = client.get(page).status_code
            if seen[day] == 200:
                verbs.change(entity(Account), customer.pk, {"remark": f"{day}"}, actor=rival)
    assert list(seen.values()) == [404, 200, 200, 404]
    customer.refresh_from_db()
    assert (customer.owner, customer.remark) == (seller, str(LAST))


@pytest.mark.req("INFO-18")
def test_the_deputy_learns_for_whom_and_when_and_of_other_days(
    client: Client, seller: User, rival: User, leader: User, east: Department
) -> None:
    def told(person: User) -> list[bool]:
        rows = Notice.objects.filter(user=person, icon="plane-departure", url=f"/people/{seller.pk}/").order_by("pk")
        return [seller.name in row.text and str(last) in row.text for row, last in zip(rows, days, strict=False)]

    days = [LAST, LAST + timedelta(days=3), LAST + timedelta(days=3)]
    sent = {"kind": "leave", "starts_on": FIRST, "ends_on": LAST, "deputy": rival.pk, "key": "k"}
    with clock.shifted(noon(FIRST - timedelta(days=9))):
        client.force_login(seller)
        assert client.post("/absences/new/", sent).status_code in (204, 302)
        row = Absence.objects.get()
        assert (told(rival), Notice.objects.filter(user=seller).exists()) == ([True], False)
        for more in ({"remark": "探亲"}, {"ends_on": days[1]}):
            row.refresh_from_db()
            given = {**sent, **more, "version": row.version, "key": str(more)}
            assert client.post(f"/absences/{row.pk}/edit/", given).status_code == 302
        assert told(rival) == [True, True], "a remark changes nothing for the deputy"
        east.head = leader
        saved(east)
        client.force_login(leader)
        given = {"starts_on": FIRST, "ends_on": days[1], "deputy": leader.pk, "key": "ill"}
        assert client.post(f"/people/{rival.pk}/do/send_away/", given).status_code == 302
        assert not Notice.objects.filter(user=leader).exists(), "who puts it down knows"
        given = {**given, "deputy": seller.pk, "key": "ill2"}
        assert client.post(f"/people/{rival.pk}/do/send_away/", given).status_code == 302
        assert Notice.objects.filter(user=seller, url=f"/people/{rival.pk}/").count() == 1


def test_nobody_makes_himself_the_deputy_of_somebody_else(
    client: Client, seller: User, rival: User, customer: Account
) -> None:
    client.force_login(rival)
    sent = {"owner": seller.pk, "kind": "leave", "starts_on": FIRST, "ends_on": LAST, "deputy": rival.pk, "key": "k"}
    client.post("/absences/new/", sent)
    assert not Absence.objects.filter(owner=seller).exists()
    with pytest.raises(Forbidden):
        send_away(seller, actor=rival, starts_on=FIRST, ends_on=LAST, deputy=rival)
    answer = client.post(f"/people/{seller.pk}/do/send_away/", {**sent, "key": "k2"})
    assert answer.status_code == 403
    with clock.shifted(noon(FIRST)):
        assert client.get(f"/customers/{customer.pk}/").status_code == 404


def test_the_head_of_the_department_files_it_for_a_person_who_fell_ill(
    seller: User, rival: User, leader: User, east: Department
) -> None:
    east.head = leader
    saved(east)
    seller.refresh_from_db()
    assert heads_above(User.objects.get(pk=seller.pk)) == [leader]
    row = send_away(seller, actor=leader, starts_on=FIRST, ends_on=LAST, deputy=rival)
    assert (row.owner, row.deputy, row.kind) == (seller, rival, "leave")
    with pytest.raises(Invalid):
        send_away(seller, actor=leader, starts_on=LAST, ends_on=FIRST, deputy=rival)
    with pytest.raises(Forbidden):
        verbs.change(entity(Absence), row.pk, {"deputy": leader}, actor=rival)
