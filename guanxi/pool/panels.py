"""What pools show: the reader's quota above the list, who had a customer, how a customer stands, whom a rule would take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.customers.models import Account, Contact
from guanxi.kernel import clock
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.pool.models import Pool, RecycleRule, Stay, Watch
from guanxi.pool.queries import ACCOUNT, CLOSABLE, STAY, broken, due_by, due_days, pools_of, tenures
from guanxi.pool.services.limits import allowance
from guanxi.web.paging import count_up_to
from guanxi.web.panels import panel

RULE = "pool.recyclerule"
SHOWN = 20


@panel(STAY, "pool/quota.html", place="list")
def quota(listing: Any, user: Any) -> dict[str, Any] | None:
    """What the reader holds and may still claim today: in the chosen pool, else in each of their pools."""
    mine = pools_of(user)
    chosen = [pool for pool in mine if listing.tab.key == f"pool-{pool.pk}"] or mine[:3]
    if not chosen or not user.may("claim", STAY):
        return None
    return {"lines": [{"pool": pool, "left": allowance(pool, user)} for pool in chosen], "named": len(chosen) > 1}


@panel(STAY, "pool/closed.html", order=10)
def closed(stay: Stay, user: Any) -> dict[str, Any] | None:
    """Which parts of the file open with the claim."""
    names, fields = user.masked_fields(STAY), entity(STAY).fields_for(user.company)
    labels = [str(fields[name].label) if name in fields else _("Contacts") for name in CLOSABLE if name in names]
    return {"labels": labels} if labels else None


@panel(STAY, "pool/people.html", place="rail", order=10, needs="customers.contact")
def people(stay: Stay, user: Any) -> dict[str, Any] | None:
    """The customer's contacts, where no pool of the reader hides them."""
    if "contacts" in user.masked_fields(STAY):
        return None
    barred = user.masked_fields("customers.contact") | user.closed_fields("customers.contact")
    rows = Contact.objects.filter(account=stay.account_id, left_on=None).order_by("-is_primary", "pk")[:8]
    return {"people": [(row, "" if "mobile" in barred else row.mobile or row.phone) for row in rows]}


@panel(STAY, "pool/history.html", place="rail", order=20)
def history(stay: Stay, user: Any) -> dict[str, Any]:
    """Who had the customer from when to when, and why it came back."""
    return _history(stay)


@panel(STAY, "pool/history.html", place="verb:claim")
def before_claiming(stay: Stay, user: Any) -> dict[str, Any]:
    return _history(stay)


def _history(stay: Stay) -> dict[str, Any]:
    return {"tenures": tenures(stay.account_id), "stay": stay}


def with_standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("stay__pool", "watch__rule")


@panel(ACCOUNT, "pool/standing.html", order=5, along=with_standing)
def standing(account: Account, user: Any) -> dict[str, Any] | None:
    """Protected, about to be recycled, or in a pool."""
    stay: Stay | None = getattr(account, "stay", None)
    watch: Watch | None = getattr(account, "watch", None)
    if stay is None and (watch is None or not (watch.protected or watch.recycle_on)):
        return None
    seen = stay is not None and Stay.objects.visible_to(user).filter(pk=stay.pk).exists()
    return {"stay": stay, "url": record_url("pool", stay.pk) if stay and seen else "", "watch": watch}


@panel(RULE, "pool/preview.html", order=10, needs=ACCOUNT)
def preview(rule: RecycleRule, user: Any) -> dict[str, Any]:
    """Whom the rule would take, as far as the reader sees customers; also while it is switched off (BEYOND-02)."""
    if why := broken(rule):
        return {"broken": why, "rule": rule}
    today = clock.today()
    mine = Account.objects.visible_to(user).order_by("pk")
    counts = []
    for days, words in ((0, _("due today")), (7, _("within 7 days")), (30, _("within 30 days"))):
        rows = mine.filter(pk__in=due_by(rule, today + timedelta(days=days), today).order_by().values("pk"))
        counts.append((words, count_up_to(rows)))
    ids = list(rows.values_list("pk", flat=True)[:SHOWN])
    due = due_days([rule], ids, today)
    names = Account.objects.filter(pk__in=ids).select_related("owner")
    found = sorted((due[row.pk].on, row.pk, row) for row in names if row.pk in due)
    return {"counts": counts, "rows": [(max(on, today), row) for on, _pk, row in found], "rule": rule}


@panel("pool.pool", "pool/served.html", order=10)
def served(pool: Pool, user: Any) -> dict[str, Any]:
    """Whom the pool serves and who administers it."""
    return {"departments": pool.departments.order_by("path"), "administrators": pool.administrators.order_by("name")}
