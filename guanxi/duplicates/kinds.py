"""Which entities take part in duplicate protection, and which of their fields tell who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.duplicates.likeness import Facts, facts
from guanxi.kernel.entities import Entity, entity


@dataclass(frozen=True)
class Kind:
    """The declaration of one entity: names of its fields by what they tell.

    `person` = (field, value) makes the company names of such rows names of persons.  `inside` is the link to the file
    it hangs on, whose keeper and last contact speak for it.  `alive` = (field, value): only such rows take part, and
    the hit says what kind of file it is.
    """

    label: str
    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    code: str = ""
    region: str = ""
    inside: str = ""
    person: tuple[str, str] = ("", "")
    alive: tuple[str, str] = ("", "")

    @property
    def living(self) -> dict[str, Any]:
        """The condition on rows that take part."""
        return {"deleted_at": None} | ({self.alive[0]: self.alive[1]} if self.alive[0] else {})

    @property
    def entity(self) -> Entity:
        return entity(self.label)

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns whose change makes other keys."""
        single = (self.code, self.region, self.inside and f"{self.inside}_id", self.person[0], self.alive[0])
        return tuple(filter(None, (*self.companies, *self.people, *self.phones, *single)))

    @property
    def typed(self) -> tuple[str, ...]:
        """The fields whose typing is worth another look."""
        return tuple(filter(None, (*self.companies[:1], *self.people, *self.phones, self.code, self.inside)))

    def facts(self, read: Callable[[str], Any]) -> Facts:
        """What a file says; `read` gives the value of a column."""
        field, value = self.person
        human = bool(field) and read(field) == value
        names = [str(read(name) or "") for name in self.companies]
        return facts(
            companies=() if human else names,
            people=[*(names[:1] if human else ()), *(str(read(name) or "") for name in self.people)],
            phones=[str(read(name) or "") for name in self.phones],
            code=str(read(self.code) or "") if self.code else "",
            region=str(read(self.region) or "") if self.region else "",
            inside=int(read(f"{self.inside}_id") or 0) if self.inside else 0,
        )

    def of_row(self, row: Any) -> Facts:
        return self.facts(lambda name: getattr(row, name))

    def of_values(self, values: Mapping[str, Any]) -> Facts:
        return self.facts(values.get)


_kinds: dict[str, Kind] = {}
_ready: list[Callable[[Kind], None]] = []


def register(kind: Kind) -> None:
    """Let an entity take part: its rows get keys, are checked while they are typed and before they are stored."""
    _kinds[kind.label] = kind
    for follow in _ready:
        follow(kind)


def each(follow: Callable[[Kind], None]) -> Callable[[Kind], None]:
    """Have `follow` called for every entity that takes part, now or later."""
    _ready.append(follow)
    for kind in _kinds.values():
        follow(kind)
    return follow


def kind_of(label: str) -> Kind | None:
    return _kinds.get(label)


def kinds() -> list[Kind]:
    return list(_kinds.values())
