"""QR codes as the outline of an SVG, so that a page needs neither an image file nor a script."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # white modules around, as the standard asks


@dataclass(frozen=True, slots=True)
class Qr:
    """`path` draws the dark modules in a square of `size` units."""

    size: int
    path: str


def qr(text: str) -> Qr:
    code: QRCode[object] = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dark = [f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return Qr(len(rows), "".join(dark))
