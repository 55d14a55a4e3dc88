"""The verbs every entity has without declaring them: add, change, delete, restore, erase; validation included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, context, events, work
from guanxi.kernel.actions import check_version, locked
from guanxi.kernel.doubts import ask, veto
from guanxi.kernel.entities import Entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.extras import clean_extra
from guanxi.kernel.models import Record

STANDARD = ("view", "add", "change", "delete", "export", "import")
PAST = {"add": "created", "change": "changed", "delete": "deleted", "restore": "restored"}


def require_right(actor: Any, verb: str, entity: Entity) -> None:
    if not actor.may(verb, entity.label):
        raise Forbidden(_("You have no right to do this with %(what)s.") % {"what": entity.title})


def declare_events(entities: Iterable[Entity]) -> None:
    for entity in entities:
        for word in PAST.values():
            events.declare(f"{entity.label}.{word}")


def add(entity: Entity, values: Mapping[str, Any], *, actor: Any) -> Any:
    """Create one row from values by field name; Invalid tells what is wrong with which field."""
    require_right(actor, "add", entity)
    return _run(entity, "add", actor, lambda: _save(new_row(entity, actor), entity, values, actor))


def change(
    entity: Entity, pk: int, values: Mapping[str, Any], *, actor: Any, version: int | None = None, reason: str = ""
) -> Any:
    """Change some fields of one row; Stale if `version` is no longer the stored one."""
    require_right(actor, "change", entity)

    def body() -> Any:
        row = locked(entity.model, pk, actor)
        check_version(row, version)
        ask_guard(row, entity, actor, "change")
        return _save(row, entity, values, actor)

    return _run(entity, "change", actor, body, reason)


def delete(entity: Entity, pk: int, *, actor: Any, version: int | None = None, reason: str = "") -> Any:
    """Put one row into the recycle bin."""
    require_right(actor, "delete", entity)

    def body() -> Any:
        row = locked(entity.model, pk, actor)
        check_version(row, version)
        ask_guard(row, entity, actor, "delete")
        veto(row, actor, "delete")
        row.deleted_at = clock.now()
        row.save(update_fields=["deleted_at"])
        return row

    return _run(entity, "delete", actor, body, reason)


def restore(entity: Entity, pk: int, *, actor: Any) -> Any:
    """Take one row out of the recycle bin."""
    require_right(actor, "delete", entity)

    def body() -> Any:
        row = locked(entity.model, pk, actor, deleted=True)
        row.deleted_at = None
        _check(row, entity)
        ask(row, actor, "restore")
        row.save(update_fields=["deleted_at"])
        return row

    return _run(entity, "restore", actor, body)


def ask_guard(row: Any, entity: Entity, actor: Any, verb: str) -> None:
    """The entity's own say on who may touch this very row; it refuses by raising."""
    if entity.guard:
        entity.guard(row, actor, verb)


def new_row(entity: Entity, actor: Any) -> Any:
    """An unsaved row with company, author and, where rows have owners, the actor as owner."""
    row = entity.model(company_id=actor.company_id, created_by_id=actor.pk)
    if entity.owned and entity.keeps(actor):
        owned = cast(Any, row)
        owned.owner_id, owned.department_id = actor.pk, actor.department_id
    return row


def assign(row: Record, entity: Entity, values: Mapping[str, Any], company: Any) -> None:
    """Set values by field name, links by id or object; extra fields go to their column.  Invalid on a bad extra value."""
    fields = entity.fields_for(company)
    extra = {name: value for name, value in values.items() if name in fields and fields[name].json}
    if extra:
        row.extra = {**row.extra, **clean_extra(fields, extra)}
    for name, value in values.items():
        if name not in extra:
            field = fields[name]
            setattr(row, field.path if field.kind == "ref" and not isinstance(value, Record) else name, value)


def faults(entity: Entity, values: Mapping[str, Any], actor: Any, row: Any = None) -> dict[str, list[Any]]:
    """What is wrong with these values by themselves, whatever else their form still lacks; nothing is stored."""
    tried = new_row(entity, actor) if row is None else copy(row)
    errors: dict[str, list[Any]] = {}
    for look in (
        lambda: assign(tried, entity, values, actor.company),
        lambda: tried.clean_fields(_untouched(tried)),
        tried.clean,
    ):
        try:
            look()
        except Invalid as invalid:
            errors |= invalid.errors
        except ValidationError as error:
            error.update_error_dict(errors)
        except (ArithmeticError, AttributeError, ObjectDoesNotExist, TypeError, ValueError):
            continue  # clean() relies on what the form still lacks
    return {name: errors[name] for name in values if name in errors}


