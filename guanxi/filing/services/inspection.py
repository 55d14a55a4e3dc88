"""Drawing and checking batches of files (QUAL-08, QUAL-12): once a period, resumable, each branch for itself."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import partial
from typing import Any, cast

from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.filing.models import Defect, Finding, InspectedFile, Inspection, InspectionPlan
from guanxi.filing.queries.checks import Checker, Fault
from guanxi.filing.queries.responsible import Court, people
from guanxi.filing.queries.rules import holders
from guanxi.filing.services.duties import responsible
from guanxi.filing.services.incentives import after_inspection, untrue
from guanxi.formats.dates import monday
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.models import Company
from guanxi.kernel.numbering import next_number
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.worktime.queries import calendar_of

BATCH = 500
Faults = dict[int, list[Fault]]
Files = dict[int, tuple[Account, Inspection]]
State = Inspection.State


def period_of(plan: InspectionPlan, today: date) -> tuple[date, date] | None:
    """The last whole week or month, from the first working day after it on; None before that day."""
    if plan.period == InspectionPlan.Period.WEEKLY:
        begin = monday(today)
        first = begin - timedelta(days=7)
    else:
        begin = today.replace(day=1)
        first = (begin - timedelta(days=1)).replace(day=1)
    return (first, begin - timedelta(days=1)) if today >= calendar_of(plan.company_id).add_workdays(begin, 0) else None


@jobs.job("filing.rounds", at_hour=5)
def rounds(run: jobs.Run) -> dict[str, int]:
    """Draw what is due, of every company and plan; what was drawn and not finished is taken up again."""
    drawn = 0
    for plan in InspectionPlan.objects.filter(is_active=True).order_by("company_id", "pk"):
        period = period_of(plan, clock.today())
        if period is not None:
            drawn += work.unit_of_work(partial(_draw, run, plan, period))
    return {"drawn": drawn}


def _draw(run: jobs.Run, plan: InspectionPlan, period: tuple[date, date]) -> int:
    """The batches of a plan for a period, one a branch; drawn once, however often it is asked."""
    run.fence()
    Company.objects.select_for_update().get(pk=plan.company_id)
    first, last = period
    present = cast(Any, Inspection.everything).filter(plan=plan, first=first)
    made = 0
    if not present.exists():
        made = _batches(plan, first, last)
    if present.filter(state=State.RUNNING).exists():
        inspect.enqueue(
            company_id=plan.company_id, unique=f"inspect:{plan.pk}:{first}", plan=plan.pk, first=first.isoformat()
        )
    return made


def _batches(plan: InspectionPlan, first: date, last: date) -> int:
    files = Account.objects.filter(company_id=plan.company_id, retired_on=None)
    if plan.files == InspectionPlan.Files.NEW:
        files = files.filter(created_at__gte=start_of(first), created_at__lt=start_of(last + timedelta(days=1)))
    inspectors = list(holders(plan.company_id, "operations-specialist"))
    departments = sorted(
        set(files.order_by().values_list("department_id", flat=True).distinct()), key=lambda pk: pk or 0
    )
    for n, department_id in enumerate(departments):
        inspector = inspectors[n % len(inspectors)] if inspectors else None
        batch = Inspection(
            company_id=plan.company_id, plan=plan, first=first, last=last, owner=inspector, department_id=department_id,
            number=next_number(plan.company_id, "JC"),
        )  # fmt: skip
        batch.save()
        if plan.files == InspectionPlan.Files.NEW:
            _sample(
                batch, plan, list(files.filter(department_id=department_id).order_by("pk").values_list("pk", flat=True))
            )
    return len(departments)


def _sample(batch: Inspection, plan: InspectionPlan, ids: list[int]) -> None:
    """All files of the branch, or a share of them chosen by the batch's own number, in the order of their making."""
    wanted = -(-len(ids) * plan.share // 100)
    chosen = sorted(random.Random(batch.pk).sample(ids, wanted))  # noqa: S311 -- a sample, not a secret
    court = Court(batch.company_id)
    accountant = court.accountant(batch.department_id)
    InspectedFile.objects.bulk_create(
        InspectedFile(inspection=batch, account_id=pk, accountant_id=accountant) for pk in chosen
    )
    batch.files = len(ids)
    batch.save(update_fields=["files"])


@jobs.job("filing.inspect")
def inspect(run: jobs.Run, plan: int, first: str) -> dict[str, Any]:
    """Check the files of the drawn batches, then close the batches; a killed run goes on where it stopped."""
    row = InspectionPlan.everything.get(pk=plan)
    batches = {
        batch.department_id: batch for batch in Inspection.objects.filter(plan=row, first=first, state=State.RUNNING)
    }
    if not batches:
        return {}
    some = next(iter(batches.values()))
    checker = Checker(row.company_id, row.checks, some.first, some.last)
    (_check_drawn if row.files == InspectionPlan.Files.NEW else _check_all)(run, row, batches, checker)
    for batch in batches.values():
        work.unit_of_work(partial(_close, run, batch.pk))
    return {"findings": Finding.objects.filter(inspection__in=list(batches.values())).count()}


def _check_drawn(run: jobs.Run, plan: InspectionPlan, batches: dict[int | None, Inspection], checker: Checker) -> None:
    waiting = InspectedFile.objects.filter(inspection__in=list(batches.values()), conforming=None).order_by("pk")
    while drawn := list(waiting.select_related("account")[:BATCH]):
        faults = checker.check(one.account for one in drawn)  # reads for seconds: nobody waits for it to write

        def batch(drawn: list[InspectedFile] = drawn, faults: Faults = faults) -> None:
            run.fence()
            by_batch = {one.pk: one for one in batches.values()}
            keep(plan.fix_days, faults, {one.account_id: (one.account, by_batch[one.inspection_id]) for one in drawn})
            for one in drawn:
                one.conforming = one.account_id not in faults
            InspectedFile.objects.bulk_update(drawn, ["conforming"])

        work.unit_of_work(batch)


def _check_all(run: jobs.Run, plan: InspectionPlan, batches: dict[int | None, Inspection], checker: Checker) -> None:
    """Walk the whole base; what is counted so far is kept with the job in the same unit as the findings."""
    kept = run.job.result or {}
    last, done = int(kept.get("last", 0)), int(kept.get("done", 0))
    files = Account.objects.filter(company_id=plan.company_id, retired_on=None).order_by("pk")
    while rows := list(files.filter(pk__gt=last)[:BATCH]):
        last, done = rows[-1].pk, done + len(rows)
        mine = {row.pk: (row, batches[row.department_id]) for row in rows if row.department_id in batches}
        faults = checker.check(account for account, _batch in mine.values())

        def batch(mine: Files = mine, faults: Faults = faults, last: int = last, done: int = done) -> None:
            keep(plan.fix_days, faults, mine)
            counted: dict[int, Counter[str]] = defaultdict(Counter)
            for pk, (_account, one) in mine.items():
                counted[one.pk].update(files=1, inspected=1, defective=int(pk in faults))
            for pk, numbers in counted.items():
                fresh = Inspection.objects.get(pk=pk)
                fresh.files, fresh.inspected = fresh.files + numbers["files"], fresh.inspected + numbers["inspected"]
                fresh.defective += numbers["defective"]
                Inspection.objects.filter(pk=pk).update_silently(
                    files=fresh.files, inspected=fresh.inspected, defective=fresh.defective
                )
            run.progress(done, result={"last": last, "done": done})

        work.unit_of_work(batch)


def keep(fix_days: int, faults: Faults, files: Files) -> list[Finding]:
    """Write findings with the person responsible; a defect that is known and not closed is not written again."""
    open_ = Finding.objects.filter(account__in=list(faults)).exclude(state=Finding.State.CLOSED)
    known = set(open_.values_list("account_id", "kind", "field"))
    company_id = next(iter(files.values()))[0].company_id if files else 0
    due = calendar_of(company_id).add_workdays(clock.today(), fix_days)
    court = Court(company_id)
    court.hear(faults)
    judged = [
        (files[pk], fault, court.judge(files[pk][0], fault))
        for pk, some in faults.items()
        for fault in some
        if (pk, fault.kind, fault.field) not in known
    ]
    who = people(blame.person_id for _file, _fault, blame in judged)
    made = []
    for (account, batch), fault, blame in judged:
        person = who.get(blame.person_id or 0)
        made.append(
            Finding(
                company_id=company_id,
                inspection=batch,
                account=account,
                kind=fault.kind,
                field=fault.field,
                text=fault.text[:300],
                other_id=fault.other,
                order_id=fault.order,
                origin=blame.origin,
                owner=person,
                due_on=due,
                department_id=account.department_id or (person.department_id if person else None),
            )
        )
    Finding.objects.bulk_create(made)
    for finding in made:
        if finding.kind == Defect.FICTITIOUS:
            untrue(finding)
    return made


def _close(run: jobs.Run, pk: int) -> None:
    """The batch is whole: count it, send it back to the branch, draw the consequences; all once."""
    run.fence()
    batch = Inspection.objects.select_for_update(of=("self",)).select_related("plan").get(pk=pk)
    if batch.state == State.DONE:
        return
    if batch.plan.files == InspectionPlan.Files.NEW:
        drawn = list(batch.drawn.values_list("conforming", flat=True))
        batch.inspected, batch.defective = len(drawn), sum(not one for one in drawn)
    batch.state, batch.done_on = State.DONE, clock.today()
    batch.save(update_fields=["state", "done_on", "inspected", "defective"])
    send_back(batch)
    after_inspection(batch)


def send_back(batch: Inspection) -> None:
    """Tell everybody responsible how many of their files came back, and the branch the whole list."""
    findings = Finding.objects.filter(inspection=batch, state=Finding.State.OPEN).select_related("owner__company")
    shares: Counter[User] = Counter(finding.owner for finding in findings if finding.owner is not None)
    mine = f"{list_url('findings')}?view=mine"
    for person, n in shares.items():
        text = _("Inspection %(number)s: %(n)d findings to mend") % {"number": batch.number, "n": n}
        tell([person], text, url=mine, icon="clipboard-x")
    total = sum(shares.values())
    if total:
        text = _("Inspection %(number)s sent %(n)d findings back to %(branch)s")
        words = text % {"number": batch.number, "n": total, "branch": batch.department or _("the department")}
        told = [person for person in responsible(batch.company_id, batch.department_id) if person not in shares]
        tell(told, words, url=record_url("inspections", batch.pk), icon="clipboard-x")
