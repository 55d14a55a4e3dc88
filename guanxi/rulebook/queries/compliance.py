"""How far the clauses are observed: duties counted by clause, department, person or customer, one statement each.

A duty counts in the period its due moment lies in.  The rate is met / (met + late + missed): waived ones, those still
open and those no longer owed do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, Value, When

from guanxi.kernel.filters.env import start_of
from guanxi.org.models import Department
from guanxi.rulebook.engine.times import DAY, Period, around
from guanxi.rulebook.models import Duty

State = Duty.State
DECIDED = ("met", "late", "missed")
SHOWN = (*DECIDED, "waived", "open")


@dataclass
class Tally:
    """How the duties of one clause, department, person or customer ended."""

    met: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0
    open: int = 0

    @property
    def decided(self) -> int:
        return self.met + self.late + self.missed

    @property
    def rate(self) -> float | None:
        """In percent, None if nothing was decided."""
        return 100 * self.met / self.decided if self.decided else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))


COUNTS: dict[str, Any] = {name: Count("pk", filter=Q(state=name)) for name in SHOWN}


def due_within(first: date, last: date) -> Q:
    return Q(due_at__gte=start_of(first), due_at__lt=start_of(last + DAY))


def duties_due(user: Any, first: date, last: date) -> Any:
    """The duties in the person's sight that fall due within these days."""
    return Duty.objects.visible_to(user).filter(due_within(first, last)).exclude(state=State.VOID).order_by()


def tally_by(rows: Any, *columns: str) -> dict[Any, Tally]:
    """Tallies by the values of one column, or by pairs of several: one GROUP BY."""
    grouped = rows.values(*columns).annotate(**COUNTS).values_list(*columns, *SHOWN)
    width = len(columns)
    return {row[0] if width == 1 else row[:width]: Tally(*row[width:]) for row in grouped}


def tally(rows: Any) -> Tally:
    return Tally(*rows.aggregate(**COUNTS).values())


def periods(word: str, day: date, number: int) -> list[Period]:
    """The period a day lies in and those before it, the oldest first."""
    found = [around(word, day)]
    while len(found) < number:
        found.insert(0, around(word, found[0].first - DAY))
    return found


def tally_over(user: Any, spans: Sequence[Period], column: str, **narrowed: Any) -> dict[Any, list[Tally]]:
    """Each value's tallies period by period, in one statement."""
    number = Case(*(When(due_within(one.first, one.last), then=Value(n)) for n, one in enumerate(spans)))
    rows = duties_due(user, spans[0].first, spans[-1].last).filter(**narrowed).annotate(_period=number)
    found: dict[Any, list[Tally]] = defaultdict(lambda: [Tally() for _one in spans])
    for (value, place), counted in tally_by(rows, column, "_period").items():
        if place is not None:
            found[value][place] = counted
    return dict(found)


@dataclass(frozen=True)
class Branch:
    """A department with everything below it; `ids` are the departments its duties lie in."""

    department: Department | None
    depth: int
    tally: Tally
    ids: tuple[int, ...]


def rolled_up(company_id: int, own: Mapping[int | None, Tally]) -> list[Branch]:
    """Departments in the order of the tree, each with what lies below; those that would only repeat one below are left out."""
    everything: Any = Department.objects
    tree = list(everything.filter(company_id=company_id).order_by("path"))
    found: list[Branch] = []
    for one in tree:
        ids = tuple(d.pk for d in tree if d.path.startswith(one.path) and d.pk in own)
        if one.pk in own or len(ids) > 1:
            depth = sum(1 for above in found if above.department and one.path.startswith(above.department.path))
            found.append(Branch(one, depth, sum((own[pk] for pk in ids), Tally()), ids))
    return [*found, Branch(None, 0, own[None], ())] if None in own else found


def worst(found: Mapping[Any, Tally], number: int) -> list[Any]:
    """The keys with the lowest rates, the most missed first where rates are equal; what is fully observed is none of them."""
    lacking = [key for key, one in found.items() if one.decided and one.met < one.decided]
    return sorted(lacking, key=lambda key: (found[key].rate, -found[key].missed, -found[key].late, key or 0))[:number]
