"""Filter against one object in memory: no query, the same answer as SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from guanxi.kernel.fields import NUMBERS
from guanxi.kernel.filters.ast import All, Any_, Atom, Has, Node, Not
from guanxi.kernel.filters.env import Env, fold
from guanxi.kernel.filters.orm import stem


def matches(node: Node, row: Any, env: Env) -> bool:
    """Does the object satisfy the condition?  Links are followed only as far as they are already loaded."""
    match node:
        case Atom():
            return _atom(node, value_of(row, node.field.path), env)
        case Not(item):
            return not matches(item, row, env)
        case All(items):
            return all(matches(item, row, env) for item in items)
        case Any_(items):
            return any(matches(item, row, env) for item in items)
        case Has():
            count = sum(matches(node.where, child, env) for child in _related(node, row, env))
            return _compare(node.count[0], count, node.count[1])


def value_of(row: Any, path: str) -> Any:
    """The value at an ORM path such as `profile__stage` or `extra__colour`; None where the way breaks off."""
    for step in path.split("__"):
        if row is None:
            return None
        try:
            row = row.get(step) if isinstance(row, dict) else getattr(row, step)
        except ObjectDoesNotExist:
            return None
    return row


def _related(node: Has, row: Any, env: Env) -> Iterable[Any]:
    if env.rows is None:
        raise ValueError(f"No rows of {node.relation} are at hand.")
    return env.rows(row, node)  # type: ignore[no-any-return]


def _compare(word: str, left: Any, right: Any) -> bool:
    return bool(
        {"gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right, "is": left == right}[word]
    )


def _atom(atom: Atom, found: Any, env: Env) -> bool:
    kind, op, value = atom.field.kind, atom.op, atom.value
    if op in ("empty", "not_empty"):
        return (found in (None, "", [])) == (op == "empty")
    if kind in NUMBERS:
        return _number(op, found, value)
    if kind in ("date", "datetime"):
        return _day(atom, found, env)
    if kind == "tags":
        return _tags(op, set(found or []), value)
    if kind == "region" and op in ("in", "not_in"):
        return any(str(found or "").startswith(stem(code)) for code in value) != (op == "not_in")
    if kind == "ref":
        ids = env.ids(value if isinstance(value, tuple) else (value,))
        return bool((found in ids) != (op in ("is_not", "not_in")))
    if kind == "bool":
        return bool(found) is bool(value)
    return _text(op, "" if found is None else str(found), value, known=found is not None)


def _number(op: str, found: Any, value: Any) -> bool:
    if found is None or found == "":
        return op == "is_not"
    number = Decimal(str(found))
    if op == "between":
        return bool(value[0] <= number <= value[1])
    return number != value if op == "is_not" else _compare(op, number, value)


def _day(atom: Atom, found: Any, env: Env) -> bool:
    if not found:
        return False
    if isinstance(found, datetime):
        found = timezone.localtime(found).date()
    elif isinstance(found, str):
        found = date.fromisoformat(found)
    first, after = env.days(atom)
    return (first is None or found >= first) and (after is None or found < after)


def _tags(op: str, found: set[str], value: tuple[str, ...]) -> bool:
    hits = [tag in found for tag in value]
    return all(hits) if op == "has_all" else any(hits) != (op == "has_none")


def _text(op: str, found: str, value: Any, *, known: bool) -> bool:
    negative = op in ("is_not", "not_in", "not_contains")
    if op in ("in", "not_in"):
        hit = known and found in value
    elif op in ("contains", "not_contains"):
        hit = fold(value) in fold(found)
    elif op == "starts":
        hit = fold(found).startswith(fold(value))
    else:
        hit = known and found == value
    return hit != negative
