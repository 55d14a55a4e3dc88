"""Making and writing very many new rows of the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db.models.base import ModelState

from guanxi.kernel import work
from guanxi.kernel.models import Record
from guanxi.kernel.models.pour import insert

R = TypeVar("R", bound=Record)


def new(model: type[R], **values: Any) -> R:
    """The same row as `model(**values)`; what every row of the model begins with is worked out once."""
    same, made = _beginning(model)
    row = model.__new__(model)
    row.__dict__ = {"_state": ModelState(), **same, **{name: make() for name, make in made if name not in values}}
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _beginning(model: type[Record]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The defaults of the columns: those that are the same for all rows, and those made for each."""
    made = [
        (one.attname, one.default) for one in model._meta.concrete_fields if one.has_default() and callable(one.default)
    ]
    each = {name for name, _make in made}
    return {one.attname: one.get_default() for one in model._meta.concrete_fields if one.attname not in each}, made


def pour(rows: Sequence[Record]) -> None:
    """Insert new rows of one model inside the current unit of work, each noted in the trail as `bulk_create` would."""
    insert(rows)
    unit = work.require()
    for row in rows:
        unit.note(row.change_since({}, "created"))
