"""What the open pipeline promises, by person and month, and what has changed in it since a day (SALE-02, SALE-10)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from guanxi.audit.models import Entry
from guanxi.deals.models import Opportunity, StageMove
from guanxi.deals.models.opportunities import Forecast, Move
from guanxi.deals.queries.stages import OPPORTUNITY
from guanxi.formats.money import cents
from guanxi.kernel.filters.env import start_of
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum

ZERO = Decimal(0)
UNDATED = date.max  # opportunities without an expected day of closing


@dataclass
class Outlook:
    """One person and one month: what is expected to close then, and what was won in it.

    `weighted` is the sum of amount times probability without what is left out of the forecast; `by` has the amounts by
    category.  Amounts are added up as they stand, whatever their currency.
    """

    owner_id: int | None
    owner: str
    month: date  # its first day; UNDATED where no day is expected
    number: int = 0
    amount: Decimal = ZERO
    weighted: Decimal = ZERO
    won: Decimal = ZERO
    by: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(Forecast.values, ZERO))


def forecast(user: User, first: date | None = None, last: date | None = None, **narrow: Any) -> list[Outlook]:
    """By person and month of expected closing, as far as this person sees; `narrow` are conditions of opportunities.

    Without `first` overdue and undated ones are included.  Opportunities won in the time stand in `won`.
    """
    found: dict[tuple[int | None, date], Outlook] = {}
    rows = Opportunity.objects.visible_to(user).filter(**narrow).order_by()
    expected = _by_month(rows.filter(state="open"), "expected_on", first, last, "forecast", "probability")
    for owner, name, month, category, probability, number, amount in expected:
        one = _of(found, owner, name, month)
        one.number += number
        one.amount += amount
        one.by[category] += amount
        if category != Forecast.OMITTED:
            one.weighted += amount * probability / 100
    if first is not None:
        for owner, name, month, _number, amount in _by_month(rows.filter(state="won"), "won_on", first, last):
            _of(found, owner, name, month).won += amount
    for one in found.values():
        one.weighted = cents(one.weighted)
    return sorted(found.values(), key=lambda one: (one.owner, one.month))


def _by_month(
    rows: QuerySet[Any], day: str, first: date | None, last: date | None, *columns: str
) -> Iterable[tuple[Any, ...]]:
    """Number and amount by owner, month and these columns, added up by the database."""
    if first is not None:
        rows = rows.filter(**{f"{day}__gte": first})
    if last is not None:
        rows = rows.filter(**{f"{day}__lte": last})
    keys = ("owner", "owner__name", "month", *columns)
    rows = rows.annotate(month=TruncMonth(day))
    return rows.values_list(*keys).annotate(n=Count("pk"), total=money_sum("amount"))  # type: ignore[no-any-return]


def _of(
    found: dict[tuple[int | None, date], Outlook], owner: int | None, name: str | None, month: date | None
) -> Outlook:
    month = month or UNDATED
    return found.setdefault((owner, month), Outlook(owner, name or "", month))


@dataclass
class Changes:
    """What happened to the pipeline since a day: ids of opportunities by what happened, and how much it was about."""

    since: date
    ids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    details: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """`kind` is one of begun, advanced, back, won, lost, reopened, amount, date; old and new are as people read them."""

    kind: str
    opportunity_id: int
    name: str
    owner: str
    amount: Decimal  # of the opportunity now; for a changed amount the difference
    old: str = ""
    new: str = ""
    on: date | None = None


def changes(user: User, since: date, **narrow: Any) -> Changes:
    """What has changed since that day in the opportunities this person sees: moves, amounts, expected days."""
    found = Changes(since)
    rows = Opportunity.objects.visible_to(user).filter(**narrow)
    moves = StageMove.objects.filter(opportunity__in=rows.values("pk"), on__gte=since)
    told = moves.select_related("opportunity__owner", "before", "after").order_by("pk")
    begun: set[int] = set()
    for move in told:
        row = move.opportunity
        if move.kind == Move.BEGUN:
            begun.add(row.pk)
        names = str(move.before or ""), str(move.after or "")
        _add(found, Change(move.kind, row.pk, row.name, str(row.owner or ""), row.amount, *names, move.on))
    for change in _typed(rows, since, begun):
        _add(found, change)
    return found


def _add(found: Changes, change: Change) -> None:
    if change.opportunity_id not in found.ids[change.kind]:  # two steps of one opportunity are about its amount once
        found.ids[change.kind].append(change.opportunity_id)
        found.amounts[change.kind] += change.amount
    found.details.append(change)


def _typed(rows: QuerySet[Any], since: date, begun: set[int]) -> list[Change]:
    """Amounts and expected days that differ from what they were at the beginning of the day, out of the trail."""
    touched = Q(old__contains='"amount"') | Q(old__contains='"expected_on"')
    entries = Entry.objects.filter(touched, label=OPPORTUNITY, at__gte=start_of(since))
    first: dict[tuple[int, str], tuple[Any, date]] = {}
    for pk, at, text in entries.order_by("pk").values_list("object_id", "at", "old"):
        for name, value in json.loads(text).items():
            if name in ("amount", "expected_on") and pk not in begun:
                first.setdefault((pk, name), (value, timezone.localtime(at).date()))
    known = rows.select_related("owner").in_bulk({pk for pk, _name in first})
    found = []
    for (pk, name), (value, on) in first.items():
        if (row := known.get(pk)) is None:
            continue
        if name == "amount" and (before := Decimal(str(value or 0))) != row.amount:
            words = (f"{before:,.2f}", f"{row.amount:,.2f}")
            found.append(Change("amount", pk, row.name, str(row.owner or ""), row.amount - before, *words, on))
        elif name == "expected_on" and str(value or "") != str(row.expected_on or ""):
            words = (str(value or "—"), str(row.expected_on or "—"))
            found.append(Change("date", pk, row.name, str(row.owner or ""), row.amount, *words, on))
    return found
