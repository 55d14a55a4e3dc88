"""How well return visits are kept: attainment, in time, coverage, by person and by class, beside the visit forms (RV-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from guanxi.customers.models import Account
from guanxi.interactions.models import ReturnVisit, Visit

State = ReturnVisit.State


@dataclass
class Line:
    """One person or class in a period: return visits due in it, customers and those asked back, forms of visits made."""

    key: Any
    name: str
    due: int = 0
    done: int = 0
    in_time: int = 0
    customers: int = 0
    asked: int = 0
    visits: int = 0
    same_day: int = 0

    @property
    def attainment(self) -> float | None:
        """Percent of what was due that has been done."""
        return _percent(self.done, self.due)

    @property
    def punctuality(self) -> float | None:
        """Percent of what was due that was done by its day."""
        return _percent(self.in_time, self.due)

    @property
    def coverage(self) -> float | None:
        """Percent of the customers who were asked back in the period."""
        return _percent(self.asked, self.customers)

    @property
    def prompt(self) -> float | None:
        """Percent of the visits whose form was written on the day of the visit."""
        return _percent(self.same_day, self.visits)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def by_person(user: Any, first: date, last: date) -> list[Line]:
    """Whose return visits fell due from `first` to `last`, both included; who has most left undone stands first."""
    return sorted(_lines(user, first, last, "owner", "owner__name"), key=lambda one: (one.done - one.due, one.name))


def by_class(user: Any, first: date, last: date) -> list[Line]:
    """The same by the class of the customer; A first, without class last."""
    return sorted(_lines(user, first, last, "account__grade", "account__grade"), key=lambda one: one.name or "~")


def _lines(user: Any, first: date, last: date, key: str, name: str) -> list[Line]:
    found: dict[Any, Line] = {}

    def line(pk: Any, title: Any) -> Line:
        return found.setdefault(pk, Line(pk, title or ""))

    returns = ReturnVisit.objects.visible_to(user).exclude(state=State.DROPPED).order_by()
    made = Q(state=State.DONE)
    due = returns.filter(due_on__range=(first, last)).annotate(_on=TruncDate("done_at")).values_list(key, name)
    for pk, title, n, done, in_time in due.annotate(
        n=Count("pk"), done=Count("pk", filter=made), in_time=Count("pk", filter=made & Q(_on__lte=F("due_on")))
    ):
        one = line(pk, title)
        one.due, one.done, one.in_time = n, done, in_time
    theirs = key.removeprefix("account__"), name.removeprefix("account__")
    cards = Account.objects.visible_to(user).filter(owner__isnull=False, retired_on=None).order_by()
    for pk, title, n in cards.values_list(*theirs).annotate(n=Count("pk")):
        line(pk, title).customers = n
    asked = returns.filter(made, done_at__date__range=(first, last), account__in=cards)
    link = f"account__{theirs[0]}", f"account__{theirs[1]}"
    for pk, title, n in asked.values_list(*link).annotate(n=Count("account", distinct=True)):
        line(pk, title).asked = n
    visits = Visit.objects.visible_to(user).filter(state="done", day__range=(first, last)).order_by()
    reported = visits.annotate(_on=TruncDate("done_at")).values_list(key, name)
    for pk, title, n, prompt in reported.annotate(n=Count("pk"), prompt=Count("pk", filter=Q(_on__lte=F("day")))):
        one = line(pk, title)
        one.visits, one.same_day = n, prompt
    return list(found.values())
