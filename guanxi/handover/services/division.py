"""The division as its page shows it: per kind how many go to whom, with sums; of a draft as things stand at this moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from guanxi.handover.models import Handover, Holding, Successor
from guanxi.handover.queries.holdings import ACCOUNT, holds_of
from guanxi.handover.services.plan import outline
from guanxi.kernel.fields import Label
from guanxi.org.holdings import all_holds
from guanxi.org.models import User

Key = tuple[str, str]
State = Handover.State


@dataclass
class Kind:
    """One way of holding: how many of it go to whom; None for what ends.  Unlisted things are moved, but not by name."""

    key: Key
    title: Label
    listed: bool = True
    counts: Counter[int | None] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        return self.counts.total()


@dataclass
class Division:
    """`unlisted_since` things have come to the person after the stock was taken that the list of things shows."""

    people: list[User]
    kinds: list[Kind]
    weights: dict[int | None, Decimal]
    unlisted_since: int = 0

    @property
    def sums(self) -> Counter[int | None]:
        found: Counter[int | None] = Counter()
        for kind in self.kinds:
            found.update(kind.counts)
        return found


def division(handover: Handover) -> Division:
    """Of a draft what would move now; later what was proposed and signed, or has been moved."""
    kinds: dict[Key, Kind] = {}
    weights: dict[int | None, Decimal] = {}
    titles = {hold.key: hold.title for hold in all_holds()}
    holdings = Holding.objects.filter(handover=handover)
    moving = _now(handover) if handover.is_draft else holdings.values_list("label", "link", "successor", "weight")
    for label, link, to, weight in moving:
        kind = kinds.setdefault((label, link), Kind((label, link), titles.get((label, link), label)))
        kind.counts[to] += 1
        if label == ACCOUNT:
            weights[to] = weights.get(to, Decimal(0)) + weight
    listed = sum(kind.n for kind in kinds.values())
    if handover.state not in (State.SEALED, State.CANCELLED):
        kinds |= _unlisted(handover)
    takers = [row.person for row in Successor.objects.filter(handover=handover).select_related("person")]
    ordered = sorted(kinds.values(), key=lambda kind: (not kind.listed, -kind.n))
    since = max(0, listed - holdings.count()) if handover.is_draft else 0
    return Division(takers, ordered, weights, since)


def _now(handover: Handover) -> list[tuple[str, str, int | None, Decimal]]:
    return [(thing.hold.label, thing.hold.link, to.pk if to else None, thing.weight) for thing, to in outline(handover)]


def _unlisted(handover: Handover) -> dict[Key, Kind]:
    """What nobody names one by one, such as unread notices: it goes to whoever takes the rest, or ends."""
    found = {}
    for hold in holds_of(handover):
        n = 0 if hold.listed else hold.open(handover.person).order_by().count()
        if n:
            to = None if hold.ends else handover.rest_to_id
            found[hold.key] = Kind(hold.key, hold.title, listed=False, counts=Counter({to: n}))
    return found
