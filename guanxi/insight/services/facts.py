"""Facts for the engine: one company's orders and lines as Parquet, rewritten only in the months that changed.

A month is known by its fingerprint (how many rows, what sums, which versions, the latest change), taken from the
database itself.  An order that moves, is cancelled, deleted or erased changes the fingerprint of every month it
touches, so nothing has to remember where it was, and a restored backup is noticed as well.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, Case, Count, F, Max, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Round, TruncDate

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.insight.engine import store
from guanxi.insight.engine.schema import LINES, MONEY, ORDERS, RETURN, SALE
from guanxi.kernel import jobs
from guanxi.sales.models import COUNTED, Order, OrderLine

CHUNK = 50_000
STATE = "state.json"


def folder_of(company_id: int) -> Path:
    return Path(settings.HOME) / "insight" / str(company_id)


def export(company_id: int, run: jobs.Run | None = None, *, full: bool = False) -> int:
    """Bring the files in line with the database; returns how many months were rewritten.  Resumes where it was killed."""
    folder = folder_of(company_id)
    folder.mkdir(parents=True, exist_ok=True)
    found, known = fingerprints(company_id), {} if full else _read_state(folder)
    stale = sorted(month for month in found.keys() | known.keys() if found.get(month) != known.get(month))
    if full:
        for path in folder.glob("*/????-??.parquet"):
            if path.parent.name in ("orders", "lines") and path.stem not in found:
                path.unlink()
    for done, month in enumerate(stale):
        if run is not None:
            run.progress(done, len(stale), month)
        first = [date.fromisoformat(f"{month}-01")]
        store.refresh(folder, "orders", first, lambda a, b: orders_between(company_id, a, b))
        store.refresh(folder, "lines", first, lambda a, b: lines_between(company_id, a, b))
        known = {**known, month: found[month]} if month in found else {k: v for k, v in known.items() if k != month}
        _write_state(folder, known)
    store.rewrite(folder, "customers", _customers(company_id))
    store.rewrite(folder, "products", _products(company_id))
    return len(stale)


def fingerprints(company_id: int) -> dict[str, list[Any]]:
    """Per month ("2026-01") what its orders and lines look like from outside."""
    figures = {"n": Count("pk"), "late": Max("updated_at"), "v": Sum("version")}
    orders = _orders(company_id).values("ordered_on").annotate(**figures, a=Sum("amount"), c=Sum("cost"))
    lines = _lines(company_id).values(day=F("order__ordered_on")).annotate(**figures, a=Sum("amount"), c=Sum("cost"))
    months: dict[str, list[Any]] = defaultdict(lambda: [0, 0, 0, 0, "", 0, 0, 0, 0, ""])
    for at, rows, name in ((0, orders, "ordered_on"), (5, lines, "day")):
        for row in rows:
            month = months[f"{row[name]:%Y-%m}"]
            month[at] += row["n"]
            month[at + 1] += row["v"]
            month[at + 2] += round(row["a"] * 100)
            month[at + 3] += round(row["c"] * 100)
            month[at + 4] = max(month[at + 4], row["late"].isoformat())
    return dict(months)


def _read_state(folder: Path) -> dict[str, list[Any]]:
    try:
        return dict(json.loads((folder / STATE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _write_state(folder: Path, months: dict[str, list[Any]]) -> None:
    draft = folder / f"{STATE}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(months, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / STATE)


# -- rows of the database as Arrow tables


def _orders(company_id: int) -> QuerySet[Any]:
    """What counts as revenue; drafts and cancelled orders are no facts."""
    return Order.objects.filter(company_id=company_id, state__in=COUNTED).order_by()  # type: ignore[no-any-return]


def _lines(company_id: int) -> QuerySet[Any]:
    inside = {"order__company_id": company_id, "order__state__in": COUNTED, "order__deleted_at": None}
    return OrderLine.objects.filter(**inside).order_by()  # type: ignore[no-any-return]


def orders_between(company_id: int, first: date, last: date) -> pa.Table:
    rows = _orders(company_id).filter(ordered_on__gte=first, ordered_on__lte=last)
    status = Case(When(kind=Order.Kind.RETURN, then=Value(RETURN)), default=Value(SALE))
    columns = _columns(rows.values_list("pk", "account_id", "ordered_on", _whole("amount"), _whole("cost"), status), 6)
    return _table(ORDERS, columns)


def lines_between(company_id: int, first: date, last: date) -> pa.Table:
    rows = _lines(company_id).filter(order__ordered_on__gte=first, order__ordered_on__lte=last)
    sign = Case(When(order__kind=Order.Kind.RETURN, then=Value(-1)), default=Value(1))
    figures = (_whole("quantity", 10_000), _whole("amount"), _whole("cost"))
    product = Coalesce("product_id", Value(0))  # a described item without product
    names = ("order_id", "order__account_id", product, "order__ordered_on")
    *columns, signs = _columns(rows.values_list(*names, *figures, sign), 8)
    signed = [np.asarray(column, np.int64) * np.asarray(signs, np.int64) for column in columns[4:]]
    return _table(LINES, [*columns[:4], *signed])


def _customers(company_id: int) -> pa.Table:
    rows = Account.objects.filter(company_id=company_id).order_by().values_list("pk", TruncDate("created_at"))
    ids, days = _columns(rows, 2)
    return pa.table({"customer_id": pa.array(ids, pa.int64()), "created_on": _days(days)})


def _products(company_id: int) -> pa.Table:
    rows = Product.everything.filter(company_id=company_id).order_by()
    ids, names = _columns(rows.values_list("pk", Coalesce("category__name", Value(""))), 2)
    return pa.table({"product_id": pa.array(ids, pa.int64()), "category": pa.array(names, pa.string())})


def _whole(name: str, parts: int = 100) -> Cast:
    """A decimal as a whole number of its smallest parts: exact, and the same from both databases."""
    return Cast(Round(F(name) * parts), BigIntegerField())


def _columns(rows: QuerySet[Any], width: int) -> list[list[Any]]:
    """The columns of a query, read in chunks from the bare cursor (no conversion of single values)."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    for chunk in _chunks(rows):
        for column, part in zip(columns, zip(*chunk, strict=True), strict=True):
            column.extend(part)
    return columns


def _chunks(rows: QuerySet[Any]) -> Iterator[list[tuple[Any, ...]]]:
    sql, params = rows.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk


def _table(schema: pa.Schema, columns: list[Any]) -> pa.Table:
    arrays = []
    for field, column in zip(schema, columns, strict=True):
        if pa.types.is_decimal(field.type):
            arrays.append(_decimals(column, field.type))
        else:
            arrays.append(_days(column) if field.type == pa.date32() else pa.array(column, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _decimals(parts: Any, kind: pa.DataType = MONEY) -> pa.Array:
    """Whole numbers of the smallest part as decimals: 128 bits are the number and its sign, low word first."""
    low = np.asarray(parts, np.int64)
    words = np.column_stack([low, low >> 63]).astype("<i8")
    return pa.Array.from_buffers(kind, len(low), [None, pa.py_buffer(words.tobytes())])


def _days(values: list[Any]) -> pa.Array:
    """Days that come as `date` or as ISO text, whichever database speaks."""
    return pa.array(np.array(values, "datetime64[D]"), pa.date32())
