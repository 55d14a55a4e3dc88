"""Jobs and events: leases, retries, schedules, a killed worker, at-least-once delivery."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from guanxi.kernel import clock, events, jobs, work
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company, Counter, Job, OutboxEvent, Schedule

NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def registries(monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "_tasks", {})
    monkeypatch.setattr(events, "_listeners", events.defaultdict(dict))
    monkeypatch.setattr(events, "_declared", {"test.happened"})


def at(moment: datetime) -> Any:
    return clock.shifted(moment)


@pytest.mark.django_db
def test_a_job_fails_and_comes_back_later_until_its_attempts_are_used_up() -> None:
    @jobs.job("flaky", attempts=3)
    def flaky(run: jobs.Run) -> None:
        raise ValueError(f"attempt {run.attempt}")

    moment, waits = NOW, []
    with at(moment):
        row = flaky.enqueue()
    for _turn in range(3):
        with at(moment):
            assert jobs.work_off() == 1
            assert jobs.work_off() == 0
        row.refresh_from_db()
        waits.append((row.run_at - moment).total_seconds())
        moment = row.run_at
    assert (row.state, row.attempt, row.message) == ("failed", 3, "ValueError: attempt 3")
    assert 4 <= waits[0] <= 6
    assert 24 <= waits[1] <= 36


@pytest.mark.django_db
def test_a_refusal_is_final_and_a_wish_to_stop_is_heard() -> None:
    @jobs.job("refused")
    def refused(run: jobs.Run) -> None:
        raise Refused("not like this")

    @jobs.job("long")
    def long(run: jobs.Run) -> None:
        Job.objects.filter(pk=run.job.pk).update(cancel_asked=True)
        run.progress(1, 10)

    rows = [refused.enqueue(), long.enqueue(), long.enqueue()]
    Job.objects.filter(pk=rows[2].pk).update(cancel_asked=True)
    jobs.work_off()
    for row in rows:
        row.refresh_from_db()
    assert [(r.state, r.done_steps) for r in rows] == [("failed", 0), ("cancelled", 1), ("cancelled", 0)]


@pytest.mark.django_db
def test_one_job_waits_or_runs_per_key() -> None:
    @jobs.job("unique")
    def unique(run: jobs.Run) -> None:
        assert unique.enqueue(unique="k").pk == run.job.pk

    first = unique.enqueue(unique="k")
    assert unique.enqueue(unique="k").pk == first.pk
    jobs.work_off()
    assert unique.enqueue(unique="k").pk != first.pk


@pytest.mark.django_db
def test_a_lost_lease_is_taken_over_and_the_loser_cannot_finish() -> None:
    @jobs.job("slow")
    def slow(run: jobs.Run) -> None:
        return None

    with at(NOW):
        row = slow.enqueue()
        first = jobs.claim()
        assert jobs.claim() is None
    with at(NOW + timedelta(seconds=59)):
        assert jobs.claim() is None
    with at(NOW + timedelta(seconds=61)):
        second = jobs.claim()
        assert first is not None and second is not None
        assert (first.attempt, second.attempt) == (1, 2)
        with pytest.raises(jobs.LostLease):
            first.fence()
        with pytest.raises(jobs.LostLease):
            first.progress(1)
        jobs._finish(first, "failed")
        second.fence()
        jobs.execute(second)
    row.refresh_from_db()
    assert row.state == "done"


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_given_up() -> None:
    @jobs.job("deadly", attempts=2)
    def deadly(run: jobs.Run) -> None:
        raise AssertionError("must not run a third time")

    with at(NOW):
        row = deadly.enqueue()
    for turn in range(3):
        with at(NOW + timedelta(minutes=5 * turn)):
            run = jobs.claim()
    assert run is not None
    jobs.execute(run)
    row.refresh_from_db()
    assert row.state == "failed"


@pytest.mark.django_db
def test_a_schedule_fires_once_over_a_missed_night_and_then_at_its_hour() -> None:
    fired: list[datetime] = []

    @jobs.job("nightly", at_hour=2)
    def nightly(run: jobs.Run) -> None:
        fired.append(clock.now())

    for moment in (NOW, NOW + timedelta(days=3), NOW + timedelta(days=3, minutes=1)):
        with at(moment):
            jobs.run_schedules()
            jobs.run_schedules()
            jobs.work_off()
    assert fired == [NOW + timedelta(days=3)]
    assert Schedule.objects.get(name="nightly").next_run == datetime(2026, 7, 3, 18, tzinfo=UTC)


def publish(**payload: Any) -> None:
    work.unit_of_work(lambda: events.publish("test.happened", None, **payload))


@pytest.mark.django_db
def test_a_failing_listener_holds_up_only_itself_and_is_asked_again_later(monkeypatch: Any) -> None:
    monkeypatch.setattr(work, "inject_fault", None)  # this test counts attempts
    heard: list[str] = []

    @events.listen("test.happened")
    def broken(event: events.Event) -> None:
        heard.append("broken")
        work.after_commit(lambda: heard.append("never"))
        if len(heard) < 3:
            raise ValueError("down")

    @events.listen("test.happened")
    def sound(event: events.Event) -> None:
        heard.append(f"sound {event.payload['n']}")

    with at(NOW):
        publish(n=1)
        assert events.deliver_pending() == 0
        assert heard == ["broken", "sound 1"]
        assert events.deliver_pending() == 0
    with at(NOW + timedelta(seconds=6)):
        assert events.deliver_pending() == 1
        assert events.deliver_pending() == 0
    assert heard == ["broken", "sound 1", "broken", "never"]
    assert OutboxEvent.objects.get().delivered_at == NOW + timedelta(seconds=6)


@pytest.mark.django_db
def test_an_event_is_gone_with_its_unit_and_unknown_names_are_found() -> None:
    events.listen("test.happened", "test.unheard-of")(lambda _event: None)
    with pytest.raises(Refused):
        work.unit_of_work(lambda: (events.publish("test.happened", None), (_ for _ in ()).throw(Refused("no"))))
    assert not OutboxEvent.objects.exists()
    assert events.unknown_names() == {"test.unheard-of"}
    with pytest.raises(RuntimeError):
        work.unit_of_work(lambda: events.publish("test.misspelt", None))


WORKER = """
import django, os, time
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_DB"]
from guanxi.kernel.tests.test_jobs_and_events import stepwise_job
from guanxi.kernel import jobs
stepwise_job(pause=float(os.environ["PAUSE"]))
while True:
    run = jobs.claim()
    if run is None:
        break
    jobs.execute(run)
