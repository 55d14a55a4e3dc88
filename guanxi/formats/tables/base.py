"""The words shared by reading and writing tables: cells, limits and the one error."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from guanxi.formats.refusal import Refused

Cell = str | int | float | Decimal | bool | date | datetime | None

SHEET_KINDS = frozenset({"xlsx", "xls", "ods"})
MAX_SHEET_BYTES = 30 << 20
MAX_SHEET_ROWS = 200_000
MAX_FILE_BYTES = 4 << 30  # streamed kinds: csv, parquet, sqlite
MAX_COLUMNS = 300
MAX_UNPACKED_BYTES = 200 << 20
MAX_RATIO = 100
MAX_ENTRIES = 1_000
MAX_WARNINGS = 20
EXACT_DIGITS = 15  # what a spreadsheet number can hold
MARK = "#※ "  # begins a line of ours about the file (who took it, when), which is no row of its table

# What a spreadsheet program would run as a formula, also in full width; any apostrophes in front are
# counted in, so that neutralising and restoring are exact inverses.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")


class TableError(Refused):
    """The file cannot be read as a table; the message says what the person can do."""

    status = 422


def neutralise(text: str) -> str:
    """Put ' in front of text that a spreadsheet program would take for a formula (OWASP CSV injection)."""
    return "'" + text if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """Undo `neutralise`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
