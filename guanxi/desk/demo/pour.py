"""Writing very many new rows of the demonstration."""

from __future__ import annotations

from collections.abc import Sequence

from guanxi.kernel import work
from guanxi.kernel.models import Record
from guanxi.kernel.models.pour import insert


def pour(rows: Sequence[Record]) -> None:
    """Insert new rows of one model inside the current unit of work, each noted in the trail as `bulk_create` would."""
    insert(rows)
    unit = work.require()
    for row in rows:
        unit.note(row.change_since({}, "created"))
