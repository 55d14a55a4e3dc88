"""Keyset paging: each page starts after the last row of the one before, at the same price for page 1 and 1,000.

Rows without a value in the sort column come last in both directions, as a second phase ordered by id: that keeps
each phase a plain index walk on both databases, whatever they think of NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet

from guanxi.kernel.fields import Field
from guanxi.kernel.prepared import answer

SALT = "guanxi.page"


@dataclass(frozen=True)
class Cursor:
    """The row a page starts behind; `back` walks towards the beginning."""

    pk: int
    value: Any = None
    null: bool = False
    back: bool = False

    def pack(self, sort: str) -> str:
        value = self.value if self.value is None or isinstance(self.value, int | str | bool) else str(self.value)
        return signing.dumps([sort, self.pk, value, self.null, self.back], salt=SALT, compress=False)


def unpack(text: str, sort: str) -> Cursor | None:
    """The cursor in a link; None if it is missing, forged or of another order (the list then starts at its beginning)."""
    if not text:
        return None
    try:
        stored, pk, value, null, back = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Cursor(pk, value, null, back) if stored == sort else None


@dataclass(frozen=True)
class Source:
    """The rows of a list, described when they are needed; `key` says all they depend on if the statement may be kept."""

    model: Any
    rows: Callable[[], QuerySet[Any]]
    key: tuple[Hashable, ...] = ()


@dataclass
class Page:
    """`rows` as tuples (pk, sort value, ...); cursors are packed, empty where there is no such page."""

    rows: list[tuple[Any, ...]]
    next: str = ""
    previous: str = ""


def page_of(
    source: Source, sort: str, found: Field | None, columns: list[str], cursor: Cursor | None, size: int = 50
) -> Page:
    """One page of the rows ordered by `sort` ("-amount"), fetched as tuples of pk, sort value and `columns`."""
    path = "pk" if found is None or found.path in ("id", "pk") else found.path
    descending = sort.startswith("-")
    back = cursor is not None and cursor.back
    down = descending != back
    nullable, tie = path != "pk" and _nullable(source.model, path), _tie(source.model, path)
    taken: list[tuple[Any, ...]] = []
    for null_phase in _phases(cursor, nullable, back):
        behind = cursor if cursor is not None and (not nullable or cursor.null == null_phase) else None

        part = _Part(path, tie, nullable, null_phase, down, behind, tuple(columns), size + 1 - len(taken))
        taken += part.rows(source, first=not taken)
        if len(taken) > size:
            break
    more = len(taken) > size
    shown = taken[:size][::-1] if back else taken[:size]
    return _page(shown, sort, nullable, more=more, came=cursor, back=back)


@dataclass(frozen=True)
class _Part:
    """The statement of one phase of a page."""

    path: str
    tie: str
    nullable: bool
    empty: bool
    down: bool
    behind: Cursor | None
    columns: tuple[str, ...]
    size: int

    def rows(self, source: Source, *, first: bool) -> list[tuple[Any, ...]]:
        """The part's rows; of the first one the statement is kept, unless it holds a value of the sort column."""
        plain = self.empty or self.path == "pk"
        if not (source.key and first and (self.behind is None or plain)):
            return list(self.of(source.rows(), self.behind))
        if self.behind is None:
            return answer((*source.key, self), lambda: self.of(source.rows(), None), ())
        key = (*source.key, replace(self, behind=None), "behind")
        return answer(key, lambda pk: self.of(source.rows(), Cursor(pk)), (self.behind.pk,))

    def of(self, rows: QuerySet[Any], behind: Cursor | None) -> QuerySet[Any]:
        if self.nullable:
            rows = rows.filter(**{f"{self.path}__isnull": self.empty})
        if self.tie != "pk" and not self.empty:  # said of both tables, or SQLite reads and sorts the whole first one
            rows = rows.filter(**{f"{self.tie.removesuffix('__pk')}__company": F("company")})
        if behind is not None:
            rows = rows.filter(_beyond(behind, "pk" if self.empty else self.path, self.down, self.tie))
        keys = ["pk"] if self.empty or self.path == "pk" else [self.path, self.tie]
        rows = rows.order_by(*(f"-{key}" if self.down else key for key in keys))
        return rows.values_list("pk", self.path, *self.columns)[: self.size]


def _phases(cursor: Cursor | None, nullable: bool, back: bool) -> list[bool]:
    phases = [False, True] if nullable else [False]
    if back:
        phases.reverse()
    if cursor is not None and nullable:
        phases = phases[phases.index(cursor.null) :]
    return phases


def _tie(model: Any, path: str) -> str:
    """What settles equal values: the row's id, or the same id in a one-to-one table, whose index then gives the order."""
    link = path.rpartition("__")[0]
    column = model._meta.get_field(link) if link and "__" not in link else None
    twin = column is not None and column.one_to_one and hasattr(column.related_model, "company")
    return f"{link}__pk" if twin else "pk"


def _beyond(cursor: Cursor, path: str, down: bool, tie: str) -> Q:
    word = "lt" if down else "gt"
    if path == "pk":
        return Q(**{f"pk__{word}": cursor.pk})
    # The outer bound repeats what the OR says, so that the index range is used on every database.
    bound = Q(**{f"{path}__{word}e": cursor.value})
    return bound & (Q(**{f"{path}__{word}": cursor.value}) | Q(**{path: cursor.value, f"{tie}__{word}": cursor.pk}))


def _page(
    shown: list[tuple[Any, ...]], sort: str, nullable: bool, *, more: bool, came: Cursor | None, back: bool
) -> Page:
    if not shown:
        return Page([])

    def pack(row: tuple[Any, ...], towards: bool) -> str:
        return Cursor(row[0], row[1], nullable and row[1] is None, towards).pack(sort)

    has_next, has_previous = (True, more) if back else (more, came is not None)
    return Page(
        shown, next=pack(shown[-1], False) if has_next else "", previous=pack(shown[0], True) if has_previous else ""
    )


def _nullable(model: Any, path: str) -> bool:
    for step in path.split("__"):
        if model is None:
            return True
        column = model._meta.get_field(step) if not step.endswith("_id") else _by_attname(model, step)
        if column.null or (column.is_relation and not column.concrete):
            return True
        model = column.related_model if column.is_relation else None
    return False


def _by_attname(model: Any, attname: str) -> Any:
    return next(f for f in model._meta.concrete_fields if attname in (f.attname, f.name))


def count_up_to(rows: QuerySet[Any], limit: int = 1000) -> str:
    """How many rows there are, counted no further than `limit`; a plus says that there are more."""
    found = rows.order_by().values("pk")[: limit + 1].count()
    return f"{min(found, limit):,}{'+' if found > limit else ''}"
