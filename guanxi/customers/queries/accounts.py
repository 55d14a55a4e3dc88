"""Questions about accounts: groups of companies, days to remember."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from guanxi.customers.models import Account, Contact, ImportantDate, Need
from guanxi.customers.models.accounts import DEEPEST
from guanxi.formats.workdays import lunar_birthday
from guanxi.kernel.prepared import once
from guanxi.org.models import User

LONGEST_WINDOW = 92  # days
NEWEST = 12  # entries a page shows at most


def newest_needs(account: Account, user: Any) -> list[Need]:
    """The customer's latest needs, with who noted them: asked once for all panels of a page."""
    return once(account, needs_of, user)


def needs_of(user: Any, account_id: int) -> QuerySet[Any]:
    rows = Need.objects.visible_to(user).filter(account=account_id).order_by("-on", "-pk")
    rows = rows.select_related("created_by").only("kind", "text", "on", "answer", "created_by__name")
    return rows[:NEWEST]  # type: ignore[no-any-return]


# -- groups of companies (GROUP-01)


def group_root(account: Account) -> Account:
    top = account
    for _level in range(DEEPEST):
        if top.parent is None:
            return top
        top = top.parent
    return top


def group_ids(account: Account) -> list[int]:
    """The account and everything below it: one query per level."""
    found = level = [account.pk]
    for _level in range(DEEPEST):
        level = list(Account.objects.filter(parent__in=level).values_list("pk", flat=True))
        if not level:
            break
        found = found + level
    return found


def group_totals(account: Account, user: User) -> dict[str, Any]:
    """Over the group as far as the person sees it: accounts, contacts, credit limit, and accounts by stage."""
    ids = group_ids(account)
    rows = Account.objects.visible_to(user).filter(pk__in=ids).order_by()
    totals = rows.aggregate(accounts=Count("pk"), credit_limit=Coalesce(Sum("credit_limit"), Decimal(0)))
    return {
        **totals,
        "contacts": Contact.objects.visible_to(user).filter(account__in=ids, left_on=None).count(),
        "stages": dict(rows.values_list("stage").annotate(n=Count("pk"))),
        "ids": ids,
    }


# -- days to remember (INFO-06)


@dataclass(frozen=True)
class Occasion:
    """A day to remember that falls on `on`; `row` is an Account, a Contact or an ImportantDate."""

    on: date
    row: Any
    lunar: bool = False


def occasions(user: User, first: date, days: int = 30) -> list[Occasion]:
    """Birthdays and other days in the person's scope from `first` for a number of days, solar and lunar, by date."""
    window = [first + timedelta(days=n) for n in range(min(days, LONGEST_WINDOW))]
    by_md = _month_days(window)
    lunar = Q(pk__in=[])
    for moon in {(born.month, born.day) for born in map(lunar_birthday, window)} | _thirtieths(window):
        lunar |= Q(lunar_month=moon[0], lunar_day=moon[1])
    found = []
    live: tuple[tuple[Any, str, Q], ...] = (
        (Account, "birth_md", Q(retired_on=None)), (Contact, "birth_md", Q(left_on=None)),
        (ImportantDate, "on_md", Q(yearly=True) | Q(on__in=window)),
    )  # fmt: skip
    for model, column, still in live:
        rows = model.objects.visible_to(user).filter(still)
        found += [Occasion(by_md[getattr(row, column)], row) for row in rows.filter(**{f"{column}__in": list(by_md)})]
        for row in rows.filter(lunar):
            moon_day = row.lunar if model is ImportantDate else row.lunar_birthday
            if (on := moon_day.next_after(first)) <= window[-1]:
                found.append(Occasion(on, row, lunar=True))
    return sorted(found, key=lambda occasion: (occasion.on, occasion.row.pk))


def _month_days(window: Iterable[date]) -> dict[int, date]:
    """The days of a window by month and day; 29 February is remembered on the 28th in other years."""
    found = {}
    for day in window:
        found[day.month * 100 + day.day] = day
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
            found[229] = day
    return found


def _thirtieths(window: list[date]) -> set[tuple[int, int]]:
    """Day 30 of the short months of the window, which is kept on day 29."""
    return {(born.month, 30) for born in map(lunar_birthday, window) if born.day == 29}
