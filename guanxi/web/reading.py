"""Which fields of an entity a person may read, filter and sort by: asked by every list, form, export and search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guanxi.formats.codes import mask_phone
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.fields import Field
from guanxi.kernel.filters import Node, parse
from guanxi.kernel.filters.orm import EVERYTHING

MASK = "••••"


def readable_fields(declared: Entity, user: Any) -> dict[str, Field]:
    """Fields the person may see in some form (masked ones included), by name."""
    closed = user.closed_fields(declared.label)
    return {name: f for name, f in declared.fields_for(user.company).items() if name not in closed}


def usable_fields(declared: Entity, user: Any) -> dict[str, Field]:
    """Fields the person may filter and sort by: readable and not masked (a filter would tell the value)."""
    masked = user.masked_fields(declared.label)
    return {name: f for name, f in readable_fields(declared, user).items() if name not in masked and f.kind != "json"}


def may_use(user: Any) -> Callable[[Entity, str], bool]:
    """The gate the filter parser asks for each field, links included."""

    def allowed(declared: Entity, name: str) -> bool:
        if not name:
            return bool(user.may("view", declared.label))
        link, dot, rest = name.partition(".")
        if link not in usable_fields(declared, user):
            return False
        if not dot:
            return True
        return _opens(user, declared, link) and allowed(entity(declared.field(link, user.company).target), rest)

    return allowed


def may_read(user: Any, declared: Entity, name: str) -> bool:
    """May the person see this column, links included?"""
    link, dot, rest = name.partition(".")
    fields = declared.fields_for(user.company)
    if link not in fields or link in user.closed_fields(declared.label):
        return False
    if not dot:
        return True
    found = fields[link]
    return bool(found.target) and _opens(user, declared, link) and may_read(user, entity(found.target), rest)


def _opens(user: Any, declared: Entity, link: str) -> bool:
    """May the person look through this link?  Only where every row behind it lies in their reach anyway."""
    target = declared.field(link, user.company).target
    inside = link == declared.scope_via or user.scope(target) == EVERYTHING
    return inside and bool(user.may("view", target))


def is_masked(user: Any, declared: Entity, name: str) -> bool:
    link, dot, rest = name.partition(".")
    if link in user.masked_fields(declared.label):
        return True
    return bool(dot) and is_masked(user, entity(declared.field(link, user.company).target), rest)


def user_filter(raw: Any, declared: Entity, user: Any) -> Node:
    """Parse a person's filter: unknown and closed fields are refused alike."""
    return parse(raw, declared, user.company, may_use(user))


def is_veiled(found: Field) -> bool:
    """Is the value shown masked even to those who may read it, until they ask for it aloud?"""
    return found.kind == "phone" and found.sensitive


def masked_value(found: Field, value: Any) -> str:
    """What stands in the place of a masked value: the shape of a phone number, dots for the rest."""
    if value in (None, ""):
        return ""
    return mask_phone(str(value)) if found.kind == "phone" else MASK
