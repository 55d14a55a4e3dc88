"""Files of a known make: a preset is a list of steps, each with what it does to a table before that is imported.

A preset is JSON: `{"title": …, "options": {name: default}, "steps": [Step, …]}`; `{@name}` stands for an option.  What a
step may say is explained in docs/import.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.importing.convert import text
from guanxi.formats.tables import Cell, Table, open_table
from guanxi.kernel.errors import Refused

PRESETS: dict[str, dict[str, Any]] = {}  # by name; apps add theirs when they are ready
Row = Sequence[Cell]
Make = Callable[[Row], Cell]
Test = Callable[[Row], bool]
_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Step:
    """One way through one table.  Columns are named by header; joined ones as `name.header`, computed ones as in `columns`."""

    label: str
    mapping: dict[str, str] = field(default_factory=dict)
    mode: str = "create"
    key: list[str] = field(default_factory=list)
    file: str = ""  # pattern of the file's name where a folder is given
    sheet: str = ""
    joins: list[dict[str, str]] = field(default_factory=list)  # name, sheet or file, on (here), key (there)
    columns: list[tuple[str, Any]] = field(
        default_factory=list
    )  # header, and a template or a rule; pairs keep their order in JSON
    only: list[list[Any]] = field(default_factory=list)  # rows that concern this step; the others are another's
    once: list[str] = field(default_factory=list)  # one row for each value of these columns …
    best: list[list[Any]] = field(default_factory=list)  # … the first that fulfils this, else the first
    refuse: list[dict[str, Any]] = field(default_factory=list)  # {"when": conditions, "reason": text}
    leave: str = ""  # reason why no row of this table is taken in


def read_preset(name: str, options: dict[str, str]) -> list[Step]:
    """The steps of a preset that ships with an app, or of a JSON file; KeyError if there is none."""
    if name.endswith(".json"):
        try:
            found = json.loads(Path(name).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Refused(_("This preset cannot be read: %(why)s") % {"why": error}) from error
    else:
        found = PRESETS[name]
    known = found.get("options", {})
    if unknown := options.keys() - known.keys():
        raise Refused(_("The preset has no option “%(name)s”.") % {"name": unknown.pop()})
    steps = json.dumps(found["steps"], ensure_ascii=False)
    for option, value in {**known, **options}.items():
        steps = steps.replace(f"{{@{option}}}", json.dumps(value, ensure_ascii=False)[1:-1])
    try:
        return [Step(**{**step, "columns": list(step.get("columns", {}).items())}) for step in json.loads(steps)]
    except (AttributeError, TypeError) as error:
        raise Refused(_("This preset cannot be read: %(why)s") % {"why": error}) from error


def recognise(label: str, table: Table, path: Path) -> Step | None:
    """The step of a known preset that fills this entity and finds all its columns in this table."""
    for name in PRESETS:
        for step in read_preset(name, {}):
            if step.label == label and step.mapping:
                try:
                    if set(step.mapping) <= set(Prepared(table, step, path).headers):
                        return step
                except Refused:
                    continue
    return None


def find_file(folder: Path, pattern: str) -> Path:
    """The one file of a folder whose name fits."""
    found = sorted(folder.glob(pattern)) if pattern else []
    if len(found) != 1:
        raise Refused(_("The folder needs exactly one file like %(pattern)s.") % {"pattern": pattern or "*"})
    return found[0]


class Prepared(Table):
    """A table as a step sees it: its own columns, those of the joined tables, then the computed ones."""

    def __init__(self, table: Table, step: Step, path: Path) -> None:
        vars(self).update(vars(table))
        self._file, self.step = table, step
        self.headers = list(table.headers)
        self._joins = [
            self._join(join, path)
            for join in step.joins
            if not any(h.startswith(f"{join['name']}.") for h in table.headers)
        ]
        self._rules: list[Make] = []
        for header, rule in step.columns:
            if header not in self.headers:  # a mended error file brings it along
                self._rules.append(self._maker(rule))
                self.headers.append(header)
        self._only, self._best = self._all_of(step.only), self._all_of(step.best)
        self._refuse = [(self._all_of(rule["when"]), str(rule["reason"])) for rule in step.refuse]
        self._once = [self._place(header) for header in step.once]

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        rows = self._whole(0 if self._once else after)
        return (row for row in (self._first(rows) if self._once else rows) if row[0] > after)

    def objection(self, cells: Row) -> str:
        """Why the preset does not want this row; empty if it does."""
        if self.step.leave:
            return _(self.step.leave)
        return next((_(reason) for test, reason in self._refuse if test(cells)), "")

    def _whole(self, after: int) -> Iterator[tuple[int, list[Cell]]]:
        for number, cells in self._file.rows(after):
            for look_up in self._joins:
                cells += look_up(cells)
            for rule in self._rules:
                cells.append(rule(cells))
            if self._only(cells):
                yield number, cells

    def _first(self, rows: Iterator[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
        found: dict[tuple[str, ...], tuple[bool, int, list[Cell]]] = {}
        for number, cells in rows:
            key = tuple(text(cells[place]) for place in self._once)
            held = found.get(key)
            if held is None or not held[0]:
                good = self._best(cells)
                if held is None or good:
                    found[key] = (good, number, cells)
        return sorted(((number, cells) for _good, number, cells in found.values()), key=lambda row: row[0])

    def _join(self, join: dict[str, str], path: Path) -> Callable[[Row], list[Cell]]:
        """A small table is held in memory; where nothing fits, its columns are empty."""
        source = find_file(path.parent, join["file"]) if "file" in join else path
        table = open_table(source, sheet=join.get("sheet"))
        if join["key"] not in table.headers:
            raise _no_column(join["key"])
        there, here = table.headers.index(join["key"]), self._place(join["on"])
        known = {text(cells[there]): cells for _number, cells in table.rows()}
        self.headers += [f"{join['name']}.{header}" for header in table.headers]
        nothing: list[Cell] = [None] * len(table.headers)
        return lambda cells: known.get(text(cells[here]), nothing)

    def _place(self, header: str) -> int:
        if header not in self.headers:
            raise _no_column(header)
        return self.headers.index(header)

    def _maker(self, rule: Any) -> Make:
        """A template such as `{Name}, {City}`, or a rule: from, then empty, map, match, bands, abs, times, else."""
        if isinstance(rule, str):
            return self._template(rule)
        source, empty = self._template(rule["from"]), self._template(rule.get("empty", ""))
        words = {key.casefold(): value for key, value in rule.get("map", {}).items()}
        patterns = [(re.compile(pattern), self._template(made)) for pattern, made in rule.get("match", [])]
        other = self._template(rule["else"]) if "else" in rule else None

        def make(cells: Row) -> Cell:
            value = source(cells)
            if (shown := text(value)) == "":
                return empty(cells)
            if shown.casefold() in words:
                return str(words[shown.casefold()])
            for pattern, made in patterns:
                if found := pattern.search(shown):
                    return found.expand(text(made(cells))) if pattern.groups else made(cells)
            if "abs" in rule or "times" in rule or "bands" in rule:
                return _reckon(value, rule)
            return value if other is None else other(cells)

        return make

    def _template(self, template: str) -> Make:
        parts = _PLACE.split(template)  # every second part is a header
        if len(parts) == 1:
            return lambda _cells: template or None
        places = [self._place(header) for header in parts[1::2]]
        if parts[0] == parts[2] == "" and len(parts) == 3:
            return lambda cells: cells[places[0]]
        return lambda cells: "".join(
            part + (text(cells[place]) if place >= 0 else "")
            for part, place in zip(parts[::2], [*places, -1], strict=True)
        ).strip()

    def _all_of(self, conditions: list[list[Any]]) -> Test:
        tests = [self._test(*condition) for condition in conditions]
        return lambda cells: all(test(cells) for test in tests)

    def _test(self, header: str, word: str, value: Any = None) -> Test:
        place = self._place(header)
        match word:
            case "empty":
                return lambda cells: text(cells[place]) == ""
            case "filled":
                return lambda cells: text(cells[place]) != ""
            case "matches":
                pattern = re.compile(value)
                return lambda cells: pattern.search(text(cells[place])) is not None
            case "below":
                limit = Decimal(str(value))
                return lambda cells: (number := _number(cells[place])) is not None and number < limit
            case "above":
                floor = Decimal(str(value))
                return lambda cells: (number := _number(cells[place])) is not None and number > floor
        raise Refused(_("This preset cannot be read: %(why)s") % {"why": word})


def _no_column(header: str) -> Refused:
    return Refused(_("The file has no column “%(name)s”.") % {"name": header})


def _number(cell: Cell) -> Decimal | None:
    try:
        number = cell if isinstance(cell, Decimal) else Decimal(text(cell))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _reckon(cell: Cell, rule: dict[str, Any]) -> Cell:
    """A number without its sign, multiplied, or as the first band whose limit it does not reach; other text as it is."""
    number = _number(cell)
    if number is None:
        return cell
    number = abs(number) if rule.get("abs") else number
    number *= Decimal(str(rule.get("times", 1)))
    return next((str(name) for limit, name in rule.get("bands", []) if limit is None or number < limit), number)
