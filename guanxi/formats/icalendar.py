"""Calendars as other programs subscribe to them: iCalendar text after RFC 5545."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line, without its end
PRODUCT = "-//Guanxi//Calendar//ZH"


@dataclass(frozen=True, slots=True)
class Event:
    """From a moment to a moment, both aware; or, as plain days, from the first to the last, both included."""

    uid: str
    summary: str
    first: date
    last: date
    url: str = ""
    place: str = ""
    details: str = ""
    category: str = ""


def write(name: str, events: Iterable[Event], stamp: datetime) -> str:
    """The calendar with its events; `stamp` is when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{_moment(stamp)}"
    if isinstance(event.first, datetime) and isinstance(event.last, datetime):
        yield f"DTSTART:{_moment(event.first)}"
        yield f"DTEND:{_moment(event.last)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"  # the end is the first day after
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escape(event.summary)}"
    texts = (("LOCATION", event.place), ("DESCRIPTION", event.details), ("CATEGORIES", event.category))
    yield from (f"{key}:{escape(text)}" for key, text in texts if text)
    if event.url:
        yield f"URL:{event.url}"
    yield "STATUS:CONFIRMED"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """A text as a value: control characters gone, line ends, commas, semicolons and backslashes written out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or (c >= " " and c != "\x7f"))
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def fold(line: str) -> str:
    """A long line broken before the 76th octet, never inside a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LONGEST:
            pieces.append(piece)
            piece, size = "", 1  # the blank that begins a continued line counts
        piece, size = piece + char, size + width
    return "\r\n ".join([*pieces, piece])


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"
