"""The State Council's notice on holidays, read as people paste it: one line a holiday, days off and weekends worked."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from guanxi.formats.values import BadValue
from guanxi.formats.workdays import Day, Kind

ITEM = re.compile(r"^[（(]?[一二三四五六七八九十\d]*[）)]?[、.．]?\s*(?P<name>[^：:\d]{1,20})[：:](?P<rest>.+)$")
DAY = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:[（(](?P<inside>[^）)]*)[）)])?")
SPAN = re.compile(r"^\s*[至到\-–—~～]+\s*$")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
LONGEST = 20  # days of one holiday


def read_notice(text: str, year: int) -> list[Day]:
    """The days a notice for `year` names, in order; BadValue says which line cannot be right."""
    days: dict[date, Day] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        item = ITEM.match(line)
        if item is None or "日" not in item["rest"]:
            continue  # the heading, and what it asks of everybody
        for sentence in re.split(r"[。；;]", item["rest"]):
            kind: Kind | None = "workday" if "上班" in sentence else "legal_holiday" if "放假" in sentence else None
            if kind is not None:
                days |= {day: Day(day, kind, item["name"].strip()) for day in _days(sentence, year)}
    if not days:
        raise BadValue(_("No line of the text names days off or days worked."))
    return [days[day] for day in sorted(days)]


def _days(sentence: str, year: int) -> list[date]:
    found: list[date] = []
    month, end = 0, 0
    for match in DAY.finditer(sentence):
        own_year, month = int(match["year"] or 0), int(match["month"] or month)
        day = _date(own_year or (found[-1].year if found else year), month, int(match["day"]), match[0])
        _check_weekday(day, match["inside"] or "", match[0])
        if found and SPAN.match(sentence[end : match.start()]):
            length = (day - found[-1]).days
            if not 0 < length <= LONGEST:
                raise BadValue(_("This span of days cannot be right: %(text)s") % {"text": sentence.strip()})
            found += [found[-1] + timedelta(days=n) for n in range(1, length + 1)]
        else:
            found.append(day)
        end = match.end()
    return found


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadValue(_("There is no such day: %(text)s") % {"text": text}) from error


def _check_weekday(day: date, inside: str, text: str) -> None:
    """The notice names the weekday: one that does not fit betrays the wrong year."""
    named = WEEKDAY.search(inside)
    if named and WEEKDAYS.index(named[1].replace("天", "日")) != day.weekday():
        words = {"text": text, "day": day.isoformat(), "weekday": WEEKDAYS[day.weekday()]}
        raise BadValue(_("%(text)s does not fit the year: %(day)s is 周%(weekday)s.") % words)
