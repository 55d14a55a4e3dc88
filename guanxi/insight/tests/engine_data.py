"""A shop of seven customers small enough to work out by hand, and ways to lay facts before the engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from guanxi.insight.engine.schema import CANCELLED, RETURN, SALE, TABLES
from guanxi.insight.engine.store import Facts, connect

AS_OF = date(2024, 12, 31)

# order, customer, day, amount, cost, status
ORDERS = [
    (1, 1, date(2024, 1, 10), 100, 60, SALE),
    (2, 1, date(2024, 2, 9), 200, 100, SALE),
    (3, 1, date(2024, 4, 9), 300, 150, SALE),
    (4, 1, date(2024, 12, 1), 200, 140, SALE),
    (5, 1, date(2024, 12, 5), -50, -30, RETURN),
    (6, 2, date(2023, 3, 1), 100, 70, SALE),
    (7, 2, date(2024, 3, 1), 150, 90, SALE),
    (8, 3, date(2024, 11, 20), 80, 50, SALE),
    (9, 4, date(2024, 12, 20), 60, 70, SALE),
    (10, 5, date(2024, 6, 1), 40, 20, SALE),
    (11, 5, date(2024, 7, 1), -40, -20, RETURN),
    (12, 6, date(2024, 12, 30), 999, 1, CANCELLED),
]
# Net amount, profit: customer 1 750, 330; 2 250, 90; 3 80, 30; 4 60, -10; 5 0, 0; all 1140, 440.
LINES = [  # order, customer, product, day, quantity, amount, cost
    (1, 1, 1, date(2024, 1, 10), 2, 100, 60),
    (2, 1, 2, date(2024, 2, 9), 1, 200, 100),
    (3, 1, 1, date(2024, 4, 9), 2, 100, 60),
    (3, 1, 2, date(2024, 4, 9), 1, 200, 90),
    (4, 1, 2, date(2024, 12, 1), 1, 200, 140),
    (5, 1, 2, date(2024, 12, 5), -1, -50, -30),
    (6, 2, 3, date(2023, 3, 1), 1, 100, 70),
    (7, 2, 3, date(2024, 3, 1), 1, 150, 90),
    (8, 3, 1, date(2024, 11, 20), 1, 80, 50),
    (9, 4, 1, date(2024, 12, 20), 1, 60, 70),
    (10, 5, 2, date(2024, 6, 1), 1, 40, 20),
    (11, 5, 2, date(2024, 7, 1), -1, -40, -20),
]
CUSTOMERS = [(n, date(2023, 1, 1)) for n in range(1, 7)] + [(7, date(2024, 5, 1))]
PRODUCTS = [(1, "paper"), (2, "ink"), (3, "paper")]


@cache
def engine() -> Backend:
    return connect()


def arrow(table: str, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    schema = TABLES[table]
    columns = list(zip(*rows, strict=True)) if rows else [[] for _ in schema]
    exact = [
        [Decimal(v) if pa.types.is_decimal(f.type) else v for v in c] for f, c in zip(schema, columns, strict=True)
    ]
    return pa.table([pa.array(c, f.type) for f, c in zip(schema, exact, strict=True)], schema=schema)


def facts_of(as_of: date = AS_OF, **rows: Sequence[tuple[Any, ...]]) -> Facts:
    tables = {name: ibis.memtable(arrow(name, rows.get(name, []))) for name in TABLES}
    return Facts(engine(), tables, as_of)


def shop(as_of: date = AS_OF) -> Facts:
    return facts_of(as_of, orders=ORDERS, lines=LINES, customers=CUSTOMERS, products=PRODUCTS)


def rows(table: ir.Table, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of these columns, sorted, so that tests can say what they are."""
    found = table.select(*columns).to_pyarrow().to_pylist()
    return sorted((tuple(row[c] for c in columns) for row in found), key=lambda row: [(v is None, v) for v in row])


def data(name: str) -> str:
    """A public data set, or a skip where it is not at hand."""
    default = Path(__file__).resolve().parents[3].parent / "shared" / "data"
    path = Path(os.environ.get("GUANXI_DATA", default)) / name
    if not path.exists():
        pytest.skip(f"{name} is not in GUANXI_DATA")
    return str(path)
