"""The engine: duties open, evidence is recognised, absence is noticed; the same facts always lead to the same duties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.conftest import saved
from guanxi.customers.models import Account, Need
from guanxi.interactions.models import Interaction
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import Absence, Department, Notice, User
from guanxi.rulebook import engine
from guanxi.rulebook.models import Duty, DutyStep
from guanxi.rulebook.spec import LATER
from guanxi.rulebook.tests.conftest import (
    MONTHLY_TALK,
    PHONE_KNOWN,
    VISIT_AFTER_ORDER,
    Adopt,
    at,
    judged,
    on,
    states,
    talk,
)
from guanxi.sales.models import Order


def ordered(account: Account, day: str) -> Order:
    number = f"T{Order.objects.count()}"
    return on(day, lambda: saved(Order(company=account.company, account=account, owner=account.owner, number=number,
                                       ordered_on=date.fromisoformat(day))))  # fmt: skip


@pytest.mark.req("RV-05")
def test_a_visit_within_a_week_of_purchase_is_kept_kept_late_or_missed(
    adopt: Adopt, customer: Account, hire: Any
) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    ordered(customer, "2026-02-27")  # before the clause held
    ordered(customer, "2026-03-02")
    assert judged(company, "2026-03-03")["opened"] == 1
    assert states(company) == [("RV-05", "2026-03-09", "open")]
    judged(company, "2026-03-09")
    assert states(company) == [("RV-05", "2026-03-09", "open")], "the last day is still in time"
    judged(company, "2026-03-10")
    assert states(company) == [("RV-05", "2026-03-09", "missed")]
    talk(customer, "2026-03-11")
    judged(company, "2026-03-11")
    assert states(company) == [("RV-05", "2026-03-09", "late")]
    ordered(customer, "2026-03-12")
    talk(customer, "2026-03-14")
    judged(company, "2026-03-14")
    duty = Duty.objects.latest("due_at")
    assert (duty.state, duty.met_on, duty.owner, duty.account) == ("met", date(2026, 3, 14), customer.owner, customer)


@pytest.mark.req("FUP-01")
def test_a_period_demands_its_number_of_contacts(adopt: Adopt, customer: Account, seller: User) -> None:
    company = customer.company
    adopt("FUP-01", MONTHLY_TALK, "2026-03-01")
    talk(customer, "2026-02-28")
    judged(company, "2026-03-01")
    talk(customer, "2026-03-05")
    judged(company, "2026-03-05")
    assert states(company) == [("FUP-01", "2026-03-31", "open")], "one of two is not enough"
    talk(customer, "2026-03-31")
    judged(company, "2026-04-02")
    assert states(company) == [("FUP-01", "2026-03-31", "met"), ("FUP-01", "2026-04-30", "open")]
    judged(company, "2026-05-01 09:00")
    talk(customer, "2026-05-02")
    talk(customer, "2026-05-02")
    judged(company, "2026-05-03")
    assert states(company)[1:] == [("FUP-01", "2026-04-30", "missed"), ("FUP-01", "2026-05-31", "met")]


def test_what_must_hold_is_owed_from_the_day_it_does_not(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("QUAL-14", PHONE_KNOWN, "2026-03-01")
    judged(company, "2026-03-06 12:00")  # a Friday
    assert states(company) == [("QUAL-14", "2026-03-10", "open")], "two working days after it was seen"
    customer.phone = "0571-88887777"
    saved(customer)
    judged(company, "2026-03-06 15:00")
    assert [one[2] for one in states(company)] == ["met"]
    customer.phone = ""
    saved(customer)
    judged(company, "2026-03-09 15:00")
    assert states(company)[-1] == ("QUAL-14", "2026-03-11", "open"), "two working days"


@pytest.mark.req("GOV-02")
def test_each_day_is_judged_by_the_version_then_in_force(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    adopt("RV-05", {**VISIT_AFTER_ORDER, "within": [2, "days"]}, "2026-03-10")
    ordered(customer, "2026-03-09")
    ordered(customer, "2026-03-10")
    judged(company, "2026-03-11")
    assert states(company) == [("RV-05", "2026-03-12", "open"), ("RV-05", "2026-03-16", "open")]
    assert sorted(Duty.objects.values_list("clause_version__number", flat=True)) == [1, 2]


@pytest.mark.req("AUTO-02")
def test_the_same_run_again_changes_nothing_and_a_replay_leads_to_the_same(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    adopt("FUP-01", MONTHLY_TALK, "2026-03-01")
    for day in ("2026-03-02", "2026-03-20", "2026-04-10"):
        ordered(customer, day)
        judged(company, day)
    talk(customer, "2026-03-22")
    talk(customer, "2026-03-23")
    judged(company, "2026-04-20")

    def everything() -> list[Any]:
        # Steps already taken are history: evidence written down late does not untell a reminder.
        columns = (
            "clause__code",
            "subject_id",
            "turn",
            "state",
            "due_at",
            "met_on",
            "owner_id",
            "evidence_id",
        )
        return sorted(Duty.objects.values_list(*columns), key=str)

    before = everything()
    assert {state for _c, _s, _t, state, *_rest in before} == {"met", "late", "missed", "open"}
    assert "opened" not in judged(company, "2026-04-20")
    assert everything() == before
    engine.replay(company, at("2026-04-20"))
    assert everything() == before


@pytest.mark.req("AUTO-02")
def test_reminder_and_escalation_come_once_each(adopt: Adopt, customer: Account, seller: User, leader: User) -> None:
    company, east = customer.company, leader.department
    assert east is not None
    east.head = leader
    saved(east)
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    ordered(customer, "2026-03-02")
    judged(company, "2026-03-07")
    assert Notice.objects.count() == 0
    judged(company, "2026-03-08 23:59")
    judged(company, "2026-03-09 12:00")
    assert [n.user for n in Notice.objects.all()] == [seller]
    judged(company, "2026-03-11")
    judged(company, "2026-03-12")
    assert [n.user for n in Notice.objects.order_by("pk")] == [seller, leader]
    assert list(DutyStep.objects.order_by("level").values_list("level", "to")) == [(1, seller.pk), (2, leader.pk)]


def test_who_is_away_the_whole_period_owes_nothing(adopt: Adopt, customer: Account, seller: User) -> None:
    company = customer.company
    adopt("FUP-01", {**MONTHLY_TALK, "excuse": ["leave"]}, "2026-03-01")
    saved(Absence(company=company, owner=seller, department=seller.department, kind="leave",
                  starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31)))  # fmt: skip
    judged(company, "2026-04-02")
    assert states(company) == [("FUP-01", "2026-04-30", "open")]


def test_the_holder_of_a_role_nearest_above_owes(adopt: Adopt, customer: Account, hire: Any, east: Department,
                                                  headquarters: Department) -> None:  # fmt: skip
    company = customer.company
    far = hire("hq-accountant", "branch-accountant", headquarters)
    adopt("QUAL-01", {**VISIT_AFTER_ORDER, "who": {"role": "branch-accountant"}}, "2026-03-01")
    ordered(customer, "2026-03-02")
    judged(company, "2026-03-02")
    assert Duty.objects.get().owner == far
    near = hire("east-accountant", "branch-accountant", east)
    ordered(customer, "2026-03-03")
    judged(company, "2026-03-03")
    assert Duty.objects.latest("opened_at").owner == near


@pytest.mark.req("CARD-01")
def test_a_head_answers_to_the_head_above(adopt: Adopt, customer: Account, seller: User, leader: User, east: Department,
                                           headquarters: Department) -> None:  # fmt: skip
    """Nobody is the own superior: neither owes such a duty to himself nor is told of it as one's head."""
    boss = leader
    for department, head in ((east, seller), (headquarters, boss)):
        department.head = head
        saved(department)
    adopt("RV-05", {**VISIT_AFTER_ORDER, "steps": [{"when": [1, "days"], "to": "head"}]}, "2026-03-01")
    adopt("CARD-01", {"kind": "every", "about": "org.user", "who": {"head": "self"}, "every": "week",
                      "where": {"f": "name", "op": "is", "v": seller.name},
                      "done": {"by": "customers.account", "at": "created_at", "match": [["id", "owner"]]}}, "2026-03-02")  # fmt: skip
    ordered(customer, "2026-03-02")
    judged(customer.company, "2026-03-11")
    assert set(Duty.objects.filter(clause__code="CARD-01").values_list("owner", flat=True)) == {boss.pk}
    assert list(DutyStep.objects.filter(duty__clause__code="RV-05").values_list("to", flat=True)) == [boss.pk]


