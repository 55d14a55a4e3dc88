"""Writing very many new rows: one prepared INSERT per model instead of a new statement for every few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    readers = [_reader(column) for column in columns]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608 -- names come from the model
            [[read(row) for read in readers] for row in rows],
        )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _reader(column: models.Field[Any, Any]) -> Callable[[Any], Any]:
    # The id field of the records differs from a plain number only in its declaration.
    name, plain = (
        column.attname,
        type(column) in PLAIN or (column.primary_key and isinstance(column, models.BigIntegerField)),
    )

    def read(row: Any) -> Any:
        value = getattr(row, name)
        if plain and type(value) in RAW:
            return value
        return column.get_db_prep_save(column.pre_save(row, True), connection)

    return read
