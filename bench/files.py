"""Takes in 100,000 rows with validation, look-ups, duplicates and audit, against a bare bulk insert; then exports."""

from __future__ import annotations

import csv
import os
import threading
import time
from pathlib import Path
from typing import Any

from bench.cost import pss
from bench.data import World, mix

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
HEADERS = ["编号", "客户名称", "电话", "成立日期", "注册资本", "业务员", "备注", "标签"]


class Watch(threading.Thread):
    """The most memory this process holds while it runs, over what it held at the start."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.start_mb = self.most = pss(os.getpid())
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.2):
            self.most = max(self.most, pss(os.getpid()))

    @property
    def grown(self) -> float:
        self.done.set()
        return self.most - self.start_mb


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from guanxi.org.models import User

    user = _head(User.objects.get(username="bench"))
    start = time.time_ns() // 1000
    world = World(ROWS, user.company_id, [])
    rows = [
        [
            f"B{start + i}",
            world.company_name(start + i)[0],
            world.mobile(mix(start + i)),
            "2020-01-02",
            "1.5万",
            user.name,
            f"备注{i}",
            "制造;重点",
        ]
        for i in range(ROWS)
    ]
    bare = _bare(user, rows)
    path = Path(settings.HOME) / "bench.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    del rows
    rate, grown = _import(user, path)
    print(
        f"| import of {ROWS:,} rows | {rate:,.0f} rows/s | bare bulk insert {bare:,.0f} rows/s | 1/{bare / rate:.1f} (goal: 1/6) | +{grown:.0f} MB (goal: 300) |"
    )
    _export(user)
    path.unlink(missing_ok=True)  # the import may have cleared it away


def _head(colleague: Any) -> Any:
    """Somebody who may take in files: the head of the company."""
    from guanxi.org.models import User
    from guanxi.org.services import open_account, seed_roles

    known = User.objects.filter(username="bench-head").first()
    return known or open_account(
        colleague.company,
        roles=[seed_roles(colleague.company)["owner"]],
        username="bench-head",
        name="沈总",
        department=colleague.department,
    )


def _bare(user: Any, rows: list[list[str]]) -> float:
    """Rows a second of bulk_create in batches of 500 and one transaction, without trail; they are taken back."""
    from django.db import transaction
    from django.db.models import QuerySet

    from guanxi.customers.models import Account

    made = [
        Account(
            company_id=user.company_id, created_by=user, owner=user, department_id=user.department_id, code=f"X{r[0]}", name=r[1],
            phone=r[2], founded_on="2020-01-02", registered_capital=15000, remark=r[6], tags=["制造"],
        )
        for r in rows
    ]  # fmt: skip
    begun = time.perf_counter()
    with transaction.atomic():
        QuerySet(Account).bulk_create(made, batch_size=500)
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    return len(rows) / seconds


def _import(user: Any, path: Path) -> tuple[float, float]:
    from guanxi.exchange.importing import plan as plans
    from guanxi.kernel import jobs

    jobs.work_off()  # what waits from before is not measured
    plan = plans.Plan("customers.account", str(path), "bench.csv")
    plan.suggest(user)
    job = plans.park(plan, user)
    plans.launch(job)
    watch, begun = Watch(), time.perf_counter()
    watch.start()
    jobs.work_off()
    seconds = time.perf_counter() - begun
    job.refresh_from_db()
    if job.state != "done":
        raise SystemExit(f"The import ended {job.state}: {job.message}")
    print(f"Outcome: {job.result}\n\n| what | product | floor | ratio | memory |\n|---|---|---|---|---|")
    return ROWS / seconds, watch.grown


def _export(user: Any) -> None:
    """All customers in the person's scope, both kinds of file."""
    from django.conf import settings

    from guanxi.exchange import gate
    from guanxi.exchange.exporting import FORMATS, listing_of, write
    from guanxi.kernel import work
    from guanxi.kernel.entities import entity

    gate.watch(gate.Gate())  # the speed of writing, not of asking
    leave = gate.Pass()
    for kind in FORMATS:
        path = Path(settings.HOME) / f"bench.{kind}"
        watch, begun = Watch(), time.perf_counter()
        watch.start()
        listing = listing_of(entity("customers.account"), user, "view=all")
        n = work.unit_of_work(lambda: write(listing, path, kind, leave=leave), verb="bench")  # noqa: B023 -- run at once
        print(
            f"| export of {n:,} rows as {kind} | {n / (time.perf_counter() - begun):,.0f} rows/s | | | +{watch.grown:.0f} MB (goal: 300) |"
        )
        path.unlink()


if __name__ == "__main__":
    main()
