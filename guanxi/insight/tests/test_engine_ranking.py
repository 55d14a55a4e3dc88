"""ABC and RFM: by hand, against published data, and the staged form equal to the definition."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.insight.engine.profile import Options, scores
from guanxi.insight.engine.ranking import abc, rfm
from guanxi.insight.engine.schema import RETURN, SALE
from guanxi.insight.engine.store import Facts
from guanxi.insight.tests.engine_data import AS_OF, data, facts_of, rows, shop

# The prices of the set have three decimals: tenfold money keeps every figure exact in two.
RETAIL = """
SELECT row_number() OVER () AS order_id, customer_id::BIGINT AS customer_id, min(invoice_ts)::DATE AS ordered_on,
    sum(quantity * price * 10)::DECIMAL(18, 2) AS amount, 0::DECIMAL(18, 2) AS cost, 1::TINYINT AS status
FROM '{path}' WHERE customer_id IS NOT NULL {only}
GROUP BY invoice, customer_id
"""
CLEAN = "AND quantity > 0 AND price > 0 AND invoice NOT LIKE 'C%'"
CDNOW = """
SELECT row_number() OVER () AS order_id, sample_id::BIGINT AS customer_id, date::DATE AS ordered_on,
    sum(amount::DECIMAL(18, 2))::DECIMAL(18, 2) AS amount, 0::DECIMAL(18, 2) AS cost, 1::TINYINT AS status
