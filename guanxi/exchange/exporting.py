"""Lists as CSV or XLSX: what the person sees, masks included, in flat memory, and written down in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.exchange.gate import Pass, Wish, gate
from guanxi.formats.tables import ColumnKind, WriteKind, open_writer
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import ImportedRow, Job
from guanxi.org.models import User
from guanxi.web.cells import text_of
from guanxi.web.listing import Listing
from guanxi.web.reading import is_masked, masked_value, readable_fields

AT_ONCE = 5_000
CHUNK = 2_000
KEEP = timedelta(days=1)
KEEP_UPLOADS = timedelta(days=30)
FORMATS: tuple[WriteKind, ...] = ("xlsx", "csv")
NUMERIC = ("int", "decimal", "money", "percent")


def listing_of(declared: Entity, user: Any, state: str, *, everything: bool = False) -> Listing:
    """The list that a query string describes; with all readable columns if asked."""
    listing = Listing.read(declared, user, QueryDict(state.lstrip("?")))
    _filter = listing.node
    if listing.problem:
        raise Refused(listing.problem)
    if everything:
        listing.columns = tuple(name for name, f in readable_fields(declared, user).items() if f.kind != "json")
    return listing


def wish_of(listing: Listing, kind: str) -> Wish:
    """The file as the gate sees it; views and columns are spelled out, because what is agreed to must not change."""
    raw = listing.tab.where if listing.raw is None else listing.raw
    names = tuple(f.name for f in listing.fields)
    return Wish(
        user=listing.user, entity=listing.entity, kind=kind, rows=listing.rows.order_by().count(),
        state=listing.url(view="all", where=raw or {}, columns=",".join(names), sort=listing.sort, layout=""),
        sentence=listing.sentence(), words=listing.q, fields=names,
    )  # fmt: skip


def write(
    listing: Listing, path: Path, kind: WriteKind, *, leave: Pass, tick: Callable[[int], None] = lambda _done: None
) -> int:
    """Write all rows of the list; returns how many, after leaving a mark in the trail with the file's hash."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    user, fields, n = listing.user, listing.fields, 0
    values = [_value(f, masked=is_masked(user, listing.entity, f.name)) for f in fields]
    headers = [str(f.label) for f in fields]
    with open_writer(path, kind, headers, [_kind(f, listing) for f in fields]) as out:
        out.marks = leave.marks
        for row in _rows(listing):
            out.row([value(*pair) for value, pair in zip(values, listing.pairs(row), strict=True)])
            n += 1
            if n % CHUNK == 0:
                tick(n)
    written(
        listing.entity, user, path, leave, n,
        filter=listing.sentence(), words=listing.q, columns=[f.name for f in fields], format=kind,
    )  # fmt: skip
    return n


def written(declared: Entity, user: User, path: Path, leave: Pass, rows: int, **details: Any) -> None:
    """Leave a mark of the file in the trail, with its hash, and tell the gate that it is there."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    details = {"title": str(declared.title), "company_id": user.company_id, **details}
    witness("export", declared.label, sha256=digest, rows=rows, **details)
    gate().written(leave, rows, digest)


def _rows(listing: Listing) -> Iterator[tuple[Any, ...]]:
    """Few rows in the order of the list, many in the order of their ids, a chunk at a time."""
    if not is_large(listing):
        yield from listing.page(AT_ONCE).rows
        return
    last = 0
    while chunk := list(
        listing.rows.filter(pk__gt=last).order_by("pk").values_list("pk", "pk", *listing.paths)[:CHUNK]
    ):
        yield from chunk
        last = chunk[-1][0]


def is_large(listing: Listing) -> bool:
    return bool(listing.rows.order_by().values("pk")[: AT_ONCE + 1].count() > AT_ONCE)


def _kind(found: Field, listing: Listing) -> ColumnKind:
    if is_masked(listing.user, listing.entity, found.name):
        return "text"
    kinds: dict[str, ColumnKind] = {
        "date": "date",
        "datetime": "datetime",
        **dict.fromkeys(NUMERIC, "number"),
    }  # type: ignore[arg-type]
    return kinds.get(found.kind, "text")


def _value(found: Field, *, masked: bool) -> Callable[[Any, Any], Any]:
    """A function from (stored, shown) to the cell: words for choices and links, real numbers and dates."""
    if masked:
        return lambda value, shown: masked_value(found, shown or value)
    if found.kind in NUMERIC:
        return lambda value, _shown: None if value in (None, "") else Decimal(str(value))
    if found.kind == "date":
        return lambda value, _shown: date.fromisoformat(value) if isinstance(value, str) and value else value or None
    if found.kind == "datetime":
        return lambda value, _shown: value
    return lambda value, shown: text_of(found, value, shown)


@job("exchange.export", attempts=3)
def export_file(run: Run, *, label: str, state: str, kind: WriteKind, leave: int) -> dict[str, Any]:
    """The same as a job for long lists; only the requester may fetch the file, for a day."""
    declared, user = entity(label), run.job.requested_by
    verbs.require_right(user, "export", declared)
    listing = listing_of(declared, user, state)
    total = listing.rows.order_by().count()
    granted = gate().resume(leave, run.job.pk, total)
    path = path_of(run.job)
    run.progress(0, total)
    n = write(listing, path, kind, leave=granted, tick=lambda done: run.progress(done))
    run.fence()
    run.progress(n, n)
    back = list_url(declared.slug)
    return {
        "rows": n,
        "file": file_name(declared, kind),
        "url": reverse("export-file", args=[run.job.pk]),
        "back": back,
    }


def path_of(row: Job) -> Path:
    return Path(settings.EXPORT_ROOT) / f"{row.pk}.{row.args['kind']}"


def file_name(declared: Entity, kind: str) -> str:
    return _("%(what)s %(day)s") % {"what": declared.title, "day": clock.today().isoformat()} + f".{kind}"


@job("exchange.tidy", at_hour=4)
def tidy(run: Run) -> dict[str, Any]:
    """Remove export files after a day, uploads and what an undo needs after thirty."""
    old = clock.now() - KEEP_UPLOADS
    removed = 0
    for folder, keep in ((Path(settings.EXPORT_ROOT), KEEP), (Path(settings.HOME) / "uploads", KEEP_UPLOADS)):
        for path in folder.glob("*") if folder.exists() else ():
            if path.stat().st_mtime < (clock.now() - keep).timestamp():
                path.unlink(missing_ok=True)
                removed += 1
    ImportedRow.objects.filter(job__created_at__lt=old).update(before=None)
    parked = Job.objects.filter(name="exchange.import", state="ready", created_at__lt=old)
    return {"files": removed, "uploads": parked.delete()[0]}
