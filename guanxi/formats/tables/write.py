"""Write tables row by row in constant memory, as CSV or XLSX that no spreadsheet program will execute."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import xlsxwriter
from django.utils import timezone

from guanxi.formats.tables.base import EXACT_DIGITS, MARK, Cell, neutralise

WriteKind = Literal["csv", "xlsx"]
ColumnKind = Literal["text", "number", "date", "datetime"]
SHEET_ROWS = 1_048_576
CELL_CHARS = 32_767
WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
HEADER_FORMAT = {"bold": True, "bg_color": "#F0F0F0", "bottom": 1, "num_format": "@"}
_FORMATS: dict[ColumnKind, dict[str, str]] = {
    "text": {"num_format": "@"},
    "number": {},
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheet programs disagree about the calendar
# Control characters and lone surrogates have no place in XML or UTF-8.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def open_writer(
    path: Path, kind: WriteKind, headers: Sequence[str], kinds: Sequence[ColumnKind] | None = None
) -> CsvWriter | XlsxWriter:
    """A context manager with `row(values)`. If the block fails, the half-written file is removed.

    `kinds` fixes columns, one kind per header; a text column keeps digit strings (phones, accounts) as text
    even when they are given as numbers. Without it each value decides for itself. CSV cannot protect long
    digit strings from Excel: prefer XLSX where there are any.
    """
    return CsvWriter(path, headers) if kind == "csv" else XlsxWriter(path, headers, kinds)


def local(value: Cell) -> Cell:
    """The value as it is shown: local wall-clock time, no unwritable characters, no NaN."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value)
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return None
    return value


def text_of(value: Cell) -> str:
    """Plain text: ISO dates, numbers without an exponent."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


class _Writer:
    """`marks`, once given, are written behind the rows: who took this file, when, under which number."""

    path: Path
    marks: Sequence[str] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()
        if kind is not None:
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        raise NotImplementedError


class CsvWriter(_Writer):
    """UTF-8 with a byte order mark, because Excel takes other UTF-8 for GBK."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self.row(headers)

    def row(self, values: Iterable[Cell]) -> None:
        cells = [local(value) for value in values]
        self._csv.writerow([neutralise(cell) if isinstance(cell, str) else text_of(cell) for cell in cells])

    def close(self) -> None:
        for mark in self.marks:
            self.row([MARK + mark])
        self._file.close()


class XlsxWriter(_Writer):
    """Rows beyond one sheet's limit go on in another sheet under the same header."""

    def __init__(
        self,
        path: Path,
        headers: Sequence[str],
        kinds: Sequence[ColumnKind] | None = None,
        sheet_rows: int = SHEET_ROWS,
    ) -> None:
        self.path, self.headers, self.kinds, self.sheet_rows = path, headers, kinds, sheet_rows
        self._book = xlsxwriter.Workbook(str(path), WORKBOOK_OPTIONS)
        self._formats = {kind: self._book.add_format(spec) for kind, spec in _FORMATS.items()}
        self._head = self._book.add_format(HEADER_FORMAT)
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        for column, kind in enumerate(self.kinds or ()):
            self._sheet.set_column(column, column, 20 if kind == "datetime" else 14, self._formats[kind])
        self._sheet.freeze_panes(1, 0)
        for column, header in enumerate(self.headers):
            self._sheet.write_string(0, column, text_of(local(header)), self._head)
        self._next = 1

    def row(self, values: Iterable[Cell]) -> None:
        if self._next >= self.sheet_rows:
            self._new_sheet()
        for column, value in enumerate(values):
            self._cell(column, local(value), self.kinds[column] if self.kinds else None)
        self._next += 1

    def _cell(self, column: int, value: Cell, kind: ColumnKind | None) -> None:
        sheet, row = self._sheet, self._next
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, date) and _day(value) >= _FIRST_DAY:
            shape: ColumnKind = "datetime" if isinstance(value, datetime) else "date"
            sheet.write_datetime(row, column, value, self._formats[shape])
        elif isinstance(value, int | float | Decimal) and kind != "text" and _digits(value) <= EXACT_DIGITS:
            sheet.write_number(row, column, value)
        else:
            text = text_of(value)
            text = text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"
            sheet.write_string(row, column, text, self._formats["text"])

    def close(self) -> None:
        """The marks stand at the head and foot of every printed page, and on a sheet of their own."""
        if self.marks:
            head, foot = (_page_text(text) for text in (self.marks[0], self.marks[-1]))
            for sheet in self._book.worksheets():
                sheet.set_header(f"&R{head}")
                sheet.set_footer(f"&L{foot}&R&P / &N")
            cover = self._book.add_worksheet()
            for number, text in enumerate(self.marks):
                cover.write_string(number, 0, MARK + text)
        self._book.close()


def _page_text(text: str) -> str:
    """What the head or foot of a page can hold: ampersands doubled, not too long."""
    return text[:110].replace("&", "&&")


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _digits(value: float | Decimal) -> int:
    """How many digits a spreadsheet number would have to hold; a float is one already."""
    if isinstance(value, float):
        return 0
    number = Decimal(value)
    return max(len(number.normalize().as_tuple().digits), number.adjusted() + 1)
