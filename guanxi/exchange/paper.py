"""Numbered forms on paper and as a table, which carry their number and version (FORM-06); documents as PDF."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.exchange.gate import Pass, Wish, gate, leave_now
from guanxi.formats.pdf import Paper, pdf
from guanxi.formats.tables import open_writer
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden
from guanxi.org.papers import form_of
from guanxi.web.pages import person

Rows = Iterable[Sequence[Any]]


def month_asked(request: HttpRequest) -> date:
    """The month asked for; this one if none or a wrong one was."""
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return clock.today().replace(day=1)


def paper(
    request: HttpRequest,
    key: str,
    template: str,
    context: dict[str, Any],
    *,
    about: tuple[str, int] = ("", 0),
    on: date | None = None,
) -> HttpResponseBase:
    """The form as a page to print; with `?format=xlsx` its `sheet` (headers, rows) as a file for those who may export.

    `about` names the record that is printed, for the trail; `on` is the day whose version of the form counts.
    """
    user = person(request)
    form = form_of(user.company_id, key, on)
    label, pk = about
    if request.GET.get("format") == "xlsx":
        if label and not user.may("export", label):
            raise Forbidden(_("You may not export this."))
        headers, rows = context["sheet"]
        witness("export", label, pk, str(form or ""), company_id=user.company_id, format="xlsx")
        return _passed(user, str(form or key), headers, list(rows), about)
    if pk:
        witness("print", label, pk, str(form or ""), company_id=user.company_id)
    may_export = "sheet" in context and (not label or user.may("export", label))
    return render(request, template, {**context, "numbered": form, "printed_at": clock.now(), "may_export": may_export})


def _passed(user: Any, name: str, headers: Sequence[Any], rows: Sequence[Any], about: tuple[str, int]) -> FileResponse:
    """The form as a file that passes the gate as a list does; one record counts as one row (SEC-07)."""
    label, pk = about
    leave = leave_now(Wish(user, entity(label), "xlsx", 1 if pk else len(rows), sentence=name)) if label else Pass()
    data = _book(headers, rows, leave.marks)
    if label:
        gate().written(leave, 1 if pk else len(rows), hashlib.sha256(data).hexdigest())
    return _file(name, data)


def xlsx(name: str, headers: Sequence[Any], rows: Rows) -> FileResponse:
    """A small table as a workbook."""
    return _file(name, _book(headers, rows))


def _book(headers: Sequence[Any], rows: Rows, marks: Sequence[str] = ()) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        with open_writer(path, "xlsx", [str(header) for header in headers]) as out:
            out.marks = marks
            for row in rows:
                out.row([cell if isinstance(cell, int | float | date) else str(cell) for cell in row])
        return path.read_bytes()


def _file(name: str, data: bytes) -> FileResponse:
    return FileResponse(BytesIO(data), as_attachment=True, filename=f"{name.replace('/', '-')}.xlsx")


def document(paper: Paper, row: Any, name: str) -> HttpResponse:
    """A record as the PDF that leaves the house, to look at in the browser; the trail knows that it was made."""
    witness("print", row._meta.label_lower, row.pk, str(row), company_id=row.company_id)
    response = HttpResponse(pdf(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
