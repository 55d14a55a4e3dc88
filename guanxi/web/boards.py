"""The board: the rows of a list in columns by one choice field."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel import verbs
from guanxi.kernel.actions import perform, verbs_of
from guanxi.kernel.entities import Entity
from guanxi.kernel.errors import Refused
from guanxi.web.cells import DASH, cell_for, masked_cell
from guanxi.web.listing import Listing
from guanxi.web.paging import count_up_to
from guanxi.web.reading import is_masked

PER_COLUMN = 30


def columns(listing: Listing) -> list[dict[str, Any]]:
    """Per choice its newest cards, a capped count and the address of the whole column as a list."""
    declared = listing.entity
    field = declared.field(declared.board, listing.user.company)
    shown = [f for f in listing.fields[1:] if f.name != declared.board][:3]
    cells = [masked_cell(f) if is_masked(listing.user, declared, f.name) else cell_for(f) for f in shown]
    name = listing.fields[0]
    masked = masked_cell(name) if is_masked(listing.user, declared, name.name) else None
    result = []
    for value, label in field.offer(listing.user) if field.offer else field.choices:
        rows = listing.rows.filter(**{field.path: value})
        paths = [listing.fields[0].path, *(p for f in shown for p in (f.path, f.shown or f.path))]
        cards = [_card(row, cells, masked) for row in rows.order_by("-pk").values_list("pk", *paths)[:PER_COLUMN]]
        number, more = count_up_to(rows)
        result.append(
            {
                "value": value,
                "label": label,
                "tone": field.tones.get(value, "gray"),
                "cards": cards,
                "count": f"{number:,}{'+' if more else ''}",
                "url": listing.url(layout="table", where={"all": [{"f": field.name, "op": "is", "v": value}]}),
            }
        )
    return result


def _card(row: tuple[Any, ...], cells: list[Any], masked: Any) -> dict[str, Any]:
    values = list(row[2:])
    pairs = [(values[i], values[i + 1]) for i in range(0, len(values), 2)]
    shown = [SafeString(cell(value, name)) for cell, (value, name) in zip(cells, pairs, strict=True)]
    name = SafeString(masked(row[1], None)) if masked else row[1]
    return {"pk": row[0], "name": name, "cells": [html for html in shown if html != DASH]}


def move(declared: Entity, row: Any, to: str, user: Any) -> None:
    """Put a row into another column; only where the field may be typed in."""
    field = declared.field(declared.board, user.company) if declared.board else None
    if verb := verbs_of(declared.model).get(f"to_{declared.board}"):  # a verb of its own knows the rules
        perform(verb, row.pk, actor=user, version=row.version, params={"to": to})
        return
    if field is None or not field.editable or to not in {value for value, _label in field.choices}:
        raise Refused(_("Cards of this board move by themselves: the column follows from facts."))
    verbs.change(declared, row.pk, {field.name: to}, actor=user, version=row.version)
