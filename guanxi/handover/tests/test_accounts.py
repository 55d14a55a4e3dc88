"""Accounts follow personnel changes: requested in time, approved, carried out, ended; shared ones show."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.approvals.models import Approval, Vote
from guanxi.conftest import saved
from guanxi.handover.models import AccountRequest, AccountRules, PersonnelChange, SharingSign
from guanxi.handover.services.sharing import look_at
from guanxi.kernel import clock, jobs
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, FormNumber, Notice, SignIn, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]
CHANGES, REQUESTS = "/personnel-changes/", "/account-requests/"
MONDAY = date(2026, 6, 29)


def at(day: date, hour: int = 4) -> Any:
    """Everything inside happens on this day; 4 in UTC is noon here."""
    return clock.shifted(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def run_days() -> None:
    jobs.task("handover.days").enqueue()
    jobs.work_off()


def agree(act: Any, *people: User) -> None:
    for person in people:
        approval = Approval.objects.latest("id")
        assert act(person, f"/approvals/{approval.pk}/", "agree").status_code == 302


@pytest.mark.req("ACCT-01", "ACCT-04", "FORM-03", "FORM-06")
def test_a_newcomer_gets_an_account_by_post_after_both_have_agreed(
    client: Client, fill: Any, act: Any, clerk: User, leader: User, marketing: User, east: Department
) -> None:
    sent = {
        "kind": "entry",
        "day": "2026-06-29",
        "name": "新人",
        "username": "newcomer",
        "post": "业务代表",
        "to_department": east.pk,
    }
    assert fill(clerk, CHANGES, **sent).status_code == 302
    change = PersonnelChange.objects.get()
    assert act(clerk, f"{CHANGES}{change.pk}/", "request_for", reason="补缺").status_code == 302
    form = AccountRequest.objects.get()
    assert (form.kind, form.roles, form.state, form.change) == ("open", ["业务代表"], "pending", change)
    assert [v.person for v in Vote.objects.all()] == [leader, marketing]
    assert not User.objects.filter(username="newcomer").exists()
    agree(act, leader)
    assert not User.objects.filter(username="newcomer").exists()
    agree(act, marketing)
    person = User.objects.get(username="newcomer")
    assert (person.is_active, person.department, [r.code for r in person.roles.all()]) == (
        False,
        east,
        ["representative"],
    )
    assert "新人" in Notice.objects.filter(user=marketing).latest("id").text
    page = client.get(f"{REQUESTS}{form.pk}/").content.decode()
    assert reverse("initial-password", args=[person.pk]) in page
    shown = client.post(reverse("initial-password", args=[person.pk]), {"key": "open"}).content.decode()
    assert 'id="initial"' in shown
    jobs.work_off()
    form.refresh_from_db()
    change.refresh_from_db()
    person.refresh_from_db()
    assert (form.state, change.state, person.is_active) == ("done", "done", True)
    printed = client.get(f"{REQUESTS}{form.pk}/print/").content.decode()
    said = ("信息系统用户管理及权限变更审批表", "ZH-01", form.number, "补缺", "周屿")
    assert [part for part in said if part not in printed] == []
    saved(FormNumber(company=leader.company, key="account_request", code="ZH-01", title="账号审批表", form_version="2.0",
                     valid_from=clock.today() + timedelta(days=9)))  # fmt: skip
    assert (
        "1.0" in client.get(f"{REQUESTS}{form.pk}/print/").content.decode()
    )  # the version of the day it was filled in


@pytest.mark.req("ACCT-03")
def test_a_request_is_due_on_the_next_working_day_and_the_head_learns_of_a_missing_one(
    fill: Any, act: Any, clerk: User, leader: User, seller: User
) -> None:
    friday = date(2026, 6, 26)
    with at(friday):
        assert fill(clerk, CHANGES, kind="leaving", day=str(friday), person=seller.pk).status_code == 302
        jobs.work_off()
    change = PersonnelChange.objects.get()
    assert (change.due_on, change.state) == (MONDAY, "open")
    for day, late in ((MONDAY, False), (MONDAY + timedelta(days=1), True)):
        with at(day):
            run_days()
        change.refresh_from_db()
        assert change.late is late, day
    told = Notice.objects.filter(user=leader, icon="alert-triangle")
    assert told.count() == 1 and "林知远" in told.get().text
    with at(MONDAY + timedelta(days=1)):
        run_days()  # once, not every quarter of an hour
        assert told.count() == 1
        assert act(clerk, f"{CHANGES}{change.pk}/", "request_for", reason="补交").status_code == 302
    change.refresh_from_db()
    assert (change.state, change.late, change.filed_on) == ("filed", True, MONDAY + timedelta(days=1))


@pytest.mark.req("ACCT-03")
def test_the_block_administrator_learns_of_a_change_the_moment_it_is_entered_and_until_when_to_ask(
    client: Client, fill: Any, act: Any, clerk: User, leader: User, seller: User
) -> None:
    friday = date(2026, 6, 26)
    with at(friday):
        sent = {"kind": "leaving", "day": str(friday), "person": seller.pk}
        assert fill(leader, CHANGES, **sent).status_code == 302
        jobs.work_off()
        change = PersonnelChange.objects.get()
        notice = Notice.objects.get(user=clerk, url=f"{CHANGES}{change.pk}/")
        assert "林知远" in notice.text and str(MONDAY) in notice.text
        client.force_login(clerk)
        assert "林知远" in client.get(CHANGES).content.decode()
        assert act(clerk, f"{CHANGES}{change.pk}/", "request_for", reason="离职").status_code == 302
    with at(MONDAY + timedelta(days=1)):
        run_days()
    change.refresh_from_db()
    assert (change.late, change.filed_on) == (False, friday)
    assert not Notice.objects.filter(icon="alert-triangle").exists(), "asked in time: nobody is reminded"


@pytest.mark.req("ACCT-01")
def test_access_ends_with_the_day_of_leaving_even_if_nobody_acts(
    client: Client, fill: Any, clerk: User, seller: User
) -> None:
    fill(clerk, CHANGES, kind="leaving", day=str(MONDAY), person=seller.pk)
    browser = Client()
    browser.force_login(seller)
    with at(MONDAY, 15):
        run_days()
    assert browser.get("/").status_code == 200
    with at(MONDAY, 17):  # one o'clock in the night here
        run_days()
    assert browser.get("/")["Location"].startswith("/accounts/login/")
    seller.refresh_from_db()
    change = PersonnelChange.objects.get()
    assert (seller.is_active, change.access_ended_at is not None, change.state) == (False, True, "open")
    assert Notice.objects.filter(user=clerk, icon="lock").count() == 1


def test_the_company_may_leave_closing_to_people(fill: Any, clerk: User, seller: User) -> None:
    rules = AccountRules.objects.get()
    rules.close_on_leaving = False
    saved(rules)
    fill(clerk, CHANGES, kind="leaving", day=str(MONDAY), person=seller.pk)
    with at(MONDAY + timedelta(days=3)):
        run_days()
    seller.refresh_from_db()
    assert seller.is_active


@pytest.mark.req("ACCT-01", "ACCT-04")
def test_a_change_of_post_brings_the_rights_of_the_new_one(
    fill: Any, act: Any, clerk: User, leader: User, marketing: User, seller: User, west: Department
) -> None:
    sent = {"kind": "move", "day": str(MONDAY), "person": seller.pk, "post": "店长", "to_department": west.pk}
    with at(MONDAY - timedelta(days=3)):
        assert fill(clerk, CHANGES, **sent).status_code == 302
        change = PersonnelChange.objects.get()
        act(clerk, f"{CHANGES}{change.pk}/", "request_for", reason="晋升", roles=["店长"])
        agree(act, leader, marketing)
        seller.refresh_from_db()
        assert seller.department_id != west.pk  # not before its day
    with at(MONDAY):
        run_days()
    seller.refresh_from_db()
    assert (seller.department, seller.title, [r.code for r in seller.roles.all()]) == (west, "店长", ["store-manager"])
    assert AccountRequest.objects.get().state == PersonnelChange.objects.get().state == "done"


@pytest.mark.req("ACCT-01")
def test_old_rights_end_where_nobody_asks_for_new_ones(fill: Any, clerk: User, seller: User, west: Department) -> None:
    fill(clerk, CHANGES, kind="move", day=str(MONDAY), person=seller.pk, to_department=west.pk)
    for day, roles in ((MONDAY + timedelta(days=1), 1), (MONDAY + timedelta(days=2), 0)):
        with at(day):
            run_days()
        assert seller.roles.count() == roles, day


@pytest.mark.req("ACCT-04")
def test_nothing_happens_after_a_no_and_the_duty_is_open_again(
    fill: Any, act: Any, clerk: User, leader: User, seller: User
) -> None:
    fill(clerk, CHANGES, kind="leaving", day=str(clock.today()), person=seller.pk)
    change = PersonnelChange.objects.get()
    act(clerk, f"{CHANGES}{change.pk}/", "request_for", reason="离职")
    approval = Approval.objects.get()
    assert act(leader, f"/approvals/{approval.pk}/", "refuse", opinion="留任").status_code == 302
    change.refresh_from_db()
    seller.refresh_from_db()
    assert (AccountRequest.objects.get().state, change.state, seller.is_active) == ("refused", "open", True)


def test_nobody_asks_for_more_power_or_for_people_out_of_reach(
    fill: Any, clerk: User, stranger: User, owner: User, seller: User, hire: Any, east: Department
) -> None:
    head = hire("head", "owner", east, name="东区总")
    for person in (stranger, head):
        answer = fill(clerk, CHANGES, kind="leaving", day=str(MONDAY), person=person.pk)
        assert answer.status_code in (403, 409, 422), person
    ask = {"kind": "change", "person": seller.pk, "day": str(MONDAY), "reason": "x", "roles": ["公司负责人"]}
    assert fill(clerk, REQUESTS, **ask).status_code in (403, 422)
    assert not PersonnelChange.objects.exists() and not AccountRequest.objects.exists()


def test_nobody_decides_on_their_own_account(fill: Any, act: Any, clerk: User, leader: User, marketing: User) -> None:
    asked = {"kind": "change", "person": leader.pk, "day": str(clock.today()), "reason": "加权", "roles": ["店长"]}
    assert fill(clerk, REQUESTS, **asked).status_code == 302
    assert act(clerk, f"{REQUESTS}{AccountRequest.objects.get().pk}/", "submit").status_code == 302
    agree(act, leader)
    approval = Approval.objects.get()
    refused = act(marketing, f"/approvals/{approval.pk}/", "agree")
    assert refused.status_code == 422
    approval.refresh_from_db()
    assert approval.state == "pending"


def use(person: User, when: datetime, ip: str, agent: str = "Firefox") -> None:
    values = {"username": person.username, "at": when, "ok": True, "ip": ip, "agent": agent, "method": "password"}
    saved(SignIn(company=person.company, user=person, **values))


@pytest.mark.req("ACCT-02")
def test_signs_of_a_shared_account_are_listed_with_evidence(
    client: Client, act: Any, seller: User, rival: User, leader: User, hire: Any
) -> None:
    day = MONDAY
    noon = datetime(2026, 6, 29, 4, tzinfo=UTC)
    use(seller, noon, "10.1.0.5")
    use(seller, noon + timedelta(minutes=10), "61.20.3.4", "Chrome")
    use(rival, noon, "10.1.0.6")  # a desk and a telephone: nothing special
    use(rival, noon + timedelta(minutes=5), "117.1.1.1", "Mozilla iPhone")
    use(rival, noon + timedelta(hours=5), "10.1.0.7")
    use(leader, noon - timedelta(hours=10), "10.1.0.8")  # two in the morning
    for n in range(5):
        use(leader, noon - timedelta(days=n), "10.1.0.8", f"Browser {n}")
    for _again in range(2):
        unit_of_work(lambda: look_at(seller.company, day))
    found = sorted((sign.person.username, sign.kind) for sign in SharingSign.objects.all())
    assert found == [("leader", "devices"), ("leader", "night"), ("seller", "networks")]
    auditor, admin = hire("auditor", "audit-administrator"), hire("admin", "system-administrator")
    client.force_login(auditor)
    page = client.get("/sharing-signs/").content.decode()
    assert "林知远" in page and "61.20.3.4" in page and "陈书意" not in page
    client.force_login(seller)
    assert client.get("/sharing-signs/").status_code == 403
    sign = SharingSign.objects.get(kind="networks")
    assert act(auditor, f"/sharing-signs/{sign.pk}/", "explain", note="x").status_code == 403
    assert act(admin, f"/sharing-signs/{sign.pk}/", "explain", note="").status_code == 422
    assert act(admin, f"/sharing-signs/{sign.pk}/", "explain", note="出差，远程桌面").status_code == 302
    sign.refresh_from_db()
    assert (sign.state, sign.reviewed_by) == ("explained", admin)


@pytest.mark.req("ACCT-02")
def test_two_open_sessions_in_two_networks_are_a_sign_and_thresholds_are_data(seller: User) -> None:
    from allauth.usersessions.models import UserSession

    noon = datetime(2026, 6, 29, 4, tzinfo=UTC)
    for n, ip in enumerate(("10.1.0.5", "61.20.3.4")):
        session = UserSession.objects.create(user=seller, ip=ip, user_agent="Firefox", session_key=f"k{n}")
        UserSession.objects.filter(pk=session.pk).update(
            created_at=noon - timedelta(hours=n), last_seen_at=noon + timedelta(hours=2)
        )
    rules = AccountRules.objects.get()
    rules.networks = 3
    saved(rules)
    unit_of_work(lambda: look_at(seller.company, MONDAY))
    assert not SharingSign.objects.exists()
    rules.networks = 2
    saved(rules)
    unit_of_work(lambda: look_at(seller.company, MONDAY))
    assert SharingSign.objects.get().evidence.count("·") == 4
