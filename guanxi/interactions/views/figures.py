"""The figures of return visits and visit forms, each opening to its rows (RV-12)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guanxi.audit.sightings import look
from guanxi.interactions.queries import figures
from guanxi.interactions.views.day import ACCOUNT, PERIODS, VISIT, allowed
from guanxi.kernel import clock
from guanxi.kernel.filters.env import period

RETURN = "interactions.returnvisit"


@login_required
def returns(request: HttpRequest) -> HttpResponse:
    """Plan attainment, punctuality and coverage in a month or quarter, by person and by class."""
    user = allowed(request, ACCOUNT, VISIT, RETURN)
    chosen = request.GET.get("period", "")
    chosen = chosen if chosen in PERIODS else "this_month"
    first, after = period(chosen, clock.today())
    last = after - timedelta(days=1)
    tables = [
        (word, [(line, _opened(key, line, first, last)) for line in lines])
        for word, key, lines in (
            ("person", "owner", figures.by_person(user, first, last)),
            ("class", "account.grade", figures.by_class(user, first, last)),
        )
    ]
    look(user, RETURN, rows=sum(len(lines) for _word, lines in tables), key=request.get_full_path())
    context = {"tables": tables, "first": first, "last": last, "chosen": chosen, "periods": PERIODS.items()}
    return render(request, "interactions/figures.html", context)


def _opened(key: str, line: figures.Line, first: date, last: date) -> dict[str, str]:
    """Where the rows behind the figures of a line are listed."""
    whose: dict[str, Any] = {"f": key, "op": "is", "v": line.key} if line.key else {"f": key, "op": "empty"}
    span = [first.isoformat(), last.isoformat()]

    def rows(slug: str, *atoms: dict[str, Any]) -> str:
        where = quote(json.dumps({"all": [whose, *atoms]}))
        return f"{reverse('record-list', args=[slug])}?view=all&where={where}"

    return {
        "due": rows("return-visits", {"f": "due_on", "op": "between", "v": span}),
        "visits": rows("visits", {"f": "day", "op": "between", "v": span}, {"f": "state", "op": "is", "v": "done"}),
    }
