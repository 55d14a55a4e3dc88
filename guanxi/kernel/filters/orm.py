"""Filter to Django's Q: the same rows on SQLite and PostgreSQL, unknown values never match and never leak a NULL."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    DecimalField,
    Exists,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import (  # type: ignore[attr-defined]
    KeyTextTransform,
    KeyTransform,
    compile_json_path,
)
from django.db.models.functions import Cast, Coalesce, StrIndex

from guanxi.kernel.entities import entity
from guanxi.kernel.fields import NUMBERS, TEXTS
from guanxi.kernel.filters.ast import All, Any_, Atom, Has, Node, Not
from guanxi.kernel.filters.env import Env, fold, start_of

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING
COMPARE = {"gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte", "is": "exact"}


def to_q(node: Node, env: Env, prefix: str = "") -> Q:
    """The condition as Q; `prefix` ("account__") when the entity is reached over a link."""
    match node:
        case Atom():
            return _json_atom(node, env, prefix) if node.field.json else _atom(node, env, prefix + node.field.path)
        case Not(item):
            return ~to_q(item, env, prefix)
        case Has():
            return _has(node, env, prefix)
        case All(items):
            result = Q()
            for item in items:
                result &= to_q(item, env, prefix)
            # An empty Q vanishes inside an OR, so "everything" has to be said aloud.
            return result if items else EVERYTHING
        case Any_(items):
            result = NOTHING
            for number, item in enumerate(items):
                result = to_q(item, env, prefix) if number == 0 else result | to_q(item, env, prefix)
            return result


def _atom(atom: Atom, env: Env, path: str) -> Q:
    kind, op, value = atom.field.kind, atom.op, atom.value
    if op in ("empty", "not_empty"):
        empty = Q(**{f"{path}__isnull": True})
        if kind in TEXTS or kind in ("choice", "tags"):
            empty |= Q(**{path: ""})
        return empty if op == "empty" else ~empty
    if kind in ("date", "datetime"):
        first, after = env.days(atom)
        edge = start_of if kind == "datetime" else (lambda day: day)
        bounds = {"gte": first, "lt": after}
        return Q(**{f"{path}__{word}": edge(day) for word, day in bounds.items() if day is not None})
    if kind == "tags":
        return _combine([_holds(path, f"|{tag}|") for tag in value], op)
    if kind == "region" and op in ("in", "not_in"):
        found = _combine([Q(**{f"{path}__startswith": stem(code)}) for code in value], "has_any")
        return ~found if op == "not_in" else found
    if kind == "ref":
        ids = env.ids(value if isinstance(value, tuple) else (value,))
        found = Q(**{f"{path}__in": ids}) if ids else NOTHING
        return ~found if op in ("is_not", "not_in") else found
    if kind == "bool":
        return Q(**{path: True}) if value else ~Q(**{path: True})
    if kind in NUMBERS:
        value = tuple(_exact(v, kind) for v in value) if op == "between" else _exact(value, kind)
    return _plain(path, op, value)


def _exact(number: Decimal, kind: str) -> Any:
    """The number as typed: left alone, Django would round it to the column's places and fail where it has too many."""
    if kind == "int" and number == number.to_integral_value():
        return Value(int(number), BigIntegerField())  # a bare one out of the column's range would match NULL
    return Value(number, DecimalField(max_digits=30, decimal_places=6))


