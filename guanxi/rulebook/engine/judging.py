"""Judging duties: what was done counts, what is no longer owed ends, what is not done is noticed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import TruncDate

from guanxi.kernel.filters import Env, parse, to_q
from guanxi.rulebook.engine.facts import Rule
from guanxi.rulebook.engine.times import LOOK_BACK, local_day
from guanxi.rulebook.models import Duty
from guanxi.rulebook.spec import the_field

State = Duty.State
UNMET = frozenset({State.OPEN, State.MISSED})
KEPT = frozenset({State.MET, State.LATE})


def standing(rule: Rule, *states: str) -> Any:
    """The duties of this version in certain states; the clause is named because the index begins with it."""
    return Duty.everything.filter(clause_id=rule.clause_id, clause_version_id=rule.version.pk, state__in=sorted(states))


def unmet(rule: Rule) -> Any:
    return standing(rule, *UNMET)


def disputable(rows: Any, moment: datetime) -> Any:
    """Those whose verdict may still change: else what was never done would be asked about every day for ever."""
    return rows.filter(overdue_at__gte=moment - LOOK_BACK)


def fulfil(rule: Rule, moment: datetime) -> int:
    """Evidence, found by itself, ends a duty: in time or late.  A period that is over is not kept afterwards."""

    def proven(moment: datetime) -> Any:
        return disputable(unmet(rule), moment).filter(Exists(rule.evidence(moment)))

    if not rule.any("proven", moment, proven):
        return 0
    nth, at, found = rule.spec.times - 1, rule.at, rule.evidence(moment)
    exact = at.kind == "datetime"
    values: dict[str, Any] = {
        "evidence_label": Value(rule.done.by),
        "evidence_id": Subquery(found.values("pk")[nth : nth + 1]),
        "met_at": Subquery(found.values(at.path)[nth : nth + 1]) if exact else Value(None, DateTimeField(null=True)),
        "met_on": Subquery(found.annotate(_on=TruncDate(at.path)).values("_on")[nth : nth + 1])
        if exact
        else Subquery(found.values(at.path)[nth : nth + 1]),
    }
    proven(moment).update_silently(**values)
    return settle(rule)


def settle(rule: Rule) -> int:
    """Those with evidence are kept, late where it came after the time was up; too little evidence is none."""
    rows = unmet(rule)
    rows.filter(evidence_id=None).exclude(evidence_label="").update_silently(
        evidence_label="", met_on=None, met_at=None
    )
    in_time = Q(met_at__isnull=True, met_on__lte=F("overdue_on")) | Q(met_at__lte=F("overdue_at"))
    verdict = Case(When(in_time, then=Value(State.MET.value)), default=Value(State.LATE.value))
    return int(rows.exclude(evidence_id=None).update_silently(state=verdict))


def doubt(rule: Rule, since: datetime, moment: datetime) -> int:
    """Evidence that was changed or deleted after it was counted is looked at again: the duty is open until proven."""
    by = rule.by
    if not any(f.name == "updated_at" for f in by.model._meta.concrete_fields):
        return 0
    changed = by.model._base_manager.filter(company_id=rule.company.pk).filter(
        Q(updated_at__gte=since) | Q(deleted_at__gte=since)
    )
    rows = disputable(standing(rule, *KEPT), moment)
    rows = rows.filter(evidence_label=rule.done.by, evidence_id__in=changed.values("pk"))
    late = Case(When(overdue_at__lt=moment, then=Value(State.MISSED.value)), default=Value(State.OPEN.value))
    return int(rows.update_silently(state=late, evidence_label="", evidence_id=None, met_at=None, met_on=None))


def release(rule: Rule, moment: datetime, *, changed: bool) -> int:
    """What is still open about a row the rule no longer speaks of is no longer owed; rows that cannot have changed since
    the day before are not asked."""
    until = rule.spec.alive[1]

    def begun(moment: datetime) -> Any:
        return standing(rule, State.OPEN).filter(opened_at__lte=moment)

    def gone(moment: datetime) -> Any:
        return begun(moment).filter(~rule.still(local_day(moment)))

    def ended(moment: datetime) -> Any:
        found = the_field(rule.spec.entity, until, rule.company)
        past = rule.model._base_manager.filter(
            pk=OuterRef("subject_id"), **{f"{found.path}__lte": _edge(found, moment)}
        )
        return begun(moment).filter(Exists(past))

    n, void = 0, {"state": State.VOID, "met_on": local_day(moment)}
    if changed and rule.any("gone", moment, gone):
        n += int(gone(moment).update_silently(**void))
    if rule.spec.kind == "every" and until and rule.any("ended", moment, ended):
        n += int(ended(moment).update_silently(**void))
    return n


def _edge(found: Any, moment: datetime) -> Any:
    return moment if found.kind == "datetime" else local_day(moment)


def breaking(rule: Rule, moment: datetime) -> Any:
    """The subjects that do not satisfy what must hold."""
    day = local_day(moment)
    good = to_q(parse(rule.spec.holds, rule.spec.entity, rule.company), Env(as_of=day))
    return rule.subjects(day).filter(~good)


def mended(rule: Rule, moment: datetime) -> int:
    """What holds again ends the duty at this moment."""

    def holding(moment: datetime) -> Any:
        broken = breaking(rule, moment).filter(pk=OuterRef("subject_id"))
        return unmet(rule).filter(rule.still(local_day(moment)), opened_at__lte=moment).filter(~Exists(broken))

    if not rule.any("holding", moment, holding):
        return 0
    verdict = Case(When(overdue_at__gte=moment, then=Value(State.MET.value)), default=Value(State.LATE.value))
    return int(holding(moment).update_silently(
        state=verdict, met_at=moment, met_on=local_day(moment), evidence_label=rule.spec.about,
        evidence_id=F("subject_id"),
    ))  # fmt: skip


def notice_absence(company_id: int, moment: datetime, clause_id: int | None = None) -> int:
    """Everything whose time is up and that nobody has done, over all clauses at once."""
    rows: Any = Duty.everything.filter(company_id=company_id, state=State.OPEN, overdue_at__lt=moment)
    rows = rows if clause_id is None else rows.filter(clause_id=clause_id)
    return int(rows.update_silently(state=State.MISSED))
