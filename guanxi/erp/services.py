"""Files from and to an ERP: each is taken in once, written whole or not at all, and nothing that came goes back as it came."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.erp.models import ErpLink, ErpRun
from guanxi.exchange.importing.matching import LINES, ORIGIN, fillable
from guanxi.exchange.importing.plan import Plan, park, run_now, store
from guanxi.exchange.importing.run import counts
from guanxi.formats.money import plain
from guanxi.formats.tables import TableError, error_file_kind, open_writer, write_errors
from guanxi.kernel import clock, context, verbs, work
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import ImportedRow, Job
from guanxi.sales.models import Receipt
from guanxi.sales.services import auto_allocate
from guanxi.web.cells import text_of
from guanxi.web.lines import child_of

SUFFIXES = (".csv", ".xlsx")
CHUNK = 500
# What follows from receipts is told by the receipts; an order that came with it would book them a second time.
LEFT_OUT = {"sales.order": {"received", "payment"}}
Direction, State = ErpLink.Direction, ErpRun.State


@job("erp.run", every=timedelta(minutes=15), attempts=1)
def exchange_all(run: Run) -> dict[str, Any]:
    """Every active exchange of every company."""
    links = ErpLink.objects.filter(active=True).select_related("company", "person").order_by("company", "pk")
    return {"files": sum(len(exchange(link)) for link in links)}


def exchange(link: ErpLink) -> list[ErpRun]:
    """Take in what lies there, then write what changed since the last time."""
    done = []
    with context.acting(channel="job", actor_id=link.person.pk, actor_name=str(link.person)):
        if link.direction in (Direction.IN, Direction.BOTH):
            done += [take_in(link, path) for path in waiting(link)]
        if link.direction in (Direction.OUT, Direction.BOTH) and (sent := write_out(link)):
            done.append(sent)
    return done


def folder_of(link: ErpLink, part: str) -> Path:
    """`in`, `out`, `done` or `failed`; nobody else on the machine may look into them."""
    path = Path(settings.HOME) / "erp" / link.company.code / link.folder / part
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def waiting(link: ErpLink) -> list[Path]:
    """Whole files; what is still being written carries another ending (.part, .tmp) or begins with a dot."""
    found = folder_of(link, "in").iterdir()
    return sorted(
        path for path in found
        if path.is_file() and not path.is_symlink() and path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )  # fmt: skip


def take_in(link: ErpLink, path: Path) -> ErpRun:
    """Through the import, as a person would; the same content is never taken in twice."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if ErpRun.objects.filter(link=link, direction=Direction.IN, digest=digest).exclude(state=State.FAILED).exists():
        return _kept(link, path, "done", _note(link, Direction.IN, path.name, State.KNOWN, digest=digest))
    try:
        finished = _import(link, path)
    except (Refused, TableError, OSError, UnicodeError) as error:
        told = _note(link, Direction.IN, path.name, State.FAILED, digest=digest, message=str(error)[:400])
        return _kept(link, path, "failed", told)
    found = counts(finished)
    _write_errors(link, path, finished, found["failed"])
    good = found["created"] + found["updated"] + found["merged"]
    state = State.FAILED if finished.state != "done" or (found["failed"] and not good) else (
        State.PARTLY if found["failed"] else State.DONE)  # fmt: skip
    if link.match and link.what == ErpLink.What.RECEIPTS:
        _match(link, finished)
    told = _note(
        link, Direction.IN, path.name, state, digest=digest, job=finished, added=found["created"], changed=found["updated"],
        failed=found["failed"], message=finished.message[:400],
    )  # fmt: skip
    return _kept(link, path, "failed" if state == State.FAILED else "done", told)


def _import(link: ErpLink, path: Path) -> Job:
    with path.open("rb") as file:
        kept = store(iter(lambda: file.read(1 << 20), b""), path.name)
    plan = Plan(link.what, str(kept), path.name)
    plan.suggest(link.person)
    if not plan.step:
        plan.mode = "upsert" if link.leader == ErpLink.Leader.ERP else "create"
        plan.key = [link.key] if link.key else plan.key
    plan.check(link.person)
    return run_now(park(plan, link.person))


def _match(link: ErpLink, finished: Job) -> None:
    made = ImportedRow.objects.filter(job=finished, outcome="created").values_list("object_id", flat=True)
    for receipt in Receipt.objects.filter(pk__in=list(made), amount__gt=0).order_by("received_on", "pk"):
        auto_allocate(receipt, actor=link.person)


def _write_errors(link: ErpLink, path: Path, finished: Job, failed: int) -> None:
    """The rows in error with their reasons, to be mended and put into `in` again."""
    if not failed:
        return
    table = Plan(**finished.args).table
    target = folder_of(link, "failed") / f"{path.stem}.{finished.pk}.errors.{error_file_kind(table)}"
    rows = ImportedRow.objects.filter(job=finished, outcome="failed").order_by("line").values_list("line", "reason")
    write_errors(target, table, rows.iterator(), header=_("Reason"))


