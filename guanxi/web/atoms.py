"""Small marks that repeat in rows, as safe HTML: plain functions, so that a list of 50 rows stays cheap.

Names, phone numbers and amounts are never cached; only values from small fixed sets are.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.kernel import clock

Number = int | float | Decimal
# What stands where a value is missing.
DASH = SafeString('<span class="t3">—</span>')


@lru_cache(512)
def icon(name: str, cls: str = "") -> SafeString:
    """A picture from the sprite; the control around it carries the name."""
    extra = f" {escape(cls)}" if cls else ""
    href = f"{static('web/icons.svg')}#{escape(name)}"
    return SafeString(f'<svg class="ic{extra}" aria-hidden="true" focusable="false"><use href="{href}"/></svg>')


def avatar(name: str, cls: str = "", square: bool = False) -> SafeString:
    """First character on a colour that the name decides; people are round, companies square."""
    text = str(name).strip() or "?"
    extra = f"{' ' + escape(cls) if cls else ''}{' av-sq' if square else ''}"
    tone = sum(map(ord, text)) % 8
    return SafeString(f'<span class="av av-{tone}{extra}" aria-hidden="true">{escape(text[0])}</span>')


def badge(text: object, tone: str = "gray", ic: str = "") -> SafeString:
    """A state in at most six characters."""
    return SafeString(f'<span class="bdg bdg-{escape(tone)}">{icon(ic) if ic else ""}{escape(text)}</span>')


def tag(text: object) -> SafeString:
    """A label that a user gave; never coloured."""
    return SafeString(f'<span class="tag">{escape(text)}</span>')


def grade(code: str) -> SafeString:
    """Customer grade tile; the hidden word keeps the letter from standing alone."""
    if not code:
        return DASH
    letter = escape(str(code)[:2])
    hidden = f'<span class="visually-hidden">{escape(_("Grade"))} </span>'
    return SafeString(f'<span class="grade grade-{letter.lower()}">{hidden}{letter.upper()}</span>')


def _day(value: date | datetime) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value


def _days_until(value: date | datetime | int) -> int:
    return value if isinstance(value, int) else (_day(value) - clock.today()).days


def day(value: date | datetime | None) -> str:
    """`11月18日`; the year only when it is not this one."""
    if value is None:
        return "—"
    when = _day(value)
    parts = {"year": when.year, "month": when.month, "day": when.day}
    if when.year == clock.today().year:
        return pgettext("date", "%(month)s-%(day)s") % parts
    return pgettext("date", "%(year)s-%(month)s-%(day)s") % parts


def ago(value: date | datetime | int | None) -> str:
    """Relative day up to 30 days either way (an int counts days in the past), then the date."""
    if value is None:
        return "—"
    days = value if isinstance(value, int) else -_days_until(value)
    if days in (0, 1):
        return _("Yesterday") if days else _("Today")
    if not isinstance(value, int) and abs(days) > 30:
        return day(value)
    if days < 0:
        return ngettext("in %(n)s day", "in %(n)s days", -days) % {"n": -days}
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def moment(value: datetime | None) -> str:
    """`14:02` today, `昨天 15:10`, else `11月14日 16:40`."""
    if value is None:
        return "—"
    local = localtime(value)
    days = (clock.today() - local.date()).days
    time = f"{local:%H:%M}"
    return time if days == 0 else f"{_('Yesterday') if days == 1 else day(local)} {time}"


def due(value: date | datetime | int | None, done: bool = False) -> SafeString:
    """When something must be done (an int counts days from today): overdue red, today amber, else grey."""
    if value is None:
        return DASH
    days = _days_until(value)
    tip = "" if isinstance(value, int) else f' title="{value:%Y-%m-%d}"'
    if done or days > 0:
        text = day(value) if not isinstance(value, int) and (done or days > 30) else ago(-days)
        return SafeString(f'<span class="due"{tip}>{escape(text)}</span>')
    if days == 0:
        return SafeString(f'<span class="due due-today"{tip}>{escape(_("Today"))}</span>')
    text = ngettext("%(n)s day overdue", "%(n)s days overdue", -days) % {"n": -days}
    return SafeString(f'<span class="due due-over"{tip}>{escape(text)}</span>')


def bar(percent: Number | None, tone: str = "primary", cls: str = "") -> SafeString:
    """A progress bar of 0 to 100; the number stands beside it as text."""
    width = max(0.0, min(100.0, float(percent or 0)))
    extra = f" {escape(cls)}" if cls else ""
    return SafeString(
        f'<svg class="bar bar-{escape(tone)}{extra}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar-bg" width="100" height="6" rx="3"/>'
        f'<rect class="bar-fg" width="{width:.1f}" height="6" rx="3"/></svg>'
    )


def health(value: Number | None) -> SafeString:
    """Ring and number, 0 to 100: 70 and more is green, 50 and more amber."""
    if value is None:
        return DASH
    n = round(value)
    tone = "green" if n >= 70 else "amber" if n >= 50 else "red"
    return SafeString(
        f'<span class="health health-{tone}"><svg viewBox="0 0 36 36" aria-hidden="true">'
        f'<circle class="h-bg" cx="18" cy="18" r="15"/>'
        f'<circle class="h-fg" cx="18" cy="18" r="15" pathLength="100" stroke-dasharray="{n} 100"/></svg>'
        f'<span class="num">{n}</span></span>'
    )


def locked() -> SafeString:
    """Stands in the place of a value that the reader may not see."""
    return SafeString(f'<span class="locked">{icon("lock", "ic-s")}{escape(_("No access"))}</span>')


def secret(masked: object, url: str, what: object) -> SafeString:
    """A masked value with the button that asks the server (and its log) for the whole one."""
    label = escape(_("Show the full %(what)s (this is logged)") % {"what": what})
    return SafeString(
        f'<span class="secret num">{escape(masked)}<button class="ib ib-xs" type="button" aria-label="{label}" '
        f'hx-post="{escape(url)}" hx-target="closest .secret" hx-swap="outerHTML">{icon("eye")}</button></span>'
    )
