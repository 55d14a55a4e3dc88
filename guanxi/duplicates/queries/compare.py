"""Two files side by side: what differs, which of both says more, and what would follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guanxi.duplicates.queries.links import links_to
from guanxi.kernel.entities import Entity
from guanxi.kernel.fields import Field
from guanxi.kernel.filters.memory import value_of
from guanxi.web.cells import read_out
from guanxi.web.reading import readable_fields

TOGETHER = ("tags", "former_names")  # these are united, nobody has to choose
EMPTY: tuple[Any, ...] = (None, "", [], {}, False)


@dataclass(frozen=True)
class Line:
    """One field of both files in words; `taken`: by default the value of the file that goes is the better one."""

    name: str
    label: Any
    mine: str
    theirs: str
    taken: bool
    choice: bool


def lines(declared: Entity, keep: Any, lose: Any, user: Any) -> list[Line]:
    """The fields in which two files differ and that this person may read."""
    masked = user.masked_fields(declared.label)
    found = []
    for name, one in readable_fields(declared, user).items():
        mine, theirs = value_of(keep, one.path), value_of(lose, one.path)
        if (
            name in masked
            or one.name in ("created_by", "created_at")
            or (mine in EMPTY and theirs in EMPTY)
            or mine == theirs
        ):
            continue
        if one.editable or one.json:
            choice = name not in TOGETHER
            found.append(Line(name, one.label, _words(one, keep), _words(one, lose), choice and mine in EMPTY, choice))
    return found


def filled(declared: Entity, keep: Any, lose: Any, user: Any) -> frozenset[str]:
    """Fields this person does not see, in which only the file that goes says something."""
    seen = readable_fields(declared, user).keys() - user.masked_fields(declared.label)
    return frozenset(
        name for name, one in declared.fields_for(user.company).items()
        if name not in seen and one.editable and value_of(keep, one.path) in EMPTY and value_of(lose, one.path) not in EMPTY
    )  # fmt: skip


def _words(one: Field, row: Any) -> str:
    return read_out(one, value_of(row, one.path), value_of(row, one.shown) if one.shown else None)


def fuller(declared: Entity, one: Any, other: Any) -> tuple[Any, Any]:
    """The file that says more, first; of equals the older one."""

    def weight(row: Any) -> tuple[int, int]:
        said = sum(value_of(row, f.path) not in EMPTY for f in declared.fields_for(None).values() if "__" not in f.path)
        return said, -row.pk

    return (one, other) if weight(one) >= weight(other) else (other, one)


def following(declared: Entity, pk: int) -> list[tuple[Any, int]]:
    """What hangs on a file, by kind: (name of the kind, number of rows)."""
    counted = ((link.model._meta.verbose_name, link.rows(pk).count()) for link in links_to(declared.label))
    return [(name, n) for name, n in counted if n]
