"""Taking a whole import back: created rows go to the recycle bin, changed ones get their old values again."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.kernel import clock, context, work
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import ImportedRow, Job

BATCH = 200
UNDONE = "undone"
DID = ("created", "updated", "merged")


def require_undo(imported: Job, declared: Entity, user: Any) -> None:
    """The importer and those who may delete may undo."""
    if imported.requested_by_id != user.pk and not user.may("delete", declared.label):
        raise Forbidden(_("Only the person who imported this, or somebody who may delete, can undo it."))


@job("exchange.import.undo")
def take_back(run: Run, *, imported: int) -> dict[str, Any]:
    """Undo what an import did, row by row; rows that somebody has changed since stay and are listed."""
    source = Job.objects.get(pk=imported)
    declared = entity(source.args["label"])
    require_undo(source, declared, run.job.requested_by)
    rows = ImportedRow.objects.filter(job=source, outcome__in=DID).exclude(object_id=None)
    latest = rows.values("object_id").annotate(first=Min("line")).order_by("-first")
    ids = [pk for pk in latest.values_list("object_id", flat=True) if pk]
    refused: list[str] = []
    with context.acting(channel="import"):
        for start in range(0, len(ids), BATCH):
            refused += _take(run, declared, source, ids[start : start + BATCH])
            run.progress(min(start + BATCH, len(ids)), len(ids))
    page = reverse("import-result", args=[declared.slug, imported])
    return {"undone": len(ids) - len(refused), "kept": len(refused), "refused": refused[:200], "page": page}


def _take(run: Run, declared: Entity, source: Job, ids: list[int]) -> list[str]:
    """One unit for many rows; if one of them refuses, each gets a unit of its own."""
    try:
        return work.unit_of_work(
            lambda: _batch(run, declared, source, ids), verb="exchange.import.undone", reason=source.args["name"]
        )
    except Refused as refused:
        if len(ids) == 1:
            name = declared.model._base_manager.filter(pk=ids[0]).first()
            return [f"{name}: {refused}"]
    return [line for pk in ids for line in _take(run, declared, source, [pk])]


def _batch(run: Run, declared: Entity, source: Job, ids: list[int]) -> list[str]:
    run.fence()
    noted = ImportedRow.objects.filter(job=source, object_id__in=ids, outcome__in=DID).order_by("object_id", "line")
    rows = declared.model.everything.select_for_update(of=("self",)).in_bulk(ids)
    refused, done = [], []
    for pk, group in groupby(noted, key=lambda one: one.object_id):
        lines, row = list(group), rows.get(pk or 0)
        if row is None or row.deleted_at:
            pass  # gone already
        elif row.version != lines[-1].version:
            refused.append(_("%(name)s was changed since.") % {"name": row})
            continue
        elif declared.told and any(name in declared.import_fields for line in lines for name in line.before or ()):
            refused.append(_("%(name)s has moved on: that is taken back by its own verbs.") % {"name": row})
            continue
        else:
            if lines[0].outcome == "created" and declared.unimported:
                declared.unimported(row, run.job.requested_by)
            _put_back(row, lines)
        done += [line.pk for line in lines]
    ImportedRow.objects.filter(pk__in=done).update(outcome=UNDONE)
    return refused


def _put_back(row: Any, lines: list[ImportedRow]) -> None:
    if lines[0].outcome == "created":
        row.deleted_at = clock.now()
        row.save(update_fields=["deleted_at"])
        return
    before: dict[str, Any] = {}
    for line in reversed(lines):  # the oldest values win
        before |= line.before or {}
    columns = {f.attname: f for f in row._meta.concrete_fields if f.attname in before}
    for name, column in columns.items():
        setattr(row, name, column.to_python(before[name]))
    row.save(update_fields=[f.name for f in columns.values()])
