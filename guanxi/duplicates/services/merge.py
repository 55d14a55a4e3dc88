"""Uniting two files and parting them again: fields by choice, everything else follows, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from guanxi.duplicates.models import Merge, Pair
from guanxi.duplicates.services.carry import carry_all, carry_back
from guanxi.kernel import clock, context, events, work
from guanxi.kernel.actions import action, check_version, locked
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Forbidden, NotVisible, Refused
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Record, TagsField
from guanxi.org.models import User

RIGHT = "merge"
KEPT_DAYS = 30
LONGEST_FORMER = 400


def require_merge(actor: Any, label: str) -> None:
    if not actor.may(RIGHT, label):
        raise Forbidden(_("You may not merge files."))


def may_undo(merge: Any) -> bool:
    return merge.undone_at is None and clock.now() - merge.created_at < timedelta(days=KEPT_DAYS)


def merge(
    declared: Entity,
    keep_id: int,
    lose_id: int,
    *,
    actor: User,
    taken: frozenset[str] = frozenset(),
    told: Mapping[str, Any] | None = None,
) -> Merge:
    """`lose` becomes part of `keep`; the fields in `taken` come from `lose`.

    `told`: "reason", and "versions" by id, as the person saw the two files.
    """
    require_merge(actor, declared.label)
    if keep_id == lose_id:
        raise Refused(_("Choose two different files."))
    given = told or {}
    reason, name = str(given.get("reason", "")), f"{declared.label}.merged"
    events.declare(name)

    def body() -> Merge:
        rows = {pk: locked(declared.model, pk, actor) for pk in sorted((keep_id, lose_id))}
        for pk, version in given.get("versions", {}).items():
            check_version(rows[pk], version)
        keep, lose = rows[keep_id], rows[lose_id]
        made = Merge(
            company_id=keep.company_id, created_by_id=actor.pk, label=declared.label, keep_id=keep_id, lose_id=lose_id,
            account_id=getattr(keep, "account_id", keep_id), gone=str(lose)[:200], kept=str(keep)[:200], reason=reason[:400],
        )  # fmt: skip
        made.since = new_id()  # type: ignore[attr-defined]  # read by carry.tidy
        _become_one(declared, keep, lose, taken, made)
        made.save()
        _decide(made, Pair.State.MERGED, actor)
        events.publish(name, keep.company_id, id=keep_id, gone=lose_id, actor=actor.pk)
        return made

    with context.acting(actor_id=actor.pk, actor_name=str(actor)):
        return work.unit_of_work(body, verb=name, reason=reason)


def _become_one(declared: Entity, keep: Any, lose: Any, taken: frozenset[str], made: Merge) -> None:
    before = plain(keep)
    lose.deleted_at = clock.now()  # first: codes that only one live file may have are free now
    lose.save(update_fields=["deleted_at"])
    unite(declared, keep, lose, taken)
    keep.save()
    after = plain(keep)
    made.changed = {column: [before[column], after[column]] for column in after if before[column] != after[column]}
    made.moved = carry_all(declared.label, keep.pk, lose.pk)
    made.rows = sum(len(part["ids"]) for part in made.moved)


def plain(row: Any) -> dict[str, Any]:
    """Column values as JSON that the columns can read back, without what every save renews."""
    known = {
        name: value
        for name, value in row.column_values().items()
        if name not in ("version", "updated_at", "deleted_at")
    }
    return dict(json.loads(json.dumps(known, cls=DjangoJSONEncoder)))


def unite(declared: Entity, keep: Any, lose: Any, taken: frozenset[str]) -> None:
    """Fields of the file that stays: as chosen; labels of both; the earliest first day and the latest last one."""
    for name, found in declared.fields_for(keep.company).items():
        if "__" in found.path and not found.json:
            continue  # a table of its own
        if found.json:
            key = found.path.removeprefix("extra__")
            if name in taken and key in lose.extra:
                keep.extra = {**keep.extra, key: lose.extra[key]}
        elif name in taken and found.editable:
            setattr(keep, found.path, getattr(lose, found.path))
    for column in keep._meta.concrete_fields:
        mine, theirs = getattr(keep, column.attname), getattr(lose, column.attname)
        if isinstance(column, TagsField):
            setattr(keep, column.attname, list(dict.fromkeys([*mine, *theirs])))
        elif column.name.startswith(("first_", "last_")) and theirs is not None:
            best = min if column.name.startswith("first_") else max
            setattr(keep, column.attname, theirs if mine is None else best(mine, theirs))
    _remember_names(keep, lose)
    _leave_circle(keep, lose)
    if hasattr(keep, "hand_to"):
        keep.hand_to(keep.owner)
    if declared.clean:
        declared.clean(keep)


def _remember_names(keep: Any, lose: Any) -> None:
    """A name that goes stays findable as a former name."""
    if hasattr(keep, "former_names"):
        names = [one for row in (keep, lose) for one in row.former_names.split("、")]
        names = [
            one for one in dict.fromkeys([*names, lose.name, keep._loaded.get("name", "")]) if one and one != keep.name
        ]
        while len("、".join(names)) > LONGEST_FORMER:
            names.pop()
        keep.former_names = "、".join(names)


def _leave_circle(keep: Any, lose: Any) -> None:
    """A company that stood below the one it is united with moves up to its place."""
    above, depth = getattr(keep, "parent", None), 0
    while above is not None and depth < 50:
        if above.pk == lose.pk:
            keep.parent_id = lose.parent_id if lose.parent_id != keep.pk else None
            return
        above, depth = above.parent, depth + 1


def _decide(made: Merge, state: str, actor: User | None) -> None:
    ids = (made.keep_id, made.lose_id)
    for pair in Pair.objects.filter(a__in=ids, b__in=ids):
        pair.state, pair.decided_by = state, actor
        pair.decided_on = clock.today() if actor else None
        pair.save(update_fields=["state", "decided_by", "decided_on"])


@action(Merge, label=_("Undo the merge"), permission="view", icon="arrow-back-up", bulk=False, danger=True, when=may_undo,
        confirm=_("Both files come back as they were; what was changed since stays."))  # fmt: skip
def undo(merged: Merge, *, actor: User) -> Merge:
    """Both files as they were before; rows moved and fields edited since are left alone (within 30 days)."""
    declared = entity(merged.label)
    require_merge(actor, merged.label)
    if not may_undo(merged):
        raise Refused(_("A merge can be undone once, within %(n)s days.") % {"n": KEPT_DAYS})
    try:
        keep = locked(declared.model, merged.keep_id, actor)
        lose = locked(declared.model, merged.lose_id, actor, deleted=True)
    except NotVisible as gone:
        raise Refused(_("The file that stayed was merged or deleted in turn; undo that first.")) from gone
    merged.since = new_id()  # type: ignore[attr-defined]  # read by carry.tidy
    merged.undone_at = clock.now()
    merged.save(update_fields=["undone_at"])
    carry_back(declared.label, merged.moved, merged.keep_id, merged.lose_id)
    _restore(keep, merged.changed)
    keep.save()
    lose.deleted_at = None
    try:
        lose.validate_constraints()
    except ValidationError as taken:
        raise Refused("；".join(taken.messages)) from taken
    lose.save(update_fields=["deleted_at"])
    _decide(merged, Pair.State.OPEN, None)
    return merged


def _restore(keep: Record, changed: dict[str, list[Any]]) -> None:
    """Old values where nobody has typed another one since."""
    now = plain(keep)
    for column in keep._meta.concrete_fields:
        if column.attname in changed and now[column.attname] == changed[column.attname][1]:
            setattr(keep, column.attname, column.to_python(changed[column.attname][0]))