"""


def stepwise_job(pause: float = 0) -> jobs.Task:
    """Ten steps, each with one effect and its progress in one unit of work."""

    @jobs.job("stepwise")
    def stepwise(run: jobs.Run, company: int) -> None:
        for step in range(run.job.done_steps, 10):

            def body(number: int = step) -> None:
                run.fence()
                Counter.objects.create(company_id=company, series=f"step {number}-{run.attempt}")
                run.progress(number + 1, 10)

            work.unit_of_work(body)
            time.sleep(pause)

    return stepwise


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_each_effect_exactly_once() -> None:
    company = Company.objects.create(code="kill", name="k")
    row = stepwise_job().enqueue(company=company.pk)
    env = {**os.environ, "TEST_DB": str(connection.settings_dict["NAME"]), "PAUSE": "0.1", "GUANXI_CHAOS": ""}
    env["DJANGO_SETTINGS_MODULE"] = "guanxi.project.settings_test"
    process = subprocess.Popen([sys.executable, "-c", WORKER], env=env)
    deadline = time.monotonic() + 40
    while Counter.objects.count() < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert 3 <= Counter.objects.count() < 10
    assert jobs.claim() is None
    Job.objects.filter(pk=row.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    assert jobs.work_off() == 1
    steps = sorted(int(name.split()[1].split("-")[0]) for name in Counter.objects.values_list("series", flat=True))
    assert steps == list(range(10))
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("done", 2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_workers_take_each_job_and_each_event_once() -> None:
    taken: list[int] = []

    @jobs.job("shared")
    def shared(run: jobs.Run) -> None:
        taken.append(run.job.pk)

    @events.listen("test.happened")
    def count(event: events.Event) -> None:
        work.after_commit(lambda: taken.append(-event.payload["n"]))

    rows = [shared.enqueue().pk for _n in range(8)]
    for n in range(1, 9):
        publish(n=n)

    def run() -> None:
        try:
            jobs.work_off()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    jobs.work_off()
    assert sorted(taken) == sorted([*rows, *range(-8, 0)])