def stem(code: str) -> str:
    """The digits a region shares with everything in it: 320000 stands for 32…, 320500 for 3205…."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _combine(each: list[Q], op: str) -> Q:
    result = each[0]
    for q in each[1:]:
        result = result & q if op == "has_all" else result | q
    return ~result if op == "has_none" else result


def _plain(path: str, op: str, value: Any) -> Q:
    match op:
        case "in" | "not_in":
            found = Q(**{f"{path}__in": value})
        case "contains" | "not_contains" | "starts":
            found = _like(path, op, value)
        case "between":
            found = Q(**{f"{path}__gte": value[0], f"{path}__lte": value[1]})
        case "is" | "is_not":
            found = Q(**{path: value})
        case _:
            found = Q(**{f"{path}__{COMPARE[op]}": value})
    return ~found if op in ("not_in", "not_contains", "is_not") else found


class _KeyText(KeyTextTransform):
    """Django says 'null' on SQLite where the key holds a JSON null; here it is NULL, as on PostgreSQL."""

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params, keys = self.preprocess_lhs(compiler, connection)
        return f"CAST(JSON_EXTRACT({lhs}, %s) AS TEXT)", (*params, compile_json_path(keys))


def _json_atom(atom: Atom, env: Env, prefix: str) -> Q:
    """A key of the `extra` column: compared as text, number or ISO day; a CASE keeps NULL out of NOT."""
    column, _, key = atom.field.path.partition("__")
    text: Any = Coalesce(_KeyText(key, prefix + column), Value(""), output_field=TextField())
    kind, op, value = atom.field.kind, atom.op, atom.value
    if op in ("empty", "not_empty"):
        wanted = _test(text, "in", ["", "[]"])
        return ~wanted if op == "not_empty" else wanted
    if kind in NUMBERS:
        number = Cast(_KeyText(key, prefix + column), DecimalField(max_digits=24, decimal_places=6))
        if op == "between":
            return _test(number, "gte", value[0]) & _test(number, "lte", value[1])
        found = _test(number, COMPARE.get(op, "exact"), value)
        return ~found if op == "is_not" else found
    if kind == "date":
        first, after = env.days(atom)
        found = ~_test(text, "exact", "")
        found &= _test(text, "gte", first.isoformat()) if first else Q()
        return found & (_test(text, "lt", after.isoformat()) if after else Q())
    if kind == "bool":
        # The two engines spell a JSON true differently as text.
        truth = _test(text, "in", ["true", "1"])
        return truth if value else ~truth
    if kind == "tags":
        listed = Cast(KeyTransform(key, prefix + column), TextField())
        return _combine([_combine([_holds(listed, way) for way in _quoted(tag)], "has_any") for tag in value], op)
    if op in ("contains", "not_contains", "starts"):
        found = _like(text, op, value)
    else:
        found = _test(text, "in" if op in ("in", "not_in") else "exact", value)
    return ~found if op in ("not_in", "not_contains", "is_not") else found


def _quoted(tag: str) -> set[str]:
    """A label as it may stand in a JSON list: SQLite keeps the escapes it was written with."""
    return {json.dumps(tag), json.dumps(tag, ensure_ascii=False)}


def _lookup(expression: Any, name: str) -> Any:
    return expression.output_field.get_lookup(name)


def _holds(text: Any, part: str) -> Q:
    """Not LIKE, which ignores case on SQLite."""
    return _test(StrIndex(text, Value(part)), "gt", 0)


class _Fold(Func):
    """ASCII letters in lower case: SQLite's LIKE folds these by itself, and PostgreSQL is held to the same."""

    template = "%(expressions)s"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template='LOWER((%(expressions)s) COLLATE "C")')


def _like(text: Any, op: str, value: str) -> Q:
    return _test(_Fold(text), "startswith" if op == "starts" else "contains", fold(value))


def _test(expression: Any, lookup: str, value: Any) -> Q:
    comparison = _lookup(expression, lookup)(expression, value)
    truth = Case(When(comparison, then=Value(True)), default=Value(False), output_field=BooleanField())
    return Q(_lookup(truth, "exact")(truth, True))


def _has(node: Has, env: Env, prefix: str) -> Q:
    target = entity(node.target).model
    rows = target.objects.visible_to(env.user) if env.user is not None else target.objects.all()
    rows = rows.filter(to_q(node.where, env), **{node.via: OuterRef(f"{prefix}pk")})
    word, number = node.count
    if (word, number) in (("gte", 1), ("gt", 0)):
        return Q(Exists(rows))
    if (word, number) in (("lt", 1), ("is", 0), ("lte", 0)):
        return ~Q(Exists(rows))
    counted = rows.order_by().values(node.via).annotate(n=Count("pk")).values("n")
    total = Coalesce(Subquery(counted), Value(0))
    return Q(_lookup(total, COMPARE[word])(total, number))
