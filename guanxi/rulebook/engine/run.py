"""A run: judges every day since the last one, each by the version then in force; the same run again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Company
from guanxi.rulebook.engine import judging, opening, shares
from guanxi.rulebook.engine.facts import Rule
from guanxi.rulebook.engine.steps import announce, take_steps
from guanxi.rulebook.engine.times import DAY, end_of, local_day
from guanxi.rulebook.models import Clause, ClauseVersion, Duty, DutyRun
from guanxi.rulebook.spec import Missing, SpecError, check
from guanxi.worktime.queries import calendar_of

MOST_DAYS = 400  # a run looks back no further; whatever lies before was not judged at its time


@dataclass(frozen=True)
class InForce:
    """A version with the last day it holds, None while it still does."""

    rule: Rule
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def in_force(company: Company, versions: Iterable[ClauseVersion] | None = None) -> list[InForce]:
    """Every published version that can be carried out, with its days; clauses that cannot say what they wait for."""
    if versions is None:
        versions = ClauseVersion.objects.filter(
            company=company, state=ClauseVersion.State.PUBLISHED, clause__is_active=True, clause__deleted_at=None
        )
    rows = sorted(versions, key=lambda v: (v.clause_id, v.effective_on, v.number))
    calendar, found = calendar_of(company.pk), []
    for mine, following in zip_longest(rows, rows[1:]):
        last = following.effective_on - DAY if following is not None and following.clause_id == mine.clause_id else None
        rule = Rule(mine, company, calendar)
        if rule.spec.kind != "guard" and not waits_for(rule):
            found.append(InForce(rule, mine.effective_on, last))
    return found


def waits_for(rule: Rule) -> str:
    """What must exist before the rule can be carried out; "" if nothing."""
    try:
        check(rule.spec, rule.company)
    except Missing as missing:
        return str(missing)
    except SpecError as error:
        return str(error)
    return ""


def judge(company: Company, as_of: datetime | None = None, *, run: jobs.Run | None = None) -> dict[str, int]:
    """Judge every day from the last run to `as_of`; returns how many duties were opened, kept, released, missed."""
    moment = as_of or clock.now()
    state, _new = DutyRun.objects.get_or_create(company=company)
    rules, total = in_force(company), Counter[str]()
    since = state.judged_until
    for end in moments(rules, since, moment):

        def body(end: datetime = end, since: datetime | None = since) -> Counter[str]:
            if run is not None:
                run.fence()
            counted = judge_day(company, rules, end, since, last=end == moment)
            for one in rules:
                take_steps(one.rule, end)
            values = {"judged_until": end, "figures": dict(counted)}
            if end == moment:
                announce(company.pk, state.announced_until or moment - DAY, moment)
                values["announced_until"] = moment
            DutyRun.objects.filter(pk=company.pk).update(**values)
            return counted

        total += work.unit_of_work(body, verb="rulebook.judge")
        since = None  # what was changed since the last run has been looked at again on the first of these days
        if run is not None:
            run.progress(total["opened"])
    return dict(total)


def moments(rules: list[InForce], since: datetime | None, until: datetime) -> list[datetime]:
    """The ends of the days still to be judged, and at last the moment itself."""
    last = local_day(until)
    begin = min((one.first for one in rules), default=last)
    first = max(begin, last - timedelta(days=MOST_DAYS), local_day(since) if since else begin)
    days = [first + DAY * n for n in range((last - first).days)]
    return [*(end_of(day) for day in days if since is None or end_of(day) > since), until]


def judge_day(
    company: Company, rules: list[InForce], moment: datetime, since: datetime | None, *, last: bool
) -> Counter[str]:
    """One day, up to a moment: open, recognise, release, notice.

    What must hold is judged on the last day alone: how a row looked on the days in between nobody has written down.
    """
    day, counted = local_day(moment), Counter[str]()
    for one in rules:
        rule = one.rule
        kind = rule.spec.kind
        if kind == "within":
            counted["opened"] += opening.open_within(rule, one.first, one.last, moment)
        elif kind == "every" and one.on(day):
            counted["opened"] += opening.open_every(rule, day)
        elif kind == "holds" and last:
            counted["kept"] += judging.mended(rule, moment)
            if one.on(day):
                counted["opened"] += opening.open_holds(rule, judging.breaking(rule, moment), day, moment)
        elif kind == "share":
            counted["opened"] += shares.judge_period(rule, day if one.on(day) else None, moment)
        if rule.spec.who.role:
            counted["unassigned"] += opening.assign(rule)
        if kind in ("within", "every"):
            if since is not None:
                counted["doubted"] += judging.doubt(rule, since, moment)
            counted["kept"] += judging.fulfil(rule, moment)
        if kind != "share":
            counted["released"] += judging.release(rule, moment)
    counted["missed"] += judging.notice_absence(company.pk, moment)
    return counted


def replay(company: Company, as_of: datetime | None = None) -> dict[str, int]:
    """Forget the duties that follow from dated facts and judge from the first day on: the facts must lead to the same.

    Waived ones stay, and those of what must hold: they were observed, and no fact tells of it any more.
    """
    moment = as_of or clock.now()

    def body() -> None:
        everything: Any = Duty.everything
        rows = everything.filter(company=company).exclude(state=Duty.State.WAIVED)
        rows.exclude(clause__kind=Clause.Kind.HOLDS).delete()
        DutyRun.objects.update_or_create(company=company, defaults={"judged_until": None, "announced_until": moment})

    work.unit_of_work(body, verb="rulebook.replay")
    return judge(company, moment)


@jobs.job("rulebook.judge", every=timedelta(minutes=15))
def judge_daily(run: jobs.Run, of: int = 0, as_of: str = "") -> dict[str, int]:
    """Every quarter of an hour for all companies: due moments lie within the day, too."""
    moment = datetime.fromisoformat(as_of) if as_of else None
    total: Counter[str] = Counter()
    for company in Company.objects.filter(pk=of) if of else Company.objects.order_by("pk"):
        total += Counter(judge(company, moment, run=run))
    return dict(total)
