"""Numbers for rows that are stored without one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guanxi.kernel import work
from guanxi.kernel.numbering import next_numbers


def number_rows(rows: Iterable[Any], series: str, field: str = "number", **how: Any) -> None:
    """Before new rows of one company are stored: those without a number get the next ones of the series, in order."""
    bare = [row for row in rows if not getattr(row, field)]
    numbers = next_numbers(bare[0].company_id, series, len(bare), **how) if bare else []
    for row, number in zip(bare, numbers, strict=True):
        work.put(row, field, number)
