"""The profile of every customer, facts of any day, and partitions rewritten one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.insight.engine import behaviour, profit, ranking, stages
from guanxi.insight.engine.profile import Options, profile, write_profile
from guanxi.insight.engine.store import Facts, connect, months_before, read, refresh, rewrite, stale_months
from guanxi.insight.tests.engine_data import (
    AS_OF,
    CUSTOMERS,
    LINES,
    ORDERS,
    PRODUCTS,
    arrow,
    facts_of,
    rows,
    shop,
)

D = Decimal
DAYS = [date(2022, 1, 1), date(2023, 3, 1), date(2024, 3, 1), date(2024, 6, 15), date(2024, 12, 4), AS_OF]
TABLES: list[Callable[[Facts], ibis.Table]] = [
    ranking.abc,
    lambda facts: ranking.abc(facts, by="profit"),
    ranking.rfm,
    stages.stages,
    stages.cohorts,
    lambda facts: profit.contribution(facts, "customer_id", "product_id", "month"),
    lambda facts: profit.compare(facts, first=date(2024, 1, 1), last=AS_OF),
    profit.trend,
    profit.existing_share,
    behaviour.rhythm,
    behaviour.favourites,
    behaviour.pattern,
    lambda facts: behaviour.promising(facts, top_share=D(1)),
]


@pytest.mark.req("VALUE-01", "LIFE-01", "CLASS-02", "ANLY-01")
def test_a_profile_says_everything_about_each_customer() -> None:
    with profile(shop()) as table:
        facts = "customer_id", "orders", "recency_days", "amount_12m", "amount_total", "profit_total", "stage"
        assert rows(table, *facts) == [
            (1, 4, 30, D(750), D(750), D(330), "repeat"),
            (2, 2, 305, D(150), D(250), D(90), "lost"),
            (3, 1, 41, D(80), D(80), D(30), "first"),
            (4, 1, 11, D(60), D(60), D(-10), "first"),
            (5, 1, 213, D(0), D(0), D(0), "lost"),
            (6, 0, None, D(0), D(0), D(0), "potential"),
            (7, 0, None, D(0), D(0), D(0), "potential"),
        ]
        # Mean gaps: 1 326 days in 3 gaps, 2 366 in 1.
        assert rows(table, "customer_id", "r", "f", "m", "abc_amount", "abc_profit", "interval_days") == [
            (1, 4, 5, 5, "A", "A", pytest.approx(326 / 3)),
            (2, 1, 4, 4, "A", "A", 366.0),
            (3, 3, 1, 3, "B", "B", None),
            (4, 5, 2, 2, "B", "C", None),
            (5, 2, 3, 1, "C", "C", None),
            (6, None, None, None, None, None, None),
            (7, None, None, None, None, None, None),
        ]


def test_the_profile_agrees_with_the_stages_on_any_day() -> None:
    for day in DAYS:
        with profile(shop(day)) as table:
            assert rows(table, "customer_id", "stage") == rows(stages.stages(shop(day)), "customer_id", "stage")


def test_no_figure_sees_the_future() -> None:
    for day in DAYS:
        known = facts_of(
            day,
            orders=[row for row in ORDERS if row[2] <= day],
            lines=[row for row in LINES if row[3] <= day],
            customers=[row for row in CUSTOMERS if row[1] <= day],
            products=PRODUCTS,
        )
        expected = [rows(table(known), *table(known).columns) for table in TABLES]
        full = shop(day)
        assert [rows(table(full), *table(full).columns) for table in TABLES] == expected


def test_the_profile_is_written_whole_from_a_folder_of_months(tmp_path: Path) -> None:
    _lay(tmp_path)
    con = connect(memory_limit="200MB", threads=1, spill_to=tmp_path)
    written = write_profile(read(con, tmp_path, AS_OF), tmp_path / "out" / "profile.parquet")
    assert written == 7
    found = pq.read_table(tmp_path / "out" / "profile.parquet")
    assert sum(found["amount_total"].to_pylist()) == D(1140)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["profile.parquet"]


def test_an_empty_folder_gives_an_empty_profile(tmp_path: Path) -> None:
    assert write_profile(read(connect(), tmp_path, AS_OF), tmp_path / "profile.parquet") == 0


def test_changed_facts_name_the_months_to_rewrite() -> None:
    moved, deleted, new = (
        [date(2024, 3, 31), date(2024, 4, 1)],
        [date(2023, 1, 9), None],
        [None, date(2024, 4, 30)],
    )
    assert stale_months([*moved, *deleted, *new]) == [date(2023, 1, 1), date(2024, 3, 1), date(2024, 4, 1)]


def test_a_refresh_takes_only_the_stale_months(tmp_path: Path) -> None:
    _lay(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "orders").iterdir()}
    asked = []

    def load(first: date, last: date) -> pa.Table:
        asked.append((first, last))
        moved = [(8, 3, date(2024, 12, 2), 90, 50, 1)] if first == date(2024, 12, 1) else []
        return arrow("orders", moved + [row for row in ORDERS if first <= row[2] <= last and row[0] != 8])

    # Order 8 moves from November to December and grows from 80 to 90.
    count = refresh(tmp_path, "orders", stale_months([date(2024, 11, 20), date(2024, 12, 2)]), load)
    assert asked == [(date(2024, 11, 1), date(2024, 11, 30)), (date(2024, 12, 1), date(2024, 12, 31))]
    assert count == 5
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "orders").iterdir()}
    assert "2024-11.parquet" not in after
    assert {name for name in after if after[name] != before[name]} == {"2024-12.parquet"}
    found = profit.contribution(read(connect(), tmp_path, AS_OF))
    assert rows(found, "amount") == [(D(1150),)]


def test_a_fact_without_an_amount_is_refused_and_the_old_month_stays(tmp_path: Path) -> None:
    _lay(tmp_path)
    hole = arrow("orders", [(1, 1, date(2024, 1, 10), 0, 0, 1)])
    hole = hole.set_column(3, hole.schema.field("amount"), pa.nulls(1, hole.schema.field("amount").type))
    with pytest.raises(ValueError, match="amount"):
        refresh(tmp_path, "orders", [date(2024, 1, 1)], lambda first, last: hole)
    assert rows(profit.contribution(read(connect(), tmp_path, AS_OF)), "amount") == [(D(1140),)]


def test_cut_offs_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError):
        Options(cuts=(D("0.95"), D("0.80")))


def test_a_month_earlier_keeps_to_the_end_of_a_short_month() -> None:
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2024, 1, 15), 12) == date(2023, 1, 15)
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)


def test_the_connection_keeps_to_its_limits() -> None:
    con = connect(memory_limit="300MB", threads=1)
    query = "SELECT current_setting('threads'), current_setting('memory_limit')"
    assert con.raw_sql(query).fetchone() == (1, "286.1 MiB")


def _lay(folder: Path) -> None:
    for name, data, day in (("orders", ORDERS, 2), ("lines", LINES, 3), ("customers", CUSTOMERS, 1)):
        months = stale_months(row[day] for row in data)

        def load(first: date, last: date, name=name, data=data, day=day) -> pa.Table:  # type: ignore[no-untyped-def]
            return arrow(name, [row for row in data if first <= row[day] <= last])

        assert refresh(folder, name, months, load) == len(data)
    rewrite(folder, "products", arrow("products", PRODUCTS))
