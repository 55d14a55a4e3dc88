"""What a supervisor sees of the cards of each person, who has not been reviewed, and what customers owe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, Q, QuerySet, Sum

from guanxi.custody.models import CardReview, DayTalk, SalesPlan
from guanxi.customers.models import Account
from guanxi.formats.dates import monday
from guanxi.org.models import User
from guanxi.sales.models import COUNTED, Order, Receipt, Receivable
from guanxi.sales.queries import Balance, balances
from guanxi.worktime.queries import calendar_of

ZERO = Decimal(0)
MOST = 200
STALE = timedelta(days=90)


@dataclass
class Keeping:
    """One person's cards at a glance, the dealings of a day, and what has been said about both."""

    person: User
    cards: int = 0
    completeness: int = 0
    no_next: int = 0
    stale: int = 0
    changed_at: Any = None
    ordered: Decimal = ZERO
    orders: int = 0
    received: Decimal = ZERO
    review: CardReview | None = None
    talk: DayTalk | None = field(default=None)


def day_before(company: Any, today: date) -> date:
    """The last working day before today: the one a head talks about with the people, after holidays too (CARD-08)."""
    return calendar_of(company.pk, company.config_version).add_workdays(today, -1)


def led_by(leader: Any) -> QuerySet[User]:
    """People of the departments this person leads who keep cards."""
    keepers = Account.objects.filter(company_id=leader.company_id, owner__isnull=False).order_by().values("owner")
    rows = User.objects.filter(company_id=leader.company_id, is_active=True, department__in=leader.team_departments())
    return rows.filter(pk__in=keepers).exclude(pk=leader.pk).order_by("name")  # type: ignore[no-any-return]


def keepings(leader: Any, day: date, today: date) -> list[Keeping]:
    """Every person with cards, asked in five statements however many there are."""
    found = {person.pk: Keeping(person) for person in led_by(leader)}
    cards = Account.objects.visible_to(leader).filter(owner__in=found, retired_on=None).order_by().values("owner")
    for row in cards.annotate(
        n=Count("pk"), full=Avg("completeness"), bare=Count("pk", filter=Q(next_contact_on=None)),
        old=Count("pk", filter=Q(updated_at__date__lt=today - STALE)), last=Max("updated_at"),
    ):  # fmt: skip
        one = found[row["owner"]]
        one.cards, one.completeness, one.no_next = row["n"], round(row["full"] or 0), row["bare"]
        one.stale, one.changed_at = row["old"], row["last"]
    for pk, n, amount in _of_day(Order.objects.filter(ordered_on=day, state__in=COUNTED), found):
        found[pk].orders, found[pk].ordered = n, amount
    for pk, _n, amount in _of_day(Receipt.objects.filter(received_on=day), found):
        found[pk].received = amount
    for review in CardReview.objects.filter(owner__in=found, week=monday(today)).select_related("reviewer"):
        found[review.owner_id].review = review
    for talk in DayTalk.objects.filter(owner__in=found, day=day).select_related("held_by"):
        found[talk.owner_id].talk = talk
    return list(found.values())


def _of_day(rows: Any, people: Iterable[int]) -> list[tuple[int, int, Decimal]]:
    """(person, number, amount) of orders or receipts, by who keeps the customer's card."""
    grouped = rows.filter(account__owner__in=list(people)).order_by().values("account__owner")
    found = grouped.annotate(n=Count("pk"), total=Sum("amount")).values_list("account__owner", "n", "total")
    return [(pk, n, total or ZERO) for pk, n, total in found]


def to_review(leader: Any, today: date) -> QuerySet[User]:
    """Whose cards this person has to go through this week (CARD-01)."""
    done = CardReview.objects.filter(company_id=leader.company_id, week=monday(today)).values("owner")
    return led_by(leader).exclude(pk__in=done).select_related("department")


def not_reviewed(company_id: int, week: date) -> list[User]:
    """People with cards whose cards nobody went through in that week."""
    keepers = Account.objects.filter(company_id=company_id, owner__isnull=False).order_by().values("owner")
    done = CardReview.objects.filter(company_id=company_id, week=week).values("owner")
    rows = User.objects.filter(company_id=company_id, is_active=True, pk__in=keepers).exclude(pk__in=done)
    return list(rows.select_related("department"))


def owing(user: Any) -> list[tuple[Balance, date | None]]:
    """CARD-09: sales against collections of customers that owe, the most overdue first, with the oldest due day."""
    rows = Receivable.objects.visible_to(user).filter(open_amount__gt=0).order_by()
    oldest = dict(rows.values_list("account").annotate(first=Min("due_on")))
    found = balances(user, list(oldest))
    ranked = sorted(found, key=lambda one: (-one.overdue, -one.balance, one.account_id))
    return [(one, oldest.get(one.account_id)) for one in ranked[:MOST]]


def sold_by_quarter(user: Any, year: int) -> dict[tuple[int, int], Decimal]:
    """What each keeper of cards sold in each quarter of a year, returns deducted."""
    rows = Order.objects.visible_to(user).filter(ordered_on__year=year, state__in=COUNTED, account__owner__isnull=False)
    found: dict[tuple[int, int], Decimal] = {}
    grouped = rows.order_by().values("account__owner", "ordered_on__quarter").annotate(total=Sum("amount"))
    for row in grouped:
        found[row["account__owner"], row["ordered_on__quarter"]] = row["total"] or ZERO
    return found


def plan_by_quarter(user: Any, year: int) -> list[dict[str, Any]]:
    """Planned and sold the year before, quarter by quarter, with the number of people planned for."""
    rows = SalesPlan.objects.visible_to(user).filter(year=year).order_by().values("quarter")
    found = rows.annotate(people=Count("pk"), planned=Sum("target"), sold=Sum("before"))
    return list(found.order_by("quarter"))


def card_keeping(person: User, since: date) -> dict[str, Any]:
    """CARD-07: how well a person keeps cards: reviews since a day, and how complete the cards are now."""
    reviews = CardReview.objects.filter(owner=person, week__gte=since).aggregate(n=Count("pk"), score=Avg("score"))
    cards = Account.objects.filter(owner=person, retired_on=None).aggregate(n=Count("pk"), full=Avg("completeness"))
    return {"reviews": reviews["n"], "score": reviews["score"], "cards": cards["n"], "completeness": cards["full"]}
