"""Filter to an Ibis expression over a columnar table whose columns carry the field names."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from guanxi.kernel.fields import NUMBERS, TEXTS
from guanxi.kernel.filters.ast import All, Any_, Atom, Has, Node, Not
from guanxi.kernel.filters.env import Env, fold, start_of
from guanxi.kernel.filters.orm import stem


def to_ibis(node: Node, table: Any, env: Env, tables: dict[str, Any] | None = None) -> Any:
    """A boolean column over `table`; `tables` holds related tables by relation name, linked by their `via` column."""
    import ibis

    match node:
        case Atom():
            # SQL's third truth value ends here: unknown is false.
            return _atom(node, table[node.field.name], env).fill_null(False)
        case Not(item):
            return ~to_ibis(item, table, env, tables)
        case All(items):
            return reduce(and_, (to_ibis(i, table, env, tables) for i in items), ibis.literal(True))
        case Any_(items):
            return reduce(or_, (to_ibis(i, table, env, tables) for i in items), ibis.literal(False))
        case Has():
            return _has(node, table, env, tables or {})


def _has(node: Has, table: Any, env: Env, tables: dict[str, Any]) -> Any:
    child = tables[node.relation]
    hits = child.filter(to_ibis(node.where, child, env, tables))
    counts = hits.group_by(node.via).aggregate(n=lambda t: t.count())
    word, number = node.count
    wanted = counts.filter(_compare(word, counts.n, number))[node.via]
    found = table.id.isin(wanted)
    zero_fits = _compare(word, 0, number)
    return found | ~table.id.isin(counts[node.via]) if zero_fits else found


def _compare(word: str, left: Any, right: Any) -> Any:
    match word:
        case "gt":
            return left > right
        case "gte":
            return left >= right
        case "lt":
            return left < right
        case "lte":
            return left <= right
    return left == right


def _atom(atom: Atom, column: Any, env: Env) -> Any:
    kind, op, value = atom.field.kind, atom.op, atom.value
    if op in ("empty", "not_empty"):
        empty = column.isnull() | (column == "" if kind in TEXTS or kind in ("choice", "tags") else column.isnull())
        empty = empty.fill_null(True)
        return empty if op == "empty" else ~empty
    if kind in ("date", "datetime"):
        first, after = env.days(atom)
        edge = start_of if kind == "datetime" else (lambda day: day)
        parts = ([column >= edge(first)] if first else []) + ([column < edge(after)] if after else [])
        return reduce(and_, parts)
    if kind == "region" and op in ("in", "not_in"):
        found = reduce(or_, (column.startswith(stem(code)).fill_null(False) for code in value))
        return ~found if op == "not_in" else found
    if kind == "tags":
        each = [column.contains(f"|{tag}|").fill_null(False) for tag in value]
        found = reduce(and_ if op == "has_all" else or_, each)
        return ~found if op == "has_none" else found
    if kind == "ref":
        ids = env.ids(value if isinstance(value, tuple) else (value,))
        found = column.isin(ids).fill_null(False) if ids else column.isnull() & column.notnull()
        return ~found if op in ("is_not", "not_in") else found
    if kind == "bool":
        return (column == value) if value else (column.fill_null(False) == value)
    if kind in NUMBERS and op == "between":
        return (column >= value[0]) & (column <= value[1])
    return _plain(op, column, value)


def _plain(op: str, column: Any, value: Any) -> Any:
    if op in ("contains", "not_contains", "starts"):
        folded, wanted = column.translate(ascii_uppercase, ascii_lowercase), fold(value)
        found = folded.startswith(wanted) if op == "starts" else folded.contains(wanted)
    elif op in ("in", "not_in"):
        found = column.isin(value)
    else:
        found = _compare("is" if op == "is_not" else op, column, value)
    return ~found.fill_null(False) if op in ("not_in", "not_contains", "is_not") else found
