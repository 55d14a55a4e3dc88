"""Export of a list: at once when short, as a job when long."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from guanxi.exchange import exporting
from guanxi.exchange.gate import gate
from guanxi.formats.tables import WriteKind
from guanxi.kernel import clock
from guanxi.kernel.entities import Entity
from guanxi.web.pages import done, entity_page, person
from guanxi.web.views.jobs import own_job


@entity_page("export")
@require_POST
def export(request: HttpRequest, declared: Entity) -> HttpResponse:
    """The rows of the list whose query string is `state`; `every` takes all fields instead of the shown columns."""
    user = person(request)
    kind: WriteKind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    state, everything = request.POST.get("state", ""), bool(request.POST.get("every"))
    listing = exporting.listing_of(declared, user, state, everything=everything)
    wish = exporting.wish_of(listing, kind)
    leave = gate().admit(wish)
    if isinstance(leave, str):
        return done(request, leave)
    if wish.rows > exporting.AT_ONCE:
        started = exporting.export_file.enqueue(
            user=user, label=declared.label, state=wish.state, kind=kind, leave=leave.key
        )
        return done(request, reverse("job", args=[started.pk]))
    Path(settings.EXPORT_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.EXPORT_ROOT) as folder:
        path = Path(folder) / f"list.{kind}"
        exporting.write(listing, path, kind, leave=leave)
        file = path.open("rb")  # the open file outlives its name
    return download(file, exporting.file_name(declared, kind))


@login_required
def fetch_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a finished export: to its requester only, for a day."""
    row = own_job(request, pk)
    if (
        row.name != "exchange.export"
        or row.state != "done"
        or not row.finished_at
        or clock.now() - row.finished_at > exporting.KEEP
    ):
        raise Http404
    path = exporting.path_of(row)
    if not path.exists():
        raise Http404
    gate().fetched(row.pk)
    return download(path.open("rb"), row.result["file"])


def download(file: BinaryIO, name: str) -> HttpResponse:
    """The open file as an attachment."""
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, response)
