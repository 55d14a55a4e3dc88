"""How the business says no: the one error whose message is meant for the person."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The business refuses; `message` is shown to the user, `status` is its HTTP form."""

    status = 409

    def __init__(self, message: Any, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
