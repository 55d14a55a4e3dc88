"""Annual goals over HTTP: set once, assessed quarter by quarter from what was done, on paper too (ANLY-06, GOV-05)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import ReturnVisit, ServiceRequest
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.rulebook.models import Assessment, Goal
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, VISIT_AFTER_ORDER, Adopt, at
from guanxi.rulebook.tests.figures import article, duty


def goal(company: Company, indicator: str, least: int, **values: Any) -> Goal:
    return saved(Goal(company=company, year=2026, indicator=indicator, at_least=least, **values))


def rows_of(page: str, heading: str) -> list[list[str]]:
    """What stands in the lines of a table: percentages, dashes and the word of the state."""
    table = page[page.index(heading) :].split("</table>")[0]
    return [
        re.findall(r">([\d.]+%|—|Goal met|Below the goal|No figures yet)<", row)[-7:] for row in table.split("<tr>")[2:]
    ]


@pytest.fixture
def books(adopt: Adopt, seller: User) -> Company:
    """Of the first regulation 1 of 2 were kept in the first quarter and 2 of 2 in the second; of the other nothing was owed."""
    first, other = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01"), adopt("FUP-01", MONTHLY_TALK, "2026-01-01")
    article(first, "第七条", "购后回访")
    for day, state in (("2026-02-03", "met"), ("2026-03-31", "missed"), ("2026-04-01", "met"), ("2026-05-05", "met")):
        duty(first, seller, day, state)
    duty(other, seller, "2026-05-06", "missed")  # of no regulation
    return seller.company


@pytest.mark.req("ANLY-06")
def test_a_goal_shows_by_itself_where_it_stands_each_quarter(
    client: Client, owner: User, seller: User, books: Company
) -> None:
    regulation = next(row for row in books_of(books) if row.articles.exists())
    goal(books, "observed", 75)
    goal(books, "observed", 70, regulation=regulation)
    goal(books, "satisfied", 50, department=Department.objects.filter(company=books).first())
    goal(books, "solved", 90)
    card = saved(Account(company=books, owner=seller, department=seller.department, name="甲公司"))
    asked = {"company": books, "account": card, "owner": seller, "department": seller.department}
    for reason, score in (("periodic", 5), ("purchase", 4), ("annual", 2)):
        saved(
            ReturnVisit(
                **asked,
                reason=reason,
                way="phone",
                due_on=date(2026, 4, 9),
                state="done",
                done_at=at("2026-04-08"),
                satisfaction=score,
            )
        )
    saved(ServiceRequest(**asked, problem="渗水", due_at=at("2026-07-01")))  # not due yet: counts for nothing
    client.force_login(owner)
    with clock.shifted(at("2026-06-20")):
        page = client.get("/goals/year/").content.decode()
        assert rows_of(page, "Goals and what was reached</h2>") == [
            ["75.0%", "50.0%", "66.7%", "—", "—", "60.0%", "Below the goal"],
            ["50.0%", "—", "66.7%", "—", "—", "66.7%", "Goal met"],
            ["90.0%", "—", "—", "—", "—", "—", "No figures yet"],
            ["70.0%", "50.0%", "100.0%", "—", "—", "75.0%", "Goal met"],
        ]
        href = next(link for link in re.findall(r'href="(/duties/[^"]+)">50.0%', page))
        assert client.get(href.replace("&amp;", "&").replace("&quot;", '"')).content.decode().count("<tr id=") == 2
        assert "66.7%" in client.get("/compliance/report/?month=2026-06").content.decode()
        assert rows_of(client.get("/goals/year/?year=2025").content.decode(), "Goals and what was reached</h2>") == [[]]
        assert [client.get(f"/goals/year/?year={text}").status_code for text in ("x", "0", "9" * 5_000)] == [200] * 3


def books_of(company: Company) -> Any:
    from guanxi.rulebook.models import Regulation

    return Regulation.objects.filter(company=company)


@pytest.mark.req("GOV-05")
def test_plan_training_execution_check_and_improvement_of_a_regulation_stand_in_one_line(
    client: Client, owner: User, leader: User, seller: User, books: Company
) -> None:
    regulation = next(row for row in books_of(books) if row.articles.exists())
    clause = regulation.articles.get().clauses.get()
    goal(books, "observed", 70, regulation=regulation)
    for finding, state in (("拖延", "open"), ("漏填", "closed")):
        saved(Assessment(company=books, owner=seller, department=seller.department, clause=clause, finding=finding, measure="核对",
                         state=state, found_on=date(2026, 4, 1), due_on=date(2026, 4, 30)))  # fmt: skip
    client.force_login(owner)
    with clock.shifted(at("2026-06-20")):
        page = client.get("/goals/year/").content.decode()
    row = next(part for part in page.split("<tr>") if regulation.title in part and "findings" in part)
    for words in ("1 goals · 1 clauses", ">75.0%<", "2 findings", "1 corrected, 1 open"):
        assert words in row
    client.force_login(seller)
    assert client.get("/goals/year/").status_code == 403


@pytest.mark.req("ANLY-06")
def test_a_goal_is_set_once_and_only_for_a_regulation_where_it_can_be_told(
    client: Client, owner: User, books: Company
) -> None:
    regulation = next(row for row in books_of(books) if row.articles.exists())
    client.force_login(owner)
    sent = {"year": "2026", "indicator": "solved", "at_least": "90", "plan": "每周清逾期", "key": "a"}
    assert client.post("/goals/new/", sent).status_code == 302
    again = client.post("/goals/new/", {**sent, "key": "b"})
    assert again.status_code == 422 and "There is a goal for this already." in again.content.decode()
    wrong = client.post("/goals/new/", {**sent, "regulation": regulation.pk, "key": "c"})
    assert wrong.status_code == 422 and "leave it empty" in wrong.content.decode()
    assert client.post("/goals/new/", {**sent, "at_least": "120", "year": "2027", "key": "d"}).status_code == 422
    made = Goal.objects.get()
    with clock.shifted(at("2026-06-20")):
        page = client.get(f"/goals/{made.pk}/").content.decode()
    assert rows_of(page, "Goals and what was reached</h2>") == [["90.0%", "—", "—", "—", "—", "—", "No figures yet"]]
    assert ">2026<" in page and "2,026" not in page, "a year is no amount"
