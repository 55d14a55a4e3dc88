"""What the clock asks for: noting late registrations after the hour, re-verification days, monthly verification tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.customers.queries.classes import as_published, policy_scheme
from guanxi.filing.models import FileTask, Recheck, Registration
from guanxi.filing.queries.rules import holders, rules_of
from guanxi.filing.services.join import forget_attempts
from guanxi.filing.services.waiting import put_right, spare
from guanxi.kernel import clock, events, jobs, work
from guanxi.kernel.addresses import list_url
from guanxi.kernel.models import Company
from guanxi.kernel.models.pour import insert
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.worktime.queries import calendar_of

BATCH = 1000
E_COMMERCE, DIRECT = "e-commerce", "direct-sales"


@jobs.job("filing.late", every=timedelta(minutes=10))
def note_late(run: jobs.Run) -> dict[str, int]:
    """Registrations whose hour has passed are noted once, and accountant and store manager are told (QUAL-01).

    Those that wait for another branch's yes have no hour; what the rulebook has asked about them meanwhile is waived,
    and owed again once there is an answer.
    """
    work.unit_of_work(spare)
    work.unit_of_work(put_right)
    overdue = Registration.objects.filter(state=Registration.State.OPEN, due_at__lt=clock.now(), late_at=None)
    groups = set(overdue.order_by().values_list("company_id", "department_id"))
    noted = sum(work.unit_of_work(partial(_note_branch, run, *group)) for group in groups)
    return {"late": noted, "forgotten": forget_attempts()}


def _note_branch(run: jobs.Run, company_id: int, department_id: int | None) -> int:
    run.fence()
    rows = Registration.objects.select_for_update().filter(
        company_id=company_id,
        department_id=department_id,
        state=Registration.State.OPEN,
        due_at__lt=clock.now(),
        late_at=None,
    )
    late = list(rows)
    for row in late:
        row.late_at = clock.now()
        row.save(update_fields=["late_at"])
    if late:
        text = _("%(n)d registrations were not filed in time: %(names)s")
        names = "、".join(str(row) for row in late[:5])
        told = responsible(company_id, department_id)
        tell(
            told,
            text % {"n": len(late), "names": names},
            url=f"{list_url('registrations')}?view=late",
            icon="alert-triangle",
        )
    return len(late)


def responsible(company_id: int, department_id: int | None) -> list[User]:
    """Who answers for a branch's files: its accountants, its store managers, and the head of the department."""
    found: list[User] = []
    if department_id is not None:
        for role in ("branch-accountant", "store-manager"):
            found += holders(company_id, role, department_id)
        found += User.objects.filter(heads=department_id, is_active=True)
    return list(dict.fromkeys(found)) or list(holders(company_id, "relations-specialist"))


# -- re-verification by class (INFO-14)


def intervals(company_id: int) -> dict[str, int]:
    """Days between two verifications by grade, as published; "" for files without one."""
    usual = rules_of(company_id).recheck_days
    found = {"": usual, **dict.fromkeys("ABCD", usual)}
    scheme = policy_scheme(company_id)
    if scheme is None:
        return found
    published = as_published(scheme)
    return found | {
        published.grade_of(each["code"]): int(each["recheck_days"])
        for each in published.classes
        if str(each.get("recheck_days", "")).isdigit() and int(each["recheck_days"])
    }


def plan_rechecks(accounts: Iterable[tuple[int, str, date | None, Any, date | None]], company_id: int) -> int:
    """Write the day of the next verification of (id, grade, confirmed, created, retired) rows where it differs."""
    days, wanted = intervals(company_id), {}
    for pk, grade, confirmed_on, created_at, retired_on in accounts:
        since = confirmed_on or timezone.localtime(created_at).date()
        wanted[pk] = None if retired_on else since + timedelta(days=days[grade or ""])
    known = dict(Recheck.objects.filter(pk__in=wanted).values_list("pk", "next_check_on"))
    insert(
        [
            Recheck(account_id=pk, company_id=company_id, next_check_on=day)
            for pk, day in wanted.items()
            if pk not in known
        ]
    )
    moved = [
        Recheck(account_id=pk, next_check_on=day) for pk, day in wanted.items() if pk in known and known[pk] != day
    ]
    Recheck.objects.bulk_update(moved, ["next_check_on"], batch_size=200)
    return len(wanted.keys() - known.keys()) + len(moved)


FIELDS = ("pk", "grade", "confirmed_on", "created_at", "retired_on")


