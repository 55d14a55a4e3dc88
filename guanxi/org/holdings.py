"""Every way a person holds things: as owner of a row, or by a link its app declares; what a handover has to hand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from guanxi.kernel import clock, events, work
from guanxi.kernel.actions import verbs_of
from guanxi.kernel.entities import Entity, entities
from guanxi.kernel.fields import Label
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.org.models import User


@dataclass(frozen=True)
class Passing:
    """From whom to whom, at whose word and why."""

    giver: User
    to: User
    actor: User
    reason: str


Give = Callable[[Any, Passing], None]


@dataclass(frozen=True)
class Hold:
    """`link` of `label` names the person; `waiting` says which rows still need somebody, the others stay as history.

    `give` hands one row on; `ends` says that nobody else can have it and giving means ending.  `clash(row, to)` tells
    why a person cannot be the one.  `personal` things stay with somebody who only changes post.  Of things that are not
    `listed` only their number is shown.  `also` are columns that giving changes beside the link.
    """

    label: str
    link: str
    title: Label
    give: Give
    waiting: Callable[[], Q] = lambda: Q()
    clash: Callable[[Any, User], Label] = lambda _row, _to: ""
    ends: bool = False
    personal: bool = False
    listed: bool = True
    also: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, str]:
        return self.label, self.link

    @property
    def bond(self) -> Label:
        """What the link is called."""
        return self.model._meta.get_field(self.link).verbose_name  # type: ignore[union-attr,no-any-return]

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    def rows(self, person: User) -> QuerySet[Any]:
        """Everything the person holds this way, finished or not."""
        rows: QuerySet[Any] = self.model._default_manager.filter(company_id=person.company_id, **{self.link: person})
        return rows.order_by("pk")

    def open(self, person: User) -> QuerySet[Any]:
        """What still needs somebody."""
        return self.rows(person).filter(self.waiting())


_declared: dict[tuple[str, str], Hold] = {}
_history: set[tuple[str, str]] = set()


def holds(label: str, link: str, title: Label, give: Give, waiting: Callable[[], Q] = Q, **more: Any) -> Hold:
    """Declare a link to a person, other than the owner of an entity, that means work; or how an owner is special."""
    _declared[label, link] = Hold(label, link, title, give, waiting, **more)
    return _declared[label, link]


def history(label: str, *links: str) -> None:
    """Declare links to a person that only tell what was; those called `…_by` are history without saying so."""
    _history.update((label, link) for link in links)


def is_declared(label: str, link: str) -> bool:
    """Whether somebody has said what this link to a person means."""
    return link.endswith("_by") or (label, link) in _history or any(hold.key == (label, link) for hold in all_holds())


def all_holds() -> list[Hold]:
    """Owners of all registered entities, then the declared links."""
    owned = [_owner(one) for one in entities() if one.owned and (one.label, "owner") not in _declared]
    return [*owned, *_declared.values()]


def _owner(declared: Entity) -> Hold:
    def waiting() -> Q:
        if not declared.finished:
            return Q()
        return to_q(parse({"not": dict(declared.finished)}, declared), Env())

    return Hold(declared.label, "owner", declared.title, hand_on, waiting)


def hand_on(row: Any, passing: Passing) -> None:
    """A row and its department to a new owner, by the entity's own verb for it where it has one."""
    verb = verbs_of(type(row)).get("hand_over")
    if verb is None:
        row.hand_to(passing.to)
        row.save(update_fields=["owner", "department"])
        return
    row.moved_by = verb.name
    verb.body(row, actor=passing.actor, to=passing.to, reason=passing.reason)
    events.publish(verb.name, row.company_id, id=row.pk, actor=passing.actor.pk)


# -- ways of giving that apps share ----------------------------------------------------------------------------------


def relink(link: str) -> Give:
    """Put the successor into this column."""

    def give(row: Any, passing: Passing) -> None:
        setattr(row, link, passing.to)
        row.save(update_fields=[link])

    return give


def leave(link: str) -> Give:
    """Membership ends: whoever takes the work over has one of their own."""

    def give(row: Any, passing: Passing) -> None:
        members = getattr(row, link)
        before = sorted(members.values_list("name", flat=True))
        members.remove(passing.giver)
        old, new = {link: before}, {link: sorted(members.values_list("name", flat=True))}
        label = row._meta.label_lower
        work.require().note(work.Change(row.company_id, label, row.pk, str(row), "changed", old, new, row))

    return give


def to_come(field: str) -> Callable[[], Q]:
    return lambda: Q(**{f"{field}__gte": clock.today()})
