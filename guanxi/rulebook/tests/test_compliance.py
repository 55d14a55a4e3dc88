"""Compliance over HTTP: rates worked out by hand, figures that open their rows, trend, reach, assessments, the report."""

from __future__ import annotations

import copy
import html
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.conftest import saved
from guanxi.kernel import clock, ids, work
from guanxi.kernel.models import Company
from guanxi.org.models import SignIn, User
from guanxi.rulebook.models import Assessment, ClauseVersion, Duty
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, PHONE_KNOWN, VISIT_AFTER_ORDER, Adopt, at
from guanxi.rulebook.tests.figures import about, article, duty, follow

PAGE = "/compliance/?every=month&on=2026-03-15"
REPORT = "/compliance/report/?month=2026-03"


@pytest.fixture
def march(adopt: Adopt, customer: Any, seller: User, rival: User, stranger: User) -> Company:
    """A: seller 3 kept, 1 late, 1 missed; stranger 1 kept, 1 missed.  B: rival 1 kept, 1 missed, 1 waived.

    So A 4 of 7, B 1 of 2, all 5 of 9; east 4 of 7, west 1 of 2.  In February A 1 of 2.
    """
    a, b = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01"), adopt("FUP-01", MONTHLY_TALK, "2026-01-01")
    article(a, "第七条", "购后回访")
    for owner, state in ((seller, "met"), (stranger, "met"), (seller, "late"), (stranger, "missed"), (seller, "void")):
        duty(a, owner, "2026-03-05", state)
    duty(a, seller, "2026-03-01", "met")
    duty(a, seller, "2026-03-31", "met", **about(customer))
    duty(a, seller, "2026-03-31", "missed", **about(customer))
    duty(b, rival, "2026-03-31", "met")
    duty(b, rival, "2026-03-31", "missed")
    duty(b, rival, "2026-03-31", "waived", note="休产假", decided_by=seller)
    for day, state in (("2026-02-28", "met"), ("2026-02-01", "missed"), ("2026-04-01", "missed")):
        duty(a, seller, day, state)
    return customer.company  # type: ignore[no-any-return]


