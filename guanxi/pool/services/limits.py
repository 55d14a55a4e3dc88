"""What a person may take: customers held, claims and views a day, the cool-down; counted so that races cannot exceed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.audit.services import witness
from guanxi.audit.sightings import Look, watchers
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.pool.models import Glance, Pool, Quota, Stay, Way
from guanxi.pool.queries import holding


class TooMany(Refused):
    """Enough for today."""

    status = 429


@dataclass(frozen=True)
class Allowance:
    """What is left to a person in one pool; None where there is no limit."""

    held: int
    most: int | None
    claims_left: int | None
    views_left: int | None


def allowance(pool: Pool, user: User) -> Allowance:
    """Of claims as many as both the day and what may be held leave."""
    used = Quota.objects.filter(pool=pool, user=user, day=clock.today()).first() or Quota()
    held = holding(user, pool.content)
    claims = (_left(pool.claims_per_day, used.claims), _left(pool.holding_limit, held))
    left = min((n for n in claims if n is not None), default=None)
    return Allowance(held, pool.holding_limit, left, _left(pool.views_per_day, used.views))


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(limit - used, 0)


def take_claim(pool: Pool, user: User) -> None:
    """One claim of today; the conditional UPDATE decides, so two at once cannot both be the last."""
    if not _take(pool, user, "claims", pool.claims_per_day):
        text = _("You have claimed %(n)s today; you can claim again tomorrow.")
        raise TooMany(text % {"n": pool.claims_per_day})


def check_holding(pool: Pool, user: User, *, of: User | None = None) -> None:
    """After the customer has changed hands: not more than a person may hold.

    The person's row is locked first, so that two claims at once see each other's customer.
    """
    if pool.holding_limit is None:
        return
    who = of or user
    locked: Any = User.everything.select_for_update(no_key=True, of=("self",)).filter(pk=who.pk)
    locked.values_list("pk").first()
    if (held := holding(who, pool.content)) > pool.holding_limit:
        if who.pk == user.pk:
            text = _("You already hold %(n)s; this pool allows %(most)s. Give some back first.")
        else:
            text = _("%(name)s already holds %(n)s; this pool allows %(most)s.")
        raise Refused(text % {"n": held - 1, "most": pool.holding_limit, "name": who.name})


def check_cool_down(pool: Pool, times: QuerySet[Any], user: User) -> None:
    """Who gave a customer or lead back or lost it does not get the same one again at once; `times` are its holders."""
    last = times.filter(holder=user, ended__in=(Way.RETURNED, Way.RECYCLED)).order_by("-until").first()
    if last is not None and pool.cool_down_days:
        free = last.until + timedelta(days=pool.cool_down_days)
        if clock.today() < free:
            text = _("You had this one before: you cannot claim it again within %(n)s days, so from %(day)s on.")
            raise Refused(text % {"n": pool.cool_down_days, "day": free.isoformat()})


def take_view(seen: Look) -> None:
    """Opening a pool customer counts once a day; beyond the limit the page says so, and the trail keeps that it did."""
    if seen.label != "pool.stay" or not seen.pk:
        return
    stay, user = Stay.objects.select_related("pool").get(pk=seen.pk), seen.user
    if stay.pool.views_per_day is None or Glance.objects.filter(**_glance(stay, user)).exists():
        return

    def body() -> None:
        try:
            with transaction.atomic():
                Glance.objects.create(company_id=user.company_id, **_glance(stay, user))
        except IntegrityError:  # the same page, asked for twice at once
            return
        if not _take(stay.pool, user, "views", stay.pool.views_per_day):
            _refuse_view(stay.pool)

    try:
        unit_of_work(body)
    except TooMany:
        witness(
            "pool_limit", "pool.stay", stay.pk, stay.name, company_id=user.company_id, limit=stay.pool.views_per_day
        )
        raise


watchers.append(take_view)


def _refuse_view(pool: Pool) -> None:
    text = _(
        "You have opened %(n)s customers of this pool today, the most for one day. Claim those you want to work with."
    )
    raise TooMany(text % {"n": pool.views_per_day})


def _glance(stay: Stay, user: User) -> dict[str, Any]:
    return {"user_id": user.pk, "account_id": stay.account_id, "day": clock.today()}


def _take(pool: Pool, user: User, column: str, limit: int | None) -> bool:
    used = {"pool_id": pool.pk, "user_id": user.pk, "day": clock.today()}
    if not Quota.objects.filter(**used).exists():
        try:
            with transaction.atomic():
                Quota.objects.create(company_id=user.company_id, **used)
        except IntegrityError:  # two first ones at once
            pass
    rows = Quota.objects.filter(**used)
    rows = rows if limit is None else rows.filter(**{f"{column}__lt": limit})
    return rows.update(**{column: F(column) + 1}) == 1
