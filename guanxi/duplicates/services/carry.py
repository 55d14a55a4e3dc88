"""Rows that follow a file to another: moved with a trail of each, and lately made ones noticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F

from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.models import Merge
from guanxi.duplicates.queries.links import Link, colliding, links_to, pointers
from guanxi.kernel import clock, work

CHUNK = 500
FLAGS = ("is_primary", "is_default")  # of one file only one row may have it
CHAIN = 5


def carry_all(label: str, keep: int, lose: int) -> list[dict[str, Any]]:
    """Everything that points to `lose` points to `keep` from now on; what was moved, for the way back."""
    moved = []
    for link in links_to(label):
        stay = colliding(link, keep, lose)
        ids = [
            pk for pk in link.rows(lose).order_by("pk").values_list("pk", flat=True) if pk not in stay and pk != keep
        ]
        if not ids:
            continue
        unmarked = _unmark(link, ids, keep)
        carry(link, ids, lose, keep)
        moved.append({"label": link.label, "column": link.column, "ids": ids, "unmarked": unmarked})
    return moved


def carry_back(label: str, moved: Sequence[dict[str, Any]], keep: int, lose: int) -> int:
    """The way back; rows that somebody has moved or erased since stay.  Returns how many stayed."""
    known = {(link.label, link.column): link for link in links_to(label)}
    stayed = 0
    for part in moved:
        link = known.get((part["label"], part["column"]))
        if link is None:
            stayed += len(part["ids"])
            continue
        here = set(link.rows(keep).values_list("pk", flat=True))
        # A row whose own key is the link has taken on the other's key.
        ids = [keep if link.single and link.model._meta.pk.attname == link.column else pk for pk in part["ids"]]
        mine = [pk for pk in ids if pk in here]
        stayed += len(ids) - len(mine)
        carry(link, mine, keep, lose)
        for name, marked in part["unmarked"].items():
            _change(link, marked, {name: False}, {name: True})
    return stayed


def carry(link: Link, ids: Iterable[Any], old: int, new: int) -> None:
    _change(link, list(ids), {link.column: old}, {link.column: new})


def _change(link: Link, ids: Sequence[Any], old: dict[str, Any], new: dict[str, Any]) -> None:
    """One UPDATE for many rows, past rules that forbid changing a booked row by hand, and a line in the trail for each."""
    unit = work.require()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        if not link.record:
            link.model._base_manager.filter(pk__in=some).update(**new)
            continue
        rows = link.model.everything.filter(pk__in=some)
        rows.update_silently(**new, version=F("version") + 1, updated_at=clock.now())
        for row in link.model.everything.filter(pk__in=some):
            unit.note(row.change_since({**row.column_values(), **old}, "changed"))


def _unmark(link: Link, ids: Sequence[Any], keep: int) -> dict[str, list[Any]]:
    """Of rows that follow to a file which has its own main one, none is the main one any more."""
    found: dict[str, list[Any]] = {}
    names = {column.name for column in link.model._meta.concrete_fields}
    for name in FLAGS:
        if name in names and link.rows(keep).filter(**{name: True}, deleted_at=None).exists():
            marked = list(link.model._base_manager.filter(pk__in=ids, **{name: True}).values_list("pk", flat=True))
            if marked:
                found[name] = marked
                _change(link, marked, {name: True}, {name: False})
    return found


# -- rows that come in while a merge is under way


@work.sealer(15)
def follow_pointer(unit: work.Work) -> None:
    """What is written for a file that has just been merged belongs to the file it was merged into."""
    wanted: dict[tuple[str, int], list[tuple[work.Change, str]]] = {}
    for change in unit.changes.values():
        if change.row is None or change.verb == "erased":
            continue
        for column, label in _watched(change):
            pk = getattr(change.row, column)
            if pk and column in change.new:
                wanted.setdefault((label, pk), []).append((change, column))
    if wanted and connection.vendor == "postgresql":
        # Links are checked, and what they name locked, only at COMMIT: now, so that a merge under way is waited for.
        connection.check_constraints()
    for (label, pk), stays in _gone(wanted).items():
        for change, column in wanted[label, pk]:
            link = Link(type(change.row), column)
            setattr(change.row, column, stays)
            change.new[column] = stays
            link.model._base_manager.filter(pk=change.object_id).update(**{column: stays})


def _watched(change: work.Change) -> Iterator[tuple[str, str]]:
    try:
        known = pointers(change.label)
    except LookupError:
        return
    yield from ((column, label) for column, label in known if kind_of(label) is not None)


def _gone(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """For files that were merged away the one they ended up in."""
    found: dict[tuple[str, int], int] = {}
    asked = set(wanted)
    for _level in range(CHAIN if asked else 0):
        ids = {pk for _label, pk in asked}
        rows = Merge.objects.filter(lose_id__in=ids, undone_at=None).values_list("label", "lose_id", "keep_id")
        step = {(label, lose): keep for label, lose, keep in rows}
        for key in set(wanted):
            here = (key[0], found.get(key, key[1]))
            if here in step:
                found[key] = step[here]
        asked = {(label, keep) for (label, _lose), keep in step.items()}
        if not asked:
            break
    return found


# -- rows that follow from a merge by themselves


@work.sealer(95)
def tidy(unit: work.Work) -> None:
    """History that other apps derived from the moving (a stage reached): remembered, and gone again with the undoing."""
    for change in list(unit.changes.values()):
        since = getattr(change.row, "since", 0)
        if change.label != Merge._meta.label_lower or not since:
            continue
        fresh = [list(one) for one in _derived(change.row, since, unit)]
        if change.row.undone_at is None:
            Merge.everything.filter(pk=change.object_id).update_silently(derived=fresh)
            change.row.derived = fresh
            continue
        for label, pk in (*change.row.derived, *fresh):
            apps.get_model(label)._base_manager.filter(pk=pk).delete()


def _derived(merge: Merge, since: int, unit: work.Work) -> Iterator[tuple[str, int]]:
    for link in links_to(merge.label):
        if link.record and not link.by_label:
            rows = link.model._base_manager.filter(
                **{f"{link.column}__in": (merge.keep_id, merge.lose_id)}, pk__gt=since
            )
            for pk in rows.values_list("pk", flat=True):
                if (link.label, pk) not in unit.changes:
                    yield link.label, pk
