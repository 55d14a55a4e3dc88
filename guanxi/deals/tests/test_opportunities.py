"""Opportunities: stages in order with evidence and trace, the board, won and lost, lines, follow-ups, the successor."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guanxi.catalog.models import Product
from guanxi.conftest import saved, signed_in
from guanxi.customers.models import Account, Contact
from guanxi.deals.models import LossReason, Opportunity, Pipeline, StageMove
from guanxi.deals.queries import changes, forecast
from guanxi.deals.tests.conftest import Make, do, said, stage
from guanxi.interactions.models import Interaction
from guanxi.kernel import clock, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.holdings import Passing, all_holds
from guanxi.org.models import Role, User
from guanxi.pool.models import ReturnReason


def steps(row: Opportunity) -> list[tuple[str, str, str]]:
    found = StageMove.objects.filter(opportunity=row).order_by("id")
    return [(one.kind, str(one.before or ""), str(one.after or "")) for one in found]


def talked(user: User, row: Opportunity) -> None:
    assert do(user, row, "log_contact", channel="phone", content="谈了参数").status_code == 302


def to_the_end(user: User, row: Opportunity) -> Opportunity:
    """Through all stages, with the evidence each asks for."""
    person: Any = verbs.add(entity(Contact), {"account": row.account, "name": "周总"}, actor=user)
    talked(user, row)
    values = {
        "contact": person, "amount": Decimal(80000), "expected_on": date(2026, 7, 31), "next_step": "签合同",
    }  # fmt: skip
    verbs.change(entity(Opportunity), row.pk, values, actor=user)
    for _n in range(3):
        answer = do(user, row, "advance")
        assert answer.status_code == 302, said(answer)
    row.refresh_from_db()
    return row


@pytest.mark.req("SALE-02")
def test_an_opportunity_is_entered_with_amount_and_begins_in_the_first_stage(customer: Account, seller: User) -> None:
    client = signed_in(seller)
    sent = {
        "account": customer.pk, "name": "三期泵站", "amount": "120000", "currency": "CNY", "expected_on": "2026-08-31",
        "forecast": "best", "importance": "1", "priority": "1", "begun_on": "2026-06-10", "owner": seller.pk,
    }  # fmt: skip
    answer = client.post("/opportunities/new/", sent)
    assert answer.status_code == 302, said(answer)
    row = Opportunity.objects.get()
    assert (row.number[:3], row.stage.name, row.amount, row.probability) == ("SJ-", "初步接触", Decimal(120000), 10)
    assert (row.stalled_on, row.weighted) == (date(2026, 6, 24), Decimal(12000))
    assert steps(row) == [("begun", "", "初步接触")]
    page = said(client.get(f"/opportunities/{row.pk}/"))
    assert "本阶段进入后的跟进" in page, "what the stage asks for stands on the page"
    assert "三期泵站" in said(client.get(f"/customers/{customer.pk}/"))


@pytest.mark.req("SALE-03")
def test_a_stage_is_left_only_with_its_evidence_and_none_is_skipped(deal: Make, seller: User) -> None:
    row = deal()
    refused = do(seller, row, "advance")
    assert refused.status_code == 422
    assert "需求确认" in said(refused) and "本阶段进入后的跟进" in said(refused)
    skipped = signed_in(seller).post("/opportunities/move/", {"id": row.pk, "to": stage(row, "商务谈判").pk})
    assert skipped.status_code == 409 and "需求确认" in said(skipped)
    assert do(seller, row, "win").status_code == 422
    talked(seller, row)
    assert do(seller, row, "advance").status_code == 302
    row.refresh_from_db()
    assert (row.stage.name, row.probability, row.entered_on) == ("需求确认", 30, clock.today())
    assert do(seller, row, "advance").status_code == 422, "now a contact and an amount are asked for"
    assert steps(row)[-1] == ("advanced", "初步接触", "需求确认")


@pytest.mark.req("SALE-03")
def test_the_board_moves_cards_by_the_same_rules(deal: Make, seller: User, rival: User) -> None:
    row = deal(amount=Decimal(120000))
    client = signed_in(seller)
    page = said(client.get("/opportunities/?layout=board"))
    assert "初步接触" in page and row.name in page
    assert "¥12.0万" in page and "加权 ¥1.2万" in page, "the sums of the column"
    assert "信息登记" not in page, "columns of pipelines that nothing of the list is in stay away"
    with clock.shifted(clock.now() + timedelta(days=33)):
        assert "停滞 " in said(client.get("/opportunities/?layout=board&view=open"))
    talked(seller, row)
    moved = client.post("/opportunities/move/", {"id": row.pk, "to": stage(row, "需求确认").pk})
    assert moved.status_code in (200, 204), said(moved)
    row.refresh_from_db()
    assert row.stage.name == "需求确认"
    back = client.post("/opportunities/move/", {"id": row.pk, "to": stage(row, "初步接触").pk})
    assert back.status_code == 409 and "退回阶段" in said(back)
    other = Pipeline.objects.exclude(pk=row.pipeline_id).get()
    assert client.post("/opportunities/move/", {"id": row.pk, "to": other.stages.first().pk}).status_code == 409
    assert signed_in(rival).post("/opportunities/move/", {"id": row.pk, "to": row.stage_id}).status_code == 404


def test_sums_are_not_told_to_who_may_not_read_amounts(deal: Make, seller: User, roles: dict[str, Role]) -> None:
    deal(amount=Decimal(120000))
    urls = ("/opportunities/?layout=board", "/opportunities/")
    assert all("¥12.0万" in said(signed_in(seller).get(url)) for url in urls)
    role, label = roles["representative"], "deals.opportunity"
    role.grants = {**role.grants, label: {**role.grants[label], "masked": ["amount"]}}
    saved(role)
    assert not any("¥12" in said(signed_in(User.objects.get(pk=seller.pk)).get(url)) for url in urls)


@pytest.mark.req("SALE-03")
def test_setting_back_wants_a_reason_and_leaves_a_dated_trace(deal: Make, seller: User) -> None:
    row = to_the_end(seller, deal())
    first = stage(row, "初步接触")
    assert do(seller, row, "set_back", to=first.pk).status_code == 422
    with clock.shifted(clock.now() + timedelta(days=5)):
        assert do(seller, row, "set_back", to=first.pk, reason="需求变了").status_code == 302
    move = StageMove.objects.filter(opportunity=row).latest("id")
    assert (move.kind, move.before.name, move.days, move.moved_by, move.reason, move.amount) == (
        "back", "商务谈判", 5, seller, "需求变了", Decimal(80000),
    )  # fmt: skip
    assert move.on == date(2026, 6, 20)
    edit = signed_in(seller).patch(
        f"/api/opportunities/{row.pk}/", {"stage": first.pk}, content_type="application/json"
    )
    assert edit.status_code >= 400, "nobody types a stage in"


@pytest.mark.req("SALE-02")
def test_won_and_lost_keep_their_day_and_reason_and_can_be_reopened(deal: Make, seller: User) -> None:
    row = to_the_end(seller, deal())
    assert do(seller, row, "win", on="2026-06-12").status_code == 422, "not before it began"
    assert do(seller, row, "win", on="2026-06-15").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.won_on, row.probability, row.closed_at is not None) == ("won", date(2026, 6, 15), 100, True)
    changed = signed_in(seller).post(f"/opportunities/{row.pk}/edit/", {"amount": "1", "version": row.version})
    assert changed.status_code == 409 or changed.status_code == 422
    assert do(seller, row, "reopen", reason="合同未签").status_code == 302
    assert do(seller, row, "lose").status_code == 422, "the reason is mandatory"
    reason = LossReason.objects.get(name="价格过高")
    assert do(seller, row, "lose", reason=reason.pk, details="高出一成").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.loss_reason, row.won_on, row.lost_on) == ("lost", reason, None, date(2026, 6, 15))
    assert [kind for kind, _a, _b in steps(row)] == [
        "begun", "advanced", "advanced", "advanced", "won", "reopened", "lost",
    ]  # fmt: skip
    assert "价格过高" in StageMove.objects.filter(opportunity=row).latest("id").reason


@pytest.mark.req("SALE-02")
def test_with_lines_the_amount_is_their_sum(deal: Make, seller: User, company: Company) -> None:
    row = deal(amount=Decimal(5))
    pump = saved(Product(company=company, code="P-1", name="水泵", price=Decimal("99.5")))
    line = entity("deals.opportunityline")

    def body() -> None:
        for quantity in (2, 3):
            line.model(company=company, opportunity=row, product=pump, quantity=Decimal(quantity)).save()

    work.unit_of_work(body)
    row.refresh_from_db()
    assert row.amount == Decimal("497.50")


@pytest.mark.req("SALE-05")
def test_opportunities_are_worked_by_importance_and_priority_and_stalled_ones_stand_out(
    deal: Make, seller: User
) -> None:
    deal("小单", importance="3", priority="3")
    stuck = deal("要紧单", importance="1", priority="1")
    client = signed_in(seller)
    names = [row["name"] for row in client.get("/api/opportunities/?sort=priority").json()["results"]]
    assert names == ["要紧单", "小单"]
    names = [row["name"] for row in client.get("/api/opportunities/?sort=importance").json()["results"]]
    assert names == ["要紧单", "小单"]
    assert stuck.name not in said(client.get("/opportunities/?view=stalled"))
    with clock.shifted(clock.now() + timedelta(days=15)):
        later = signed_in(seller)
        assert stuck.name in said(later.get("/opportunities/?view=stalled"))
        assert "已停滞" in said(later.get(f"/opportunities/{stuck.pk}/"))


@pytest.mark.req("FUP-01", "FUP-02")
def test_a_follow_up_of_an_opportunity_is_a_dealing_with_the_customer(deal: Make, seller: User) -> None:
    row = deal()
    sent = {"channel": "visit", "content": "看过现场", "next_contact_on": "2026-06-20", "next_step": "出方案"}
    assert do(seller, row, "log_contact", **sent).status_code == 302
    row.refresh_from_db()
    assert (row.last_contact_on, row.next_contact_on, row.next_step) == (date(2026, 6, 15), date(2026, 6, 20), "出方案")
    said_then = Interaction.objects.get()
    assert (said_then.account, said_then.label, said_then.object_id) == (row.account, "deals.opportunity", row.pk)
    assert "看过现场" in said(signed_in(seller).get(f"/opportunities/{row.pk}/"))


@pytest.mark.req("ACCT-03")
def test_a_leavers_opportunities_go_to_the_successor_with_stage_and_history(
    deal: Make, seller: User, rival: User, owner: User
) -> None:
    row = to_the_end(seller, deal())
    before = steps(row)
    hold = next(one for one in all_holds() if one.key == ("deals.opportunity", "owner"))
    assert [one.pk for one in hold.open(seller)] == [row.pk]
    fresh = Opportunity.objects.get(pk=row.pk)
    work.unit_of_work(lambda: hold.give(fresh, Passing(seller, rival, owner, "离职")))
    row.refresh_from_db()
    assert (row.owner, row.stage.name, steps(row)) == (rival, "商务谈判", before)
    assert Interaction.objects.filter(label="deals.opportunity", object_id=row.pk).count() == 1


@pytest.mark.req("BEYOND-02")
def test_a_customer_with_an_open_opportunity_stays_out_of_the_pool(deal: Make, seller: User, lists: Company) -> None:
    row = deal()
    reason = ReturnReason.objects.get(company=lists, name="联系不上")
    refused = signed_in(seller).post(f"/customers/{row.account_id}/do/release/", {"reason": reason.pk})
    assert refused.status_code == 422 and row.name in said(refused)
    do(seller, row, "lose", reason=LossReason.objects.get(name="其他").pk)
    assert signed_in(seller).post(f"/customers/{row.account_id}/do/release/", {"reason": reason.pk}).status_code == 302


@pytest.mark.req("SALE-10")
def test_the_forecast_weighs_amounts_and_the_changes_of_a_week_are_told(deal: Make, seller: User, rival: User) -> None:
    deal("甲", amount=Decimal(100000), expected_on=date(2026, 7, 10), forecast="commit")
    deal("乙", amount=Decimal(50000), expected_on=date(2026, 7, 20), own_probability=60)
    deal("丙", amount=Decimal(70000), expected_on=date(2026, 7, 20), forecast="omitted")
    (july,) = forecast(seller)
    assert (july.owner_id, july.month, july.number) == (seller.pk, date(2026, 7, 1), 3)
    assert (july.amount, july.weighted) == (Decimal(220000), Decimal(40000))
    assert (july.by["commit"], july.by["pipeline"], july.by["omitted"]) == (100000, 50000, 70000)
    assert forecast(rival) == []
    with clock.shifted(clock.now() + timedelta(days=7)):
        second = Opportunity.objects.get(name="乙")
        values = {"amount": Decimal(45000), "expected_on": date(2026, 8, 5)}
        verbs.change(entity(Opportunity), second.pk, values, actor=seller)
        do(seller, Opportunity.objects.get(name="丙"), "lose", reason=LossReason.objects.get(name="其他").pk)
        told = changes(seller, clock.today())
    assert sorted(told.ids) == ["amount", "date", "lost"]
    assert (told.amounts["amount"], told.amounts["lost"]) == (Decimal(-5000), Decimal(70000))
    slip = next(one for one in told.details if one.kind == "date")
    assert (slip.name, slip.old, slip.new) == ("乙", "2026-07-20", "2026-08-05")
