"""Columns derived from others on every way into the table, and checks that also bring a value into its normal form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from guanxi.formats.names import company_key, person_key
from guanxi.formats.values import BadValue


class NameKey(models.CharField):  # type: ignore[type-arg]
    """The name as duplicates are compared: without region and form for companies, without blanks for persons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": 120, "blank": True, "editable": False}
        super().__init__(*args, **kwargs)

    def pre_save(self, row: models.Model, add: bool) -> str:
        make = person_key if getattr(row, "kind", "") == "person" else company_key
        value = make(getattr(row, "name", ""))[:120]
        setattr(row, self.attname, value)
        return value


class MonthDay(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """Month and day of a date column as one number (1121), so that yearly days are found by an index."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs |= {"null": True, "blank": True, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, row: models.Model, add: bool) -> int | None:
        day = getattr(row, self.source)
        value = day.month * 100 + day.day if day else None
        setattr(row, self.attname, value)
        return value


class OptionalCode(models.CharField):  # type: ignore[type-arg]
    """A code that may be missing: empty text here, NULL in the table, so that one unique index serves look-ups too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": "", **kwargs, "null": True, "blank": True})

    def from_db_value(self, value: str | None, *_args: Any) -> str:
        return value or ""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value) or None


def normalise(row: models.Model, checks: Mapping[str, Callable[[str], Any]]) -> None:
    """Replace each filled-in value by what its check returns; ValidationError names all fields that fail."""
    errors: dict[str, list[str]] = {}
    for name, check in checks.items():
        if text := getattr(row, name):
            try:
                setattr(row, name, str(check(text)))
            except BadValue as bad:
                errors[name] = [str(bad)]
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
