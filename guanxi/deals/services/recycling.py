"""Every night: open leads nobody has followed up go back into a pool, their owners told in time."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from django.utils.translation import ngettext

from guanxi.deals.models import Lead, LeadRecycleRule
from guanxi.deals.queries.leads import due_days, recyclable, rules_of
from guanxi.deals.services.leads import put_back
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.pool.models import Cause, Content
from guanxi.pool.queries import default_pool
from guanxi.pool.services.recycling import wanted
from guanxi.web.nav import link

BATCH = 500


@jobs.job("deals.recycle", at_hour=1)
def recycle(run: jobs.Run, as_of: str = "") -> dict[str, int]:
    """The nightly run over all companies; what it does follows from what stands in the database, so it may be repeated."""
    day = date.fromisoformat(as_of) if as_of else clock.today()
    total: Counter[str] = Counter()
    for company in Company.objects.order_by("pk"):
        rules, last = rules_of(company.pk), 0
        if not rules:
            Lead.objects.filter(company=company, recycle_on__isnull=False).update_silently(
                recycle_on=None, warned_on=None
            )
        rows = recyclable(company.pk).order_by("pk") if rules else Lead.objects.none()
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):

            def body(ids: list[int] = ids, rules: list[LeadRecycleRule] = rules) -> Counter[str]:
                run.fence()
                return _batch(ids, rules, day)

            total += work.unit_of_work(body, verb="deals.recycle")
            last = ids[-1]
    return dict(total)


def _batch(ids: list[int], rules: list[LeadRecycleRule], day: date) -> Counter[str]:
    """Write the expected day, tell whom it concerns, take what is due and was told."""
    due = due_days(rules, ids, day)
    soon: dict[int, list[Lead]] = defaultdict(list)
    gone: dict[int, list[Lead]] = defaultdict(list)
    for lead in Lead.objects.filter(pk__in=ids).order_by("pk"):
        one, owner = due.get(lead.pk), lead.owner_id
        on, _rule, warned = wanted(one, lead, day)
        if one is not None and on is not None and on <= day and (warned is not None or not one.rule.warn_days):
            pool = one.rule.pool if one.rule.pool and one.rule.pool.is_active else None
            pool = pool or default_pool(lead.company_id, Content.LEADS)
            if pool is not None and owner and put_back(lead, pool, Cause.RECYCLED, one.rule.name):
                gone[owner].append(lead)
            continue
        notice = one.rule.warn_days if one is not None else 0
        if on is not None and warned is None and notice and (on - day).days <= notice and owner:
            warned = day
            soon[owner].append(lead)
        if (lead.recycle_on, lead.warned_on) != (on, warned):
            Lead.objects.filter(pk=lead.pk).update_silently(recycle_on=on, warned_on=warned)
    _tell(soon, warning=True)
    _tell(gone, warning=False)
    return Counter(warned=sum(map(len, soon.values())), recycled=sum(map(len, gone.values())))


def _tell(by_owner: dict[int, list[Lead]], *, warning: bool) -> None:
    for owner, leads in by_owner.items():
        words = {"n": len(leads), "name": leads[0].name}
        if warning:
            text = ngettext(
                "%(n)s lead goes into the pool soon: %(name)s. Follow it up.",
                "%(n)s leads go into the pool soon, the first: %(name)s. Follow them up.",
                len(leads),
            )
        else:
            text = ngettext(
                "%(n)s lead has gone into the pool: %(name)s.",
                "%(n)s leads have gone into the pool, the first: %(name)s.",
                len(leads),
            )
        url = link("leads", view="recycling")
        tell(User.objects.filter(pk=owner, is_active=True), text % words, url=url, icon="recycle")
