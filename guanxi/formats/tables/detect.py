"""Which kind of table a file holds, told by its content, and whether it is safe to unpack."""

from __future__ import annotations

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from guanxi.formats.tables import base
from guanxi.formats.tables.base import TableError
from guanxi.formats.tables.foreign import refusal

UTF16 = (b"\xff\xfe", b"\xfe\xff")
GZIP = b"\x1f\x8b"
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "sqlite"),
)
_TEXT_SUFFIXES = {"", ".csv", ".tsv", ".txt", ".gz", ".xls"}  # tab separated text is often named .xls
_SUFFIXES = _TEXT_SUFFIXES | {".xlsx", ".xlsm", ".ods", ".parquet", ".db", ".sqlite", ".sqlite3"}


def detect(path: Path, name: str) -> str:
    """The kind: xlsx, xls, ods, parquet, sqlite or csv. Raises TableError for anything else."""
    suffix = Path(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise refusal("other")
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise refusal("empty")
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "csv")
    limit = base.MAX_SHEET_BYTES if kind in {"zip", "xls"} else base.MAX_FILE_BYTES
    if size > limit:
        text = _("The file is larger than %(size)d MB. Split it or save it as CSV.")
        raise TableError(text % {"size": limit >> 20})
    if kind == "zip":
        return _check_archive(path, head)
    if kind == "xls" and "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise refusal("password")
    if kind == "csv" and suffix not in _TEXT_SUFFIXES:
        raise refusal("damaged")
    if kind == "csv":
        _check_text(head)
    return kind


def _check_archive(path: Path, head: bytes) -> str:
    """xlsx or ods; refuses a zip bomb by the sizes it declares. The parser's own limits catch the liars."""
    if path.read_bytes().count(b"PK\1\2") > base.MAX_ENTRIES:  # before zipfile lists them all in memory
        raise refusal("bomb")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except Exception:
        # zipfile answers damage with many kinds of error (struct, value, unicode, zlib).
        raise refusal("damaged") from None
    total = sum(entry.file_size for entry in entries)
    if total > min(base.MAX_UNPACKED_BYTES, max(path.stat().st_size * base.MAX_RATIO, 1 << 20)):
        raise refusal("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("password")
    if any(entry.filename == "xl/workbook.xml" for entry in entries):
        return "xlsx"
    # The standard of ODS puts its type first and uncompressed, so it stands at the start of the file.
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:128]:
        return "ods"
    raise refusal("other")


def _check_text(head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version")):
        raise refusal("page")
    if head.startswith((b"MZ\x90", b"\x7fELF", b"%PDF", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")):
        raise refusal("other")
    if b"\0" in head and not head.startswith((*UTF16, GZIP)):
        raise refusal("other")
