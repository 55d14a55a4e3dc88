"""What the pipeline promises against the target: weighted and by commitment, person by person, and what changed of late."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.deals.models.opportunities import Forecast
from guanxi.deals.queries.forecast import Changes, changes, forecast
from guanxi.org.models import User
from guanxi.targets.models import Target
from guanxi.targets.queries.attainment import Span, aims, targets_in

ZERO = Decimal(0)
SHOWN = 8
OPEN = {"f": "state", "op": "is", "v": "open"}
Condition = dict[str, Any]


@dataclass
class Line:
    """One person, or everybody: the target, what is won, and what is expected in the period."""

    who: int | None
    name: str
    target: Decimal = ZERO
    won: Decimal = ZERO
    weighted: Decimal = ZERO
    by: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(Forecast.values, ZERO))

    @property
    def expected(self) -> Decimal:
        """Won already, and what is weighted by its probability."""
        return self.won + self.weighted

    @property
    def percent(self) -> Decimal | None:
        return (self.expected / self.target * 100).quantize(Decimal("0.1")) if self.target else None

    @property
    def gap(self) -> Decimal:
        return max(ZERO, self.target - self.expected)

    def add(self, other: Line) -> None:
        self.target, self.won, self.weighted = (
            self.target + other.target,
            self.won + other.won,
            self.weighted + other.weighted,
        )
        for key, amount in other.by.items():
            self.by[key] += amount


def lines_of(user: User, span: Span) -> list[Line]:
    """Person by person, those with the most at stake first."""
    found: dict[int | None, Line] = {}
    for one in forecast(user, span.start, span.last):
        line = found.setdefault(one.owner_id, Line(one.owner_id, one.owner))
        line.won, line.weighted = line.won + one.won, line.weighted + one.weighted
        for key, amount in one.by.items():
            line.by[key] += amount
    targets = list(targets_in(user, Target.Measure.WON, span).filter(level=Target.Level.PERSON))
    names = {row.owner_id: str(row.owner) for row in targets}
    for aim, amount in aims(targets, span).items():
        if not (aim.category or aim.product):
            found.setdefault(aim.who, Line(aim.who, names[aim.who])).target = amount
    return sorted(found.values(), key=lambda line: (-line.expected, line.name))


def total_of(lines: list[Line], name: str) -> Line:
    whole = Line(None, name)
    for line in lines:
        whole.add(line)
    return whole


def behind(line: Line, span: Span, everybody: bool) -> dict[str, list[Condition]]:
    """The opportunities behind each figure of a line, by figure."""
    who: list[Condition] = [{"f": "owner", "op": "is", "v": line.who} if line.who else {"f": "owner", "op": "empty"}]
    who = [] if everybody else who
    within: list[str] = [span.start.isoformat(), span.last.isoformat()]
    expected = [*who, OPEN, {"f": "expected_on", "op": "between", "v": within}]
    found: dict[str, list[Condition]] = defaultdict(list)
    found["won"] = [*who, {"f": "state", "op": "is", "v": "won"}, {"f": "won_on", "op": "between", "v": within}]
    found["weighted"] = [*expected, {"f": "forecast", "op": "is_not", "v": Forecast.OMITTED.value}]
    for key in Forecast.values:
        found[key] = [*expected, {"f": "forecast", "op": "is", "v": key}]
    return found


KINDS: tuple[tuple[str, Any], ...] = (
    ("begun", _("Begun")), ("advanced", _("Advanced")), ("back", _("Set back")), ("won", _("Won")), ("lost", _("Lost")),
    ("reopened", _("Reopened")), ("amount", _("Amount changed")), ("date", _("Expected day changed")),
)  # fmt: skip


def changed(user: User, since: date) -> list[dict[str, Any]]:
    """What happened to the pipeline since a day, kind by kind, with the opportunities behind each number."""
    found: Changes = changes(user, since)
    told = []
    for kind, label in KINDS:
        if ids := found.ids.get(kind):
            details = [one for one in found.details if one.kind == kind]
            told.append({"label": label, "n": len(ids), "amount": found.amounts[kind], "details": details[:SHOWN]})
    return told
