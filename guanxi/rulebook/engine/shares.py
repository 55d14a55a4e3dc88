"""Shares of a person's effort over kinds of customers in a period (CLASS-06): measured at its end, told with figures."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Sum

from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.filters.env import start_of
from guanxi.rulebook.engine.facts import Rule
from guanxi.rulebook.engine.judging import State, unmet
from guanxi.rulebook.engine.opening import Terms, duties_of, insert
from guanxi.rulebook.engine.times import DAY, around, end_of, local_day
from guanxi.rulebook.models import Duty
from guanxi.rulebook.spec import path_of, the_field


def judge_period(rule: Rule, day: date | None, moment: datetime) -> int:
    """Open the duty of the period that `day` lies in; when it is over, measure it."""
    opened = 0
    if day is not None:
        period = around(rule.spec.every, day)
        rows = rule.living(rule.subjects(day), period.first, period.first)
        rows = rows.filter(~Exists(duties_of(rule).filter(subject_id=OuterRef("pk"), turn=period.turn)))
        due = end_of(period.last)
        opened = insert(rule, rows, Terms(period.turn, start_of(period.first), period.first, due, due))
    for duty in unmet(rule).filter(overdue_at__lt=moment, figures={}):
        measure(rule, duty, moment)
    return opened


def measure(rule: Rule, duty: Duty, moment: datetime) -> None:
    """The shares of one person in one period, in percent; kept if none is further off than the tolerance."""
    amounts = shares(rule, duty)
    whole = sum(amounts.values())
    percent = {name: round(float(100 * value / whole), 1) if whole else 0.0 for name, value in amounts.items()}
    off = max(abs(percent[part.name] - part.percent) for part in rule.spec.parts)
    duty.figures = {"shares": percent, "of": float(whole), "wanted": {p.name: p.percent for p in rule.spec.parts}}
    duty.state = State.MET if whole and off <= rule.spec.tolerance else State.MISSED
    duty.met_on = local_day(duty.overdue_at) if duty.state == State.MET else None
    Duty.everything.filter(pk=duty.pk).update_silently(figures=duty.figures, state=duty.state, met_on=duty.met_on)


def shares(rule: Rule, duty: Duty) -> dict[str, Decimal]:
    done, by, at = rule.done, rule.by, rule.at
    last = local_day(duty.overdue_at)
    edge: Any = start_of if at.kind == "datetime" else (lambda day: day)
    rows = by.model._base_manager.filter(
        company_id=rule.company.pk, deleted_at=None,
        **{f"{at.path}__gte": edge(duty.opened_on), f"{at.path}__lt": edge(last + DAY)},
    )  # fmt: skip
    for mine, theirs in done.match:
        value = duty.subject_id if mine in ("", "id") else duty.owner_id
        rows = rows.filter(**{path_of(by, theirs, rule.company): value})
    env, measure_path = Env(as_of=last), the_field(by, rule.spec.measure, rule.company).path
    rows = rows.filter(to_q(parse(done.where, by, rule.company), env))
    found: dict[str, Decimal] = defaultdict(Decimal)
    for part in rule.spec.parts:
        mine_rows = rows.filter(to_q(parse(part.where, by, rule.company), env))
        found[part.name] = Decimal(mine_rows.aggregate(n=Sum(measure_path))["n"] or 0)
    return found
