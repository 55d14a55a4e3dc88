"""Where the annual goals stand quarter by quarter, and plan, training, execution, check and improvement by regulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from guanxi.interactions.models import ReturnVisit, ServiceRequest
from guanxi.kernel import clock
from guanxi.kernel.filters.env import start_of
from guanxi.rulebook.engine.times import DAY, Period, around
from guanxi.rulebook.models import Assessment, Clause, Goal, Regulation
from guanxi.rulebook.queries.compliance import duties_due, tally

Indicator = Goal.Indicator


@dataclass(frozen=True)
class Figure:
    """So many of so many, and the period and regulation they are of."""

    good: int
    all: int
    span: Period
    regulation: Regulation | None = None

    @property
    def rate(self) -> float | None:
        return 100 * self.good / self.all if self.all else None


Counted = Callable[[Any, Period, Regulation | None], tuple[int, int]]
MEASURES: dict[str, Counted] = {}


def measures(indicator: str) -> Callable[[Counted], Counted]:
    """Say how an indicator is counted: `body(user, period, regulation)` gives the good ones and all."""

    def register(body: Counted) -> Counted:
        MEASURES[indicator] = body
        return body

    return register


def _share(rows: Any, good: Q) -> tuple[int, int]:
    found = rows.order_by().aggregate(good=Count("pk", filter=good), all=Count("pk"))
    return found["good"], found["all"]


@measures(Indicator.OBSERVED)
def observed(user: Any, span: Period, regulation: Regulation | None) -> tuple[int, int]:
    rows = duties_due(user, span.first, span.last)
    found = tally(rows.filter(clause__article__regulation=regulation) if regulation else rows)
    return found.met, found.decided


@measures(Indicator.SATISFIED)
def satisfied(user: Any, span: Period, _regulation: Regulation | None) -> tuple[int, int]:
    rows = ReturnVisit.objects.visible_to(user).filter(satisfaction__isnull=False, **_within("done_at", span))
    return _share(rows, Q(satisfaction__gte=4))


@measures(Indicator.SOLVED)
def solved(user: Any, span: Period, _regulation: Regulation | None) -> tuple[int, int]:
    rows = ServiceRequest.objects.visible_to(user).filter(**_within("due_at", span))
    rows = rows.filter(Q(solved_at__isnull=False) | Q(due_at__lt=clock.now()))  # what is not due yet counts for nothing
    return _share(rows, Q(solved_at__lte=F("due_at")))


def _within(column: str, span: Period) -> dict[str, Any]:
    return {f"{column}__gte": start_of(span.first), f"{column}__lt": start_of(span.last + DAY)}


def figure(user: Any, indicator: str, span: Period, regulation: Regulation | None = None) -> Figure:
    body = MEASURES.get(indicator)
    return Figure(*(body(user, span, regulation) if body else (0, 0)), span, regulation)


@dataclass(frozen=True)
class Standing:
    """A goal with its figures: the quarters of the year that have begun, and the year so far."""

    goal: Goal
    quarters: Sequence[Figure | None]
    year: Figure

    @property
    def reached(self) -> bool | None:
        return None if self.year.rate is None else round(self.year.rate, 1) >= self.goal.at_least


def standings(user: Any, year: int) -> list[Standing]:
    """The year's goals, those of customer management as a whole first."""
    rows = Goal.objects.visible_to(user).filter(year=year).select_related("regulation", "department")
    return [standing(user, goal) for goal in rows.order_by(F("regulation").asc(nulls_first=True), "indicator", "pk")]


def standing(user: Any, goal: Goal) -> Standing:
    spans = [around("quarter", date(goal.year, month, 1)) for month in (1, 4, 7, 10)]
    of = (goal.indicator, goal.regulation)
    return Standing(
        goal,
        [figure(user, of[0], span, of[1]) if span.first <= clock.today() else None for span in spans],
        figure(user, of[0], around("year", date(goal.year, 1, 1)), of[1]),
    )


@dataclass(frozen=True)
class Cycle:
    """One regulation in a year, from its plan to what was improved (GOV-05)."""

    regulation: Regulation
    goals: int
    clauses: int
    training: Figure
    execution: Figure
    checks: int
    corrected: int
    open: int


def cycles(user: Any, year: int) -> list[Cycle]:
    """Every regulation that has clauses in force."""
    span = around("year", date(year, 1, 1))
    clauses = Counter(Clause.objects.filter(
        company_id=user.company_id, is_active=True, article__isnull=False
    ).values_list("article__regulation", flat=True))  # fmt: skip
    goals = Counter(Goal.objects.visible_to(user).filter(year=year).values_list("regulation", flat=True))
    checks: Counter[tuple[int, str]] = Counter(
        Assessment.objects.visible_to(user).filter(found_on__gte=span.first, found_on__lte=span.last)
        .values_list("clause__article__regulation", "state")
    )  # fmt: skip
    return [
        Cycle(
            one, goals[one.pk], clauses[one.pk], figure(user, Indicator.READ, span, one), figure(user, Indicator.OBSERVED, span, one),
            checks[one.pk, "open"] + checks[one.pk, "closed"], checks[one.pk, "closed"], checks[one.pk, "open"],
        )
        for one in Regulation.objects.filter(pk__in=clauses).order_by("pk")
    ]  # fmt: skip
