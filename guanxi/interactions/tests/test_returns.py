"""Return visits over HTTP: who is due, the form by class, and the service request a problem opens (RV, LIFE-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact, TierPolicy
from guanxi.interactions.models import ContactRules, Interaction, ReturnVisit, ServiceRequest
from guanxi.kernel import clock, events, jobs
from guanxi.org.models import User
from guanxi.org.services import bump

pytestmark = pytest.mark.django_db
ANSWERS = {"usage": "运行正常", "satisfaction": 4, "way": "phone"}


def account(owner: User, name: str = "甲公司", **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def days(n: int) -> str:
    return (clock.today() + timedelta(days=n)).isoformat()


def rules(person: User, **values: Any) -> None:
    given = {"annual_month": 0, "gap_days": 0, **values}
    saved(ContactRules(company=person.company, **given))
    bump(person.company_id)


def ask_back(client: Client, card: Account, reason: str = "periodic") -> ReturnVisit:
    sent = {"reason": reason, "due_on": days(3), "way": "", "key": f"{card.pk}{reason}"}
    assert client.post(f"/customers/{card.pk}/do/plan_return/", sent).status_code == 302
    return ReturnVisit.objects.get(account=card, reason=reason, state="open")


def write(client: Client, row: ReturnVisit, **values: Any) -> int:
    sent = {"usage": "", "satisfaction": "", "needs": "", "opinion": "", "issue": "", **values}
    return client.post(
        f"/return-visits/{row.pk}/report/", {**sent, "key": str(sorted(map(str, sent.items())))}
    ).status_code


def morning() -> dict[str, list[str]]:
    """The names of those asked back, by reason, after the job of the morning."""
    jobs.task("interactions.returns").enqueue()
    jobs.work_off()
    found: dict[str, list[str]] = {}
    for reason, name in ReturnVisit.objects.order_by("account__name").values_list("reason", "account__name"):
        found.setdefault(reason, []).append(name)
    return found


@pytest.mark.req("RV-05", "LIFE-03")
def test_who_bought_is_asked_back_within_a_week(seller: User) -> None:
    rules(seller)
    account(seller, last_order_on=clock.today() - timedelta(days=2))
    account(seller, "乙公司", last_order_on=clock.today() - timedelta(days=30))
    account(seller, "丙公司")
    assert morning() == {"purchase": ["甲公司"]}
    row = ReturnVisit.objects.get()
    assert (row.owner, str(row.due_on), row.way) == (seller, days(5), "phone")
    assert morning() == {"purchase": ["甲公司"]}  # once


@pytest.mark.req("RV-01", "RV-09")
def test_high_value_customers_are_due_as_their_class_asks(client: Client, seller: User) -> None:
    rules(seller)
    saved(TierPolicy(company=seller.company, grade="A", name="A", contact_days=30, published_at=clock.now()))
    bump(seller.company_id)
    account(seller, grade="A")
    account(seller, "乙公司", grade="C")
    assert morning() == {"periodic": ["甲公司"]}
    assert ReturnVisit.objects.get().way == "site"
    client.force_login(seller)
    assert write(client, ReturnVisit.objects.get(), **ANSWERS, needs="无", opinion="好") == 302
    assert morning() == {"periodic": ["甲公司"]}
    with clock.shifted(clock.now() + timedelta(days=45)):
        assert morning() == {"periodic": ["甲公司", "甲公司"]}


@pytest.mark.req("RV-04")
def test_the_annual_round_comes_once_a_year_and_campaigns_come_from_the_list(client: Client, seller: User) -> None:
    rules(seller, annual_month=clock.today().month)
    bought = account(seller, stage="repeat")
    other = account(seller, "乙公司")
    assert morning() == {"annual": ["甲公司"]}
    assert morning() == {"annual": ["甲公司"]}
    client.force_login(seller)
    sent = {
        "selection": f"id={bought.pk}&id={other.pk}",
        "reason": "periodic",
        "due_on": days(20),
        "way": "mail",
        "key": "c",
    }
    assert client.post("/customers/bulk/plan_return/", sent).status_code == 302
    assert ReturnVisit.objects.filter(reason="periodic", way="mail", owner=seller).count() == 2


@pytest.mark.req("RV-03")
def test_thin_files_and_new_purchasers_are_called_soon(client: Client, seller: User) -> None:
    rules(seller, gap_days=5)
    card = account(seller, is_key=True)
    assert (Account.objects.get().completeness < 60, morning()) == (True, {"data": ["甲公司"]})
    first, second = (saved(Contact(company=seller.company, account=card, name=name)) for name in ("王工", "李工"))
    client.force_login(seller)
    for contact in (first, second):
        assert client.post(f"/contacts/{contact.pk}/do/name_purchaser/", {"key": f"p{contact.pk}"}).status_code == 302
    events.deliver_pending()
    assert ReturnVisit.objects.filter(reason="contact", account=card).count() == 1


@pytest.mark.req("RV-07")
def test_way_and_questions_follow_the_class(client: Client, seller: User) -> None:
    key, plain = account(seller, grade="A"), account(seller, "乙公司", grade="C")
    client.force_login(seller)
    one, other = ask_back(client, key), ask_back(client, plain)
    assert (one.way, other.way) == ("site", "phone")
    assert write(client, one, **ANSWERS) == 422  # a key customer is asked everything
    assert write(client, other, **{**ANSWERS, "satisfaction": ""}) == 422
    assert write(client, other, **{**ANSWERS, "satisfaction": 9}) == 422
    assert write(client, other, **ANSWERS) == 302
    assert write(client, one, **{**ANSWERS, "way": "site"}, needs="加一台", opinion="交期要快") == 302
    one.refresh_from_db()
    assert (one.state, one.needs, one.opinion, one.satisfaction, one.done_at is not None) == (
        "done",
        "加一台",
        "交期要快",
        4,
        True,
    )
    assert set(Interaction.objects.values_list("kind", "channel")) == {("return", "visit"), ("return", "phone")}
    assert (
        client.post(f"/return-visits/{one.pk}/edit/", {"version": one.version, "usage": "x", "key": "z"}).status_code
        == 403
    )


@pytest.mark.req("RV-08")
def test_a_problem_found_opens_a_service_request_in_the_same_step(client: Client, seller: User, leader: User) -> None:
    card = account(seller)
    client.force_login(seller)
    row = ask_back(client, card)
    assert write(client, row, **ANSWERS, issue="轴承异响", severity="high", solver=leader.pk) == 302
    request = ServiceRequest.objects.get()
    row.refresh_from_db()
    assert (row.request, request.problem, request.severity, request.owner, request.state) == (
        request,
        "轴承异响",
        "high",
        leader,
        "open",
    )
    assert request.number.startswith("FW-") and request.due_at > clock.now()
    client.force_login(leader)
    assert "轴承异响" in client.get("/").content.decode()


@pytest.mark.req("RV-02")
def test_a_solved_request_is_followed_by_asking_back(client: Client, seller: User) -> None:
    card = account(seller)
    client.force_login(seller)
    sent = {"account": card.pk, "problem": "漏水", "severity": "normal", "key": "n"}
    assert client.post("/service-requests/new/", sent).status_code == 302
    request = ServiceRequest.objects.get()
    here = f"/service-requests/{request.pk}/do/solve/"
    assert client.post(here, {"solution": " ", "key": "a"}).status_code == 422
    assert client.post(here, {"solution": "换密封圈", "key": "b"}).status_code == 302
    row = ReturnVisit.objects.get()
    assert (row.reason, row.occasion, row.owner, str(row.due_on)) == ("solved", request.number, seller, days(2))


@pytest.mark.req("LIFE-04")
def test_due_return_visits_stand_on_the_start_page_and_on_the_customer(client: Client, seller: User) -> None:
    card = account(seller)
    client.force_login(seller)
    row = ask_back(client, card)
    for url in ("/", f"/customers/{card.pk}/"):
        assert "/return-visits/" in client.get(url).content.decode(), url
    assert (
        client.post(f"/return-visits/{row.pk}/do/drop_return/", {"reason": "客户搬迁", "key": "d"}).status_code == 302
    )
    assert f"/return-visits/{row.pk}/" not in client.get(f"/customers/{card.pk}/").content.decode()


@pytest.mark.req("RV-07")
def test_the_form_names_the_way_of_the_class_and_the_page_tells_who_asked_and_when(
    client: Client, seller: User, leader: User, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    for card, way in ((account(seller), "电话"), (account(seller, "乙公司", is_key=True), "上门")):
        client.force_login(seller)
        asked = client.get(f"/customers/{card.pk}/do/plan_return/").content.decode()
        assert f'<option value="{"site" if way == "上门" else "phone"}" selected' in asked
        row = ask_back(client, card)
        page = client.get(f"/return-visits/{row.pk}/report/").content.decode()
        assert f"该客户分类规定的回访方式：{way}。" in page
    with clock.shifted(clock.now() + timedelta(days=9)):
        late = client.get(f"/return-visits/{row.pk}/").content.decode()
        assert "due-over" in late, "overdue as long as nobody has asked"
        client.force_login(leader)
        more = {"usage": "正常", "satisfaction": 4, "way": "site", "needs": "无", "opinion": "无"}
        assert write(client, row, **more) == 302
        row.refresh_from_db()
        assert (row.done_by, row.owner) == (leader, seller)
        said = client.get(f"/return-visits/{row.pk}/").content.decode()
        assert "实际回访人" in said and str(leader) in said
        assert str(row.due_on) in said and "due-over" not in said, "the day it was due on, no longer as overdue"
        listed = client.get("/return-visits/?view=all").content.decode()
        assert listed.count("逾期 6 天") == 1 and str(row.due_on) in listed, "only the one nobody has asked yet"


@pytest.mark.req("RV-08")
def test_overdue_service_requests_are_marked_until_they_are_solved(client: Client, seller: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    card = account(seller)
    row = saved(
        ServiceRequest(
            company=seller.company, account=card, owner=seller, department=seller.department, number="FW-1",
            problem="漏油", due_at=clock.now() - timedelta(days=4),
        )
    )  # fmt: skip
    client.force_login(seller)
    assert "逾期 4 天" in client.get("/service-requests/").content.decode()
    assert "逾期 4 天" in client.get(f"/service-requests/{row.pk}/").content.decode()
    assert "漏油" in client.get("/service-requests/?view=late").content.decode()
    assert client.post(f"/service-requests/{row.pk}/do/solve/", {"solution": "换密封", "key": "k"}).status_code == 302
    assert "逾期" not in client.get("/service-requests/?view=all").content.decode().split("<tbody")[1]
    assert "due-over" not in client.get(f"/service-requests/{row.pk}/").content.decode()
    assert "漏油" not in client.get("/service-requests/?view=late").content.decode()


@pytest.mark.req("RV-07")
def test_before_a_return_visit_its_page_says_what_to_ask_and_afterwards_what_was_said(
    client: Client, seller: User
) -> None:
    client.force_login(seller)
    row = ask_back(client, account(seller, "丙公司", grade="C"))
    page = client.get(f"/return-visits/{row.pk}/").content.decode()
    assert "To ask: Use of the products、Satisfaction (1 to 5)、Open issue" in page
    assert '<h2 class="card-title">Answers' not in page
    assert "do/finish" not in page, "nobody is sent to a dialog that refuses: the form asks first"
    key = ask_back(client, account(seller, "甲公司", grade="A"))
    assert (
        "Changed needs、Opinion and suggestions、Open issue" in client.get(f"/return-visits/{key.pk}/").content.decode()
    )
    assert write(client, row, **ANSWERS) == 302
    page = client.get(f"/return-visits/{row.pk}/").content.decode()
    assert "Answers" in page and "运行正常" in page and "To ask" not in page
