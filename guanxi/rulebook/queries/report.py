"""The figures of a compliance page: one dimension at a time, worst clauses with their trend, assessments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from guanxi.customers.models import Account
from guanxi.org.models import User
from guanxi.rulebook.engine.times import Period
from guanxi.rulebook.models import Assessment, Clause, Duty
from guanxi.rulebook.queries.compliance import Tally, due_within, duties_due, tally_by, tally_over, worst

MOST, BACK, WORST, EVIDENCE = 200, 6, 5, 3


@dataclass(frozen=True)
class Course:
    """A clause's tallies period by period, the newest last."""

    clause: Clause
    tallies: Sequence[Tally]

    @property
    def now(self) -> Tally:
        return self.tallies[-1]

    @property
    def before(self) -> Tally:
        return self.tallies[-2]


@dataclass(frozen=True)
class Courses:
    """All clauses over the periods, and their sum."""

    spans: Sequence[Period]
    clauses: Sequence[Course]
    total: Sequence[Tally]

    @property
    def worst(self) -> list[Course]:
        known = {one.clause.pk: one for one in self.clauses}
        return [known[pk] for pk in worst({pk: one.now for pk, one in known.items()}, WORST)]


def courses(user: Any, spans: Sequence[Period], **narrowed: Any) -> Courses:
    """How every clause was observed, by period: two statements."""
    found = tally_over(user, spans, "clause", **narrowed)
    clauses = Clause.objects.select_related("article__regulation").in_bulk(list(found))
    rows = [Course(clauses[pk], found[pk]) for pk in found if pk in clauses]
    rows.sort(key=lambda one: (one.clause.article.position if one.clause.article else 9_999, one.clause.code))
    total = [sum((one.tallies[n] for one in rows), Tally()) for n in range(len(spans))]
    return Courses(spans, rows, total)


@dataclass(frozen=True)
class Line:
    """A person or customer with its figures; `pk` None is nobody, or no customer."""

    pk: int | None
    name: str
    tally: Tally


def lines(user: Any, span: Period, column: str) -> list[Line]:
    """People (`owner`) or customers (`account`), the worst first, at most MOST."""
    found = tally_by(duties_due(user, span.first, span.last), column)
    ranked = sorted(found, key=lambda pk: (_rate(found[pk]), -found[pk].missed, -found[pk].decided, pk or 0))
    shown = [pk for pk in ranked if column == "owner" or pk is not None][:MOST]
    names = _names(column, [pk for pk in shown if pk is not None])
    return [Line(pk, names.get(pk or 0, ""), found[pk]) for pk in shown]


def _rate(one: Tally) -> float:
    return 101.0 if one.rate is None else one.rate


def _names(column: str, ids: list[int]) -> Mapping[int, str]:
    model: Any = User if column == "owner" else Account
    return dict(model.everything.filter(pk__in=ids).values_list("pk", "name"))


def departments(user: Any, span: Period) -> dict[int | None, Tally]:
    return tally_by(duties_due(user, span.first, span.last), "department")


def assessments(user: Any, span: Period) -> list[Assessment]:
    """What was found in the period, what still has to be corrected from before, and what was corrected in it."""
    rows = Assessment.objects.visible_to(user).filter(found_on__lte=span.last)
    here = Q(found_on__gte=span.first) | Q(closed_on__gte=span.first) | Q(state=Assessment.State.OPEN)
    return list(rows.filter(here).select_related("clause", "owner", "department").order_by("due_on", "pk")[:MOST])


def waived(user: Any, span: Period) -> list[Duty]:
    """Duties that were waived, with who decided and why."""
    rows = Duty.objects.visible_to(user).filter(due_within(span.first, span.last), state=Duty.State.WAIVED)
    return list(rows.select_related("clause", "owner", "decided_by").order_by("due_at", "pk")[:MOST])


def failures(user: Any, span: Period, clause: Clause) -> list[Duty]:
    """Some of the duties that were not kept in time: the evidence of a low rate."""
    rows = duties_due(user, span.first, span.last).filter(clause=clause, state__in=[Duty.State.MISSED, Duty.State.LATE])
    return list(rows.select_related("owner", "department").order_by("-state", "due_at", "pk")[:EVIDENCE])
