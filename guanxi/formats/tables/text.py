"""CSV and TSV files of any size, read row by row in the encoding they are really in."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from guanxi.formats.tables.base import MAX_FILE_BYTES, MAX_RATIO, Cell, TableError, restore
from guanxi.formats.tables.detect import GZIP
from guanxi.formats.tables.foreign import refusal

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16")
DELIMITERS = ",;\t"
DETECT_BYTES = 32 << 20
SAMPLE_BYTES = 64 << 10
MAX_ROW_CHARS = 2_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# An undecodable byte becomes this lone surrogate, which no valid text holds, so the exact row can be named.
_BAD = "\udcff"
codecs.register_error("guanxi.mark", lambda error: (_BAD, cast(UnicodeDecodeError, error).end))


class TextSource:
    """Rows of one delimited text file; `raw(after)` gives (row number, cells) pairs after that row."""

    kind = "csv"
    sheet = None

    def __init__(self, path: Path, encoding: str | None) -> None:
        self.path = path
        self.sheets: list[str] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.warnings: list[str] = []
        if encoding and encoding.lower() not in ENCODINGS:
            raise TableError(_("The encoding %(encoding)s is not supported.") % {"encoding": encoding})
        with path.open("rb") as file:
            self.packed = file.read(2) == GZIP
        try:
            with self._binary() as file:
                self.encoding = (encoding or detect_encoding(file)).lower()
            with self._binary() as file:
                sample = file.read(SAMPLE_BYTES)
        except (OSError, EOFError, zlib.error):
            raise refusal("damaged") from None
        lines = sample.decode(self.encoding, "guanxi.mark").splitlines(keepends=True)
        self.delimiter = sniff_delimiter(lines)
        size, whole = path.stat().st_size, len(sample) < SAMPLE_BYTES
        self.estimate = None if self.packed and not whole else len(lines)
        if self.estimate and not whole:
            self.estimate = int(len(lines) * size / len(sample))
        self._limit = min(MAX_FILE_BYTES, max(size * MAX_RATIO, 10 << 20)) if self.packed else MAX_FILE_BYTES

    def raw(self, after: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        text = io.TextIOWrapper(self._binary(), self.encoding, errors="guanxi.mark", newline="")
        with text:
            lines = Lines(text, self._limit)
            try:
                for cells in csv.reader(lines, delimiter=self.delimiter, strict=True):
                    lines.row, lines.row_chars = lines.row + 1, 0
                    if lines.row > after + 1:
                        yield lines.row - 1, [restore(cell) for cell in cells]
            except csv.Error as error:
                raise lines.refusal("long" if "field limit" in str(error) else "quote") from None
            except (OSError, EOFError, zlib.error):
                raise refusal("damaged") from None

    def _binary(self) -> IO[bytes]:
        return cast(IO[bytes], gzip.open(self.path)) if self.packed else self.path.open("rb")


class Lines:
    """Physical lines of `text` with hard bounds on one row and on the whole, whatever the file claims."""

    def __init__(self, text: io.TextIOWrapper, limit: int) -> None:
        self.text, self.limit = text, limit
        self.row = 1  # the row being read
        self.row_chars = self.chars = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(MAX_ROW_CHARS):
            self.row_chars += len(line)
            self.chars += len(line)
            if self.row_chars >= MAX_ROW_CHARS:
                raise self.refusal("long")
            if self.chars > self.limit:
                raise TableError(_("The file is larger than %(size)d MB. Split it.") % {"size": self.limit >> 20})
            if _BAD in line:
                raise self.refusal("encoding")
            if "\0" in line:
                raise self.refusal("binary")
            yield line

    def refusal(self, why: str) -> TableError:
        texts = {
            "long": _("Row %(row)d is too long, perhaps because a quotation mark is not closed."),
            "quote": _("Row %(row)d has a quotation mark in the wrong place."),
            "binary": _("Row %(row)d holds binary data. Save the table as CSV UTF-8 again."),
            "encoding": _("Row %(row)d cannot be read as %(encoding)s. Choose another encoding, or save as CSV UTF-8."),
        }
        return TableError(texts[why] % {"row": self.row, "encoding": self.text.encoding.upper()})


def detect_encoding(file: IO[bytes]) -> str:
    """By byte order mark, else UTF-8 if it decodes, else GB18030 (which includes GBK and GB2312).

    A file that was UTF-8 for many characters before its first fault is damaged UTF-8, not GB18030.
    """
    block = file.read(1 << 20)
    for mark, name in _BOMS:
        if block.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = wide = 0
    while block and seen < DETECT_BYTES:
        try:
            wide += len(block) - len(decoder.decode(block))
        except UnicodeDecodeError as error:
            good = error.object[: error.start]
            wide += len(good) - len(good.decode("utf-8"))
            return "utf-8" if wide > 16 else "gb18030"
        seen += len(block)
        block = file.read(1 << 20)
    return "utf-8"


def sniff_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts the first rows into the most columns, evenly; a comma when in doubt."""

    def columns(delimiter: str) -> tuple[int, int]:
        rows: list[int] = []
        try:
            for row in csv.reader(lines, delimiter=delimiter):
                if row:
                    rows.append(len(row))
                if len(rows) == 10:
                    break
        except csv.Error:
            pass
        return (min(rows), rows[0]) if rows else (0, 0)

    return max(DELIMITERS, key=columns)
