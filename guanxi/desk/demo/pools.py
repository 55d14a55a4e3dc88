"""Pools of the demonstration: one for the company, one for each region, and how their customers came there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.staff import Organisation
from guanxi.kernel import clock
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, User
from guanxi.pool.models import Cause, Pool, RecycleRule, ReturnReason, Stay, Tenure, Way
from guanxi.pool.services.recycling import foresee
from guanxi.pool.services.settle import new_stay

BATCH = 1000
RETURNED, RECYCLED = 0.55, 0.85  # the rest came without an owner
RULE: dict[str, Any] = {
    "name": "直销潜在客户390天无跟进", "position": 5, "days": 390, "warn_days": 7, "is_active": True,
    "where": {"all": [
        {"f": "channel.code", "op": "is", "v": "direct-sales"}, {"f": "stage", "op": "is", "v": "potential"},
        {"f": "last_contact_on", "op": "not_empty"},
    ]},
}  # fmt: skip


class Pools:
    """Puts the customers that nobody looks after where they belong."""

    def __init__(self, staff: Organisation) -> None:
        self.staff, self.dice = staff, Dice("pools")
        self.company, self.today = staff.company, clock.today()
        self.sellers: dict[int, list[User]] = {branch.department.pk: branch.sellers for branch in staff.branches}
        self.by_region: dict[int, Pool] = {}

    def open(self) -> None:
        self.common = Pool.objects.get(company=self.company, content="customers", is_default=True)
        self.reasons = list(ReturnReason.objects.filter(company=self.company).order_by("position"))
        for region in Department.objects.filter(company=self.company, kind=Department.Kind.REGION).order_by("path"):
            pool = Pool(company=self.company, name=f"{region.name}公海", claims_per_day=20, holding_limit=400)
            pool.save()
            pool.departments.set([region])
            pool.administrators.set([region.head])
            self.by_region[region.pk] = pool
        RecycleRule(company=self.company, **RULE).save()

    def fill(self) -> int:
        """Everybody without owner; returns how many."""
        done = 0
        while some := self._next():
            unit_of_work(lambda some=some: self._put(some), verb="demo")  # type: ignore[misc]
            done += len(some)
        foresee(self.company.pk, self.today)
        return done

    def _next(self) -> list[Account]:
        rows = Account.objects.filter(company=self.company, owner=None, stay=None).select_related("department")
        return list(rows.order_by("code")[:BATCH])

    def _put(self, some: list[Account]) -> None:
        stays: list[Stay] = []
        times: list[Tenure] = []
        for account in some:
            stays.append(stay := self._stay(account))
            times += self._times(stay)
        Stay.objects.bulk_create(stays)
        Tenure.objects.bulk_create(times)
        Account.everything.filter(pk__in=[account.pk for account in some]).update_silently(department=None)

    def _stay(self, account: Account) -> Stay:
        dice, home = self.dice, account.department
        pool = self.by_region.get(home.parent_id or 0) if home and dice.random() < 0.7 else None
        chance = dice.random()
        cause = Cause.RETURNED if chance < RETURNED else Cause.RECYCLED if chance < RECYCLED else Cause.UNOWNED
        stay = new_stay(account, pool or self.common, cause)
        day = max(self.today - timedelta(days=dice.randrange(1, 150)), account.created_at.date())
        stay.entered_at = timezone.make_aware(datetime.combine(day, time(9 + dice.randrange(9), dice.randrange(60))))
        sellers = self.sellers.get(account.department_id or 0, [])
        if cause != Cause.UNOWNED and sellers:
            stay.former_owner = dice.pick(sellers)
        stay.reason = {
            Cause.RETURNED: dice.pick(self.reasons).name, Cause.RECYCLED: "潜在客户30天无跟进", Cause.UNOWNED: "",
        }[cause]  # fmt: skip
        return stay

    def _times(self, stay: Stay) -> Iterator[Tenure]:
        if stay.former_owner is not None:
            ended = Way.RETURNED if stay.cause == Cause.RETURNED else Way.RECYCLED
            until = timezone.localtime(stay.entered_at).date()
            yield Tenure(
                company=self.company, account_id=stay.account_id, holder=stay.former_owner, until=until, ended=ended,
                since=until - timedelta(days=self.dice.randrange(0, 90)), began=Way.OWN, reason=stay.reason,
            )  # fmt: skip
