"""The figures of return visits and visit forms, each opening to its rows (RV-12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.audit.sightings import look
from guanxi.interactions.periods import chosen_period
from guanxi.interactions.queries import figures
from guanxi.interactions.views.day import ACCOUNT, VISIT, allowed
from guanxi.web.nav import link

RETURN = "interactions.returnvisit"


@login_required
def returns(request: HttpRequest) -> HttpResponse:
    """Plan attainment, punctuality and coverage in a month or quarter, by person and by class."""
    user = allowed(request, ACCOUNT, VISIT, RETURN)
    first, last, choice = chosen_period(request)
    tables = [
        (word, [(line, _opened(key, line, first, last)) for line in lines])
        for word, key, lines in (
            ("person", "owner", figures.by_person(user, first, last)),
            ("class", "account.grade", figures.by_class(user, first, last)),
        )
    ]
    look(user, RETURN, rows=sum(len(lines) for _word, lines in tables), key=request.get_full_path())
    context = {"tables": tables, "first": first, "last": last, **choice}
    return render(request, "interactions/figures.html", context)


def _opened(key: str, line: figures.Line, first: date, last: date) -> dict[str, str]:
    """Where the rows behind the figures of a line are listed."""
    whose: dict[str, Any] = {"f": key, "op": "is", "v": line.key} if line.key else {"f": key, "op": "empty"}
    span = [first.isoformat(), last.isoformat()]
    made = {"f": "state", "op": "is", "v": "done"}
    return {
        "due": link("return-visits", whose, {"f": "due_on", "op": "between", "v": span}),
        "visits": link("visits", whose, {"f": "day", "op": "between", "v": span}, made),
    }
