"""The words on the pages of a PDF that guanxi.formats.pdf wrote, for tests to read."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode

SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\) Tj|(T\*|ET)", re.S)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.S)
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def page_texts(document: bytes) -> list[str]:
    """Page by page, everything in the order it was drawn."""
    streams = re.findall(rb"stream\r?\n(.*?)~>endstream", document, re.S)
    return [_text(zlib.decompress(a85decode(stream))) for stream in streams]


def _text(drawn: bytes) -> str:
    found = (_unescaped(part) for part, _mark in SHOWN.findall(drawn))
    return "".join(part.decode("utf-16-be") for part in found)


def _unescaped(text: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8)]) if len(code) == 3 else PLAIN.get(code, code)

    return ESCAPED.sub(one, text)
