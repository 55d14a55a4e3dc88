"""Label and value of a record's fields on its page and its card: what is the same for all rows is worked out once.

Kept per person, state of the rights and language; a line keeps no value.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import Entity, Section, entity
from guanxi.kernel.fields import DAYS, Field
from guanxi.kernel.filters import Env, parse
from guanxi.kernel.filters.memory import matches, value_of
from guanxi.kernel.prepared import ask, kept, reach
from guanxi.web import atoms
from guanxi.web.cells import cell_for
from guanxi.web.forms import sections_of
from guanxi.web.reading import is_masked, is_veiled, masked_value, may_read, readable_fields


@dataclass(frozen=True)
class Line:
    """A field as one person may see it: `html(row)` is its value, masked with an eye, linked, or as in a list."""

    path: str
    opening: str
    html: Callable[[Any], SafeString]
    typed: bool

    def is_empty(self, row: Any) -> bool:
        return value_of(row, self.path) in (None, "", [], False)


def facts(declared: Entity, row: Any, user: Any, names: Iterable[str], *, paper: bool = False) -> SafeString:
    """Label and value of the fields the person may read; `paper` holds no links, eyes or "3 days ago"."""
    return _rows(row, per_person(_lines, declared, user, tuple(names), paper))


def _rows(row: Any, some: Iterable[Line]) -> SafeString:
    return SafeString("".join([f"{one.opening}{one.html(row)}</dd></div>" for one in some]))


def badges(declared: Entity, row: Any, user: Any) -> SafeString:
    """States and labels beside the name: coloured choices, then tags."""
    marked = per_person(_marked, declared, user)
    return SafeString("".join([one.html(row) for one in marked if value_of(row, one.path)]))


def filled_sections(declared: Entity, row: Any, user: Any, *, paper: bool = False) -> list[dict[str, Any]]:
    """The card: sections of the form with their values; on the page with the empty ones that people fill in, so that gaps show."""
    result = []
    for section, some in per_person(_sections, declared, user, paper):
        if section.when and str(value_of(row, section.when[0])) not in section.when[1]:
            continue
        shown = [one for one in some if not (paper and one.is_empty(row))]
        if any((one.typed and not paper) or not one.is_empty(row) for one in shown):
            result.append({"title": section.title, "rows": _rows(row, shown)})
    return result


def per_person(make: Callable[..., Any], declared: Entity, user: Any, *more: Hashable) -> Any:
    """`make(declared, user, *more)`, worked out once per person, state of their rights and language."""
    return kept((make, declared.label, reach(user), get_language(), *more), lambda: make(declared, user, *more))


def _lines(declared: Entity, user: Any, names: Iterable[str], paper: bool) -> list[Line]:
    fields = [declared.field(name, user.company) for name in names if may_read(user, declared, name)]
    return [_line(declared, found, user, paper) for found in fields]


def _line(declared: Entity, found: Field, user: Any, paper: bool = False) -> Line:
    if paper and found.kind in DAYS:
        found = replace(found, style="")  # "3 days ago" is wrong tomorrow
    wide = ' class="wide"' if found.kind in ("longtext", "json") else ""
    opening = f"<div{wide}><dt>{escape(found.label)}</dt><dd>"
    return Line(found.path, opening, _html(declared, found, user, paper), found.editable)


def _marked(declared: Entity, user: Any) -> list[Line]:
    own = (f for f in readable_fields(declared, user).values() if "__" not in f.path)
    fields = [f for f in own if not is_masked(user, declared, f.name)]
    marked = [f for f in fields if f.tones and f.style != "grade"] + [f for f in fields if f.kind == "tags"]
    return [_line(declared, found, user) for found in marked]


def _sections(declared: Entity, user: Any, paper: bool) -> list[tuple[Section, list[Line]]]:
    readable = readable_fields(declared, user)
    sections = [(one, [name for name in one.fields if name in readable]) for one in sections_of(declared, user)]
    return [(one, _lines(declared, user, names, paper)) for one, names in sections if names]


def _html(declared: Entity, found: Field, user: Any, paper: bool) -> Callable[[Any], SafeString]:
    path, cell, still = found.path, cell_for(found, memo=False), cell_for(replace(found, style=""), memo=False)
    over = parse(declared.finished, declared) if declared.finished and found.style == "due" else None

    def masked(row: Any) -> SafeString:
        return escape(masked_value(found, value_of(row, path))) or atoms.DASH

    def secret(row: Any) -> SafeString:
        value = value_of(row, path)
        if not value:
            return SafeString(cell(value, None))
        url = f"{record_url(declared.slug, row.pk)}reveal/{found.name}/"
        return atoms.secret(masked_value(found, value), url, found.label)

    def plain(row: Any) -> SafeString:
        shown = still if over and matches(over, row, Env()) else cell
        return SafeString(shown(value_of(row, path), value_of(row, found.shown) if found.shown else None))

    def linked(row: Any) -> SafeString:
        value, html = value_of(row, path), plain(row)
        there = value and (sees_all or ask(_in_reach, user, value, label=found.target))
        return SafeString(f'<a class="lnk" href="{base}{value}/">{html}</a>') if there else html

    if is_masked(user, declared, found.name) or (paper and is_veiled(found)):
        return masked
    if is_veiled(found):
        return secret
    if found.kind == "ref" and not paper and user.may("view", found.target):
        base = escape(list_url(entity(found.target).slug))
        sees_all = user.scope(found.target) == ~Q(pk__in=[])
        return linked
    return plain


def _in_reach(user: Any, pk: int, label: str) -> QuerySet[Any]:
    return entity(label).model.objects.visible_to(user).filter(pk=pk).values_list("pk")  # type: ignore[no-any-return]
