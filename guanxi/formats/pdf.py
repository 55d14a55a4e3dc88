"""Business documents as PDF: title, head lines, one table, sums, paragraphs and a foot, on as many A4 pages as it takes.

The text is set in one of the Chinese fonts every reader of PDF knows by name, so no font file is shipped or embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

FONT = "STSong-Light"
GREY, PALE = "#8a8f98", "#eef0f3"
EDGE = 45.0  # points of margin on every side
GAP = 6.0


@dataclass(frozen=True)
class Column:
    """`share` is the width in relation to the other columns; figures stand to the right."""

    label: str
    share: float = 1
    right: bool = False


@dataclass(frozen=True)
class Paper:
    """What stands on the document, top to bottom.  `heads` and `sums` are (label, value), `texts` (heading, text)."""

    title: str
    subtitle: str = ""
    heads: Sequence[tuple[str, str]] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    sums: Sequence[tuple[str, str]] = ()
    texts: Sequence[tuple[str, str]] = ()
    signs: Sequence[str] = ()  # who signs, side by side
    foot: str = ""


def pdf(paper: Paper) -> bytes:
    """The document; the same paper gives the same bytes."""
    from reportlab.lib.pagesizes import A4  # costs memory that only those who print should pay
    from reportlab.platypus import SimpleDocTemplate

    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, title=paper.title, invariant=1, leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE,
        bottomMargin=EDGE,
    )  # fmt: skip
    document.build(_story(paper, document.width), canvasmaker=_numbered(paper.foot))
    return buffer.getvalue()


@cache
def _style(size: int, align: int = 0, color: str = "#000000") -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont

    registerFont(UnicodeCIDFont(FONT))
    return ParagraphStyle(
        f"{size}{align}{color}", fontName=FONT, fontSize=size, leading=size * 1.5, alignment=align, wordWrap="CJK",
        textColor=HexColor(color),
    )  # fmt: skip


LEFT, CENTRE, RIGHT = 0, 1, 2


def _text(text: str, size: int = 9, align: int = LEFT, color: str = "#000000") -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(str(text)).replace("\n", "<br/>"), _style(size, align, color))


def _story(paper: Paper, width: float) -> list[Any]:
    from reportlab.platypus import Spacer

    story: list[Any] = [_text(paper.title, 16, CENTRE)]
    if paper.subtitle:
        story.append(_text(paper.subtitle, 9, CENTRE, GREY))
    story.append(Spacer(1, GAP * 2))
    if paper.heads:
        story += [_heads(paper.heads, width), Spacer(1, GAP)]
    if paper.columns:
        story += [_table(paper, width), Spacer(1, GAP)]
    if paper.sums:
        story += [_sums(paper.sums, width), Spacer(1, GAP)]
    for heading, text in paper.texts:
        story += [_text(heading, 10), _text(text), Spacer(1, GAP)]
    if paper.signs:
        story += [Spacer(1, GAP * 6), _signs(paper.signs, width)]
    return story


def _grid(cells: list[list[Any]], widths: list[float], *styles: tuple[Any, ...], repeat: int = 0) -> Any:
    from reportlab.platypus import Table

    table = Table(cells, colWidths=widths, repeatRows=repeat)
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *styles])
    return table


def _heads(heads: Sequence[tuple[str, str]], width: float) -> Any:
    """Label and value, two of them on a line."""
    cells = [[_text(label, 9, LEFT, GREY), _text(value)] for label, value in heads]
    cells += [["", ""]] * (len(cells) % 2)
    lines = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    label = width * 0.14
    return _grid(lines, [label, width / 2 - label] * 2, ("LEFTPADDING", (0, 0), (-1, -1), 0))


def _table(paper: Paper, width: float) -> Any:
    from reportlab.lib.colors import HexColor

    total = sum(column.share for column in paper.columns)
    aligned = [RIGHT if column.right else LEFT for column in paper.columns]
    lines = [[_text(column.label, 9, at) for column, at in zip(paper.columns, aligned, strict=True)]]
    lines += [[_text(cell, 9, at) for cell, at in zip(row, aligned, strict=True)] for row in paper.rows]
    return _grid(
        lines, [width * column.share / total for column in paper.columns],
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(PALE)), ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor("#c9cdd3")),
        repeat=1,
    )  # fmt: skip


def _sums(sums: Sequence[tuple[str, str]], width: float) -> Any:
    lines = [[_text(label, 9, RIGHT, GREY), _text(value, 10, RIGHT)] for label, value in sums]
    return _grid(lines, [width * 0.45, width * 0.55])


def _signs(signs: Sequence[str], width: float) -> Any:
    return _grid([[_text(sign) for sign in signs]], [width / len(signs)] * len(signs))


def _numbered(foot: str) -> Callable[..., Any]:
    """A canvas that knows at the end how many pages there are."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages, 1):
                self.__dict__.update(page)
                self.setFont(FONT, 8)
                self.drawString(EDGE, EDGE / 2, foot)
                words = _("Page %(page)d of %(pages)d") % {"page": number, "pages": len(self.pages)}
                self.drawRightString(self._pagesize[0] - EDGE, EDGE / 2, words)
                super().showPage()
            super().save()

    return Numbered
