"""Duties as people meet them: on the start page, on their own page, on the customer's page."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.org.models import Absence, User
from guanxi.rulebook.models import Duty
from guanxi.rulebook.services.clauses import new_version
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, VISIT_AFTER_ORDER, Adopt, at, judged, on, talk
from guanxi.rulebook.tests.figures import about, article, duty, follow
from guanxi.sales.models import Order

NOW = at("2026-03-10 15:00")


def home(client: Client, who: User, moment: Any = NOW) -> str:
    client.force_login(who)
    with clock.shifted(moment):
        page = client.get("/").content.decode()
    start = page.find("My duties")
    return page[start : page.index("</section>", start)] if start >= 0 else ""


@pytest.mark.req("USE-04")
def test_the_start_page_lists_what_i_owe_overdue_first_with_its_article(
    client: Client, adopt: Adopt, customer: Account, seller: User, rival: User
) -> None:
    visit, monthly = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01"), adopt("FUP-01", MONTHLY_TALK, "2026-01-01")
    words = article(visit, "第七条", "购后回访")
    duty(monthly, seller, "2026-03-10", "open", **about(customer, due_at=at("2026-03-10 18:00")))
    duty(monthly, seller, "2026-02-28", "missed")  # that month is over: nothing to be done any more
    duty(visit, seller, "2026-03-08", "missed", **about(customer))
    duty(visit, seller, "2026-03-12", "open", **about(customer))
    duty(visit, seller, "2026-03-02", "met")
    duty(visit, rival, "2026-03-09", "open", title="别人的事")
    page = home(client, seller)
    assert (
        page.index("Overdue")
        < page.index("RV-05")
        < page.index("Today")
        < page.index("FUP-01")
        < page.index("This week")
    )
    assert "<details" not in page, "nothing is due later"
    assert "2 days overdue" in page and "Today before 18:00" in page and "in 2 days" in page
    assert f'href="/articles/{words.pk}/words/"' in page and f'href="/customers/{customer.pk}/"' in page
    assert f'/new/?account={customer.pk}">Do it' in page, "what is owed can be done from here"
    assert "别人的事" not in page
    assert "50.0% (1 of 2)" in page, "of March one kept and one missed"
    client.force_login(seller)
    found = 0
    for url, n in re.findall(r'href="(/duties/\?view=all[^"]+)">[^<]+</a><span class="ob-n num">(\d+)', page):
        text = client.get(html.unescape(url)).content.decode()
        assert len(re.findall(r'<th scope="row"', text)) == int(n)
        found += 1
    assert found == 3, "overdue, today, this week"
    for view, n in (("mine", 3), ("overdue", 1), ("missed", 2)):
        listed = client.get(f"/duties/?view={view}").content.decode()
        assert len(re.findall(r'<th scope="row"', listed)) == n, f"{view}: a month that is over is no work any more"
    shown = client.get(f"/articles/{words.pk}/words/", headers={"HX-Request": "true"}).content.decode()
    assert "购后回访的原文" in shown and "客户关系部" in shown
    assert client.get(f"/articles/{words.pk}/words/").headers["Location"] == f"/articles/{words.pk}/"


@pytest.mark.req("USE-04")
def test_what_does_not_fit_the_start_page_is_counted_and_one_click_away(
    client: Client, adopt: Adopt, customer: Account, seller: User
) -> None:
    visit = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01")
    for day in range(11, 16):
        duty(visit, seller, f"2026-03-{day}", "open", **about(customer))
    page = home(client, seller)
    found = re.search(r'href="(/duties/[^"]+)">2 more<', page)
    assert found is not None
    assert len(re.findall(r'<th scope="row"', client.get(html.unescape(found[1])).content.decode())) == 5


@pytest.mark.req("USE-04")
def test_what_is_due_after_this_week_is_folded_with_its_number(
    client: Client, adopt: Adopt, customer: Account, seller: User
) -> None:
    visit = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01")
    late = duty(visit, seller, "2026-03-08", "open", **about(customer))  # not judged yet
    days = ("10", "15", "16", "20", "31")  # the 10th is a Tuesday, the 15th the Sunday after it
    owed = [duty(visit, seller, f"2026-03-{day}", "open", **about(customer)) for day in days]
    page = home(client, seller)
    near, _, later = page.partition('<details class="fold ob-later">')
    assert "Due later" in later and '<small class="num">3</small>' in later
    shown = [[f"/duties/{one.pk}/" in part for one in owed] for part in (near, later)]
    assert shown == [[True, True, False, False, False], [False, False, True, True, True]]
    assert near.index("Overdue") < near.index(f"/duties/{late.pk}/") < near.index(">Today<")
    page = home(client, seller, at("2026-03-16 00:10"))
    near, _, later = page.partition("<details")
    assert f"/duties/{owed[3].pk}/" in near and f"/duties/{owed[4].pk}/" not in near, "a new week has begun"
    duties = Duty.objects.filter(pk__in=[one.pk for one in (late, *owed[:4])])
    work.unit_of_work(lambda: [one.delete() for one in duties])
    assert '<details class="fold ob-later" open>' in home(client, seller), "it is all there is"


@pytest.mark.req("USE-04")
def test_the_more_articles_ask_for_something_the_fewer_examples_of_each_are_shown(
    client: Client, adopt: Adopt, customer: Account, seller: User
) -> None:
    for n in range(4):
        clause = adopt(f"RV-0{n}", VISIT_AFTER_ORDER, "2026-01-01")
        for day in (11, 12, 13):
            duty(clause, seller, f"2026-03-{day}", "open", **about(customer))
    page = home(client, seller)
    assert page.count('class="ob"') == 4 and page.count(">2 more<") == 4


@pytest.mark.req("USE-04")
def test_a_deputy_is_shown_the_duties_of_who_is_away(
    client: Client, adopt: Adopt, customer: Account, seller: User, rival: User
) -> None:
    duty(adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01"), seller, "2026-03-12", "open", **about(customer))
    saved(Absence(company=seller.company, owner=seller, department=seller.department, deputy=rival,
                  starts_on=date(2026, 3, 9), ends_on=date(2026, 3, 11)))  # fmt: skip
    assert "stands in for 林知远" in home(client, rival)
    assert "stands in" not in home(client, seller)
    assert home(client, rival, NOW + timedelta(days=7)) == ""


@pytest.mark.req("GOV-03")
@pytest.mark.req("GOV-06")
def test_a_duty_tells_why_it_is_owed_what_began_it_what_proved_it_and_the_own_record(
    client: Client, adopt: Adopt, customer: Account, seller: User, rival: User
) -> None:
    visit = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01")
    article(visit, "第七条", "购后回访")
    day = date(2026, 3, 2)
    order = on("2026-03-02", lambda: saved(Order(company=customer.company, account=customer, owner=seller, number="T1",
                                                 ordered_on=day)))  # fmt: skip
    judged(customer.company, "2026-03-09 23:50")  # reminded the day before
    need = talk(customer, "2026-03-10")
    judged(customer.company, "2026-03-10")
    made = Duty.objects.get()
    duty(visit, seller, "2026-03-01", "met")
    following = duty(visit, seller, "2026-03-20", "open")
    assert made.state == "late"
    client.force_login(seller)
    with clock.shifted(NOW):
        page = client.get(f"/duties/{made.pk}/").content.decode()
    panel = page[page.index("Why is this owed") : page.index("</section>", page.index("Why is this owed"))]
    for words in ("第七条 购后回访", "购后回访的原文", "客户关系部", "told 林知远", "50.0% (1/2)"):
        assert words in panel
    for href in (f"/orders/{order.pk}/", f"/needs/{need.pk}/", f"/duties/{following.pk}/"):
        assert f'href="{href}"' in panel
    client.force_login(rival)
    assert client.get(f"/duties/{made.pk}/").status_code == 404


def test_the_bar_of_a_phone_does_not_offer_to_waive_before_anything_else(
    client: Client, adopt: Adopt, customer: Account, seller: User, owner: User
) -> None:
    made = duty(adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01"), seller, "2026-03-12", "open", **about(customer))
    client.force_login(owner)
    with clock.shifted(NOW):
        page = client.get(f"/duties/{made.pk}/").content.decode()
    bar = page.partition('class="actbar"')[2].partition("</div>")[0]
    assert ("/do/waive/" in page, "/do/waive/" in bar) == (True, False)


def test_a_share_is_shown_as_wanted_and_actual(client: Client, adopt: Adopt, seller: User) -> None:
    figures = {"shares": {"重点客户": 41.5, "其他": 58.5}, "of": 200, "wanted": {"重点客户": 60, "其他": 40}}
    made = duty(adopt("CLASS-06", MONTHLY_TALK, "2026-01-01"), seller, "2026-02-28", "missed", figures=figures)
    client.force_login(seller)
    page = client.get(f"/duties/{made.pk}/").content.decode()
    assert re.findall(r'num" data-l="(?:Wanted|Actual)">([\d.]+%)<', page) == ["60%", "41.5%", "40%", "58.5%"]


@pytest.mark.req("GOV-06")
def test_the_customers_page_shows_what_is_owed_there_and_by_which_article_in_one_statement(
    client: Client, adopt: Adopt, customer: Account, seller: User, rival: User
) -> None:
    client.force_login(seller)
    here, counts = f"/customers/{customer.pk}/", []
    visit = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01")
    article(visit, "第七条", "购后回访")
    for n in range(3):
        client.get(here)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(here).content.decode()
        counts.append(sum("rulebook_duty" in one["sql"] for one in asked))
        assert ("第七条 购后回访" in page) == (n > 0)
        made = duty(visit, seller, f"2026-03-1{n}", "missed", **about(customer))
    assert counts == [1, 1, 1]
    assert f'href="/duties/{made.pk}/"' in client.get(here).content.decode()


@pytest.mark.req("GOV-06")
def test_an_article_shows_the_figures_that_tell_whether_it_is_observed(
    client: Client, adopt: Adopt, seller: User, owner: User
) -> None:
    visit = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01")
    words = article(visit, "第七条", "购后回访")
    for day, state in (("2026-03-01", "met"), ("2026-03-02", "missed"), ("2026-03-03", "met"), ("2026-02-03", "late")):
        duty(visit, seller, day, state)
    client.force_login(owner)
    with clock.shifted(NOW):
        page = client.get(f"/articles/{words.pk}/").content.decode()
        panel = page[page.index("How it is observed") :]
        assert re.findall(r">([\d.]+%)<", panel)[:2] == ["66.7%", "0.0%"]
        assert follow(client, panel[: panel.index("</section>")]) == 5
        months = re.findall(r'<th scope="row">(\d{4}-\d\d)<', panel[: panel.index("</section>")])
    assert months == ["2026-03", "2026-02"], "before the first duty there is nothing to tell"


def test_only_a_draft_offers_to_be_edited_or_deleted(client: Client, adopt: Any, owner: User) -> None:
    version = adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    draft = work.unit_of_work(
        lambda: new_version(version.clause, {**VISIT_AFTER_ORDER, "within": [3, "days"]}, date(2026, 4, 1))
    )
    client.force_login(owner)
    pages = [client.get(f"/clause-versions/{row.pk}/").content.decode() for row in (version, draft)]
    assert [" data-edit" in page for page in pages] == [False, True]
    assert ['data-open="#delete"' in page for page in pages] == [False, True]
