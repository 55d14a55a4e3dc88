"""Keeping the keys: written with every change of a file, and filled in for files that are older than the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from guanxi.duplicates.kinds import Kind, kind_of, kinds
from guanxi.duplicates.likeness import Facts, keys
from guanxi.duplicates.models import DupKey
from guanxi.kernel import jobs, work
from guanxi.kernel.ids import new_id
from guanxi.kernel.models.pour import insert_values

BATCH = 500


@work.sealer(45)
def keep_keys(unit: work.Work) -> None:
    """Renew the keys of the files this unit changed; what lies in the bin has none."""
    stale: list[int] = []
    fresh: list[tuple[Kind, int, int, Facts]] = []
    for change in unit.changes.values():
        kind = kind_of(change.label)
        if kind is None or (change.verb == "changed" and not {*kind.watched, "deleted_at"} & change.new.keys()):
            continue
        if change.verb != "created":
            stale.append(change.object_id)
        if change.verb != "erased" and change.row is not None and _takes_part(kind, change.row):
            fresh.append((kind, change.row.company_id, change.object_id, kind.of_row(change.row)))
    if stale:
        DupKey.objects.filter(object_id__in=stale).delete()
    write(fresh)


def _takes_part(kind: Kind, row: Any) -> bool:
    return all(getattr(row, name) == value for name, value in kind.living.items())


def write(files: Iterable[tuple[Kind, int, int, Facts]]) -> None:
    """Insert the keys of files that have none: kind, company, id and what each says."""
    insert_values(
        DupKey,
        ("id", "company_id", "kind", "key", "label", "object_id"),
        [
            (new_id(), company_id, letter, number, kind.label, pk)
            for kind, company_id, pk, said in files
            for number, letter in keys(said, company_id).items()
        ],
    )


@jobs.job("duplicates.fill")
def fill(run: jobs.Run) -> dict[str, int]:
    """Give keys to the files that have none yet; after a kill those that have some are passed over."""
    return {"files": fill_all(run, tell=run.progress)}


def fill_all(
    run: jobs.Run, *, company_id: int | None = None, anew: bool = False, tell: Callable[[int], None] = lambda _n: None
) -> int:
    """Of one company or of all; `anew` also of files that have some, batch by batch, so that none is ever without."""
    done = 0
    for kind in kinds():
        model, last = kind.entity.model, 0
        known = DupKey.objects.filter(object_id=OuterRef("pk"))
        rows = model._base_manager.filter(**kind.living)
        rows = rows if anew else rows.filter(~Exists(known))
        if company_id is not None:
            rows = rows.filter(company_id=company_id)
        while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):

            def body(ids: list[int] = batch, one: Kind = kind, files: Any = rows.model._base_manager) -> None:
                run.fence()
                # Read under a lock: whoever changes a file meanwhile writes its keys after us.
                some = files.filter(pk__in=ids, **one.living).select_for_update()
                read = list(some.order_by("pk").values("pk", "company_id", *one.watched))
                DupKey.objects.filter(object_id__in=ids).delete()
                write((one, row["company_id"], row["pk"], one.of_values(row)) for row in read)

            work.unit_of_work(body)
            done, last = done + len(batch), batch[-1]
            tell(done)
    return done
