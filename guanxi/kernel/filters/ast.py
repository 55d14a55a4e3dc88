"""The grammar: nodes, operators by kind of field, and the parser that turns untrusted JSON into checked nodes.

{"all": [...]} | {"any": [...]} | {"not": ...} | {"f": field, "op": operator, "v": value}
| {"has": relation, "where": {...}, "count": {"lt": 2}}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import DAYS, NUMBERS, TEXTS, Field
from guanxi.kernel.models import Company

MAX_DEPTH, MAX_ATOMS, MAX_VALUES, MAX_LINKS = 6, 40, 500, 3
EARLIEST, LATEST = date(1800, 1, 1), date(2400, 1, 1)
NO_VALUE = ("empty", "not_empty")
LISTS = ("in", "not_in", "has_any", "has_all", "has_none")
COUNTS = ("lt", "lte", "gt", "gte", "is")
PERIODS = (
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month",
    "this_quarter", "last_quarter", "this_year", "last_year",
)  # fmt: skip

_EMPTY = ("empty", "not_empty")
OPERATORS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TEXTS, ("contains", "not_contains", "is", "is_not", "starts", "in", "not_in", *_EMPTY)),
    **dict.fromkeys(NUMBERS, ("is", "is_not", "gt", "gte", "lt", "lte", "between", *_EMPTY)),
    **dict.fromkeys(DAYS, ("period", "last_days", "next_days", "older_than", "last_workdays", "on", "before", "after",
                           "between", *_EMPTY)),
    "bool": ("is",),
    "choice": ("in", "not_in", "is", "is_not", *_EMPTY),
    "ref": ("is", "is_not", "in", "not_in", *_EMPTY),
    "tags": ("has_any", "has_all", "has_none", *_EMPTY),
}  # fmt: skip


class FilterError(Refused):
    """The filter is malformed, too large, or names something this person may not filter by."""

    status = 400


@dataclass(frozen=True)
class Atom:
    field: Field
    op: str
    value: Any = None


@dataclass(frozen=True)
class Not:
    item: Node


@dataclass(frozen=True)
class All:
    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Any_:
    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Has:
    """`count` = (comparison, number); rows of `target` whose `via` points here and that match `where`."""

    relation: str
    target: str
    via: str
    where: Node
    count: tuple[str, int] = ("gte", 1)
    title: Any = field(default="", compare=False)


Node: TypeAlias = Atom | Not | All | Any_ | Has


def conjoin(*nodes: Node) -> Node:
    return All(tuple(n for n in nodes if n != All()))


@dataclass
class _Parser:
    entity: Entity
    company: Company | None
    allowed: Callable[[Entity, str], bool]
    atoms: int = 0

    def node(self, raw: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise FilterError(_("The filter is nested too deeply."))
        if not isinstance(raw, Mapping):
            raise FilterError(_("The filter is not readable."))
        if not raw:
            return All()
        if "f" in raw:
            return self.atom(raw)
        if "has" in raw:
            return self.has(raw, depth)
        if len(raw) != 1 or not {"all", "any", "not"} & raw.keys():
            raise FilterError(_("The filter is not readable."))
        word, inner = next(iter(raw.items()))
        if word == "not":
            return Not(self.node(inner, depth + 1))
        if not isinstance(inner, list):
            raise FilterError(_("The filter is not readable."))
        items = tuple(self.node(item, depth + 1) for item in inner)
        return All(items) if word == "all" else Any_(items)

    def atom(self, raw: Mapping[str, Any]) -> Atom:
        self.atoms += 1
        if self.atoms > MAX_ATOMS:
            raise FilterError(_("The filter has more than %(n)d conditions.") % {"n": MAX_ATOMS})
        name, op = raw.get("f"), raw.get("op")
        try:
            if str(name).count(".") > MAX_LINKS:
                raise KeyError(name)
            found = self.entity.field(str(name), self.company)
        except (KeyError, StopIteration):
            raise FilterError(_("There is no field “%(name)s” to filter by.") % {"name": name}) from None
        if not self.allowed(self.entity, str(name)):
            raise FilterError(_("There is no field “%(name)s” to filter by.") % {"name": name})
        if op not in OPERATORS.get(found.kind, ()):
            raise FilterError(_("“%(field)s” cannot be compared that way.") % {"field": found.label})
        return Atom(found, op, clean(found, op, raw.get("v")))

    def has(self, raw: Mapping[str, Any], depth: int) -> Has:
        try:
            relation = self.entity.relation(str(raw["has"]))
            target = entity(relation.target)
        except (StopIteration, KeyError):
            raise FilterError(_("There is no relation “%(name)s” to filter by.") % {"name": raw["has"]}) from None
        if not self.allowed(target, ""):
            raise FilterError(_("There is no relation “%(name)s” to filter by.") % {"name": raw["has"]})
        inner = _Parser(target, self.company, self.allowed, self.atoms + 1)
        where = inner.node(raw.get("where") or {}, depth + 1)
        self.atoms = inner.atoms
        counts = raw.get("count") or {"gte": 1}
        if not isinstance(counts, Mapping) or len(counts) != 1 or next(iter(counts)) not in COUNTS:
            raise FilterError(_("The filter is not readable."))
        word, number = next(iter(counts.items()))
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 10**9:
            raise FilterError(_("The filter is not readable."))
        return Has(relation.name, relation.target, relation.via, where, (word, number), relation.title)


def parse(
    raw: Any,
    entity: Entity,
    company: Company | None = None,
    allowed: Callable[[Entity, str], bool] = lambda _entity, _name: True,
) -> Node:
    """Checked nodes from untrusted JSON; raises FilterError.  `allowed(entity, field name)` closes fields, with "" the entity."""
    return _Parser(entity, company, allowed).node(raw or {}, 1)


def clean(field: Field, op: str, value: Any) -> Any:
    """The value an operator needs, typed: text, Decimal, date, bool, id or variable, or a tuple of them."""
    if op in NO_VALUE:
        return None
    if op in ("last_days", "next_days", "older_than", "last_workdays"):
        return _whole(field, value, 1_000 if op == "last_workdays" else 36_500)
    if op == "period":
        if value not in PERIODS:
            raise FilterError(_("“%(field)s”: unknown period.") % {"field": field.label})
        return value
    if op in LISTS or op == "between":
        values = value if isinstance(value, list | tuple) else [value]
        if not values or len(values) > MAX_VALUES or (op == "between" and len(values) != 2):
            raise FilterError(_("“%(field)s” needs a value.") % {"field": field.label})
        return tuple(_scalar(field, item) for item in values)
    return _scalar(field, value)


def _whole(field: Field, value: Any, most: int) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if not 0 <= number <= most:
        raise FilterError(_("“%(field)s” needs a number of days.") % {"field": field.label})
    return number


def _scalar(field: Field, value: Any) -> Any:
    if value is None or isinstance(value, list | tuple | dict):
        raise FilterError(_("“%(field)s” needs a value.") % {"field": field.label})
    try:
        if field.kind in NUMBERS:
            number = Decimal(str(value))
            if not number.is_finite() or abs(number) >= Decimal(10) ** 16:
                raise InvalidOperation
            return round(number, 6) if int(number.as_tuple().exponent) < -6 else number
        if field.kind in DAYS:
            if value != "@today" and not EARLIEST <= (value := date.fromisoformat(str(value))) < LATEST:
                raise ValueError
            return value
        if field.kind == "bool":
            return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
        if field.kind == "ref":
            if value not in ("@me", "@my_department") and not 0 <= (value := int(value)) < 2**63:
                raise ValueError
            return value
        text = str(value)
    except (ValueError, InvalidOperation, KeyError, OverflowError):
        shown = value[:60] if isinstance(value, str) else "?"  # thousands of digits have no text
        raise FilterError(_("“%(field)s” cannot be “%(value)s”.") % {"field": field.label, "value": shown}) from None
    if field.kind == "tags":
        text = text.strip().replace("|", "/")  # as they are stored
    if not text:  # nothing is what the operator "empty" asks for
        raise FilterError(_("“%(field)s” needs a value.") % {"field": field.label})
    if len(text) > 400 or "\x00" in text:
        raise FilterError(_("“%(field)s”: the value is too long.") % {"field": field.label})
    return text
