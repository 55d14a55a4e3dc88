"""The dashboard: figures worked out by hand, the same number of rows behind each link, and nobody sees too much."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.conftest import saved
from guanxi.customers.models import (
    Account,
    ClassAssignment,
    ClassScheme,
    Contact,
    FilingStandard,
    ImportantDate,
    Need,
)
from guanxi.insight.cards import cards
from guanxi.insight.figures import figures
from guanxi.insight.models import Snapshot
from guanxi.insight.queries import board as queries
from guanxi.insight.services import refresh as service
from guanxi.insight.services.options import options_of
from guanxi.insight.shown import Board, Card
from guanxi.insight.tests.conftest import ALL, TODAY, person, refresh
from guanxi.kernel import jobs
from guanxi.kernel.entities import by_slug
from guanxi.kernel.models import Company
from guanxi.kernel.prepared import Prepared, kept
from guanxi.org.models import Comment, User
from guanxi.web.listing import Listing


def board_of(user: User, day: date = TODAY) -> Board:
    user = User.objects.get(pk=user.pk)  # with the rights as they stand now
    found = queries.figures(user, day)
    if found is None:
        service.ask_for(user, day)
        jobs.work_off()
        found = queries.figures(user, day)
    assert found is not None
    newest = queries.current(user.company_id)
    assert newest is not None
    return Board(
        found.summary, found.as_of, queries.sight(user), queries.names_of(user, found.summary),
        options_of(user.company).rules, found.as_of == newest.as_of,
    )  # fmt: skip


def listed(href: str, user: User) -> Listing:
    """The list a link opens, as the list page reads it."""
    parts = urlsplit(href)
    listing = Listing.read(by_slug(parts.path.strip("/")), user, QueryDict(parts.query))
    assert list(listing.rows) is not None and listing.problem == ""
    return listing


def card(board: Board, key: str) -> Card:
    return next(one for one in cards(board) if one.key == key)


@pytest.mark.req("VALUE-01")
def test_profit_by_month_year_product_and_order(refreshed: None, boss: User, accounts: dict[str, Account]) -> None:
    parts = board_of(boss).summary["profit"]
    months = {row["month"]: row["profit"] for row in parts["month"]}
    assert months == {
        "2025-02-01": "120.00", "2025-03-01": "240.00", "2025-12-01": "200.00", "2026-03-01": "250.00",
        "2026-05-01": "60.00", "2026-06-01": "30.00",
    }  # fmt: skip
    assert {row["year"]: (row["amount"], row["profit"]) for row in parts["year"]} == {
        "2025-01-01": ("1400.00", "560.00"), "2026-01-01": ("700.00", "340.00"),
    }  # fmt: skip
    # Pumps 3 + 6 + 5 + 4 at 40, valves 4 - 1 + 2 + 1 at 30.
    assert [row["profit"] for row in parts["product_id_profit"]] == ["720.00", "180.00"]
    assert parts["order_id_profit"][0]["profit"] == "280.00"


@pytest.mark.req("VALUE-02")
def test_customers_are_ranked_against_each_other_and_last_year(
    refreshed: None, boss: User, accounts: dict[str, Account]
) -> None:
    rows = board_of(boss).summary["compare"]["profit"]
    names = {row.pk: name for name, row in accounts.items()}
    assert [(names[r["customer_id"]], r["now"], r["last_year"], r["rank"], r["rank_change"]) for r in rows] == [
        ("a", "450.00", "120.00", 1, 1),
        ("c", "90.00", "0.00", 2, None),
    ]


@pytest.mark.req("VALUE-05")
def test_the_share_of_existing_customers_against_its_target(refreshed: None, boss: User) -> None:
    board = board_of(boss)
    # 2026 so far: 700, of which a, a customer since 2025, brought 550.
    found = next(one for one in figures(board) if one.label == "From existing customers")
    assert (found.value, found.change, found.up) == ("78.6%", "on target", True)
    orders = listed(found.href, boss).rows
    assert sum(order.amount for order in orders) == Decimal(550)


@pytest.mark.req("LIFE-05")
def test_conversion_retention_and_repurchase(refreshed: None, boss: User) -> None:
    summary = board_of(boss).summary
    # On 2025-06-30 a (140 days silent) and b (117 days) were dormant, c and d potential.
    moves = sorted(summary["conversion"])
    assert [move[:3] for move in moves] == [
        ["dormant", "dormant", 1], ["dormant", "lost", 1], ["potential", "potential", 1], ["potential", "repeat", 1],
    ]  # fmt: skip
    assert [move[3] for move in moves] == [0.5, 0.5, 0.5, 0.5]
    assert (summary["retention"]["buyers"], summary["retention"]["kept"]) == (2, 1)
    assert (summary["repurchase"]["buyers"], summary["repurchase"]["kept"]) == (2, 2)


def test_cohorts_say_who_came_back(refreshed: None, boss: User) -> None:
    assert board_of(boss).summary["cohorts"] == [{"start": "2026-05-01", "active": {"0": 1, "1": 1}}]


def behind(board: Board) -> list[tuple[str, int, str]]:
    """Every counting figure of the page with its link: (where, number, link)."""
    found: list[tuple[str, int, str]] = []
    customers = next(one for one in figures(board) if one.label == "Customers")
    found.append(("customers", int(customers.value), customers.href))
    for one in cards(board):
        if one.key in ("stages", "recency"):
            found += zip([one.key] * 9, one.chart["series"][0]["data"], one.chart["links"], strict=False)
        if one.key == "rfm":
            found += [
                (f"rfm{cell}", cell[2], link) for cell, link in zip(one.chart["cells"], one.chart["links"], strict=True)
            ]
        if one.key in ("letters", "conversion", "loyalty", "cohorts"):
            cells = [cell for row in one.rows for cell in row if cell.href]
            found += [(one.key, int(cell.text.split(" ")[0].replace(",", "")), cell.href) for cell in cells]
    return [(where, number, link) for where, number, link in found if link]


@pytest.mark.parametrize("who", ["boss", "seller"])
@pytest.mark.parametrize("day", [TODAY, date(2026, 3, 31)])
def test_behind_every_number_lie_as_many_customers(refreshed: None, request: Any, who: str, day: date) -> None:
    user = request.getfixturevalue(who)
    board = board_of(user, day)
    found = behind(board)
    assert len(found) > (30 if day == TODAY else 15)
    wrong = [(where, n, rows, link) for where, n, link in found if (rows := listed(link, user).rows.count()) != n]
    assert wrong == []


@pytest.mark.parametrize("who", ["boss", "seller"])
def test_behind_every_sum_lie_orders_that_add_up_to_it(refreshed: None, request: Any, who: str) -> None:
    user = request.getfixturevalue(who)
    board = board_of(user)
    revenue = next(one for one in figures(board) if one.label == "Revenue (12 months)")
    wanted = {"boss": Decimal(1200), "seller": Decimal(150)}[who]
    assert sum(order.amount for order in listed(revenue.href, user).rows) == wanted
    assert Decimal(board.summary["year"]["now_amount"]) == wanted
    for key, chart in (("months", card(board, "months").chart), ("products", card(board, "products").chart)):
        for link, value in zip(chart["links"], chart["series"][0]["data"], strict=True):
            rows = listed(link, user).rows
            assert rows.exists(), key
            if key == "months":
                assert round(sum(order.amount for order in rows) / 10_000, 2) == round(Decimal(str(value)), 2)
    for row in card(board, "years").rows:
        assert sum(order.amount for order in listed(row[0].href, user).rows) == Decimal(
            row[1].text.strip("¥").replace(",", "")
        )


def test_a_seller_sees_figures_of_own_customers_and_no_profit(refreshed: None, seller: User, boss: User) -> None:
    board = board_of(seller)
    assert (board.summary["customers"], board.summary["year"]["now_amount"]) == (2, "150.00")
    assert {one.key for one in cards(board)} & {"abc-profit"} == set()
    assert [one.label for one in figures(board)] == [
        "Customers", "Revenue (12 months)", "From existing customers", "Repurchase rate",
    ]  # fmt: skip
    shown = json.dumps([[str(row) for row in one.rows] + [one.chart] for one in cards(board)], ensure_ascii=False)
    assert "客户a" not in shown and "客户b" not in shown and "Profit" not in shown


@pytest.mark.req("ANLY-01")
def test_below_every_figure_stands_what_it_counts(refreshed: None, client: Client, boss: User) -> None:
    client.force_login(boss)
    company = Company.objects.get(pk=boss.company_id)
    saved_settings = {**company.settings, "insight": {"cuts": [0.7, 0.9], "stages": {"dormant_days": 100}}}
    Company.objects.filter(pk=company.pk).update(settings=saved_settings)
    page = client.get("/insight/").content.decode()
    told = re.findall(r'class="card-about">([^<]*)<', page)
    assert (len(told), all(told)) == (len(cards(board_of(boss))), True)
    assert "drafts and cancelled orders do not count" in page
    assert "A up to 70% of the total, B up to 90%" in page  # the limits of this company, not the standard ones
    assert "dormant after 100 days" in page


def test_the_figures_of_a_past_day_know_nothing_of_what_came_later(refreshed: None, boss: User) -> None:
    board = board_of(boss, date(2026, 3, 31))
    assert board.summary["year"]["now_amount"] == "1050.00"
    assert board.summary["stages"] == {"repeat": 1, "lost": 1, "potential": 2}
    assert Snapshot.objects.get(as_of=TODAY, reach="all").summary["year"]["now_amount"] == "1200.00"


# -- over HTTP


def test_the_page_computes_on_request_and_then_shows(
    refreshed: None, seller: User, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(seller)
    page = client.get("/insight/")
    assert page.status_code == 200 and "hx-get" in page.content.decode()
    jobs.work_off()
    with django_assert_max_num_queries(25):
        page = client.get("/insight/")
    text = page.content.decode()
    assert "figures of 2026-06-30" in text and "客户a" not in text
    assert "vendor/echarts.js" in text and "style=" not in text


def test_a_link_of_the_heat_map_opens_the_list_with_that_filter(refreshed: None, boss: User) -> None:
    client = Client()
    client.force_login(boss)
    board = board_of(boss)
    chart = card(board, "rfm").chart
    number = next(n for n, cell in enumerate(chart["cells"]) if cell[2])
    text = client.get(chart["links"][number]).content.decode()
    assert text.count("<tr id=") == 1
    where = json.loads(parse_qs(urlsplit(chart["links"][number]).query)["where"][0])
    assert [one["f"] for one in where["all"]] == ["r", "m"]


def test_accounts_are_filtered_and_sorted_by_what_analysis_found(refreshed: None, boss: User) -> None:
    client = Client()
    client.force_login(boss)
    slug = "/" + figures(board_of(boss))[0].href.split("/")[1] + "/"
    where = json.dumps({"f": "amount_total", "op": "gte", "v": 600})
    page = client.get(slug, {"where": where, "sort": "-amount_12m", "columns": "name,amount_12m,rfm,abc_amount"})
    text = page.content.decode()
    assert (text.index("客户a") < text.index("客户b"), "客户c" in text, "¥1,050" in text) == (True, False, True)


def test_only_who_may_has_the_figures_computed_anew(refreshed: None, boss: User, seller: User) -> None:
    client = Client()
    client.force_login(seller)
    assert client.post("/insight/refresh/").status_code == 403
    client.force_login(boss)
    assert client.post("/insight/refresh/").status_code == 302


def test_another_company_sees_nothing_of_it(refreshed: None) -> None:
    other = Company.objects.create(code="other", name="别家")
    stranger = person(other, "stranger", {"*": ALL})
    client = Client()
    client.force_login(stranger)
    text = client.get("/insight/").content.decode()
    assert "客户" not in text.replace("客户管理", "").replace("客户关系", "") or "客户a" not in text
    assert refresh(stranger)["profiles"] == 0


@pytest.mark.req("ANLY-01")
def test_the_customers_page_tells_how_it_buys(
    refreshed: None, boss: User, seller: User, accounts: dict[str, Account]
) -> None:
    from guanxi.insight.panels import classes, explain, products, purchases, scores

    found = purchases(accounts["a"], boss)
    assert found is not None
    assert (found["now"].amount, found["before"].amount, found["total"].orders) == (Decimal(1050), Decimal(300), 3)
    # Sales on 10 February and 20 December 2025 and on 1 March 2026: gaps of 313 and 71 days, the median is 192.
    assert (found["interval"], found["expected_on"], found["average"]) == (192, date(2026, 9, 9), Decimal(450))
    assert [(year, sums.profit) for year, sums in found["years"]] == [(2026, Decimal(250)), (2025, Decimal(320))]
    assert found["often"] == "Monday"
    bought = products(accounts["a"], boss)
    assert bought is not None
    assert [(part.label, part.profit) for part in bought["slices"]] == [("水泵", Decimal(480)), ("阀门", Decimal(90))]
    rail = scores(accounts["a"], boss)
    assert rail is not None and (rail["by_amount"], rail["by_profit"]) == ("A", "A")
    assert explain(rail["profile"])[0] == "Bought 121 days ago: longer ago than most (2 of 5)"
    assert classes(accounts["a"], boss) is None
    hidden = purchases(accounts["c"], seller)
    assert hidden is not None and hidden["profit"] is False


@pytest.mark.req("VALUE-02")
def test_a_customers_months_stand_beside_those_of_the_year_before(
    refreshed: None, sell: Any, boss: User, accounts: dict[str, Account]
) -> None:
    sell("a", date(2025, 3, 3), pumps=2)
    client = Client()
    client.force_login(boss)
    text = client.get(f"/customers/{accounts['a'].pk}/").content.decode()
    march = text.partition('<th scope="row">2026-03</th>')[2].partition("</tr>")[0]
    assert re.findall(r"¥[\d,]+", march) == [
        "¥550",
        "¥200",
        "¥250",
        "¥80",
    ]  # revenue and profit, each with the year before
    assert text.count("Year before") >= 3


def test_the_customers_page_with_every_panel_asks_no_more_statements_than_it_has_to(
    refreshed: None, boss: User, accounts: dict[str, Account]
) -> None:
    account = accounts["a"]
    own = {"company": account.company, "account": account}
    scheme = saved(ClassScheme(company=account.company, code="s", name="协议", classes=[{"code": "A", "name": "甲"}]))
    for n in range(3):
        saved(Contact(name=f"联系人{n}", birth_date=date(1980, 2, n + 1), **own))
        saved(Need(text=f"需求{n}", created_by=boss, **own))
        saved(ImportantDate(kind="event", title=f"活动{n}", on=date(2020, 3, n + 1), **own))
        past = {"since": date(2026, 1, n + 1), "until": None if n == 2 else date(2026, 1, n + 2)}
        saved(ClassAssignment(scheme=scheme, class_code="A", decided_by=boss, **past, **own))
        talk = {"company": account.company, "label": "customers.account", "object_id": account.pk}
        saved(Comment(author=boss, text=f"备注{n}", **talk))
    saved(FilingStandard(company=account.company, name="建档", fields=[{"field": "phone", "weight": 1}]))
    client = Client()
    client.force_login(boss)
    client.get(f"/customers/{account.pk}/")  # the first one computes rights and puts statements together
    with CaptureQueriesContext(connection) as asked:
        text = client.get(f"/customers/{account.pk}/").content.decode()
    shown = [
        "Purchases",
        "Favourite products",
        "联系人0",
        "需求2",
        "活动1",
        "备注1",
        "Class history",
        "RFM 2-3-3",
        "Missing",
    ]
    assert [word for word in shown if word not in text] == []
    assert len(asked) <= 12  # it is 4: session, person, record, and what the panels ask, together


def test_the_customers_page_keeps_its_panels_when_part_of_what_was_prepared_is_forgotten(
    refreshed: None, boss: User, accounts: dict[str, Account]
) -> None:
    client = Client()
    client.force_login(boss)
    page = f"/customers/{accounts['a'].pk}/"
    words = ["Purchases", "Favourite products", "RFM 2-3-3"]
    for _n in range(2):
        text = client.get(page).content.decode()
        assert [word for word in words if word not in text] == []
        for key in [key for key, value in kept.items() if isinstance(value, Prepared)]:
            del kept[key]


def test_the_panels_render_on_the_customers_page(refreshed: None, boss: User, accounts: dict[str, Account]) -> None:
    client = Client()
    client.force_login(boss)
    slug = figures(board_of(boss))[0].href.split("/")[1]
    text = client.get(f"/{slug}/{accounts['a'].pk}/").content.decode()
    assert ("Favourite products" in text, "RFM 2-3-3" in text, "Next purchase expected" in text) == (True, True, True)
