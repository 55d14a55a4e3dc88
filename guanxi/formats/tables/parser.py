"""A program that reads one foreign file under hard limits and prints its rows as JSON lines.

It runs as a child process, because a hostile spreadsheet can make a native parser ask for hundreds of
gigabytes and abort. Output: one object about the file, then `[row number, cells]` lines, then `null`.
"""

from __future__ import annotations

import json
import re
import resource
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2 << 30
CPU_SECONDS = {"sheet": 120, "parquet": 3600, "sqlite": 3600}
BATCH_ROWS = 1_000
Message = dict[str, Any] | list[Any] | None


class Refusal(Exception):
    """A reason the parent process knows how to put into words."""


def sheet(path: Path, chosen: str, after: int) -> Iterator[Message]:
    """XLSX, XLS or ODS: cached values only, formulas are never computed."""
    import python_calamine as calamine

    broken = broken_cell(path)  # before the sheet itself fills the memory
    try:
        book = calamine.load_workbook(path)
        shown = [
            one.name
            for one in book.sheets_metadata
            if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible
        ]
        names = shown or book.sheet_names
        page = book.get_sheet_by_name(pick(names, chosen))
    except calamine.PasswordError:
        raise Refusal("password") from None
    merged = [[top, left, bottom, right] for (top, left), (bottom, right) in page.merged_cell_ranges or []]
    yield {
        "sheets": names,
        "sheet": page.name,
        "estimate": page.height,
        "width": page.width,
        "merged": merged[:1000],
        "broken": broken,
    }
    for number, cells in enumerate(page.iter_rows(), 1):
        if number > after:
            yield [number, cells]


def broken_cell(path: Path) -> str:
    """The first cell of an XLSX that shows an error such as #DIV/0!, for example "D5"."""
    if not zipfile.is_zipfile(path):
        return ""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/"):
                found = re.search(rb'<c r="([A-Z]+[0-9]+)"[^>]* t="e"', archive.read(entry))
                if found:
                    return found[1].decode()
    return ""


def parquet(path: Path, chosen: str, after: int) -> Iterator[Message]:
    """Parquet, one batch at a time; the column names count as row 1."""
    import pyarrow as arrow
    import pyarrow.parquet as arrow_parquet

    file = arrow_parquet.ParquetFile(path)
    schema = file.schema_arrow
    if any(arrow.types.is_nested(field.type) for field in schema):
        raise Refusal("nested")
    yield {"sheets": [], "sheet": None, "estimate": file.metadata.num_rows, "width": len(schema)}
    if after < 1:
        yield [1, schema.names]
    number = 1
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if number + size <= after:
            number += size
            continue
        for batch in file.iter_batches(BATCH_ROWS, row_groups=[group], use_threads=False):
            for cells in zip(*(plain(column) for column in batch.columns), strict=True):
                number += 1
                if number > after:
                    yield [number, list(cells)]


def plain(column: Any) -> list[Any]:
    import pyarrow as arrow

    if arrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(arrow.timestamp("us", column.type.tz), safe=False)
    values: list[Any] = column.to_pylist()
    return values


def sqlite(path: Path, chosen: str, after: int) -> Iterator[Message]:
    """One ordinary table of a SQLite file, read only; the column names count as row 1."""
    base = sqlite3.connect(path.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)
    base.text_factory = lambda raw: raw.decode("utf-8", "replace")
    base.execute("PRAGMA trusted_schema=OFF")
    listed = base.execute("SELECT name, sql FROM sqlite_master WHERE type='table' ORDER BY rowid").fetchall()
    ordinary = re.compile(r"\s*CREATE\s+TABLE\b", re.IGNORECASE)
    names = [name for name, sql in listed if ordinary.match(sql or "") and not name.startswith("sqlite_")]
    name = pick(names, chosen)
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        (last,) = base.execute(f"SELECT max(rowid) FROM {quoted}").fetchone()  # noqa: S608
        order, estimate = " ORDER BY rowid", last or 0
    except sqlite3.OperationalError:  # a table WITHOUT ROWID comes in the order of its key
        order, estimate = "", None
    rows = base.execute(f"SELECT * FROM {quoted}{order} LIMIT -1 OFFSET {max(after - 1, 0)}")  # noqa: S608
    headers = [column[0] for column in rows.description]
    yield {"sheets": names, "sheet": name, "estimate": estimate, "width": len(headers)}
    if after < 1:
        yield [1, headers]
    for number, cells in enumerate(rows, max(after, 1) + 1):
        yield [number, cells]


def pick(names: list[str], chosen: str) -> str:
    if not names:
        raise Refusal("empty")
    if chosen and chosen not in names:
        raise Refusal("sheet")
    return chosen or names[0]


def tagged(value: object) -> object:
    """JSON form of a value JSON does not know: [tag, text]."""
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return ["b", ""] if isinstance(value, bytes) else str(value)


def cap(what: int, amount: int) -> None:
    hard = resource.getrlimit(what)[1]
    limit = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(what, (limit, limit))


def main(kind: str, path: str, chosen: str, after: str, width: str) -> None:
    read = {"sheet": sheet, "parquet": parquet, "sqlite": sqlite}[kind]
    cap(resource.RLIMIT_AS, MEMORY_BYTES)
    cap(resource.RLIMIT_CPU, CPU_SECONDS[kind])
    cap(resource.RLIMIT_FSIZE, 0)
    cap(resource.RLIMIT_CORE, 0)
    dumps = json.JSONEncoder(default=tagged, separators=(",", ":")).encode
    write = sys.stdout.write
    try:
        for message in read(Path(path), chosen, int(after)):
            if isinstance(message, dict) and message["width"] > int(width):
                raise Refusal("columns")
            write(dumps(message) + "\n")
        write("null\n")
    except Refusal as refusal:
        write(dumps({"refused": str(refusal)}) + "\n")
    except MemoryError:
        write(dumps({"refused": "memory"}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
