"""Filter to words: a sentence in the reader's language, and the description the filter builder works from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.formats.regions import place
from guanxi.kernel.entities import entity
from guanxi.kernel.fields import Field
from guanxi.kernel.filters.ast import OPERATORS, All, Any_, Atom, Has, Node, Not

OPERATOR_WORDS = {
    "is": pgettext_lazy("filter", "is"),
    "is_not": pgettext_lazy("filter", "is not"),
    "in": pgettext_lazy("filter", "is one of"),
    "not_in": pgettext_lazy("filter", "is none of"),
    "contains": pgettext_lazy("filter", "contains"),
    "not_contains": pgettext_lazy("filter", "does not contain"),
    "starts": pgettext_lazy("filter", "starts with"),
    "gt": pgettext_lazy("filter", "is more than"),
    "gte": pgettext_lazy("filter", "is at least"),
    "lt": pgettext_lazy("filter", "is less than"),
    "lte": pgettext_lazy("filter", "is at most"),
    "between": pgettext_lazy("filter", "is between"),
    "on": pgettext_lazy("filter", "is on"),
    "before": pgettext_lazy("filter", "is before"),
    "after": pgettext_lazy("filter", "is after"),
    "last_days": pgettext_lazy("filter", "within the last days"),
    "next_days": pgettext_lazy("filter", "within the next days"),
    "last_workdays": pgettext_lazy("filter", "within the last working days"),
    "older_than": pgettext_lazy("filter", "longer ago than days"),
    "period": pgettext_lazy("filter", "is in"),
    "has_any": pgettext_lazy("filter", "has one of"),
    "has_all": pgettext_lazy("filter", "has all of"),
    "has_none": pgettext_lazy("filter", "has none of"),
    "empty": pgettext_lazy("filter", "is empty"),
    "not_empty": pgettext_lazy("filter", "is filled in"),
}
# The same with the number inside, as it stands in a sentence.
SPAN_WORDS = {
    "last_days": pgettext_lazy("filter", "within the last %(n)s days"),
    "next_days": pgettext_lazy("filter", "within the next %(n)s days"),
    "last_workdays": pgettext_lazy("filter", "within the last %(n)s working days"),
    "older_than": pgettext_lazy("filter", "longer ago than %(n)s days"),
}
# The same denied, where no other operator says it.
DENIED_WORDS = {
    "before": pgettext_lazy("filter", "is not before"),
    "after": pgettext_lazy("filter", "is not after"),
    "older_than": pgettext_lazy("filter", "not longer ago than %(n)s days"),
}
PERIOD_WORDS = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "this_week": gettext_lazy("this week"),
    "last_week": gettext_lazy("last week"),
    "this_month": gettext_lazy("this month"),
    "last_month": gettext_lazy("last month"),
    "this_quarter": gettext_lazy("this quarter"),
    "last_quarter": gettext_lazy("last quarter"),
    "this_year": gettext_lazy("this year"),
    "last_year": gettext_lazy("last year"),
}
VARIABLE_WORDS = {
    "@me": gettext_lazy("me"),
    "@my_department": gettext_lazy("my department"),
    "@today": gettext_lazy("today"),
}
COUNT_WORDS = {
    "lt": gettext_lazy("fewer than %(n)d"),
    "lte": gettext_lazy("at most %(n)d"),
    "gt": gettext_lazy("more than %(n)d"),
    "gte": gettext_lazy("at least %(n)d"),
    "is": gettext_lazy("exactly %(n)d"),
}


def sentence(node: Node) -> str:
    """The whole condition as one readable sentence; empty for "everything"."""
    match node:
        case Atom():
            return " ".join(part for part in chip(node) if part)
        case Not(Atom() as atom) if atom.op in DENIED_WORDS:
            return " ".join(part for part in chip(atom, DENIED_WORDS) if part)
        case Not(item):
            return _("not (%(condition)s)") % {"condition": sentence(item) or _("everything")}
        case All(items):
            return _(" and ").join(_bracketed(item, Any_) for item in items if item != All())
        case Any_(items):
            return _(" or ").join(_bracketed(item, All) or _("everything") for item in items) or _("nothing")
        case Has():
            many = COUNT_WORDS[node.count[0]] % {"n": node.count[1]}
            inner = sentence(node.where)
            if inner:
                return _("has %(count)s %(rows)s where %(condition)s") % {
                    "count": many, "rows": node.title, "condition": inner,
                }  # fmt: skip
            return _("has %(count)s %(rows)s") % {"count": many, "rows": node.title}


def _bracketed(node: Node, other: type[All] | type[Any_]) -> str:
    return f"({sentence(node)})" if isinstance(node, other) and len(node.items) > 1 else sentence(node)


def chip(atom: Node, denied: Mapping[str, Any] | None = None) -> tuple[str, str, str]:
    """Field, operator and value as words; what is no single condition as one sentence."""
    if not isinstance(atom, Atom):
        return "", sentence(atom), ""
    label = str(atom.field.label)
    if atom.field.kind == "bool" and atom.op in ("is", "is_not"):  # "active: yes", never "is is not yes"
        return label, "", _("yes") if atom.value == (atom.op == "is") else _("no")
    if atom.op in SPAN_WORDS:
        return label, str((denied or SPAN_WORDS)[atom.op]) % {"n": atom.value}, ""
    return label, str((denied or OPERATOR_WORDS)[atom.op]), _value(atom)


def _value(atom: Atom) -> str:
    if atom.value is None:
        return ""
    if atom.op == "period":
        return str(PERIOD_WORDS[atom.value])
    values = atom.value if isinstance(atom.value, tuple) else (atom.value,)
    named = values[:8] if atom.field.kind == "ref" and len(values) > 8 else values  # a chip does not call the roll
    words = ("–" if atom.op == "between" else _(", ")).join(_words(atom.field, named))
    return words if named is values else _("%(some)s and others, %(n)d in all") % {"some": words, "n": len(values)}


def _words(field: Field, values: Iterable[Any]) -> list[str]:
    if field.kind == "ref":
        ids = [v for v in values if isinstance(v, int)]
        names = _names(field.target, ids)
        return [str(VARIABLE_WORDS[v]) if v in VARIABLE_WORDS else names.get(v, "?") for v in values]
    if field.kind == "region":
        return [place(v) for v in values]
    if field.kind == "choice" or field.choices:
        return [str(field.label_of(v)) for v in values]
    if field.kind == "bool":
        return [_("yes") if v else _("no") for v in values]
    if field.kind in ("date", "datetime"):
        return [str(VARIABLE_WORDS.get(v) or date_format(v, "Y-m-d")) for v in values]
    return [f"{v:f}" if hasattr(v, "as_tuple") else str(v) for v in values]


def _names(target: str, ids: list[int]) -> dict[Any, str]:
    if not ids:
        return {}
    # As the row calls itself: its name column alone may be a day, a code or a link.
    return {row.pk: str(row) for row in entity(target).model._base_manager.filter(pk__in=ids)}


def describe(fields: Iterable[Field], url: Any = None) -> list[dict[str, Any]]:
    """What the filter builder in the browser needs: per field its operators and, where short, its choices."""
    return [
        {
            "name": f.name,
            "label": str(f.label),
            "kind": f.kind,
            "ops": [[op, str(OPERATOR_WORDS[op])] for op in OPERATORS[f.kind]],
            "choices": [[value, str(label)] for value, label in f.choices],
            "url": url(f) if url and f.kind in ("ref", "region") else "",
        }
        for f in fields
    ]


def legend(node: Node) -> dict[str, Any]:
    """What the builder cannot know of a condition: fields behind links, names of linked rows, and its parts in words."""
    fields, names = {}, dict[str, dict[str, str]]()
    for atom in _atoms(node):
        if "." in atom.field.name:
            fields[atom.field.name] = atom.field
        if atom.field.kind in ("ref", "region") and atom.value is not None:
            values = atom.value if isinstance(atom.value, tuple) else (atom.value,)
            names.setdefault(atom.field.name, {}).update(zip(map(str, values), _words(atom.field, values), strict=True))
    parts = node.items if isinstance(node, All) else (node,)
    return {"fields": describe(fields.values()), "names": names, "words": [sentence(part) for part in parts]}


def _atoms(node: Node) -> Iterator[Atom]:
    if isinstance(node, Atom):
        yield node
    yield from (atom for inner in getattr(node, "items", ()) for atom in _atoms(inner))
