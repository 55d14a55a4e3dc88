"""The results of a month's inspections by branch and person, for circulation (QUAL-13)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from guanxi.filing.models import Defect, Finding, Inspection
from guanxi.filing.queries.today import completions
from guanxi.org.models import User

KINDS = tuple(Defect.values)


@dataclass
class Line:
    """A branch or a person: files, inspected, defective, findings by kind, completed at settlement."""

    name: str
    files: int = 0
    inspected: int = 0
    defective: int = 0
    completed: int = 0
    open: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> Decimal | None:
        return (Decimal(self.defective) * 100 / self.inspected).quantize(Decimal("0.1")) if self.inspected else None

    @property
    def cells(self) -> list[int]:
        return [self.kinds[kind] for kind in KINDS]

    @property
    def named(self) -> list[tuple[str, int]]:
        """The same, each under what its column is called."""
        return [(str(label), n) for label, n in zip(Defect.labels, self.cells, strict=True)]


@dataclass(frozen=True)
class Month:
    branches: list[Line]
    people: list[Line]


def month_of(user: User, first: date, after: date) -> Month:
    """Inspections whose period ends in the month and findings of the month, inside the person's reach."""
    branches: dict[int | None, Line] = {}
    batches = Inspection.objects.visible_to(user).filter(last__gte=first, last__lt=after, state=Inspection.State.DONE)
    for batch in batches.select_related("department"):
        line = branches.setdefault(batch.department_id, Line(str(batch.department or "—")))
        line.files += batch.files
        line.inspected += batch.inspected
        line.defective += batch.defective
    people: dict[int | None, Line] = defaultdict(lambda: Line("—"))
    of_month = Q(found_on__gte=first, found_on__lt=after) | Q(inspection__last__gte=first, inspection__last__lt=after)
    rows = Finding.objects.visible_to(user).filter(of_month)
    columns = ("department_id", "department__name", "owner_id", "owner__name", "kind", "state")
    for department_id, department, owner_id, owner, kind, state in rows.values_list(*columns):
        branch = branches.setdefault(department_id, Line(department or "—"))
        person = people[owner_id]
        person.name = owner or "—"
        for line in (branch, person):
            line.kinds[kind] += 1
            line.open += state != Finding.State.CLOSED
    for pk, n in completions(user.company_id, first, after, [pk for pk in people if pk]).items():
        people[pk].completed = n
    return Month(
        sorted(branches.values(), key=lambda line: (-(line.rate or 0), line.name)),
        sorted(people.values(), key=lambda line: (-line.kinds.total(), line.name)),
    )
