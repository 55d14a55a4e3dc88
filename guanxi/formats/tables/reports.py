"""The two files an import hands out: the template to fill in and the rows that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from guanxi.formats.tables.read import Table
from guanxi.formats.tables.write import HEADER_FORMAT, WORKBOOK_OPTIONS, WriteKind, open_writer

REQUIRED_MARK = "*"
TEMPLATE_ROWS = 20_000  # rows with drop-down lists
HELP_CHARS = 255  # what a prompt may hold; its title may hold 32


@dataclass(frozen=True)
class TemplateColumn:
    label: str
    required: bool = False
    help: str = ""
    choices: Sequence[str] = ()


def write_template(path: Path, columns: Sequence[TemplateColumn]) -> None:
    """An XLSX to fill in: labels (required ones end in *), help as prompts, choices as drop-down lists."""
    with xlsxwriter.Workbook(str(path), {**WORKBOOK_OPTIONS, "constant_memory": False}) as book:
        page, allowed = book.add_worksheet(_("Data")), book.add_worksheet(_("Allowed values"))
        text = book.add_format({"num_format": "@"})
        head = book.add_format(HEADER_FORMAT)
        must = book.add_format({**HEADER_FORMAT, "font_color": "#B42318"})
        page.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            label = column.label + REQUIRED_MARK * column.required
            page.set_column(index, index, max(12, 2 * len(label) + 2), text)
            page.write_string(0, index, label, must if column.required else head)
            allowed.set_column(index, index, 20, text)
            allowed.write_string(0, index, column.label, head)
            for row, choice in enumerate(column.choices, 1):
                allowed.write_string(row, index, choice, text)
            rule = _validation(column, index, allowed.get_name())
            if rule:
                page.data_validation(1, index, TEMPLATE_ROWS, index, rule)


def _validation(column: TemplateColumn, index: int, sheet: str) -> dict[str, object]:
    rule: dict[str, object] = {}
    if column.choices:
        letter = xlsxwriter.utility.xl_col_to_name(index)
        source = f"='{sheet}'!${letter}$2:${letter}${len(column.choices) + 1}"
        rule = {"validate": "list", "source": source, "error_title": _("Not an allowed value")}
    elif column.help:
        rule = {"validate": "any"}
    if column.help:
        rule |= {"input_title": column.label[:32], "input_message": column.help[:HELP_CHARS]}
    return rule


def error_file_kind(table: Table) -> WriteKind:
    """The kind `write_errors` produces for this table, for choosing the file name."""
    return "csv" if table.kind == "csv" else "xlsx"


def write_errors(path: Path, table: Table, failures: Iterable[tuple[int, str]], *, header: str) -> int:
    """Copy only the failed rows of `table`, with a last column `header` giving the reasons.

    `failures` are (row number, reason) in ascending row order, several for one row being joined; an older
    column of the same name is replaced, so a corrected error file can fail again. Returns the rows written.
    """
    keep = [index for index, name in enumerate(table.headers) if name != header]
    written = 0
    with open_writer(path, error_file_kind(table), [*(table.headers[index] for index in keep), header]) as out:
        rows = table.rows()
        for number, reasons in _by_row(failures):
            cells = next((cells for row, cells in rows if row == number), None)
            if cells is None:
                raise ValueError(f"row {number} is not in the table, or the failures are not in row order")
            out.row([*(cells[index] for index in keep), "；".join(dict.fromkeys(reasons))])
            written += 1
    return written


def _by_row(failures: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for number, group in groupby(failures, key=lambda failure: failure[0]):
        yield number, [reason for _number, reason in group]
