"""Background work: `@job` functions, enqueued inside the business transaction, leased by workers, retried, scheduled.

A worker claims a row by a conditional UPDATE and proves itself by the attempt number: a worker that lost its lease can
no longer report progress or finish, so an effect guarded by `Run.fence()` happens once.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from guanxi.kernel import clock, context, events
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Job, Schedule

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
BACK_OFF = (5, 30, 120, 600, 3600)


class Cancelled(Exception):
    """The person asked the job to stop."""


class LostLease(Exception):
    """Another worker has taken the job over; whatever this one was doing must not count."""


@dataclass(frozen=True)
class Task:
    """A registered job.  `every` makes it periodic; call `.enqueue(...)` inside a unit of work."""

    name: str
    function: Callable[..., Any]
    every: timedelta | None = None
    at_hour: int | None = None
    attempts: int = 5

    def enqueue(self, *, user: Any = None, company_id: int | None = None, unique: str = "", **args: Any) -> Job:
        """Put the job in line; with `unique`, return the one already waiting or running under that key."""
        company = company_id or (user.company_id if user is not None else None)
        requested_by = user.pk if user is not None else None
        while True:
            try:
                with transaction.atomic():
                    return Job.objects.create(
                        name=self.name, args=args, company_id=company, requested_by_id=requested_by,
                        unique_key=unique or None, language=get_language() or "",
                    )  # fmt: skip
            except IntegrityError:
                twin = Job.objects.filter(unique_key=unique, state__in=["ready", "running"]).first() if unique else None
                if twin is not None:
                    return twin
                if not unique:
                    raise

    def next_after(self, moment: datetime) -> datetime:
        if self.at_hour is None:
            return moment + (self.every or timedelta(days=1))
        from django.utils import timezone

        local = timezone.localtime(moment).replace(hour=self.at_hour, minute=0, second=0, microsecond=0)
        return local if local > moment else local + timedelta(days=1)


@dataclass
class Run:
    """What a running job sees of itself."""

    job: Job
    attempt: int
    lost: threading.Event = field(default_factory=threading.Event)

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, attempt=self.attempt)

    def fence(self) -> None:
        """Call inside the transaction of each effect: raises LostLease if the job is no longer ours."""
        if not self._mine().update(leased_until=clock.now() + LEASE):
            raise LostLease

    def progress(
        self, done: int, total: int | None = None, message: str = "", result: dict[str, Any] | None = None
    ) -> None:
        """Report progress, and what a resumed run must know of it; raises Cancelled if the person asked to stop.

        Called in the unit of work of the effects it reports, each of them happens exactly once, whenever the process dies.
        """
        values: dict[str, Any] = {"done_steps": done, "leased_until": clock.now() + LEASE}
        values |= {"all_steps": total} if total is not None else {}
        values |= {"message": message} if message else {}
        values |= {"result": result} if result is not None else {}
        if not self._mine().update(**values):
            raise LostLease
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


def requester(run: Run) -> Any:
    """The person the job works for; a job nobody asked for cannot act as one."""
    if run.job.requested_by is None:
        raise RuntimeError(f"Job {run.job.name} has no requester.")
    return run.job.requested_by


_tasks: dict[str, Task] = {}


def job(name: str, **options: Any) -> Callable[[Callable[..., Any]], Task]:
    """Register `function(run, **args)`; its JSON result is kept with the job."""

    def register(function: Callable[..., Any]) -> Task:
        _tasks[name] = Task(name, function, **options)
        return _tasks[name]

    return register


def task(name: str) -> Task:
    return _tasks[name]


def claim() -> Run | None:
    """Lease the next due job; None if there is none."""
    now = clock.now()
    due = Q(state="ready", run_at__lte=now) | Q(state="running", leased_until__lt=now)
    for row in Job.objects.filter(due).order_by("run_at")[:5]:
        # Asked again in full: the lease may have been renewed since we looked.
        taken = Job.objects.filter(due, pk=row.pk, attempt=row.attempt, state=row.state).update(
            state=Job.State.RUNNING, attempt=F("attempt") + 1, leased_until=now + LEASE
        )
        if taken:
            row.refresh_from_db()
            return Run(row, row.attempt)
    return None


def execute(run: Run) -> None:
    """Run a claimed job to its end and write down how it went."""
    row, declared = run.job, _tasks.get(run.job.name)
    try:
        if declared is None:
            raise RuntimeError(f"No job is called {row.name}.")
        if row.cancel_asked:
            raise Cancelled
        if run.attempt > declared.attempts:  # each worker that took it died of it
            raise Refused(_("Given up after %(n)d attempts.") % {"n": declared.attempts})
        user = row.requested_by
        with (
            heartbeat(run),
            override(row.language or settings.LANGUAGE_CODE),
            context.acting(channel="job", actor_id=user and user.pk, actor_name=str(user or "")),
        ):
            result = declared.function(run, **row.args)
        _finish(run, Job.State.DONE, result=result or {})
    except LostLease:
        log.warning("Job %s %s was taken over", row.name, row.pk)
    except Cancelled:
        _finish(run, Job.State.CANCELLED)
    except Refused as no:
        _finish(run, Job.State.FAILED, message=str(no))
    except Exception as error:
        log.exception("Job %s %s failed", row.name, row.pk)
        _retry(run, declared, error)


def _retry(run: Run, declared: Task | None, error: Exception) -> None:
    if declared is None or run.attempt >= declared.attempts:
        _finish(
            run,
            Job.State.FAILED,
            message=f"{type(error).__name__}: {error}",
            result={"trace": traceback.format_exc()[-4000:]},
        )
        return
    delay = BACK_OFF[min(run.attempt, len(BACK_OFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter
    run._mine().update(state=Job.State.READY, run_at=clock.now() + timedelta(seconds=delay), message=str(error))


def _finish(run: Run, state: str, *, message: str = "", result: dict[str, Any] | None = None) -> None:
    values: dict[str, Any] = {"state": state, "finished_at": clock.now(), "leased_until": None}
    values |= {"message": message} if message else {}
    values |= {"result": result} if result is not None else {}
    run._mine().update(**values)


@contextmanager
def heartbeat(run: Run) -> Iterator[None]:
    """Keep the lease alive from a side thread while the job works."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(LEASE.total_seconds() / 3):
            try:
                run.fence()
            except LostLease:
                run.lost.set()
                break
            except Exception:
                log.warning("Heartbeat of job %s failed", run.job.pk)
        connection.close()

    # In-memory test databases live in one connection; everything else gets its own.
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def run_schedules() -> None:
    """Enqueue periodic jobs that are due; compare-and-set makes each due time fire once over all workers."""
    now = clock.now()
    for name, declared in _tasks.items():
        if declared.every is None and declared.at_hour is None:
            continue
        row, fresh = Schedule.objects.get_or_create(name=name, defaults={"next_run": declared.next_after(now)})
        if not fresh and row.next_run <= now:
            with transaction.atomic():
                due = Schedule.objects.filter(name=name, next_run=row.next_run)
                if due.update(next_run=declared.next_after(now)):
                    declared.enqueue(unique=f"schedule:{name}")


def work_off(limit: int = 100) -> int:
    """Deliver events and run due jobs until none is left; returns how many jobs ran.  Used by tests and the shell."""
    ran = 0
    for _turn in range(limit):
        events.deliver_pending()
        run = claim()
        if run is None:
            return ran
        execute(run)
        ran += 1
    return ran


def worker(stop: threading.Event, *, pause: float = 0.5) -> None:
    """The worker's loop: events, schedules, one job, rest; ends when `stop` is set."""
    last_schedules = 0.0
    while not stop.is_set():
        try:
            close_old_connections()
            delivered = events.deliver_pending()
            if time.monotonic() - last_schedules > 10:
                run_schedules()
                last_schedules = time.monotonic()
            run = claim()
            if run is not None:
                execute(run)
            elif not delivered:
                stop.wait(pause)
        except Exception:
            log.exception("The worker stumbled")
            stop.wait(5)
