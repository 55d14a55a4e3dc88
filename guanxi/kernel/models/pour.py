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
    columns = rows[0]._meta.concrete_fields
    values = zip(*[_values(column, rows) for column in columns], strict=True)
    insert_values(type(rows[0]), [str(column.column) for column in columns], list(values))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_values(model: type[models.Model], columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """The same of values as the database takes them, where nobody needs the rows as objects."""
    if not values:
        return
    quote = connection.ops.quote_name
    names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608 -- names come from the model
            values,
        )


def _values(column: models.Field[Any, Any], rows: Sequence[Any]) -> list[Any]:
    """One column of all rows as the database takes it; equal values are prepared once."""
    known: dict[Any, Any] = {}
    # The id field of the records differs from a plain number only in its declaration.
    plain = type(column) in PLAIN or (column.primary_key and isinstance(column, models.BigIntegerField))
    found = [vars(row)[column.attname] for row in rows]  # past the attributes of links, which are functions
    if plain and RAW.issuperset(map(type, found)):
        return found
    for n, value in enumerate(found):
        if not plain or type(value) not in RAW:
            key = value if plain else repr(value) if type(column) is models.JSONField else n
            if key not in known:
                known[key] = column.get_db_prep_save(column.pre_save(rows[n], True), connection)
            found[n] = known[key]
    return found
