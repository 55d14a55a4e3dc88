"""Questions about pools: whose they are, what stays closed in them, who had a customer, when one is due to go back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.fields import Field
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.filters.ast import FilterError
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.filters.orm import EVERYTHING
from guanxi.kernel.models import Company
from guanxi.org.access import Access
from guanxi.org.models import Department, User
from guanxi.pool.models import Content, Pool, RecycleRule, Tenure

ACCOUNT, STAY = "customers.account", "pool.stay"
LYING: dict[str, str] = {Content.CUSTOMERS: STAY}  # the entity of what lies in a pool; apps above add theirs
# What the pool shows of a customer; free texts are left out, because people write phone numbers into them.
SHOWN = (
    "kind", "short_name", "code", "industry", "scale", "region_code", "grade", "stage", "tags", "source", "channel", "potential",
    "first_order_on", "last_order_on", "last_contact_on", "phone", "email", "website", "address", "credit_code", "representative",
)  # fmt: skip
CLOSABLE = ("phone", "email", "address", "contacts", "website", "credit_code", "representative", "code", "short_name")


# -- whose pools they are


class PoolSight:
    """Who sees a pool's customers: the departments it serves, its administrators, and whose role reaches all pools."""

    def rows(self, access: Access, prefix: str) -> Q:
        here = Q(**{f"{prefix}account__deleted_at": None, f"{prefix}account__retired_on": None})
        return here & Q(**{f"{prefix}pool_id__in": [pool.pk for pool in visited(access)]})

    def closed(self, access: Access) -> frozenset[str]:
        return access.closed(ACCOUNT)

    def masked(self, access: Access) -> frozenset[str]:
        """What the role masks of customers, and what any of the pools hides; who sees all customers has no use for that."""
        if access.scope(ACCOUNT) == EVERYTHING:
            return access.masked(ACCOUNT)
        return access.masked(ACCOUNT).union(*(pool.hidden for pool in visited(access)))


def visited(access: Access, content: str = Content.CUSTOMERS) -> list[Pool]:
    """The pools whose customers (or leads) the person sees."""
    pools = Pool.objects.filter(company_id=access.company_id, content=content).order_by("-is_default", "name")
    if "all" in access.grant(LYING[content]).scopes:
        return list(pools)
    above = Department.objects.filter(pk=access.department_id).values_list("path", flat=True)
    served = {int(pk) for path in above for pk in path.split("/") if pk}
    return list(
        pools.filter(
            Q(departments=None) | Q(departments__in=served) | Q(administrators=access.user_id), is_active=True
        ).distinct()
    )


def pools_of(user: User, content: str = Content.CUSTOMERS) -> list[Pool]:
    return visited(user.access, content)


def default_pool(company_id: int, content: str = Content.CUSTOMERS) -> Pool | None:
    return next(iter(Pool.objects.filter(company_id=company_id, is_default=True, content=content)), None)


def serves(pool: Pool, user: User) -> bool:
    """May customers of the pool come to this person at all?"""
    path = user.department.path if user.department else "/"
    served = list(pool.departments.values_list("pk", flat=True))
    return not served or any(f"/{pk}/" in path for pk in served)


# -- who had a customer


def holding(user: User, content: str = Content.CUSTOMERS) -> int:
    """How many customers in work (or open leads) the person looks after."""
    return HELD[content](user)


def _customers_of(user: User) -> int:
    return int(Account.objects.filter(company_id=user.company_id, owner=user, retired_on=None).order_by().count())


HELD: dict[str, Callable[[User], int]] = {Content.CUSTOMERS: _customers_of}  # apps above add their own count


def tenures(account_id: int) -> list[Tenure]:
    return list(Tenure.objects.filter(account=account_id).select_related("holder").order_by("-id")[:20])


# -- when a customer is due to go back


@dataclass(frozen=True)
class Due:
    """On which day which rule sends the account back."""

    on: date
    rule: RecycleRule


def day_fields(company: Company | None) -> dict[str, Field]:
    """The days of a customer that a rule may count from."""
    fields = entity(ACCOUNT).fields_for(company)
    return {n: f for n, f in fields.items() if f.kind in ("date", "datetime") and not f.json and n != "recycle_on"}


def recyclable(company_id: int) -> QuerySet[Account]:
    """Customers in work that rules may take: key customers and protected ones are exempt."""
    rows = Account.objects.filter(company_id=company_id, retired_on=None, is_key=False).exclude(owner=None)
    return rows.exclude(watch__protected=True)  # type: ignore[no-any-return]


def matching(rule: RecycleRule, as_of: date) -> Q:
    node = parse(rule.where or {}, entity(ACCOUNT), rule.company)
    return to_q(node, Env(as_of=as_of, company=rule.company))


def due_by(rule: RecycleRule, day: date, as_of: date) -> QuerySet[Account]:
    """Whom the rule sends back on `day` or before if nothing happens until then, as one statement."""
    cut = day - timedelta(days=rule.days)
    path = day_fields(rule.company)[rule.count_from].path
    open_since = Tenure.objects.filter(account=OuterRef("pk"), until=None)
    entered = Q(created_at__lt=start_of(cut + timedelta(days=1)))
    held = ~Exists(open_since.filter(since__gt=cut)) & (Q(Exists(open_since)) | entered)
    counted = Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__lt": _edge(rule, cut + timedelta(days=1))})
    return recyclable(rule.company_id).filter(matching(rule, as_of)).filter(held, counted)


def due_days(rules: Iterable[RecycleRule], ids: Iterable[int], as_of: date) -> dict[int, Due]:
    """For each of these accounts the first day on which a rule takes it; of two on one day the rule that comes first."""
    found: dict[int, Due] = {}
    wanted = list(ids)
    since = Subquery(Tenure.objects.filter(account=OuterRef("pk"), until=None).values("since")[:1], DateField())
    for rule in rules:
        path = day_fields(rule.company)[rule.count_from].path
        rows = recyclable(rule.company_id).filter(matching(rule, as_of), pk__in=wanted).order_by()
        for pk, counted, held, created in rows.annotate(_since=since).values_list("pk", path, "_since", "created_at"):
            start = held or timezone.localtime(created).date()
            on = max(start, _day(counted) or start) + timedelta(days=rule.days)
            if pk not in found or on < found[pk].on:
                found[pk] = Due(on, rule)
    return found


def _day(value: Any) -> date | None:
    return timezone.localtime(value).date() if hasattr(value, "hour") else value


def _edge(rule: RecycleRule, day: date) -> Any:
    return start_of(day) if day_fields(rule.company)[rule.count_from].kind == "datetime" else day


def rules_of(company_id: int) -> list[RecycleRule]:
    """The rules that are switched on, in order; one that speaks of a field which is gone rests until it is mended."""
    rows = RecycleRule.objects.filter(company_id=company_id, is_active=True).select_related("company", "pool")
    return [rule for rule in rows.order_by("position", "id") if not broken(rule)]


def broken(rule: RecycleRule) -> str:
    """Why a rule cannot be carried out; empty where it can."""
    try:
        matching(rule, clock.today())
    except FilterError as gone:
        return str(gone)
    if rule.count_from not in day_fields(rule.company):
        return _("There is no field “%(name)s” to filter by.") % {"name": rule.count_from}
    return ""