def _save(row: Any, entity: Entity, values: Mapping[str, Any], actor: Any) -> Any:
    closed = actor.closed_fields(entity.label) | actor.masked_fields(entity.label)
    if barred := closed & set(values):
        raise Forbidden(_("You may not change “%(field)s”.") % {"field": ", ".join(sorted(barred))})
    assign(row, entity, values, actor.company)
    ask(row, actor, "add" if row._state.adding else "change")
    _check(row, entity)
    if entity.scope_via in values:
        _check_parent(row, entity, actor)
    if entity.prepare_many and row._state.adding:
        entity.prepare_many([row])
    veto(row, actor, "add" if row._state.adding else "change")
    row.save()
    return row


def _check_parent(row: Any, entity: Entity, actor: Any) -> None:
    """A row may hang only on one that the person can see: nobody adds a contact to a stranger's account."""
    parent = getattr(row, entity.scope_via)
    if parent is not None and not type(parent).objects.visible_to(actor).filter(pk=parent.pk).exists():
        raise Invalid({entity.scope_via: [_("This does not exist.")]})


def _check(row: Any, entity: Entity) -> None:
    """Formats, uniqueness, links inside one company, and the entity's own rule; of a stored row what has changed."""
    try:
        row.clean_fields(exclude=_untouched(row))  # first alone: what clean() looks at must be there
        row.clean()
        barred = _untouched(row)
        row.validate_unique(exclude=barred)
        _check_constraints(row, barred)
    except ValidationError as error:
        named = {("" if name == NON_FIELD_ERRORS else name): list(m) for name, m in error.message_dict.items()}
        raise Invalid(named) from error
    for field in row._meta.concrete_fields:
        if field.is_relation and field.name not in barred:
            linked = getattr(row, field.name) if getattr(row, field.attname) else None
            if linked is not None and getattr(linked, "company_id", row.company_id) != row.company_id:
                raise Invalid({field.name: [_("Belongs to another company.")]})
    if entity.clean:
        entity.clean(row)


def _untouched(row: Any) -> set[str]:
    """Columns that need no look: ours, and those of a stored row that are as they were."""
    before = {} if row._state.adding else getattr(row, "_loaded", {})
    same = {
        f.name
        for f in row._meta.concrete_fields
        if f.attname in before and before[f.attname] == getattr(row, f.attname)
    }
    return {"company", "created_by"} | same


def _check_constraints(row: Any, barred: set[str]) -> None:
    """Only those that speak of a touched column: each costs statements.  Errors as Django's own loop gathers them."""
    errors: dict[str, Any] = {}
    constraints: Any = row._meta.constraints
    for constraint in constraints:
        condition: Any = getattr(constraint, "condition", None)
        named = set(getattr(constraint, "fields", ())) | set(getattr(condition, "referenced_base_fields", None) or ())
        if named - barred or bool(getattr(constraint, "expressions", ())):
            try:
                constraint.validate(type(row), row, exclude={"created_by"})
            except ValidationError as error:
                if constraint.violation_error_message == constraint.default_violation_error_message:
                    one, words = _words(row, constraint)
                    errors.setdefault(one, []).append(words)
                else:
                    errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _words(row: Any, constraint: Any) -> tuple[str, Any]:
    """The field to look at and what is wrong with it, for a constraint that brings no words of its own."""
    if names := [name for name in getattr(constraint, "fields", ()) if name != "company"]:
        return names[0], row.unique_error_message(type(row), names)
    names = sorted(constraint.condition.referenced_base_fields - {"deleted_at"})
    said = "、".join(str(row._meta.get_field(name).verbose_name) for name in names)
    return names[0], _("Please check %(fields)s: this value is not possible.") % {"fields": said}


def _run(entity: Entity, verb: str, actor: Any, body: Any, reason: str = "") -> Any:
    name = f"{entity.label}.{PAST[verb]}"
    events.declare(name)  # the checks, which declare all of them, do not run in every process

    def unit() -> Any:
        row = body()
        events.publish(name, row.company_id, id=row.pk, actor=actor.pk)
        return row

    with context.acting(actor_id=actor.pk, actor_name=str(actor)):
        return work.unit_of_work(unit, verb=name, reason=reason)


def refuse_unless(condition: bool, message: Any) -> None:
    if not condition:
        raise Refused(message)
