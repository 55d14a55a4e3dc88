"""What stands in people's calendars: apps declare their sources, pages and feeds show all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.addresses import record_url
from guanxi.org.models import Absence, User


@dataclass(frozen=True)
class Appointment:
    """Something on a day, or until `last`; without `starts` it has no hour.  `key` stays the same as long as it is the same thing."""

    key: str
    day: date
    title: str
    url: str = ""
    last: date | None = None
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    done: bool = False
    label: Any = ""
    icon: str = ""
    tone: str = ""

    @property
    def until(self) -> date:
        return self.last or self.day

    @property
    def order(self) -> tuple[date, bool, time, str]:
        """What appointments are sorted by: the day, whole days first, then the hour."""
        return self.day, self.starts is not None, self.starts or time.min, self.title


@dataclass(frozen=True)
class Asked:
    """Whose calendar is asked for, by whom, from the first to the last day, both included."""

    person: User
    viewer: User
    first: date
    last: date

    def rows(self, model: type[Any], day: str, owner: str = "owner") -> Any:
        """The person's rows of a model on these days, as far as the viewer sees them."""
        rows = model.objects.visible_to(self.viewer)
        return rows.filter(**{owner: self.person, f"{day}__range": (self.first, self.last)})


Source = Callable[[Asked], Iterable[Appointment]]
_sources: list[tuple[Any, str, str, Source]] = []


def calendar_source(label: Any, *, icon: str = "calendar", tone: str = "blue") -> Callable[[Source], Source]:
    """Register `appointments(asked)`: what the app knows of a person's days, inside the reach of `asked.viewer`."""

    def register(function: Source) -> Source:
        _sources.append((label, icon, tone, function))
        return function

    return register


def appointments(asked: Asked) -> list[Appointment]:
    """Everything of these days, in order."""
    found = [
        replace(one, label=label, icon=one.icon or icon, tone=one.tone or tone)
        for label, icon, tone, source in _sources
        for one in source(asked)
        if one.day <= asked.last and one.until >= asked.first
    ]
    return sorted(found, key=lambda one: one.order)


def on_day(found: Iterable[Appointment], day: date) -> list[Appointment]:
    """Those of them that touch a day."""
    return [one for one in found if one.day <= day <= one.until]


@calendar_source(_("Leave and travel"), icon="plane-departure", tone="gray")
def absences(asked: Asked) -> Iterable[Appointment]:
    rows = Absence.objects.visible_to(asked.viewer).filter(
        owner=asked.person, starts_on__lte=asked.last, ends_on__gte=asked.first
    )
    for row in rows:
        url = record_url("absences", row.pk)
        yield Appointment(f"absence-{row.pk}", row.starts_on, str(row.get_kind_display()), url, last=row.ends_on)
