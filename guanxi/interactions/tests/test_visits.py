"""Visits over HTTP: the form, the next visit on the spot, failures, plans agreed before, competitors, receptions, routes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guanxi.approvals.models import Vote
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import (
    Competitor,
    CompetitorNote,
    ContactRules,
    Interaction,
    Reception,
    Visit,
    VisitPlan,
)
from guanxi.kernel import clock, jobs
from guanxi.org.models import Attachment, Department, Notice, User
from guanxi.org.papers import seed_forms
from guanxi.org.services import bump

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
FORM = {"outcome": "reached", "need": "下月扩产", "approach": "寄样品"}


def account(owner: User, name: str = "甲公司", **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def days(n: int) -> str:
    return (clock.today() + timedelta(days=n)).isoformat()


def begun(client: Client, person: User, card: Account) -> Visit:
    """A visit of today whose card has been read, on the way."""
    visit = Visit(
        company=person.company,
        owner=person,
        department=person.department,
        account=card,
        day=clock.today(),
        read_at=clock.now(),
    )
    saved(visit)
    client.force_login(person)
    assert (
        client.post(f"/visits/{visit.pk}/do/start/", {"position": "31.2, 120.6", "key": f"s{visit.pk}"}).status_code
        == 302
    )
    return visit


def write(client: Client, visit: Visit, **values: Any) -> Any:
    sent = {**FORM, "key": f"w{len(str(values))}{sorted(map(str, values))}", **values}
    return client.post(f"/visits/{visit.pk}/report/", sent)


@pytest.mark.req("FORM-02", "RV-11")
def test_the_visit_form_holds_what_its_sheet_asks_for(
    client: Client, seller: User, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    seed_forms(seller.company)
    card = account(seller)
    visit = begun(client, seller, card)
    page = client.get(f"/visits/{visit.pk}/report/").content.decode()
    names = ("need", "rival-strengths", "rival-differences", "improvement", "feedback", "approach", "understanding",
             "understood", "feelings", "avoided", "next_visit_on", "picture")  # fmt: skip
    assert [name for name in names if f'name="{name}"' not in page] == []
    more = {"improvement": "缩短交期", "feedback": "对售后满意", "understanding": "您要先小批试用", "understood": "confirmed",
            "feelings": "放心", "avoided": "价格", "next_visit_on": days(14)}  # fmt: skip
    pictures = [SimpleUploadedFile(f"{n}.png", PNG + bytes([n])) for n in (1, 2)]
    assert write(client, visit, **more, picture=pictures).status_code == 302
    visit.refresh_from_db()
    assert {name: getattr(visit, name) for name in more if name != "next_visit_on"} == {
        name: value for name, value in more.items() if name != "next_visit_on"
    }
    assert (visit.need, visit.approach, visit.position, visit.state) == ("下月扩产", "寄样品", "31.2, 120.6", "done")
    assert visit.read_at <= visit.started_at <= visit.done_at and visit.minutes == 1
    assert Attachment.objects.filter(object_id=visit.pk, label="interactions.visit").count() == 2
    sheet = client.get(f"/visits/{visit.pk}/print/").content.decode()
    assert all(words in sheet for words in ("LC 16.06.302.02", "下月扩产", "缩短交期", "对售后满意", "寄样品"))
    assert client.get(f"/visits/{visit.pk}/").content.decode().count("<img") == 2


@pytest.mark.req("FUP-01", "FUP-03")
def test_a_written_visit_is_a_dealing_with_its_time(client: Client, seller: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    card = account(seller)
    visit = begun(client, seller, card)
    assert write(client, visit, next_contact_on=days(7)).status_code == 302
    row = Interaction.objects.get()
    assert (row.label, row.object_id, row.kind, row.channel) == ("interactions.visit", visit.pk, "visit", "visit")
    assert (row.account, row.owner, row.minutes, str(row.next_contact_on)) == (card, seller, 1, days(7))
    assert (row.result, row.approach) == ("达到目的", "寄样品")
    assert "下次服务方式" in client.get(f"/interactions/{row.pk}/").content.decode()
    assert f"/visits/{visit.pk}/" in client.get(f"/interactions/{row.pk}/").content.decode()
    assert (
        client.post(f"/interactions/{row.pk}/edit/", {"version": row.version, "content": "x", "key": "c"}).status_code
        == 403
    )


@pytest.mark.req("SALE-16")
def test_the_next_visit_is_booked_on_the_spot(client: Client, seller: User) -> None:
    card = account(seller)
    visit = begun(client, seller, card)
    assert write(client, visit, next_visit_on=days(0)).status_code == 422
    assert write(client, visit, next_visit_on=days(14)).status_code == 302
    coming = Visit.objects.get(state="planned")
    assert (coming.account, coming.owner, str(coming.day), coming.purpose) == (card, seller, days(14), "寄样品")
    assert str(Account.objects.get().next_contact_on) == days(14)
    assert "甲公司" in client.get(f"/visits/pack/?day={days(14)}").content.decode()


@pytest.mark.req("LIFE-02")
def test_a_failed_visit_is_repeated_or_stopped_for_a_reason(client: Client, seller: User) -> None:
    first, second = account(seller), account(seller, "乙公司")
    visit = begun(client, seller, first)
    blank = {"outcome": "failed", "need": "", "approach": ""}
    assert write(client, visit, **blank).status_code == 422
    assert write(client, visit, **blank, next_contact_on=days(3)).status_code == 422  # a call is no visit
    assert write(client, visit, **blank, next_visit_on=days(3)).status_code == 302
    assert Visit.objects.filter(account=first, state="planned", day=clock.today() + timedelta(days=3)).count() == 1
    other = begun(client, seller, second)
    assert write(client, other, **blank, stop_reason="已停产").status_code == 302
    other.refresh_from_db()
    assert (other.state, other.outcome, other.stop_reason) == ("done", "failed", "已停产")
    assert not Visit.objects.filter(account=second, state="planned").exists()
    assert "乙公司" in client.get("/visits/?view=failed").content.decode()


@pytest.mark.req("FORM-02")
def test_the_visit_form_says_everything_that_is_missing_at_once(client: Client, seller: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    visit = begun(client, seller, account(seller))
    blank = {"outcome": "reached", "need": "", "approach": "", "feedback": "很满意", "next_contact_on": days(-2)}
    answer = write(client, visit, **blank)
    page = answer.content.decode()
    summary = page.split("err-sum")[1].split("</ul>")[0]
    assert answer.status_code == 422 and summary.count("<li>") == 3
    assert all(word in page for word in ("有 3 处需要修改", "很满意")), "nothing typed is lost"
    assert [name for name in ("need", "approach", "next_contact_on") if f'href="#id_{name}"' not in summary] == []
    visit.refresh_from_db()
    assert (visit.state, visit.feedback) == ("started", "")


@pytest.mark.req("MKTI-01")
def test_what_was_heard_of_a_competitor_is_found_under_its_name(client: Client, seller: User, leader: User) -> None:
    for name, strengths in (("甲公司", "报价低 3%"), ("乙公司", "交期快一周")):
        visit = begun(client, seller, account(seller, name))
        said = {"rival-name": "鼎岳", "rival-strengths": strengths, "rival-differences": "质保长一年"}
        assert write(client, visit, next_visit_on=days(5), **said, key=name).status_code == 302
    rival = Competitor.objects.get()
    assert (rival.name, CompetitorNote.objects.filter(competitor=rival).count()) == ("鼎岳", 2)
    client.force_login(leader)
    page = client.get(f"/competitors/{rival.pk}/tab/notes/").content.decode()
    assert all(words in page for words in ("报价低 3%", "交期快一周", "质保长一年", "甲公司"))
    note = CompetitorNote.objects.get(strengths="报价低 3%")
    head = client.get(f"/competitor-notes/{note.pk}/").content.decode()
    assert f"鼎岳 · 甲公司 · {note.on}" in head.split("</h1>")[0], "called by who, where and when"
    found = client.get("/competitor-notes/", {"q": "交期快"}).content.decode()
    assert "交期快一周" in found and "报价低 3%" not in found
    nameless = begun(client, seller, account(seller, "丙公司"))
    assert write(client, nameless, next_visit_on=days(5), **{"rival-strengths": "便宜"}).status_code == 422


def agree(client: Client, leader: User, state: str = "agree") -> None:
    vote = Vote.objects.get(person=leader, state="open")
    client.force_login(leader)
    here = f"/approvals/{vote.approval_id}/do/{state}/"
    assert client.post(here, {"opinion": "同意", "reason": "同意", "key": f"v{vote.pk}"}).status_code == 302


@pytest.mark.req("RV-06", "RV-10")
def test_visits_are_agreed_with_the_store_manager_beforehand(
    client: Client, seller: User, leader: User, east: Department
) -> None:
    east.head = leader
    saved(east)
    client.force_login(seller)
    sent = {
        "kind": "research",
        "starts_on": days(0),
        "ends_on": days(4),
        "area": "高新区",
        "number": 6,
        "focus": "新品试用",
        "key": "p",
    }
    assert client.post("/visit-plans/new/", sent).status_code == 302
    plan = VisitPlan.objects.get()
    assert client.post(f"/visit-plans/{plan.pk}/do/submit/", {"key": "q"}).status_code == 302
    assert VisitPlan.objects.get().state == "asked"
    asked = client.get(f"/visit-plans/{plan.pk}/edit/")
    assert asked.status_code == 200
    changed = {"version": VisitPlan.objects.get().version, "number": 60, "key": "r"}
    assert client.post(f"/visit-plans/{plan.pk}/edit/", changed).status_code == 409
    agree(client, leader)
    assert VisitPlan.objects.get().state == "agreed"
    card = account(seller)
    visit = begun(client, seller, card)
    visit.refresh_from_db()
    assert visit.plan == plan
    assert "新品试用" in client.get("/visits/pack/").content.decode()
    noted = {"version": VisitPlan.objects.get().version, "findings": "客户希望分期", "key": "s"}
    assert client.post(f"/visit-plans/{plan.pk}/edit/", noted).status_code == 302
    assert VisitPlan.objects.get().findings == "客户希望分期"


@pytest.mark.req("RV-06")
def test_a_plan_without_customers_is_not_put_before_the_head(
    client: Client, seller: User, leader: User, east: Department, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    east.head = leader
    saved(east)
    client.force_login(seller)
    sent = {"kind": "round", "starts_on": days(1), "ends_on": days(4), "number": 2, "focus": "旺季备货", "key": "p"}
    assert client.post("/visit-plans/new/", sent).status_code == 302
    here = f"/visit-plans/{VisitPlan.objects.get().pk}/"
    refused = client.post(f"{here}do/submit/", {"key": "q"})
    assert refused.status_code == 422 and "还没有列入客户" in refused.content.decode()
    plan = VisitPlan.objects.get()
    assert (plan.state, plan.focus) == ("draft", "旺季备货"), "nothing is lost"
    assert "还没有列入客户" in client.get(here).content.decode()
    card = account(seller)
    late = client.post(f"{here}do/put_in/", {"account": card.pk, "on": days(9), "key": "a"})
    assert late.status_code == 422 and "不在计划日期内" in late.content.decode()
    assert client.post(f"{here}do/put_in/", {"account": card.pk, "on": days(2), "key": "b"}).status_code == 302
    page = client.get(here).content.decode()
    assert "甲公司" in page and f'href="{here}do/submit/"' in page
    assert client.post(f"{here}do/submit/", {"key": "c"}).status_code == 302
    client.force_login(leader)
    vote = Vote.objects.get(person=leader, state="open")
    assert "甲公司" in client.get(f"/approvals/{vote.approval_id}/").content.decode()
    agree(client, leader)
    assert Visit.objects.get().plan == plan


@pytest.mark.req("RV-06")
def test_a_company_may_refuse_visits_that_nobody_agreed_to(client: Client, seller: User) -> None:
    visit = begun(client, seller, account(seller))
    assert "甲公司" in client.get("/visits/?view=unagreed").content.decode()  # shown at least
    saved(ContactRules(company=seller.company, plan_required=True))
    bump(seller.company_id)
    other = Visit(
        company=seller.company, owner=seller, department=seller.department, day=clock.today(), read_at=clock.now()
    )
    other.account = account(seller, "乙公司")
    saved(other)
    assert client.post(f"/visits/{other.pk}/do/start/", {"key": "n"}).status_code == 422
    assert Visit.objects.get(pk=visit.pk).plan is None


@pytest.mark.req("CARD-03")
def test_the_day_goes_by_area(client: Client, seller: User) -> None:
    places = (("丙公司", "440305", "海一路"), ("乙公司", "320508", "山二路"), ("甲公司", "320508", "山一路"))
    for name, region, address in places:
        card = account(seller, name, region_code=region, address=address)
        saved(
            Visit(company=seller.company, owner=seller, department=seller.department, account=card, day=clock.today())
        )
    client.force_login(seller)
    page = client.get("/visits/pack/").content.decode()
    assert page.index("甲公司") < page.index("乙公司") < page.index("丙公司")


@pytest.mark.req("EVT-02")
def test_receptions_have_a_plan_hosts_and_a_log(client: Client, seller: User, rival: User) -> None:
    card = account(seller)
    client.force_login(seller)
    sent = {"account": card.pk, "title": "总经理来访", "day": days(0), "guests": "王总等三人", "hosts": "沈总、周店长",
            "programme": "九点参观车间", "key": "r"}  # fmt: skip
    assert client.post("/receptions/new/", sent).status_code == 302
    row = Reception.objects.get()
    assert (row.owner, row.hosts, row.programme) == (seller, "沈总、周店长", "九点参观车间")
    here = f"/receptions/{row.pk}/do/write_log/"
    assert client.post(here, {"log": " ", "result": "签意向", "key": "a"}).status_code == 422
    assert client.post(here, {"log": "参观两小时", "result": "签意向", "key": "b"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.log, row.result) == ("held", "参观两小时", "签意向")
    assert Interaction.objects.filter(channel="meeting", content="参观两小时", account=card).count() == 1
    client.force_login(rival)
    assert client.get(f"/receptions/{row.pk}/").status_code == 404


@pytest.fixture
def mid_march() -> Iterator[None]:
    """Five days ahead are of the same month."""
    with clock.shifted(timezone.make_aware(datetime(2026, 3, 11, 9))):
        yield


@pytest.mark.usefixtures("mid_march")
@pytest.mark.req("CARD-05", "CLASS-06")
def test_a_leader_sees_routes_and_on_whom_the_time_goes(client: Client, seller: User, leader: User) -> None:
    near = account(seller, region_code="320508", grade="A", next_contact_on=clock.today())
    account(seller, "远处公司", region_code="440305")
    visit = begun(client, seller, near)
    assert write(client, visit, next_visit_on=days(5)).status_code == 302
    client.force_login(seller)
    assert client.get("/visit-routes/").status_code == 403
    client.force_login(leader)
    page = client.get("/visit-routes/")
    legs = {item["leg"].region: item["leg"] for item in page.context["legs"]}
    assert [(leg.customers, leg.untouched, leg.visits) for leg in (legs["320508"], legs["440305"])] == [
        (1, 0, 1),
        (1, 1, 0),
    ]
    assert [(row["grade"], row["share"]) for row in page.context["shares"]] == [("A", 100)]
    assert seller.name in page.content.decode()
    leg = next(item for item in page.context["legs"] if item["leg"].region == "440305")
    for url, opened in (
        (leg["customers"], "远处公司"),
        (leg["untouched"], "远处公司"),
        (page.context["legs"][0]["due"], near.name),
    ):
        assert html.escape(url) in page.content.decode() and opened in client.get(url).content.decode()
    near_leg = next(item for item in page.context["legs"] if item["leg"].region == "320508")
    assert f"/visits/{visit.pk}/" in client.get(near_leg["visits"]).content.decode()
    spent = client.get(page.context["shares"][0]["url"]).content.decode()
    assert [f"/interactions/{row.pk}/" in spent for row in Interaction.objects.filter(minutes__isnull=False)] == [True]


@pytest.mark.req("FORM-02")
def test_a_visit_that_is_only_planned_shows_its_purpose_and_no_empty_form(client: Client, seller: User) -> None:
    near = account(seller, region_code="320508")
    visit = saved(Visit(company=near.company, owner=seller, department=near.department, account=near, day=clock.today(),
                        purpose="了解扩产计划"))  # fmt: skip
    client.force_login(seller)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert ("了解扩产计划" in page, "Need and feedback" in page, "Time stamps" in page) == (True, False, False)
    visit.state, visit.started_at = Visit.State.STARTED, clock.now()
    saved(visit)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert ("Need and feedback" in page, "Time stamps" in page) == (False, True)
    form = client.get(f"/visits/{visit.pk}/report/").content.decode()
    assert "Needed: what the customer needs" in form, "what must be written is said before anybody is refused"
    assert write(client, visit, next_visit_on=days(5)).status_code == 302
    assert "Need and feedback" in client.get(f"/visits/{visit.pk}/").content.decode()


@pytest.mark.req("RV-06")
def test_planned_visits_carry_the_agreed_plan_whichever_came_first(
    client: Client, seller: User, leader: User, east: Department
) -> None:
    east.head = leader
    saved(east)

    def book(name: str, day: int) -> None:
        client.force_login(seller)
        here = f"/customers/{account(seller, name).pk}/do/plan_visit/"
        assert client.post(here, {"on": days(day), "key": name}).status_code == 302

    book("甲公司", 1), book("乙公司", 9)
    sent = {"kind": "round", "starts_on": days(0), "ends_on": days(4), "number": 2, "focus": "新品试用", "key": "p"}
    assert client.post("/visit-plans/new/", sent).status_code == 302
    plan = VisitPlan.objects.get()
    assert client.post(f"/visit-plans/{plan.pk}/do/submit/", {"key": "q"}).status_code == 302
    assert not Visit.objects.exclude(plan=None).exists()
    agree(client, leader)
    book("丙公司", 2), book("丁公司", 5)
    assert {visit.account.name: visit.plan for visit in Visit.objects.all()} == {
        "甲公司": plan, "乙公司": None, "丙公司": plan, "丁公司": None,
    }  # fmt: skip


@pytest.mark.req("CARD-05", "RV-06")
def test_a_route_that_was_left_out_becomes_a_plan_for_who_drives_there(
    client: Client, seller: User, rival: User, leader: User
) -> None:
    account(seller, region_code="320508", next_contact_on=clock.today())
    client.force_login(leader)
    page = client.get("/visit-routes/").content.decode()
    there = html.unescape(re.findall(r'href="(/visit-plans/new/\?[^"]+)"', page)[0])
    form = client.get(there).content.decode()
    assert 'name="number" value="1"' in form and seller.name in form and "320508" in form
    given = {"starts_on": days(0), "ends_on": days(4), "number": "1", "focus": "未联系的客户", "kind": "round"}
    assert client.post("/visit-plans/new/", {**given, "owner": seller.pk, "key": "a"}).status_code == 302
    plan = VisitPlan.objects.get()
    assert (plan.owner, plan.department, plan.state) == (seller, seller.department, "draft")
    jobs.work_off()
    assert Notice.objects.filter(user=seller, url=f"/visit-plans/{plan.pk}/").count() == 1
    changed = {"version": plan.version, "number": "3", "owner": seller.pk, "key": "b"}
    assert client.post(f"/visit-plans/{plan.pk}/edit/", changed).status_code == 302  # still a draft of the leader's
    client.force_login(rival)
    assert client.get(f"/visit-plans/{plan.pk}/").status_code == 404
    client.force_login(seller)
    assert client.post(f"/visit-plans/{plan.pk}/do/submit/", {"key": "c"}).status_code in (302, 422)
    client.get("/visit-plans/new/")
    assert client.post("/visit-plans/new/", {**given, "owner": rival.pk, "key": "d"}).status_code in (302, 422)
    assert not VisitPlan.objects.filter(owner=rival).exists()  # only who leads says whose a plan is
