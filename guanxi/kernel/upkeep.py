"""Nightly upkeep of the machinery's own tables and of the query planner's statistics."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from guanxi.kernel import clock
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import IdempotencyKey, Job, OutboxEvent

KEPT = {IdempotencyKey: ("created_at", 7), OutboxEvent: ("delivered_at", 30), Job: ("finished_at", 180)}  # days


@job("kernel.upkeep", at_hour=4)
def upkeep(run: Run) -> dict[str, int]:
    """Forget answered keys, delivered events and old jobs; let SQLite look at its tables again."""
    gone = {}
    for model, (column, days) in KEPT.items():
        old = model._default_manager.filter(**{f"{column}__lt": clock.now() - timedelta(days=days)})
        gone[model.__name__] = old.delete()[0]
        run.progress(len(gone), len(KEPT))
    optimize()
    return gone


def optimize() -> None:
    """Fresh statistics for the planner; PostgreSQL keeps its own."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
