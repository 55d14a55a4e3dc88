"""Tables in files: read any of them, write CSV and XLSX, without ever executing or trusting one."""

from guanxi.formats.tables.base import Cell, TableError
from guanxi.formats.tables.read import Table, open_table
from guanxi.formats.tables.reports import (
    REQUIRED_MARK,
    TemplateColumn,
    error_file_kind,
    write_errors,
    write_template,
)
from guanxi.formats.tables.write import ColumnKind, CsvWriter, WriteKind, XlsxWriter, open_writer

__all__ = [
    "REQUIRED_MARK",
    "Cell",
    "ColumnKind",
    "CsvWriter",
    "Table",
    "TableError",
    "TemplateColumn",
    "WriteKind",
    "XlsxWriter",
    "error_file_kind",
    "open_table",
    "open_writer",
    "write_errors",
    "write_template",
]
