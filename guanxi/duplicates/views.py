"""Pages of duplicate protection: the answer while somebody types, looking a customer up, comparing and merging."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from guanxi.duplicates.kinds import Kind, kind_of
from guanxi.duplicates.likeness import WARN
from guanxi.duplicates.queries.check import Hit, check
from guanxi.kernel.entities import Entity
from guanxi.web.pages import entity_page, fetch, person, whole


@entity_page()
@require_POST
def look(request: HttpRequest, declared: Entity) -> HttpResponse:
    """What the form as it stands looks like; `row` names the file it changes."""
    kind, user, pk = kind_of(declared.label), person(request), whole(request.GET, "row")
    if kind is None:
        raise Http404
    row = fetch(declared, user, pk) if pk is not None else None
    return render(
        request,
        "duplicates/advice.html",
        _told(check(kind.facts(_typed(kind, request.POST, row)), user, [pk] if pk else [])),
    )


def _typed(kind: Kind, sent: Any, row: Any) -> Any:
    """A column's value as typed, or as stored where the form does not show it."""

    def read(name: str) -> Any:
        if kind.inside and name == f"{kind.inside}_id":
            value = sent.get(kind.inside, "")
            return int(value) if value.isdecimal() and len(value) < 19 else getattr(row, name, 0)
        return str(sent[name])[:400] if name in sent else getattr(row, name, "")

    return read


def _told(found: list[Hit]) -> dict[str, Any]:
    alike = [hit for hit in found if hit.likeness.score >= WARN]
    return {"hits": found, "alike": alike, "hard": any(hit.hard for hit in alike)}
