"""What an import is going to do: file, mapping, mode and key; kept as the arguments of its job."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.exchange.importing.matching import LINES, ORIGIN, fillable, guess
from guanxi.exchange.importing.presets import Prepared, Step, recognise
from guanxi.exchange.importing.shape import uniques
from guanxi.formats.tables import Cell, Table, open_table
from guanxi.kernel import clock
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.jobs import LEASE, Run, execute, task
from guanxi.kernel.models import Job

MODES = ("create", "update", "upsert")
NAME = "exchange.import"
PARKED = datetime(9000, 1, 1, tzinfo=UTC)  # an upload waits here until somebody has matched its columns
MAX_UPLOAD = 200 << 20
SHELL_ONLY = ("parquet", "sqlite")
COUNTED_BYTES = 64 << 20  # up to this size a file is read through once before anything is written


@dataclass
class Plan:
    """`mapping` gives the field name for a header; columns without one are dropped.

    `step` says, as JSON, what a preset does to the table first.
    """

    label: str
    path: str
    name: str
    sheet: str = ""
    encoding: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    mode: str = "create"
    key: list[str] = field(default_factory=list)
    step: dict[str, Any] = field(default_factory=dict)
    duplicates: bool = True  # look whether a new row is on file already

    @property
    def entity(self) -> Entity:
        return entity(self.label)

    @cached_property
    def table(self) -> Table:
        if not Path(self.path).exists():
            raise Refused(_("The uploaded file is no longer here; upload it again."))
        table = open_table(Path(self.path), name=self.name, sheet=self.sheet or None, encoding=self.encoding or None)
        return Prepared(table, Step(**self.step), Path(self.path)) if self.step else table

    def objection(self, cells: Sequence[Cell]) -> str:
        """Why the preset refuses a row, before anything is read from it."""
        return self.table.objection(cells) if isinstance(self.table, Prepared) else ""

    def count(self) -> int | None:
        """The rows, after reading the whole file once; TableError where it breaks.  A huge file is only estimated."""
        if Path(self.path).stat().st_size > COUNTED_BYTES or self.step:  # what a preset picks shows on the way
            return self.table.estimate
        rows = sum(1 for _row in self.table.rows())
        if not rows:
            raise Refused(_("The file holds a header but no rows."))
        return rows

    def columns(self, user: Any) -> list[tuple[int, Field]]:
        """Place in the row and field of each matched column the person may fill."""
        fields = fillable(self.entity, user)
        pairs = ((place, self.mapping.get(header, "")) for place, header in enumerate(self.table.headers))
        return [(place, fields[name]) for place, name in pairs if name in fields]

    def suggest(self, user: Any) -> None:
        """Match the columns as well as their headers tell; a file of a known make as its preset says."""
        step = None if self.step else recognise(self.entity.label, self.table, Path(self.path))
        if step is not None:
            self.step, self.table = asdict(step), Prepared(self.table, step, Path(self.path))
            self.mapping, self.mode, self.key = step.mapping, step.mode, step.key
            return
        fields = fillable(self.entity, user)
        self.mapping = guess(self.table.headers, self.entity, fields)
        keys = self.entity.import_key
        together = any(set(keys) == set(names) for names, _where in uniques(self.entity.model))
        mapped = [name for name in keys if name in self.mapping.values()]
        # Either all fields of the key together are unique, or each of them says by itself which row is meant.
        self.key = (mapped if len(mapped) == len(keys) else []) if together else mapped[:1]

    def check(self, user: Any) -> None:
        """Refused with the first reason why this cannot be run."""
        if self.step.get("leave"):
            return  # nothing is filled
        fields = fillable(self.entity, user)
        chosen = list(self.mapping.values())
        if self.mode not in MODES:
            raise Refused(_("Choose what to do with the rows."))
        if barred := [name for name in chosen if name not in fields]:
            raise Refused(_("You may not fill the field “%(field)s”.") % {"field": barred[0]})
        if twice := [name for name in chosen if chosen.count(name) > 1]:
            raise Refused(_("Two columns are matched with “%(field)s”.") % {"field": fields[twice[0]].label})
        if not set(chosen) - set(ORIGIN):
            raise Refused(_("Match at least one column with a field."))
        if unknown := set(self.key) - set(chosen) | {
            name for name in self.key if name.startswith(LINES) or fields[name].json
        }:
            raise Refused(_("The key field “%(field)s” has no column.") % {"field": fields[unknown.pop()].label})
        if self.mode != "create" and not self.key:
            raise Refused(_("To find existing rows, choose the fields of the key."))
        if self.entity.lines and any(name.startswith(LINES) for name in chosen) and not self.key:
            raise Refused(_("Lines need a key that tells which document they belong to."))
        needed = [f for f in fields.values() if f.required and f.name not in chosen]
        if self.mode != "update" and needed:
            raise Refused(
                _("These required fields have no column: %(fields)s.")
                % {"fields": "、".join(str(f.label) for f in needed)}
            )
        for verb in {"create": ["add"], "update": ["change"], "upsert": ["add", "change"]}[self.mode]:
            if not user.may(verb, self.label):
                raise Refused(_("You have no right to do this with %(what)s.") % {"what": self.entity.title})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plan_of(job: Job) -> Plan:
    return Plan(**job.args)


def park(plan: Plan, user: Any) -> Job:
    """The import as a job that does not run yet."""
    with transaction.atomic():  # no worker sees it before it is parked
        job = task(NAME).enqueue(user=user, **plan.as_json())
        Job.objects.filter(pk=job.pk).update(run_at=PARKED)
    return job


def launch(job: Job) -> None:
    """Let the worker take it, for the first time or again after it failed or was cancelled."""
    again = Job.objects.filter(pk=job.pk, state__in=["ready", "failed", "cancelled"])
    page = reverse("import-result", args=[plan_of(job).entity.slug, job.pk])  # also for one that fails half-way
    again.update(
        state=Job.State.READY, run_at=clock.now(), cancel_asked=False, message="", finished_at=None,
        leased_until=None, result={"page": page},
    )  # fmt: skip


def run_now(job: Job) -> Job:
    """Run it in this process; after a kill the worker goes on with it."""
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempt=1, run_at=clock.now(), leased_until=clock.now() + LEASE
    )
    job.refresh_from_db()
    execute(Run(job, 1))
    job.refresh_from_db()
    return job


def store(chunks: Iterable[bytes], name: str) -> Path:
    """Keep an upload under a name nobody can guess, outside the web root; Refused when the disk is full."""
    folder = Path(settings.HOME) / "uploads"
    path = folder / f"{secrets.token_hex(16)}{Path(name).suffix.lower()[:8]}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as target:
            for chunk in chunks:
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(
            _("The file could not be stored: %(why)s. Nothing was imported.") % {"why": error.strerror}
        ) from error
    return path


def samples(plan: Plan, most: int = 3) -> list[list[Any]]:
    """The first rows of the file, for the page that matches columns."""
    rows: Iterator[Any] = plan.table.rows()
    return [cells for (_number, cells), _n in zip(rows, range(most), strict=False)]
