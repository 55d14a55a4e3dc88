"""What a person owes, what is owed about a customer, and what stands behind one duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from guanxi.kernel import clock
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.rulebook.engine.times import around, end_of
from guanxi.rulebook.models import Clause, Duty, DutyStep
from guanxi.rulebook.queries.compliance import Tally, duties_due, tally

State, Kind = Duty.State, Clause.Kind
# A period that is over is not kept afterwards: what was missed there is no work any more.
LASTING = (Kind.WITHIN.value, Kind.HOLDS.value)
# The same as filters, for the lists behind the figures.
OVERDUE = {"all": [{"f": "state", "op": "is", "v": "missed"}, {"f": "clause.kind", "op": "in", "v": list(LASTING)}]}
OWED = {"any": [{"f": "state", "op": "is", "v": "open"}, OVERDUE]}
LATE, TODAY, WEEK, LATER = range(4)  # how soon a duty has to be done
EACH, TOGETHER = 3, 6


@dataclass
class Owed:
    """What one clause makes a person owe by one band of time: the first duties, and how many there are."""

    clause: Clause
    band: int
    n: int
    rows: list[Duty] = field(default_factory=list)


def still_owed(user: Any) -> QuerySet[Any]:
    """Open duties and missed ones that can still be made good, inside the person's sight."""
    overdue = Q(state=State.MISSED, clause__kind__in=LASTING)
    return Duty.objects.visible_to(user).filter(Q(state=State.OPEN) | overdue).order_by()  # type: ignore[no-any-return]


def owed_by(user: Any) -> list[Owed]:
    """The person's own duties and those of who is away with this person as deputy, by band and clause, the most urgent first."""
    today = clock.today()
    until = ((today - timedelta(days=1), LATE), (today, TODAY), (around("week", today).last, WEEK))
    bands = Case(
        When(state=State.MISSED, then=Value(LATE)),
        *(When(due_at__lte=end_of(day), then=Value(band)) for day, band in until),
        default=Value(LATER),
        output_field=IntegerField(),
    )
    mine = still_owed(user).filter(owner__in=[user.pk, *user.access.principals]).annotate(band=bands)
    over: dict[str, Any] = {"partition_by": ["clause_id", "band"]}
    numbered = mine.annotate(
        place=Window(RowNumber(), order_by=["due_at", "pk"], **over), of_clause=Window(Count("pk"), **over)
    )
    found: dict[tuple[int, int], Owed] = {}
    rows = numbered.filter(place__lte=EACH).select_related(
        "clause__article__regulation", "clause_version", "account", "owner"
    )
    for duty in rows.order_by("band", "due_at", "pk"):
        one = found.setdefault((duty.band, duty.clause_id), Owed(duty.clause, duty.band, duty.of_clause))
        one.rows.append(duty)
    return list(found.values())


def in_band(band: int) -> dict[str, Any]:
    """The duties of a band, as a filter for the list behind it."""
    today = clock.today()
    sunday, tomorrow = around("week", today).last.isoformat(), (today + timedelta(days=1)).isoformat()
    by: dict[int, tuple[str, Any]] = {
        LATE: ("before", today.isoformat()), TODAY: ("on", today.isoformat()),
        WEEK: ("between", [tomorrow, sunday]), LATER: ("after", sunday),
    }  # fmt: skip
    op, value = by[band]
    found = {"all": [{"f": "state", "op": "is", "v": "open"}, {"f": "due_at", "op": op, "v": value}]}
    return {"any": [OVERDUE, found]} if band == LATE else found


def own_month(user: Any) -> Tally:
    """How the person's own duties of this month have ended so far."""
    month = around("month", clock.today())
    return tally(duties_due(user, month.first, month.last).filter(owner=user))


def about(user: Any, account_id: int) -> QuerySet[Any]:
    """A question for `kernel.prepared`: what is still owed about a customer, the most urgent first."""
    rows = still_owed(user).filter(account=account_id).select_related("clause__article", "owner")
    shown = ("due_at", "state", "title", "clause__title", "clause__article__number", "clause__article__title")
    return rows.only(*shown, "owner__name").order_by("due_at", "pk")[:6]


def addresses(user: Any, rows: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int], str]:
    """The pages of these (entity, id) that the person may open: one statement for each entity."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for label, pk in rows:
        if label and pk is not None:
            wanted[label].add(pk)
    found: dict[tuple[str, int], str] = {}
    for label, ids in wanted.items():
        try:
            declared = entity(label)
        except KeyError:
            continue  # no longer installed
        if not user.may("view", label):
            continue
        for pk in declared.model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True):
            found[label, pk] = record_url(declared.slug, pk)
    return found


def steps_of(duty: Duty) -> QuerySet[DutyStep]:
    return DutyStep.objects.filter(duty=duty).select_related("to").order_by("level")


def owners_record(user: Any, duty: Duty) -> tuple[Tally, Tally]:
    """How whoever owes this keeps the clause: this month, and in the twelve months up to its end."""
    month = around("month", clock.today())

    def of(first: date) -> Tally:
        return tally(duties_due(user, first, month.last).filter(owner=duty.owner_id, clause=duty.clause_id))

    return of(month.first), of(month.first.replace(year=month.first.year - 1))


def next_due(user: Any, duty: Duty) -> Duty | None:
    """The next open duty of the same clause and person."""
    rows = Duty.objects.visible_to(user).filter(clause=duty.clause_id, owner=duty.owner_id, state=State.OPEN)
    found: Duty | None = rows.exclude(pk=duty.pk).filter(due_at__gte=clock.now()).order_by("due_at", "pk").first()
    return found
