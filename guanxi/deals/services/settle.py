"""What follows whenever a lead comes in or changes hands, whichever way: rules, the pool, who had it from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from guanxi.deals.models import Lead, LeadStay, LeadTenure
from guanxi.deals.queries.leads import LEAD, STAY
from guanxi.deals.services.assignment import by_rules
from guanxi.kernel import clock, context, work
from guanxi.pool.models import Cause, Content, Pool, Way
from guanxi.pool.queries import default_pool
from guanxi.pool.services.settle import by_way

BEGAN = {f"{STAY}.claim": Way.CLAIMED, f"{STAY}.assign": Way.ASSIGNED, f"{LEAD}.hand_over": Way.HANDED}
ENDED = {f"{LEAD}.release": Way.RETURNED, "deals.recycle": Way.RECYCLED, f"{LEAD}.hand_over": Way.HANDED}


@work.sealer(30, LEAD)
def settle(unit: work.Work) -> None:
    """New leads without owner go to whom the rules name; then those without owner lie in a pool, the others do not."""
    fresh = [c.row for c in _changes(unit) if c.verb == "created" and c.row.owner_id is None and c.row.is_open]
    by_rules(fresh)
    changes = _changes(unit)
    moved = [c for c in changes if c.verb == "created" or c.old.get("owner_id", c.row.owner_id) != c.row.owner_id]
    if moved:
        _write_times(moved, unit)
    taken = [c.object_id for c in changes if c.row.owner_id is not None or not c.row.is_open]
    for stay in LeadStay.everything.filter(lead__in=taken) if taken else ():
        stay.delete()
    free = [c for c in changes if c.row.owner_id is None and c.row.is_open and (c in moved or "state" in c.new)]
    if free:
        _enter(free)
    _rename([c for c in changes if c.verb == "changed" and "name" in c.new and c.row.owner_id is None])


def _changes(unit: work.Work) -> list[work.Change]:
    return [c for c in unit.changes.values() if c.label == LEAD and c.verb != "erased"]


def _rename(changes: list[work.Change]) -> None:
    names = {c.object_id: c.row.name for c in changes}
    for stay in LeadStay.objects.filter(lead__in=names) if names else ():
        stay.name = names[stay.lead_id]
        stay.save(update_fields=["name"])


def _enter(changes: list[work.Change]) -> None:
    """Leads that nobody has lie in a pool: that of the verb, else the default pool of the company."""
    lying: Any = LeadStay.everything.filter(lead__in=[c.object_id for c in changes])
    known = set(lying.values_list("lead_id", flat=True))
    pools: dict[int, Pool | None] = {}
    for change in changes:
        company_id = change.row.company_id
        if company_id not in pools:
            pools[company_id] = default_pool(company_id, Content.LEADS)
        pool = pools[company_id]
        if pool is not None and change.object_id not in known:
            new_stay(change.row, pool, Cause.UNOWNED, former_owner_id=change.old.get("owner_id")).save()
    ids = [c.object_id for c in changes if c.row.department_id is not None]
    if ids:  # a lead of a pool belongs to no department: else the scope of a role would show what the pool hides
        Lead.everything.filter(pk__in=ids).update_silently(department=None)
        for change in changes:
            change.row.department_id = None


def new_stay(lead: Lead, pool: Pool, cause: str, **more: Any) -> LeadStay:
    return LeadStay(
        company_id=lead.company_id, lead_id=lead.pk, name=lead.name, pool=pool, cause=cause,
        former_department_id=lead.department_id, **more,
    )  # fmt: skip


def _write_times(moved: list[work.Change], unit: work.Work) -> None:
    """The times of the former owners end, those of the new ones begin; each says who gave the lead, and by which rule."""
    today, rows = clock.today(), []
    for (ended, way), changes in by_way(moved, unit, ENDED, BEGAN).items():
        held = LeadTenure.objects.filter(lead__in=[c.object_id for c in changes], until=None)
        held.update_silently(until=today, ended=ended, reason=unit.reason[:400])
        rows += [_begun(c, way, today) for c in changes if c.row.owner_id is not None]
    LeadTenure.objects.bulk_create(rows)
    Lead.objects.filter(pk__in=[c.object_id for c in moved], recycle_on__isnull=False).update_silently(
        recycle_on=None, warned_on=None
    )


def _begun(change: work.Change, way: Way, today: date) -> LeadTenure:
    lead: Any = change.row
    rule = getattr(lead, "given_by_rule", None)
    since = timezone.localtime(lead.created_at).date() if change.verb == "created" else today
    return LeadTenure(
        company_id=lead.company_id, lead_id=lead.pk, holder_id=lead.owner_id, since=min(since, today), rule=rule,
        began=Way.ASSIGNED if rule else Way.OWN if change.verb == "created" else way,
        given_by_id=None if rule else context.origin().actor_id,
    )  # fmt: skip
