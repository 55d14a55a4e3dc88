"""Setting up pools: whom they serve, who administers them, which one is the default; and guarding what is in use."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import work
from guanxi.kernel.actions import action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.filters import FilterError, parse
from guanxi.org.models import Department, User
from guanxi.org.services import CONFIGURATION
from guanxi.org.services.departments import colleagues
from guanxi.pool.models import Content, Pool, RecycleRule, Stay
from guanxi.pool.queries import ACCOUNT, day_fields

CONFIGURATION.add("pool.pool")  # who sees which customers of a pool follows from it


def departments(actor: User) -> list[tuple[str, str]]:
    """The tree, deeper ones set in."""
    rows = Department.objects.filter(company_id=actor.company_id).order_by("path")
    return [(str(row.pk), f"{'　' * row.depth}{row.name}") for row in rows]


def _chosen(name: str) -> Any:
    return lambda pool: {name: [str(pk) for pk in getattr(pool, name).values_list("pk", flat=True)]}


@action(Pool, label=_("Set departments"), permission="change", icon="sitemap", bulk=False, labels={"departments": _("Departments")},
        choices={"departments": departments}, initial=_chosen("departments"))  # fmt: skip
def set_departments(pool: Pool, *, actor: User, departments: list[str] | None = None) -> Pool:
    """Whom the pool serves: these departments and all below them; none chosen, the whole company."""
    rows = Department.objects.filter(company_id=pool.company_id, pk__in=departments or [])
    return _replace(pool, "departments", rows)


@action(Pool, label=_("Set administrators"), permission="change", icon="user-check", bulk=False,
        labels={"administrators": _("Administrators")}, choices={"administrators": colleagues},
        initial=_chosen("administrators"))  # fmt: skip
def set_administrators(pool: Pool, *, actor: User, administrators: list[str] | None = None) -> Pool:
    """Who assigns the pool's customers to anyone it serves and moves them to other pools."""
    rows = User.objects.filter(company_id=pool.company_id, is_active=True, pk__in=administrators or [])
    return _replace(pool, "administrators", rows)


def _replace(pool: Pool, name: str, rows: Any) -> Pool:
    """Set a many-to-many list and note it in the trail."""
    links = getattr(pool, name)
    before = sorted(links.values_list("name", flat=True))
    links.set(rows)
    after = sorted(links.values_list("name", flat=True))
    if before != after:
        old, new = {name: before}, {name: after}
        work.require().note(work.Change(pool.company_id, "pool.pool", pool.pk, pool.name, "changed", old, new, pool))
    return pool


@action(
    Pool,
    label=_("Make default pool"),
    permission="change",
    icon="star",
    bulk=False,
    when=lambda pool: not pool.is_default,
)
def make_default(pool: Pool, *, actor: User) -> Pool:
    """Customers without owner go here, and those whose rule names no pool."""
    if not pool.is_active:
        raise Refused(_("This pool is not in use."))
    for former in Pool.objects.select_for_update().filter(
        company_id=pool.company_id, content=pool.content, is_default=True
    ):
        former.is_default = False
        former.save(update_fields=["is_default"])
    pool.is_default = True
    pool.save(update_fields=["is_default"])
    return pool


def keep_pool(pool: Pool, actor: Any, verb: str) -> None:
    """Guard: a pool with customers, the default one, or one a rule names is not deleted."""
    if verb != "delete":
        return
    if pool.is_default:
        raise Refused(_("The default pool cannot be deleted: make another one the default first."))
    if Stay.objects.filter(pool=pool).exists() or RecycleRule.objects.filter(pool=pool).exists():
        raise Refused(_("The pool still has customers or rules: move them to another pool first."))


def check_pool(pool: Pool) -> None:
    if pool.is_default and not pool.is_active:
        raise Invalid({"is_active": [_("The default pool stays in use: make another one the default first.")]})
    if getattr(pool, "_loaded", {}).get("content", pool.content) != pool.content:
        raise Invalid({"content": [_("What a pool holds stays as it is; set up another pool.")]})


def check_rule(rule: RecycleRule) -> None:
    """The day must be one of customers, and the condition readable."""
    if rule.count_from not in day_fields(rule.company):
        raise Invalid({"count_from": [_("Choose one from the list.")]})
    if rule.pool is not None and rule.pool.content != Content.CUSTOMERS:
        raise Invalid({"pool": [_("This pool holds something else.")]})
    if not rule.days:
        raise Invalid({"days": [_("At least one day.")]})
    try:
        parse(rule.where or {}, entity(ACCOUNT), rule.company)
    except FilterError as error:
        raise Invalid({"where": [str(error)]}) from error


def kept_history(_tenure: Any, actor: Any, verb: str) -> None:
    """Guard: who had a customer is written by the product alone."""
    raise Refused(_("The times of ownership are a record and cannot be changed."))


def untouchable(stay: Stay, actor: Any, verb: str) -> None:
    """Guard: who lies in a pool follows from claiming, assigning and giving back, and from nothing else."""
    raise Refused(_("A customer leaves the pool by being claimed, assigned or moved."))
