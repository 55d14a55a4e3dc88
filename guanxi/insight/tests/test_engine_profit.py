"""Profit contribution, comparison across customers and time, revenue from existing customers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guanxi.insight.engine.profit import compare, contribution, existing_share, trend
from guanxi.insight.tests.engine_data import rows, shop

D = Decimal
YEAR = date(2024, 1, 1), date(2024, 12, 31)


@pytest.mark.req("VALUE-01")
def test_profit_overall_by_customer_product_and_year() -> None:
    # Costs 420 + 160 + 50 + 70 + 0 = 700; the cancelled order counts nowhere.
    assert rows(contribution(shop()), "amount", "cost", "profit", "share") == [(D(1140), D(700), D(440), 1.0)]
    assert rows(contribution(shop(), "customer_id"), "customer_id", "profit", "share") == [
        (1, D(330), 0.75),
        (2, D(90), pytest.approx(90 / 440)),
        (3, D(30), pytest.approx(30 / 440)),
        (4, D(-10), pytest.approx(-10 / 440)),
        (5, D(0), 0.0),
    ]
    # Product 1: 340 - 240, product 2: 550 - 300, product 3: 250 - 160.
    assert rows(contribution(shop(), "product_id"), "product_id", "amount", "profit") == [
        (1, D(340), D(100)),
        (2, D(550), D(250)),
        (3, D(250), D(90)),
    ]
    assert rows(contribution(shop(), "year"), "year", "amount", "profit") == [
        (date(2023, 1, 1), D(100), D(30)),
        (date(2024, 1, 1), D(1040), D(410)),
    ]


@pytest.mark.req("VALUE-01")
def test_profit_of_a_customer_by_order_and_by_month() -> None:
    by_order = rows(contribution(shop(), "customer_id", "order_id"), "customer_id", "order_id", "profit")
    assert by_order[:5] == [(1, 1, D(40)), (1, 2, D(100)), (1, 3, D(150)), (1, 4, D(60)), (1, 5, D(-20))]
    by_month = rows(contribution(shop(), "customer_id", "month"), "customer_id", "month", "profit")
    assert (1, date(2024, 12, 1), D(40)) in by_month
    with pytest.raises(ValueError):
        contribution(shop(), "colour")


@pytest.mark.req("VALUE-01")
def test_shares_sum_to_one_and_money_stays_decimal() -> None:
    for by in ("customer_id", "order_id", "product_id", "month", "year"):
        found = rows(contribution(shop(), by), by, "share", "profit")
        assert sum(share for _, share, _ in found) == pytest.approx(1)
        assert {type(profit) for _, _, profit in found} == {Decimal}


@pytest.mark.req("VALUE-02")
def test_customers_are_compared_with_each_other_and_with_last_year() -> None:
    # 2024: 330, 60, 30, -10, 0, together 410; 2023: only customer 2 with 30.
    found = compare(shop(), first=YEAR[0], last=YEAR[1])
    assert rows(found, "customer_id", "now", "last_year", "change", "rank", "rank_change") == [
        (1, D(330), D(0), D(330), 1, None),
        (2, D(60), D(30), D(30), 2, -1),
        (3, D(30), D(0), D(30), 3, None),
        (4, D(-10), D(0), D(-10), 5, None),
        (5, D(0), D(0), D(0), 4, None),
    ]
    assert rows(found, "customer_id", "share")[0] == (1, pytest.approx(330 / 410))


@pytest.mark.req("VALUE-02")
def test_who_bought_only_last_year_stays_in_the_comparison() -> None:
    found = compare(shop(), first=date(2024, 4, 1), last=date(2024, 4, 30), measure="amount")
    assert rows(found, "customer_id", "now", "rank") == [(1, D(300), 1)]
    later = compare(shop(date(2025, 12, 31)), first=date(2025, 1, 1), last=date(2025, 12, 31), measure="amount")
    assert rows(later, "customer_id", "now", "last_year", "rank", "rank_last_year")[:2] == [
        (1, D(0), D(750), None, 1),
        (2, D(0), D(150), None, 2),
    ]


@pytest.mark.req("VALUE-02")
def test_products_can_be_compared_too() -> None:
    # 2024 product 3: 150 - 90 = 60, in 2023 30.
    found = compare(shop(), first=YEAR[0], last=YEAR[1], by="product_id")
    assert rows(found, "product_id", "now", "last_year", "rank") == [
        (1, D(100), D(0), 2),
        (2, D(250), D(0), 1),
        (3, D(60), D(30), 3),
    ]


@pytest.mark.req("VALUE-02")
def test_the_trend_ranks_within_the_year_and_remembers_the_year_before() -> None:
    found = rows(trend(shop()), "customer_id", "year", "profit", "rank", "last_year", "rank_change")
    assert [row for row in found if row[0] == 2] == [
        (2, date(2023, 1, 1), D(30), 1, None, None),
        (2, date(2024, 1, 1), D(60), 2, D(30), -1),
    ]
    # February 2024 has one buyer; nobody bought in February 2023.
    months = rows(trend(shop(), step="month"), "month", "customer_id", "rank", "share", "last_year")
    assert [row for row in months if row[0] == date(2024, 2, 1)] == [(date(2024, 2, 1), 1, 1, 1.0, None)]
    assert [row[4] for row in months if row[:2] == (date(2024, 3, 1), 2)] == [D(30)]


@pytest.mark.req("VALUE-05")
def test_a_customer_exists_for_a_period_when_the_first_sale_was_before_it() -> None:
    # 2024: customer 2 is the only one of before: 150 of 1040.
    assert rows(existing_share(shop(), step="year"), "year", "amount", "existing", "share") == [
        (date(2023, 1, 1), D(100), D(0), 0.0),
        (date(2024, 1, 1), D(1040), D(150), pytest.approx(150 / 1040)),
    ]
    # December: customer 1 200 - 50 of before, customer 4 60 is new.  July: only a return, so no share.
    months = {row[0]: row[1:] for row in rows(existing_share(shop()), "month", "amount", "existing", "share")}
    assert months[date(2024, 12, 1)] == (D(210), D(150), pytest.approx(150 / 210))
    assert months[date(2024, 7, 1)] == (D(-40), D(-40), None)
