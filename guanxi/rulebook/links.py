"""Links to rows in the conditions of a rule: by id inside the company, by the row's natural key in a file that travels.

`{"f": "product", "op": "is", "v": 912…}` leaves as `{"f": "product", "op": "is", "v": {"code": "P-100"}}`.  The key is the first
column of the entity's import key, or of what it is called by, that tells the row from all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guanxi.kernel.entities import Entity
from guanxi.kernel.fields import Field
from guanxi.rulebook.spec import Missing, SpecError, places, read, the_entity, the_field

Change = Callable[[Field, Any], Any]


def portable(raw: Mapping[str, Any], company: Any) -> dict[str, Any]:
    """The rule as it means the same in another company; SpecError names a row that has no key of its own."""

    def named(field: Field, value: Any) -> Any:
        value = _id(value)
        return _key(field, value, company) if isinstance(value, int) else value

    return _changed(raw, company, named)


def settled(raw: Mapping[str, Any], company: Any) -> dict[str, Any]:
    """The rule with the rows of this company; SpecError names every one that is not here."""
    missing: dict[str, None] = {}

    def found(field: Field, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return _id(value)
        try:
            return _row(field, value, company)
        except SpecError as error:
            missing[str(error)] = None
            return value

    made = _changed(raw, company, found)
    if missing:
        raise SpecError(" ".join(missing))
    return made


def _id(value: Any) -> Any:
    """The browser writes ids as texts, because its numbers are shorter."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _changed(raw: Mapping[str, Any], company: Any, change: Change) -> dict[str, Any]:
    made = dict(raw)
    for place in places(read(raw)):
        try:
            declared = the_entity(place.about)
        except Missing:  # the clause waits for it, and nothing of it can be linked yet
            continue
        if before := place.of(made):
            made = place.put(made, _condition(before, declared, company, change))
    return made


def _condition(raw: Any, declared: Entity, company: Any, change: Change) -> Any:
    if isinstance(raw, list):
        return [_condition(part, declared, company, change) for part in raw]
    if not isinstance(raw, Mapping):
        return raw
    if "f" in raw:
        return _atom(raw, declared, company, change)
    if "has" in raw:
        target = next((one.target for one in declared.relations if one.name == raw["has"]), "")
        return _inside(raw, target, company, change)
    return {word: _condition(part, declared, company, change) for word, part in raw.items()}


def _inside(raw: Mapping[str, Any], target: str, company: Any, change: Change) -> Mapping[str, Any]:
    try:
        declared = the_entity(target)
    except Missing:
        return raw
    return {**raw, "where": _condition(raw["where"], declared, company, change)} if raw.get("where") else raw


def _atom(raw: Mapping[str, Any], declared: Entity, company: Any, change: Change) -> Mapping[str, Any]:
    try:
        field = the_field(declared, str(raw["f"]), company)
    except SpecError:
        return raw
    if field.kind != "ref" or "v" not in raw:
        return raw
    value = raw["v"]
    made = [change(field, one) for one in value] if isinstance(value, list) else change(field, value)
    return {**raw, "v": made}


def _keys(target: Entity) -> Iterator[str]:
    """Columns a row of the entity may be known by, the best first: texts of its own."""
    columns = {one.name: one for one in target.model._meta.concrete_fields}
    for name in dict.fromkeys((*target.import_key, "code", "number", target.name_field)):
        if isinstance(columns.get(name), models.CharField | models.TextField):
            yield name


def _rows(target: Entity, company: Any, **wanted: Any) -> Any:
    return target.model._base_manager.filter(company_id=company and company.pk, deleted_at=None, **wanted)


def _key(field: Field, pk: int, company: Any) -> dict[str, str]:
    target = the_entity(field.target)
    row = _rows(target, company, pk=pk).first()
    if row is None:
        raise SpecError(_("“%(field)s” names a row that is no longer there.") % {"field": field.label})
    for name in _keys(target):
        value = getattr(row, name)
        if value and _rows(target, company, **{name: value}).count() == 1:
            return {name: value}
    raise SpecError(
        _("“%(field)s”: %(rows)s “%(name)s” has neither a code nor a name of its own.")
        % {"field": field.label, "rows": target.singular, "name": row}
    )


def _row(field: Field, key: Mapping[str, Any], company: Any) -> int:
    target = the_entity(field.target)
    (name, value), *more = key.items() or [("", "")]
    if more or name not in _keys(target) or not isinstance(value, str):
        raise SpecError(_("“%(field)s” does not name a row in a readable way.") % {"field": field.label})
    found = list(_rows(target, company, **{name: value}).values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return int(found[0])
    words = {"rows": target.singular, "key": the_field(target, name, company).label, "value": value}
    if found:
        raise SpecError(_("There are several %(rows)s with %(key)s “%(value)s” here.") % words)
    raise SpecError(_("There is no %(rows)s with %(key)s “%(value)s” here.") % words)
