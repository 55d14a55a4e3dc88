"""Writing a year's targets at once, and taking them over from what was reached or planned the year before."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.targets.models import Target
from guanxi.targets.queries.attainment import SOURCES, Span
from guanxi.targets.queries.table import first_days, monthly, people_in_reach

MOST = Decimal(10) ** 15
Cell = tuple[int, int]  # (person, month)


def write_table(actor: User, measure: str, year: int, cells: Mapping[Cell, Decimal | None]) -> int:
    """Bring the targets of people to these amounts, an empty cell away; returns how many changed."""
    people = {person.pk: person for person in people_in_reach(actor)}

    def body() -> int:
        known = {
            (row.owner_id, row.starts_on.month): row
            for row in monthly(actor, measure, year).select_for_update(of=("self",))
        }
        changed = 0
        for (person, month), amount in cells.items():
            if person not in people:
                raise Refused(_("This person is not in your reach."))
            if amount is not None and not 0 <= amount < MOST:
                raise Refused(_("An amount is missing or too large."))
            changed += _cell(actor, known.get((person, month)), people[person], (measure, year, month), amount)
        return changed

    return work.unit_of_work(body, verb="targets.target.write")


def _cell(actor: User, row: Target | None, person: User, what: tuple[str, int, int], amount: Decimal | None) -> int:
    declared, (measure, year, month) = entity(Target), what
    if row is None and amount is None:
        return 0
    if row is None:
        values: dict[str, Any] = {"level": "person", "owner": person, "measure": measure, "period": "month"}
        verbs.add(declared, {**values, "starts_on": first_days(year)[month - 1], "amount": amount}, actor=actor)
        return 1
    if amount == row.amount:
        return 0
    if amount is None:
        verbs.delete(declared, row.pk, actor=actor)
    else:
        verbs.change(declared, row.pk, {"amount": amount}, actor=actor)
    return 1


def copy_year(actor: User, measure: str, year: int, percent: Decimal, *, actual: bool = False) -> int:
    """Fill empty months from the year before, its targets or what was reached, changed by so many percent."""
    if not -100 <= percent <= 1000:
        raise Refused(_("Give a percentage between -100 and 1000."), field="percent")
    before: dict[Cell, Decimal] = {}
    if actual:
        for day in first_days(year - 1):
            for (person, _department), total in SOURCES[measure].sums(actor, Span("month", day)).items():
                if person:
                    before[person, day.month] = before.get((person, day.month), Decimal(0)) + total
    else:
        rows = monthly(actor, measure, year - 1).values_list("owner", "starts_on", "amount")
        before = {(owner, day.month): amount for owner, day, amount in rows}
    there = {(row.owner_id, row.starts_on.month) for row in monthly(actor, measure, year)}
    reach = {person.pk for person in people_in_reach(actor)}
    cells = {
        cell: (amount * (100 + percent) / 100).quantize(Decimal(1), ROUND_HALF_UP)
        for cell, amount in before.items()
        if cell not in there and amount > 0 and cell[0] in reach
    }
    return write_table(actor, measure, year, cells)
