"""Teams with queues of their own, and supervision that sees all units and changes none, over HTTP (ORG-02, ORG-06, ORG-12)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, Contact, Need
from guanxi.deals.models import Lead
from guanxi.interactions.models import Interaction, ReturnVisit, ServiceRequest, Visit
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.org.models import Department, Team, User
from guanxi.sales.models import Order, Receipt

pytestmark = pytest.mark.django_db


def account(owner: User, name: str) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name))


def request(card: Account, owner: User | None, number: str, **values: Any) -> ServiceRequest:
    given = {"account": card, "owner": owner, "number": number, "problem": f"{number}漏油"}
    return saved(ServiceRequest(company=card.company, due_at=clock.now() + timedelta(days=2), **given, **values))


@pytest.mark.req("ORG-02")
def test_each_team_finds_its_own_work_in_its_queue_and_not_that_of_the_others(
    client: Client, owner: User, seller: User, rival: User, hire: Hire, headquarters: Department
) -> None:
    expert = hire("expert", "technology", headquarters, name="韩技")
    teams = [
        saved(Team(company=owner.company, name=name, duty=name, department=headquarters))
        for name in ("销售团队", "客户服务团队", "技术支持团队")
    ]
    for team, member in zip(teams, (seller, rival, expert), strict=True):
        team.members.set([member])
    card = account(seller, "东部泵业")
    request(card, rival, "FW-服务", department=rival.department)
    request(card, expert, "FW-技术", department=headquarters)
    client.force_login(owner)
    shown = []
    for team in teams:
        page = client.get(f"/teams/{team.pk}/").content.decode()
        links = re.findall(r'href="(/(?:customers|service-requests)/\?[^"]*where=[^"]+)"', page)
        lists = "".join(client.get(html.unescape(link)).content.decode() for link in links)
        shown.append(
            [words in lists for words in ("FW-服务", "FW-技术")] + [any("/customers/" in one for one in links)]
        )
    assert shown == [[False, False, True], [True, False, False], [False, True, False]]


@pytest.mark.req("ORG-06")
def test_supervision_looks_into_the_work_of_every_unit_and_may_change_nothing_of_it(
    client: Client, seller: User, stranger: User, hire: Hire, headquarters: Department
) -> None:
    inspector = hire("inspector", "supervision", headquarters)
    today, rows = clock.today(), []
    for person in (seller, stranger):
        card = account(person, f"{person.name}的客户")
        given = {"company": person.company, "account": card, "owner": person, "department": person.department}
        rows += [
            card,
            saved(Contact(company=person.company, account=card, name="李工")),
            saved(Need(company=person.company, account=card, text="要说明书")),
            saved(Order(**given, number=f"DD-{person.pk}", ordered_on=today)),
            saved(Receipt(**given, number=f"SK-{person.pk}", amount=100, received_on=today)),
            saved(Visit(**given, day=today)),
            saved(ReturnVisit(**given, due_on=today)),
            saved(Interaction(**given, channel="phone", content="问到货")),
            request(card, person, f"FW-{person.pk}", department=person.department),
            saved(
                Lead(company=person.company, owner=person, department=person.department, name=f"{person.name}的线索")
            ),
        ]
    client.force_login(inspector)
    for row in rows:
        declared = entity(type(row))
        here = f"/{declared.slug}/{row.pk}/"
        assert client.get(here).status_code == 200, here
        version = {"version": row.version, "key": str(row.pk)}
        assert client.post(f"{here}edit/", version).status_code == 403, here
        assert client.post(f"{here}delete/", version).status_code == 403, here
        assert client.get(f"/{declared.slug}/new/").status_code == 403, declared.slug
        assert type(row).objects.filter(pk=row.pk, version=row.version).exists(), here
    for checked in ("/compliance/", "/duties/?view=all", "/inspections/", "/findings/", "/clauses/", "/visit-plans/"):
        assert client.get(checked).status_code == 200, checked


@pytest.mark.req("ORG-12")
def test_what_one_department_does_with_a_customer_the_others_read_on_the_same_page_at_once(
    client: Client, seller: User, east: Department, hire: Hire, headquarters: Department
) -> None:
    card = account(seller, "东部泵业")
    finance, service = (
        hire("money", "finance", headquarters, name="王财"),
        hire("care", "call-centre", headquarters, name="方听"),
    )
    keeper = hire("keeper", "branch-accountant", east, name="钱多")
    client.force_login(seller)
    said = {"channel": "phone", "content": "客户要求提前交货", "key": "1"}
    assert client.post(f"/customers/{card.pk}/do/log_contact/", said).status_code == 302
    client.force_login(service)
    asked = {"account": card.pk, "problem": "轴承异响", "severity": "high", "key": "2"}
    assert client.post("/service-requests/new/", asked).status_code == 302
    client.force_login(keeper)
    paid = {"account": card.pk, "amount": "4321", "received_on": clock.today().isoformat(), "key": "3"}
    assert client.post("/receipts/new/", paid).status_code == 302
    for person in (seller, service, keeper, finance):
        client.force_login(person)
        here = f"/customers/{card.pk}/"
        page = client.get(here).content.decode()
        page += "".join(client.get(f"{here}tab/{name}/").content.decode() for name in ("receipts", "requests"))
        assert [words for words in ("客户要求提前交货", "轴承异响", "4,321") if words not in page] == [], person
    assert Account.objects.filter(company=seller.company).count() == 1
