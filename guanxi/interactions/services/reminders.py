"""Every morning: who is to be asked back, computed from purchases, classes and gaps; and a word to whoever has work due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Stage
from guanxi.customers.queries.tiers import matrix
from guanxi.customers.services.follow import PURCHASER_CHANGED
from guanxi.interactions.models import ReturnVisit, Visit
from guanxi.interactions.queries.rules import rules_of
from guanxi.interactions.services.returns import Reason, open_return
from guanxi.kernel import clock, work
from guanxi.kernel.events import Event, listen
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.org.services import tell

MOST = 2000  # of one reason in one morning; the rest follows on the next days
THIN = 60  # percent of a file
KEPT = Q(owner__is_active=True, retired_on=None)
TOP = Q(is_key=True) | Q(grade="A")


@job("interactions.returns", at_hour=7)
def open_due(run: Run) -> dict[str, Any]:
    """Return visits that purchases, classes, the calendar and thin files ask for (RV-01, RV-03, RV-04, RV-05, RV-09)."""
    made = 0
    for company in Company.objects.all():
        for reason, days, accounts in _wanted(company, clock.today()):
            made += work.unit_of_work(lambda r=reason, d=days, a=accounts: _open(r, d, a))  # type: ignore[misc]
    return {"opened": made}


def _wanted(company: Company, today: date) -> list[tuple[str, int, QuerySet[Any]]]:
    rules, rows = rules_of(company), Account.objects.filter(KEPT, company=company)
    found: list[tuple[str, int, QuerySet[Any]]] = []
    if rules.purchase_days:
        bought = rows.filter(last_order_on__range=(today - timedelta(days=rules.purchase_days), today))
        found.append(
            (Reason.PURCHASE, rules.purchase_days, _unasked(bought, Reason.PURCHASE, OuterRef("last_order_on")))
        )
    if rules.gap_days:
        thin = rows.filter(TOP, completeness__lt=THIN)
        since = today - timedelta(days=90)
        found.append((Reason.DATA, rules.gap_days, _unasked(thin, Reason.DATA, since)))
    for days, among in _intervals(company, rows):
        found.append((Reason.PERIODIC, 7, _unasked(among, "", today - timedelta(days=days))))
    if rules.annual_month == today.month:
        bought = rows.exclude(stage__in=[Stage.POTENTIAL, Stage.LOST])
        found.append((Reason.ANNUAL, 30, _unasked(bought, Reason.ANNUAL, today.replace(month=1, day=1))))
    return found


def _intervals(company: Company, rows: QuerySet[Any]) -> Iterator[tuple[int, QuerySet[Any]]]:
    """Every how many days which customers are asked back: as they themselves need it, else as their class says (RV-09)."""
    own = rows.exclude(contact_every=None).order_by("contact_every")
    for days in own.values_list("contact_every", flat=True).distinct():
        yield days, rows.filter(contact_every=days)
    for grade, policy in matrix(company.pk).items():
        if policy.contact_days:
            yield policy.contact_days, rows.filter(TOP, grade=grade, contact_every=None)


def _unasked(rows: QuerySet[Any], reason: str, since: Any) -> QuerySet[Any]:
    """Those without a return visit (for this reason) that is open or was due since then."""
    asked = ReturnVisit.objects.filter(account=OuterRef("pk")).exclude(state=ReturnVisit.State.DROPPED)
    asked = asked.filter(reason=reason) if reason else asked
    return rows.filter(~Exists(asked.filter(Q(due_on__gte=since) | Q(state="open")))).order_by("pk")[:MOST]  # type: ignore[no-any-return]


def _open(reason: str, days: int, accounts: QuerySet[Any]) -> int:
    made = 0
    for account in accounts:
        first = account.last_order_on if reason == Reason.PURCHASE else clock.today()
        made += open_return(account, reason, first + timedelta(days=days)) is not None
    return made


@listen(PURCHASER_CHANGED)
def greet_purchaser(event: Event) -> None:
    """Somebody else buys there now: that person is called soon (RV-03)."""
    account = Account.objects.filter(KEPT, pk=event.payload["id"]).select_related("company").first()
    if account is None:
        return
    days = rules_of(account.company).gap_days
    if days:
        due = clock.today() + timedelta(days=days)
        work.unit_of_work(lambda: open_return(account, Reason.CONTACT, due))


@job("interactions.remind", at_hour=8)
def remind(run: Run) -> dict[str, Any]:
    """One word a day to each person with visits, return visits or contacts due, or with key customers gone silent (LIFE-04)."""
    told = 0
    for company in Company.objects.all():
        told += work.unit_of_work(lambda company=company: _remind(company, clock.today()))  # type: ignore[misc]
    return {"told": told}


def _remind(company: Company, today: date) -> int:
    rules = rules_of(company)
    cards = Account.objects.filter(KEPT, company=company)
    silent = cards.filter(TOP, last_contact_on__lt=today - timedelta(days=rules.silent_days or 36500))
    sources: tuple[tuple[Any, QuerySet[Any]], ...] = (
        (_("visits %(n)d"), Visit.objects.filter(company=company, day=today, state="planned")),
        (_("return visits due %(n)d"), ReturnVisit.objects.filter(company=company, state="open", due_on__lte=today)),
        (_("contacts due %(n)d"), cards.filter(next_contact_on__lte=today)),
        (_("silent key customers %(n)d"), silent),
    )
    words: dict[int, list[str]] = defaultdict(list)
    for text, rows in sources:
        counted = rows.filter(owner__is_active=True).order_by().values_list("owner").annotate(n=Count("pk"))
        for owner, n in counted:
            words[owner].append(str(text % {"n": n}))
    for person in User.objects.filter(pk__in=words):
        said = "、".join(words[person.pk])
        tell([person], _("Today: %(what)s") % {"what": said}, url=reverse("visit-pack"), icon="phone-call")
    return len(words)
