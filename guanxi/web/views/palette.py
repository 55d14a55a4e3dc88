"""Global search: any entity the person may see, by any words, in one box."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.kernel import search
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import Entity, entities
from guanxi.web import nav
from guanxi.web.cells import read_out
from guanxi.web.context import shell
from guanxi.web.pages import is_fragment, person
from guanxi.web.reading import is_masked, may_read

PER_ENTITY = 6


@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """Hits grouped by entity; before anything is typed the quick commands."""
    text, user = request.GET.get("q", "").strip()[:100], person(request)
    kinds = searchable(user) if text else []
    holding = search.labels_with(text, [declared.label for declared in kinds]) if kinds else ()
    groups = [group for kind in kinds if kind.label in holding and (group := hits(kind, text, user))]
    if text and (found := pages(text, user)):
        groups.insert(0, {"label": _("Pages"), "rows": found})
    context = {"q": text, "groups": groups, "quick_new": shell(request)["quick_new"]}
    return render(request, "web/parts/results.html" if is_fragment(request) else "web/search.html", context)


def pages(text: str, user: Any) -> list[dict[str, Any]]:
    """Entries of the navigation called so."""
    items = (item for group in nav.groups_for(user) for item in group["items"])
    return [item | {"text": item["label"]} for item in items if text.casefold() in str(item["label"]).casefold()]


def searchable(user: Any) -> list[Entity]:
    return [e for e in entities() if e.search and user.may("view", e.label)]


def hits(declared: Entity, text: str, user: Any, limit: int = PER_ENTITY) -> dict[str, Any] | None:
    """One group of the palette: name and a line of context per hit, with nothing the person may not read."""
    fields = [
        declared.field(n, user.company)
        for n in declared.subtitle
        if may_read(user, declared, n) and not is_masked(user, declared, n)
    ]
    paths = [p for f in fields for p in (f.path, f.shown or f.path)]
    if not may_read(user, declared, declared.name_field) or is_masked(user, declared, declared.name_field):
        return None
    rows = []
    for pk, name, *values in search.newest(declared, text, user, limit, "pk", declared.name_field, *paths):
        told = [(f, read_out(f, *pair)) for f, *pair in zip(fields, values[::2], values[1::2], strict=True)]
        # A day alone says little.
        words = [f"{f.label} {text}" if f.style in ("ago", "due") else text for f, text in told if text]
        url = record_url(declared.slug, pk)
        rows.append({"url": url, "text": name, "sub": " · ".join(words), "icon": declared.icon})
    look(user, declared.label, rows=len(rows), key=("search", text))
    return {"label": declared.title, "rows": rows} if rows else None
