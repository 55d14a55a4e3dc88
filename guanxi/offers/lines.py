"""The lines of an order or a quote as a table; columns the person may not read are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.fields import Field
from guanxi.web.cells import RIGHT, text_of
from guanxi.web.reading import is_masked, masked_value


def line_table(label: str, rows: Iterable[Any], names: Sequence[str], user: Any) -> dict[str, Any]:
    """Heads and cells; the description stands with its product."""
    declared, closed = entity(label), user.closed_fields(label)
    fields = [declared.field(name, user.company) for name in names if name not in closed]
    if "product" in {f.name for f in fields}:  # the description repeats its name
        fields = [f for f in fields if f.name != "description"]
    table = [[_cell(label, row, f, user) for f in fields] for row in rows]
    return {"heads": [{"label": f.label, "right": f.kind in RIGHT} for f in fields], "table": table}


def _cell(label: str, row: Any, found: Field, user: Any) -> dict[str, Any]:
    """One value of a line, with the page of its product."""
    cell: dict[str, Any] = {"label": found.label, "right": found.kind in RIGHT, "url": ""}
    if is_masked(user, entity(label), found.name):
        return cell | {"text": masked_value(found, getattr(row, found.name))}
    if found.name != "product":
        return cell | {"text": text_of(found, getattr(row, found.name)) or "—"}
    if row.product is None:
        return cell | {"text": row.description}
    seen = user.may("view", "catalog.product")
    url = record_url("products", row.product.pk) if seen else ""
    return cell | {"text": f"{row.description or row.product.name} {row.product.spec}".strip(), "url": url}
