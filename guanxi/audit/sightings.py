"""Who looked at which record: noted in memory and written to the trail in batches, so that reading stays cheap (SEC-09).

A process that is killed loses at most the last two seconds of sightings; changes are never written this way.
"""

from __future__ import annotations

import atexit
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from guanxi.kernel import context, work

PAUSE = 2.0  # seconds
MOST = 10_000  # a burst beyond this is written at once by whoever causes it


@dataclass(frozen=True)
class Sighting:
    origin: context.Origin
    company_id: int
    label: str
    object_id: int
    title: str


@dataclass(frozen=True)
class Look:
    """What a page is about to show: so many rows of an entity, or one record (`pk`); the same `key` again is no new look."""

    user: Any
    label: str
    rows: int
    key: Hashable
    pk: int = 0


listeners: list[Callable[[Sighting], None]] = []  # told when a sighting is written, in the same unit of work
watchers: list[Callable[[Look], None]] = []  # apps above count what is read; one may refuse


def look(user: Any, label: str, *, rows: int = 1, key: Hashable = None, pk: int = 0) -> None:
    """Ask before rows are shown to a person: Refused where somebody has read more than is normal (SEC-07)."""
    if rows:
        for watcher in watchers:
            watcher(Look(user, label, rows, key or pk, pk))


_seen: deque[Sighting] = deque()
_writer: threading.Thread | None = None
_lock = threading.Lock()


def saw(company_id: int, label: str, object_id: int, title: str) -> None:
    """Note that the acting person has opened a record."""
    _seen.append(Sighting(context.origin(), company_id, label, object_id, title))
    if not settings.AUDIT_SIGHTINGS:
        return
    if len(_seen) > MOST:
        flush()
    _start()


def flush() -> int:
    """Write what was noted; returns how many sightings."""
    batches: dict[context.Origin, list[Sighting]] = {}
    while _seen:
        one = _seen.popleft()
        batches.setdefault(one.origin, []).append(one)
    for origin, seen in batches.items():
        with context.acting(**asdict(origin)):
            work.unit_of_work(lambda seen=seen: _note(seen))  # type: ignore[misc]
    return sum(map(len, batches.values()))


def _note(seen: list[Sighting]) -> None:
    for one in seen:
        work.require().witness(
            work.Change(one.company_id, one.label, one.object_id, one.title, "viewed", {}, {"page": "record"})
        )
        for listener in listeners:
            listener(one)


def _start() -> None:
    global _writer
    with _lock:
        if _writer is None or not _writer.is_alive():
            _writer = threading.Thread(target=_write, daemon=True, name="sightings")
            _writer.start()
            atexit.register(flush)


def _write() -> None:
    pause = threading.Event()
    while not pause.wait(PAUSE):
        if _seen:
            try:
                flush()
            finally:
                connection.close()
