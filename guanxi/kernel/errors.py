"""How the business says no: each error carries a message for the person, in their language."""

from __future__ import annotations

from typing import Any

from guanxi.formats.refusal import Refused as Refused


class Invalid(Refused):
    """Some fields are wrong: `errors` maps a field name to its messages."""

    status = 422

    def __init__(self, errors: dict[str, list[Any]]) -> None:
        first = next(iter(errors.values()))[0]
        super().__init__(first, field=next(iter(errors)))
        self.errors = errors


class Stale(Refused):
    """Somebody else saved the row in between; `row` is what stands in the database now."""

    def __init__(self, message: Any, row: Any) -> None:
        super().__init__(message)
        self.row = row


class NotVisible(Exception):
    """The row does not exist for this person (answered with 404)."""


class Forbidden(Refused):
    """The person may see the row but not use this verb."""

    status = 403
