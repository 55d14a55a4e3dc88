"""The forecast page: won, weighted and committed against the target, and what changed since last week."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.corrections.models import Correction, CorrectionRule
from guanxi.customers.models import Account
from guanxi.deals.models import Opportunity
from guanxi.deals.services.seed import seed
from guanxi.kernel import verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.targets.models import Target
from guanxi.targets.queries.attainment import Span, attainment
from guanxi.targets.queries.forecast import lines_of
from guanxi.targets.tests.conftest import on

pytestmark = pytest.mark.django_db
SPAN = Span("quarter", date(2026, 4, 1))


def deal(seller: User, account: Account, name: str, amount: int, **values: object) -> Opportunity:
    given = {"name": name, "account": account, "amount": Decimal(amount), "begun_on": date(2026, 4, 1), **values}
    return verbs.add(entity(Opportunity), given, actor=seller)


def win(row: Opportunity, day: date) -> None:
    def body() -> None:
        held = Opportunity.objects.get(pk=row.pk)
        held.state, held.won_on = "won", day
        held.save()

    work.unit_of_work(body)


@pytest.mark.req("SALE-11")
def test_won_weighted_and_committed_stand_against_the_target_and_open_into_their_rows(
    client: Client, company: Company, seller: User, owner: User, customer: Account
) -> None:
    work.unit_of_work(lambda: seed(company))
    saved(Target(company=company, owner=seller, measure="won", period="quarter", starts_on=SPAN.start, amount=1000))
    win(deal(seller, customer, "生产线", 400), date(2026, 5, 5))
    with on("2026-06-28"):
        deal(seller, customer, "改造", 300, expected_on=date(2026, 6, 29), own_probability=50, forecast="commit")
    deal(seller, customer, "七月的", 900, begun_on=date(2026, 6, 28), expected_on=date(2026, 7, 29), own_probability=50)
    line = lines_of(owner, SPAN)[0]
    assert (line.target, line.won, line.weighted, line.by["commit"]) == (1000, 400, 150, 300)
    assert (line.expected, line.percent, line.gap) == (550, Decimal("55.0"), 450)
    assert [(row.actual, row.target) for row in attainment(owner, "won", SPAN)] == [(400, 1000)]
    client.force_login(owner)
    page = client.get("/targets/forecast/?start=2026-06-01").content.decode()
    assert seller.name in page and "¥550" in page and "七月的" in page, "begun since last week"
    links = [unescape(link) for link in re.findall(r'href="(/opportunities/\?[^"]+)"', page)]
    won = client.get(next(link for link in links if "won_on" in link)).content.decode()
    assert "生产线" in won and "改造" not in won
    client.force_login(seller)
    assert client.get("/targets/forecast/").status_code == 200


@pytest.mark.req("SALE-06")
def test_a_won_opportunity_is_reopened_and_changed_only_with_a_trace_and_where_a_rule_says_so_a_yes(
    client: Client, company: Company, seller: User, leader: User, east: Department, customer: Account
) -> None:
    work.unit_of_work(lambda: seed(company))
    east.head = leader
    saved(east)
    row = deal(seller, customer, "生产线", 400)
    win(row, date(2026, 5, 5))
    ask = f"/opportunities/{row.pk}/do/ask_correction/"

    def agreed(field: str, value: str, reason: str) -> None:
        client.force_login(seller)
        assert client.post(ask, {"field": field, "value": value, "reason": reason}).status_code in (204, 302)
        client.force_login(leader)
        approval = Approval.objects.get(state="pending")
        assert client.post(f"/approvals/{approval.pk}/do/agree/", {"opinion": ""}).status_code in (204, 302)

    agreed("amount", "380", "按合同")
    told = Correction.objects.values_list("label", "field", "before", "after", "reason", "owner", "approved_by")
    assert list(told) == [("deals.opportunity", "amount", "400.00", "380.00", "按合同", seller.pk, leader.pk)]
    saved(CorrectionRule(company=company, label="deals.opportunity", field="state"))
    client.force_login(seller)
    assert client.post(f"/opportunities/{row.pk}/do/reopen/", {"reason": "x"}).status_code in (409, 422)
    assert Opportunity.objects.get(pk=row.pk).state == "won"
    agreed("state", "open", "客户改期")
    assert Opportunity.objects.get(pk=row.pk).state == "open"
    assert Correction.objects.get(field="state").reason == "客户改期"
