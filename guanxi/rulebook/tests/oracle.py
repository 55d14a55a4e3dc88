"""What the clauses mean, once more, slowly and in plain Python: loops over lists of facts, no database, no engine.

It knows the clause texts only: "within n days (working days) of an order somebody talks to the customer", "every week or
month each key customer is talked to n times", each with grace and with the version of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guanxi.formats.workdays import PACKAGED

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Law:
    """A version: for `within` n and its unit, for `every` the period and the number of talks."""

    code: str
    kind: str
    since: date
    n: int = 1
    unit: str = "days"
    grace: int = 0


@dataclass(frozen=True)
class Found:
    code: str
    about: int
    due: date
    state: str
    met_on: date | None


def later(day: date, n: int, unit: str) -> date:
    if unit == "days":
        return day + n * DAY
    if unit == "weeks":
        return day + 7 * n * DAY
    left = n
    while left:
        day += DAY
        left -= PACKAGED.is_workday(day)
    return day


def last_of(first: date, unit: str) -> date:
    if unit == "week":
        return first + 6 * DAY
    day = first
    while (day + DAY).month == first.month:
        day += DAY
    return day


def begins(day: date, unit: str) -> bool:
    return day.weekday() == 0 if unit == "week" else day.day == 1


def verdict(law: Law, last_day: date, found: date | None, today: date) -> str:
    if found is not None and found <= last_day:
        return "met"
    if found is not None and law.kind == "within":
        return "late"
    return "missed" if today > last_day else "open"


def duties(laws: list[Law], customers: dict[int, date], orders: dict[int, tuple[int, date]],
           talks: list[tuple[int, date]], today: date) -> set[Found]:  # fmt: skip
    """`customers` with the day they became key customers, `orders` as (customer, day), `talks` likewise; all up to `today`."""
    result = set()
    heard = sorted((day, who) for who, day in talks if day <= today)
    for code in {law.code for law in laws}:
        versions = sorted((law for law in laws if law.code == code), key=lambda law: law.since)
        day = versions[0].since
        while day <= today:
            law = [one for one in versions if one.since <= day][-1]
            if law.kind == "within":
                for pk, (who, on) in orders.items():
                    if on == day:
                        due = later(day, law.n, law.unit)
                        end = due + law.grace * DAY
                        proof = next((at for at, whom in heard if whom == who and at >= day), None)
                        result.add(Found(code, pk, due, verdict(law, end, proof, today), proof))
            elif begins(day, law.unit):
                due = last_of(day, law.unit)
                end = due + law.grace * DAY
                for who in customers:
                    mine = [at for at, whom in heard if whom == who and day <= at <= end]
                    proof = mine[law.n - 1] if len(mine) >= law.n else None
                    result.add(Found(code, who, due, verdict(law, end, proof, today), proof))
            day += DAY
    return result
