"""A run: judges every day since the last one, each by the version then in force; the same run again changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Company
from guanxi.kernel.prepared import answer
from guanxi.rulebook.engine import judging, opening, shares
from guanxi.rulebook.engine.asked import kept
from guanxi.rulebook.engine.facts import Rule
from guanxi.rulebook.engine.steps import announce, take_steps, waiting
from guanxi.rulebook.engine.times import DAY, LOOK_BACK, end_of, local_day
from guanxi.rulebook.models import Clause, ClauseVersion, Duty, DutyRun
from guanxi.rulebook.spec import Missing, SpecError, check
from guanxi.worktime.queries import calendar_of

MANY = 10_000  # duties opened in one go


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
        ).defer("trial")  # the largest column, which no run looks at
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
        kept((*rule.key, "sound"), lambda: check(rule.spec, rule.company))
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
    days = moments(rules, since, moment)
    for end in days:

        def body(end: datetime = end, since: datetime | None = since) -> Counter[str]:
            if run is not None:
                run.fence()
            counted = judge_day(company, rules, Day(end, since, end == days[0], end == moment, bare(company.pk, rules)))
            known = waiting((one.rule for one in rules if one.rule.spec.steps), end)
            for one in rules:
                take_steps(one.rule, end, known)
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
    first = max(begin, last - LOOK_BACK, local_day(since) if since else begin)
    days = [first + DAY * n for n in range((last - first).days)]
    return [*(end_of(day) for day in days if since is None or end_of(day) > since), until]


@dataclass(frozen=True)
class Day:
    """A day to be judged up to a moment; `since` is the run before, of which only the first day of a run knows."""

    moment: datetime
    since: datetime | None
    first: bool
    last: bool
    bare: frozenset[type[Any]] = frozenset()  # tables without a row

    @property
    def later(self) -> bool:
        """Rows are as they were on the first day of this run; one that changes meanwhile is seen by the next."""
        return not self.first


def judge_day(company: Company, rules: list[InForce], day: Day) -> Counter[str]:
    """One day, up to a moment: open, recognise, release, notice.

    What must hold is judged on the last day alone: how a row looked on the days in between nobody has written down.
    """
    there, counted, nobodys = standings(company), Counter[str](), opening.ownerless(company.pk)
    for one in rules:
        states = there[one.rule.clause_id]
        if one.rule.spec.kind == "holds" and day.last and states & judging.UNMET:
            counted["kept"] += judging.mended(one.rule, day.moment)
        if opened := _open(one, day):
            counted["opened"] += opened
            states.add(Duty.State.OPEN)
        if one.rule.spec.who.role and (opened or one.rule.clause_id in nobodys):
            counted["unassigned"] += opening.assign(one.rule)
        _look(one.rule, states, counted, day)
    counted["missed"] += judging.notice_absence(company.pk, day.moment)
    if counted["opened"] >= MANY:
        opening.tell_planner()
    return counted


def standings(company: Company) -> defaultdict[int, set[str]]:
    """In which states a clause has duties at all: where there are none, nothing has to be looked at.

    The first one in the order of the index is looked for: asked whether any exists, PostgreSQL may go through all duties.
    """
    of: Any = Duty.everything.filter(clause_id=OuterRef("pk"))
    of = of.order_by("clause_id", "state", "level").values("level")
    some = {state: Subquery(of.filter(state=state)[:1]) for state in (*judging.UNMET, *judging.KEPT)}
    rows = Clause.everything.filter(company=company).order_by().values_list("pk", *some.values())
    there = {pk: {s for s, level in zip(some, found, strict=True) if level is not None} for pk, *found in rows}
    return defaultdict(set, there)


def bare(company_id: int, rules: Iterable[InForce]) -> frozenset[type[Any]]:
    """The tables the rules speak of that hold no row at all: nobody owes anything there, and they prove nothing.

    A planner knows nothing of such tables and begins at the largest one beside them.  The rulebook's own are left out: a
    run writes into them.
    """
    named = {one.rule.model for one in rules} | {one.rule.by.model for one in rules if one.rule.spec.done is not None}
    models = sorted((one for one in named if one._meta.app_label != "rulebook"), key=lambda one: str(one._meta.label))

    def any_row(pk: int) -> Any:
        return Company.objects.filter(pk=pk).values_list(*(Exists(one._base_manager.order_by()) for one in models))

    found = answer(("rulebook.bare", *models), any_row, (company_id,)) if models else [()]
    return frozenset(one for one, there in zip(models, found[0], strict=True) if not there)


def _open(one: InForce, judged: Day) -> int:
    """The duties that begin on the day of a moment."""
    rule, moment, day = one.rule, judged.moment, local_day(judged.moment)
    match rule.spec.kind:
        case "share":
            return shares.judge_period(rule, day if one.on(day) else None, moment)
        case _ if rule.model in judged.bare:
            return 0
        case "within":
            return opening.open_within(rule, one.first, one.last, moment)
        case "every" if one.on(day):
            return opening.open_every(rule, day)
        case "holds" if judged.last and one.on(day):
            return opening.open_holds(rule, judging.breaking, moment)
    return 0


def _look(rule: Rule, states: set[str], counted: Counter[str], day: Day) -> None:
    """What has become of the duties of a rule: what was done, what is no longer owed."""
    moment, since = day.moment, day.since
    if rule.spec.kind in ("within", "every") and rule.by.model not in day.bare:
        if since is not None and states & judging.KEPT and (doubted := judging.doubt(rule, since, moment)):
            counted["doubted"] += doubted
            states |= judging.UNMET
        if states & judging.UNMET:
            counted["kept"] += judging.fulfil(rule, moment)
    if rule.spec.kind != "share" and Duty.State.OPEN in states:
        counted["released"] += judging.release(rule, moment, changed=not (day.later and rule.timeless))


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
