"""The conditions of a rule as the filter builder shows them, and as they come back from there: one editor for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.entities import Entity
from guanxi.kernel.filters import All, Any_, Atom, FilterError, Has, Node, Not, describe, legend, parse
from guanxi.rulebook.spec import Missing, Place, Spec, SpecError, check, places, read, the_entity, the_field
from guanxi.web.forms import choices_url
from guanxi.web.reading import usable_fields, user_filter

NOBODY = ("@me", "@my_department")  # a duty is owed by everybody alike; a guard knows who acts
# "Before today" has no input of its own in the builder; "longer ago than 0 days" says the same there.
TODAY, AGO = {"op": "before", "v": "@today"}, {"op": "older_than", "v": 0}


@dataclass(frozen=True)
class Kind:
    """What the page says about a condition; `empty` is the answer to leaving out one that a rule cannot do without."""

    title: Any
    hint: Any
    empty: Any = ""


KINDS = {
    "where": Kind(
        gettext_lazy("Whom the rule concerns"),
        gettext_lazy("%(rows)s: all of them, or those that satisfy the conditions"),
    ),
    "holds": Kind(
        gettext_lazy("What must hold"),
        gettext_lazy("%(rows)s: a duty is owed where these conditions are not satisfied"),
        gettext_lazy("Say what must hold."),
    ),
    "breach": Kind(
        gettext_lazy("What must not be"),
        gettext_lazy("%(rows)s: a duty is owed as soon as these conditions are satisfied"),
        gettext_lazy("Say what must not be."),
    ),
    "deny": Kind(
        gettext_lazy("When it is refused"),
        gettext_lazy("%(rows)s: refused where these conditions are satisfied"),
        gettext_lazy("Say when it is refused."),
    ),
    "done": Kind(
        gettext_lazy("What counts as evidence"),
        gettext_lazy("%(rows)s: all that match the subject, or those that satisfy the conditions"),
    ),
    "part": Kind(
        gettext_lazy("What counts for “%(part)s”"),
        gettext_lazy("%(rows)s: those that satisfy the conditions"),
        gettext_lazy("Say what counts for this part."),
    ),
}


@dataclass(frozen=True)
class Condition:
    """One condition of a rule: where it stands, of which rows it speaks, and what the page says about it."""

    place: Place
    kind: Kind
    rows: Entity
    part: str = ""
    everybody: bool = True

    @property
    def name(self) -> str:
        """What its input is called, and what an error in it is filed under."""
        return self.place.name


def conditions(spec: Spec) -> Iterator[Condition]:
    """The conditions a rule of its kind has; those about what is not installed (yet) are left out."""
    for place in places(spec):
        if place.name == "where" and spec.kind == "guard":
            continue
        try:
            rows = the_entity(place.about)
        except Missing:
            continue
        word = str(place.path[0])
        kind = "breach" if place.path == ("holds", "not") else "part" if word == "parts" else word
        part = spec.parts[int(place.path[1])].name if kind == "part" else ""
        yield Condition(place, KINDS[kind], rows, part, everybody=spec.kind != "guard")


def builders(raw: Mapping[str, Any], user: Any, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the page needs for each builder; `given` is what was typed into those that could not be taken."""
    return [_builder(one, raw, user, given.get(one.name)) for one in conditions(read(raw))]


def _builder(one: Condition, raw: Mapping[str, Any], user: Any, given: str | None) -> dict[str, Any]:
    parts, text = _typed(one.place.of(raw), given)
    known = legend(All(tuple(_node(part, one.rows, user.company) for part in parts)))
    known["fields"] = [_with_names(field, one.rows, user.company) for field in known["fields"]]
    fields = describe(usable_fields(one.rows, user).values(), lambda field: choices_url(one.rows, field))
    return {
        "name": one.name, "value": text, "fields": fields, "legend": known, "block": f"{one.name}-fields",
        "key": f"{one.name}-legend", "everybody": one.everybody, "title": str(one.kind.title) % {"part": one.part},
        "hint": str(one.kind.hint) % {"rows": one.rows.singular},
    }  # fmt: skip


def _typed(where: Mapping[str, Any], given: str | None) -> tuple[list[Any], str]:
    """The parts of a condition and its text; what was typed is shown again however wrong it is."""
    if given is not None:
        try:
            return _flat(json.loads(given or "{}")), given
        except (ValueError, RecursionError, TypeError, AttributeError):
            return [], given
    parts = [_said(part, TODAY, AGO) for part in _flat(where)]
    return parts, json.dumps({"all": parts}, ensure_ascii=False)


