"""Figures about customers, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.sales import queries, services
from guanxi.sales.models import Order, Receipt

Sell, Pay = Callable[..., Order], Callable[..., Receipt]


@pytest.fixture
def other(company: Company, boss: User, customer: Account) -> Account:
    row = Account(company=company, name="宁波海天商贸有限公司", owner=boss, parent=customer)
    unit_of_work(row.save)
    return row


@pytest.mark.req("CARD-09")
def test_sales_against_collections_per_customer(
    sell: Sell, pay: Pay, boss: User, customer: Account, other: Account
) -> None:
    sell(5, on=date(2026, 5, 1))  # 500, due 31 May: overdue
    sell(2)  # 200, not due
    sell(1, kind="return")  # -100
    sell(9, confirm=False)  # a draft counts nowhere
    services.auto_allocate(pay(300), actor=boss)
    pay(50, account=other)
    rows = [(r.name, r.sold, r.collected, r.balance, r.overdue) for r in queries.balances(boss)]
    assert rows == [
        (customer.name, Decimal(600), Decimal(300), Decimal(300), Decimal(200)),
        (other.name, Decimal(0), Decimal(50), Decimal(-50), Decimal(0)),
    ]


@pytest.mark.req("VALUE-05")
def test_share_of_revenue_from_existing_customers(sell: Sell, company: Company, other: Account) -> None:
    sell(4, on=date(2025, 11, 3))  # the customer becomes an existing one before 2026
    sell(6, on=date(2026, 2, 1))  # existing: 600
    sell(1, on=date(2026, 3, 1), kind="return")  # existing: -100
    sell(3, on=date(2026, 4, 1), account=other)  # new: 300
    found = queries.existing_share(company.pk, date(2026, 1, 1), date(2026, 6, 30))
    assert (found.total, found.existing, found.share) == (Decimal(800), Decimal(500), Decimal("62.50"))
    assert queries.existing_share(company.pk, date(2024, 1, 1), date(2024, 12, 31)).share is None


@pytest.mark.req("VALUE-01")
def test_profit_by_order_product_month_and_year(sell: Sell, boss: User, customer: Account, company: Company) -> None:
    fan = Product(company=company, code="F-1", name="风机", price=Decimal(50), cost=Decimal(45))
    unit_of_work(fan.save)
    first = sell(2, on=date(2025, 12, 5))
    second = sell(10, on=date(2026, 1, 9), line={"product": fan})
    third = sell(1, on=date(2026, 1, 20), kind="return")

    def found(by: Any) -> list[tuple[str, Decimal, Decimal]]:
        return [(s.label, s.amount, s.profit) for s in queries.profit_of(customer, boss, by)]

    assert found("order") == [(third.number, -100, -40), (second.number, 500, 50), (first.number, 200, 80)]
    assert found("product") == [("风机", 500, 50), ("水泵", 100, 40)]
    assert found("month") == [("2025-12", 200, 80), ("2026-01", 400, 10)]
    assert found("year") == [("2025", 200, 80), ("2026", 400, 10)]


def test_a_group_is_summed_from_any_of_its_companies(sell: Sell, boss: User, customer: Account, other: Account) -> None:
    sell(2)
    sell(3, account=other)
    for account in (customer, other):
        assert queries.group_totals(account, boss) == queries.Totals(
            2, Decimal(500), Decimal(200), Decimal(0), date(2026, 6, 30)
        )
    assert [o.account_id for o in queries.orders_of(other, boss)] == [other.pk]


@pytest.mark.req("ORDER-01")
def test_the_customer_card_reaches_orders_receipts_and_receivables() -> None:
    names = {relation.name for relation in entity(Account).relations}
    assert {"orders", "receipts", "receivables"} <= names
