"""Whose duties a person sees: the people behind a scope on duties, and how they use the system (USE-03, USE-05)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from guanxi.kernel.filters.env import start_of
from guanxi.org.models import Department, SignIn, User
from guanxi.rulebook.engine.times import DAY, Period
from guanxi.rulebook.models import Clause, Duty
from guanxi.rulebook.queries.compliance import Tally, duties_due, tally_by
from guanxi.worktime.queries import calendar_of

LABEL = "rulebook.duty"
USE = "USE"  # the clauses about using the system have codes that begin so


def people_of(user: Any) -> QuerySet[User]:
    """Everybody whose duties this person sees."""
    rows: QuerySet[User] = User.objects.filter(company_id=user.company_id, is_active=True)
    scopes = user.access.grant(LABEL).scopes
    if "all" in scopes:
        return rows
    known = Q(pk__in=[user.pk, *user.access.principals])
    if "tree" in scopes:
        known |= Q(department__in=user.team_departments())
    if "department" in scopes and user.department_id:
        known |= Q(department=user.department_id)
    return rows.filter(known)


@dataclass
class Use:
    """How one person has used the system in a period: days with a sign-in, the last one, the duties of use."""

    person: User
    days: int = 0
    last: datetime | None = None
    tally: Tally = field(default_factory=Tally)


@dataclass
class UnitUse:
    """The same for a department with its people; `days` and `expected` are summed over them."""

    name: str
    people: int = 0
    present: int = 0
    days: int = 0
    tally: Tally = field(default_factory=Tally)


def use_of(user: Any, period: Period) -> list[Use]:
    """Everybody in sight, who used the system least first: three statements."""
    found = {one.pk: Use(one) for one in people_of(user).select_related("department").order_by("name")}
    signed = SignIn.objects.filter(ok=True, at__gte=start_of(period.first), at__lt=start_of(period.last + DAY))
    grouped = signed.filter(user__in=people_of(user).order_by()).order_by().values("user")
    for row in grouped.annotate(days=Count(TruncDate("at"), distinct=True), last=Max("at")):
        if row["user"] in found:
            found[row["user"]].days, found[row["user"]].last = row["days"], row["last"]
    rows = duties_due(user, period.first, period.last).filter(clause__code__istartswith=USE)
    for pk, counted in tally_by(rows, "owner").items():
        if pk in found:
            found[pk].tally = counted
    return sorted(found.values(), key=lambda one: (one.days, one.person.name))


def use_by_unit(rows: list[Use], company_id: int) -> list[UnitUse]:
    """By subsidiary: the branch, region or headquarters nearest above each person; a plain department counts for it."""
    everything: Any = Department.objects
    tree = {one.pk: one for one in everything.filter(company_id=company_id)}
    found: dict[int | None, UnitUse] = {}
    for row in rows:
        unit = _unit(row.person.department, tree)
        one = found.setdefault(unit.pk if unit else None, UnitUse(unit.name if unit else ""))
        one.people += 1
        one.present += row.days > 0
        one.days += row.days
        one.tally += row.tally
    return sorted(found.values(), key=lambda one: (one.days / one.people, one.name))


def _unit(department: Department | None, tree: dict[int, Department]) -> Department | None:
    while department is not None and department.kind == Department.Kind.DEPARTMENT and department.parent_id in tree:
        department = tree[department.parent_id]
    return department


def workdays(company_id: int, period: Period, today: date) -> int:
    """Working days of the period up to today."""
    calendar = calendar_of(company_id)
    last = min(period.last, today)
    return sum(calendar.is_workday(period.first + DAY * n) for n in range((last - period.first).days + 1))


@dataclass(frozen=True)
class Missed:
    """How often one person missed one clause."""

    clause: Clause
    n: int
    last: datetime


@dataclass
class Named:
    """Somebody the notice names, with what was missed."""

    person: User
    missed: list[Missed] = field(default_factory=list)

    @property
    def n(self) -> int:
        return sum(one.n for one in self.missed)


def named(user: Any, period: Period) -> list[Named]:
    """USE-03: people who missed duties of using the system that fell due in the period, the most missed first."""
    rows = duties_due(user, period.first, period.last)
    rows = rows.filter(clause__code__istartswith=USE, state=Duty.State.MISSED, owner__isnull=False)
    grouped = list(rows.values_list("owner", "clause").annotate(n=Count("pk"), last=Max("due_at")))
    everybody: Any = User.everything
    people = everybody.select_related("department").in_bulk({owner for owner, *_rest in grouped})
    clauses = Clause.objects.select_related("article").in_bulk({clause for _owner, clause, *_rest in grouped})
    found: dict[int, Named] = {}
    for owner, clause, n, last in sorted(grouped, key=lambda row: clauses[row[1]].code):
        found.setdefault(owner, Named(people[owner])).missed.append(Missed(clauses[clause], n, last))
    return sorted(found.values(), key=lambda one: (-one.n, one.person.name))
