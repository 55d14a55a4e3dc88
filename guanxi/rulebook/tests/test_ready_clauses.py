"""Clauses of the ready books at work: the facts of the product as evidence, absence noticed, the right people told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.conftest import saved
from guanxi.custody.models import CardReview
from guanxi.customers.models import Account, StageChange
from guanxi.filing.models import Registration
from guanxi.interactions.models import Interaction
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.org.models import Absence, Department, Notice, SignIn, User
from guanxi.rulebook.engine.times import local_day
from guanxi.rulebook.models import Duty, DutyStep, Regulation
from guanxi.rulebook.services.bookfile import read_book
from guanxi.rulebook.services.books import load, ready
from guanxi.rulebook.tests.conftest import at, judged, on
from guanxi.rulebook.tests.test_books import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def use_book(company: Company) -> None:
    load(company, next(book for book in ready() if book.slug == "system-use"), effective_on=date(2026, 3, 2))


def duties(code: str) -> list[tuple[str, str]]:
    rows = Duty.objects.filter(clause__code=code).order_by("opened_on", "owner__username")
    return [(d.opened_on.isoformat(), d.state) for d in rows]


def signs_in(person: User, moment: str) -> None:
    values = {"username": person.username, "at": at(moment), "ok": True, "method": "password"}
    saved(SignIn(company=person.company, user=person, **values))


@pytest.mark.req("USE-01")
def test_a_working_day_without_signing_in_is_noticed(company: Company, seller: User, use_book: None) -> None:
    User.objects.filter(pk=seller.pk).update_silently(last_login=clock.now(), created_at=at("2026-01-05"))
    signs_in(seller, "2026-03-02 09:00")
    signs_in(seller, "2026-03-07 09:00")  # a Saturday is nobody's duty
    judged(company, "2026-03-04 10:00")
    assert duties("USE-01") == [("2026-03-02", "met"), ("2026-03-03", "missed"), ("2026-03-04", "open")]


@pytest.mark.req("USE-03")
def test_two_weeks_without_signing_in_are_noticed_until_the_person_comes_back(
    company: Company, seller: User, use_book: None
) -> None:
    User.objects.exclude(pk=seller.pk).update_silently(is_active=False)
    User.objects.filter(pk=seller.pk).update_silently(created_at=at("2026-01-05"))
    signs_in(seller, "2026-03-02 09:00")
    judged(company, "2026-03-16 10:00")
    assert duties("USE-03") == []
    judged(company, "2026-03-18 10:00")
    assert duties("USE-03") == [("2026-03-18", "open")]
    signs_in(seller, "2026-03-18 15:00")
    judged(company, "2026-03-18 16:00")
    assert duties("USE-03") == [("2026-03-18", "met")]


def duty(code: str) -> Duty:
    return Duty.objects.select_related("owner").get(clause__code=code)


def load_all(company: Company, day: str) -> None:
    for book in ready():
        load(company, book, effective_on=date.fromisoformat(day))


@pytest.mark.req("GOV-06", "AUTO-02")
def test_every_clause_that_waits_for_nothing_is_judged_over_the_turn_of_a_year(
    company: Company, headquarters: Department, hire: Any, customer: Account
) -> None:
    relations = hire("relations", "relations-specialist", headquarters)
    operations = hire("operations", "operations-specialist", headquarters)
    with clock.shifted(at("2025-12-29 09:00")):
        load_all(company, "2025-12-30")
    judged(company, "2026-01-06 10:00")
    assert (duty("TRAIN-01").owner, duty("TRAIN-01").state) == (relations, "open")
    assert (duty("TRAIN-01").opened_on, local_day(duty("TRAIN-01").due_at)) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (duty("QUAL-12").owner, duty("QUAL-08-a").owner) == (operations, operations)
    assert duty("QUAL-08-a").opened_on == date(2026, 1, 5)


@pytest.mark.req("QUAL-01")
def test_a_walk_in_is_filed_before_closing_or_the_accountant_and_the_head_hear_of_it(
    company: Company, seller: User, leader: User, hire: Any
) -> None:
    accountant = hire("accountant", "branch-accountant", seller.department)
    Department.objects.filter(pk=seller.department_id).update_silently(head=leader)
    load_all(company, "2026-03-02")
    values = {"company": company, "owner": seller, "department": seller.department, "origin": "walk_in"}
    with clock.shifted(at("2026-03-03 10:00")):
        for name in ("王一", "王二"):
            saved(Registration(**values, name=name, phone="13900000001", registered_on=date(2026, 3, 3)))
    Registration.objects.filter(name="王一").update_silently(state="filed", filed_at=at("2026-03-03 17:50"))
    judged(company, "2026-03-03 17:55")
    judged(company, "2026-03-03 18:30")
    found = Duty.objects.filter(clause__code="QUAL-01").order_by("title")
    assert [(d.title, d.state, d.owner) for d in found] == [("王一", "met", accountant), ("王二", "missed", accountant)]
    assert timezone.localtime(found[1].due_at).strftime("%H:%M") == "18:00"
    assert list(DutyStep.objects.filter(duty=found[1]).order_by("level").values_list("to__username", flat=True)) == [
        "accountant", "leader",
    ]  # fmt: skip


@pytest.mark.req("CARD-01")
def test_the_head_reviews_the_cards_of_those_who_have_customers_once_a_week(
    company: Company, seller: User, rival: User, leader: User, customer: Account
) -> None:
    Department.objects.filter(pk=seller.department_id).update_silently(head=leader)
    load_all(company, "2026-03-02")
    review = {
        "company": company,
        "owner": seller,
        "department": seller.department,
        "reviewer": leader,
        "looked": 3,
        "score": 4,
    }
    on("2026-03-04", lambda: saved(CardReview(**review, week=date(2026, 3, 2))))
    judged(company, "2026-03-16 10:00")
    found = Duty.objects.filter(clause__code="CARD-01").order_by("opened_on")
    assert [(d.subject_id, d.owner, d.opened_on.isoformat(), d.state) for d in found] == [
        (seller.pk, leader, "2026-03-02", "met"), (seller.pk, leader, "2026-03-09", "missed"),
        (seller.pk, leader, "2026-03-16", "open"),
    ]  # fmt: skip


@pytest.mark.req("ORG-14")
def test_rules_a_department_has_written_are_to_be_filed_by_publishing_them(company: Company, leader: User) -> None:
    load_all(company, "2026-03-02")
    own = Regulation(company=company, code="east", title="东区细则", created_by=leader)
    on("2026-03-03", lambda: saved(own))
    judged(company, "2026-03-04 10:00")
    assert (duty("ORG-14").owner, duty("ORG-14").title, duty("ORG-14").state) == (leader, "东区细则", "open")
    load(company, read_book(json.dumps({**SMALL, "book": "east"})), effective_on=date(2026, 3, 5))
    judged(company, "2026-03-05 10:00")
    assert duty("ORG-14").state == "met"


@pytest.mark.req("USE-02")
def test_who_travels_signs_in_twice_a_week(company: Company, seller: User, use_book: None) -> None:
    days = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 18)}
    saved(Absence(company=company, owner=seller, department=seller.department, kind="travel", **days))
    for moment in ("2026-03-03 09:00", "2026-03-05 09:00", "2026-03-10 09:00"):
        signs_in(seller, moment)
    judged(company, "2026-03-16 10:00")
    assert duties("USE-02") == [("2026-03-02", "met"), ("2026-03-09", "missed"), ("2026-03-16", "open")]
    assert set(Duty.objects.filter(clause__code="USE-02").values_list("owner_id", flat=True)) == {seller.pk}


@pytest.mark.req("COMM-05")
def test_key_customers_get_something_useful_each_quarter_or_head_and_customer_relations_hear_of_it(
    client: Client, company: Company, seller: User, leader: User, hire: Any, headquarters: Department
) -> None:
    relations = hire("relations", "relations-specialist", headquarters)
    Department.objects.filter(pk=seller.department_id).update_silently(head=leader)
    book = next(book for book in ready() if book.slug == "customer-experience")
    with clock.shifted(at("2026-03-30 09:00")):
        load(company, book, effective_on=date(2026, 4, 1))
    mine = {"company": company, "owner": seller, "department": seller.department}
    told, heard, silent = (saved(Account(**mine, name=name, grade="A")) for name in ("甲厂", "乙厂", "丙厂"))
    saved(Account(**mine, name="丁厂", grade="B"))  # of no such class
    talks = ((told, "out", "general", "2026-06-30 17:00"), (heard, "in", "inquiry", "2026-05-06 10:00"))
    for card, direction, kind, moment in talks:  # what the customer asked offers nothing
        saved(Interaction(**mine, account=card, direction=direction, kind=kind, channel="phone", at=at(moment)))
    judged(company, "2026-06-30 18:00")
    assert {one.user for one in Notice.objects.all()} == {seller}, "only a reminder as long as there is time"

    def mine_listed(view: str) -> list[bool]:
        with clock.shifted(at("2026-07-08 10:00")):
            client.force_login(seller)
            page = client.get(f"/duties/?view={view}").content.decode()
        return [row.name in page for row in (told, heard, silent)]

    judged(company, "2026-07-08 10:00")
    ended = Duty.objects.filter(clause__code="COMM-05", opened_on=date(2026, 4, 1)).values_list(
        "account__name", "state"
    )
    assert dict(ended) == {"甲厂": "met", "乙厂": "missed", "丙厂": "missed"}
    assert mine_listed("missed") == [False, True, True]
    steps = DutyStep.objects.filter(duty__account=silent).order_by("level").values_list("to__username", flat=True)
    assert list(steps) == ["seller", "seller", "leader", "relations"]
    assert {Notice.objects.filter(user=one, url__contains="/duties/").exists() for one in (leader, relations)} == {True}


def test_a_duty_about_a_choice_is_named_by_its_word(company: Company, customer: Account) -> None:
    load_all(company, "2026-03-02")
    on("2026-03-03", lambda: saved(StageChange(company=company, account=customer, old="deal", new="lost")))
    judged(company, "2026-03-04 10:00")
    made = Duty.objects.get(clause__code="CHURN-05-b")
    word = dict(StageChange._meta.get_field("new").choices)["lost"]
    assert (made.title, made.account) == (f"{StageChange._meta.verbose_name} {word}", customer)
    assert made.title != "lost"
