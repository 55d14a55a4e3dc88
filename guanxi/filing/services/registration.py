"""Registering: number and due time of new forms, who supplied which fact, batches of cards, taking a form back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.filing.models import Exhibition, Origin, Registration
from guanxi.filing.queries.rules import due_after, rules_of
from guanxi.kernel import clock, context, verbs, work
from guanxi.kernel.actions import action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.org.models import User
from guanxi.org.numbers import number_rows
from guanxi.worktime.queries import calendar_of

State = Registration.State
MOST = 300  # cards at once


def prepare(rows: list[Registration]) -> None:
    """Before new registrations are stored: number, due time, and who supplied what."""
    number_rows(rows, "DJ")
    rules = {company_id: rules_of(company_id) for company_id in {row.company_id for row in rows}}
    calendars = {company_id: calendar_of(company_id) for company_id in rules}
    for row in rows:
        row.due_at = row.due_at or due_after(row.created_at, rules[row.company_id], calendars[row.company_id])
        if row.collected_by_id is None and row.origin != Origin.ONLINE:
            row.collected_by_id = row.created_by_id
        told = _supplier(row.collected_by_id, row.origin, row.registered_on)
        row.suppliers = dict.fromkeys(filled(row), told)


def filled(row: Registration) -> list[str]:
    return [name for name in Registration.FACTS if getattr(row, name) not in (None, "")]


def _supplier(by: int | None, origin: str, on: date) -> dict[str, Any]:
    return {"by": by, "origin": origin, "on": on.isoformat()}


def keep_suppliers(row: Registration) -> None:
    """Before a registration is stored again: whoever changed a fact supplied it."""
    if row._state.adding:
        return
    if row.state != State.OPEN and any(_differs(row, name) for name in Registration.FACTS):
        raise Refused(_("This registration is a file already; change the customer instead."))
    changed = [name for name in Registration.FACTS if _differs(row, name)]
    by = context.origin().actor_id
    row.suppliers = {
        **row.suppliers,
        **{name: _supplier(by, row.origin if by is None else Origin.FILING, clock.today()) for name in changed},
    }


def _differs(row: Registration, name: str) -> bool:
    column = cast(Any, row._meta.get_field(name)).attname
    return bool(row._loaded.get(column) != getattr(row, column))


def guard(row: Registration, actor: User, verb: str) -> None:
    """A registration that became a file stays as evidence of who supplied what."""
    if verb == "delete" and row.state == State.FILED:
        raise Refused(_("This registration belongs to a file and stays."))


@action(Registration, label=pgettext_lazy("registration", "Make void"), icon="ban", danger=True,
        when=lambda row: row.is_open, labels={"reason": _("Reason")})  # fmt: skip
def void(registration: Registration, *, actor: User, reason: str) -> Registration:
    """No customer comes of it (a slip, a joke, registered twice); the form stays with the reason."""
    if not registration.is_open:
        raise Refused(_("This registration is not open."))
    if not reason.strip():
        raise Refused(_("Say why the registration is void."), field="reason")
    registration.state, registration.remark = State.VOID, reason.strip()[:400]
    registration.save(update_fields=["state", "remark"])
    return registration


def register_cards(
    rows: Iterable[Mapping[str, Any]], common: Mapping[str, Any], *, actor: User
) -> tuple[list[Registration], dict[int, dict[str, list[Any]]]]:
    """Register many cards at once, all or none; what is wrong comes back by the number of the row."""
    declared = entity(Registration)
    made: list[Registration] = []
    wrong: dict[int, dict[str, list[Any]]] = {}

    def body() -> list[Registration]:
        made.clear()
        for number, values in enumerate(rows):
            try:
                given = {name: value for name, value in values.items() if value not in (None, "")}
                made.append(work.part(partial(verbs.add, declared, {**common, **given}, actor=actor)))
            except Invalid as invalid:
                wrong[number] = invalid.errors
        if wrong:
            raise Refused(_("Some cards need a change; nothing was saved."))
        return made

    try:
        work.unit_of_work(body, verb="filing.registration.cards")
    except Refused:
        if not wrong:
            raise
        return [], wrong
    return made, {}


def common_of(exhibition: Exhibition | None) -> dict[str, Any]:
    """What all cards of a batch share."""
    if exhibition is None:
        return {"origin": Origin.FIELD}
    return {"origin": Origin.EXHIBITION, "exhibition": exhibition, "source_detail": exhibition.name}
