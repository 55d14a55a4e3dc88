"""The appraisal of a month: one figure for each person and item; apps above add items of their own (PERF-01)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Need
from guanxi.formats.money import exact
from guanxi.incentives.models import Entry, Unit
from guanxi.incentives.queries.ledger import month_after
from guanxi.interactions.models import ReturnVisit, ServiceRequest
from guanxi.kernel import clock
from guanxi.kernel.filters.env import start_of
from guanxi.org.models import User
from guanxi.rulebook.models import Duty

Values = dict[int, Any]
Body = Callable[[Sequence[int], date, date], Values]


@dataclass(frozen=True)
class Item:
    """`body(people, first, after)` gives a figure for each of these people it has one for."""

    key: str
    label: Any
    body: Body
    order: int
    show: Callable[[Any], str] = str  # how the sheet writes a figure

    def words(self, value: Any) -> str:
        return "—" if value is None else self.show(value)


_items: list[Item] = []


def item(key: str, label: Any, *, order: int, show: Callable[[Any], str] = str) -> Callable[[Body], Body]:
    """Register an item of the appraisal sheet."""

    def register(body: Body) -> Body:
        _items.append(Item(key, label, body, order, show))
        _items.sort(key=lambda one: one.order)
        return body

    return register


def items() -> list[Item]:
    return list(_items)


@dataclass(frozen=True)
class Sheet:
    person: User
    values: list[Any]  # in the order of the items; None where there is nothing to say


def sheets(people: Sequence[User], first: date) -> list[Sheet]:
    """The figures of a month for these people, one question for each item."""
    ids, after = [person.pk for person in people], month_after(first)
    found = [one.body(ids, first, after) for one in _items]
    return [Sheet(person, [values.get(person.pk) for values in found]) for person in people]


def percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


DECIDED = [Duty.State.MET, Duty.State.LATE, Duty.State.MISSED]


def _duties(people: Sequence[int], first: date, after: date) -> list[dict[str, Any]]:
    """Duties whose time was up in the month, counted by how they ended; waived and void ones do not count."""
    rows = Duty.objects.filter(owner__in=people, overdue_on__gte=first, overdue_on__lt=after, state__in=DECIDED)
    return list(
        rows.values("owner").order_by().annotate(
            n=Count("pk"),
            met=Count("pk", filter=Q(state=Duty.State.MET)),
            missed=Count("pk", filter=Q(state=Duty.State.MISSED)),
        )
    )  # fmt: skip


@item("duties", _("Duties due"), order=10)
def duties(people: Sequence[int], first: date, after: date) -> Values:
    return {row["owner"]: row["n"] for row in _duties(people, first, after)}


@item("quality", _("Completion quality (%)"), order=12)
def quality(people: Sequence[int], first: date, after: date) -> Values:
    """Kept, if late: of all that was due."""
    return {row["owner"]: percent(row["n"] - row["missed"], row["n"]) for row in _duties(people, first, after)}


@item("efficiency", _("Efficiency: in time (%)"), order=14)
def efficiency(people: Sequence[int], first: date, after: date) -> Values:
    return {row["owner"]: percent(row["met"], row["n"]) for row in _duties(people, first, after)}


@item("satisfaction", _("Customer satisfaction (of 5)"), order=16)
def satisfaction(people: Sequence[int], first: date, after: date) -> Values:
    """What one's own customers answered when they were asked back, whoever asked."""
    rows: Any = ReturnVisit.objects.filter(
        account__owner__in=people, satisfaction__isnull=False, done_at__gte=start_of(first), done_at__lt=start_of(after)
    )
    found = rows.values("account__owner").order_by().annotate(mean=Avg("satisfaction"))
    return {row["account__owner"]: Decimal(row["mean"]).quantize(Decimal("0.1")) for row in found}


@item("requests", _("Complaints and requests: solved in time (%)"), order=18)
def requests(people: Sequence[int], first: date, after: date) -> Values:
    """Of the requests whose promised time was up in the month."""
    until = min(start_of(after), clock.now())
    rows = ServiceRequest.objects.filter(owner__in=people, due_at__gte=start_of(first), due_at__lt=until)
    found = (
        rows.values("owner").order_by().annotate(n=Count("pk"), good=Count("pk", filter=Q(solved_at__lte=F("due_at"))))
    )
    return {row["owner"]: percent(row["good"], row["n"]) for row in found}


@item("files", _("File data: completeness (%)"), order=20)
def files(people: Sequence[int], _first: date, _after: date) -> Values:
    """How complete the files of one's own customers are now."""
    rows = Account.objects.filter(owner__in=people, retired_on=None).values("owner").order_by()
    return {
        row["owner"]: Decimal(row["mean"]).quantize(Decimal("0.1")) for row in rows.annotate(mean=Avg("completeness"))
    }


@item("needs", _("Needs analysis: entries"), order=24)
def needs(people: Sequence[int], first: date, after: date) -> Values:
    rows = Need.objects.filter(created_by__in=people, on__gte=first, on__lt=after).values("created_by").order_by()
    return {row["created_by"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _booked(unit: str) -> Body:
    def body(people: Sequence[int], first: date, _after: date) -> Values:
        rows = Entry.objects.filter(owner__in=people, month=first, unit=unit, booked_on__isnull=False)
        return dict(rows.values_list("owner").annotate(total=Sum("amount")).order_by())

    return body


item("yuan", _("Incentives of the month (yuan)"), order=90, show=exact)(_booked(Unit.YUAN))
item("points", _("Incentives of the month (points)"), order=92, show=exact)(_booked(Unit.POINTS))
