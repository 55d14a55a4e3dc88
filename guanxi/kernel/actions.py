"""Verbs: one function, one transaction.  The same verb is a button, a bulk action, an API call and a rule's effect."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial, wraps
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import context, events, work
from guanxi.kernel.doubts import veto
from guanxi.kernel.errors import Forbidden, NotVisible, Refused, Stale
from guanxi.kernel.fields import Field, Label
from guanxi.kernel.models import Record
from guanxi.kernel.prepared import ask

Offer = Callable[[Any], Iterable[tuple[Any, Label]]]
Text = typing.NewType("Text", str)  # a parameter asked for in several lines
PARAM_KINDS: dict[Any, str] = {
    str: "text", Text: "longtext", int: "int", Decimal: "decimal", date: "date", bool: "bool", list[str]: "tags",
}  # fmt: skip

MADE = "*"


@dataclass(frozen=True)
class Verb:
    """`permission` is the right it needs, `mine` says who besides may use it on which row; `when` hides the button where
    the verb makes no sense."""

    name: str
    model: type[Record]
    label: Label
    body: Callable[..., Any]
    params: tuple[Field, ...]
    permission: str = "change"
    icon: str = ""
    bulk: bool = True
    danger: bool = False
    when: Callable[[Any], bool] = field(default=lambda _row: True)
    mine: Callable[[Any, Any], bool] = field(default=lambda _row, _actor: True)
    confirm: Label = ""
    deleted: bool = False
    lands: str = ""  # the link of the row that is opened afterwards instead of the row itself; MADE: what the verb made
    initial: Callable[[Any], dict[str, Any]] = field(default=lambda _row: {})

    @property
    def short(self) -> str:
        return self.name.rsplit(".", 1)[1]

    def allowed(self, user: Any) -> bool:
        return bool(user.may(self.permission, self.model._meta.label_lower))

    def fits(self, row: Any, user: Any) -> bool:
        """Whether it makes sense on this row now, and this person may use it there."""
        return not self.deleted and self.allowed(user) and self.when(row) and self.mine(row, user)


_verbs: dict[type[Record], dict[str, Verb]] = {}


def action(
    model: type[Record],
    *,
    label: Label,
    labels: dict[str, Label] | None = None,
    choices: dict[str, Offer] | None = None,
    **options: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register `body(row, *, actor, **params)` as a verb of `model`; the result runs it with all its safeguards.

    `labels` names the parameters, `choices` offers an actor their values.  Options: permission, icon, bulk, danger, when,
    mine, confirm, deleted (also on rows in the bin), lands, initial (values of the parameters that the form begins with).
    """

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{model._meta.label_lower}.{body.__name__}"
        verb = Verb(name, model, label, body, _params(body, labels or {}, choices or {}), **options)
        _verbs.setdefault(model, {})[verb.short] = verb
        events.declare(name)

        @wraps(body)
        def run(row: Record | int, *, actor: Any, version: int | None = None, **params: Any) -> Any:
            pk = row if isinstance(row, int) else row.pk
            return perform(verb, pk, actor=actor, version=version, params=params)

        return run

    return register


def verbs_of(model: type[Record]) -> dict[str, Verb]:
    return _verbs.get(model, {})


def verbs_for(row: Any, user: Any) -> list[Verb]:
    """The verbs this person may use on this row now."""
    return [verb for verb in verbs_of(type(row)).values() if verb.fits(row, user)]


def guard(verb: Verb, actor: Any, row: Any = None) -> None:
    """Forbidden unless the actor has the right and, given a row, may use the verb on this very one."""
    if not verb.allowed(actor) or (row is not None and not verb.mine(row, actor)):
        raise Forbidden(_("You may not use “%(verb)s” here.") % {"verb": verb.label})


def perform(verb: Verb, pk: int, *, actor: Any, params: dict[str, Any], version: int | None = None) -> Any:
    """Lock the row inside the actor's scope, ask the guards, run the body, publish the event."""
    guard(verb, actor)

    def body() -> Any:
        row = locked(verb.model, pk, actor, deleted=verb.deleted)
        check_version(row, version)
        guard(verb, actor, row)
        veto(row, actor, verb.short)
        unit = work.require()
        unit.verb, unit.reason = unit.verb or verb.name, unit.reason or str(params.get("reason", ""))
        result = verb.body(row, actor=actor, **params)
        events.publish(verb.name, row.company_id, id=row.pk, actor=actor.pk)
        return result

    with context.acting(actor_id=actor.pk, actor_name=str(actor)):
        return work.unit_of_work(body)


def perform_many(
    verb: Verb, ids: Iterable[int], *, actor: Any, params: dict[str, Any]
) -> tuple[int, list[tuple[int, str]]]:
    """The verb on many rows as one unit; returns how many were done and who refused why."""
    guard(verb, actor)
    one = partial(perform, verb, actor=actor, params=params)
    with context.acting(actor_id=actor.pk, actor_name=str(actor)):
        return work.unit_of_work(lambda: each(one, ids), verb=verb.name, reason=str(params.get("reason", "")))


def each(one: Callable[[int], Any], ids: Iterable[int]) -> tuple[int, list[tuple[int, str]]]:
    """`one` on every row as a part of the unit that may fail alone; returns how many were done and who refused why."""
    done, refused = 0, []
    for pk in ids:
        try:
            work.part(partial(one, pk))
            done += 1
        except Refused as no:
            refused.append((pk, str(no)))
        except NotVisible:
            refused.append((pk, str(_("No longer there."))))
    return done, refused


def locked(model: type[Record], pk: int, actor: Any, *, deleted: bool = False) -> Any:
    """The row, locked, if the actor's scope holds it; NotVisible otherwise."""
    row: Any = next(iter(ask(_held, actor, pk, model=model, deleted=deleted)), None)
    if row is None:
        raise NotVisible
    if getattr(row, "owner_id", None) == actor.pk:
        row.owner = actor  # whom checks look at
    return row


def _held(actor: Any, pk: int, model: type[Record], deleted: bool) -> QuerySet[Any]:
    rows: Any = model.objects.visible_to(actor)
    if deleted:
        scope = actor.scope(model._meta.label_lower)
        rows = model.everything.filter(company_id=actor.company_id).exclude(deleted_at=None).filter(scope)
    return rows.select_for_update(of=("self",)).filter(pk=pk)  # type: ignore[no-any-return]


def check_version(row: Record, version: int | None) -> None:
    if version is not None and row.version != version:
        raise Stale(_("Somebody changed this in the meantime."), row)


def _params(body: Callable[..., Any], labels: dict[str, Label], choices: dict[str, Offer]) -> tuple[Field, ...]:
    hints = typing.get_type_hints(body)
    found = []
    for name, parameter in inspect.signature(body).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY or name == "actor":
            continue
        hint, required = hints[name], parameter.default is inspect.Parameter.empty
        if isinstance(hint, types.UnionType):
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        target = hint._meta.label_lower if isinstance(hint, type) and issubclass(hint, Record) else ""
        kind = "ref" if target else PARAM_KINDS[hint]
        offer = choices.get(name)
        kind = "choice" if offer and kind == "text" else kind
        found.append(Field(name, labels.get(name, name), kind, name, target=target, required=required, offer=offer))
    return tuple(found)
