"""The record every business row is: company first, version, author, recycle bin, and a trail of each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, work
from guanxi.kernel.ids import new_id
from guanxi.kernel.models.pour import insert

JSON = (dict, list)
TECHNICAL = frozenset({"id", "company_id", "version", "created_at", "updated_at", "created_by_id"})


class IdField(models.BigIntegerField):  # type: ignore[type-arg]
    """A 63-bit id made by us; `integer` on SQLite so that it is the row id itself."""

    def db_type(self, connection: Any) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"


class TagsField(models.TextField):  # type: ignore[type-arg]
    """A short list of labels in one text column, `|a|b|`: one LIKE finds a label on every database."""

    description = "labels"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: Any) -> list[str]:
        return [tag for tag in (value or "").split("|") if tag]

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = value.replace("、", "|").replace("，", "|").replace(",", "|").split("|")
        value = value or []
        if not isinstance(value, list | tuple) or not all(isinstance(tag, str) for tag in value):
            raise ValidationError(_("Write labels with commas between them."))
        return list(dict.fromkeys(tag.strip().replace("|", "/") for tag in value if tag.strip()))

    def get_prep_value(self, value: Any) -> str:
        tags = self.to_python(value)
        return f"|{'|'.join(tags)}|" if tags else ""

    def get_lookup(self, lookup_name: str) -> Any:
        # Conditions speak about the stored text; only the value side is a list.
        return models.TextField().get_lookup(lookup_name)


class Company(models.Model):
    """A subsidiary of the group; a small installation has one.  `config_version` grows when roles or fields change."""

    id = IdField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=20, blank=True)
    config_version = models.PositiveIntegerField(default=1)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("company")

    def __str__(self) -> str:
        return self.name


class RecordQuerySet(models.QuerySet["Record"]):
    """Rows are reached only through the person: start with `visible_to(user)`."""

    def visible_to(self, user: Any) -> Self:
        """Live rows of the person's company inside the person's data scope."""
        label = self.model._meta.label_lower
        return self.filter(user.scope(label), company_id=user.company_id, deleted_at=None)

    def bulk_create(self, objs: Iterable[Any]) -> list[Any]:  # type: ignore[override]
        """All columns in one prepared statement; options of Django's own have no use here."""
        unit, rows = work.require(), list(objs)
        insert(rows)
        for row in rows:
            unit.note(row.change_since({}, "created"))
            row.remember()
        return rows

    def take(self, pk: int, expected: dict[str, Any], values: dict[str, Any]) -> bool:
        """One conditional UPDATE for a limited thing: true if this unit got it, false if somebody else did."""
        unit = work.require()
        stamp = {"updated_at": clock.now(), "version": models.F("version") + 1}
        if self.filter(pk=pk, deleted_at=None, **expected).update_silently(**values, **stamp) != 1:
            return False
        row = self.model._base_manager.get(pk=pk)
        fields: Any = self.model._meta
        old = {fields.get_field(name).attname: value for name, value in expected.items()}
        unit.note(row.change_since({**row.column_values(), **old}, "changed"))
        return True

    def update(self, **values: Any) -> int:
        raise RuntimeError(
            "Bulk updates leave no trail: save the row, take() it, or update_silently() technical columns."
        )

    def update_silently(self, **values: Any) -> int:
        """UPDATE without trail and version: only for derived columns nobody typed in."""
        return super().update(**values)


class RecordManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Live rows only; `Model.everything` also holds the recycle bin."""

    def get_queryset(self) -> RecordQuerySet:
        return cast(RecordQuerySet, super().get_queryset()).filter(deleted_at=None)


class Record(models.Model):
    """A business row.  Saved only inside a unit of work, which writes the change down."""

    id = IdField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("changed at"), default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("created by"),
    )  # fmt: skip
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)

    objects: ClassVar[Any] = RecordManager()
    everything: ClassVar[Any] = models.Manager.from_queryset(RecordQuerySet)()

    untrailed: ClassVar[frozenset[str]] = TECHNICAL  # columns whose values never enter the trail
    _loaded: dict[str, Any]

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> Self:
        row = super().from_db(db, field_names, values, **more)
        row._loaded = {k: _frozen(v) for k, v in zip(field_names, values, strict=False)}
        return row

    def column_values(self) -> dict[str, Any]:
        """Column values by attribute name, deferred ones left out."""
        return {f.attname: self.__dict__[f.attname] for f in self._meta.concrete_fields if f.attname in self.__dict__}

    def remember(self) -> None:
        self._loaded = {k: _frozen(v) for k, v in self.column_values().items()}

    def change_since(self, before: dict[str, Any], verb: str) -> work.Change:
        """The difference to `before`, without technical columns."""
        values = [(name, value) for name, value in self.column_values().items() if name not in self.untrailed]
        if before:
            values = [(name, value) for name, value in values if name not in before or before[name] != value]
        else:
            values = [(name, v) for name, v in values if v or (v is not False and v not in (None, "", [], {}))]
        new = {name: _frozen(v) for name, v in values}
        old = {name: before[name] for name, _value in values if name in before}
        label = self._meta.label_lower
        return work.Change(self.company_id, label, self.pk, str(self), verb, old, new, self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        unit = work.require()
        adding = self._state.adding
        before = {} if adding else getattr(self, "_loaded", {})
        unit.undo.append(self._rewind())
        if not adding:
            self.version = (self.version or 0) + 1
            self.updated_at = clock.now()
            wanted = kwargs.get("update_fields")
            if before or wanted is not None:
                fresh = self._moved(before) if wanted is None else wanted
                kwargs["update_fields"] = {*fresh, "version", "updated_at"}
        super().save(*args, **kwargs)
        unit.note(self.change_since(before, "created" if adding else "changed"))
        self.remember()

    def _moved(self, before: dict[str, Any]) -> set[str]:
        """The columns that are no longer as they were loaded."""
        return {name for name, value in self.column_values().items() if name not in before or before[name] != value}

    def _rewind(self) -> Callable[[], None]:
        """What makes this object unsaved again, should the unit fail: its second attempt must find it as the first did."""
        adding, known = (
            self._state.adding,
            {k: v for k, v in vars(self).items() if k in ("version", "updated_at", "_loaded")},
        )

        def rewind() -> None:
            self._state.adding = adding
            self.__dict__.pop("_loaded", None)
            self.__dict__.update(known)

        return rewind

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        unit = work.require()
        old = self.change_since({}, "").new
        unit.note(work.Change(self.company_id, self._meta.label_lower, self.pk, str(self), "erased", old, {}, self))
        return super().delete(*args, **kwargs)


def _frozen(value: Any) -> Any:
    """A copy that later changes inside a JSON column do not reach; several times as fast as `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: _frozen(part) if isinstance(part, JSON) else part for key, part in value.items()}
    return [_frozen(part) if isinstance(part, JSON) else part for part in value] if isinstance(value, list) else value
