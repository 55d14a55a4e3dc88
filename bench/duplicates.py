"""Duplicate protection: how right it is on a planted base, how fast a base is screened, how fast a look-up answers."""

from __future__ import annotations

import os
import random
import sys
import time
from typing import Any

from bench.files import Watch
from bench.planted import files, truth

PLANTED = int(os.environ.get("BENCH_PLANTED", "100000"))
GOALS = {"blocked": 0.99, "queue": 0.95}


def main() -> None:
    import django

    django.setup()
    print("| what | figure | goal |\n|---|---|---|")
    planted()
    print()
    typed(int(sys.argv[1]))
    print()


def planted() -> None:
    """A company of its own with files of which we know who is who; its rows go again at the end."""
    from guanxi.duplicates.models import Pair
    from guanxi.duplicates.services import screen
    from guanxi.kernel import jobs
    from guanxi.kernel.models import Company

    _forget()
    jobs.work_off()  # what waits from before is not measured
    company = Company.objects.create(code="planted", name="查重测试")
    try:
        made = files(PLANTED)
        ids = _stored(company, made)
        _timed("keys of a file", PLANTED, "files/s", lambda: _fill(company))
        result: dict[str, Any] = {}
        _timed("screening", PLANTED, "files/s", lambda: result.update(_run(screen.screen, company)))
        known = {(ids[a], ids[b]) for a, b in truth(made)} | {(ids[b], ids[a]) for a, b in truth(made)}
        found = list(Pair.objects.filter(company=company).values_list("a", "b", "score"))
        blocked = [(a, b) for a, b, score in found if score == 100]
        right = sum(pair in known for pair in blocked) / max(1, len(blocked))
        hits = [(a, b) for a, b, _score in found if (a, b) in known]
        recall = len(hits) / (len(known) / 2)
        _told("precision of automatic blocking", right, GOALS["blocked"], f"of {len(blocked):,}")
        _told("recall of the queue", recall, GOALS["queue"], f"of {len(known) // 2:,}")
        print(f"| precision of the queue | {len(hits) / max(1, len(found)):.4f} of {len(found):,} | |")
        print(f"| pairs compared | {result['compared']:,}; keys passed over {result['skipped']:,} | |", flush=True)
    finally:
        _forget()


def _told(what: str, value: float, goal: float, more: str) -> None:
    print(f"| {what} | {value:.4f} {more} | ≥ {goal}{'' if value >= goal else ' **missed**'} |", flush=True)


def _timed(what: str, rows: int, unit: str, body: Any) -> None:
    watch, begun = Watch(), time.perf_counter()
    watch.start()
    body()
    rate = rows / (time.perf_counter() - begun)
    print(f"| {what} | {rate:,.0f} {unit}, +{watch.grown:.0f} MB | 300 MB |", flush=True)


def _stored(company: Any, made: list[Any]) -> list[int]:
    """The files as accounts without keys, as an older version would have left them."""
    from guanxi.customers.models import Account
    from guanxi.kernel import work
    from guanxi.kernel.models.pour import insert

    ids = []
    for start in range(0, len(made), 5000):
        rows = [
            Account(company=company, name=one.name, phone=one.phone, credit_code=None, region_code=one.region)
            for one in made[start : start + 5000]
        ]
        for row, one in zip(rows, made[start : start + 5000], strict=True):
            # A code stands once among live files: of one company written twice the later file goes without.
            row.credit_code = "" if one.code in _codes else one.code
            _codes.add(one.code)
        work.unit_of_work(lambda some=rows: insert(some))  # type: ignore[misc]
        ids += [row.pk for row in rows]
    return ids


_codes: set[str] = set()


def _fill(company: Any) -> None:
    from guanxi.duplicates.services.keys import fill_all
    from guanxi.kernel import jobs
    from guanxi.kernel.models import Job

    row = Job.objects.create(name="bench", company=company, state=Job.State.RUNNING, attempt=1)
    fill_all(jobs.Run(row, 1), company_id=company.pk)
    row.delete()


def _run(task: Any, company: Any) -> dict[str, Any]:
    from guanxi.kernel import jobs

    row = task.enqueue(company_id=company.pk)
    jobs.work_off()
    row.refresh_from_db()
    if row.state != "done":
        raise SystemExit(f"The screening ended {row.state}: {row.message}")
    return dict(row.result)


def _forget() -> None:
    """Take the planted company out again, past the trail."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("duplicates_pair", "duplicates_dupkey", "customers_account", "kernel_job"):
            cursor.execute(
                f"DELETE FROM {table} WHERE company_id IN (SELECT id FROM kernel_company WHERE code = 'planted')"
            )
        cursor.execute("DELETE FROM kernel_company WHERE code = 'planted'")


def typed(rounds: int) -> None:
    """The answer while somebody types, against its floor in hand-written SQL."""
    from bench.pages import Asker, Case, Person, measure, served
    from guanxi.duplicates.models import DupKey
    from guanxi.duplicates.services.keys import fill
    from guanxi.kernel import jobs

    begun, before = time.perf_counter(), DupKey.objects.count()
    fill.enqueue()
    jobs.work_off()
    if fresh := DupKey.objects.count() - before:
        print(f"{fresh:,} keys of the whole base in {time.perf_counter() - begun:.0f} s\n")
    person = Person()
    print("| what | p50 ms | p95 ms | floor p50 ms | p50 to floor | p95 to p50 |\n|---|---|---|---|---|---|")
    with served() as (port, _server):
        asker = Asker(port, person.session)
        for name, make in (("a name", _name(person)), ("a phone", _phone(person)), ("nobody", _nobody(person))):
            case = Case(f"check while typing: {name}", "look", 3, make, fragment=True)
            print(measure(case, asker, person.scope, rounds), flush=True)


def _asked(person: Any, form: dict[str, str]) -> tuple[str, dict[str, str], dict[str, Any]]:
    from guanxi.duplicates.kinds import kind_of
    from guanxi.duplicates.likeness import keys

    kind = kind_of("customers.account")
    assert kind is not None
    found = keys(kind.of_values({"kind": "company", **form}), person.user.company_id)
    return "/duplicates/look/customers/", {"kind": "company", **form}, {"keys": list(found)}


def _name(person: Any) -> Any:
    def make(dice: random.Random) -> Any:
        row = person.rows.get(pk=dice.choice(person.ids))
        return _asked(person, {"name": row.name.replace("有限公司", "公司")})

    return make


def _phone(person: Any) -> Any:
    def make(dice: random.Random) -> Any:
        row = person.rows.get(pk=dice.choice(person.ids))
        return _asked(person, {"name": "", "phone": row.phone})

    return make


def _nobody(person: Any) -> Any:
    return lambda dice: _asked(
        person, {"name": f"{dice.choice('魑魅魍魉饕餮')}{dice.choice('甪龘靐齉')}重型机械有限公司"}
    )


if __name__ == "__main__":
    main()
