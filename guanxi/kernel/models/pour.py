"""Writing very many new rows: one prepared INSERT per model instead of a new statement for every few rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

# Columns of these types store texts, whole numbers and nothing as they are; only other values need preparing.
PLAIN = frozenset(
    {
        models.CharField, models.TextField, models.SlugField, models.IntegerField, models.PositiveIntegerField,
        models.PositiveSmallIntegerField, models.PositiveBigIntegerField, models.BigIntegerField, models.BooleanField,
        models.ForeignKey, models.OneToOneField, models.DateField, models.DateTimeField, models.DecimalField,
    }
)  # fmt: skip
RAW = frozenset({str, int, bool, type(None)})


def insert(rows: Sequence[models.Model]) -> None:
    """INSERT rows of one model whose ids are made by us; no trail, no signals."""
    if not rows:
        return
    meta = rows[0]._meta
    quote, columns = connection.ops.quote_name, meta.concrete_fields
    names = ", ".join(quote(str(column.column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    values = zip(*[_values(column, rows) for column in columns], strict=True)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608 -- names come from the model
            list(values),
        )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(column: models.Field[Any, Any], rows: Sequence[Any]) -> list[Any]:
    """One column of all rows as the database takes it; equal values are prepared once."""
    known: dict[Any, Any] = {}
    name, found = column.attname, []
    # The id field of the records differs from a plain number only in its declaration.
    if type(column) not in PLAIN and not (column.primary_key and isinstance(column, models.BigIntegerField)):
        return [column.get_db_prep_save(column.pre_save(row, True), connection) for row in rows]
    for row in rows:
        value = getattr(row, name)
        if type(value) not in RAW:
            if value not in known:
                known[value] = column.get_db_prep_save(column.pre_save(row, True), connection)
            value = known[value]
        found.append(value)
    return found
