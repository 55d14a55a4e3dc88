"""Win rate, length of the sales cycle, the funnel of a pipeline and reasons of losses in a time (SALE-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Q, Sum

from guanxi.deals.models import Opportunity, OpportunityLine, Pipeline, StageMove
from guanxi.deals.models.opportunities import Move
from guanxi.deals.queries.stages import stages_of
from guanxi.org.models import User

ZERO = Decimal(0)
COLUMNS = ("pk", "state", "amount", "begun_on", "won_on")
BY = {
    "person": ("owner", "owner__name"),
    "source": ("source", "source__name"),
    "pipeline": ("pipeline", "pipeline__name"),
}


@dataclass
class Line:
    """Won and lost of one person, source, product or pipeline; `key` None are those without."""

    key: int | None
    name: str
    won: int = 0
    lost: int = 0
    amount: Decimal = ZERO
    days: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """Won of all that were decided, in percent."""
        return 100 * self.won / (self.won + self.lost) if self.won + self.lost else None

    @property
    def cycle(self) -> float | None:
        """Days from the beginning to the win, the one in the middle."""
        return float(median(self.days)) if self.days else None

    def count(self, state: str, amount: Decimal, begun_on: date, won_on: date | None) -> None:
        if state == "won" and won_on is not None:
            self.won += 1
            self.amount += amount
            self.days.append((won_on - begun_on).days)
        else:
            self.lost += 1


def decided(user: User, first: date, last: date) -> Any:
    """Opportunities won or lost in the time, as far as this person sees."""
    inside = Q(state="won", won_on__range=(first, last)) | Q(state="lost", lost_on__range=(first, last))
    return Opportunity.objects.visible_to(user).filter(inside).order_by()


def total(user: User, first: date, last: date) -> Line:
    line = Line(None, "")
    for _pk, *facts in decided(user, first, last).values_list(*COLUMNS):
        line.count(*facts)
    return line


def by(word: str, user: User, first: date, last: date) -> list[Line]:
    """By person, source, pipeline or product; an opportunity with several products counts for each of them."""
    rows = decided(user, first, last)
    if word != "product":
        key, name = BY[word]
        return _lines((k, n or "", facts) for k, n, _pk, *facts in rows.values_list(key, name, *COLUMNS))
    facts = {pk: more for pk, *more in rows.values_list(*COLUMNS)}
    sold = OpportunityLine.objects.filter(opportunity__in=rows.values("pk")).order_by()
    pairs = set(sold.values_list("product", "product__name", "opportunity"))
    listed = {pk for _key, _name, pk in pairs}
    found = [(key, name or "", facts[pk]) for key, name, pk in sorted(pairs, key=str)]
    return _lines([*found, *((None, "", more) for pk, more in facts.items() if pk not in listed)])


def _lines(rows: Iterable[tuple[int | None, str, list[Any]]]) -> list[Line]:
    found: dict[int | None, Line] = {}
    for key, name, facts in rows:
        found.setdefault(key, Line(key, name)).count(*facts)
    return sorted(found.values(), key=lambda line: (-line.won, line.lost, line.name))


@dataclass(frozen=True)
class Loss:
    key: int | None
    name: str
    number: int
    amount: Decimal


def losses(user: User, first: date, last: date) -> list[Loss]:
    """Why opportunities were lost, the commonest reason first."""
    rows = decided(user, first, last).filter(state="lost").values_list("loss_reason", "loss_reason__name")
    counted = rows.annotate(n=Count("pk"), sum=Sum("amount"))
    return [Loss(key, name or "", n, amount) for key, name, n, amount in sorted(counted, key=lambda row: -row[2])]


@dataclass(frozen=True)
class Rung:
    """One stage of the funnel: how many came this far, and which share of those of the stage before."""

    key: int | None
    name: str
    number: int
    share: float | None  # of the stage before, in percent
    width: float  # of all that began, in percent


def funnel(user: User, pipeline: Pipeline, first: date, last: date) -> list[Rung]:
    """Of the opportunities begun in the time: how far they have come.  Who reached a stage has passed those before it."""
    rows = Opportunity.objects.visible_to(user).filter(pipeline=pipeline, begun_on__range=(first, last)).order_by()
    states = dict(rows.values_list("pk", "state"))
    stages = stages_of(pipeline.pk)
    places = {stage.pk: n for n, stage in enumerate(stages)}
    reached: dict[int, int] = defaultdict(int)
    moved = StageMove.objects.filter(opportunity__in=rows.values("pk"), after__pipeline=pipeline)
    moved = moved.exclude(kind=Move.BACK)
    for pk, after in moved.order_by().values_list("opportunity", "after"):
        reached[pk] = max(reached[pk], places.get(after, 0))
    counts = [sum(1 for pk in states if reached[pk] >= n) for n in range(len(stages))]
    names: list[tuple[int | None, str]] = [(stage.pk, stage.name) for stage in stages]
    counts.append(sum(1 for state in states.values() if state == "won"))
    names.append((None, ""))
    rungs: list[Rung] = []
    for n, (number, (key, name)) in enumerate(zip(counts, names, strict=True)):
        before = counts[n - 1] if n else 0
        share = 100 * number / before if before else None
        rungs.append(Rung(key, name, number, share, 100 * number / counts[0] if counts[0] else 0.0))
    return rungs


def pipelines(user: User) -> list[Pipeline]:
    return list(Pipeline.objects.filter(company_id=user.company_id, is_active=True).order_by("position", "pk"))
