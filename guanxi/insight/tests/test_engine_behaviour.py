"""How customers buy, and who promises more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guanxi.insight.engine.behaviour import favourites, pattern, promising, rhythm
from guanxi.insight.tests.engine_data import rows, shop

D = Decimal


@pytest.mark.req("ANLY-01")
def test_rhythm_is_the_median_gap_and_the_average_order() -> None:
    # Customer 1: gaps 30, 60, 236 days; 800 in 4 sales (the return is no order).  Customer 2: 366 days, 250 / 2.
    assert rows(rhythm(shop()), "customer_id", "orders", "days", "average_order", "interval_days") == [
        (1, 4, 4, D(200), 60.0),
        (2, 2, 2, D(125), 366.0),
        (3, 1, 1, D(80), None),
        (4, 1, 1, D(60), None),
        (5, 1, 1, D(40), None),
    ]


@pytest.mark.req("ANLY-01")
def test_favourites_are_net_of_returns() -> None:
    # Customer 1: product 2 200 + 200 + 200 - 50 = 550 (3 - 1 pieces), product 1 200.  Customer 5 sent all back.
    found = favourites(shop())
    assert rows(found, "customer_id", "place", "product_id", "amount", "quantity", "share") == [
        (1, 1, 2, D(550), D(2), pytest.approx(550 / 750)),
        (1, 2, 1, D(200), D(4), pytest.approx(200 / 750)),
        (2, 1, 3, D(250), D(2), 1.0),
        (3, 1, 1, D(80), D(1), 1.0),
        (4, 1, 1, D(60), D(1), 1.0),
    ]
    assert rows(favourites(shop(), by="category", top=1), "customer_id", "category", "amount") == [
        (1, "ink", D(550)),
        (2, "paper", D(250)),
        (3, "paper", D(80)),
        (4, "paper", D(60)),
    ]


@pytest.mark.req("ANLY-01")
def test_the_week_and_the_year_of_sales() -> None:
    # Wednesdays 2024-01-10, 2023-03-01, 2024-11-20; Fridays 02-09, 03-01, 12-20; Tue 04-09, Sat 06-01, Sun 12-01.
    assert rows(pattern(shop()), "weekday", "orders", "amount") == [
        (2, 1, D(300)),
        (3, 3, D(280)),
        (5, 3, D(410)),
        (6, 1, D(40)),
        (7, 1, D(200)),
    ]
    months = pattern(shop(), step="month", per_customer=True)
    assert [row for row in rows(months, "customer_id", "month", "orders", "share") if row[0] == 2] == [(2, 3, 2, 1.0)]


@pytest.mark.req("CLASS-11")
def test_promising_customers_are_young_started_well_and_are_not_a_yet() -> None:
    # First 90 days: 300 (until 04-08), 100, 80, 60, 0.  1 is young but A, 2 is old; 3 and 4 are young and B.
    assert rows(promising(shop()), "customer_id") == []
    assert rows(promising(shop(), top_share=D("0.6")), "customer_id", "early_amount", "place", "peers") == [
        (3, D(80), 3, 5)
    ]
    assert rows(promising(shop(), top_share=D("0.8")), "customer_id") == [(3,), (4,)]
