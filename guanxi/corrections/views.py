"""Who corrected how much of what was booked, month by month."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.corrections.models import Correction
from guanxi.corrections.queries import MONTHS, Line, bounds, by_person
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.web.nav import link
from guanxi.web.pages import person, whole

YEARS = 5


@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """Corrections by person and month; every number opens into its rows."""
    user, this = person(request), clock.today().year
    verbs.require_right(user, "view", entity(Correction))
    year = whole(request.GET, "year") or this
    year = year if this - YEARS < year <= this else this
    context = {
        "year": year, "years": range(this, this - YEARS, -1), "months": range(1, MONTHS + 1),
        "lines": [_shown(line, year) for line in by_person(user, year)],
    }  # fmt: skip
    return render(request, "corrections/figures.html", context)


def _shown(line: Line, year: int) -> dict[str, Any]:
    who = {"f": "owner", "op": "is", "v": line.person} if line.person else {"f": "owner", "op": "empty"}

    def rows(month: int = 0, *more: dict[str, Any]) -> str:
        first, last = bounds(year, month)
        within = {"f": "created_at", "op": "between", "v": [first.isoformat(), last.isoformat()]}
        return link("corrections", who, within, *more)

    cells = [{"n": n, "url": rows(month)} for month, n in enumerate(line.months, 1)]
    closed = rows(0, {"f": "in_closed", "op": "is", "v": True})
    return {"line": line, "cells": cells, "url": rows(), "closed": closed}
