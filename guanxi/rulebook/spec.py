"""The rule of a clause as data: read from JSON, checked against the registered entities, told what it still waits for.

within  each row of `about` that matches `where` starts a time at its `from`; due after `within`
every   each such row owes `times` pieces of evidence in each period `every` while it is `alive`
holds   each such row must satisfy the filter `holds`; where it does not, there is `within` to mend it
share   each person's `measure` is divided in each period as `parts` say, within `tolerance` points
guard   `verb` is refused on rows that match `deny`, with `message`

`done` is the evidence: rows of `by` that match `where`, dated by `at`, whose fields equal the subject's (`match`:
pairs of a path of the subject and a field of the evidence).  Spans are [number, unit].
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import DAYS, NUMBERS, Field
from guanxi.kernel.filters import FilterError, Node, parse

PERIODS = ("day", "workday", "week", "month", "quarter", "half", "year")
UNITS = ("minutes", "hours", "days", "workdays", "weeks", "months", "closing")
KINDS = ("within", "every", "holds", "share", "guard")
MOST = 1_000  # of any unit

Span = tuple[int, str]


class SpecError(Refused):
    """The rule cannot be carried out as it is written."""

    status = 422


class Missing(SpecError):
    """The rule names an entity, field or relation that does not exist here (yet)."""


@dataclass(frozen=True)
class Who:
    """Who owes: the person a `path` of the subject leads to, the head of that person's department, or a role's holder."""

    path: str = ""
    head: bool = False
    role: str = ""


@dataclass(frozen=True)
class Evidence:
    by: str
    at: str
    where: Mapping[str, Any] = field(default_factory=dict)
    match: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Step:
    """`when` is counted from the moment the duty is overdue; below zero it is a reminder."""

    when: Span
    to: Who | None  # None: whoever owes it


@dataclass(frozen=True)
class Points:
    amount: int
    unit: str = "points"
    after: int = 1  # so many missed in a row


@dataclass(frozen=True)
class Part:
    name: str
    where: Mapping[str, Any]
    percent: int


@dataclass(frozen=True)
class Spec:
    kind: str
    about: str
    where: Mapping[str, Any] = field(default_factory=dict)
    who: Who = field(default_factory=lambda: Who("owner"))
    customer: str = ""
    since: str = ""  # `from` of the JSON
    within: Span = (0, "days")
    every: str = ""
    times: int = 1
    alive: tuple[str, str] = ("", "")
    done: Evidence | None = None
    holds: Mapping[str, Any] = field(default_factory=dict)
    grace: Span = (0, "days")
    steps: tuple[Step, ...] = ()
    excuse: tuple[str, ...] = ()
    points: Points | None = None
    parts: tuple[Part, ...] = ()
    measure: str = ""
    tolerance: int = 0
    verb: str = ""
    deny: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""

    @property
    def entity(self) -> Entity:
        return the_entity(self.about)

    def node(self, company: Any) -> Node:
        return parse(self.where, self.entity, company)


@dataclass(frozen=True)
class Place:
    """Where a condition stands in the JSON of a rule, and the entity whose rows it speaks of."""

    path: tuple[str | int, ...]
    about: str

    @property
    def name(self) -> str:
        """A word for it: `where`, `holds`, `deny`, `done`, `parts-0`."""
        return "-".join(str(step) for step in self.path if step not in ("where", "not")) or "where"

    def of(self, raw: Any) -> Mapping[str, Any]:
        """The condition, {} where there is none."""
        inner: Any = raw
        for step in self.path:
            inner = inner[step] if isinstance(step, int) or step in inner else {}
        found: Mapping[str, Any] = inner
        return found

    def put(self, raw: Mapping[str, Any], where: Any) -> dict[str, Any]:
        """The rule with another condition there."""
        made = copy.deepcopy(dict(raw))
        inner: Any = made
        for step in self.path[:-1]:
            inner = inner[step]
        inner[self.path[-1]] = where
        return made


def places(spec: Spec) -> list[Place]:
    """Every condition a rule of its kind has; "must hold: not …" is the condition below the "not"."""
    inner = spec.holds.get("not") if len(spec.holds) == 1 else None
    holds: tuple[str, ...] = ("holds", "not") if isinstance(inner, Mapping) else ("holds",)
    found = [Place(("where",), spec.about)]
    if spec.kind == "holds":
        found.append(Place(holds, spec.about))
    if spec.kind == "guard":
        found.append(Place(("deny",), spec.about))
    if spec.done is not None:
        found.append(Place(("done", "where"), spec.done.by))
        found += [Place(("parts", n, "where"), spec.done.by) for n in range(len(spec.parts))]
    return found


LATER = {  # what clauses speak of although its domain is still to come
    "feedback.response": _("Answers to surveys"), "feedback.survey": _("Surveys"),
    "marketing.careaction": _("Care actions"), "marketing.message": _("Mass messages"),
    "support.case": _("Service cases"), "support.prevention": _("Preventive measures"),
    "support.promise": _("Promises to customers"),
}  # fmt: skip


def the_entity(label: str) -> Entity:
    try:
        return entity(label)
    except KeyError:
        raise Missing(_("There is no “%(name)s” here yet.") % {"name": LATER.get(label, label)}) from None


def the_field(declared: Entity, name: str, company: Any, kinds: tuple[str, ...] = ()) -> Field:
    """A field by its path; Missing if there is none, SpecError if it is of another kind."""
    try:
        found = declared.field(name, company)
    except (KeyError, StopIteration):
        raise Missing(
            _("“%(entity)s” has no field “%(name)s” yet.") % {"entity": declared.title, "name": name}
        ) from None
    if kinds and found.kind not in kinds:
        raise SpecError(_("“%(name)s” is of the wrong kind here.") % {"name": found.label})
    return found


def path_of(declared: Entity, name: str, company: Any) -> str:
    """The ORM path of a field; `id` and "" are the row itself."""
    return "pk" if name in ("", "id") else the_field(declared, name, company).path


# -- reading


def read(raw: Any) -> Spec:
    """A rule from its JSON; SpecError says which part is not readable.  Entities are not looked up here."""
    if not isinstance(raw, Mapping):
        raise SpecError(_("The rule is not readable."))
    kind = raw.get("kind")
    if kind not in KINDS:
        raise SpecError(_("“%(name)s” is no kind of rule.") % {"name": kind})
    if unknown := raw.keys() - ALLOWED[kind]:
        raise SpecError(_("A rule of this kind has no “%(name)s”.") % {"name": ", ".join(sorted(map(str, unknown)))})
    values: dict[str, Any] = {"kind": kind, "about": _word(raw, "about")}
    for name in ("where", "holds", "deny"):
        values[name] = _mapping(raw.get(name, {}), name)
    for name in ("customer", "every", "measure", "verb", "message"):
        values[name] = _word(raw, name, "")
    values["since"] = _word(raw, "from", "")
    for name in ("within", "grace"):
        values[name] = span(raw.get(name, [0, "days"]), name)
    values["who"] = _who(raw.get("who", "owner"))
    values["times"] = _number(raw.get("times", 1), "times", 1)
    values["tolerance"] = _number(raw.get("tolerance", 0), "tolerance", 0)
    values["alive"] = _pair(raw.get("alive", ["", ""]), "alive")
    values["excuse"] = tuple(map(str, _list(raw, "excuse")))
    values["steps"] = tuple(_step(one) for one in _list(raw, "steps"))
    values["done"] = _evidence(raw["done"]) if raw.get("done") else None
    values["points"] = _points(raw["points"]) if raw.get("points") else None
    values["parts"] = tuple(_part(one) for one in _list(raw, "parts"))
    return _complete(Spec(**values))


_COMMON = {"kind", "about", "where", "who", "customer", "grace", "steps", "excuse", "points"}
ALLOWED = {
    "within": _COMMON | {"from", "within", "done"},
    "every": _COMMON | {"every", "times", "alive", "done"},
    "holds": _COMMON | {"holds", "within"},
    "share": _COMMON | {"every", "measure", "parts", "tolerance", "done"},
    "guard": {"kind", "about", "verb", "deny", "message"},
}


def _complete(spec: Spec) -> Spec:
    wanted: dict[str, dict[str, Any]] = {
        "within": {"from": spec.since, "done": spec.done},
        "every": {"every": spec.every in PERIODS, "done": spec.done},
        "holds": {"holds": spec.holds},
        "share": {"every": spec.every in PERIODS, "measure": spec.measure, "parts": spec.parts, "done": spec.done},
        "guard": {"verb": spec.verb, "deny": spec.deny, "message": spec.message},
    }
    for name, there in wanted[spec.kind].items():
        if not there:
            raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return spec


def _mapping(raw: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return raw


def _list(raw: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = raw.get(name, ())
    if not isinstance(found, list | tuple):
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return found


def _word(raw: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = raw.get(name, default)
    if not isinstance(value, str) or (default is None and not value) or len(value) > 400:
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return value


def _number(raw: Any, name: str, least: int) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= MOST:
        raise SpecError(_("“%(name)s” must be a number from %(least)s on.") % {"name": name, "least": least})
    return raw


def span(raw: Any, name: str, *, signed: bool = False) -> Span:
    """A time as [number, unit]."""
    if not isinstance(raw, list | tuple) or len(raw) != 2 or raw[1] not in UNITS:
        raise SpecError(_("“%(name)s” must be a number and a unit of time.") % {"name": name})
    return _number(raw[0], name, -MOST if signed else 0), str(raw[1])


def _pair(raw: Any, name: str) -> tuple[str, str]:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return str(raw[0] or ""), str(raw[1] or "")


def _who(raw: Any) -> Who:
    if isinstance(raw, str):
        return Who(path=raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        word, value = next(iter(raw.items()))
        if word == "head" and isinstance(value, str):
            return Who(path=value, head=True)
        if word == "role" and isinstance(value, str) and value:
            return Who(role=value)
    raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": "who"})


def _step(raw: Any) -> Step:
    raw = _mapping(raw, "steps")
    to = raw.get("to", "who")
    whom = None if to == "who" else Who(head=True) if to == "head" else _who(to)
    return Step(span(raw.get("when", [0, "days"]), "steps", signed=True), whom)


def _evidence(raw: Any) -> Evidence:
    raw = _mapping(raw, "done")
    return Evidence(
        _word(raw, "by"), _word(raw, "at"), _mapping(raw.get("where", {}), "where"),
        tuple(_pair(pair, "match") for pair in _list(raw, "match")),
    )  # fmt: skip


def _points(raw: Any) -> Points:
    raw = _mapping(raw, "points")
    amount = raw.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or not -100_000 <= amount <= 100_000:
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": "points"})
    return Points(amount, _word(raw, "unit", "points"), _number(raw.get("after", 1), "after", 1))


def _part(raw: Any) -> Part:
    raw = _mapping(raw, "parts")
    return Part(_word(raw, "name"), _mapping(raw.get("where", {}), "where"), _number(raw.get("percent"), "percent", 0))


# -- checking against what is installed


def check(spec: Spec, company: Any) -> None:
    """Missing if something it names does not exist here; SpecError or FilterError if it cannot be meant so."""
    about = the_entity(spec.about)
    _condition(spec.where, about, company)
    _condition(spec.holds, about, company)
    _condition(spec.deny, about, company)
    if spec.kind == "guard":
        return
    if spec.who.path not in ("", "self"):
        the_field(about, spec.who.path, company, ("ref",))
    if spec.customer not in ("", "self"):
        the_field(about, spec.customer, company, ("ref",))
    for name in filter(None, (spec.since, *spec.alive)):
        the_field(about, name, company, DAYS)
    if spec.done is not None:
        _check_evidence(spec, spec.done, about, company)


def _check_evidence(spec: Spec, done: Evidence, about: Entity, company: Any) -> None:
    by = the_entity(done.by)
    the_field(by, done.at, company, DAYS)
    _condition(done.where, by, company)
    for mine, theirs in done.match:
        path_of(about, mine, company)
        path_of(by, theirs, company)
    if spec.measure:
        the_field(by, spec.measure, company, NUMBERS)
    for part in spec.parts:
        _condition(part.where, by, company)


def _condition(raw: Mapping[str, Any], declared: Entity, company: Any) -> None:
    """A filter that names what is not there makes the rule wait; any other mistake in it is a mistake."""
    _there(raw, declared, company)
    try:
        parse(raw, declared, company)
    except FilterError as error:
        raise SpecError(str(error)) from error


def _there(raw: Any, declared: Entity, company: Any) -> None:
    """Missing for a field or relation that does not exist."""
    if isinstance(raw, list | tuple):
        for part in raw:
            _there(part, declared, company)
    elif isinstance(raw, Mapping) and "f" in raw:
        the_field(declared, str(raw["f"]), company)
    elif isinstance(raw, Mapping) and "has" in raw:
        relation = next((one for one in declared.relations if one.name == raw["has"]), None)
        if relation is None:
            values = {"entity": declared.title, "name": raw["has"]}
            raise Missing(_("“%(entity)s” has no field “%(name)s” yet.") % values)
        _there(raw.get("where", {}), the_entity(relation.target), company)
    elif isinstance(raw, Mapping):
        for part in raw.values():
            _there(part, declared, company)
