"""What follows whenever the owner of a customer changes, whichever way: it enters or leaves a pool, its times are written."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.pool.models import Cause, Pool, Stay, Tenure, Watch, Way
from guanxi.pool.queries import ACCOUNT, default_pool

BEGAN = {
    "pool.stay.claim": Way.CLAIMED,
    "pool.stay.assign": Way.ASSIGNED,
    "customers.account.hand_over": Way.HANDED,
}
ENDED = {
    "customers.account.release": Way.RETURNED,
    "pool.recycle": Way.RECYCLED,
    "customers.account.hand_over": Way.HANDED,
}


@work.sealer(45, ACCOUNT)
def settle(unit: work.Work) -> None:
    changes = [c for c in unit.changes.values() if c.label == ACCOUNT and c.verb != "erased"]
    moved = [c for c in changes if c.verb == "changed" and "owner_id" in c.old and c.old["owner_id"] != c.row.owner_id]
    free = [c for c in changes if c.row.owner_id is None and (c in moved or c.verb == "created")]
    if moved:
        _write_times(moved, unit)
        _leave([c.object_id for c in moved if c.row.owner_id is not None])
        ids = [c.object_id for c in moved]
        Watch.objects.filter(account__in=ids).update(recycle_on=None, rule=None, warned_on=None)
    if free:
        _enter(free)
    renamed = [c for c in changes if "name" in c.new and c.verb == "changed" and c.row.owner_id is None]
    for stay in Stay.objects.filter(account__in=[c.object_id for c in renamed]) if renamed else ():
        stay.name = next(c.row.name for c in renamed if c.object_id == stay.account_id)
        stay.save(update_fields=["name"])


def _leave(ids: list[int]) -> None:
    for stay in Stay.everything.filter(account__in=ids):
        stay.delete()


def _enter(changes: list[work.Change]) -> None:
    """Customers that nobody looks after lie in a pool: that of the verb, else the default pool of the company."""
    Watch.objects.filter(account__in=[c.object_id for c in changes], protected=True).update(protected=False)
    lying: Any = Stay.everything.filter(account__in=[c.object_id for c in changes])
    known = set(lying.values_list("account_id", flat=True))
    pools: dict[int | None, Pool | None] = {}
    fresh = []
    for change in changes:
        if change.company_id not in pools:
            pools[change.company_id] = default_pool(change.row.company_id)
        pool = pools[change.company_id]
        if change.object_id not in known and pool is not None:
            former = change.old.get("owner_id")
            fresh.append(new_stay(change.row, pool, Cause.UNOWNED, former_owner_id=former))
            known.add(change.object_id)
    if fresh:
        Stay.objects.bulk_create(fresh)
    _take_out([c for c in changes if c.object_id in known and c.row.department_id is not None])


def new_stay(account: Account, pool: Pool, cause: str, **more: Any) -> Stay:
    return Stay(
        company_id=account.company_id, account_id=account.pk, name=account.name, pool=pool, cause=cause,
        former_department_id=account.department_id, **more,
    )  # fmt: skip


def _take_out(changes: list[work.Change]) -> None:
    """A customer of a pool belongs to no department: else the scope of a role would show what the pool hides."""
    Account.everything.filter(pk__in=[c.object_id for c in changes]).update_silently(department=None)
    for change in changes:
        if change.verb == "created":
            change.new.pop("department_id", None)
        else:
            change.old.setdefault("department_id", change.row.department_id)
            change.new["department_id"] = None
        change.row.department_id = None


def _write_times(moved: list[work.Change], unit: work.Work) -> None:
    """The times of the former owners end, those of the new ones begin."""
    today, rows = clock.today(), []
    ids, reason = [c.object_id for c in moved], unit.reason[:400]
    lying: Any = Stay.everything.filter(account__in=ids)
    stayed = set(lying.values_list("account_id", flat=True))
    open_now = set(Tenure.objects.filter(account__in=ids, until=None).values_list("account_id", flat=True))
    for (ended, began), changes in by_way(moved, unit, ENDED, BEGAN).items():
        held = Tenure.objects.filter(account__in=[c.object_id for c in changes], until=None)
        held.update_silently(until=today, ended=ended, reason=reason)
        for change in changes:
            row, former = change.row, change.old["owner_id"]
            common = {"company_id": row.company_id, "account_id": row.pk}
            if former is not None and row.pk not in open_now:
                since = min(timezone.localtime(row.created_at).date(), today)
                times: dict[str, Any] = {"since": since, "until": today, "began": Way.OWN, "ended": ended}
                rows.append(Tenure(**common, **times, holder_id=former, reason=reason))
            if row.owner_id is not None:
                given = Way.ASSIGNED if began == Way.CHANGED and former is None and row.pk in stayed else began
                rows.append(Tenure(**common, holder_id=row.owner_id, since=today, began=given))
    Tenure.objects.bulk_create(rows)


def by_way(
    moved: list[work.Change], unit: work.Work, ended: dict[str, Way], began: dict[str, Way]
) -> dict[tuple[Way, Way], list[work.Change]]:
    """The changes by how the former owner's time ended and the new one's began: told by the verb that moved the row."""
    found: dict[tuple[Way, Way], list[work.Change]] = {}
    for change in moved:
        verb = change.row.moved_by or unit.verb
        found.setdefault((ended.get(verb, Way.CHANGED), began.get(verb, Way.CHANGED)), []).append(change)
    return found
