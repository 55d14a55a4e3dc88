"""Whom a rule concerns: the condition of its rows as the filter builder shows it, and as it comes back from there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.entities import Entity
from guanxi.kernel.filters import All, Any_, Atom, FilterError, Has, Node, Not, describe, legend, parse
from guanxi.rulebook.spec import Missing, Spec, SpecError, check, read, the_entity, the_field
from guanxi.web.forms import choices_url
from guanxi.web.reading import usable_fields, user_filter

NAME = "where"
NOBODY = ("@me", "@my_department")  # a rule is carried out for everybody


def builder(spec: Spec, user: Any, given: str | None) -> dict[str, Any] | None:
    """What the page needs for the builder; None where there are no rows to choose from (yet).  `given` is what was typed."""
    declared = _rows(spec)
    if declared is None:
        return None
    raw, text = _typed(spec.where, given)
    known = legend(All(tuple(_node(part, declared, user.company) for part in raw)))
    known["fields"] = [_with_names(one, declared, user.company) for one in known["fields"]]
    fields = describe(usable_fields(declared, user).values(), lambda f: choices_url(declared, f))
    return {"name": NAME, "value": text, "fields": fields, "legend": known, "block": "where-fields", "key": "where-legend",
            "everybody": True, "rows": declared.singular}  # fmt: skip


def _typed(where: Mapping[str, Any], given: str | None) -> tuple[list[Any], str]:
    """The parts of a condition and its text; what was typed is shown again however wrong it is."""
    if given is not None:
        try:
            return _flat(json.loads(given or "{}")), given
        except (ValueError, RecursionError, TypeError, AttributeError):
            return [], given
    parts = _flat(where)
    return parts, json.dumps({"all": parts}, ensure_ascii=False)


def _node(raw: Any, declared: Entity, company: Any) -> Node:
    try:
        return parse(raw, declared, company)
    except FilterError:
        return All()


def changed(raw: dict[str, Any], text: str, user: Any) -> dict[str, Any]:
    """The rule with the condition that was typed; as it was where that says the same.  SpecError (field `where`) says why not."""
    spec = read(raw)
    declared = _rows(spec)
    if declared is None:
        return raw
    try:
        where = json.loads(text.strip() or "{}")
        after = list(_parts(parse(where, declared, user.company)))
        before = list(_parts(parse(spec.where, declared, user.company)))
        if after == before:
            return raw
        if any(_personal(part) for part in after):
            raise FilterError(_("A rule holds for everybody: “me” and “my department” mean nobody in it."))
        _may_ask(where, before, declared, user)
        made = {**raw, NAME: where}
        check(read(made), user.company)
    except Missing:
        return {**raw, NAME: where}
    except (ValueError, RecursionError):
        raise SpecError(_("The condition is not readable."), field=NAME) from None
    except (FilterError, SpecError) as error:
        raise SpecError(str(error), field=NAME) from error
    return made


def _rows(spec: Spec) -> Entity | None:
    try:
        return the_entity(spec.about) if spec.kind != "guard" else None
    except Missing:
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
