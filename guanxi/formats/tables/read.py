"""Open any supported file as one table: headers, then numbered rows, streaming and resumable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from guanxi.formats.tables.base import (
    EXACT_DIGITS,
    MARK,
    MAX_COLUMNS,
    MAX_SHEET_ROWS,
    MAX_WARNINGS,
    SHEET_KINDS,
    Cell,
    TableError,
    is_blank,
)
from guanxi.formats.tables.detect import detect
from guanxi.formats.tables.foreign import ForeignSource, refusal
from guanxi.formats.tables.text import TextSource


def open_table(path: Path, *, name: str | None = None, sheet: str | None = None, encoding: str | None = None) -> Table:
    """Open `path`; `name` is the name the user gave the file, `sheet` a sheet or SQLite table.

    Raises TableError with advice for the person. Rows can still raise it while they are read.
    """
    kind = detect(path, name or path.name)
    if kind == "csv":
        return Table(TextSource(path, encoding))
    return Table(ForeignSource(path, kind, sheet))


class Table:
    """One table of a file. Row numbers are those the person sees in Excel; blank rows are left out."""

    def __init__(self, source: TextSource | ForeignSource) -> None:
        self._source = source
        self.kind: str = source.kind
        self.encoding = source.encoding
        self.sheets = source.sheets
        self.sheet = source.sheet
        self.warnings = source.warnings
        self._in_sheet = source.kind in SHEET_KINDS
        # The first reading goes on where the header was found, so that a preview parses the file only once.
        self._begun: Iterator[tuple[int, list[Cell]]] | None = source.raw()
        first = next((row for row in self._begun if not all(map(is_blank, row[1]))), None)
        if first is None:
            raise refusal("empty")
        self.header_row, cells = first
        self.headers = _headers(cells)
        self._check_merged()
        self.estimate = source.estimate  # rows below the header; exact or nearly so
        if self.estimate and self.kind not in {"parquet", "sqlite"}:
            self.estimate -= 1
        if self._in_sheet and (self.estimate or 0) > MAX_SHEET_ROWS:
            raise refusal("memory")

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        """(row number, one cell per header) for each row below the header and below row `after`."""
        width = len(self.headers)
        count = 0
        raw, self._begun = self._begun, None
        for number, cells in raw or self._source.raw(max(after, self.header_row)):
            if number <= after:
                continue
            values = [self._clean(cell, number) for cell in cells]
            if all(map(is_blank, values)) or str(values[0]).startswith(MARK):
                continue
            if len(values) > width and any(not is_blank(cell) for cell in values[width:]):
                text = _("Row %(row)d has %(count)d values but the header has %(width)d columns.")
                raise TableError(text % {"row": number, "count": len(values), "width": width})
            count += 1
            if self._in_sheet and count > MAX_SHEET_ROWS:
                raise refusal("memory")
            yield number, values[:width] + [None] * (width - len(values))

    def _clean(self, cell: Cell, number: int) -> Cell:
        if isinstance(cell, str):
            return cell.replace("\0", "") or None
        if isinstance(cell, float):
            if cell != cell or cell in (float("inf"), float("-inf")):
                return None
            if self._in_sheet and cell.is_integer():
                if abs(cell) >= 10**EXACT_DIGITS:
                    self._warn_digits(number)
                return int(cell)
        return cell

    def _warn_digits(self, number: int) -> None:
        text = _("Row %(row)d has a number of more than 15 digits; Excel has lost its last digits.")
        if len(self.warnings) < MAX_WARNINGS and (warning := text % {"row": number}) not in self.warnings:
            self.warnings.append(warning)

    def _check_merged(self) -> None:
        if any(top < self.header_row <= bottom + 1 for top, _left, bottom, _right in self._source.merged):
            text = _("The header row %(row)d has merged cells. Unmerge them and delete any title rows above.")
            raise TableError(text % {"row": self.header_row})


def _headers(cells: list[Cell]) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise refusal("columns")
    # The stand-in name is stored in column mappings, so it does not depend on the language.
    names = [" ".join(str("" if cell is None else cell).split()) for cell in cells]
    names = [name or f"列{position}" for position, name in enumerate(names, 1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        text = _("These column names appear more than once: %(names)s. Give each column its own name.")
        raise TableError(text % {"names": ", ".join(twice[:10])})
    return names
