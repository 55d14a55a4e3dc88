"""Keeping the keys: written with every change of a file, and filled in for files that are older than the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from guanxi.duplicates.kinds import Kind, kind_of, kinds
from guanxi.duplicates.likeness import keys
from guanxi.duplicates.models import DupKey
from guanxi.kernel import jobs, work
from guanxi.kernel.models.pour import insert

BATCH = 500


@work.sealer(45)
def keep_keys(unit: work.Work) -> None:
    """Renew the keys of the files this unit changed; what lies in the bin has none."""
    stale: list[int] = []
    fresh: list[tuple[Kind, Any]] = []
    for change in unit.changes.values():
        kind = kind_of(change.label)
        if kind is None or (change.verb == "changed" and not {*kind.watched, "deleted_at"} & change.new.keys()):
            continue
        if change.verb != "created":
            stale.append(change.object_id)
        if change.verb != "erased" and change.row is not None and change.row.deleted_at is None:
            fresh.append((kind, change.row))
    if stale:
        DupKey.objects.filter(object_id__in=stale).delete()
    write(fresh)


def write(rows: Iterable[tuple[Kind, Any]]) -> None:
    """Insert the keys of files that have none."""
    insert(
        [
            DupKey(company_id=row.company_id, kind=letter, key=number, label=kind.label, object_id=row.pk)
            for kind, row in rows
            for number, letter in keys(kind.of_row(row), row.company_id).items()
        ]
    )


@jobs.job("duplicates.fill")
def fill(run: jobs.Run) -> dict[str, int]:
    """Give keys to the files that have none yet; after a kill those that have some are passed over."""
    return {"files": fill_all(run, tell=run.progress)}


def fill_all(run: jobs.Run, *, company_id: int | None = None, tell: Callable[[int], None] = lambda _n: None) -> int:
    """Of one company or of all; `tell` hears how many are done."""
    done = 0
    for kind in kinds():
        model, last = kind.entity.model, 0
        known = DupKey.objects.filter(object_id=OuterRef("pk"))
        rows = model._base_manager.filter(~Exists(known), deleted_at=None)
        if company_id is not None:
            rows = rows.filter(company_id=company_id)
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):

            def body(some: list[Any] = batch, one: Kind = kind) -> None:
                run.fence()
                DupKey.objects.filter(object_id__in=[row.pk for row in some]).delete()
                write((one, row) for row in some)

            work.unit_of_work(body)
            done, last = done + len(batch), batch[-1].pk
            tell(done)
    return done