def page_of(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    with clock.shifted(at("2026-04-02")):
        return client.get(url).content.decode()


def line(page: str, name: str) -> list[str]:
    """Rate and figures of one line of the table."""
    row = next(part for part in page.split("<tr>") if name in part).split("</tr>")[0]
    return re.findall(r">([\d.]+%|\d+|—)<", row)


@pytest.mark.req("GOV-04")
def test_rates_by_clause_department_person_and_customer_are_right(client: Client, owner: User, march: Company) -> None:
    by = {name: page_of(client, owner, f"{PAGE}&by={name}") for name in ("clause", "department", "person", "customer")}
    assert re.search(r'<b class="kpi-v num t-red">55\.6%</b>', by["clause"])
    table = {name: page[page.index('<table class="tbl') :] for name, page in by.items()}
    # rate, decided, on time, late, missed, waived, open
    assert line(table["clause"], "RV-05") == ["57.1%", "7", "4", "1", "2", "0", "0"]
    assert line(table["clause"], "FUP-01") == ["50.0%", "2", "1", "0", "1", "1", "0"]
    assert line(table["department"], "总部") == ["55.6%", "9", "5", "1", "3", "1", "0"]
    assert line(table["department"], "华东一店") == ["57.1%", "7", "4", "1", "2", "1", "0"]
    assert line(table["department"], "西部一店") == ["50.0%", "2", "1", "0", "1", "0", "0"]
    assert line(table["person"], "林知远") == ["60.0%", "5", "3", "1", "1", "0", "0"]
    assert line(table["person"], "陈书意") == ["50.0%", "2", "1", "0", "1", "1", "0"]
    assert line(table["customer"], "杭州启明") == ["50.0%", "2", "1", "0", "1", "0", "0"]


@pytest.mark.req("GOV-06")
def test_every_figure_opens_exactly_the_duties_it_counts(client: Client, owner: User, march: Company) -> None:
    found = {}
    for by in ("clause", "department", "person", "customer"):
        page = page_of(client, owner, f"{PAGE}&by={by}")
        with clock.shifted(at("2026-04-02")):
            found[by] = follow(client, page[page.index('<table class="tbl') :])
    assert found == {"clause": 8, "department": 13, "person": 11, "customer": 3}


def test_the_worst_article_comes_first_with_its_move_against_the_month_before(
    client: Client, owner: User, march: Company
) -> None:
    page = page_of(client, owner, PAGE)
    worst = page[page.index("Least observed") : page.index("Divide by")]
    assert worst.index("FUP-01") < worst.index("RV-05")
    assert "+7.1 points" in worst and "第七条" in worst
    assert '"data": [null, null, null, null, 50.0, 55.6]' in page


def test_a_head_sees_the_own_branch_and_a_person_the_own_duties(
    client: Client, leader: User, seller: User, stranger: User, march: Company
) -> None:
    for who, rate in ((leader, "57.1%"), (seller, "60.0%"), (stranger, "50.0%")):
        page = page_of(client, who, f"{PAGE}&by=person")
        assert f">{rate}</b>" in page
    assert "林知远" not in page[page.index('<table class="tbl') :]


def test_the_page_takes_the_same_statements_however_many_duties_there_are(
    client: Client, owner: User, march: Company, seller: User
) -> None:
    counts = []
    for _round in range(2):
        page_of(client, owner, PAGE)
        with CaptureQueriesContext(connection) as asked:
            page_of(client, owner, PAGE)
        counts.append(len(asked))
        for _n in range(30):
            duty(first_version(), seller, "2026-03-20", "met")
    assert counts[0] == counts[1]


def first_version() -> Any:
    return ClauseVersion.objects.filter(clause__code="RV-05").first()


@pytest.mark.req("GOV-04")
def test_an_assessment_names_who_corrects_it_and_is_closed_by_somebody_else(
    client: Client, leader: User, seller: User, march: Company
) -> None:
    clause = first_version().clause
    client.force_login(leader)
    sent = {"finding": "购后回访拖延", "clause": clause.pk, "found_on": "2026-04-01", "measure": "每周五核对", "owner": seller.pk,
            "due_on": "2026-05-01", "key": "a1"}  # fmt: skip
    assert client.post("/assessments/new/", sent).status_code in (204, 302)
    made = Assessment.objects.get()
    assert (made.owner, made.state, made.due_on) == (seller, "open", date(2026, 5, 1))
    page = page_of(client, leader, f"/assessments/{made.pk}/")
    assert line(page[page.index("How it is observed") :], "2026-03") == ["60.0%", "5", "3", "1", "1", "0", "0"]
    close = f"/assessments/{made.pk}/do/close/"
    client.force_login(seller)
    assert client.post(close, {"result": "做完了", "version": made.version, "key": "c1"}).status_code == 403
    client.force_login(leader)
    client.post(close, {"result": "四月全部按时", "version": made.version, "key": "c2"})
    made.refresh_from_db()
    assert (made.state, made.result) == ("closed", "四月全部按时")
    assert client.post(f"/assessments/{made.pk}/edit/", {"finding": "x", "version": made.version}).status_code == 403


@pytest.mark.req("GOV-05")
def test_plan_execution_check_and_improvement_of_an_article_stand_on_one_page(
    client: Client, leader: User, seller: User, march: Company
) -> None:
    version = first_version()
    row = saved(Assessment(company=march, owner=seller, department=seller.department, clause=version.clause,
                           finding="购后回访拖延", measure="每周五核对", found_on=date(2026, 4, 1), due_on=date(2026, 4, 30)))  # fmt: skip
    for day, state in (("2026-04-10", "met"), ("2026-04-20", "met"), ("2026-04-21", "met"), ("2026-04-22", "met")):
        duty(version, seller, day, state)
    client.force_login(leader)
    with clock.shifted(at("2026-05-04")):
        page = client.get(f"/assessments/{row.pk}/").content.decode()
        there = client.get(f"/clauses/{version.clause_id}/tab/assessments/").content.decode()
    observed = page[page.index("How it is observed") :]
    assert line(observed, "2026-03")[:2] == ["60.0%", "5"]  # what was found
    assert line(observed, "2026-04")[:2] == ["80.0%", "5"]  # what the measure brought: four kept, one missed
    assert "每周五核对" in page and "购后回访拖延" in page and "林知远" in page
    assert "购后回访拖延" in there  # and the article leads to it
    with clock.shifted(at("2026-05-04")):
        sent = {"result": "四月八成按时", "version": row.version, "key": "g5"}
        assert client.post(f"/assessments/{row.pk}/do/close/", sent).status_code in (204, 302)
        assert "四月八成按时" in client.get(f"/assessments/{row.pk}/").content.decode()


@pytest.mark.req("ANLY-05")
@pytest.mark.req("ANLY-06")
def test_the_month_end_report_tells_rates_the_worst_with_evidence_waivers_and_measures(
    client: Client, owner: User, seller: User, march: Company
) -> None:
    saved(Assessment(company=march, owner=seller, department=seller.department, clause=first_version().clause,
                     finding="三月回访拖延", measure="店长每周核对", due_on=date(2026, 4, 30), found_on=date(2026, 3, 31)))  # fmt: skip
    page = page_of(client, owner, REPORT)
    assert 'class="paper"' in page, re.sub(r"<[^>]+>", "", page)[-3000:]
    assert "远航设备" in page
    clauses, departments = page[page.index("By article") :], page[page.index("By department") :]
    assert "第七条" in clauses and line(clauses, "RV-05") == ["57.1%", "7", "4", "1", "2", "0", "0"]
    assert line(departments, "西部一店") == ["50.0%", "2", "1", "0", "1", "0", "0"]
    evidence = page[page.index("Least observed") : page.index("Trend")]
    assert evidence.index("FUP-01") < evidence.index("RV-05") and "杭州启明机械有限公司" in evidence
    trend = page[page.index("Trend") :]
    assert (line(trend, "2026-02")[:2], line(trend, "2026-03")[:2]) == (["50.0%", "2"], ["55.6%", "9"])
    assert "休产假" in page and "三月回访拖延" in page and "店长每周核对" in page
    opened = re.findall(r'<td class="num"><a href="(/duties/[^"]+)">(\d+)</a>', page)
    assert len(opened) > 20
    for href, n in opened:  # every figure of the paper is the number of duties it opens
        found = page_of(client, owner, html.unescape(href))
        assert len(set(re.findall(r'href="/duties/(\d+)/"', found))) == int(n), href


@pytest.mark.req("USE-05")
@pytest.mark.req("USE-03")
def test_the_notice_names_who_did_not_use_the_system_and_counts_by_person_and_subsidiary(
    client: Client, owner: User, seller: User, rival: User, stranger: User, leader: User, adopt: Adopt
) -> None:
    use = adopt("USE-03", PHONE_KNOWN, "2026-01-01")
    for day in ("2026-03-10", "2026-03-24"):
        duty(use, rival, day, "missed")
    duty(use, seller, "2026-03-24", "met")
    for who, day in ((seller, "2026-03-02"), (seller, "2026-03-02"), (seller, "2026-03-03"), (stranger, "2026-03-31"),
                     (rival, "2026-02-28"), (rival, "2026-04-01")):  # fmt: skip
        saved(SignIn(company=who.company, user=who, username=who.username, ok=True, at=at(f"{day} 09:00")))
    saved(SignIn(company=rival.company, user=rival, username="rival", ok=False, at=at("2026-03-05 09:00")))
    page = page_of(client, owner, "/compliance/notice/?month=2026-03")
    parts = dict(zip(("named", "units", "people"), re.split(r"<h2>", page)[2:], strict=False))
    assert "陈书意" in parts["named"] and "2 times" in parts["named"] and "林知远" not in parts["named"]
    # people, signed in, days, of 22 working days each, missed, rate: seller, rival and leader; stranger
    assert line(parts["units"], "华东一店") == ["3", "1", "2", "3.0%", "2", "33.3%"]
    assert line(parts["units"], "西部一店") == ["1", "1", "1", "4.5%", "0", "—"]
    assert line(parts["people"], "陈书意")[:1] + line(parts["people"], "林知远")[:1] == ["0", "2"]
    assert "许嘉禾" not in page_of(client, leader, "/compliance/notice/?month=2026-03")


def test_large_figures_are_read_in_thousands(client: Client, owner: User, march: Company, seller: User) -> None:
    one = duty(first_version(), seller, "2026-03-10", "met")
    work.unit_of_work(lambda: Duty.objects.bulk_create(_again(one, 1230)))
    page = page_of(client, owner, PAGE)
    assert ">1,236</b>" in page, "kept in time, as a tile"
    assert "1,240 decided" in page
    assert ">1,235</a>" in page, "kept in time, in the line of the clause"
    assert ">1,235</a></td>" in page_of(client, owner, REPORT)


def _again(one: Duty, times: int) -> list[Duty]:
    made = [copy.copy(one) for _n in range(times)]
    for n, row in enumerate(made):
        row.pk, row.turn, row._state = ids.new_id(), 10_000 + n, copy.copy(one._state)
        row._state.adding = True
    return made


def test_clauses_of_which_nothing_is_decided_stand_folded_below(
    client: Client, owner: User, adopt: Adopt, march: Company, seller: User
) -> None:
    duty(adopt("INFO-20", PHONE_KNOWN, "2026-01-01"), seller, "2026-03-31", "open")
    page = page_of(client, owner, PAGE)
    shown, folded = page[page.index('<table class="tbl') :].split("<details", 1)
    assert "1 more clause, of which nothing has been decided yet" in folded
    assert (">INFO-20<" in shown, ">INFO-20<" in folded, ">RV-05<" in shown) == (False, True, True)
