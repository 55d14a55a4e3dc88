"""The monthly circulation of inspection results and the list of incentives, to print and to export (QUAL-11, QUAL-13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.filing.models import Defect, IncentiveEntry, Inspection
from guanxi.filing.queries.report import incentives_of, month_of
from guanxi.filing.services.incentives import month_after
from guanxi.filing.views.paper import paper
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.web.pages import person


def _month(request: HttpRequest) -> date:
    """The month asked for; this one if none or a wrong one was."""
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return clock.today().replace(day=1)


@login_required
def report(request: HttpRequest) -> HttpResponseBase:
    """By branch and person: files, inspected, defects by kind, rate."""
    user = person(request)
    verbs.require_right(user, "view", entity(Inspection))
    first = _month(request)
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
        "month": f"{first:%Y-%m}", "title": f"{first:%Y-%m}", "found": found, "kinds": kinds, "query": f"month={first:%Y-%m}",
        "sheet": ([_("Branch or person"), *heads], rows),
    }  # fmt: skip
    return paper(request, "report", "filing/report.html", context, about=("filing.inspection", 0), on=first)


@login_required
def incentives(request: HttpRequest) -> HttpResponseBase:
    """The list of positive and negative incentives of a month with its evidence."""
    user = person(request)
    verbs.require_right(user, "view", entity(IncentiveEntry))
    first = _month(request)
    rows = list(incentives_of(user, first))
    sheet = [
        (
            str(row.department or ""),
            str(row.owner or ""),
            row.get_rule_display(),
            float(row.points),
            row.text,
            row.get_state_display(),
        )
        for row in rows
    ]
    heads = [_("Department"), _("Person"), _("Rule"), _("Amount"), _("Evidence"), _("State")]
    context = {
        "month": f"{first:%Y-%m}", "title": f"{first:%Y-%m}", "rows": rows, "query": f"month={first:%Y-%m}",
        "total": sum(row.points for row in rows), "sheet": (heads, sheet),
    }  # fmt: skip
    return paper(request, "incentives", "filing/incentives.html", context, about=("filing.incentiveentry", 0), on=first)
