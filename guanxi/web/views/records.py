"""One record of any entity: its page, its tabs, its print, its history, the recycle bin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.audit import queries as trail
from guanxi.audit.services import witness
from guanxi.audit.sightings import saw
from guanxi.kernel import clock, verbs
from guanxi.kernel.actions import verbs_for
from guanxi.kernel.entities import Entity, Relation, entity
from guanxi.kernel.fields import DAYS, Field
from guanxi.kernel.filters.memory import value_of
from guanxi.org.models import Attachment, Comment
from guanxi.web import atoms
from guanxi.web.cells import RIGHT, RowMaker, is_name, shown
from guanxi.web.forms import editable, sections_of
from guanxi.web.listing import Listing
from guanxi.web.pages import done, entity_page, fetch, person, whole
from guanxi.web.panels import panels_for
from guanxi.web.reading import is_masked, is_veiled, masked_value, may_read, readable_fields

HISTORY_PAGE, PAPER = 30, "paper"


@entity_page()
def record(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """The record's page: head, facts, tabs, and the panels every app contributes."""
    context = page_context(request, declared, pk, "overview")
    saw(person(request).company_id, declared.label, pk, context["title"])
    return render(request, declared.template or "web/record.html", context)


def page_context(request: HttpRequest, declared: Entity, pk: int, tab: str) -> dict[str, Any]:
    """What head and tabs of a record's page need; panels only on the overview."""
    user = person(request)
    row = fetch(declared, user, pk, *_links(declared))
    context = {
        "entity": declared,
        "row": row,
        "title": str(row),
        "tile": "" if is_name(declared.field(declared.columns[0], None)) else declared.icon,
        "here": reverse("record", args=[declared.slug, pk]),
        "back": reverse("record-list", args=[declared.slug]),
        "verbs": [
            {"verb": v, "url": reverse("record-verb", args=[declared.slug, pk, v.short])} for v in verbs_for(row, user)
        ],
        "may": {"delete": user.may("delete", declared.label), "change": _is_changed_by_hand(declared, user)},
        "facts": facts(declared, row, user, declared.headline or declared.columns[1:7]),
        "badges": badges(declared, row, user),
        "tab": tab,
        "record_tabs": tabs_of_record(declared, row, user),
    }
    if tab == PAPER:
        context["facts"] = facts(declared, row, user, declared.headline or declared.columns[1:7], plain=True)
        context["sections"] = filled_sections(declared, row, user, plain=True)
    elif tab == "overview":
        context["panels"] = panels_for(declared.label, row, request, "main")
        context["rail"] = panels_for(declared.label, row, request, "rail")
        context["sections"] = filled_sections(declared, row, user)
    return context


def _is_changed_by_hand(declared: Entity, user: Any) -> bool:
    """May this person change such rows, and is there anything to type in?"""
    names = [name for section in sections_of(declared, user) for name in section.fields]
    return bool(user.may("change", declared.label) and (declared.lines or editable(declared, user, names)))


def _links(declared: Entity) -> list[str]:
    return [f.name for f in declared.fields_for(None).values() if f.kind == "ref" and "__" not in f.path]


def facts(declared: Entity, row: Any, user: Any, names: Any, *, plain: bool = False) -> list[dict[str, Any]]:
    """Label and rendered value of the fields the person may read."""
    found = [declared.field(name, user.company) for name in names if may_read(user, declared, name)]
    return [
        {
            "name": f.name,
            "label": f.label,
            "html": shown_value(declared, row, f, user, plain=plain),
            "empty": value_of(row, f.path) in (None, "", [], False),
            "full": f.kind in ("longtext", "json"),
        }
        for f in found
    ]


def badges(declared: Entity, row: Any, user: Any) -> list[SafeString]:
    """States and labels beside the name: coloured choices, then tags."""
    fields = [
        f
        for f in readable_fields(declared, user).values()
        if "__" not in f.path and not is_masked(user, declared, f.name)
    ]
    marked = [f for f in fields if f.tones and f.style != "grade"] + [f for f in fields if f.kind == "tags"]
    return [shown_value(declared, row, f, user) for f in marked if value_of(row, f.path)]


def shown_value(declared: Entity, row: Any, found: Field, user: Any, *, plain: bool = False) -> SafeString:
    """A field's value as the page shows it: masked with an eye, linked, or as in a list; plain is what paper can hold."""
    value = value_of(row, found.path)
    if plain and found.kind in DAYS:
        found = replace(found, style="")  # "3 days ago" is wrong tomorrow
    if is_masked(user, declared, found.name) or (plain and is_veiled(found)):
        return escape(masked_value(found, value)) or atoms.empty_dash()
    if is_veiled(found) and value:
        url = reverse("record-reveal", args=[declared.slug, row.pk, found.name])
        return atoms.secret(masked_value(found, value), url, found.label)
    name, url = value_of(row, found.shown) if found.shown else None, ""
    if found.kind == "ref" and value and not plain and user.may("view", found.target):
        url = reverse("record", args=[entity(found.target).slug, value])
    return shown(found, value, name, url)


