"""Questions the engine asks at every run, put together once: from then on only the moment in them changes.

A run finds for most clauses that nothing has happened.  Whether there is anything is asked first, and putting that statement
together takes the object-relational layer far longer than the database takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections

from guanxi.kernel.filters.env import start_of
from guanxi.kernel.prepared import Kept
from guanxi.rulebook.engine.times import local_day

Rows = Callable[[datetime], Any]  # from a moment to a query that follows from it, and from what the key says, alone
Hole = Callable[[datetime], Any]
# What is equally far from all of these is so far from every moment: other lengths of months and years, a Monday, a day
# after long holidays, each at another time of day.
PROBES = tuple(
    datetime.fromisoformat(f"{text}+00:00")
    for text in ("2024-03-06 03:07", "2025-11-20 09:41:05", "2025-11-24 01:02", "2026-02-25 13:59:03")
)
IN_A_DAY = (timedelta(hours=1, seconds=7), timedelta(hours=9, minutes=13), timedelta(hours=22, minutes=40, seconds=1))
kept = Kept(5_000)


def any_at(key: tuple[Hashable, ...], moment: datetime, rows: Rows) -> bool:
    """Whether `rows(moment)` finds anything."""
    asked: Asked | None = kept(key, lambda: learnt(rows, PROBES))
    if asked is None:  # it speaks of its day in a way that has to be worked out, which once a day is often enough
        day = local_day(moment)
        asked = kept((*key, day), lambda: learnt(rows, tuple(start_of(day) + part for part in IN_A_DAY)))
    return bool(rows(moment).exists()) if asked is None else asked.any(moment)


class Asked:
    """The statement with a hole for each of its values; without a text nothing can ever be found."""

    def __init__(self, using: str, sql: str, holes: list[Hole]) -> None:
        self.using, self.sql, self.holes = using, sql, holes

    def any(self, moment: datetime) -> bool:
        if not self.sql:
            return False
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, [hole(moment) for hole in self.holes])
            return cursor.fetchone() is not None


def learnt(rows: Rows, probes: tuple[datetime, ...]) -> Asked | None:
    """The statement as it is at several moments, if how its values follow from the moment can be seen from them."""
    using = rows(probes[0]).db
    found = [_statement(rows(at)) for at in probes]
    if len({sql for sql, _values in found}) > 1:
        return None
    holes = [_hole(connections[using], values, probes) for values in zip(*(v for _s, v in found), strict=True)]
    return None if None in holes else Asked(using, found[0][0], [hole for hole in holes if hole])


def _statement(rows: Any) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = rows.query.exists().get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return "", ()
    return sql, tuple(values)


def _hole(connection: Any, values: tuple[Any, ...], probes: tuple[datetime, ...]) -> Hole | None:
    """How a value follows from the moment: not at all, or so far from it, from its day or from that day's beginning."""
    first = values[0]
    if all(type(value) is type(first) and value == first for value in values):
        return lambda _at: first
    given = [_read(connection, value) for value in values]
    ops = connection.ops
    bases: tuple[tuple[type, Callable[[datetime], Any], Callable[[Any], Any]], ...] = (
        (datetime, lambda at: at, ops.adapt_datetimefield_value),
        (datetime, lambda at: start_of(local_day(at)), ops.adapt_datetimefield_value),
        (date, local_day, ops.adapt_datefield_value),
        (int, lambda at: local_day(at).toordinal(), lambda number: number),
    )
    for kind, base, write in bases:
        if all(type(value) is kind for value in given):
            far = {value - base(at) for value, at in zip(given, probes, strict=True)}
            if len(far) == 1:
                (gap,) = far
                return lambda at, base=base, write=write, gap=gap: write(base(at) + gap)  # type: ignore[misc]
    return None


def _read(connection: Any, value: Any) -> Any:
    """A moment or a day as the database takes it, read back."""
    if not isinstance(value, str):
        return value
    try:
        if len(value) == len("2026-01-01"):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment if moment.tzinfo else moment.replace(tzinfo=connection.timezone)
