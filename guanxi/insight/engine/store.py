"""Where facts lie and how they are opened: a DuckDB connection, dated facts, files replaced month by month."""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.schema import CANCELLED, SALE, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

ALWAYS = "always"  # the file name of a table without days


def connect(*, memory_limit: str = "700MB", threads: int = 2, spill_to: Path | None = None) -> Backend:
    """An in-process DuckDB; past `memory_limit` it spills to `spill_to` instead of failing."""
    con = ibis.duckdb.connect(threads=threads, memory_limit=memory_limit)
    settings = "SET preserve_insertion_order = false; SET autoinstall_known_extensions = false;"
    if spill_to is not None:
        settings += "SET temp_directory = '{}';".format(str(spill_to).replace("'", "''"))
    con.raw_sql(settings)
    return con


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Facts:
    """What was known at the end of `as_of`; the only door to the facts, so that no figure can see the future."""

    con: Backend
    tables: dict[str, ir.Table]
    as_of: date

    def at(self, as_of: date) -> Facts:
        return replace(self, as_of=as_of)

    @cached_property
    def orders(self) -> ir.Table:
        """Sales and returns, never cancelled ones."""
        t = self.tables["orders"]
        return t.filter(t.ordered_on <= self.as_of, t.status != CANCELLED, t.customer_id.notnull())

    @cached_property
    def sales(self) -> ir.Table:
        return self.orders.filter(self.orders.status == SALE)

    @cached_property
    def lines(self) -> ir.Table:
        t = self.tables["lines"]
        return t.filter(t.ordered_on <= self.as_of, t.customer_id.notnull())

    @cached_property
    def customers(self) -> ir.Table:
        """Everybody known: opened as a customer, or named by an order."""
        t = self.tables["customers"]
        opened = t.filter(t.created_on <= self.as_of).select("customer_id")
        return opened.union(self.orders.select("customer_id"), distinct=True)


def read(con: Backend, folder: Path, as_of: date) -> Facts:
    """Open the facts of a folder; a table without files is an empty table."""
    return Facts(con, {name: _table(con, folder, name) for name in TABLES}, as_of)


def _table(con: Backend, folder: Path, name: str) -> ir.Table:
    files = sorted(str(path) for path in (folder / name).glob("*.parquet"))
    if files:
        return con.read_parquet(files, hive_partitioning=False)
    return ibis.memtable(TABLES[name].empty_table())


def stale_months(days: Iterable[date | None]) -> list[date]:
    """The partitions (first day of each month) to rewrite for changed facts.

    Give the old and the new day of a fact that moved, the old one of a deleted fact, the new one of a new fact.
    """
    return sorted({day.replace(day=1) for day in days if day is not None})


def month_file(folder: Path, table: str, month: date) -> Path:
    return folder / table / f"{month:%Y-%m}.parquet"


def refresh(folder: Path, table: str, months: Iterable[date], load: Callable[[date, date], pa.Table]) -> int:
    """Rewrite only these months; `load(first, last)` gives the rows of the days first..last.  Returns the rows."""
    written = 0
    for month in stale_months(months):
        last = month.replace(day=monthrange(month.year, month.month)[1])
        rows = load(month, last)
        _replace(month_file(folder, table, month), _checked(table, rows))
        written += rows.num_rows
    return written


def rewrite(folder: Path, table: str, rows: pa.Table) -> None:
    """Replace a table without days (products), all of it."""
    _replace(folder / table / f"{ALWAYS}.parquet", _checked(table, rows))


def _checked(table: str, rows: pa.Table) -> pa.Table:
    """The rows in the types of the schema; a gap would silently fall out of sums, so only `customer_id` may be empty."""
    rows = rows.select(TABLES[table].names).cast(TABLES[table])
    gaps = [name for name in rows.column_names if rows[name].null_count and name != "customer_id"]
    if gaps:
        raise ValueError(f"{table}: no value in {gaps}")
    return rows


def _replace(path: Path, rows: pa.Table) -> None:
    """A reader sees the old file or the new one, never half of either."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not rows.num_rows:
        path.unlink(missing_ok=True)
        return
    draft = path.with_suffix(".draft")
    # Money as 64-bit integers: read without conversion, and small.
    pq.write_table(rows, draft, compression="zstd", store_decimal_as_integer=True)
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(path)
