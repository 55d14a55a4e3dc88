"""Ready rulebooks in the browser: what a new edition would change is shown, loaded after a yes, and never over the company's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.models import Approval, Vote
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.org.models import User
from guanxi.rulebook.models import Clause, ClauseVersion
from guanxi.rulebook.services import editions
from guanxi.rulebook.services.bookfile import Book, BookArticle, BookClause
from guanxi.rulebook.services.books import load
from guanxi.rulebook.services.clauses import new_version, put_into_force
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, PHONE_KNOWN, VISIT_AFTER_ORDER, at

PAGE = "/rulebooks/"
TODAY = at("2026-03-09 10:00")


def book(edition: str, *clauses: BookClause) -> Book:
    article = BookArticle("总则", "第一条", "回访", "购买后回访。", "业务部", "客户关系部", clauses)
    return Book("visits", "客户回访制度", edition, "004", "为了客户", "全公司", "", (article,))


VISIT, TALK, PHONE = (
    BookClause(code, title, "", spec)
    for code, title, spec in (
        ("RV-05", "购后回访", VISIT_AFTER_ORDER),
        ("COMM-05", "每月联系", MONTHLY_TALK),
        ("INFO-20", "留下电话", PHONE_KNOWN),
    )
)


@pytest.fixture
def chief(owner: User) -> User:
    """The head of the whole company, above whom nobody is asked."""
    top = owner.department
    assert top is not None
    top.head = owner
    saved(top)
    return owner


@pytest.fixture
def upgraded(chief: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    """The company loaded the first edition and changed one clause; the product now brings a second one."""
    with clock.shifted(TODAY):
        load(chief.company, book("1", VISIT, TALK), effective_on=date(2026, 3, 1))
        own = {**MONTHLY_TALK, "times": 5}
        work.unit_of_work(
            lambda: put_into_force(
                new_version(Clause.objects.get(code="COMM-05"), own, date(2026, 3, 2), note="五次"), chief
            )
        )
        newer = book(
            "2",
            replace(VISIT, spec={**VISIT_AFTER_ORDER, "within": [3, "days"]}),
            replace(TALK, spec={**MONTHLY_TALK, "times": 3}),
            PHONE,
        )
        monkeypatch.setattr(editions, "shipped", lambda: (newer,))
        yield chief


def sent(**more: Any) -> dict[str, Any]:
    return {"book": "visits", "effective_on": "2026-03-10", "reason": "随版本升级", "key": "k1", **more}


@pytest.mark.req("GOV-02")
def test_a_new_edition_is_announced_shown_and_loaded_around_the_companys_own_rules(
    client: Client, upgraded: User, seller: User
) -> None:
    client.force_login(upgraded)
    for there in ("/regulations/", "/clauses/"):
        assert "“客户回访制度” (2)" in client.get(there).content.decode()
    page = client.get(PAGE).content.decode()
    assert "1 clause changed" in page and "1 new clause" in page
    assert "1 clause your company has changed itself stays as it is" in page
    assert ("<del>7</del>" in page, "<ins>3</ins>" in page) == (True, True)
    answer = client.post(PAGE, sent())
    assert answer.status_code in (204, 302)
    versions = {row.clause.code: row for row in ClauseVersion.objects.filter(state="published").order_by("number")}
    assert versions["RV-05"].spec["within"] == [3, "days"]
    assert versions["RV-05"].effective_on == date(2026, 3, 10)
    assert versions["COMM-05"].spec["times"] == 5, "the company's own"
    assert versions["INFO-20"].number == 1
    asked = Approval.objects.get()
    assert (asked.state, asked.reason, asked.outcome) == ("agreed", "随版本升级", "2 clauses in force from 2026-03-10")
    client.post(PAGE, sent())
    assert ClauseVersion.objects.count() == 5, "the same request twice is one"
    assert "Your company has all of it" not in client.get(PAGE).content.decode()  # what was kept is still told
    assert "“客户回访制度”" not in client.get("/clauses/").content.decode()
    assert client.post(PAGE, sent(key="k2")).status_code == 422, "nothing new any more"
    history = client.get(f"/clause-versions/{versions['RV-05'].pk}/history/").content.decode()
    assert upgraded.name in history


@pytest.mark.req("GOV-02")
def test_where_somebody_must_agree_nothing_changes_before(
    client: Client, upgraded: User, leader: User, seller: User
) -> None:
    (role,) = seller.roles.all()
    role.grants = {**role.grants, "rulebook.clause": {"verbs": ["view", "change", "publish"], "scope": "all"}}
    saved(role)
    department = seller.department
    assert department is not None
    department.head = leader
    saved(department)
    client.force_login(User.objects.get(pk=seller.pk))
    assert client.post(PAGE, sent()).status_code in (204, 302)
    assert ClauseVersion.objects.count() == 3
    assert "Waits for approval" in client.get(PAGE).content.decode()
    assert client.post(PAGE, sent(key="k2")).status_code == 422
    vote = Vote.objects.get()
    client.force_login(leader)
    page = client.get(f"/approvals/{vote.approval_id}/").content.decode()
    assert "<del>7</del>" in page and "留下电话" in page, "who decides sees what would change"
    assert "<dt>Effective from</dt><dd>2026-03-10</dd>" in page


def test_only_who_may_publish_rules_loads_them(client: Client, upgraded: User, seller: User, customer: Account) -> None:
    client.force_login(seller)
    assert (client.get(PAGE).status_code, client.post(PAGE, sent()).status_code) == (403, 403)
    assert "客户回访制度” (" not in client.get("/clauses/").content.decode()


@pytest.mark.parametrize(("day", "why"), [("", "from which day"), ("2026-03-08", "from today on at the earliest")])
def test_a_day_that_is_over_or_none_is_refused_at_the_book(client: Client, upgraded: User, day: str, why: str) -> None:
    client.force_login(upgraded)
    answer = client.post(PAGE, sent(effective_on=day))
    assert (answer.status_code, ClauseVersion.objects.count()) == (422, 3)
    found = re.search(r'class="ferr" role="alert">.*?</svg>([^<]*)<', answer.content.decode(), re.S)
    assert found and why in found[1]


def test_a_company_without_rules_puts_a_ready_book_into_use(client: Client, chief: User) -> None:
    client.force_login(chief)
    assert "6 ready rulebooks not in use" in client.get("/regulations/").content.decode()
    page = client.get(PAGE).content.decode()
    assert page.count('value="system-use"') == 1
    assert "Edition 2026.2 · 9 clauses" in page
    today = clock.today().isoformat()
    assert client.post(PAGE, sent(book="system-use", effective_on=today)).status_code in (204, 302)
    assert Clause.objects.filter(code="USE-01", article__regulation__code="system-use").count() == 1
    assert "5 ready rulebooks not in use" in client.get("/regulations/").content.decode()


def test_a_clause_that_slept_is_offered_once_it_can_work(client: Client, upgraded: User) -> None:
    client.force_login(upgraded)
    client.post(PAGE, sent())
    Clause.objects.filter(code="INFO-20").update_silently(waits_for="电话簿")
    assert "“客户回访制度” (1)" in client.get("/clauses/").content.decode()
    assert "1 clause finds what it waited for" in client.get(PAGE).content.decode()
    assert client.post(PAGE, sent(key="k2")).status_code in (204, 302)
    assert Clause.objects.get(code="INFO-20").waits_for == ""
