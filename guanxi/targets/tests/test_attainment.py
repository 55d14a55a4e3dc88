"""Targets by person, team, department and company beside what was reached; every figure opens into its rows."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.catalog.models import Product, ProductCategory
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import work
from guanxi.kernel.models import Company
from guanxi.org.models import Department, Team, User
from guanxi.targets.models import Target
from guanxi.targets.queries.attainment import Row, Span, attainment, own
from guanxi.targets.tests.conftest import Pay, Sell

pytestmark = [pytest.mark.django_db, pytest.mark.req("SALE-11")]
MAY = Span("month", date(2026, 5, 1))
JUNE = Span("month", date(2026, 6, 1))


def aim(company: Company, amount: int, **values: Any) -> Target:
    return saved(Target(company=company, amount=Decimal(amount), **{"starts_on": date(2026, 5, 1), **values}))


def told(rows: list[Row]) -> list[tuple[str, str, Decimal, Decimal]]:
    return [(row.name, row.what, row.target, row.actual) for row in rows]


def test_each_level_is_told_with_percent_gap_and_where_it_ends(
    client: Client, company: Company, seller: User, rival: User, owner: User, east: Department, headquarters: Department,
    sell: Sell, pay: Pay,
) -> None:  # fmt: skip
    team = saved(Team(company=company, name="大客户组", department=east))
    work.unit_of_work(lambda: team.members.set([seller]))
    sell(3, 2, on=date(2026, 5, 4))
    sell(9, on=date(2026, 4, 30))
    order = sell(1, on=date(2026, 6, 10))
    pay(order, 60, on=date(2026, 6, 11))
    aim(company, 800, owner=seller)
    aim(company, 400, level="team", team=team, department=east)
    aim(company, 1600, level="department", department=headquarters)
    aim(company, 4000, level="company")
    aim(company, 500, owner=seller, measure="receipts", starts_on=date(2026, 6, 1))
    assert told(attainment(owner, "orders", MAY)) == [
        ("Company", "", 4000, 400), (headquarters.name, "", 1600, 400), ("大客户组", "", 400, 400), (seller.name, "", 800, 400),
    ]  # fmt: skip
    person = attainment(owner, "orders", MAY)[-1]
    assert (person.percent, person.gap, person.projected, person.tone) == (Decimal("50.0"), 400, 400, "red")
    assert told(attainment(owner, "receipts", JUNE)) == [(seller.name, "", 500, 60)]
    assert told(attainment(seller, "orders", MAY)) == [(seller.name, "", 800, 400)], "one's own, not the others'"
    assert [row.name for row in own(seller, date(2026, 6, 30))] == ["Receipts (amount)"]


def test_every_figure_opens_into_exactly_the_rows_it_counts(
    client: Client, company: Company, seller: User, owner: User, pump: Product, hose: Product, sell: Sell, pay: Pay,
    customer: Account,
) -> None:  # fmt: skip
    parts = saved(ProductCategory(company=company, name="配件", code="PJ"))
    hose.category = parts
    saved(hose)
    first, _second = sell(3, 2, on=date(2026, 5, 4)), sell(2, on=date(2026, 6, 4))
    receipt = pay(first, 100, on=date(2026, 5, 9))
    aim(company, 800, owner=seller)
    aim(company, 90, owner=seller, category=parts)
    client.force_login(owner)
    for measure, slug, wanted in (("orders", "orders", first.number), ("receipts", "receipts", receipt.number)):
        page = client.get(f"{reverse('attainment')}?measure={measure}&start=2026-05-20").content.decode()
        links = [
            unescape(link) for link in re.findall(r'href="(/(?:orders|receipts|order-lines)/\?[^"]+where[^"]+)"', page)
        ]
        assert links and links[0].startswith(f"/{slug}/")
        shown = client.get(links[0]).content.decode()
        assert wanted in shown and _second.number not in shown
    page = client.get(f"{reverse('attainment')}?measure=orders&start=2026-05-20").content.decode()
    lines = next(unescape(link) for link in re.findall(r'href="(/order-lines/\?[^"]+)"', page))
    shown = client.get(lines).content.decode()
    assert "软管" in shown and "水泵" not in shown
    assert "111.1%" in page, "100 of the 90 wanted of the category"


def test_a_quarter_adds_its_months_unless_it_has_a_target_of_its_own(
    company: Company, seller: User, owner: User
) -> None:
    for month in (4, 5, 6):
        aim(company, 100, owner=seller, starts_on=date(2026, month, 15))
    quarter = Span("quarter", date(2026, 4, 1))
    assert told(attainment(owner, "orders", quarter)) == [(seller.name, "", 300, 0)]
    aim(company, 500, owner=seller, period="quarter")
    assert told(attainment(owner, "orders", quarter)) == [(seller.name, "", 500, 0)]


def test_the_table_writes_what_was_changed_and_copies_the_year_before(
    client: Client, company: Company, leader: User, seller: User, stranger: User, sell: Sell
) -> None:
    sell(10, on=date(2025, 3, 3))
    client.force_login(leader)
    here = f"{reverse('target-table')}?year=2026&measure=orders"
    assert client.post(here, {"what": "actual", "percent": "10"}).status_code == 302
    assert [(row.owner, row.starts_on, row.amount) for row in Target.objects.all()] == [
        (seller, date(2026, 3, 1), 1100)
    ]
    cells = {f"t-{seller.pk}-3": "1,200", f"t-{seller.pk}-4": "500", f"t-{seller.pk}-5": ""}
    assert client.post(here, cells).status_code == 302
    amounts = Target.objects.order_by("starts_on").values_list("starts_on__month", "amount")
    assert list(amounts) == [(3, 1200), (4, 500)]
    assert client.post(here, {f"t-{seller.pk}-3": ""}).status_code == 302
    assert Target.objects.count() == 1
    assert client.post(here, {f"t-{stranger.pk}-3": "9"}).status_code == 409, "not in reach"
    assert client.post(here, {f"t-{seller.pk}-3": "viel"}).status_code == 409
    page = client.get(f"{reverse('target-table')}?year=2027&measure=orders").content.decode()
    client.post(f"{reverse('target-table')}?year=2027&measure=orders", {"what": "copy", "percent": "-10"})
    assert seller.name in page
    assert Target.objects.get(starts_on__year=2027).amount == 450
    client.force_login(seller)
    assert client.get(here).status_code == 403


def test_a_target_says_for_whom_and_stands_once(client: Client, company: Company, owner: User, seller: User) -> None:
    client.force_login(owner)
    form = {"level": "person", "measure": "orders", "period": "month", "starts_on": "2026-05-20", "amount": "900"}
    assert client.post("/targets/new/", {**form, "level": "team"}).status_code == 422
    assert client.post("/targets/new/", {**form, "owner_id": seller.pk, "owner": seller.pk}).status_code in (204, 302)
    assert Target.objects.get().starts_on == date(2026, 5, 1)
    assert client.post("/targets/new/", {**form, "owner_id": seller.pk, "owner": seller.pk}).status_code == 422
