"""The files of an inspection, and the monthly circulation of inspection results, to print and to export (QUAL-13)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.exchange.paper import month_asked, paper
from guanxi.filing.models import Defect, Inspection
from guanxi.filing.queries.drawn import drawn_context, files_of
from guanxi.filing.queries.report import month_of
from guanxi.formats.dates import month_said
from guanxi.incentives.queries.ledger import month_after
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.web.pages import fetch, is_fragment, person, whole

LAST = 2**63 - 1  # no id is greater


@login_required
def report(request: HttpRequest) -> HttpResponseBase:
    """By branch and person: files, inspected, defects by kind, rate."""
    user = person(request)
    verbs.require_right(user, "view", entity(Inspection))
    first = month_asked(request)
    found = month_of(user, first, month_after(first))
    kinds = [str(label) for label in Defect.labels]
    heads = [pgettext("customers", "Files"), _("Inspected"), _("Defective"), _("Defect rate"), *kinds, _("Not closed")]
    rows: list[list[Any]] = [
        [
            line.name,
            line.files,
            line.inspected,
            line.defective,
            line.rate if line.rate is not None else "",
            *line.cells,
            line.open,
        ]
        for line in found.branches
    ]
    rows += [[line.name, "", "", "", "", *line.cells, line.open] for line in found.people]
    context = {
        "month": f"{first:%Y-%m}", "title": month_said(first), "found": found, "kinds": kinds, "query": f"month={first:%Y-%m}",
        "sheet": ([_("Branch or person"), *heads], rows),
    }  # fmt: skip
    return paper(request, "report", "filing/report.html", context, about=("filing.inspection", 0), on=first)


@login_required
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """All files of an inspection with result and defects; the next rows of them for htmx."""
    user, declared = person(request), entity(Inspection)
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk)
    only = request.GET.get("only", "")
    page = files_of(row, user, only, max(0, min(whole(request.GET, "after") or 0, LAST)))
    rows = is_fragment(request) and "after" in request.GET
    return render(
        request, "filing/drawn_rows.html" if rows else "filing/drawn_page.html", drawn_context(row, page, only)
    )
