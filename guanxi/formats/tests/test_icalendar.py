"""iCalendar text: folding inside 75 octets, escaping, moments in UTC, whole days with an exclusive end."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from guanxi.formats.icalendar import Event, escape, fold, write

STAMP = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def unfold(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def unescape(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


@given(st.text(max_size=400))
def test_any_text_comes_back_and_no_line_is_longer_than_75_octets(text: str) -> None:
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(c for c in clean if c in "\n\t" or (c >= " " and c != "\x7f"))
    line = f"SUMMARY:{escape(text)}"
    assert "\n" not in line
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert unescape(folded.replace("\r\n ", "").removeprefix("SUMMARY:")) == clean


def test_separators_are_written_out() -> None:
    assert escape("a,b;c\\d\ne\x07") == "a\\,b\\;c\\\\d\\ne"


def test_a_calendar_with_a_meeting_and_a_journey() -> None:
    meeting = Event(
        "meeting-1@crm.example", "客户会议, 华东; 讨论", datetime(2026, 11, 23, 14, tzinfo=SHANGHAI),
        datetime(2026, 11, 23, 15, 30, tzinfo=SHANGHAI), url="https://crm.example/meetings/1/", place="一号会议室",
    )  # fmt: skip
    journey = Event("absence-2@crm.example", "出差", date(2026, 11, 24), date(2026, 11, 25))
    text = write("林知远的日程", [meeting, journey], STAMP)
    assert text.endswith("END:VCALENDAR\r\n") and text.count("\r\n") == text.count("\n")
    lines = unfold(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guanxi//Calendar//ZH"]
    assert "SUMMARY:客户会议\\, 华东\\; 讨论" in lines
    assert [line for line in lines if line.startswith(("DTSTART:", "DTEND:"))] == [
        "DTSTART:20261123T060000Z",
        "DTEND:20261123T073000Z",
    ]
    assert "DTSTART;VALUE=DATE:20261124" in lines and "DTEND;VALUE=DATE:20261126" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == lines.count("DTSTAMP:20261122T010203Z") == 2
