"""What is protected: an app names the fields of its booked rows whose changes are written down and may need a yes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst

from guanxi.kernel.entities import entity
from guanxi.kernel.models import Record

Was = Callable[[str], Any]  # the value of a column before the change
Lay = Callable[[Any, Any, Any], None]  # (row, value, actor): how a value is laid down that no field simply holds


@dataclass(frozen=True)
class Protection:
    """Rows of `model` are booked once `booked(was)` holds; from then on each change of `fields` is a correction.

    `usual(field, old, new)` names steps of the ordinary course, which are none.  `asked` are the fields somebody may ask
    to correct, `lay` says how where setting the field is not enough and `check(row, field, value)` refuses what cannot be.
    """

    model: type[Record]
    fields: tuple[str, ...]
    booked: Callable[[Was], bool]
    day: str
    asked: tuple[str, ...] = ()
    amount: str = "amount"
    customer: Callable[[Any], Any] = field(default=lambda row: getattr(row, "account", None))
    usual: Callable[[str, Any, Any], bool] = field(default=lambda _field, _old, _new: False)
    lay: Mapping[str, Lay] = field(default_factory=dict)
    check: Callable[[Any, str, Any], None] = field(default=lambda _row, _field, _value: None)

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def column(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def is_booked(self, row: Any) -> bool:
        return self.booked(lambda name: getattr(row, name))

    def named(self, name: str) -> str:
        return str(capfirst(self.column(name).verbose_name))


_protections: dict[str, Protection] = {}
_closings: list[Callable[[int, date], bool]] = []
due_process: set[str] = set()  # verbs of units whose changes were agreed to in another way: written down, never refused


def add(protection: Protection) -> None:
    _protections[protection.label] = protection


def protection_of(label: str) -> Protection | None:
    return _protections.get(label)


def protections() -> Iterable[Protection]:
    return _protections.values()


def kinds() -> list[tuple[str, Any]]:
    """The kinds of protected records, as choices."""
    return [(one.label, capfirst(entity(one.label).singular)) for one in _protections.values()]


def field_choices() -> list[tuple[str, Any]]:
    """Every protected field once, as choices."""
    found: dict[str, Any] = {}
    for one in _protections.values():
        for name in one.fields:
            found.setdefault(name, capfirst(one.column(name).verbose_name))
    return list(found.items())


def closes(closed: Callable[[int, date], bool]) -> None:
    """An app above says whether it has closed a company's month: what changes there is marked."""
    _closings.append(closed)


def is_closed(company_id: int, day: date) -> bool:
    return any(closed(company_id, day.replace(day=1)) for closed in _closings)
