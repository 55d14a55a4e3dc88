"""The only clock of the product, so that a test or a simulation can shift it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from functools import lru_cache
from time import time

from django.utils import timezone

from guanxi.formats.workdays import PACKAGED, WorkCalendar

# The working days of a company, by its id and the version of its configuration where that is known; worktime gives it.
workdays: Callable[[int | None, int | None], WorkCalendar] = lambda _company_id, _version: PACKAGED  # noqa: E731
_shifted: ContextVar[datetime | None] = ContextVar("shifted_clock", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _shifted.get() or timezone.now()


def today() -> date:
    """The present day of the company (its time zone, not UTC)."""
    shifted = _shifted.get()
    return _day((shifted.timestamp() if shifted else time()) // 60, timezone.get_default_timezone())


@lru_cache(maxsize=4)
def _day(minute: float, zone: tzinfo) -> date:
    """Asked a hundred times for a page, and a minute has one day everywhere."""
    return datetime.fromtimestamp(minute * 60, zone).date()


@contextmanager
def shifted(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment` (aware)."""
    token = _shifted.set(moment)
    try:
        yield
    finally:
        _shifted.reset(token)
