"""What the data puts on a meeting's agenda: apps declare their points, the meeting draws them (MEET-02)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.customers.models import Account, ClassAssignment
from guanxi.kernel.addresses import list_url
from guanxi.meetings.models import ActionItem
from guanxi.org.models import User

NAMED = 8  # rows told one by one


@dataclass(frozen=True)
class Facts:
    """What a point of the agenda says, line by line, and the page that shows it in full."""

    lines: list[str] = field(default_factory=list)
    url: str = ""


@dataclass(frozen=True)
class Period:
    """Since the last meeting until this one, as the one who draws the agenda may see it."""

    user: User
    first: date
    last: date


Point = Callable[[Period], Facts | None]
_points: dict[str, tuple[Any, int, Point]] = {}


def agenda_item(label: Any, *, position: int = 50) -> Callable[[Point], Point]:
    """Register `facts(period)` as a point of every agenda; None leaves it out."""

    def register(function: Point) -> Point:
        _points[f"{function.__module__}.{function.__qualname__}"] = (label, position, function)
        return function

    return register


def points() -> Iterable[tuple[str, Any, int, Point]]:
    """All points in the order of their positions: key, label, position, function."""
    for key, (label, position, function) in sorted(_points.items(), key=lambda pair: (pair[1][1], pair[0])):
        yield key[-60:], label, position, function


def listed(total: str, names: Iterable[str], more: int) -> list[str]:
    """A line that counts and a line for each row named; `more` says how many are left out."""
    lines = [total, *(f"· {name}" for name in names)]
    return [*lines, _("… and %(n)d more") % {"n": more}] if more > 0 else lines


@agenda_item(gettext_lazy("Action items of earlier meetings"), position=10)
def still_open(period: Period) -> Facts | None:
    rows = ActionItem.objects.visible_to(period.user).filter(state=ActionItem.State.OPEN).select_related("owner")
    count, shown = rows.count(), rows.order_by("due_on", "pk")[:NAMED]
    if not count:
        return None
    names = [f"{row.what}（{row.owner or ''} {row.due_on:%m-%d}）" for row in shown]
    url = f"{list_url('action-items')}?view=open"
    return Facts(listed(_("%(n)d action items are open") % {"n": count}, names, count - NAMED), url)


@agenda_item(gettext_lazy("New customers"), position=20)
def new_customers(period: Period) -> Facts | None:
    rows = Account.objects.visible_to(period.user).filter(
        created_at__date__gte=period.first, created_at__date__lte=period.last
    )
    count = rows.count()
    if not count:
        return None
    by = rows.order_by().values_list("department__name").annotate(n=Count("pk")).order_by("-n", "department__name")
    names = [f"{name or _('Without department')}：{n}" for name, n in by[:NAMED]]
    words = {"n": count, "first": period.first, "last": period.last}
    return Facts(listed(_("%(n)d new customers from %(first)s to %(last)s") % words, names, 0),
                 f"{list_url('customers')}?view=all")  # fmt: skip


@agenda_item(gettext_lazy("Class changes"), position=30)
def class_changes(period: Period) -> Facts | None:
    seen = Account.objects.visible_to(period.user).values("pk")
    rows = ClassAssignment.objects.filter(
        company_id=period.user.company_id, since__gte=period.first, since__lte=period.last, until=None, account__in=seen
    ).exclude(previous="")
    count = rows.count()
    if not count:
        return None
    shown = rows.select_related("account").order_by("-since", "-pk")[:NAMED]
    names = [f"{row.account.name}：{row.previous} → {row.class_code or '—'}" for row in shown]
    url = list_url("class-history")
    return Facts(listed(_("%(n)d customers changed class") % {"n": count}, names, count - NAMED), url)
