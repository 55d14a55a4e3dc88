"""A short list of objects typed as a table inside a form: classes of a scheme, fields of a filing standard."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import entity

SPARE, MOST = 3, 200


class TableInput(forms.Field):
    """`columns` are (key, label); a key may say more: `weight:int`, `required:bool`, `field:of customers.account`."""

    def __init__(self, columns: tuple[tuple[str, Any], ...], **kwargs: Any) -> None:
        super().__init__(widget=TableWidget([(*key.partition(":")[::2], label) for key, label in columns]), **kwargs)

    def clean(self, value: Any) -> Any:
        if self.required and not value:
            raise forms.ValidationError(_("This field is required."))
        return value


class TableWidget(forms.Widget):
    """Inputs named `field-row-key`; what the table does not show of an object is kept as it was."""

    def __init__(self, columns: list[tuple[str, str, Any]]) -> None:
        super().__init__()
        self.columns = columns

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        objects = [*(value or []), *({} for _spare in range(SPARE))]
        rows = [
            {"kept": json.dumps(one, ensure_ascii=False), "cells": [self._cell(column, one) for column in self.columns]}
            for one in objects
        ]
        context = {"name": name, "labels": [label for _key, _kind, label in self.columns], "rows": rows}
        return render_to_string("web/parts/table_input.html", context)

    def _cell(self, column: tuple[str, str, Any], row: dict[str, Any]) -> dict[str, Any]:
        key, kind, label = column
        return {"key": key, "kind": kind[:3], "label": label, "value": row.get(key, ""), "options": _options(kind)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        count = str(data.get(f"{name}-rows", ""))
        rows = []
        for number in range(min(int(count) if count.isdecimal() else 0, MOST)):
            typed = {key: _typed(kind, data.get(f"{name}-{number}-{key}", "")) for key, kind, _label in self.columns}
            if any(value not in ("", 0, False) for value in typed.values()):
                rows.append({**_kept(data.get(f"{name}-{number}-kept")), **typed})
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-rows" not in data


def _kept(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _typed(kind: str, text: str) -> Any:
    text = text.strip()
    if kind == "int":
        return int(text) if text.isdecimal() else 0
    return bool(text) if kind == "bool" else text


def _options(kind: str) -> list[tuple[str, Any]]:
    if not kind.startswith("of "):
        return []
    declared = entity(kind[3:])
    fields = [(f.name, f.label) for f in declared.fields_for(None).values() if f.kind != "json"]
    return [*fields, *((relation.name, relation.title) for relation in declared.relations)]
