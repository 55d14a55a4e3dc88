"""Dividing what a person holds: rules, shares in turn, single rows by hand, and a default so that nothing is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.handover.models import Handover, Holding, Rule, Successor
from guanxi.handover.queries.holdings import ACCOUNT, customer_path, declared_for, holds_of, revenue
from guanxi.kernel import work
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.org.holdings import Hold
from guanxi.org.models import User

PLANNED = {"handover.handover", "handover.rule", "handover.successor"}
Key = tuple[str, str, int]


@dataclass
class Thing:
    """One row held, before it is known who gets it."""

    hold: Hold
    row: Any
    customer: int | None
    weight: Decimal = Decimal(0)

    @property
    def key(self) -> Key:
        return self.hold.label, self.hold.link, self.row.pk


@dataclass
class Plan:
    """Who gets what: customers by rule and in turn, what hangs on a customer with it, the rest to one person."""

    handover: Handover
    people: dict[int, User]
    rules: list[Rule]
    by_hand: dict[Key, int]
    customers: dict[int, int] = field(default_factory=dict)
    turns: dict[int, Iterator[int]] = field(default_factory=dict)
    matches: dict[int, set[int]] = field(default_factory=dict)

    def successor(self, thing: Thing) -> User | None:
        """The person for one thing; what nobody else can have goes to nobody."""
        if thing.hold.ends:
            return None
        pk = self.by_hand.get(thing.key) or self._by_rule(thing) or self._with_customer(thing)
        pk = pk if pk in self.people else self.handover.rest_to_id
        if thing.hold.key == (ACCOUNT, "owner"):
            self.customers[thing.row.pk] = pk
        return self.people[pk]

    def _by_rule(self, thing: Thing) -> int | None:
        for rule in self.rules:
            if rule.label == thing.hold.label and thing.hold.link == "owner" and self._matches(rule, thing):
                return rule.to_id or next(self.turns.setdefault(rule.pk, cycle(list(self.people))))
        return None

    def _with_customer(self, thing: Thing) -> int | None:
        return self.customers.get(thing.customer) if thing.customer is not None else None

    def _matches(self, rule: Rule, thing: Thing) -> bool:
        if not rule.where or rule.label != ACCOUNT:
            return True
        if rule.pk not in self.matches:
            declared = declared_for(rule.label)
            node = parse(rule.where, declared, self.handover.company) if declared else None
            rows: Any = thing.hold.rows(self.handover.person)
            self.matches[rule.pk] = (
                set(rows.filter(to_q(node, Env(company=self.handover.company))).values_list("pk", flat=True))
                if node
                else set()
            )
        return thing.row.pk in self.matches[rule.pk]


def plan(handover: Handover, *, signed: bool = False) -> int:
    """Write down everything the person holds now and where it goes; returns how many things are new.

    What has been `signed` stays as it is; only what the person got since is added.
    """
    known = {(h.label, h.link, h.object_id): h for h in Holding.objects.filter(handover=handover)}
    chosen = _chosen(known.values())
    _name(handover, set(chosen.values()))
    fresh = []
    for thing, to in outline(handover, chosen):
        holding = known.pop(thing.key, None)
        if holding is None:
            fresh.append(_holding(handover, thing, to))
        elif holding.moved_at is None and not signed:
            _renew(holding, thing, to)
    for gone in known.values():
        if gone.moved_at is None:
            gone.delete()
    Holding.objects.bulk_create(fresh)
    return len(fresh)


def outline(handover: Handover, chosen: dict[Key, int] | None = None) -> list[tuple[Thing, User | None]]:
    """Everything the person holds at this moment and who would get it; nothing is written."""
    if chosen is None:
        chosen = _chosen(Holding.objects.filter(handover=handover, by_hand=True))
    rules = list(Rule.objects.filter(handover=handover))
    people = User.objects.in_bulk(takers := _takers(handover, set(chosen.values())))
    maker = Plan(handover, {pk: people[pk] for pk in takers if pk in people}, rules, chosen)
    return [(thing, maker.successor(thing)) for thing in _things(handover)]


def _chosen(holdings: Iterable[Holding]) -> dict[Key, int]:
    """What has been given by hand, and to whom."""
    return {(h.label, h.link, h.object_id): h.successor_id for h in holdings if h.by_hand and h.successor_id}


def _things(handover: Handover) -> list[Thing]:
    """Customers first and the largest of them before all, so that turns are fair and the rest can follow."""
    found = []
    for hold in holds_of(handover):
        if hold.listed:
            path = customer_path(hold.model)
            found += [Thing(hold, row, getattr(row, path) if path else None) for row in hold.open(handover.person)]
    bought = revenue({t.row.pk for t in found if t.hold.label == ACCOUNT})
    for thing in found:
        if thing.hold.label == ACCOUNT:
            thing.weight = bought.get(thing.row.pk) or Decimal(0)
    return sorted(found, key=lambda t: (t.hold.key != (ACCOUNT, "owner"), -t.weight, t.row.pk))


def _takers(handover: Handover, also: set[int]) -> list[int]:
    """Everybody who takes something over, in the order they were named; whom rule or hand names becomes one."""
    named = Successor.objects.filter(handover=handover).values_list("person", flat=True)
    rules = Rule.objects.filter(handover=handover, to__isnull=False).values_list("to", flat=True)
    return list(dict.fromkeys([*named, handover.rest_to_id, *rules, *sorted(also)]))


def _name(handover: Handover, also: set[int]) -> None:
    """Whoever takes something over is a successor by name, and signs for it."""
    named = set(Successor.objects.filter(handover=handover).values_list("person", flat=True))
    for pk in _takers(handover, also):
        if pk not in named:
            Successor(
                company_id=handover.company_id, created_by_id=handover.created_by_id, handover=handover, person_id=pk
            ).save()


def _holding(handover: Handover, thing: Thing, to: User | None) -> Holding:
    return Holding(
        company_id=handover.company_id, created_by_id=handover.created_by_id, handover=handover,
        label=thing.hold.label, link=thing.hold.link, object_id=thing.row.pk, title=str(thing.row)[:200],
        customer_id=thing.customer, weight=thing.weight, successor=to, problem=problem(thing.hold, thing.row, to),
    )  # fmt: skip


def _renew(holding: Holding, thing: Thing, to: User | None) -> None:
    trouble = problem(thing.hold, thing.row, to)
    if (holding.successor_id, holding.problem) != (to.pk if to else None, trouble):
        holding.successor, holding.problem = to, trouble
        holding.save(update_fields=["successor", "problem"])


def problem(hold: Hold, row: Any, to: User | None) -> str:
    """Why this person cannot take this over; empty if nothing speaks against it."""
    if to is None:
        return ""
    if not to.is_active:
        return str(_("%(name)s may not sign in.") % {"name": to.name})[:200]
    declared = declared_for(hold.label)
    if hold.link == "owner" and declared is not None and not to.may("view", hold.label):
        return str(_("%(name)s may not see %(what)s.") % {"name": to.name, "what": declared.title})[:200]
    return str(hold.clash(row, to))[:200]


@work.sealer(45, *PLANNED)
def follow(unit: work.Work) -> None:
    """Whatever changes in a draft, the division is made anew in the same unit: what the page shows is what will be."""
    touched = {
        change.object_id if change.label == "handover.handover" else change.row.handover_id
        for change in list(unit.changes.values())
        if change.label in PLANNED
    }
    for handover in Handover.objects.filter(pk__in=touched, state=Handover.State.DRAFT):
        plan(handover)
