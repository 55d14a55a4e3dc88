"""Who hears of account changes and handovers, what is refused on the way, and signs of sharing that are looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.handover.models import AccountRequest, Handover, Holding, SharingSign, Successor
from guanxi.handover.tests.course import begin, here, signed, state
from guanxi.handover.tests.test_accounts import CHANGES, MONDAY, REQUESTS, agree, at, run_days, use
from guanxi.handover.tests.world import load, work_off
from guanxi.kernel import clock, jobs
from guanxi.org.models import Absence, Department, Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]


def told(person: User, icon: str) -> list[str]:
    return list(Notice.objects.filter(user=person, icon=icon).order_by("pk").values_list("text", flat=True))


@pytest.mark.req("ACCT-01", "ACCT-03", "ACCT-04")
def test_an_account_closes_with_its_last_day_and_who_asked_and_the_head_hear_of_it(
    fill: Any, act: Any, clerk: User, leader: User, marketing: User, seller: User, rival: User
) -> None:
    with at(MONDAY - timedelta(days=3)):
        asked = {"kind": "close", "person": seller.pk, "day": str(MONDAY), "reason": "离职"}
        assert fill(clerk, REQUESTS, **asked).status_code == 302
        form = AccountRequest.objects.get()
        assert act(clerk, f"{REQUESTS}{form.pk}/", "submit").status_code == 302
        agree(act, leader, marketing)
        fill(clerk, CHANGES, kind="leaving", day=str(MONDAY), person=rival.pk)
    seen = {}
    for days in (0, 1):
        with at(MONDAY + timedelta(days=days)):
            run_days()
        active = set(User.objects.filter(pk__in=[seller.pk, rival.pk], is_active=True))
        done = AccountRequest.objects.get().state
        seen[days] = (
            active,
            done,
            told(clerk, "circle-check") != [],
            [rival.name in text for text in told(leader, "lock")],
        )
    assert seen == {0: ({seller, rival}, "agreed", False, []), 1: (set(), "done", True, [True])}


@pytest.mark.req("ACCT-04")
def test_what_was_submitted_stays_as_it_was_written(
    client: Any, fill: Any, act: Any, clerk: User, seller: User
) -> None:
    asked = {"kind": "change", "person": seller.pk, "day": str(MONDAY), "reason": "调岗", "roles": ["业务代表"]}
    assert fill(clerk, REQUESTS, **asked).status_code == 302
    form = AccountRequest.objects.get()
    page = f"{REQUESTS}{form.pk}/"
    assert (
        client.post(f"{page}edit/", {**asked, "reason": "晋升", "version": form.version, "key": "1"}).status_code == 302
    )
    assert act(clerk, page, "submit").status_code == 302
    form.refresh_from_db()
    late = client.post(f"{page}edit/", {**asked, "roles": ["店长"], "version": form.version, "key": "2"})
    assert late.status_code == 403
    assert client.post(f"{page}delete/", {"version": form.version, "key": "3"}).status_code == 403
    form.refresh_from_db()
    assert (form.reason, form.roles, form.state, form.deleted_at) == ("晋升", ["业务代表"], "pending", None)


@pytest.mark.req("ACCT-01", "ACCT-02")
def test_no_second_account_is_opened_and_none_without_rights_or_under_a_taken_name(
    fill: Any, act: Any, clerk: User, leader: User, marketing: User, seller: User, outsider: User, east: Department
) -> None:
    new = {"kind": "open", "day": str(clock.today()), "reason": "补缺", "to_department": east.pk}
    again = fill(clerk, REQUESTS, **new, username=seller.username, name="另一人", roles=["业务代表"])
    assert (again.status_code, AccountRequest.objects.exists()) == (409, False), "one person, one account"
    fill(clerk, REQUESTS, **new, username="guard", name="门卫", post="门卫")
    page = f"{REQUESTS}{AccountRequest.objects.get().pk}/"
    assert act(clerk, page, "submit").status_code == 422, "the post brings no roles"
    AccountRequest.objects.all().delete()
    fill(clerk, REQUESTS, **new, username=outsider.username, name="新人", post="业务代表")
    form = AccountRequest.objects.get()
    assert act(clerk, f"{REQUESTS}{form.pk}/", "submit").status_code == 302
    agree(act, leader)
    refused = act(marketing, f"/approvals/{Approval.objects.get().pk}/", "agree")
    assert (refused.status_code, outsider.username in refused.content.decode()) == (422, True)


@pytest.mark.req("ACCT-02")
def test_signs_of_yesterday_are_found_at_night_stay_as_found_and_are_judged_by_somebody_else(
    client: Any, act: Any, seller: User, hire: Any
) -> None:
    admin, other = hire("admin", "system-administrator"), hire("admin2", "system-administrator")
    noon = datetime(2026, 6, 29, 4, tzinfo=UTC)
    for person in (seller, admin):
        use(person, noon, "10.1.0.5")
        use(person, noon + timedelta(minutes=10), "61.20.3.4", "Chrome")
    found = {}
    for days in (0, 1, 2):
        with at(MONDAY + timedelta(days=days)):
            jobs.task("handover.sharing").enqueue()
            jobs.work_off()
        found[days] = sorted(SharingSign.objects.values_list("person__username", flat=True))
    assert found == {0: [], 1: ["admin", "seller"], 2: ["admin", "seller"]}
    own, sign = (SharingSign.objects.get(person=person) for person in (admin, seller))
    assert act(admin, f"/sharing-signs/{own.pk}/", "explain", note="出差").status_code == 422
    assert act(admin, f"/sharing-signs/{sign.pk}/", "confirm", note="与同事共用，已谈话并更换密码").status_code == 302
    sign.refresh_from_db()
    assert (sign.state, sign.note, sign.reviewed_by) == ("confirmed", "与同事共用，已谈话并更换密码", admin)
    client.force_login(other)
    assert client.post(
        f"/sharing-signs/{own.pk}/edit/", {"evidence": "", "version": own.version, "key": "e"}
    ).status_code in (403, 409)
    assert client.post(f"/sharing-signs/{own.pk}/delete/", {"version": own.version, "key": "d"}).status_code in (
        403,
        409,
    )
    own.refresh_from_db()
    assert ("61.20.3.4" in own.evidence, own.state, own.deleted_at) == (True, "open", None)


@pytest.mark.req("ACCT-05")
def test_each_side_is_asked_to_sign_and_told_how_it_goes_on(
    fill: Any, act: Any, leader: User, seller: User, rival: User, hire: Any, east: Department
) -> None:
    spare = hire("spare", "representative", east, name="备用")
    load(seller, 1)
    row = begin(fill, leader, seller, rival, spare)
    assert act(leader, here(row), "propose").status_code == 302
    assert [len(told(person, "transfer")) for person in (seller, rival, spare, leader)] == [1, 1, 0, 0]
    assert list(Successor.objects.values_list("person__username", flat=True)) == ["rival"], (
        "who gets nothing signs nothing"
    )
    assert act(rival, here(row), "sign").status_code == 302
    assert act(leader, here(row), "reopen").status_code == 302
    assert act(leader, here(row), "propose").status_code == 302
    assert act(seller, here(row), "sign").status_code == 302
    assert state(row) == "leaver", "the other side signs the new division once more"
    assert told(leader, "transfer") == []
    assert act(rival, here(row), "sign").status_code == 302
    assert [seller.name in text for text in told(leader, "transfer")] == [True]
    act(leader, here(row), "seal")
    assert work_off(row).state == "sealed"
    briefing = Notice.objects.get(user=rival, icon="rubber-stamp")
    assert (briefing.url, seller.name in briefing.text) == (f"{here(row)}briefing/", True)
    assert len(told(leader, "rubber-stamp")) == 1


@pytest.mark.req("ACCT-05")
def test_nothing_goes_to_a_successor_who_is_gone_and_who_sealed_hears_of_it(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 1)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    rival.is_active = False
    saved(rival)
    assert act(leader, here(row), "seal").status_code == 302
    row = work_off(row)
    assert (row.state, row.problem != "", [row.problem in text for text in told(leader, "alert-triangle")]) == (
        "signed",
        True,
        [True],
    )
    stuck = Holding.objects.filter(handover=row).exclude(problem="")
    assert stuck.exists() and all(rival.name in one.problem for one in stuck)
    seller.refresh_from_db()
    assert seller.is_active, "nothing was sealed"


@pytest.mark.req("ACCT-05")
def test_what_ends_with_the_handover_is_given_to_nobody(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    day = clock.today() + timedelta(days=9)
    saved(
        Absence(
            company=seller.company, owner=seller, department=seller.department, starts_on=day, ends_on=day, deputy=rival
        )
    )
    begin(fill, leader, seller, rival)
    holding = Holding.objects.get(successor=None)
    assert act(leader, f"/holdings/{holding.pk}/", "give_to", to=rival.pk).status_code == 422
    holding.refresh_from_db()
    assert (holding.successor, Handover.objects.get().state) == (None, "draft")
