"""A rule tried on the recorded past: the duties it would have made and who would have missed them; nothing stays behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import work
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.models import Company
from guanxi.rulebook.engine import judging, opening, shares
from guanxi.rulebook.engine.facts import Rule
from guanxi.rulebook.engine.times import DAY, end_of
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.spec import SpecError, check, read
from guanxi.worktime.queries import calendar_of

MOST_DAYS, SHOWN = 800, 20
USUAL = 90  # days of the past a change is tried on unless somebody chooses
TRIAL = "~trial"
PASTLESS = _("A guard has no past: it refuses at the moment.")


@dataclass
class Share:
    """What falls to one person or department."""

    name: str
    code: str
    states: dict[str, int] = field(default_factory=dict)

    @property
    def duties(self) -> int:
        return sum(self.states.values())

    @property
    def unkept(self) -> int:
        """Missed, or kept too late."""
        return self.states.get("missed", 0) + self.states.get("late", 0)


class Missed(NamedTuple):
    """A duty that would have been missed, with the row (entity, id) that would have begun it."""

    about: str
    person: str
    due_on: str
    row: tuple[str, int]


@dataclass
class Trial:
    """What the rule would have done: duties by state, by person and department, and some that would have been missed."""

    first: date
    last: date
    states: dict[str, int] = field(default_factory=dict)
    people: list[Share] = field(default_factory=list)  # the worst first
    departments: list[Share] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)  # the first of them

    @property
    def judged(self) -> int:
        return sum(self.states.get(state, 0) for state in ("met", "late", "missed"))

    @property
    def rate(self) -> float | None:
        """Kept in time, in percent of what was decided."""
        return round(100 * self.states.get("met", 0) / self.judged, 1) if self.judged else None


class _Over(Exception):
    """Carries the result out of the unit of work, which is thereby undone."""

    def __init__(self, trial: Trial) -> None:
        super().__init__("over")
        self.trial = trial


def try_out(company: Company, spec: Mapping[str, Any], first: date, last: date) -> Trial:
    """Try a rule on the days from `first` to `last`; SpecError if it cannot be carried out."""
    parsed = read(spec)
    check(parsed, company)
    if parsed.kind == "guard":
        raise SpecError(PASTLESS)
    if last < first:
        raise SpecError(_("The last day lies before the first."))
    if (last - first).days > MOST_DAYS:
        raise SpecError(_("Choose a span of at most %(n)s days.") % {"n": MOST_DAYS})

    def body() -> None:
        clause = Clause(company=company, code=TRIAL, title=TRIAL, kind=parsed.kind)
        clause.save()
        version = ClauseVersion(company=company, clause=clause, effective_on=first, spec=dict(spec))
        version.save()
        _judge(Rule(version, company, calendar_of(company.pk)), first, last)
        raise _Over(_summary(clause, first, last))

    try:
        work.unit_of_work(body, verb="rulebook.trial")
    except _Over as over:
        return over.trial
    raise AssertionError("A trial always ends in its result.")


def _judge(rule: Rule, first: date, last: date) -> None:
    """All days at once where evidence is dated: only opening depends on the day."""
    moment, kind = end_of(last), rule.spec.kind
    days = [first + DAY * n for n in range((last - first).days + 1)]
    if kind == "within":
        opening.open_within(rule, first, last, moment)
    elif kind == "every":
        for day in days:
            opening.open_every(rule, day)
    elif kind == "holds":
        opening.open_holds(rule, judging.breaking, moment)
    else:
        for day in days:
            shares.judge_period(rule, day, end_of(day))
    if rule.spec.who.role:
        opening.assign(rule)
    if kind in ("within", "every"):
        judging.fulfil(rule, moment)
    judging.notice_absence(rule.company.pk, start_of(last + DAY), rule.clause_id)  # the last day is over


def _summary(clause: Clause, first: date, last: date) -> Trial:
    rows: Any = Duty.everything.filter(clause=clause)
    states = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    trial = Trial(first, last, {str(state): n for state, n in states.items()})
    trial.people = _by(rows, "owner__name", "owner__username")
    trial.departments = _by(rows, "department__name", "department__code")
    missed = rows.filter(state="missed").order_by("due_at", "pk")[:SHOWN]
    trial.missed = [
        Missed(title, name or "", day.isoformat(), (label, pk))
        for title, name, day, label, pk in missed.values_list(
            "title", "owner__name", "overdue_on", "subject_label", "subject_id"
        )
    ]
    return trial


def _by(rows: Any, name: str, code: str) -> list[Share]:
    found: dict[str, Share] = {}
    for called, key, state, n in rows.order_by().values_list(name, code, "state").annotate(n=Count("pk")):
        found.setdefault(key or "", Share(called or "", key or "")).states[state] = n
    return sorted(found.values(), key=lambda one: (-one.unkept, -one.duties, one.code))
