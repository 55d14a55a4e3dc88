"""Customers between people and pools: claim, assign, move, give back, protect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel import work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.pool.models import Cause, Content, Pool, ReturnReason, Stay, Watch
from guanxi.pool.queries import ACCOUNT, LYING, default_pool, serves
from guanxi.pool.services.limits import check_cool_down, check_holding, take_claim
from guanxi.pool.services.settle import new_stay

# Why a customer has to stay with its owner, asked of the apps above: (ids) -> those with a reason, and the reason.
Hold = Callable[[list[int]], dict[int, Any]]
holds: list[Hold] = []


def held_back(ids: list[int]) -> dict[int, Any]:
    """Of these accounts, those that may not go into a pool, with what speaks against it."""
    found: dict[int, Any] = {}
    for ask in holds:
        found = {**ask(ids), **found}
    return found


@action(Stay, label=_("Claim"), permission="claim", icon="hand-grab", lands="account")
def claim(stay: Stay, *, actor: User) -> Stay:
    """The customer is mine from now on: at most one of all who ask at the same moment gets it."""
    check_cool_down(stay.pool, stay.account.tenures.all(), actor)
    _give(stay, actor)
    take_claim(stay.pool, actor)
    check_holding(stay.pool, actor)
    return stay


@action(Stay, label=_("Assign"), permission="assign", icon="user-plus", labels={"to": _("To"), "reason": _("Reason")})
def assign(stay: Stay, *, actor: User, to: User, reason: str = "") -> Stay:
    """Give a pool customer to a person the pool serves."""
    check_assignable(stay.pool, actor, to)
    _give(stay, to)
    check_holding(stay.pool, actor, of=to)
    text = _("%(who)s has assigned you %(name)s from the pool.") % {"who": actor, "name": stay.name}
    tell([to], str(text), url=record_url("customers", stay.account_id), icon="user-plus")
    return stay


def check_assignable(pool: Pool, actor: User, to: User) -> None:
    """The pool's administrator assigns to anyone it serves, a leader to own people."""
    if to.company_id != pool.company_id or not to.is_active:
        raise Refused(_("This person cannot take over accounts."), field="to")
    if not administers(pool, actor) and to.department_id not in actor.team_departments():
        raise Refused(_("You may assign customers to people of your own departments only."), field="to")
    if not serves(pool, to):
        raise Refused(_("The pool does not serve the department of %(name)s.") % {"name": to.name}, field="to")


@action(Stay, label=_("Move to another pool"), permission="assign", icon="arrows-exchange", labels={"pool": _("Pool")})
def move(stay: Stay, *, actor: User, pool: Pool) -> Stay:
    if not administers(stay.pool, actor):
        raise Forbidden(_("Only the administrators of this pool may move its customers."))
    check_open(pool, stay.company_id)
    if pool.pk == stay.pool_id:
        raise Refused(_("The customer lies in this pool already."), field="pool")
    stay.pool = pool
    stay.save(update_fields=["pool"])
    return stay


def _give(stay: Stay, to: User) -> None:
    """The conditional UPDATE decides who gets it."""
    values = {"owner": to, "department": to.department}
    if not Account.objects.take(stay.account_id, {"owner": None}, values):
        taken: Any = Account.everything.select_related("owner").get(pk=stay.account_id)
        text = _("%(name)s has just been claimed by %(who)s.")
        raise Refused(text % {"name": stay.name, "who": taken.owner or _("somebody")})


def administers(pool: Pool, actor: User) -> bool:
    return "all" in actor.access.grant(LYING[pool.content]).scopes or pool.administrators.filter(pk=actor.pk).exists()


def check_open(pool: Pool, company_id: int, content: str = Content.CUSTOMERS) -> None:
    if pool.company_id != company_id or not pool.is_active or pool.content != content:
        raise Refused(_("This pool is not in use."), field="pool")


# -- verbs of customers


def _owned(account: Any) -> bool:
    return account.owner_id is not None


@action(
    Account,
    label=_("Give back to the pool"),
    permission="release",
    icon="arrow-back-up",
    when=_owned,
    labels={"reason": _("Reason"), "pool": _("Into the pool"), "details": _("Details")},
    initial=lambda account: {"pool": getattr(default_pool(account.company_id), "pk", None)},
)
def release(
    account: Account, *, actor: User, reason: ReturnReason, pool: Pool | None = None, details: str = ""
) -> Account:
    """Nobody's any more: colleagues the pool serves may claim the customer (BEYOND-01)."""
    if account.owner_id is None:
        raise Refused(_("The customer lies in a pool already."))
    if actor.pk != account.owner_id and not actor.may("change_others", ACCOUNT):
        raise Forbidden(
            _("%(name)s looks after this customer; only they or their leader may give it back.")
            % {"name": account.owner}
        )
    target = pool or default_pool(account.company_id)
    if target is None:
        raise Refused(_("The company has no pool yet: an administrator sets one up under “Pools”."), field="pool")
    check_open(target, account.company_id)
    if held := held_back([account.pk]):
        raise Refused(held[account.pk])
    put_back(account, target, Cause.RETURNED, reason.name, details)
    return account


def put_back(account: Account, pool: Pool, cause: str, reason: str, details: str = "") -> bool:
    """Into the pool, if the owner is still the one we saw."""
    stay = new_stay(account, pool, cause, reason=reason[:80], details=details[:400], former_owner_id=account.owner_id)
    seen = {"owner": account.owner_id, "department": account.department_id}
    if not Account.objects.take(account.pk, seen, dict.fromkeys(seen)):
        return False
    stay.save()
    return True


def _unprotected(account: Any) -> bool:
    return _owned(account) and not _is_protected(account)


def _is_protected(account: Any) -> bool:
    watch: Watch | None = getattr(account, "watch", None)  # a page has it already; most customers have none
    return watch is not None and watch.protected


@action(Account, label=_("Protect from recycling"), permission="protect", icon="shield-check", when=_unprotected,
        labels={"reason": _("Reason")})  # fmt: skip
def protect(account: Account, *, actor: User, reason: str) -> Account:
    """The customer is never recycled, whatever the rules say (BEYOND-02)."""
    if not reason.strip():
        raise Refused(_("Say why the customer is protected."), field="reason")
    if account.owner_id is None:
        raise Refused(_("Only a customer that somebody looks after can be protected."))
    return _set_protection(account, True)


@action(Account, label=_("End protection"), permission="protect", icon="shield-off", when=_is_protected)
def unprotect(account: Account, *, actor: User) -> Account:
    return _set_protection(account, False)


def _set_protection(account: Account, on: bool) -> Account:
    watch, _made = Watch.objects.get_or_create(account=account, defaults={"company_id": account.company_id})
    if watch.protected != on:
        watch.protected, watch.recycle_on, watch.rule, watch.warned_on = on, None, None, None
        watch.save()
        old, new = {"protected": not on}, {"protected": on}
        work.require().note(
            work.Change(account.company_id, ACCOUNT, account.pk, account.name, "changed", old, new, account)
        )
    return account
