"""A field of an entity as lists, filters, forms, import, export and the API see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import ExtraField, TagsField

Label = Any  # str or a lazy translation

NUMBERS = ("int", "decimal", "money", "percent")
DAYS = ("date", "datetime")
TEXTS = ("text", "longtext", "code", "phone", "email", "region")


@dataclass(frozen=True)
class Field:
    """`path` is the ORM path of the stored value, `shown` the path of what a person reads (for links: the name)."""

    name: str
    label: Label
    kind: str
    path: str
    shown: str = ""
    target: str = ""
    choices: tuple[tuple[Any, Label], ...] = ()
    tones: Mapping[Any, str] = field(default_factory=dict, hash=False)
    json: bool = False
    sensitive: bool = False
    editable: bool = True
    required: bool = False
    filled: bool = False  # nothing is no answer: it always has a value, its default where none is given
    sortable: bool = False
    help: Label = ""
    max_length: int | None = None
    style: str = ""
    other: Callable[[str], Any] | None = None  # reads a choice that is not listed, or raises BadValue
    offer: Callable[[Any], Iterable[tuple[Any, Label]]] | None = None  # choices that depend on who is asked
    listed: Callable[[int], Iterable[tuple[Any, Label]]] | None = None  # a company's choices, by its id

    def under(self, prefix: str, label: Label) -> Field:
        """The same field reached over a link, e.g. `account.region`: readable, not editable."""
        return replace(
            self,
            name=f"{prefix}.{self.name}",
            label=label,
            path=f"{prefix}__{self.path}",
            shown=f"{prefix}__{self.shown}" if self.shown else "",
            editable=False,
            sortable=False,
        )

    def label_of(self, value: Any) -> Label:
        """The word for a stored choice."""
        return next((label for key, label in self.choices if key == value), value)

    @property
    def column(self) -> str:
        """The name forms and rows use: `owner_id` for a link, else the name."""
        return self.path if self.kind == "ref" else self.name


KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (TagsField, "tags"),
    (models.EmailField, "email"),
    (models.SlugField, "code"),
    (models.CharField, "text"),
    (models.TextField, "longtext"),
    (models.BooleanField, "bool"),
    (models.DecimalField, "decimal"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.IntegerField, "int"),
    (models.FloatField, "decimal"),
    (models.JSONField, "json"),
)

READ_ONLY = frozenset({"created_at", "updated_at", "created_by", "deleted_at"})
HIDDEN = frozenset({"id", "password", "company", "version", "extra", "deleted_at"})


def from_model(column: models.Field[Any, Any], **changes: Any) -> Field:
    """What a model column is called and how it behaves; `changes` override, e.g. kind="money"."""
    common: dict[str, Any] = {
        "name": column.name,
        "label": capfirst(column.verbose_name),
        "path": column.name,
        "help": column.help_text,
        "editable": column.editable and column.name not in READ_ONLY,
        "required": not column.blank and not column.has_default() and column.editable,
        "filled": not column.blank,
        "max_length": getattr(column, "max_length", None),
    }
    if isinstance(column, models.ForeignKey):
        target = column.related_model
        common |= {"kind": "ref", "path": column.attname, "target": target._meta.label_lower}
        common["shown"] = f"{column.name}__{getattr(target, 'NAME', 'name')}"
    elif column.choices:
        common |= {"kind": "choice", "choices": tuple(column.flatchoices)}
    else:
        common["kind"] = next(kind for cls, kind in KINDS if isinstance(column, cls))
    return Field(**{**common, **changes})


def from_extra(row: ExtraField) -> Field:
    """An administrator's field: stored in the `extra` JSON column, named with an `x_` in front."""
    return Field(
        name=f"x_{row.name}",
        label=row.title,
        kind=row.kind,
        path=f"extra__{row.name}",
        json=True,
        choices=tuple((option, option) for option in row.options),
        required=row.required,
        sensitive=row.sensitive,
        help=row.help,
    )


def technical_labels() -> dict[str, Label]:
    return {"created_at": _("Created at"), "updated_at": _("Changed at"), "created_by": _("Created by")}
