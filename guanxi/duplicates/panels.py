"""The place in a form where likely duplicates show up while somebody types, and a pair side by side."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.duplicates.kinds import Kind, each
from guanxi.duplicates.models import Pair
from guanxi.duplicates.queries.compare import lines
from guanxi.duplicates.services.pairs import waits
from guanxi.kernel.entities import entity
from guanxi.web.panels import panel


@each
def watch_form(kind: Kind) -> None:
    def typed(row: Any, _user: Any) -> dict[str, Any]:
        url = reverse("duplicates-look", args=[kind.entity.slug])
        watched = ", ".join(f"#id_{name}" for name in kind.typed)
        return {"url": f"{url}?row={row.pk}" if not row._state.adding else url, "watched": watched}

    panel(kind.label, "duplicates/slot.html", place="form")(typed)


@panel("duplicates.pair", "duplicates/compare.html", order=10)
def side_by_side(pair: Pair, user: Any) -> dict[str, Any]:
    """What the two files say differently."""
    declared, url = entity("customers.account"), reverse("duplicates-merge")
    may = waits(pair) and user.may("merge", declared.label)
    return {
        "lines": lines(declared, pair.a, pair.b, user),
        "merge": f"{url}?id={pair.a_id}&id={pair.b_id}" if may else "",
    }
