"""Missed duties become proposals by the points of their clause, each once; a corrected outcome takes them back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.incentives.models import Entry
from guanxi.incentives.queries.ledger import balance
from guanxi.incentives.services.duties import follow
from guanxi.incentives.tests.conftest import Do, on
from guanxi.interactions.models import ReturnVisit, ServiceRequest
from guanxi.org.models import User
from guanxi.rulebook import engine
from guanxi.rulebook.models import Duty
from guanxi.rulebook.tests.conftest import (
    MONTHLY_TALK,
    PHONE_KNOWN,
    Adopt,
    at,
    judged,
    talk,
)

pytestmark = pytest.mark.django_db
TALK = {**MONTHLY_TALK, "times": 1, "points": {"amount": 20, "unit": "yuan"}}
THIRD = {**MONTHLY_TALK, "times": 1, "points": {"amount": 5, "unit": "points", "after": 3}}


def run(company: Any, day: str) -> dict[str, int]:
    judged(company, f"{day} 09:00")
    with on(day):
        return follow(company)


def entries() -> list[tuple[str, Decimal, str]]:
    rows = Entry.objects.order_by("pk")
    return [(row.text.split(":")[0], row.amount, row.state) for row in rows]


@pytest.mark.req("PERF-03", "AUTO-02")
def test_a_missed_duty_is_proposed_once_with_clause_and_duty_as_evidence(
    adopt: Adopt,
    customer: Account,
    client: Client,
) -> None:
    adopt("FUP-01", TALK, "2026-03-01")
    assert run(customer.company, "2026-03-31") == {"proposed": 0, "taken back": 0}
    assert run(customer.company, "2026-04-01")["proposed"] == 1
    assert run(customer.company, "2026-04-01")["proposed"] == 0
    assert run(customer.company, "2026-04-02")["proposed"] == 0
    entry, duty = Entry.objects.get(), Duty.objects.get(state="missed")
    assert (entry.amount, entry.unit, entry.owner, entry.state) == (Decimal(-20), "yuan", customer.owner, "proposed")
    assert (entry.clause, entry.duty, entry.month) == (duty.clause, duty, date(2026, 3, 1))
    client.force_login(customer.owner)
    assert f"/duties/{duty.pk}/" in client.get(f"/incentives/{entry.pk}/").content.decode()


@pytest.mark.req("QUAL-09", "PERF-03")
def test_only_the_third_in_a_row_of_one_person_counts_where_the_clause_says_so(
    adopt: Adopt,
    customer: Account,
) -> None:
    adopt("FUP-01", THIRD, "2026-01-01")
    talk(customer, "2026-02-10")  # January missed, February kept, March and April missed
    assert run(customer.company, "2026-05-01")["proposed"] == 0
    assert run(customer.company, "2026-06-01")["proposed"] == 1  # May is the third in a row
    assert run(customer.company, "2026-07-01")["proposed"] == 1  # and so is June
    assert list(Entry.objects.order_by("pk").values_list("amount", "unit", "month")) == [
        (Decimal(-5), "points", date(2026, 5, 1)), (Decimal(-5), "points", date(2026, 6, 1)),
    ]  # fmt: skip


@pytest.mark.req("PERF-03")
def test_a_duty_waived_afterwards_takes_back_what_was_booked_and_ends_what_was_proposed(
    adopt: Adopt,
    customer: Account,
    do: Do,
    leader: User,
    client: Client,
) -> None:
    seller = customer.owner
    adopt("FUP-01", TALK, "2026-03-01")
    run(customer.company, "2026-05-01")
    march, april = Entry.objects.order_by("month")
    with on("2026-05-01"):
        do(leader, march, "confirm")
        assert balance(seller)["yuan"] == Decimal(-20)
        for entry in (march, april):
            client.force_login(leader)
            client.post(f"/duties/{entry.duty_id}/do/waive/", {"reason": "客户停业"})
    assert run(customer.company, "2026-05-02")["taken back"] == 2
    assert run(customer.company, "2026-05-02")["taken back"] == 0
    march.refresh_from_db()
    april.refresh_from_db()
    assert (march.state, april.state, balance(seller)["yuan"]) == ("reversed", "cancelled", Decimal(0))
    assert Entry.objects.get(reverses=march).amount == Decimal(20)


@pytest.mark.req("PERF-03")
def test_what_is_kept_late_is_taken_back_too(adopt: Adopt, customer: Account) -> None:
    customer.phone = ""
    saved(customer)
    adopt("QUAL-14", {**PHONE_KNOWN, "points": {"amount": -3}}, "2026-03-01")
    judged(customer.company, "2026-03-02 12:00")
    assert run(customer.company, "2026-03-05")["proposed"] == 1
    customer.phone = "0571-88887777"
    saved(customer)
    assert run(customer.company, "2026-03-06")["taken back"] == 1
    assert [(e.amount, e.unit, e.state) for e in Entry.objects.all()] == [(Decimal(-3), "points", "cancelled")]


@pytest.mark.req("AUTO-02")
def test_duties_judged_anew_from_the_first_day_bring_nothing_twice(adopt: Adopt, customer: Account) -> None:
    adopt("FUP-01", TALK, "2026-03-01")
    run(customer.company, "2026-05-01")
    before = [(e.pk, e.amount, e.state, e.duty_key) for e in Entry.objects.order_by("pk")]
    with on("2026-05-01"):
        engine.replay(customer.company, at("2026-05-01 10:00"))
        assert follow(customer.company) == {"proposed": 0, "taken back": 0}
    assert [(e.pk, e.amount, e.state, e.duty_key) for e in Entry.objects.order_by("pk")] == before
    assert Entry.objects.filter(duty__state="missed").count() == 2


@pytest.mark.req("PERF-01")
def test_the_appraisal_counts_by_hand_checked_figures(
    adopt: Adopt,
    customer: Account,
    client: Client,
    leader: User,
    rival: User,
    do: Do,
) -> None:
    seller = customer.owner
    second = saved(
        Account(company=customer.company, name="乙厂", owner=seller, department=seller.department, is_key=True)
    )
    third = saved(
        Account(company=customer.company, name="丙厂", owner=seller, department=seller.department, is_key=True)
    )
    adopt("FUP-01", TALK, "2026-03-01")
    talk(customer, "2026-03-10")
    talk(second, "2026-03-11")
    own: dict[str, Any] = {
        "company": customer.company,
        "owner": rival,
        "department": rival.department,
        "account": customer,
    }
    for n, (score, day) in enumerate(((5, "2026-03-05"), (4, "2026-03-20"), (1, "2026-04-02"))):
        saved(ReturnVisit(**own, due_on=date(2026, 3, 5), state="done", done_at=at(f"{day} 10:00"), satisfaction=score))
        solved = at("2026-03-06 10:00") if n == 0 else None  # one solved in time, one never, one not yet due
        saved(ServiceRequest(**own, problem="漏油", number=f"FW-{n}", due_at=at(f"{day} 18:00"), solved_at=solved))
    ServiceRequest.objects.filter(number="FW-0").update_silently(due_at=at("2026-03-06 18:00"))
    run(customer.company, "2026-04-01")  # two of three kept in March
    entry = Entry.objects.get()
    with on("2026-04-01"):
        do(leader, entry, "confirm")
        client.force_login(leader)
        page = client.get(f"/appraisal/?month=2026-03&person={seller.pk}").content.decode()
        assert third.owner == seller
        assert ("66.7" in page, "-20" in page) == (True, True)
        from guanxi.incentives.tests.test_ledger import rows_of

        rows = {row[1]: row[2:] for row in rows_of(client.get("/appraisal/?month=2026-03&format=xlsx"))}
        assert rows[seller.name][:5] == (3, 66.7, 66.7, 4.5, None), (
            "the customer's answers count for who looks after it"
        )
        assert rows[rival.name][:5] == (None, None, None, None, 50)
        client.force_login(rival)
        assert client.get(f"/appraisal/?month=2026-03&person={seller.pk}").status_code == 404
