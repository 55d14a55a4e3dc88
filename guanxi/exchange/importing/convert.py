"""From a cell to the value of a field; links are looked up for a whole batch at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from guanxi.formats.codes import check_email
from guanxi.formats.dates import parse_date, parse_datetime
from guanxi.formats.money import CENT, parse_amount
from guanxi.formats.phones import parse_phone
from guanxi.formats.regions import region_named
from guanxi.formats.tables import Cell
from guanxi.formats.values import BadValue
from guanxi.kernel.entities import entity
from guanxi.kernel.fields import TEXTS, Field
from guanxi.kernel.models import TagsField

Convert = Callable[[Any], Any]
YES = {"是", "有", "对", "真", "y", "yes", "true", "1", "√", "✓"}
NO = {"否", "无", "错", "假", "n", "no", "false", "0", "×", "✗"}
SEPARATORS = str.maketrans({";": "|", "；": "|", "\n": "|"})
MOST_KNOWN = 50_000
_FRAYED = " \t\r\n\u3000\ufeff\u200b\xa0"


def text(cell: Cell) -> str:
    """The cell as somebody would type it: numbers without exponent and trailing `.0`."""
    if isinstance(cell, str):
        return cell.strip(_FRAYED)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return "" if cell is None else str(cell)


def converter(found: Field) -> Convert:
    """A function from a filled cell to the field's value; it raises BadValue (or ValueError) with a helpful text."""
    match found.kind:
        case "choice":
            return _chooser(found)
        case "tags":
            return _labeller(found)
        case "bool":
            return _yes_or_no
        case "date":
            return parse_date
        case "datetime":
            return parse_datetime
        case "money":
            return _money
        case "decimal" | "percent":
            return _number
        case "int":
            return _whole
        case "phone":
            return lambda cell: str(parse_phone(text(cell)))
        case "region":
            return lambda cell: region_named(text(cell)).code
        case "email":
            return lambda cell: check_email(text(cell))
    return text


def _words(found: Field) -> dict[str, Any]:
    """Every word for a choice: the stored value and its label in both languages."""
    words = {str(value).casefold(): value for value, _label in found.choices}
    for language in ("en", "zh-hans"):
        with override(language):
            words |= {str(label).casefold(): value for value, label in found.choices}
    return words


def _chosen(found: Field, words: dict[str, Any], word: str) -> Any:
    value = words.get(word.casefold())
    if value is None and found.other is not None:
        return found.other(word)
    if value is None:
        options = "、".join(str(label) for _value, label in found.choices[:12])
        raise BadValue(_("“%(text)s” is not one of: %(options)s."), text=word, options=options)
    return value


def _chooser(found: Field) -> Convert:
    words = _words(found)
    return lambda cell: _chosen(found, words, text(cell))


def _labeller(found: Field) -> Convert:
    words = _words(found)

    def labels(cell: Cell) -> list[str]:
        tags = TagsField().to_python(text(cell).translate(SEPARATORS))
        return [_chosen(found, words, tag) for tag in tags] if words else tags

    return labels


def _yes_or_no(cell: Cell) -> bool:
    word = text(cell).casefold()
    if word not in YES | NO:
        raise BadValue(_("“%(text)s” is neither yes nor no."), text=word)
    return word in YES


def _money(cell: Cell) -> Decimal:
    amount = parse_amount(cell if isinstance(cell, int | float | Decimal) else text(cell))
    return amount.quantize(CENT) if isinstance(cell, float) else amount  # a float's far digits are noise


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, float):
        return Decimal(f"{cell:.10g}")
    return parse_amount(cell if isinstance(cell, int | Decimal) else text(cell).rstrip("%％"))


def _whole(cell: Cell) -> int:
    number = _number(cell)
    if number != number.to_integral_value():
        raise BadValue(_("“%(text)s” is not a whole number."), text=text(cell))
    return int(number)


class Links:
    """Rows another field may point to, by code or name, inside the person's reach; asked once per batch."""

    def __init__(self, found: Field, user: Any) -> None:
        self.declared = entity(found.target)
        model = self.declared.model
        # Authors of old records need not be in the importer's reach.
        everybody = model.objects.filter(company_id=user.company_id)
        self.rows = everybody if found.name == "created_by" else model.objects.visible_to(user)
        fields = [self.declared.field(name, None) for name in (*self.declared.import_key, self.declared.name_field)]
        self.paths = list(dict.fromkeys(f.path for f in fields if f.kind in TEXTS))
        self.known: dict[str, list[Any]] = {}
        self.fresh: list[str] = []

    def prepare(self, texts: Iterable[str]) -> None:
        """Look up what is not known yet; a name that was missing before may exist by now."""
        if len(self.known) > MOST_KNOWN:
            self.known.clear()
        wanted = {word for word in texts if word and not self.known.get(word)}
        if not wanted or not self.paths:
            return
        anywhere = Q()
        for path in self.paths:
            anywhere |= Q(**{f"{path}__in": wanted})
        rows = list(self.rows.filter(anywhere))
        for path in reversed(self.paths):  # the code speaks before the name
            self.known |= _grouped(rows, path, wanted)

    def learn(self, row: Any) -> None:
        """A row of the running batch that later rows may point to."""
        for path in self.paths:
            word = text(getattr(row, path))
            if not self.known.get(word):
                self.known[word] = [row]
                self.fresh.append(word)

    def settle(self, *, stored: bool) -> None:
        """Keep what was learnt in this batch, or forget it because the batch was not stored."""
        for word in [] if stored else self.fresh:
            self.known.pop(word, None)
        self.fresh = []

    def __call__(self, cell: Cell) -> Any:
        word = text(cell)
        rows = self.known.get(word, [])
        if len(rows) == 1:
            return rows[0]
        message = (
            _("%(what)s “%(text)s” stands for several; use the code.")
            if rows
            else _("There is no %(what)s “%(text)s”.")
        )
        raise BadValue(message, what=self.declared.singular, text=word)


def _grouped(rows: list[Any], path: str, wanted: set[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        if (word := text(getattr(row, path))) in wanted:
            found.setdefault(word, []).append(row)
    return found
