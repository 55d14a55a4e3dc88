"""Named events: written to the outbox with their cause in one transaction, delivered to listeners after COMMIT."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Q

from guanxi.kernel import clock, work
from guanxi.kernel.models import OutboxEvent

log = logging.getLogger(__name__)
RETRY_AFTER = (0, 5, 30, 120, 600, 3600, 14_400, 43_200, 86_400, 259_200)  # seconds since the event, per failed attempt
MAX_ATTEMPTS = len(RETRY_AFTER)


@dataclass(frozen=True)
class Event:
    """`payload` holds ids and plain JSON values, never objects: listeners fetch what they need."""

    name: str
    company_id: int | None
    payload: dict[str, Any]


Listener = Callable[[Event], None]
_declared: set[str] = set()
_listeners: dict[str, dict[str, Listener]] = defaultdict(dict)


def declare(name: str) -> None:
    _declared.add(name)


def listen(*names: str) -> Callable[[Listener], Listener]:
    """Have a function called, at least once and in its own transaction, for each event of these names."""

    def register(function: Listener) -> Listener:
        for name in names:
            _listeners[name][f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def unknown_names() -> set[str]:
    """Names somebody listens to that nobody declared (refused by a check at start)."""
    return set(_listeners) - _declared


def publish(name: str, company_id: int | None, **payload: Any) -> None:
    """Write an event inside the current unit of work.  Costs nothing where nobody listens."""
    work.require()
    if name not in _declared:
        raise RuntimeError(f"Event {name} is not declared.")
    if names := list(_listeners.get(name, ())):
        OutboxEvent.objects.create(company_id=company_id, name=name, payload=payload, pending=names)


def deliver_pending(limit: int = 200) -> int:
    """Deliver waiting events in order; a failing listener is tried again and holds up only itself."""
    now, due = clock.now(), Q(pk__in=[])
    for attempts, seconds in enumerate(RETRY_AFTER):
        due |= Q(attempts=attempts, created_at__lte=now - timedelta(seconds=seconds))
    waiting = OutboxEvent.objects.filter(due, delivered_at=None).order_by("id")
    return sum(_deliver(row) for row in waiting[:limit])


def _deliver(row: OutboxEvent) -> int:
    failed = False
    for name in list(row.pending):
        try:
            work.unit_of_work(partial(_hand_over, row, name))
        except Exception:
            log.exception("Listener %s failed for event %s", name, row.pk)
            failed = True
    if failed:
        OutboxEvent.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
    return int(not failed)


def _hand_over(row: OutboxEvent, name: str) -> None:
    """Taken and handled in one unit of work: a killed worker repeats, a second worker finds it gone."""
    locked = OutboxEvent.objects.select_for_update().get(pk=row.pk)
    if name not in locked.pending:
        return
    if listener := _listeners.get(row.name, {}).get(name):
        listener(Event(row.name, row.company_id, row.payload))
    locked.pending = [other for other in locked.pending if other != name]
    locked.delivered_at = None if locked.pending else clock.now()
    locked.save(update_fields=["pending", "delivered_at"])
