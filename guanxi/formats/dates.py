"""Dates and times as people and spreadsheets write them; the company lives in Asia/Shanghai."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from guanxi.formats.values import BadValue, clean

SHANGHAI = ZoneInfo("Asia/Shanghai")

_YMD = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})(?!\d)\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_TIME = re.compile(
    r"(?P<half>上午|下午|晚上|am|pm)?\s*(?P<hour>\d{1,2})(?:[:时点](?P<minute>\d{1,2})?)?(?:[:分](?P<second>\d{1,2})"
    r"(?:\.\d+)?)?[分秒]?\s*(?P<half2>am|pm)?",
    re.IGNORECASE,
)
_ISO_ZONE = re.compile(r".+T.+(Z|[+-]\d{2}:?\d{2})")
# Serial numbers stand for 1927 to 2099; smaller ones are counts or years, not dates.
_SERIALS = range(10_000, 73_051)


def parse_date(value: str | float | date | datetime) -> date:
    """A day; a time behind it is dropped, an aware time is first moved to Asia/Shanghai."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return parse_datetime(value).astimezone(SHANGHAI).date()


def parse_datetime(value: str | float | date | datetime) -> datetime:
    """A moment, in UTC; without a zone it is read as Asia/Shanghai wall time, without a time as midnight."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    if isinstance(value, date):
        return _moment(value, time())
    if isinstance(value, int | float):
        return _compact(str(int(value))) if 10_000_000 <= value < 100_000_000 else _from_serial(float(value))
    text = clean(value)
    if _ISO_ZONE.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError as refusal:
            raise _unknown(value) from refusal
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    if _COMPACT.fullmatch(text):
        return _compact(text)
    day, rest = _split_day(text, value)
    return _moment(day, _parse_time(rest) if rest else time())


def _split_day(text: str, shown: str) -> tuple[date, str]:
    if found := _YMD.match(text):
        day = _day(int(found[1]), int(found[3]), int(found[4]))
    elif found := _YEAR_LAST.match(text):
        first, second = int(found[1]), int(found[3])
        if first != second and first <= 12 and second <= 12:
            raise BadValue(_("“%(text)s” can be read in two ways; write year-month-day, e.g. 2026-11-21."), text=shown)
        day = _day(int(found[4]), min(first, second), max(first, second))
    elif _SHORT_YEAR.match(text):
        raise BadValue(_("Write the year of “%(text)s” with four digits, e.g. 2026-11-21."), text=shown)
    else:
        raise _unknown(shown)
    return day, re.sub(r"^[\sT]+", "", text[found.end() :])


def _unknown(text: str) -> BadValue:
    return BadValue(_("“%(text)s” is not a date; write it like 2026-11-21."), text=text)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as refusal:
        raise BadValue(
            _("%(year)d-%(month)02d-%(day)02d does not exist in the calendar."),
            year=year,
            month=month,
            day=day,
        ) from refusal


def _compact(text: str) -> datetime:
    found = _COMPACT.fullmatch(text)
    if not found:
        raise _unknown(text)
    return _moment(_day(int(found[1]), int(found[2]), int(found[3])), time())


def _from_serial(serial: float) -> datetime:
    """Excel counts days from 1899-12-30 (its own calendar has a wrong 29 February 1900, long before our range)."""
    if not (math.isfinite(serial) and int(serial) in _SERIALS):
        raise BadValue(_("The number %(number)s is not a date; write it like 2026-11-21."), number=f"{serial:g}")
    seconds = round(serial % 1 * 86_400)
    wall = datetime(1899, 12, 30) + timedelta(days=int(serial), seconds=seconds)
    return wall.replace(tzinfo=SHANGHAI).astimezone(UTC)


def _parse_time(text: str) -> time:
    if not (found := _TIME.fullmatch(text)):
        raise BadValue(_("“%(text)s” is not a time; write it like 14:30."), text=text)
    hour, half = int(found["hour"]), (found["half"] or found["half2"] or "").lower()
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError as refusal:
        raise BadValue(_("“%(text)s” is not a time; write it like 14:30."), text=text) from refusal


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


def monday(day: date) -> date:
    """The first day of the day's week."""
    return day - timedelta(days=day.weekday())


def month_said(first: date) -> str:
    """A month as people say it: 2026年11月."""
    return pgettext("date", "%(month)s/%(year)s") % {"year": first.year, "month": first.month}