def filled_sections(declared: Entity, row: Any, user: Any, *, plain: bool = False) -> list[dict[str, Any]]:
    """The card: sections of the form with their values, empty ones included so that gaps show."""
    readable = readable_fields(declared, user)
    result = []
    for section in sections_of(declared, user):
        if section.when and str(value_of(row, section.when[0])) not in section.when[1]:
            continue
        names = [name for name in section.fields if name in readable]
        if names:
            lines = facts(declared, row, user, names, plain=plain)
            filled = any(not line["empty"] for line in lines)
            result.append({"title": section.title, "facts": lines, "filled": filled})
    return result


def tabs_of_record(declared: Entity, row: Any, user: Any) -> list[dict[str, Any]]:
    """Overview, related rows, talk and history."""
    here = reverse("record", args=[declared.slug, row.pk])
    tabs = [{"key": "overview", "label": _("Overview"), "url": here}]
    for relation in declared.relations:
        if relation.tab and user.may("view", relation.target):
            tabs.append({"key": relation.name, "label": relation.title, "url": f"{here}tab/{relation.name}/"})
    key = {"label": declared.label, "object_id": row.pk}
    talk = [
        ("comments", _("Comments"), Comment.objects.filter(**key).count()),
        ("files", _("Files"), Attachment.objects.filter(**key).count()),
    ]
    tabs += [{"key": k, "label": label, "url": f"{here}{k}/", "n": n} for k, label, n in talk]
    return [*tabs, {"key": "history", "label": _("History"), "url": f"{here}history/"}]


@entity_page()
def related(request: HttpRequest, declared: Entity, pk: int, name: str) -> HttpResponse:
    """Rows of another entity that belong to this record, as a list of their own."""
    relation = next((r for r in declared.relations if r.name == name and r.tab), None)
    if relation is None:
        raise Http404
    target = entity(relation.target)
    verbs.require_right(person(request), "view", target)
    context = page_context(request, declared, pk, name)
    context |= embedded(request, target, relation, pk)
    return render(request, "web/related.html", context)


def embedded(request: HttpRequest, target: Entity, relation: Relation, pk: int) -> dict[str, Any]:
    """The related rows as a table."""
    user = person(request)
    listing = Listing.read(target, user, request.GET, Q(**{relation.via: pk}))
    listing.tab, listing.raw = listing.tabs[0], {}
    fields = [f for f in listing.fields if f.name not in (relation.via, f"{relation.via}_id")]
    listing.fields = fields
    page = listing.page()
    maker = RowMaker(target, fields, user)
    rows = maker.rows(page.rows, listing.pairs)
    return {
        "target": target,
        "rows": rows,
        "heading": relation.title,
        "heads": [{"label": f.label, "right": f.kind in RIGHT} for f in fields],
        "next_url": f"?after={page.next}" if page.next else "",
        "previous_url": f"?after={page.previous}" if page.previous else "",
        "new_url": f"{reverse('record-new', args=[target.slug])}?{relation.via}={pk}" if user.may("add", target.label) and target.creatable else "",
    }  # fmt: skip


@entity_page()
def history(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Every change of the record, newest first, without what the person may not read."""
    context = page_context(request, declared, pk, "history")
    before = whole(request.GET, "before")
    entries = list(trail.history(declared.label, pk, HISTORY_PAGE + 1, before))
    newest = entries[:HISTORY_PAGE]
    lines = trail.readable_many(newest, person(request))
    context["entries"] = [
        {"entry": e, "act": trail.act(e), "channel": trail.channel(e), "lines": part}
        for e, part in zip(newest, lines, strict=True)
    ]
    context["older"] = entries[HISTORY_PAGE - 1].pk if len(entries) > HISTORY_PAGE else None
    return render(request, "web/history.html", context)


@entity_page()
def print_card(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """The record on one sheet of A4."""
    context = page_context(request, declared, pk, PAPER)
    context["printed_at"] = clock.now()
    context["panels"] = panels_for(declared.label, context["row"], request, "card")
    return render(request, "web/print.html", context)


@entity_page()
@require_POST
def reveal(request: HttpRequest, declared: Entity, pk: int, name: str) -> HttpResponse:
    """Show a masked value in full to somebody who may read it, and write that down."""
    user = person(request)
    row = fetch(declared, user, pk)
    if not may_read(user, declared, name) or is_masked(user, declared, name):
        raise Http404
    found = declared.field(name, user.company)
    witness("reveal", declared.label, pk, str(row), company_id=user.company_id, field=name)
    return HttpResponse(f'<span class="num">{escape(value_of(row, found.path))}</span>')


@entity_page("delete")
@require_POST
def remove(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Into the recycle bin."""
    user = person(request)
    version = whole(request.POST, "version")
    row = verbs.delete(declared, pk, actor=user, version=version, reason=request.POST.get("reason", ""))
    return done(
        request,
        reverse("record-list", args=[declared.slug]),
        _("%(name)s is in the recycle bin.") % {"name": row},
    )


@entity_page("delete")
def recycle_bin(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Deleted rows inside the person's scope, newest first."""
    user = person(request)
    rows = declared.model.everything.filter(company_id=user.company_id).exclude(deleted_at=None)
    rows = rows.filter(user.scope(declared.label)).order_by("-deleted_at")[:200]
    here = reverse("record-list", args=[declared.slug])
    return render(request, "web/bin.html", {"entity": declared, "rows": rows, "here": here})


@entity_page("delete")
@require_POST
def restore(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    row = verbs.restore(declared, pk, actor=person(request))
    return done(request, reverse("record", args=[declared.slug, pk]), _("%(name)s is back.") % {"name": row})
