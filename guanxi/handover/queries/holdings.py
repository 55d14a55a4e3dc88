"""What a person holds, and whether a row is still what it was: checksums without owner, department and version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import ForeignKey, Sum

from guanxi.customers.models import Account
from guanxi.handover.models import Handover
from guanxi.kernel import clock
from guanxi.kernel.entities import Entity, entity
from guanxi.org.holdings import Hold, all_holds
from guanxi.org.models import User
from guanxi.sales.models import Order
from guanxi.sales.queries import counted
from guanxi.web.nav import link

ACCOUNT, YEAR = "customers.account", timedelta(days=365)
PASSING = frozenset({"owner_id", "department_id", "version", "updated_at"})  # what changing hands may change
IN_MEMORY = 500


def declared_for(label: str) -> Entity | None:
    try:
        return entity(label)
    except KeyError:
        return None


def holds_of(handover: Handover) -> list[Hold]:
    """What has to be handed on; somebody who only changes post keeps what is personal."""
    stays = handover.kind == Handover.Kind.MOVE
    return [hold for hold in all_holds() if not (stays and hold.personal)]


@dataclass(frozen=True)
class Held:
    """One way of holding and how much of it there is; `url` lists it where the reader may look."""

    hold: Hold
    open: int
    closed: int
    url: str


def inventory(person: User, reader: User) -> list[Held]:
    """Everything a person holds, kind by kind, what is open and what stays as history."""
    found = []
    for hold in all_holds():
        open_rows, every = hold.open(person).order_by().count(), hold.rows(person).order_by().count()
        if every:
            found.append(Held(hold, open_rows, every - open_rows, list_url(hold, person, reader)))
    return sorted(found, key=lambda held: -held.open)


def list_url(hold: Hold, person: User, reader: User) -> str:
    """The list narrowed to what the person holds this way; empty where there is none for this reader."""
    declared = declared_for(hold.label)
    if declared is None or not reader.may("view", hold.label) or hold.link not in declared.fields_for(reader.company):
        return ""
    return link(declared.slug, {"f": hold.link, "op": "is", "v": person.pk})


def customer_path(model: Any) -> str:
    """The column by which rows hang on a customer; empty for those that do not."""
    if model is Account:
        return "pk"
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey) and column.related_model is Account:
            return str(column.attname)
    return ""


def revenue(accounts: Iterable[int]) -> dict[int, Decimal]:
    """What these customers bought in a year, the measure of a fair share."""
    ids, since = list(accounts), clock.today() - YEAR
    found: dict[int, Decimal] = {}
    for start in range(0, len(ids), IN_MEMORY):
        rows = counted(Order.objects.filter(account__in=ids[start : start + IN_MEMORY], ordered_on__gte=since))
        found |= dict(rows.order_by().values("account").annotate(n=Sum("amount")).values_list("account", "n"))
    return found


def fingerprints(hold: Hold, ids: list[int]) -> dict[int, str]:
    """A checksum per row over all it says and all that hangs on it, save what changing hands may change."""
    but = PASSING | hold.also | {_column(hold)}
    parts: dict[int, list[Any]] = {}
    for pk, values in _values(hold.model, "pk", ids, but):
        parts[pk] = [values]
    declared = declared_for(hold.label)
    for relation in declared.relations if declared else ():
        target = entity(relation.target).model
        if relation.via in {column.name for column in target._meta.concrete_fields}:
            for pk, values in _values(target, f"{relation.via}_id", ids, PASSING):
                parts[pk].append([relation.target, values])
    return {pk: hashlib.sha256(json.dumps(part, default=str).encode()).hexdigest() for pk, part in parts.items()}


def _column(hold: Hold) -> str:
    return str(getattr(hold.model._meta.get_field(hold.link), "attname", hold.link))


def _values(model: Any, key: str, ids: list[int], but: frozenset[str]) -> Iterable[tuple[int, list[Any]]]:
    columns = [column.attname for column in model._meta.concrete_fields if column.attname not in but]
    rows = model._base_manager.filter(**{f"{key}__in": ids}).order_by("pk").values_list(key, *columns)
    return ((row[0], list(row[1:])) for row in rows)
