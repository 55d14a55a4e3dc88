"""Values to cells: the hot path of every list.  A column compiles once per page into a function of plain strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape as escaped
from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.formats.browsers import browser
from guanxi.formats.money import exact, money
from guanxi.formats.regions import place
from guanxi.kernel import clock
from guanxi.kernel.actions import Verb, verbs_of
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.fields import Field
from guanxi.kernel.filters import Env, FilterError, parse, sentence
from guanxi.kernel.filters.orm import to_q
from guanxi.kernel.prepared import among
from guanxi.web import atoms
from guanxi.web.atoms import DASH
from guanxi.web.reading import is_masked, is_veiled, masked_value

Cell = Callable[[Any, Any], str]
ROWS = 50  # of a page
RIGHT = ("int", "decimal", "money", "percent")


def text_of(found: Field, value: Any, shown: Any = None) -> str:
    """The value as plain words, for exports, cards, API labels and audit lines."""
    if value in (None, "", []):
        return ""
    match found.kind:
        case "choice":
            return str(found.label_of(value))
        case "ref":
            return str(_names(found)(value if shown is None else shown))
        case "bool":
            return _("Yes") if value in (True, "true", 1) else _("No")
        case "region":
            return place(value)
        case "money":
            return money(value)
        case "percent":
            return f"{Decimal(str(value)):.1f}%"
        case "int" | "decimal" if found.style != "year":
            return exact(value) if found.style == "cents" else f"{Decimal(str(value)).normalize():,f}"
        case "datetime":
            return atoms.moment(value)
        case "date":
            return str(value)[:7] if found.style == "month" else str(value)
        case "tags":
            return "、".join(str(found.label_of(tag)) for tag in value)
        case "json":
            return _structure(found, value)
    return str(value)


def read_out(found: Field, value: Any, shown: Any = None) -> str:
    """The value as plain words; what pages show masked until it is asked for stays masked."""
    return masked_value(found, value) if is_veiled(found) else text_of(found, value, shown)


def _names(found: Field) -> Callable[[Any], Any]:
    """What tells the name of a row that a link points to from its name column; looked up once for all rows of a page."""
    target = entity(found.target)
    return target.field(target.name_field, None).label_of


def _structure(found: Field, value: Any) -> str:
    """A JSON column by its style: a condition as a sentence, cut-offs in percent, rows by their filled columns."""
    word, _colon, target = found.style.partition(":")
    if word == "filter":
        try:
            return sentence(parse(value, entity(target)))
        except FilterError as error:
            return str(error)
    if word == "shares":
        return "、".join(f"{cut * 100:g}%" for cut in value.get("cuts", ()))
    if word != "table":
        return str(value)
    columns = [(*spec.partition(":"), label) for spec, label in found.choices]
    rows = ([_part(row.get(name), kind, label) for name, _c, kind, label in columns] for row in value)
    return "\n".join(" · ".join(filter(None, parts)) for parts in rows)


def _part(value: Any, kind: str, label: Any) -> str:
    if kind.startswith("of "):
        found = entity(kind.removeprefix("of ")).fields_for(None).get(value)
        return str(found.label if found else value or "")
    if kind == "int":
        return "" if value is None else f"{label} {value}"
    return str(label) if value is True else str(value or "")


def cell_for(found: Field, *, memo: bool = True) -> Cell:
    """A function (stored value, shown value) -> inner HTML of a cell; with `memo` for the rows of one page only."""
    if is_veiled(found):
        return masked_cell(found)
    match found.kind:
        case "money":
            return lambda value, _s: DASH if value is None else _grouped(value)
        case "tags":
            return lambda value, _s: "".join(atoms.tag(found.label_of(tag)) for tag in value or ()) or DASH
        case "choice" | "bool" | "ref" | "region" | "date" | "datetime" | "int" | "decimal" | "percent":
            return _remembered(_maker(found)) if memo else _unless_empty(_maker(found))
        case "json":
            return lambda value, _s: escape(text_of(found, value)) or DASH
        case "text" if found.style == "browser":
            return lambda value, _s: f'<span title="{escape(value)}">{escape(browser(value))}</span>' if value else DASH
    return lambda value, _s: escaped(str(value)) if value not in (None, "") else DASH


def _remembered(make: Callable[[Any, Any], str]) -> Cell:
    """Few different values in many rows: make each once."""
    memo: dict[Any, str] = {}

    def cell(value: Any, shown: Any) -> str:
        if value is None or value == "":
            return DASH
        html = memo.get(value)
        if html is None:
            html = memo[value] = make(value, shown)
        return html

    return cell


def _unless_empty(make: Callable[[Any, Any], str]) -> Cell:
    return lambda value, shown: DASH if value is None or value == "" else make(value, shown)


def _maker(found: Field) -> Callable[[Any, Any], str]:
    match found.kind:
        case "choice" if found.style == "grade":
            return lambda value, _s: atoms.grade(value)
        case "choice" if found.tones:
            return lambda value, _s: atoms.badge(found.label_of(value), found.tones.get(value, "gray"))
        case "ref" if found.target == "org.user":
            return lambda _v, shown: f"{atoms.avatar(shown or '?', 'av-xs')}{escape(shown or '?')}"
        case "ref":
            named = _names(found)
            return lambda _v, shown: escape(named(shown or "?"))
        case "region":
            return lambda value, _s: escape(place(value))
        case "date" | "datetime":
            return lambda value, _s: _moment_html(found.style, value, clock.today(), get_language())
        case "percent" if found.style == "health":
            return lambda value, _s: atoms.health(value)
    return lambda value, _s: escape(text_of(found, value))


def _grouped(value: Any) -> str:
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{'−' if amount < 0 else ''}¥{abs(amount):,.2f}".removesuffix(".00")


@lru_cache(8192)
def _moment_html(style: str, value: Any, _today: date, _language: str | None) -> str:
    """Pages of one day show the same days again and again."""
    value = date.fromisoformat(value) if isinstance(value, str) else value  # an extra field keeps its day as text
    if style == "due":
        return atoms.due(value)
    if style == "month":
        return str(value)[:7]
    if style == "ago":
        return f'<time title="{value:%Y-%m-%d}">{escape(atoms.ago(value))}</time>'
    return escape(atoms.moment(value) if isinstance(value, datetime) else str(value))


def shown(found: Field, value: Any, name: Any, url: str = "") -> SafeString:
    """One value outside a table, as a link where it points to a record."""
    html = cell_for(found)(value, name)
    return SafeString(f'<a class="lnk" href="{escape(url)}">{html}</a>' if url else html)


def masked_cell(found: Field) -> Cell:
    return lambda value, _s: escape(masked_value(found, value)) or DASH


def is_name(found: Field) -> bool:
    """Does this field call a thing by a name, whose first character says something, and not by a number?"""
    if found.target:
        target = entity(found.target)
        return is_name(target.field(target.columns[0], None))
    return found.kind == "text" and found.name not in ("code", "number")


class RowMaker:
    """Rows of one list page: `fields` are its columns in order, the first one links to the record."""

    def __init__(self, declared: Entity, fields: list[Field], user: Any) -> None:
        self.entity, self.fields, self.user = declared, fields, user
        self.base = list_url(declared.slug)
        self.pick = _("Select %(name)s")
        self.cells = [masked_cell(f) if is_masked(user, declared, f.name) else cell_for(f) for f in fields]
        still = (cell_for(replace(f, style="")) if f.style == "due" else None for f in fields)
        self.still = [same or cell for same, cell in zip(still, self.cells, strict=True)]
        self.tiled = is_name(fields[0])
        editable = user.may("change", declared.label)
        self.pencil, self.veiled = atoms.icon("pencil"), is_masked(user, declared, fields[0].name)
        self.opening = [self._opening(f) for f in fields]
        inline = [editable and f.name in declared.inline and not is_masked(user, declared, f.name) for f in fields]
        self.verbs = [verbs_of(declared.model)[short] for short in declared.row_verbs]
        self.buttons = [self._button(f) if on else "" for f, on in zip(fields, inline, strict=True)]
        eyed = map(self._has_eye, fields, inline)
        self.eyes = [self._eye(f) if on else None for f, on in zip(fields, eyed, strict=True)]

    def _opening(self, found: Field) -> str:
        slot = self.entity.slots.get(found.name)
        classes = "r num" if found.kind in RIGHT else "c-own" if found.target == "org.user" else ""
        extra = (f' data-m="{slot}"' if slot else "") + (f' class="{classes}"' if classes else "")
        return f'<td data-l="{escape(found.label)}"{extra}>'

    def rows(self, page: Iterable[tuple[Any, ...]], pairs: Callable[..., list[tuple[Any, Any]]]) -> SafeString:
        """All rows of a page; every cell has escaped what it shows."""
        page = list(page)
        ids = [row[0] for row in page]
        usable, over = self._usable(ids), self._over(ids)
        return SafeString("".join(self.row(r[0], pairs(r), usable.get(r[0], ()), r[0] in over) for r in page))

    def _over(self, ids: list[int]) -> set[int]:
        """Rows nobody waits for any more: what they were due on is a day like others."""
        if not self.entity.finished or all(f.style != "due" for f in self.fields):
            return set()
        return set(among(("over", self.entity.label, clock.today()), self._finished, tuple(ids), ROWS))

    def _finished(self, *ids: int) -> QuerySet[Any]:
        rows = self.entity.model._base_manager.filter(to_q(parse(self.entity.finished, self.entity), Env()), pk__in=ids)
        return rows.values_list("pk", flat=True)  # type: ignore[no-any-return]

    def _usable(self, ids: list[int]) -> dict[int, list[Verb]]:
        """Of each row the verbs with a button that make sense there and that this person may use."""
        found = self.entity.model.objects.filter(pk__in=ids) if any(v.allowed(self.user) for v in self.verbs) else ()
        return {row.pk: [verb for verb in self.verbs if verb.fits(row, self.user)] for row in found}

    def row(self, pk: int, values: list[tuple[Any, Any]], usable: Iterable[Verb] = (), over: bool = False) -> str:
        """One `<tr>`; `values` are (stored, shown) pairs in column order."""
        name, url = SafeString(escaped(self._name(values[0]))), f"{self.base}{pk}/"
        tile = atoms.avatar(name, "av-sm", self.entity.label != "org.user") if self.tiled else ""
        parts = [
            f'<tr id="r{pk}"><td class="c-ck"><input class="form-check-input" type="checkbox" name="id" value="{pk}" '
            f'aria-label="{self.pick % {"name": name.partition(chr(10))[0]}}"></td>'
            f'<th scope="row" class="c-name"><a href="{url}">{tile}'
            f'<span class="nm"><span class="trunc">{name}</span></span></a></th>'
        ]
        cells = self.still if over else self.cells
        for number in range(1, len(self.fields)):
            inner = cells[number](*values[number])
            if (eye := self.eyes[number]) and inner != DASH:
                inner = eye(inner, url)
            if button := self.buttons[number]:
                inner = f'<button type="button" class="edt" hx-get="{url}{button}{inner}{self.pencil}</button>'
            parts.append(f"{self.opening[number]}{inner}</td>")
        if self.verbs:
            parts.append(f'<td class="c-act" data-m="act">{"".join(self._verb(verb, url) for verb in usable)}</td>')
        return "".join([*parts, "</tr>"])

    def _has_eye(self, found: Field, inline: bool) -> bool:
        """A masked number that is not edited here, of the row itself, may be asked for one by one."""
        own = "." not in found.name and not is_masked(self.user, self.entity, found.name)
        return is_veiled(found) and not inline and own

    def _eye(self, found: Field) -> Callable[[str, str], str]:
        return lambda inner, url: atoms.secret(SafeString(inner), f"{url}reveal/{found.name}/", found.label)

    def _verb(self, verb: Verb, url: str) -> str:
        """The button of a verb in a row."""
        link, words = f"{url}do/{verb.short}/", atoms.icon(verb.icon) + escape(verb.label)
        return f'<a class="btn btn-outline btn-xs" href="{link}" data-dialog="{link}">{words}</a>'

    def _name(self, pair: tuple[Any, Any]) -> str:
        """The name in the first column; a link shows what it points to."""
        value, shown = pair
        first = self.fields[0]
        if self.veiled:
            return masked_value(first, shown or value) or "—"
        return text_of(first, value, shown) or "—"

    def _button(self, found: Field) -> str:
        """What follows the row's address in the button that edits a cell: the same for the whole column."""
        label = escape(_("Change %(field)s") % {"field": found.label})
        return f'cell/{found.name}/" hx-target="closest td" hx-swap="outerHTML" title="{label}">'

    def cell(self, pk: int, found: Field, value: Any, shown: Any) -> str:
        """One whole `<td>`, as an inline edit puts it back."""
        inner, url = cell_for(found)(value, shown), f"{self.base}{pk}/"
        button = f'<button type="button" class="edt" hx-get="{url}{self._button(found)}{inner}{self.pencil}</button>'
        return f"{self._opening(found)}{button}</td>"