def _kept(link: ErpLink, path: Path, part: str, told: ErpRun) -> ErpRun:
    """Out of the way of the next run, under a name no other file has."""
    shutil.move(path, folder_of(link, part) / f"{told.pk}-{path.name}")
    return told


def _note(link: ErpLink, direction: str, file: str, state: str, **more: Any) -> ErpRun:
    row = ErpRun(
        company_id=link.company_id, created_by_id=link.person_id, link=link, direction=direction, file=file[:200], state=state,
        **more,
    )  # fmt: skip
    work.unit_of_work(row.save)
    return row


def write_out(link: ErpLink) -> ErpRun | None:
    """What changed since the last file, into a new one that appears at once and whole; None if nothing did."""
    declared, user = entity(link.what), link.person
    if not user.may("export", link.what) or not user.may("view", link.what):
        return _note(link, Direction.OUT, "", State.FAILED, message=_("%(name)s may not export this.") % {"name": user})
    fields = outgoing(declared, user)
    stamp = timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M%S")
    folder = folder_of(link, "out")
    part, written, until = folder / f".{stamp}.part.{link.format}", 0, link.sent_until
    with open_writer(part, link.format, [str(f.label) for f in fields], ["text"] * len(fields)) as out:  # type: ignore[arg-type]
        for row, lines in changed(link, declared):
            for line in lines or [None]:
                out.row([_cell(f, line if f.name.startswith(LINES) else row) for f in fields])
            written, until = written + 1, max(until or row.updated_at, row.updated_at)
    if not written:
        part.unlink()
        return None
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = f"{link.folder}-{stamp}-{digest[:8]}.{link.format}"
    witness(
        "export", link.what, title=name, company_id=link.company_id, sha256=digest, rows=written, format=link.format
    )
    told = _note(link, Direction.OUT, name, State.DONE, digest=digest, written=written)
    part.replace(folder / name)
    ErpLink.objects.filter(pk=link.pk).update_silently(sent_until=until)
    return told


def outgoing(declared: Entity, user: Any) -> list[Field]:
    """What the other side can take in again: no people and departments of ours, nothing closed to the person."""
    left_out = LEFT_OUT.get(declared.label, set()) | set(ORIGIN)
    return [
        f for name, f in fillable(declared, user).items()
        if name not in left_out and f.kind != "json" and not f.target.startswith(("org.", declared.label))
    ]  # fmt: skip


def changed(link: ErpLink, declared: Entity) -> Iterator[tuple[Any, list[Any]]]:
    """Rows changed since the last file, with the lines of documents, but for those that stand as the ERP sent them."""
    rows = declared.model.objects.visible_to(link.person).order_by("pk")
    if link.sent_until:
        rows = rows.filter(updated_at__gt=link.sent_until)
    last, found = 0, child_of(declared)
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        came = _came(link, [row.pk for row in chunk])
        for row in chunk:
            version, moment = came.get(row.pk, (0, None))
            if row.version == version and moment and row.updated_at <= moment:
                continue
            lines = list(found[0].model.objects.filter(**{found[1]: row}).order_by("pk")) if found else []
            yield row, lines
        last = chunk[-1].pk


def _came(link: ErpLink, ids: list[int]) -> dict[int, tuple[int, Any]]:
    """Version and moment in which the ERP's last file left these rows."""
    runs = dict(ErpRun.objects.filter(link=link, job__isnull=False).values_list("job", "created_at"))
    rows = ImportedRow.objects.filter(job__in=runs, object_id__in=ids, version__isnull=False).order_by("job_id")
    found = rows.values_list("object_id", "version", "job_id")
    return {pk: (version, runs[job_id]) for pk, version, job_id in found if pk and version}


def _cell(found: Field, row: Any) -> str:
    if row is None:
        return ""
    path = found.path
    value = value_of(row, path)
    shown = str(getattr(row, path.removesuffix("_id"))) if found.kind == "ref" and value is not None else None
    if found.kind == "ref" and value is not None:
        there = getattr(row, path.removesuffix("_id"))
        return str(getattr(there, "code", "") or shown)
    if found.kind in ("decimal", "money", "percent", "int"):
        return "" if value is None else plain(value) if hasattr(value, "normalize") else str(value)
    return text_of(found, value) if value not in (None, "") else ""


def check_link(link: ErpLink) -> None:
    """Before saving: a key that the objects have, and a person of this company."""
    if link.key and link.key not in entity(link.what).fields_for(link.company):
        raise Refused(_("There is no field “%(name)s”.") % {"name": link.key}, field="key")
    verbs.require_right(link.person, "view", entity(link.what))
