"""How duties and their figures are shown: countdowns, rates, and the list behind each figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.kernel import clock
from guanxi.rulebook.engine.times import Period
from guanxi.rulebook.queries.compliance import DECIDED, Tally
from guanxi.web import atoms
from guanxi.web.nav import link

Where = dict[str, Any]
HOUR, DAY_ENDS = timedelta(hours=1), (23, 59)


def countdown(moment: datetime, done: bool = False) -> SafeString:
    """How long until the moment: days, and within today the hour."""
    local, now = localtime(moment), clock.now()
    if done or local.date() != clock.today():
        return atoms.due(local, done)
    if moment < now:
        hours = max(int((now - moment) / HOUR), 1)
        text = ngettext("%(n)s hour overdue", "%(n)s hours overdue", hours) % {"n": hours}
        return _mark("over", local, text)
    late = (local.hour, local.minute) >= DAY_ENDS
    text = _("Today") if late else _("Today before %(time)s") % {"time": f"{local:%H:%M}"}
    return _mark("today", local, text)


def _mark(look: str, moment: datetime, text: str) -> SafeString:
    return format_html('<span class="due due-{}" title="{}">{}</span>', look, f"{moment:%Y-%m-%d %H:%M}", text)


def percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1f}%"


def points(now: float | None, before: float | None) -> str:
    """How far a rate has moved, in points of percent; "" where it has not, or there is nothing to compare."""
    if now is None or before is None or not round(now - before, 1):
        return ""
    return pgettext("rate", "%(n)s points") % {"n": f"{now - before:+.1f}"}


def tone(rate: float | None) -> str:
    """The colour a rate is shown in."""
    if rate is None:
        return ""
    return "green" if rate >= 90 else "amber" if rate >= 70 else "red"


def where(field: str, op: str, value: Any = None) -> Where:
    return {"f": field, "op": op, "v": value} if value is not None else {"f": field, "op": op}


def due(first: date, last: date) -> Where:
    if first == last:
        return where("due_at", "on", first.isoformat())
    return where("due_at", "between", [first.isoformat(), last.isoformat()])


def duties(*conditions: Where, states: Iterable[str] = ()) -> str:
    """The list of duties narrowed to what a figure counted."""
    wanted = list(states)
    return link("duties", *conditions, *([where("state", "in", wanted)] if wanted else ()))


def cells(tally: Tally, period: Period, *conditions: Where) -> list[dict[str, Any]]:
    """The figures of a line, each with its list: decided, on time, late, missed, waived, still open."""
    of = (due(period.first, period.last), *conditions)
    parts: list[tuple[int, tuple[str, ...], str]] = [(tally.decided, DECIDED, "")]
    parts += [(getattr(tally, name), (name,), "t-red" if name == "missed" else "")
              for name in ("met", "late", "missed", "waived", "open")]  # fmt: skip
    return [
        {"n": n, "href": duties(*of, states=states) if n else "", "tone": look if n else ""}
        for n, states, look in parts
    ]


def heads() -> tuple[str, ...]:
    """What `cells` counts."""
    return (
        _("Decided"),
        pgettext("duty", "On time"),
        pgettext("duty", "Late"),
        _("Missed"),
        _("Waived"),
        pgettext("duty", "Open"),
    )


def shares(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Wanted beside actual, the greatest wanted share first: a database need not keep the order of the parts."""
    wanted, actual = figures.get("wanted", {}), figures.get("shares", {})
    parts = sorted(wanted.items(), key=lambda part: (-part[1], part[0]))
    return [{"name": name, "wanted": share, "actual": actual.get(name, 0)} for name, share in parts]
