"""Leads: who gets them by which rule, the pool, recycling, and what the check for duplicates says."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from guanxi.conftest import signed_in
from guanxi.customers.models import Account
from guanxi.deals.models import AssignmentRule, InvalidReason, Lead, LeadNote, LeadRecycleRule, LeadStay, LeadTenure
from guanxi.deals.services import leads as services
from guanxi.deals.services.recycling import recycle
from guanxi.deals.tests.conftest import Make, at, do, said
from guanxi.kernel import clock, jobs, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.org.holdings import Passing, all_holds
from guanxi.org.models import Department, Notice, Role, User
from guanxi.pool.models import Pool, ReturnReason

PHONE = "13812345678"


def rule(company: Company, name: str, people: list[User], **values: Any) -> AssignmentRule:
    def body() -> AssignmentRule:
        row = AssignmentRule(company=company, name=name, **values)
        row.save()
        row.people.set(people)
        return row

    return work.unit_of_work(body)


@pytest.mark.req("SALE-01", "FUP-02")
def test_a_lead_is_entered_followed_up_and_closed_on_its_page(lists: Company, seller: User) -> None:
    client = signed_in(seller)
    sent = {
        "kind": "company", "name": "绍兴新纺机械有限公司", "person": "罗经理", "mobile": PHONE, "need": "两台空压机",
        "importance": "1", "priority": "1", "owner": seller.pk,
    }  # fmt: skip
    assert client.post("/leads/new/", sent).status_code == 302
    lead = Lead.objects.get()
    assert (lead.owner, lead.state, lead.way) == (seller, "open", "form")
    answer = do(seller, lead, "log_contact", channel="phone", content="约周五看样", next_contact_on="2026-06-19")
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert (lead.last_contact_on, lead.next_contact_on) == (date(2026, 6, 15), date(2026, 6, 19))
    assert "约周五看样" in said(client.get(f"/leads/{lead.pk}/"))
    assert do(seller, lead, "invalidate").status_code == 422, "the reason is needed"
    reason = InvalidReason.objects.get(name="无需求")
    assert do(seller, lead, "invalidate", reason=reason.pk).status_code == 302
    lead.refresh_from_db()
    assert (lead.state, lead.invalid_reason, lead.closed_at is not None) == ("invalid", reason, True)
    assert client.post(f"/leads/{lead.pk}/edit/", {**sent, "version": lead.version}).status_code == 409
    assert do(seller, lead, "reopen", reason="又来电话").status_code == 302


@pytest.mark.req("SALE-04")
def test_leads_that_come_in_without_owner_go_out_in_turn_and_leave_a_trace(
    lead: Make, lists: Company, owner: User, seller: User, rival: User, stranger: User
) -> None:
    rule(lists, "急的给许嘉禾", [stranger], position=1, where={"f": "importance", "op": "is", "v": "1"})
    made = rule(lists, "轮流", [seller, rival], position=2)
    got = [lead(owner, f"第{name}家机械有限公司").owner for name in "一二三"]
    assert got in ([seller, rival, seller], [rival, seller, rival])
    urgent = lead(owner, "大单重工集团", importance="1")
    assert urgent.owner == stranger
    first = Lead.objects.get(name="第一家机械有限公司")
    trace = LeadTenure.objects.get(lead=first)
    assert (trace.holder, trace.rule, trace.until) == (first.owner, made, None)
    assert Notice.objects.filter(user=first.owner, text__contains="机械有限公司").exists()
    assert "轮流" in said(signed_in(first.owner).get(f"/leads/{first.pk}/"))
    own = lead(seller, "自己找的公司")
    assert (own.owner, LeadTenure.objects.get(lead=own).rule) == (seller, None), "a chosen owner stays"


@pytest.mark.req("SALE-04")
def test_a_rule_may_choose_whoever_has_the_fewest_open_leads(
    lead: Make, lists: Company, owner: User, seller: User, rival: User, roles: dict[str, Role], east: Department
) -> None:
    lead(seller, "手上一家公司")
    lead(seller, "手上两家公司")
    rule(lists, "最少的", [], method="load", role=roles["representative"], department=east)
    names = [lead(owner, f"新来{n}号公司").owner.name for n in "一二三"]
    assert names[:2] == [rival.name, rival.name]


@pytest.mark.req("SALE-04")
def test_the_rules_are_asked_again_on_demand(lead: Make, lists: Company, owner: User, seller: User) -> None:
    waiting = lead(owner)
    assert waiting.owner is None
    assert "没有适用" in said(do(owner, waiting, "assign_by_rules"))
    rule(lists, "都给林知远", [seller])
    assert do(owner, waiting, "assign_by_rules").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.owner, waiting.department) == (seller, seller.department)
    assert not LeadStay.objects.filter(lead=waiting).exists()


@pytest.mark.req("BEYOND-01", "SALE-04")
def test_the_pool_hides_how_to_reach_a_lead_until_somebody_claims_it(
    lead: Make, owner: User, seller: User, rival: User
) -> None:
    row = lead(owner, person="钱厂长", mobile=PHONE, email="qian@example.com", industry="C")
    client = signed_in(seller)
    page = said(client.get(f"/lead-pool/{at(row).pk}/"))
    assert "制造业" in page, "what the lead is about is open"
    page += said(client.get("/lead-pool/"))
    assert row.name in page
    assert not [secret for secret in (PHONE, "钱厂长", "qian@example.com") if secret in page]
    assert client.get(f"/leads/{row.pk}/").status_code == 404
    where = json.dumps({"f": "mobile", "op": "is", "v": PHONE})
    assert client.get("/api/lead-pool/", {"where": where}).status_code == 400
    answer = do(seller, at(row), "claim")
    assert (answer.status_code, answer["Location"]) == (302, f"/leads/{row.pk}/")
    assert "钱厂长" in said(client.get(f"/leads/{row.pk}/"))
    assert signed_in(rival).get(f"/leads/{row.pk}/").status_code == 404


@pytest.mark.req("BEYOND-01")
def test_of_many_who_claim_one_lead_exactly_one_gets_it(lead: Make, owner: User, seller: User, rival: User) -> None:
    row = lead(owner)
    seen = at(row)  # both have the page open

    def take(user: User) -> bool:
        return work.unit_of_work(
            lambda: Lead.objects.take(row.pk, {"owner": None, "state": "open"}, {"owner": user, "department": user.department})
        )  # fmt: skip

    assert [take(seller), take(rival)] == [True, False]
    with pytest.raises(Refused, match="林知远"):
        work.unit_of_work(lambda: services._give(seen, rival))
    row.refresh_from_db()
    assert row.owner == seller


@pytest.mark.req("BEYOND-03")
def test_limits_of_holdings_and_claims_and_the_cool_down_hold_for_leads(
    lead: Make, lists: Company, owner: User, seller: User, rival: User
) -> None:
    pool = Pool.objects.get(company=lists, content="leads")
    work.unit_of_work(lambda: Pool.objects.filter(pk=pool.pk).update_silently(holding_limit=2, claims_per_day=2))
    first, second, third = (lead(owner, f"线索{n}号有限公司") for n in "甲乙丙")
    assert do(seller, at(first), "claim").status_code == 302
    assert do(seller, at(second), "claim").status_code == 302
    refused = do(seller, at(third), "claim")
    assert refused.status_code == 422 and "明天" in said(refused)
    reason = ReturnReason.objects.get(company=lists, name="联系不上")
    assert do(seller, first, "release", reason=reason.pk).status_code == 302
    stay = at(first)
    assert (stay.reason, stay.former_owner) == ("联系不上", seller)
    refused = do(seller, stay, "claim")
    assert refused.status_code == 422 and "7" in said(refused)
    with clock.shifted(clock.now() + timedelta(days=8)):
        own = lead(seller, "自己的公司")
        held = do(seller, at(first), "claim")
        assert held.status_code == 422, f"holds {second.name} and {own.name} already"
        assert do(rival, at(first), "claim").status_code == 302


@pytest.mark.req("BEYOND-02")
def test_a_lead_nobody_follows_up_goes_back_after_a_warning(lead: Make, lists: Company, seller: User) -> None:
    work.unit_of_work(
        lambda: LeadRecycleRule.objects.filter(company=lists).update_silently(is_active=True, days=15, warn_days=3)
    )
    quiet, busy = lead(seller, "安静公司"), lead(seller, "联系过公司")
    start = clock.now()

    def night(days: int) -> None:
        with clock.shifted(start + timedelta(days=days)):
            job = recycle.enqueue()
            jobs.work_off()
        job.refresh_from_db()
        assert job.state == "done", job.message

    with clock.shifted(start + timedelta(days=10)):
        do(seller, busy, "log_contact", channel="phone", content="还在谈")
    night(12)
    quiet.refresh_from_db()
    assert (quiet.recycle_on, quiet.warned_on) == (date(2026, 6, 30), date(2026, 6, 27))
    assert Notice.objects.filter(user=seller, text__contains="安静公司").exists()
    night(14)
    assert Lead.objects.get(pk=quiet.pk).owner == seller
    night(15)
    quiet.refresh_from_db()
    busy.refresh_from_db()
    assert (quiet.owner, busy.owner) == (None, seller)
    assert at(quiet).former_owner == seller
    assert LeadTenure.objects.get(lead=quiet).ended == "recycled"


@pytest.mark.req("BEYOND-04")
def test_a_lead_is_checked_against_customers_contacts_and_leads_while_it_is_typed(
    lead: Make, seller: User, rival: User, stranger: User
) -> None:
    account: Account = verbs.add(entity(Account), {"name": "温州永固阀门有限公司"}, actor=seller)
    verbs.add(entity("customers.contact"), {"account": account, "name": "叶工", "mobile": PHONE}, actor=seller)
    lead(rival, "台州宏远模具有限公司")
    client = signed_in(stranger)
    found = said(client.post("/duplicates/look/leads/", {"name": "永固阀门（温州）", "kind": "company"}))
    assert seller.name in found and account.name not in found, "masked: it lies out of reach"
    assert seller.name in said(client.post("/duplicates/look/leads/", {"name": "别的", "mobile": PHONE}))
    other = said(client.post("/duplicates/look/leads/", {"name": "台州宏远模具", "kind": "company"}))
    assert "线索" in other and rival.name in other
    backwards = said(client.post("/duplicates/look/customers/", {"name": "台州宏远模具", "kind": "company"}))
    assert "线索" in backwards, "customers are checked against leads as well"
    assert client.post("/leads/new/", {"kind": "company", "name": "温州永固阀门有限公司"}).status_code == 409


@pytest.mark.req("SALE-01", "FUP-02")
def test_the_follow_up_of_a_lead_is_its_authors(lead: Make, seller: User, leader: User) -> None:
    row = lead(seller)
    do(seller, row, "log_contact", channel="phone", content="第一次电话")
    note = LeadNote.objects.get()
    sent = {"lead": row.pk, "channel": "phone", "content": "改写", "at": "2026-06-15T11:00", "version": note.version}
    assert signed_in(leader).post(f"/lead-notes/{note.pk}/edit/", sent).status_code in (403, 409)
    note.refresh_from_db()
    assert note.content == "第一次电话"


@pytest.mark.req("ACCT-03")
def test_a_leavers_leads_go_to_the_successor(lead: Make, seller: User, rival: User, owner: User) -> None:
    row, closed = lead(seller), lead(seller, "无效公司")
    do(seller, closed, "invalidate", reason=InvalidReason.objects.get(name="无需求").pk)
    hold = next(one for one in all_holds() if one.key == ("deals.lead", "owner"))
    assert [one.pk for one in hold.open(seller)] == [row.pk]
    passing = Passing(seller, rival, owner, "离职")
    work.unit_of_work(
        lambda: hold.give(Lead.objects.get(pk=row.pk), passing), verb="handover.handover.seal", reason=passing.reason
    )
    row.refresh_from_db()
    assert row.owner == rival
    assert [one.began for one in LeadTenure.objects.filter(lead=row).order_by("id")] == ["own", "handed"]
