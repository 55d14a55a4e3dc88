"""What points to a file: found in the models themselves, so that no table an app adds later can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Q, UniqueConstraint

from guanxi.kernel.models import Record

OWN = "duplicates"


@dataclass(frozen=True)
class Link:
    """`column` of `model` names a file; `by_label` where it names files of any entity (comments, attachments)."""

    model: Any
    column: str
    single: bool = False
    by_label: str = ""

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def record(self) -> bool:
        return issubclass(self.model, Record)

    def rows(self, pk: int) -> Any:
        """Everything that points to the file, the recycle bin included."""
        found = self.model._base_manager.filter(**{self.column: pk})
        return found.filter(label=self.by_label) if self.by_label else found


@lru_cache(maxsize=64)
def links_to(label: str) -> tuple[Link, ...]:
    """Every column in which a row of another table (or of the same) points to a file of this entity."""
    return tuple(_links(apps.get_model(label)))


def _links(model: Any) -> Iterator[Link]:
    for relation in model._meta.get_fields(include_hidden=True):
        pointing = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if pointing and relation.related_model._meta.app_label != OWN:
            yield Link(relation.related_model, relation.field.attname, bool(relation.one_to_one))
    for other in apps.get_models():
        names = {column.name for column in other._meta.concrete_fields}
        if issubclass(other, Record) and {"label", "object_id"} <= names and other._meta.app_label != OWN:
            yield Link(other, "object_id", by_label=model._meta.label_lower)


def colliding(link: Link, keep: int, lose: int) -> set[Any]:
    """Rows that cannot follow, because the file that stays has its own where only one may be."""
    if link.single:
        return set(link.rows(lose).values_list("pk", flat=True)) if link.rows(keep).exists() else set()
    found: set[Any] = set()
    name = link.model._meta.get_field(link.column).name
    for fields, condition in _uniques(link.model):
        if name in fields:
            others = [field for field in fields if field != name]
            taken = set(link.rows(keep).filter(condition).values_list(*others))
            rows = link.rows(lose).filter(condition).values_list("pk", *others)
            found |= {row[0] for row in rows if tuple(row[1:]) in taken}
    return found


def _uniques(model: Any) -> Iterator[tuple[tuple[str, ...], Q]]:
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint) and one.fields:
            yield tuple(one.fields), one.condition or Q()
    for together in model._meta.unique_together:
        yield tuple(together), Q()


@lru_cache(maxsize=256)
def pointers(label: str) -> tuple[tuple[str, str], ...]:
    """The columns of an entity that name a file of some entity: (column, label of what it names)."""
    model = apps.get_model(label)
    return tuple(
        (column.attname, column.related_model._meta.label_lower)
        for column in model._meta.concrete_fields
        if column.is_relation and issubclass(column.related_model, Record)
    )
