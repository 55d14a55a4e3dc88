"""Values of administrator-made fields: checked like model columns, stored as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.errors import Invalid
from guanxi.kernel.fields import NUMBERS, Field
from guanxi.kernel.models import TagsField


def clean_extra(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values by key of the `extra` column; Invalid names every wrong field."""
    result, errors = {}, {}
    for name, value in values.items():
        field = fields[name]
        key = field.path.partition("__")[2]
        try:
            result[key] = _clean(field, value)
        except (ValueError, InvalidOperation) as error:
            errors[name] = [str(error) if isinstance(error, ValueError) else _("Enter a number.")]
    if errors:
        raise Invalid(errors)
    return result


def _clean(field: Field, value: Any) -> Any:
    if value in (None, "", []):
        if field.required:
            raise ValueError(_("This field is required."))
        return [] if field.kind == "tags" else None
    if field.kind in NUMBERS:
        number = Decimal(str(value))
        if not number.is_finite() or abs(number) >= Decimal(10) ** 16:
            raise InvalidOperation
        number = round(number, 6)  # what conditions compare to
        # A JSON number where that is exact, so that both databases compare it as one.
        return int(number) if number == number.to_integral_value() else float(number)
    if field.kind == "date":
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    if field.kind == "bool":
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "on", "yes", "是")
    options = {key for key, _label in field.choices}
    chosen = TagsField().to_python(value) if field.kind == "tags" else [str(value)]
    if field.kind in ("tags", "choice") and options and not set(chosen) <= options:
        raise ValueError(_("Choose one of: %(options)s.") % {"options": "、".join(sorted(options))})
    if field.kind == "tags":
        return chosen
    if len(chosen[0]) > (10_000 if field.kind == "longtext" else 400):
        raise ValueError(_("This text is too long."))
    return chosen[0]
