"""Which kind of table a file holds, told by its content, and whether it is safe to unpack."""

from __future__ import annotations

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from guanxi.kernel.tables import base
from guanxi.kernel.tables.base import TableError
from guanxi.kernel.tables.foreign import refusal

UTF16 = (b"\xff\xfe", b"\xfe\xff")
GZIP = b"\x1f\x8b"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
    kind = _by_magic(path, head)
    limit = base.MAX_SHEET_BYTES if kind in base.SHEET_KINDS else base.MAX_FILE_BYTES
    if size > limit:
        text = _("The file is larger than %(size)d MB. Split it or save it as CSV.")
        raise TableError(text % {"size": limit >> 20})
    if kind in {"xlsx", "ods"}:
        check_archive(path)
    elif kind == "csv" and suffix not in _TEXT_SUFFIXES:
        raise refusal("damaged")
    elif kind == "csv":
        _check_text(head)
    elif kind == "xls" and "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise refusal("password")
    return kind


def _by_magic(path: Path, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    for magic, kind in ((_OLE, "xls"), (b"PAR1", "parquet"), (b"SQLite format 3\0", "sqlite")):
        if head.startswith(magic):
            return kind
    return "csv"


def _office(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            # The standard of ODS puts its type first and uncompressed, so this is read from the start.
            with path.open("rb") as file:
                if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in file.read(128):
                    return "ods"
    except Exception:
        # zipfile answers damage with many kinds of error (struct, value, unicode, zlib).
        raise refusal("damaged") from None
    raise refusal("other")


def check_archive(path: Path) -> None:
    """Refuse a zip bomb by the sizes it declares; the parser's memory and time limits catch the liars."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    ratio = total / max(path.stat().st_size, 1)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("password")
    if (
        len(entries) > base.MAX_ENTRIES
        or total > base.MAX_UNPACKED_BYTES
        or (total > 1 << 20 and ratio > base.MAX_RATIO)
    ):
        raise refusal("bomb")


def _check_text(head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version")):
        raise refusal("page")
    if head.startswith((b"MZ\x90", b"\x7fELF", b"%PDF", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")):
        raise refusal("other")
    if b"\0" in head and not head.startswith((*UTF16, GZIP)):
        raise refusal("other")
