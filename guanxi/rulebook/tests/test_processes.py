"""Every step of a customer process has a responsible role and a written standard, shown on the step itself (ORG-13)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.models import FlowStep
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subjects
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import ReturnVisit, Visit, VisitPlan
from guanxi.kernel import work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.org.presets import PRESETS
from guanxi.org.services import furnish
from guanxi.rulebook.models import Clause, ProcessStep
from guanxi.rulebook.services.books import load, ready
from guanxi.rulebook.services.processes import declared, seed
from guanxi.sales.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def furnished(company: Company) -> Company:
    furnish(company)
    return company


def test_every_declared_step_is_taken_on_rows_there_are() -> None:
    roles = {preset["code"] for preset in PRESETS}
    for row in declared():
        model = entity(row["about"]).model
        states = {"new", *(value for value, _label in _choices(model))}
        assert (set(row["states"]) - states, row["role"] in roles, bool(row["standard"])) == (set(), True, True), row
    names = [(row["about"], state) for row in declared() for state in row["states"] or [""]]
    assert len(names) == len(set(names))


def _choices(model: Any) -> Any:
    return next((field.choices for field in model._meta.fields if field.name == "state"), None) or ()


@pytest.mark.req("ORG-13")
def test_the_page_and_the_form_of_a_step_say_who_answers_for_it_and_how(
    furnished: Company, client: Client, seller: User, customer: Account
) -> None:
    day = date(2026, 3, 2)
    order = saved(
        Order(
            company=furnished, account=customer, owner=seller, department=seller.department, ordered_on=day, due_on=day
        )
    )
    client.force_login(seller)
    first = step_of("sales.order", "draft")
    for address in ("/orders/new/", f"/orders/{order.pk}/"):
        page = client.get(address).content.decode()
        assert (first.title in page, first.standard in page, first.role.name in page) == (True, True, True)
        assert step_of("sales.order", "confirmed").standard not in page
    order.state = Order.State.CONFIRMED
    saved(order)
    page = client.get(f"/orders/{order.pk}/").content.decode()
    assert (first.standard in page, step_of("sales.order", "confirmed").standard in page) == (False, True)


@pytest.mark.req("ORG-13")
def test_a_step_of_an_approval_says_by_which_standard_it_is_decided(
    furnished: Company, client: Client, seller: User, leader: User, east: Department
) -> None:
    east.head = leader
    saved(east)
    step = FlowStep.objects.get(flow__kind="interactions.visit_plan")
    client.force_login(leader)
    plan = saved(
        VisitPlan(
            company=furnished,
            owner=seller,
            department=east,
            focus="走访",
            starts_on=date(2026, 3, 2),
            ends_on=date(2026, 3, 6),
        )
    )
    approval = ask(Request("interactions.visit_plan", "拜访计划", row=plan, payload={"plan": plan.pk}), actor=seller)
    page = client.get(f"/approvals/{approval.pk}/").content.decode()
    assert (step.standard != "", step.standard in page, leader.name in page) == (True, True, True)


@pytest.mark.req("ORG-13")
def test_one_page_shows_all_processes_and_marks_what_is_missing(
    furnished: Company, client: Client, owner: User
) -> None:
    client.force_login(owner)
    whole = client.get("/processes/").content.decode()
    for step in ProcessStep.objects.all():
        assert (step.title in whole, step.standard in whole) == (True, True)
    assert all(str(one.label) in whole for one in subjects())
    assert "missing<" not in whole
    first, second = ProcessStep.objects.order_by("position")[:2]
    page = client.get(f"/process-steps/{first.pk}/edit/").content.decode()
    assert 'name="standard"' in page
    first.standard, second.role = "", None
    saved(first)
    saved(second)
    approving = FlowStep.objects.filter(company=furnished).first()
    approving.standard = ""
    saved(approving)
    page = client.get("/processes/").content.decode()
    assert (page.count("missing<"), "3 steps lack" in page) == (5, True), "three steps and the heads of both processes"
    opened = re.findall(r'aria-label="Show the steps: ([^"]+)" checked', page)
    assert len(opened) == 2 and opened[0] == first.process, "what lacks something lies open on a phone too"


@pytest.mark.req("ORG-13")
def test_the_company_writes_its_own_standard_and_keeps_it(
    furnished: Company, client: Client, seller: User, owner: User, customer: Account
) -> None:
    step = step_of("sales.order", "draft")
    client.force_login(owner)
    data = {
        "process": step.process, "title": step.title, "role": step.role_id, "position": step.position,
        "standard": "先电话确认库存，再报送订单。", "clause_code": "", "version": step.version, "key": "k1",
    }  # fmt: skip
    done = client.post(f"/process-steps/{step.pk}/edit/", data)
    assert done.status_code in (204, 302), done.content.decode()[:2000]
    assert seed_again(furnished) == 0
    client.force_login(seller)
    assert "先电话确认库存，再报送订单。" in client.get("/orders/new/").content.decode()
    answer = client.post(f"/process-steps/{step.pk}/edit/", {**data, "standard": "随意", "key": "k2"})
    assert answer.status_code == 403


def step_of(about: str, state: str) -> ProcessStep:
    return next(step for step in ProcessStep.objects.filter(about=about) if state in step.states)


def seed_again(company: Company) -> int:
    return work.unit_of_work(lambda: seed(company))


@pytest.mark.req("GOV-03", "ORG-13")
def test_the_hint_on_a_form_names_regulation_article_and_title_and_no_code(
    furnished: Company, client: Client, owner: User
) -> None:
    load(furnished, next(book for book in ready() if any(one.code == "CARD-05-a" for one in book.clauses)))
    clause = Clause.objects.select_related("article__regulation").get(company=furnished, code="CARD-05-a")
    assert clause.article is not None
    client.force_login(owner)
    page = client.get("/visit-plans/new/").content.decode()
    assert f"{clause.article.regulation} {clause.article.number} {clause.article.title}" in page
    assert "CARD-05" not in page and "CARD-05" not in client.get("/processes/").content.decode()


@pytest.mark.req("ORG-13")
def test_pages_made_for_the_work_itself_show_the_step_like_the_record(
    furnished: Company, client: Client, seller: User, leader: User, east: Department, customer: Account
) -> None:
    east.head = leader
    saved(east)
    mine = {"company": furnished, "owner": seller, "department": east, "account": customer}
    visit = saved(Visit(**mine, day=date(2026, 3, 2), purpose="走访", state="started"))
    back = saved(ReturnVisit(**mine, due_on=date(2026, 3, 2)))
    pages = ((seller, f"/visits/{visit.pk}/report/", step_of("interactions.visit", "started")),
             (leader, f"/return-visits/{back.pk}/report/", step_of("interactions.returnvisit", "open")),
             (leader, "/card-reviews/week/", ProcessStep.objects.get(about="custody.cardreview")),
             (leader, "/card-reviews/week/", ProcessStep.objects.get(about="custody.daytalk")))  # fmt: skip
    for who, address, step in pages:
        client.force_login(who)
        page = client.get(address).content.decode()
        assert (step.title in page, step.standard in page, step.role.name in page) == (True, True, True), address
