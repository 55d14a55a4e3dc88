"""A head's people at a glance: duties, card review, what was sold the day before, silent customers and opportunities, overdue money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from guanxi.custody.models import CardReview
from guanxi.custody.queries.reviews import ZERO, day_before
from guanxi.customers.models import Account
from guanxi.deals.models import Opportunity
from guanxi.formats.dates import monday
from guanxi.kernel.filters.env import start_of
from guanxi.org.models import User
from guanxi.rulebook.engine.times import DAY, around
from guanxi.rulebook.models import Clause, Duty
from guanxi.rulebook.queries.compliance import Tally, duties_due, tally_by
from guanxi.rulebook.queries.owed import still_owed
from guanxi.sales.models import COUNTED, Order, Receivable

OPPORTUNITY = "deals.opportunity"
SILENT = timedelta(days=30)
SHARES_OF = timedelta(days=100)  # measured at the end of a month or quarter


@dataclass
class Mate:
    """One person of a head; `review` is this week's, `shares` what was measured last."""

    person: User
    open: int = 0
    today: int = 0
    overdue: int = 0
    month: Tally = field(default_factory=Tally)
    cards: int = 0
    silent: int = 0
    stuck: int = 0
    sold: Decimal = ZERO
    owed: Decimal = ZERO
    review: CardReview | None = None
    shares: Duty | None = None


def board(leader: Any, today: date) -> list[Mate]:
    """Who has duties or cards in the departments this person leads, the most overdue first: nine statements for all."""
    people = User.objects.filter(company_id=leader.company_id, is_active=True, department__in=leader.team_departments())
    rows = people.exclude(pk=leader.pk).select_related("department").order_by("department__path", "name")
    found = {one.pk: Mate(one) for one in rows}
    _duties(leader, found, today)
    _customers(leader, found, today)
    for review in CardReview.objects.filter(owner__in=found, week=monday(today)).select_related("reviewer"):
        found[review.owner_id].review = review
    shown = [one for one in found.values() if one.cards or one.open or one.month != Tally()]
    return sorted(shown, key=lambda one: -one.overdue)


def _duties(leader: Any, found: dict[int, Mate], today: date) -> None:
    by_now = Q(due_at__gte=start_of(today), due_at__lt=start_of(today + DAY), state=Duty.State.OPEN)
    owed = still_owed(leader).filter(owner__in=found).values("owner").annotate(
        n=Count("pk"), now=Count("pk", filter=by_now), late=Count("pk", filter=Q(state=Duty.State.MISSED))
    )  # fmt: skip
    for row in owed:
        one = found[row["owner"]]
        one.open, one.today, one.overdue = row["n"], row["now"], row["late"]
    month = around("month", today)
    for pk, counted in tally_by(duties_due(leader, month.first, month.last).filter(owner__in=found), "owner").items():
        found[pk].month = counted
    measured = duties_due(leader, today - SHARES_OF, today).filter(owner__in=found, clause__kind=Clause.Kind.SHARE)
    for duty in measured.exclude(figures={}).order_by("due_at", "pk"):
        found[duty.owner_id].shares = duty


def _customers(leader: Any, found: dict[int, Mate], today: date) -> None:
    silent = Q(last_contact_on=None) | Q(last_contact_on__lt=today - SILENT)
    if leader.may("view", "customers.account"):
        cards = Account.objects.visible_to(leader).filter(owner__in=found, retired_on=None).order_by().values("owner")
        for row in cards.annotate(n=Count("pk"), quiet=Count("pk", filter=silent)):
            found[row["owner"]].cards, found[row["owner"]].silent = row["n"], row["quiet"]
    if leader.may("view", OPPORTUNITY):
        rows = Opportunity.objects.visible_to(leader).filter(silent, owner__in=found, state="open")
        for pk, n in rows.order_by().values_list("owner").annotate(n=Count("pk")):
            found[pk].stuck = n
    if leader.may("view", "sales.order"):
        day = day_before(leader.company, today)
        orders = Order.objects.visible_to(leader).filter(ordered_on=day, state__in=COUNTED, owner__in=found)
        for pk, total in orders.order_by().values_list("owner").annotate(total=Sum("amount")):
            found[pk].sold = total or ZERO
    if leader.may("view", "sales.receivable"):
        late = Receivable.objects.visible_to(leader).filter(
            due_on__lt=today, open_amount__gt=0, account__owner__in=found
        )
        for pk, total in late.order_by().values_list("account__owner").annotate(total=Sum("open_amount")):
            found[pk].owed = total or ZERO