def test_evidence_that_is_deleted_afterwards_no_longer_counts(adopt: Adopt, customer: Account, owner: User) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    ordered(customer, "2026-03-02")
    need = talk(customer, "2026-03-03")
    judged(company, "2026-03-04")
    assert [one[2] for one in states(company)] == ["met"]

    on("2026-03-05", lambda: verbs.delete(entity(Need), need.pk, actor=owner))
    judged(company, "2026-03-06")
    assert [one[2] for one in states(company)] == ["open"]


def test_a_verdict_older_than_four_hundred_days_stands(adopt: Adopt, customer: Account, owner: User) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    ordered(customer, "2026-03-02")
    kept = talk(customer, "2026-03-03")
    judged(company, "2026-03-20")
    ordered(customer, "2026-03-24")
    judged(company, "2026-04-20")
    assert [one[2] for one in states(company)] == ["met", "missed"]

    judged(company, "2027-05-04")  # 399 days after the first was due to be found, less after the second
    late = on("2027-05-04", lambda: saved(Need(company=company, account=customer, text="问好", on=date(2026, 3, 27))))
    judged(company, "2027-05-05")
    assert late.pk and [one[2] for one in states(company)] == ["met", "met"]

    judged(company, "2027-06-29")
    for need in (kept, late):
        on("2027-06-30", lambda need=need: verbs.delete(entity(Need), need.pk, actor=owner))
    judged(company, "2027-07-01")
    assert [one[2] for one in states(company)] == ["met", "met"]


