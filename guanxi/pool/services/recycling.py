"""Every night: who is due to go back into a pool, telling the owners in time, and taking those nobody has worked with.

All three steps look at what stands in the database, so a run that was killed is simply run again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.addresses import list_url
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.pool.models import Cause, Glance, Quota, RecycleRule, Stay, Watch
from guanxi.pool.queries import Due, default_pool, due_days, recyclable, rules_of
from guanxi.pool.services.moves import held_back, put_back
from guanxi.pool.services.settle import new_stay

BATCH = 500
HORIZON = 60  # days that the expected recycling looks ahead
KEPT = 30  # days that yesterday's counters are kept


@jobs.job("pool.recycle", at_hour=1)
def recycle(run: jobs.Run, as_of: str = "", of: int = 0) -> dict[str, int]:
    """The nightly run over all companies, or over one; `as_of` is a day in the past or future to run it for."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    total: Counter[str] = Counter()
    for company in Company.objects.filter(pk=of) if of else Company.objects.order_by("pk"):
        total["gathered"] += gather(company.pk, run)
        total["expected"] += foresee(company.pk, day, run)
        total["warned"] += warn(company.pk, day, run)
        total["recycled"] += take_back(company.pk, day, run)
    old = day - timedelta(days=KEPT)
    for model in (Quota, Glance):
        model._default_manager.filter(day__lt=old).delete()
    return dict(total)


@jobs.job("pool.foresee")
def look_ahead(run: jobs.Run, of: int) -> dict[str, int]:
    """After a change of the rules: the expected days are those of the new rules at once."""
    return {"expected": foresee(of, clock.today(), run)}


@work.sealer(45, "pool.recyclerule")
def rules_changed(unit: work.Work) -> None:
    for company_id in {c.company_id for c in unit.changes.values() if c.label == "pool.recyclerule"}:
        if company_id is not None:
            look_ahead.enqueue(company_id=company_id, of=company_id, unique=f"foresee:{company_id}")


def gather(company_id: int, run: jobs.Run) -> int:
    """Customers without owner that lie in no pool yet go into the default one: those from before there were pools."""
    pool, done = default_pool(company_id), 0
    if pool is None:
        return 0
    lost = Account.objects.filter(company_id=company_id, owner=None, stay=None).order_by("pk")
    while some := list(lost[:BATCH]):

        def body(some: list[Account] = some) -> None:
            run.fence()
            free = Account.objects.filter(pk__in=[row.pk for row in some], owner=None, stay=None).select_for_update(
                of=("self",)
            )
            rows = list(free)
            Stay.objects.bulk_create([new_stay(row, pool, Cause.UNOWNED) for row in rows])
            Account.everything.filter(pk__in=[row.pk for row in rows]).update_silently(department=None)

        work.unit_of_work(body, verb="pool.recycle")
        done += len(some)
        run.progress(done)
    return done


# -- when


def foresee(company_id: int, day: date, run: jobs.Run | None = None) -> int:
    """Write the expected day on every customer that is due within the horizon; only what differs is written."""
    rules, expected = rules_of(company_id), 0
    for ids in _chunks(company_id) if rules else ():

        def body(ids: list[int] = ids) -> int:
            if run is not None:
                run.fence()
            return _expect(company_id, ids, due_days(rules, ids, day), day)

        expected += work.unit_of_work(body)
    stale = Watch.objects.filter(company_id=company_id, recycle_on__isnull=False)
    gone = stale.filter(Q(account__owner=None) | Q(account__retired_on__isnull=False) | Q(account__is_key=True))
    (stale if not rules else gone).update(recycle_on=None, rule=None, warned_on=None)
    return expected


def _chunks(company_id: int) -> Iterator[list[int]]:
    rows, last = recyclable(company_id).order_by("pk").values_list("pk", flat=True), 0
    while some := list(rows.filter(pk__gt=last)[:BATCH]):
        yield some
        last = some[-1]


def _expect(company_id: int, ids: list[int], due: dict[int, Due], day: date) -> int:
    known = {watch.account_id: watch for watch in Watch.objects.filter(account__in=ids)}
    fresh, changed = [], []
    for pk in ids:
        watch = known.get(pk)
        expected = wanted(due.get(pk), watch, day)
        if watch is None:
            if expected != NOTHING:
                fresh.append(Watch(account_id=pk, company_id=company_id, recycle_on=expected[0], rule_id=expected[1]))
        elif (watch.recycle_on, watch.rule_id, watch.warned_on) != expected:
            watch.recycle_on, watch.rule_id, watch.warned_on = expected
            changed.append(watch)
    Watch.objects.bulk_create(fresh, ignore_conflicts=True)
    Watch.objects.bulk_update(changed, ["recycle_on", "rule", "warned_on"])
    return sum(1 for pk in due if due[pk].on <= day + timedelta(days=HORIZON))


