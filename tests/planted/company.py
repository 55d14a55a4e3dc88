"""The whole planted company: all stories, the ready rulebooks in force from the first day, and its evenings."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from guanxi.kernel import clock, work
from guanxi.kernel.models import Company
from guanxi.kernel.models.pour import insert
from guanxi.rulebook.services.books import load, ready
from tests.planted import agreements, customers, people
from tests.planted.year import FIRST, Year, at


def planted(company: Company, *, last: date, branches: int, sellers: int, stories: int, crowd: int = 0) -> Year:
    """`stories` of each kind about customers; a `crowd` of customers of whom there is nothing to tell."""
    needed = 12 * stories + 3 * branches * sellers + branches + 60
    year = Year(company, last, branches, sellers, needed + crowd)
    year.found()
    for tell in (
        customers.orders, customers.selling, customers.moments_of_change, customers.classes, customers.files, customers.needs_and_letters,
        customers.requests, customers.registrations, customers.visits, customers.tasks_and_findings, agreements.agreements, agreements.deliveries, people.errands,
        people.rules_and_money,
    ):  # fmt: skip
        tell(year, stories)
    for tell_all in (people.newcomers, people.signing_in, people.supervision, people.shares, people.meetings, people.branches,
                     people.headquarters, people.schemes, people.leavers):  # fmt: skip
        tell_all(year)
    work.unit_of_work(lambda: insert(year.base))
    with clock.shifted(at(FIRST - timedelta(days=1))):
        for book in ready():
            load(company, book, effective_on=FIRST)
    return year


def wake(year: Year, evening: datetime, before: datetime | None) -> None:
    """Everything that happened since the evening before."""
    work.unit_of_work(lambda: year.happen(evening, before))
