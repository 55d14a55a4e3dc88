"""The place in a form where likely duplicates show up while somebody types."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.duplicates.kinds import Kind, each
from guanxi.web.panels import panel


@each
def watch_form(kind: Kind) -> None:
    def typed(row: Any, _user: Any) -> dict[str, Any]:
        url = reverse("duplicates-look", args=[kind.entity.slug])
        watched = ", ".join(f"#id_{name}" for name in kind.typed)
        return {"url": f"{url}?row={row.pk}" if row is not None else url, "watched": watched}

    panel(kind.label, "duplicates/slot.html", place="form")(typed)
