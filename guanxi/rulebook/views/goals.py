"""The goals of a year: where each stands by quarter, and how every regulation went from plan to improvement."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.rulebook.models import Assessment, Goal
from guanxi.rulebook.queries import goals
from guanxi.rulebook.queries.goals import Indicator
from guanxi.rulebook.reached import clauses_of, goal_rows, rows_of
from guanxi.rulebook.shown import percent, tone, where
from guanxi.web.nav import link
from guanxi.web.pages import person


@login_required
def goals_page(request: HttpRequest) -> HttpResponse:
    """ANLY-06, GOV-05: the annual plan of customer management, assessed quarter by quarter."""
    user = person(request)
    verbs.require_right(user, "view", entity(Goal))
    text, this = request.GET.get("year", ""), clock.today().year
    year = min(max(int(text), 2000), this + 1) if text.isascii() and text.isdigit() and len(text) <= 4 else this
    context = {
        "year": year, "years": [this - 1, this, this + 1], "goals": goal_rows(user, year),
        "cycles": [_cycle(user, one) for one in goals.cycles(user, year)], "may_add": user.may("add", "rulebook.goal"),
        "may_assess": user.may("add", "rulebook.assessment"), "quarters": [1, 2, 3, 4],
    }  # fmt: skip
    return render(request, "rulebook/goals.html", context)


def _cycle(user: User, one: goals.Cycle) -> dict[str, Any]:
    found = one.execution
    span = [found.span.first.isoformat(), found.span.last.isoformat()]
    checked = link("assessments", where("found_on", "between", span), clauses_of(user, one.regulation))
    return {
        "one": one, "trained": percent(one.training.rate), "rate": percent(found.rate), "tone": tone(found.rate),
        "trained_tone": tone(one.training.rate), "href": rows_of(user, Indicator.OBSERVED, found) if found.all else "",
        "checked": checked if one.checks and user.may("view", Assessment._meta.label_lower) else "",
    }  # fmt: skip
