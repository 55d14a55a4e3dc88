"""The board: the rows of a list in columns by one choice field."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel import verbs
from guanxi.kernel.actions import perform, verbs_of
from guanxi.kernel.entities import Board, Entity
from guanxi.kernel.errors import Refused
from guanxi.web.atoms import DASH
from guanxi.web.cells import cell_for, masked_cell
from guanxi.web.listing import Listing
from guanxi.web.paging import Source, count_up_to, page_of
from guanxi.web.reading import is_masked, may_read

PER_COLUMN = 30


def columns(listing: Listing, board: Board) -> list[dict[str, Any]]:
    """Per choice its first cards in the order of the list, a capped count, sums, and the whole column as a list."""
    user, rows = listing.user, listing.rows
    field = listing.entity.field(board.field, user.company)
    cards, sums, base = Cards(listing, board), board.sums(user, rows), [part for part in listing.parts if part]
    return [
        {
            "value": value,
            "label": label,
            "tone": field.tones.get(value, "gray"),
            "cards": cards.of(held := rows.filter(**{field.path: value})),
            "count": count_up_to(held),
            "sums": sums.get(value, ()),
            "url": listing.url(layout="table", where={"all": [*base, {"f": field.name, "op": "is", "v": value}]}),
        }
        for value, label in (board.columns(user, rows) if board.columns else field.choices)
    ]


class Cards:
    """Makes the cards of a board: the name, then the readable fields of each line."""

    def __init__(self, listing: Listing, board: Board) -> None:
        user, declared = listing.user, listing.entity
        name = declared.field(declared.columns[0], user.company)
        lines = [[declared.field(n, user.company) for n in line if may_read(user, declared, n)] for line in board.card]
        self.listing, self.marks, self.lines, found = listing, board.marks, lines, [name, *chain(*lines)]
        self.cells = [masked_cell(f) if is_masked(user, declared, f.name) else cell_for(f) for f in found]
        self.paths = [path for f in found for path in (f.path, f.shown or f.path)]

    def of(self, held: QuerySet[Any]) -> list[dict[str, Any]]:
        """The first cards of a column."""
        source, found = Source(self.listing.entity.model, lambda: held), self.listing.sort_field
        rows = page_of(source, self.listing.sort, found, self.paths, None, PER_COLUMN).rows
        marks = self.marks([row[0] for row in rows])
        return [self._card(row[0], iter(row[2:]), marks.get(row[0], "")) for row in rows]

    def _card(self, pk: int, values: Iterator[Any], mark: str) -> dict[str, Any]:
        made = (SafeString(cell(value, next(values))) for cell, value in zip(self.cells, values, strict=False))
        name, lines = next(made), [[(f, html) for f in line if (html := next(made)) != DASH] for line in self.lines]
        return {"pk": pk, "name": name, "lines": [line for line in lines if line], "mark": mark}


def move(declared: Entity, row: Any, to: str, user: Any) -> None:
    """Put a row into another column; only where the field may be typed in."""
    column = declared.board.field if declared.board else ""
    field = declared.field(column, user.company) if column else None
    if verb := verbs_of(declared.model).get(f"to_{column}"):  # a verb of its own knows the rules
        perform(verb, row.pk, actor=user, version=row.version, params={"to": to})
        return
    if field is None or not field.editable or to not in {value for value, _label in field.choices}:
        raise Refused(_("Cards of this board move by themselves: the column follows from facts."))
    verbs.change(declared, row.pk, {field.name: to}, actor=user, version=row.version)
