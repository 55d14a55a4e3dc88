"""How the figures of annual goals are shown: rates against the goal, each with the rows it was counted from."""

from __future__ import annotations

from typing import Any

from guanxi.org.models import User
from guanxi.rulebook.models import Clause, Goal, Regulation
from guanxi.rulebook.queries import goals
from guanxi.rulebook.queries.compliance import DECIDED
from guanxi.rulebook.queries.goals import Figure, Indicator, Standing
from guanxi.rulebook.shown import due, duties, percent, where
from guanxi.web.nav import link


def goal_rows(user: User, year: int) -> list[dict[str, Any]]:
    return [goal_row(user, one) for one in goals.standings(user, year)]


def goal_row(user: User, one: Standing) -> dict[str, Any]:
    return {
        "goal": one.goal, "reached": one.reached, "year": _cell(user, one.year, one.goal),
        "quarters": [_cell(user, found, one.goal) if found else None for found in one.quarters],
    }  # fmt: skip


def _cell(user: User, found: Figure, goal: Goal) -> dict[str, Any]:
    """A rate, whether it reaches the goal, and the rows it was counted from."""
    look = "" if found.rate is None else "green" if round(found.rate, 1) >= goal.at_least else "red"
    return {
        "rate": percent(found.rate),
        "n": found.all,
        "tone": look,
        "href": rows_of(user, goal.indicator, found) if found.all else "",
    }


def rows_of(user: User, indicator: str, found: Figure) -> str:
    first, last = found.span.first.isoformat(), found.span.last.isoformat()
    narrowed = [clauses_of(user, found.regulation)] if found.regulation else []
    match indicator:
        case Indicator.OBSERVED:
            return duties(due(found.span.first, found.span.last), *narrowed, states=DECIDED)
        case Indicator.SATISFIED:
            answered = where("satisfaction", "not_empty")
            return link("return-visits", where("done_at", "between", [first, last]), answered)
        case Indicator.SOLVED:
            return link("service-requests", where("due_at", "between", [first, last]))
    return ""


def clauses_of(user: User, regulation: Regulation) -> dict[str, Any]:
    """The condition that a row belongs to a clause of the regulation."""
    of = Clause.objects.filter(company_id=user.company_id, article__regulation=regulation)
    return where("clause", "in", list(of.values_list("pk", flat=True)))
