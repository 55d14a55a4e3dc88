"""The only clock of the product, so that a test or a simulation can shift it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_shifted: ContextVar[datetime | None] = ContextVar("shifted_clock", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _shifted.get() or timezone.now()


def today() -> date:
    """The present day of the company (its time zone, not UTC)."""
    return now().astimezone(timezone.get_default_timezone()).date()


@contextmanager
def shifted(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment` (aware)."""
    token = _shifted.set(moment)
    try:
        yield
    finally:
        _shifted.reset(token)