NOTHING: tuple[date | None, int | None, date | None] = (None, None, None)


def wanted(due: Due | None, watch: Any, day: date) -> tuple[date | None, int | None, date | None]:
    """Expected day, rule, and when the owner was told.  Nobody loses a customer without the promised warning."""
    if due is None or due.on > day + timedelta(days=HORIZON):
        return NOTHING
    notice = timedelta(days=due.rule.warn_days)
    told = watch.warned_on if watch is not None else None
    on = max(due.on, (told or day) + notice)
    if told is not None and on > day + notice:  # worked with since: the old warning no longer counts
        told, on = None, max(due.on, day + notice)
    return on, due.rule.pk, told


# -- telling


def warn(company_id: int, day: date, run: jobs.Run) -> int:
    """One notice to each owner whose customers are about to go."""
    waiting = Watch.objects.filter(company_id=company_id, warned_on=None, rule__isnull=False, rule__warn_days__gt=0)
    names: dict[int, list[int]] = defaultdict(list)
    for rule in rules_of(company_id):
        due = waiting.filter(rule=rule, recycle_on__lte=day + timedelta(days=rule.warn_days))
        for owner, account in due.values_list("account__owner_id", "account_id"):
            names[owner].append(account)
    for owner, ids in names.items():

        def body(owner: int = owner, ids: list[int] = ids) -> None:
            run.fence()
            mine = Watch.objects.filter(account__in=ids, account__owner=owner, warned_on=None)
            days: list[Any] = list(mine.values_list("recycle_on", flat=True))
            if days and mine.update(warned_on=day):
                _tell(owner, len(days), min(days))

        work.unit_of_work(body, verb="pool.recycle")
    return sum(map(len, names.values()))


def _tell(owner: int, n: int, first: Any) -> None:
    text = ngettext(
        "%(n)s customer goes into the open pool soon, the first on %(day)s: follow up or ask for protection.",
        "%(n)s customers go into the open pool soon, the first on %(day)s: follow up or ask for protection.",
        n,
    ) % {"n": n, "day": first}
    url = f"{list_url('customers')}?view=recycling"
    tell(User.objects.filter(pk=owner, is_active=True), text, url=url, icon="recycle")


# -- taking


def take_back(company_id: int, day: date, run: jobs.Run) -> int:
    """Move what is due; each batch looks again, so that a follow-up of this minute still counts."""
    done = 0
    for rule in rules_of(company_id):
        pool = rule.pool if rule.pool and rule.pool.is_active else default_pool(company_id)
        if pool is None:
            continue
        due = Watch.objects.filter(company_id=company_id, rule=rule, recycle_on__lte=day)
        if rule.warn_days:
            due = due.filter(warned_on__lte=day - timedelta(days=rule.warn_days))
        ids = list(due.order_by("account").values_list("account_id", flat=True))
        for start in range(0, len(ids), BATCH):

            def body(some: list[int] = ids[start : start + BATCH], rule: RecycleRule = rule, pool: Any = pool) -> int:
                run.fence()
                return _move(some, rule, pool, day)

            done += work.unit_of_work(body, verb="pool.recycle", reason=rule.name)
            run.progress(done)
    return done


def _move(ids: list[int], rule: RecycleRule, pool: Any, day: date) -> int:
    still = {pk for pk, due in due_days([rule], ids, day).items() if due.on <= day}
    held = held_back(sorted(still))
    taken: Counter[int] = Counter()
    for account in Account.objects.filter(pk__in=still - held.keys()).order_by("pk"):
        owner = account.owner_id
        if owner is not None and put_back(account, pool, Cause.RECYCLED, rule.name):
            taken[owner] += 1
    for owner, n in taken.items():
        text = ngettext(
            "%(n)s customer has gone into the pool “%(pool)s” (%(rule)s).",
            "%(n)s customers have gone into the pool “%(pool)s” (%(rule)s).",
            n,
        ) % {"n": n, "pool": pool, "rule": rule}
        tell(
            User.objects.filter(pk=owner, is_active=True),
            text,
            url=list_url("pool"),
            icon="recycle",
        )
    return taken.total()