@jobs.job("filing.rechecks", at_hour=3)
def rechecks(run: jobs.Run) -> dict[str, int]:
    """The next verification of every file, company by company; resumes where it stopped."""
    kept = run.job.result or {}
    moved, done, last = int(kept.get("moved", 0)), int(kept.get("done", 0)), int(kept.get("last", 0))
    while rows := list(Account.objects.filter(pk__gt=last).order_by("pk").values_list(*FIELDS, "company_id")[:BATCH]):
        last, done = rows[-1][0], done + len(rows)

        def batch(some: list[Any] = rows, moved: int = moved, done: int = done, last: int = last) -> int:
            for company_id in {row[-1] for row in some}:
                moved += plan_rechecks([row[:-1] for row in some if row[-1] == company_id], company_id)
            run.progress(done, result={"moved": moved, "done": done, "last": last})
            return moved

        moved = work.unit_of_work(batch)
    return {"moved": moved, "done": done}


@events.listen("customers.account.confirm_file", "customers.account.retire", "customers.account.revive")
def recheck_one(event: events.Event) -> None:
    rows = Account.objects.filter(pk=event.payload["id"], company_id=event.company_id).values_list(*FIELDS)
    plan_rechecks(list(rows), event.company_id or 0)


@events.listen("customers.classscheme.changed", "filing.filingrules.changed", "filing.filingrules.created")
def recheck_all(event: events.Event) -> None:
    """Other intervals: all days are reckoned anew."""
    rechecks.enqueue(company_id=event.company_id, unique=f"rechecks:{event.company_id}")


# -- monthly verification (QUAL-05, QUAL-06)


@jobs.job("filing.month", at_hour=6)
def monthly_tasks(run: jobs.Run) -> dict[str, int]:
    """From the first working day of a month on, once: incomplete e-commerce files to the call centre, due return visits."""
    made = 0
    today = clock.today()
    for company in Company.objects.order_by("pk"):
        if today < calendar_of(company.pk, company.config_version).add_workdays(today.replace(day=1), 0):
            continue
        made += work.unit_of_work(partial(_month_of, run, company.pk, today))
    return {"tasks": made}


def _month_of(run: jobs.Run, company_id: int, today: date) -> int:
    run.fence()
    company = Company.objects.select_for_update().get(pk=company_id)
    month = f"{today:%Y-%m}"
    if company.settings.get("filing_month") == month:
        return 0
    company.settings = {**company.settings, "filing_month": month}
    company.save(update_fields=["settings"])
    rules = rules_of(company_id)
    due = calendar_of(company_id).add_workdays(today, rules.task_days)
    live = Account.objects.filter(company_id=company_id, retired_on=None)
    thin = live.filter(channel__code=E_COMMERCE, completeness__lt=rules.complete_from)
    callers = list(holders(company_id, "call-centre"))
    made = _give(thin, FileTask.Kind.E_COMMERCE, due, callers) if callers else 0
    visits = live.filter(Q(recheck__next_check_on__lte=due), channel__code=DIRECT, owner__is_active=True)
    return made + _give(visits, FileTask.Kind.RETURN_VISIT, due, None)


def _give(accounts: Any, kind: str, due: date, people: list[User] | None) -> int:
    """A task for each account that has no open one of the kind: to the people in turn, or to the account's owner."""
    busy = FileTask.objects.filter(kind=kind, state=FileTask.State.OPEN).values("account")
    turn = cycle(people or [None])
    tasks: list[FileTask] = []
    for account in accounts.exclude(pk__in=busy).select_related("owner").order_by("pk").iterator(BATCH):
        person = next(turn) or account.owner
        tasks.append(
            FileTask(
                company_id=account.company_id,
                account=account,
                kind=kind,
                due_on=due,
                owner=person,
                department_id=person.department_id if person else account.department_id,
            )
        )
    for start in range(0, len(tasks), BATCH):
        FileTask.objects.bulk_create(tasks[start : start + BATCH])
    shares: dict[User, int] = {}
    for task in tasks:
        if task.owner is not None:
            shares[task.owner] = shares.get(task.owner, 0) + 1
    for person, n in shares.items():
        url = f"{list_url('file-tasks')}?view=mine"
        tell(
            [person],
            _("%(n)d files to verify until %(day)s") % {"n": n, "day": due.isoformat()},
            url=url,
            icon="phone-call",
        )
    return len(tasks)