def test_what_is_about_a_row_that_no_longer_matters_is_no_longer_owed(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("FUP-01", MONTHLY_TALK, "2026-03-01")
    judged(company, "2026-03-02")
    customer.is_key = False
    saved(customer)
    judged(company, "2026-03-03")
    assert [one[2] for one in states(company)] == ["void"]


def _asked(company: Any, until: str, *words: str) -> int:
    """How many statements of a run hold all these words."""
    with CaptureQueriesContext(connection) as asked:
        judged(company, until)
    return sum(all(word in one["sql"] for word in words) for one in asked.captured_queries)


@pytest.mark.req("FUP-01")
def test_days_on_which_nothing_can_have_changed_are_not_asked_about(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    for day in ("2026-03-02", "2026-03-03", "2026-03-14"):
        ordered(customer, day)
    judged(company, "2026-03-04")
    steps = ('INSERT INTO "rulebook_dutystep"',)
    assert _asked(company, "2026-03-15", *steps) == 4, "a reminder and a word to the head for each of two orders"
    gone = ('FROM "rulebook_duty" WHERE', "NOT EXISTS", 'FROM "sales_order"')
    assert _asked(company, "2026-03-19", *gone) == 1, "the first of five days"
    assert [one[2] for one in states(company)] == ["missed", "missed", "open"]


def test_what_nobody_owes_is_not_looked_at_day_by_day(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    customer.owner = None
    saved(customer)
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        ordered(customer, day)
    assert _asked(company, "2026-03-08", 'INSERT INTO "rulebook_duty"') == 0
    assert states(company) == []


def test_a_rule_that_names_what_is_not_there_sleeps_and_says_so(adopt: Adopt, customer: Account) -> None:
    version = adopt("CASE-06", {**VISIT_AFTER_ORDER, "about": "support.case"}, "2026-03-01")
    version.clause.refresh_from_db()
    assert str(LATER["support.case"]) in version.clause.waits_for
    assert judged(customer.company, "2026-03-02") == {}


def test_another_company_is_not_judged(adopt: Adopt, customer: Account, outsider: User) -> None:
    adopt("FUP-01", MONTHLY_TALK, "2026-03-01")
    saved(Account(company=outsider.company, name="别家客户", owner=outsider, is_key=True))
    judged(customer.company, "2026-03-02")
    assert Duty.objects.count() == 1


@pytest.mark.req("GOV-06")
def test_a_table_without_rows_is_not_asked_and_its_first_row_is_seen(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    with CaptureQueriesContext(connection) as asked:
        assert judged(company, "2026-03-02") == {}
    orders = Order._meta.db_table
    assert [one for one in asked.captured_queries if f'FROM "{orders}"' in one["sql"].split("EXISTS", 1)[0]] == []
    ordered(customer, "2026-03-03")
    assert judged(company, "2026-03-03")["opened"] == 1
    talk(customer, "2026-03-04")
    judged(company, "2026-03-04")
    assert states(company) == [("RV-05", "2026-03-10", "met")]


def test_a_duty_about_a_letter_is_called_by_its_first_line(adopt: Adopt, customer: Account) -> None:
    rule = {
        "kind": "within", "about": "interactions.interaction", "customer": "account", "who": "account.owner", "from": "at",
        "within": [2, "days"], "done": {"by": "customers.need", "at": "on", "match": [["account", "account"]]},
    }  # fmt: skip
    adopt("OWN-9", rule, "2026-01-01")
    for content in ("询价\n您好：\n\n请报价。", "电" * 90, ""):
        on("2026-01-05", lambda content=content: saved(Interaction(
            company=customer.company, account=customer, owner=customer.owner, content=content, at=at("2026-01-05 09:00"))))  # fmt: skip
    judged(customer.company, "2026-01-06 10:00")
    assert set(Duty.objects.values_list("title", flat=True)) == {"询价", "电" * 60, ""}