def _node(raw: Any, declared: Entity, company: Any) -> Node:
    try:
        return parse(raw, declared, company)
    except FilterError:
        return All()


def _said(raw: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> Any:
    """The condition with one comparison said in other words."""
    if isinstance(raw, list):
        return [_said(part, old, new) for part in raw]
    if not isinstance(raw, Mapping):
        return raw
    if "f" in raw:
        same = raw.get("op") == old["op"] and str(raw.get("v")) == str(old["v"])
        return {**raw, **new} if same else dict(raw)
    return {key: _said(part, old, new) if key in ("all", "any", "not") else part for key, part in raw.items()}


def changed(raw: dict[str, Any], typed: Mapping[str, str], user: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The rule with the conditions that were typed, and by name what is wrong with those that could not be taken."""
    wrong: dict[str, str] = {}
    for one in list(conditions(read(raw))):
        if one.name in typed:
            try:
                raw = _changed(raw, one, typed[one.name], user)
            except (FilterError, SpecError) as error:
                wrong[one.name] = str(error)
            except (ValueError, RecursionError):
                wrong[one.name] = _("The condition is not readable.")
    return raw, wrong


def _changed(raw: dict[str, Any], one: Condition, text: str, user: Any) -> dict[str, Any]:
    """With one condition as it was typed; as it was where that says the same."""
    where = _said(json.loads(text.strip() or "{}"), AGO, TODAY)
    if _flat(where) == _flat(one.place.of(raw)):  # also where it speaks of what is not there yet
        return raw
    before = _before(raw, one, user.company)
    after = list(_parts(parse(where, one.rows, user.company)))
    if not after and one.kind.empty:
        raise SpecError(one.kind.empty)
    if after == before:
        return raw
    if one.everybody and any(_personal(part) for part in after):
        raise FilterError(_("A rule holds for everybody: “me” and “my department” mean nobody in it."))
    _may_ask(where, before or [], one.rows, user)
    made = one.place.put(raw, where)
    with suppress(Missing):  # it waits for something; what is installed has been looked at above
        check(read(made), user.company)
    return made


def _before(raw: Mapping[str, Any], one: Condition, company: Any) -> list[Node] | None:
    """What the condition says now; None where it cannot be read, because what it speaks of is not there."""
    try:
        return list(_parts(parse(one.place.of(raw), one.rows, company)))
    except FilterError:
        return None


def _flat(raw: Mapping[str, Any]) -> list[Any]:
    """One list of conditions: "all" inside "all" says the same without it."""
    if list(raw) != ["all"]:
        return [dict(raw)] if raw else []
    return [one for part in raw["all"] for one in _flat(part)]


def _parts(node: Node) -> Iterator[Node]:
    if not isinstance(node, All):
        yield node
        return
    for item in node.items:
        yield from _parts(item)


def _personal(node: Node) -> bool:
    """Does it speak of whoever reads it?"""
    match node:
        case Atom():
            values = node.value if isinstance(node.value, tuple) else (node.value,)
            return node.field.kind == "ref" and any(value in NOBODY for value in values)
        case Has():
            return _personal(node.where)
        case Not(item):
            return _personal(item)
        case All(items) | Any_(items):
            return any(_personal(item) for item in items)


def _may_ask(where: Any, before: list[Node], declared: Entity, user: Any) -> None:
    """What is new in the condition speaks of fields the person may filter by."""
    for part in _flat(where):
        if parse(part, declared, user.company) not in before:
            user_filter(part, declared, user)


def _with_names(field: dict[str, Any], declared: Entity, company: Any) -> dict[str, Any]:
    """The code of a linked row is chosen by the row's name."""
    link, _dot, last = field["name"].rpartition(".")
    if last != "code":
        return field
    target = the_entity(the_field(declared, link, company, ("ref",)).target)
    rows = (
        target.model.objects.filter(company=company).order_by(target.sort).values_list("code", target.name_field)[:200]
    )
    ops = [pair for pair in field["ops"] if pair[0] in ("is", "is_not")]
    label = the_field(declared, link, company).label
    return {
        **field,
        "label": str(label),
        "ops": ops,
        "choices": [[code, str(target.name_of(name))] for code, name in rows],
    }
