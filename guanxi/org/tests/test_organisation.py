"""Departments, teams and account requests over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.org.models import Department, Team, Training, User
from guanxi.org.presets import AREAS

pytestmark = pytest.mark.django_db
Hire = Callable[..., User]
DUTIES = ["strategy", "needs", "satisfaction", "complaints", "training", "analysis"]


@pytest.fixture
def relations(headquarters: Department) -> Department:
    return saved(Department(company=headquarters.company, name="客户关系管理部", code="crm", parent=headquarters))


@pytest.mark.req("ORG-01")
def test_each_duty_of_the_customer_relations_department_opens_its_work_area(
    client: Client, owner: User, relations: Department, hire: Hire
) -> None:
    from guanxi.desk.queries.glance import area_pages

    client.force_login(owner)
    url = f"/departments/{relations.pk}/do/assign_duties/"
    assert client.post(url, {"duties": DUTIES, "version": relations.version}).status_code == 302
    relations.refresh_from_db()
    assert relations.duties == DUTIES
    specialist = hire("specialist", "relations-specialist", relations)
    client.force_login(specialist)
    home = client.get("/").content.decode()
    assert [str(AREAS[duty]) for duty in DUTIES if str(area_pages()[duty][0]) not in home] == []
    assert {duty: client.get(area_pages()[duty][2]).status_code for duty in DUTIES} == dict.fromkeys(DUTIES, 200)
    assert client.get("/organisation/").status_code == 200
    assert client.get(url).status_code == 403


@pytest.mark.req("ORG-02")
def test_three_teams_have_their_own_queues_and_duties(
    client: Client, owner: User, seller: User, rival: User, relations: Department
) -> None:
    sales, service, support = (
        saved(Team(company=owner.company, name=name, duty=duty, department=relations))
        for name, duty in (("销售团队", "拓展客户"), ("客户服务团队", "受理投诉"), ("技术支持团队", "售后质量"))
    )
    client.force_login(owner)
    for team, member in ((sales, seller), (service, rival)):
        assert (
            client.post(
                f"/teams/{team.pk}/do/set_members/", {"members": [str(member.pk)], "version": team.version}
            ).status_code
            == 302
        )
    saved(Account(company=owner.company, owner=seller, department=seller.department, name="销售的客户"))
    pages = [client.get(f"/teams/{team.pk}/").content.decode() for team in (sales, service, support)]
    assert [duty in page for duty, page in zip(("拓展客户", "受理投诉", "售后质量"), pages, strict=True)] == [True] * 3
    queues = [re.findall(r'href="(/customers/\?[^"]*where=[^"]+)"', page) for page in pages]
    assert [len(queue) for queue in queues] == [1, 0, 0]
    assert "销售的客户" in client.get(queues[0][0].replace("&amp;", "&")).content.decode()
    client.force_login(seller)
    assert client.get(f"/teams/{sales.pk}/do/set_members/").status_code == 403


@pytest.mark.req("ORG-10")
def test_moving_a_department_moves_everything_below_it_and_the_scopes_with_it(
    client: Client, owner: User, hire: Hire, headquarters: Department, east: Department, west: Department
) -> None:
    counter = saved(Department(company=owner.company, name="柜台", code="counter", parent=east))
    till = saved(Department(company=owner.company, name="收银", code="till", parent=counter))
    chief = hire("chief", "store-manager", west)
    cashier = hire("cashier", "representative", till)
    saved(Account(company=owner.company, owner=cashier, department=till, name="柜台客户"))
    assert Account.objects.visible_to(chief).count() == 0
    client.force_login(owner)
    assert (
        client.post(f"/departments/{counter.pk}/do/move/", {"to": west.pk, "version": counter.version}).status_code
        == 302
    )
    till.refresh_from_db()
    assert till.path == f"{west.path}{counter.pk}/{till.pk}/"
    assert Account.objects.visible_to(User.objects.get(pk=chief.pk)).count() == 1


@pytest.mark.req("ORG-10")
def test_the_edit_form_moves_the_tree_too_and_refuses_a_circle(
    client: Client, owner: User, headquarters: Department, east: Department, west: Department
) -> None:
    counter = saved(Department(company=owner.company, name="柜台", code="counter", parent=east))
    client.force_login(owner)
    circle = client.post(f"/departments/{east.pk}/do/move/", {"to": counter.pk, "version": east.version})
    assert circle.status_code == 422
    form = {
        "name": east.name,
        "code": east.code,
        "kind": east.kind,
        "parent": counter.pk,
        "head": "",
        "version": east.version,
    }
    assert client.post(f"/departments/{east.pk}/edit/", form).status_code in (409, 422)
    assert client.post(f"/departments/{east.pk}/edit/", {**form, "parent": west.pk}).status_code == 302
    counter.refresh_from_db()
    assert counter.path == f"{west.path}{east.pk}/{counter.pk}/"


@pytest.mark.req("ORG-10")
def test_the_tree_shows_heads_and_people_and_a_head_is_appointed(
    client: Client, owner: User, leader: User, seller: User, east: Department
) -> None:
    client.force_login(owner)
    assert (
        client.post(f"/departments/{east.pk}/do/appoint/", {"head": leader.pk, "version": east.version}).status_code
        == 302
    )
    east.refresh_from_db()
    assert east.head_id == leader.pk
    page = client.get("/organisation/").content.decode()
    assert ("华东一店" in page, "周屿" in page) == (True, True)
    assert "林知远" in client.get(f"/departments/{east.pk}/").content.decode()
    client.force_login(seller)
    assert client.get("/organisation/").status_code == 200
    assert client.get(f"/departments/{east.pk}/do/move/").status_code == 403


@pytest.mark.req("ORG-11")
def test_a_block_administrator_requests_accounts_and_marketing_opens_them(
    client: Client, hire: Hire, east: Department, west: Department, headquarters: Department
) -> None:
    block, marketing = hire("block", "block-administrator", east), hire("market", "marketing", headquarters)
    client.force_login(block)
    made = client.post(
        "/people/new/",
        {"name": "新同事", "username": "newcomer", "department": east.pk, "title": "", "phone": "", "email": ""},
    )
    assert made.status_code == 302
    person = User.objects.get(username="newcomer")
    assert (person.is_active, person.has_usable_password(), list(person.roles.all())) == (False, False, [])
    assert client.get(f"/people/{person.pk}/password/").status_code == 403
    assert client.get(f"/people/{hire('far', 'representative', west).pk}/").status_code == 404
    client.force_login(marketing)
    assert "新同事" in client.get("/people/?view=requests").content.decode()
    page = client.get(f"/people/{person.pk}/password/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    answer = client.post(f"/people/{person.pk}/password/", {"key": key.group(1), "roles": ["representative"]})
    shown = re.search(r"<b>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</b>", answer.content.decode())
    assert shown is not None
    person.refresh_from_db()
    assert (person.is_active, person.must_change_password, person.check_password(shown.group(1))) == (True, True, True)
    assert [role.code for role in person.roles.all()] == ["representative"]
    again = client.post(f"/people/{person.pk}/password/", {"key": key.group(1), "roles": ["representative"]})
    assert shown.group(1) not in again.content.decode()


@pytest.mark.req("ORG-11", "SEC-05")
def test_marketing_hands_out_no_powerful_role_and_touches_no_administrator(
    client: Client, hire: Hire, owner: User, seller: User, headquarters: Department
) -> None:
    client.force_login(hire("market", "marketing", headquarters))
    assert (
        client.post(f"/people/{seller.pk}/do/set_roles/", {"roles": ["owner"], "version": seller.version}).status_code
        == 422
    )
    assert client.post(f"/people/{owner.pk}/do/freeze/", {"reason": "x", "version": owner.version}).status_code == 422
    owner.refresh_from_db()
    assert owner.is_active is True


@pytest.mark.req("ORG-01")
def test_training_is_planned_and_found(client: Client, owner: User) -> None:
    client.force_login(owner)
    data = {
        "topic": "投诉处理",
        "kind": "complaints",
        "held_on": "2026-12-01",
        "hours": "2",
        "trainer": owner.pk,
        "audience": "客服",
        "owner": owner.pk,
        "department": "",
        "content": "",
        "outcome": "",
    }
    assert client.post("/trainings/new/", data).status_code == 302
    assert Training.objects.get().topic == "投诉处理"
    where = json.dumps({"all": [{"f": "kind", "op": "is", "v": "complaints"}]})
    assert "投诉处理" in client.get("/trainings/", {"where": where, "view": "all"}).content.decode()
