"""Questions about leads: who may be given one, which are due to be recycled, what the pool shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from guanxi.deals.models import AssignmentRule, Lead, LeadRecycleRule, LeadTenure
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.filters.ast import FilterError
from guanxi.kernel.filters.orm import EVERYTHING
from guanxi.org.access import Access
from guanxi.org.models import Absence, User
from guanxi.pool.models import Content
from guanxi.pool.queries import HELD, LYING, Due, default_pool, visited

LEAD, STAY = "deals.lead", "deals.leadstay"
# What the pool shows of a lead; free texts are left out, because people write phone numbers into them.
SHOWN = (
    "kind", "person", "post", "mobile", "phone", "email", "wechat", "website", "region_code", "address", "industry", "source",
    "campaign", "importance", "priority", "tags", "last_contact_on",
)  # fmt: skip
HIDES = {"phone": ("phone", "mobile", "wechat"), "contacts": ("person", "post", "mobile", "wechat")}

LYING[Content.LEADS] = STAY


def leads_of(user: User) -> int:
    """How many open leads a person has."""
    return int(Lead.objects.filter(company_id=user.company_id, owner=user, state=Lead.State.OPEN).order_by().count())


HELD[Content.LEADS] = leads_of


class LeadSight:
    """Who sees a pool's leads: as with pools of customers (guanxi.pool.queries.PoolSight)."""

    def rows(self, access: Access, prefix: str) -> Q:
        here = Q(**{f"{prefix}lead__deleted_at": None, f"{prefix}lead__state": Lead.State.OPEN})
        return here & Q(**{f"{prefix}pool_id__in": [pool.pk for pool in visited(access, Content.LEADS)]})

    def closed(self, access: Access) -> frozenset[str]:
        return access.closed(LEAD)

    def masked(self, access: Access) -> frozenset[str]:
        if access.scope(LEAD) == EVERYTHING:
            return access.masked(LEAD)
        hidden = {name for pool in visited(access, Content.LEADS) for name in pool.hidden}
        fields = {field for name in hidden for field in HIDES.get(name, (name,)) if field in SHOWN}
        return access.masked(LEAD) | fields


# -- who gets a lead


def fitting(rule: AssignmentRule, ids: Iterable[int]) -> set[int]:
    """Which of these leads the rule speaks of; none if it names a field that is gone."""
    try:
        condition = matching(rule, clock.today())
    except FilterError:
        return set()
    return set(Lead.objects.filter(condition, pk__in=list(ids), state=Lead.State.OPEN).values_list("pk", flat=True))


def matching(rule: AssignmentRule | LeadRecycleRule, as_of: date) -> Q:
    node = parse(rule.where or {}, entity(LEAD), rule.company)
    return to_q(node, Env(as_of=as_of, company=rule.company))


def candidates(rule: AssignmentRule) -> list[User]:
    """Whom the rule may choose today, in a fixed order: nobody who is away or has as many leads as the pool allows."""
    named = Q(pk__in=rule.people.values("pk"))
    if rule.team_id:
        named |= Q(pk__in=rule.team.members.values("pk")) if rule.team else Q()
    if rule.role_id:
        named |= Q(roles=rule.role_id)
    if rule.department is not None:
        within = Q(department__path__startswith=rule.department.path)
        alone = not (rule.team_id or rule.role_id or rule.people.exists())
        named = within if alone else named & within
    people = User.objects.filter(named, company_id=rule.company_id, is_active=True).distinct()
    away = Absence.objects.filter(Absence.on(clock.today()), owner__in=people.values("pk")).values("owner")
    here = list(people.exclude(pk__in=away).order_by("pk"))
    pool = default_pool(rule.company_id, Content.LEADS)
    if pool is None or pool.holding_limit is None:
        return here
    held = loads(here)
    return [person for person in here if held[person.pk] < pool.holding_limit]


def loads(people: list[User]) -> dict[int, int]:
    """Open leads by person."""
    rows = Lead.objects.filter(owner__in=[p.pk for p in people], state=Lead.State.OPEN).order_by()
    counted = dict(rows.values_list("owner").annotate(n=Count("pk")))
    return {person.pk: counted.get(person.pk, 0) for person in people}


# -- when a lead is due to go back


def recyclable(company_id: int) -> QuerySet[Lead]:
    rows = Lead.objects.filter(company_id=company_id, state=Lead.State.OPEN)
    return rows.exclude(owner=None)  # type: ignore[no-any-return]


def rules_of(company_id: int) -> list[LeadRecycleRule]:
    """The rules that are switched on, in order; one that speaks of a field which is gone rests until it is mended."""
    rows = LeadRecycleRule.objects.filter(company_id=company_id, is_active=True).select_related("company", "pool")
    return [rule for rule in rows.order_by("position", "id") if not broken(rule)]


def broken(rule: AssignmentRule | LeadRecycleRule) -> str:
    """Why a rule cannot be carried out; empty where it can."""
    try:
        matching(rule, clock.today())
    except FilterError as gone:
        return str(gone)
    return ""


def due_days(rules: Iterable[LeadRecycleRule], ids: Iterable[int], as_of: date) -> dict[int, Due]:
    """For each of these leads the first day on which a rule takes it; of two on one day the rule that comes first."""
    wanted, found = list(ids), dict[int, Due]()
    since = dict(LeadTenure.objects.filter(lead__in=wanted, until=None).values_list("lead", "since"))
    for rule in rules:
        rows = Lead.objects.filter(matching(rule, as_of), pk__in=wanted, state=Lead.State.OPEN).exclude(owner=None)
        for pk, last, created in rows.order_by().values_list("pk", "last_contact_on", "created_at"):
            start = since.get(pk) or timezone.localtime(created).date()
            on = max(start, last or start) + timedelta(days=rule.days)
            if pk not in found or on < found[pk].on:
                found[pk] = Due(on, rule)  # type: ignore[arg-type]  # the two kinds of rules say the same here
    return found


def tenures(lead_id: int) -> list[Any]:
    rows = LeadTenure.objects.filter(lead=lead_id).select_related("holder", "rule", "given_by")
    return list(rows.order_by("-id")[:20])
