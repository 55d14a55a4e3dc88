"""Commission by profit grade at receipt: by hand to the cent, once, with differences beside what is settled."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from guanxi.catalog import services as catalog
from guanxi.catalog.models import Product, ProfitGrade
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.incentives.models import Entry
from guanxi.kernel import jobs, work
from guanxi.kernel.models import Company, Job
from guanxi.org.models import Role, User
from guanxi.sales import services
from guanxi.targets.models import CommissionLine, CommissionPlan, CommissionRate, Statement
from guanxi.targets.queries.commission import differences
from guanxi.targets.services.commission import compute
from guanxi.targets.tests.conftest import Do, Pay, Sell, on

pytestmark = [pytest.mark.django_db, pytest.mark.req("PROD-02")]
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LINE = "targets.commissionline"
SAID, NO = (204, 302), (403, 404, 409, 422)


def lines() -> list[tuple[str, Decimal, Decimal, Decimal]]:
    rows = CommissionLine.objects.order_by("id")
    return [(row.kind, row.base, row.rate, row.amount) for row in rows]


def d(text: str) -> Decimal:
    return Decimal(text)


def test_a_receipt_is_spread_over_the_lines_and_each_takes_the_rate_of_its_grade(
    client: Client, company: Company, seller: User, finance: User, plan: CommissionPlan, sell: Sell, pay: Pay
) -> None:
    # Order: 3 pumps = 300.00 (grade A, 5 %), 2 hoses = 100.00 (grade D, 1 %); 100.01 of 400.00 come in.
    order = sell(3, 2)
    receipt = pay(order, "100.01")
    assert Job.objects.filter(name="commission", state="ready").exists(), "the receipt set the job going"
    jobs.work_off()
    # 300/400 of 100.01 = 75.0075 → 75.01; 100/400 = 25.0025 → 25.00.  5 % = 3.7505, 1 % = 0.25; together 4.0005 → 4.00.
    assert lines() == [
        ("computed", d("75.01"), d("5.000"), d("3.75")), ("computed", d("25.00"), d("1.000"), d("0.25")),
    ]  # fmt: skip
    statement = Statement.objects.get()
    assert (statement.owner, statement.month, statement.base, statement.amount) == (seller, MAY, d("100.01"), d("4.00"))
    jobs.work_off()
    assert compute(company.pk) == 0 and CommissionLine.objects.count() == 2, "the same run again finds nothing"
    client.force_login(finance)
    page = client.get(f"/commission-statements/{statement.pk}/").content.decode()
    assert "¥4<" in page and "¥100.01" in page
    ways = [unescape(way) for way in re.findall(r'href="(/commission-lines/\?view=all[^"]*)"', page)]
    shown = [client.get(way).content.decode().count('<tr id="r') for way in ways]
    assert sorted(shown) == [1, 1, 2], "every figure opens into its lines"
    line = CommissionLine.objects.earliest("id")
    page = client.get(f"/commission-lines/{line.pk}/").content.decode()
    assert receipt.number in page and order.number in page
    assert "¥4<" in client.get(f"/receipts/{receipt.pk}/").content.decode()


def test_the_grade_and_the_plan_in_force_on_the_day_of_the_order_count(
    company: Company,
    owner: User,
    grades: dict[str, ProfitGrade],
    plan: CommissionPlan,
    pump: Product,
    sell: Sell,
    pay: Pay,
) -> None:
    with on("2026-05-10"):
        old = sell(1)
    with on("2026-05-15"):
        catalog.set_grade(pump, actor=owner, grade=grades["C"], reason="成本上涨")
    with on("2026-05-16"):
        new = sell(1, on=date(2026, 5, 16))
    saved(CommissionPlan(company=company, name="下半年", starts_on=JUNE))
    pay(old, 100, on=date(2026, 6, 20))
    pay(new, 100, on=date(2026, 6, 20))
    compute(company.pk)
    assert [(row.order, row.grade.code, row.amount) for row in CommissionLine.objects.order_by("id")] == [
        (old, "A", d("5.00")), (new, "C", d("1.00"))
    ]  # fmt: skip


def test_the_most_special_rate_wins_and_a_thin_margin_brings_nothing(
    company: Company,
    seller: User,
    rival: User,
    plan: CommissionPlan,
    grades: dict[str, ProfitGrade],
    sell: Sell,
    pay: Pay,
) -> None:
    saved(CommissionRate(company=company, plan=plan, role=seller.roles.get(), rate=d("2")))
    saved(CommissionRate(company=company, plan=plan, person=rival, rate=d("9")))
    plan.refresh_from_db()
    plan.min_margin = d("10")
    saved(plan)
    pay(sell(1, 2), 200)
    compute(company.pk)
    assert lines() == [
        ("computed", d("100.00"), d("2.000"), d("2.00")),
        ("computed", d("100.00"), d("0.000"), d("0.00")),
    ]


def test_a_void_and_a_return_take_back_what_they_brought(
    company: Company, owner: User, plan: CommissionPlan, sell: Sell, pay: Pay
) -> None:
    order = sell(3, 2)
    receipt = pay(order, "100.01")
    services.void(receipt, actor=owner, reason="记错客户")
    compute(company.pk)
    assert sum(row[3] for row in lines()) == 0 and len(lines()) == 4
    assert {row.month for row in Statement.objects.all()} == {MAY, JUNE}, "each in the month of its receipt"


def test_a_statement_is_shown_objected_to_decided_and_settled_into_the_ledger(
    company: Company,
    seller: User,
    rival: User,
    leader: User,
    finance: User,
    plan: CommissionPlan,
    sell: Sell,
    pay: Pay,
    do: Do,
) -> None:
    pay(sell(3), 300)
    compute(company.pk)
    statement = Statement.objects.get()
    assert do(seller, statement, "show") in NO
    assert do(finance, statement, "settle") in NO
    assert do(finance, statement, "show") in SAID
    assert (statement.state, statement.object_until) == ("shown", date(2026, 7, 7))
    assert do(rival, statement, "object_to", reason="x") in NO
    assert do(finance, statement, "settle") in NO, "the person may still object"
    assert do(seller, statement, "object_to", reason="") in NO
    assert do(seller, statement, "object_to", reason="少算一单") in SAID
    assert (statement.state, statement.objection, statement.decide_until) == ("objected", "少算一单", date(2026, 7, 7))
    assert do(finance, statement, "uphold", amount="0", reason="x") in NO
    assert do(finance, statement, "uphold", amount="2.50", reason="补计配件单") in SAID
    assert (statement.state, statement.amount, statement.decided_by) == ("decided", d("17.50"), finance)
    assert do(finance, statement, "settle") in SAID
    entry = Entry.objects.get()
    assert (statement.entry, entry.amount, entry.owner, entry.month) == (entry, d("17.50"), seller, MAY)
    assert entry.state == "confirmed" and entry.evidence_id == statement.pk


def test_a_rejected_objection_and_silence_lead_to_settlement_too(
    company: Company, seller: User, finance: User, plan: CommissionPlan, sell: Sell, pay: Pay, do: Do
) -> None:
    pay(sell(1, on=date(2026, 4, 2)), 100, on=date(2026, 4, 9))
    pay(sell(3), 300)
    compute(company.pk)
    april, may = Statement.objects.order_by("month")
    assert do(finance, may, "show") in NO, "April first"
    do(finance, april, "show")
    do(finance, may, "show")
    do(seller, april, "object_to", reason="比例不对")
    assert do(finance, april, "reject", reason="按方案第二条") in SAID
    assert do(finance, april, "settle") in SAID and april.amount == d("5.00")
    with on("2026-07-08"):
        assert do(seller, may, "object_to", reason="太晚") in NO
        assert do(finance, may, "settle") in SAID


def test_what_changes_after_settlement_becomes_difference_lines_of_the_next_month_once_accepted(
    client: Client, company: Company, owner: User, seller: User, finance: User, grades: dict[str, ProfitGrade],
    plan: CommissionPlan, pump: Product, sell: Sell, pay: Pay, do: Do,
) -> None:  # fmt: skip
    receipt = pay(sell(3), 300)
    compute(company.pk)
    may = Statement.objects.get()
    do(finance, may, "show")
    do(seller, may, "accept")
    do(finance, may, "settle")
    catalog.correct_grade(pump, actor=owner, grade=grades["C"], since=date(2026, 5, 1), reason="分级录错")
    page = client.get("/commission/recalculation/?month=2026-05").content.decode()
    assert "¥15<" in page and "¥3<" in page and "−¥12<" in page
    assert CommissionLine.objects.count() == 1, "nothing changes by looking"
    address = "/commission/recalculation/?month=2026-05"
    assert client.post(address, {"expected": "-11.00"}).status_code in NO
    assert client.post(address, {"expected": "-12.00"}).status_code in SAID
    line = CommissionLine.objects.get(kind="difference")
    assert (line.amount, line.base, line.statement.month, line.share.receipt) == (d("-12.00"), d("0.00"), JUNE, receipt)
    may.refresh_from_db()
    assert may.amount == d("15.00")
    assert list(differences(company.pk, MAY)) == []
    services.void(receipt, actor=owner, reason="退款")
    compute(company.pk)
    assert Statement.objects.get(month=JUNE).amount == d("-15.00"), "-12 of the difference, -3 of the reversal"
    client.force_login(seller)
    assert client.get(address).status_code == 403


def test_lines_are_only_added_and_a_settled_month_takes_nothing_in(
    client: Client,
    company: Company,
    owner: User,
    seller: User,
    finance: User,
    plan: CommissionPlan,
    sell: Sell,
    pay: Pay,
    do: Do,
) -> None:
    pay(sell(3), 300)
    compute(company.pk)
    statement, line = Statement.objects.get(), CommissionLine.objects.get()
    do(finance, statement, "show")
    do(seller, statement, "accept")
    do(finance, statement, "settle")
    client.force_login(owner)
    assert client.post(f"/commission-lines/{line.pk}/edit/", {"amount": "1", "version": 1}).status_code == 403
    for statement_ in (
        "UPDATE targets_commissionline SET amount = 1", "DELETE FROM targets_commissionline",
        "UPDATE targets_statement SET amount = 1", "DELETE FROM targets_statement",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement_)

    def more() -> None:
        CommissionLine(company=company, owner=seller, statement=statement, dated_on=MAY, amount=1).save()

    with pytest.raises(DatabaseError), transaction.atomic():
        work.unit_of_work(more)
    late = pay(sell(1), 100, on=date(2026, 5, 30))
    compute(company.pk)
    assert CommissionLine.objects.get(share__receipt=late).statement.month == JUNE


def test_own_commission_is_seen_by_oneself_and_the_head_and_by_finance(
    client: Client, company: Company, seller: User, rival: User, leader: User, stranger: User, finance: User,
    plan: CommissionPlan, sell: Sell, pay: Pay,
) -> None:  # fmt: skip
    pay(sell(3), 300)
    compute(company.pk)
    pk = Statement.objects.get().pk
    for person, status in ((seller, 200), (leader, 200), (finance, 200), (rival, 404), (stranger, 404)):
        client.force_login(person)
        assert client.get(f"/commission-statements/{pk}/").status_code == status, person


def test_the_list_of_lines_says_what_the_filtered_lines_come_to(
    client: Client, company: Company, finance: User, plan: CommissionPlan, sell: Sell, pay: Pay
) -> None:
    pay(sell(3, 2), 400)
    compute(company.pk)

    def told(address: str) -> list[str]:
        (words,) = re.findall(r'<p class="quota">(.*?)</p>', client.get(address).content.decode(), re.DOTALL)
        return re.findall(r"<b[^>]*>(.*?)</b>", words)

    client.force_login(finance)
    assert told("/commission-lines/?view=all") == ["¥400", "¥16"]
    where = quote(json.dumps({"f": "amount", "op": "lt", "v": "10"}))
    assert told(f"/commission-lines/?view=all&where={where}") == ["¥100", "¥1"]
    role = Role.objects.get(code="finance")
    role.grants[LINE] = {**role.grants[LINE], "hidden": ["amount"]}
    saved(role)
    client.force_login(User.objects.get(pk=finance.pk))
    assert told("/commission-lines/?view=all") == ["¥400"]


def test_new_lines_of_an_order_are_told_as_differences(
    company: Company, seller: User, plan: CommissionPlan, hose: Product, sell: Sell, pay: Pay, customer: Account
) -> None:
    order = sell(3)
    pay(order, 100)
    compute(company.pk)
    values: list[dict[str, Any]] = [{"product": hose, "quantity": Decimal(6)}]
    services.write_lines(order, values, actor=seller)
    found = list(differences(company.pk, MAY))
    assert sorted((one.base, one.amount) for one in found) == [(d("-100.00"), d("-5.00")), (d("100.00"), d("1.00"))]
