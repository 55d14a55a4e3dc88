"""The sheet of a month and the appraisal, to print and to export (QUAL-11, PERF-01, PERF-04)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.exchange.paper import month_asked, paper
from guanxi.formats.dates import month_said
from guanxi.incentives.models import Entry, MonthClose, Unit
from guanxi.incentives.queries import appraisal as figures
from guanxi.incentives.queries.ledger import LABEL, entries_of, people_in_reach, sums_of, to_close
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.web.pages import person, whole


def _cell(value: Any) -> Any:
    return "" if value is None else float(value) if isinstance(value, Decimal) else value


@login_required
def month_sheet(request: HttpRequest) -> HttpResponseBase:
    """Each person's sums and balance, and every entry with its evidence; as a file one line for each person."""
    user = person(request)
    verbs.require_right(user, "view", entity(Entry))
    first = month_asked(request)
    rows = list(entries_of(user, first))
    lines = sums_of(rows, first)
    words = [_("added"), _("taken off"), _("balance")]
    heads = [f"{word} ({label})" for label in Unit.labels for word in words]
    sheet = [(line.department or "", line.person or "", *map(_cell, line.cells)) for line in lines]
    context = {
        "month": f"{first:%Y-%m}", "title": month_said(first), "rows": rows, "lines": lines, "sum_heads": heads,
        "query": f"month={first:%Y-%m}", "sheet": ([_("Department"), _("Person"), *heads], sheet),
        "may_close": user.may("add", entity(MonthClose).label) and any(one["month"] == first for one in to_close(user)),
        "closed": MonthClose.objects.filter(company_id=user.company_id, month=first).select_related("created_by").first(),
    }  # fmt: skip
    return paper(request, "incentives", "incentives/month.html", context, about=(LABEL, 0), on=first)


@login_required
def appraisal(request: HttpRequest) -> HttpResponseBase:
    """All people in one's reach by item, or the sheet of one of them."""
    user = person(request)
    verbs.require_right(user, "view", entity(Entry))
    first, people = month_asked(request), people_in_reach(user)
    wanted = whole(request.GET, "person")
    chosen = people.filter(pk=wanted).first() if wanted else None
    if wanted and chosen is None:
        raise Http404
    found = figures.sheets([chosen] if chosen else list(people), first)
    items = figures.items()
    labels = [one.label for one in items]
    sheet = [
        (one.person.department or "", one.person, *("" if v is None else _cell(v) for v in one.values)) for one in found
    ]
    query = f"month={first:%Y-%m}" + (f"&person={chosen.pk}" if chosen else "")
    context = {
        "month": f"{first:%Y-%m}", "said": month_said(first), "title": f"{_('Appraisal')} {chosen or ''} {month_said(first)}".replace("  ", " "),
        "items": items, "chosen": chosen, "query": query,
        "sheets": [
            {"person": one.person, "cells": [(i.label, i.words(v)) for i, v in zip(items, one.values, strict=True)]}
            for one in found
        ],
        "rows": list(entries_of(user, first).filter(owner=chosen)) if chosen else [],
        "sheet": ([_("Department"), _("Person"), *labels], sheet),
    }  # fmt: skip
    return paper(request, "appraisal", "incentives/appraisal.html", context, about=(LABEL, 0), on=first)