FROM '{path}' GROUP BY sample_id, date
"""


def retail(only: str) -> Facts:
    path = data("online_retail_2009_2010.parquet")
    return _given(RETAIL.format(path=path, only=only), date(2010, 12, 31))


def cdnow() -> Facts:
    return _given(CDNOW.format(path=data("cdnow_sample.csv")), date(1998, 6, 30))


def _given(sql: str, as_of: date) -> Facts:
    facts = facts_of(as_of)
    facts.con.raw_sql(f"CREATE OR REPLACE TEMP TABLE given AS {sql}")
    return Facts(facts.con, facts.tables | {"orders": facts.con.table("given")}, as_of)


def sizes(table: ibis.Table, letter: str = "abc") -> list[int]:
    counted = dict(rows(table.group_by(letter).aggregate(n=table.count()), letter, "n"))
    return [counted.get(name, 0) for name in "ABC"]


def best_and_worst(table: ibis.Table) -> tuple[int, int]:
    cells = [row[1:] for row in rows(table, "customer_id", "r", "f", "m")]
    return cells.count((5, 5, 5)), cells.count((1, 1, 1))


@pytest.mark.req("CLASS-02")
def test_classes_by_amount_follow_the_share_before_the_customer() -> None:
    # Limits 0.80 x 1140 = 912 and 0.95 x 1140 = 1083; before: 0, 750 | 1000, 1080 | 1140.
    found = abc(shop())
    assert rows(found, "customer_id", "value", "abc") == [
        (1, 75000, "A"),
        (2, 25000, "A"),
        (3, 8000, "B"),
        (4, 6000, "B"),
        (5, 0, "C"),
    ]
    assert rows(found, "customer_id", "share")[0] == (1, pytest.approx(750 / 1140))


@pytest.mark.req("CLASS-02", "CLASS-10")
def test_classes_by_profit_count_a_loss_as_nothing() -> None:
    # 330, 90, 30, 0 (loss of 10), 0: all 450; limits 360 and 427.5; before: 0, 330 | 420 | 450, 450.
    assert rows(abc(shop(), by="profit"), "customer_id", "abc") == [
        (1, "A"),
        (2, "A"),
        (3, "B"),
        (4, "C"),
        (5, "C"),
    ]


@pytest.mark.req("CLASS-02")
def test_cut_offs_are_the_companys_own() -> None:
    # 0.50 x 1140 = 570, 0.90 x 1140 = 1026; before: 0 | 750, 1000 | 1080, 1140.
    cuts = (Decimal("0.50"), Decimal("0.90"))
    assert rows(abc(shop(), cuts=cuts), "customer_id", "abc") == [
        (1, "A"),
        (2, "B"),
        (3, "B"),
        (4, "C"),
        (5, "C"),
    ]


def test_five_customers_take_the_five_quintiles_and_ties_go_by_id() -> None:
    # Last sale 2, 5, 3, 1, 4; sales 1 for 3, 4, 5, then 2 for 2, 4 for 1; spent 0, 60, 80, 250, 750.
    found = rfm(shop())
    assert rows(found, "customer_id", "recency_days", "orders", "spent", "r", "f", "m") == [
        (1, 30, 4, 75000, 4, 5, 5),
        (2, 305, 2, 25000, 1, 4, 4),
        (3, 41, 1, 8000, 3, 1, 3),
        (4, 11, 1, 6000, 5, 2, 2),
        (5, 213, 1, 0, 2, 3, 1),
    ]


def test_a_window_of_six_months_leaves_out_older_sales() -> None:
    # After 2024-06-30: customer 1 one sale and a return (150), 3 80, 4 60; 5 only a return, so no buyer.
    assert rows(rfm(shop(), window_months=6), "customer_id", "orders", "spent", "r", "f", "m") == [
        (1, 1, 15000, 2, 1, 3),
        (3, 1, 8000, 1, 2, 2),
        (4, 1, 6000, 3, 3, 1),
    ]


@pytest.mark.req("CLASS-02")
def test_a_wholesalers_year_gives_the_reference_classes_and_scores() -> None:
    facts = retail(CLEAN)
    found = abc(facts)
    assert sizes(found) == [1176, 1424, 1712]
    sums = rows(found.group_by("abc").aggregate(s=found.value.sum()), "abc", "s")
    assert [(name, int(s)) for name, s in sums] == [("A", 7067135811), ("B", 1323580572), ("C", 441286891)]
    scored = rfm(facts)
    assert best_and_worst(scored) == (337, 202)
    assert [row for row in rows(scored, "customer_id", "orders", "spent") if row[0] == 18102] == [
        (18102, 89, 349164350)
    ]


@pytest.mark.req("CLASS-02")
def test_a_wholesalers_year_net_of_credit_notes_gives_the_reference_too() -> None:
    facts = retail("")
    assert sizes(abc(facts)) == [1134, 1291, 1958]
    assert sizes(abc(facts, by="profit")) == [1183, 1414, 1786]
    assert best_and_worst(rfm(facts)) == (340, 225)
    with scores(facts) as staged:
        assert sizes(staged, "abc_amount") == [1134, 1291, 1958]
        assert sizes(staged, "abc_profit") == [1183, 1414, 1786]
        assert best_and_worst(staged) == (340, 225)


@pytest.mark.req("CLASS-02")
def test_the_music_shop_gives_the_reference_classes_and_scores() -> None:
    facts = cdnow()
    with scores(facts) as staged:
        assert sizes(staged, "abc_amount") == sizes(abc(facts)) == [777, 801, 779]
        assert best_and_worst(staged) == best_and_worst(rfm(facts)) == (247, 171)


AMOUNTS = st.one_of(st.integers(-300, 3000), st.sampled_from([0, 1, 100, 100, 99999999999]))
SALES = st.tuples(
    st.integers(1, 12),
    st.integers(0, 400),
    AMOUNTS,
    st.integers(0, 200),
    st.sampled_from([SALE, SALE, RETURN]),
)


def _orders(drawn: list[tuple[int, int, int, int, int]]) -> list[tuple[Any, ...]]:
    return [
        (n, who, AS_OF - timedelta(days=ago), Decimal(amount) / 100, Decimal(cost) / 100, status)
        for n, (who, ago, amount, cost, status) in enumerate(drawn)
    ]


@pytest.mark.req("CLASS-02")
@settings(max_examples=25, deadline=None)
@given(
    st.lists(SALES, min_size=1, max_size=40),
    st.sampled_from([None, 3]),
    st.sampled_from([("0.80", "0.95"), ("0.05", "0.50"), ("0.00", "1.00")]),
)
def test_staged_scores_equal_the_definition_classes_are_complete_and_shares_sum_to_one(
    drawn: list[tuple[int, int, int, int, int]], window: int | None, limits: tuple[str, str]
) -> None:
    facts = facts_of(orders=_orders(drawn))
    cuts = (Decimal(limits[0]), Decimal(limits[1]))
    who = {row[1] for row in _orders(drawn)}
    with scores(facts, options=Options(window_months=window, cuts=cuts)) as staged:
        for by in ("amount", "profit"):
            defined = abc(facts, by=by, cuts=cuts)
            assert rows(staged, "customer_id", f"abc_{by}") == rows(defined, "customer_id", "abc")
            assert sum(sizes(defined)) == len(who)
            values = [Fraction(value) for _, value in rows(defined, "customer_id", "value")]
            shares = sum(share for _, share in rows(defined, "customer_id", "share"))
            assert shares == pytest.approx(1 if sum(values) > 0 else 0)
        scored = [row for row in rows(staged, "customer_id", "r", "f", "m") if row[1] is not None]
        assert scored == rows(rfm(facts, window_months=window), "customer_id", "r", "f", "m")
