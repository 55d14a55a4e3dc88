"""What will come in: won, weighted and committed against the target, and what changed in the pipeline of late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.deals.models import Opportunity
from guanxi.deals.models.opportunities import Forecast
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.targets.models import Target
from guanxi.targets.models.targets import after
from guanxi.targets.queries.attainment import Span
from guanxi.targets.queries.forecast import Line, behind, changed, lines_of, total_of
from guanxi.targets.views.attainment import span_asked
from guanxi.web.nav import link
from guanxi.web.pages import person, whole

DAYS = (7, 14, 30)


@login_required
def forecast(request: HttpRequest) -> HttpResponse:
    """Person by person, every figure opens into its opportunities; then what changed since last week."""
    user = person(request)
    for model in (Target, Opportunity):
        verbs.require_right(user, "view", entity(model))
    span, days = span_asked(request, "quarter"), whole(request.GET, "days")
    days = days if days in DAYS else DAYS[0]
    since = clock.today() - timedelta(days=days)
    lines = lines_of(user, span)
    rows = [_shown(line, span) for line in lines]
    if len(lines) > 1:
        rows.insert(0, _shown(total_of(lines, _("All")), span, everybody=True))
    context = {
        "span": span, "periods": Target.Period.choices, "rows": rows, "since": since, "days": days, "choices": DAYS,
        "categories": [(key, label) for key, label in Forecast.choices if key != Forecast.OMITTED],
        "changed": changed(user, since),
        "earlier": after(span.start, span.period, -1), "later": after(span.start, span.period),
    }  # fmt: skip
    return render(request, "targets/forecast.html", context)


def _shown(line: Line, span: Span, *, everybody: bool = False) -> dict[str, Any]:
    urls = {key: link("opportunities", *where) for key, where in behind(line, span, everybody).items()}
    cells = [
        {"amount": line.by[key], "url": urls[key], "label": label}
        for key, label in Forecast.choices
        if key != Forecast.OMITTED
    ]
    return {"line": line, "won": urls["won"], "weighted": urls["weighted"], "cells": cells}
