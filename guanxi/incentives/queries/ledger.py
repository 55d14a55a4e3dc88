"""Balances at any date, the sheet of a month, which months are closed, whom a person may propose something for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, Sum

from guanxi.incentives.models import Entry, MonthClose, Unit, this_month
from guanxi.org.models import User

LABEL = "incentives.entry"
ZERO = Decimal(0)


def booked(company_id: int) -> Any:
    """Every entry that counts."""
    return Entry.objects.filter(company_id=company_id, booked_on__isnull=False)


def balance(person: User, on: date | None = None) -> dict[str, Decimal]:
    """The sum of a person's entries up to a day, by unit."""
    rows = booked(person.company_id).filter(owner=person)
    if on is not None:
        rows = rows.filter(booked_on__lte=on)
    sums = dict(rows.values_list("unit").annotate(total=Sum("amount")).order_by())
    return {unit: sums.get(unit) or ZERO for unit in Unit.values}


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def closed_until(company_id: int) -> date | None:
    """The last closed month; those before it are closed, too."""
    last: date | None = MonthClose.objects.filter(company_id=company_id).aggregate(last=Max("month"))["last"]
    return last


def is_closed(company_id: int, month: date) -> bool:
    closed = closed_until(company_id)
    return closed is not None and month <= closed


def open_month(company_id: int, wanted: date) -> date:
    """The month itself while it is open, else the current one."""
    closed = closed_until(company_id)
    first = wanted.replace(day=1)
    return first if closed is None or first > closed else this_month()


def entries_of(user: User, first: date) -> Any:
    """The month's entries in the person's reach, by department and person, without cancelled proposals."""
    rows = Entry.objects.visible_to(user).filter(month=first).exclude(state=Entry.State.CANCELLED)
    return rows.select_related("owner", "department", "account", "clause__article__regulation").order_by(
        "department__name", "owner__name", "pk"
    )


def to_close(user: User) -> list[dict[str, Any]]:
    """The months that are over and not closed, the oldest first: what is booked in them and what nobody has decided yet."""
    closed, waiting = closed_until(user.company_id), (Entry.State.PROPOSED, Entry.State.OBJECTED)
    rows = Entry.objects.filter(company_id=user.company_id, month__lt=this_month())
    if closed is not None:
        rows = rows.filter(month__gt=closed)
    counted = Q(booked_on__isnull=False)
    return list(
        rows.order_by("month").values("month").annotate(
            n=Count("pk", filter=counted),
            yuan=Sum("amount", filter=counted & Q(unit=Unit.YUAN), default=Decimal(0)),
            points=Sum("amount", filter=counted & Q(unit=Unit.POINTS), default=Decimal(0)),
            waiting=Count("pk", filter=Q(state__in=waiting)),
        )
    )  # fmt: skip


@dataclass
class Line:
    """A person in a month: what was added, what was taken off, and what the account stands at when the month ends."""

    person: Any
    department: Any
    plus: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    minus: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    balance: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def cells(self) -> list[Decimal]:
        return [sums[unit] for unit in Unit.values for sums in (self.plus, self.minus, self.balance)]


def sums_of(rows: Iterable[Entry], first: date) -> list[Line]:
    """One line for each person; only what is booked counts."""
    lines: dict[int | None, Line] = {}
    for row in rows:
        if row.booked_on is not None:
            line = lines.setdefault(row.owner_id, Line(row.owner, row.department))
            (line.plus if row.amount > 0 else line.minus)[row.unit] += row.amount
    all_time = Entry.objects.filter(owner__in=list(lines), booked_on__isnull=False, month__lte=first)
    for owner, unit, total in all_time.values_list("owner", "unit").annotate(total=Sum("amount")).order_by():
        lines[owner].balance[unit] = total
    return list(lines.values())


def entries_about(pairs: Iterable[tuple[str, Iterable[int]]], user: User) -> Any:
    """Entries in the person's reach that rest on one of these records: (label, ids)."""
    where = Q(pk__in=[])
    for label, ids in pairs:
        where |= Q(evidence_label=label, evidence_id__in=ids)
    return Entry.objects.visible_to(user).filter(where).select_related("owner").order_by("-pk")


def reaches(actor: User, person: User) -> bool:
    """Whether the actor's right on the ledger extends to this person."""
    scopes = actor.access.grant(LABEL).scopes
    return actor.company_id == person.company_id and (
        "all" in scopes
        or person.pk == actor.pk
        or ("tree" in scopes and person.department_id in actor.access.departments)
    )


def people_in_reach(user: User) -> Any:
    """The active people whose figures the person may see: oneself, one's people, or all."""
    people: Any = User.objects
    rows = people.filter(company_id=user.company_id, is_active=True)
    scopes = user.access.grant(LABEL).scopes
    if "all" not in scopes:
        below = user.access.departments if "tree" in scopes else []
        rows = rows.filter(Q(pk=user.pk) | Q(department_id__in=below))
    return rows.select_related("department").order_by("department__name", "name", "pk")
