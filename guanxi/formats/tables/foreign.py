"""Spreadsheets, Parquet and SQLite files, parsed by a child process (see `parser`)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guanxi.formats.tables.base import MAX_COLUMNS, MAX_SHEET_ROWS, SHEET_KINDS, Cell, TableError

PROGRAM = Path(__file__).with_name("parser.py")
_VALUES: dict[str, Callable[[str], Cell]] = {
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "n": Decimal,
}


class ForeignSource:
    """Rows of one sheet or table; `raw(after)` gives (row number, cells) pairs, leaving out what is cheap to skip."""

    encoding = None

    def __init__(self, path: Path, kind: str, sheet: str | None) -> None:
        self.path, self.kind = path, kind
        self._open: Generator[Any, None, None] | None = self._messages(sheet or "", 0)
        about = next(self._open)
        self.sheets: list[str] = about["sheets"]
        self.sheet: str | None = about["sheet"]
        self.estimate: int | None = about["estimate"]
        self.merged: list[tuple[int, int, int, int]] = [tuple(area) for area in about.get("merged", [])]
        self.warnings: list[str] = []
        if about.get("broken"):
            text = _("Some cells show an error (cell %(cell)s, for example); they are read as empty.")
            self.warnings.append(text % {"cell": about["broken"]})
        if self.merged:
            text = _("%(count)d merged areas: only the top left cell of each keeps its value.")
            self.warnings.append(text % {"count": len(self.merged)})

    def raw(self, after: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        messages, self._open = self._open, None
        if messages is None:
            messages = self._messages(self.sheet or "", after)
            next(messages)
        try:
            for number, cells in messages:
                yield number, [self._value(cell) if isinstance(cell, list) else cell for cell in cells]
        finally:
            messages.close()

    def _value(self, tagged: list[str]) -> Cell:
        if tagged[0] == "b":
            text = _("Cells with binary content are read as empty.")
            if text not in self.warnings:
                self.warnings.append(text)
            return None
        return _VALUES[tagged[0]](tagged[1])

    def _messages(self, sheet: str, after: int) -> Generator[Any, None, None]:
        kind = "sheet" if self.kind in SHEET_KINDS else self.kind
        command = [sys.executable, "-I", "-X", "utf8", str(PROGRAM), kind, str(self.path)]
        child = subprocess.Popen(  # noqa: S603
            [*command, sheet, str(after), str(MAX_COLUMNS)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},  # the parser needs none of our secrets
        )
        with child:
            try:
                for line in child.stdout or ():
                    message = json.loads(line)
                    if message is None:
                        return
                    if isinstance(message, dict) and "refused" in message:
                        raise refusal(message["refused"], sheet)
                    yield message
            finally:
                child.kill()
        raise refusal("damaged", sheet)


def refusal(code: str, sheet: str = "") -> TableError:
    """The parser's reason in words."""
    texts = {
        "password": _("The file is protected by a password. Save a copy without the password."),
        "sheet": _("There is no sheet named %(sheet)s in this file."),
        "columns": _("The table has more than %(columns)d columns. Delete unused ones, also stray cells far right."),
        "nested": _("The file has columns with lists or records inside. Flatten them first."),
        "empty": _("The file is empty. It needs a header row and data rows."),
        "memory": _("The sheet is too large (at most %(rows)d rows). Split it or save it as CSV."),
        "damaged": _("The file is damaged or too complex. Open it in Excel or WPS and save it again as XLSX."),
        "bomb": _("The file unpacks to far more than a table needs. Copy the data into a new file."),
        "page": _("The file is a web page named like a table. Open it in Excel or WPS and save it as XLSX."),
        "other": _("This is not a table file. Choose an XLSX, XLS, ODS, CSV, Parquet or SQLite file."),
    }
    return TableError(texts[code] % {"sheet": sheet, "columns": MAX_COLUMNS, "rows": MAX_SHEET_ROWS})
