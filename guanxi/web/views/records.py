"""One record of any entity: its page, its tabs, its print, its history, the recycle bin."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.audit import queries as trail
from guanxi.audit.services import witness
from guanxi.audit.sightings import look, saw
from guanxi.kernel import clock, verbs
from guanxi.kernel.actions import verbs_for
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.context import origin
from guanxi.kernel.entities import Entity, Relation, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.prepared import together
from guanxi.org.models import Attachment, Comment
from guanxi.org.papers import form_of
from guanxi.web import atoms
from guanxi.web.cells import RIGHT, RowMaker, is_name
from guanxi.web.facts import badges, facts, filled_sections, per_person
from guanxi.web.forms import editable, sections_of
from guanxi.web.framed import framed, mark
from guanxi.web.listing import Listing
from guanxi.web.pages import done, entity_page, fetch, person, whole, with_names
from guanxi.web.panels import along_for, panels_at, panels_for
from guanxi.web.reading import is_masked, may_read

HISTORY_PAGE, PAPER = 30, "paper"


@entity_page(lent=True)
def record(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """The record's page: head, facts, tabs, and the panels every app contributes."""
    context = page_context(request, declared, pk, "overview")
    saw(person(request).company_id, declared.label, pk, context["title"])
    return render(request, declared.template, context) if declared.template else _framed(request, context)


def _framed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page of any record: what is told of the row goes into a frame that other rows have too."""
    here, verbs_, tabs, sections = (context[name] for name in ("here", "verbs", "record_tabs", "sections"))
    told = ("title", "here", "version", "face", "facts", "badges", "ways", "panels", "rail")
    holes = {name: context[name] for name in told} | {f"section{n}": one["rows"] for n, one in enumerate(sections)}
    frame = {
        "verbs": [verb | {"url": verb["url"].replace(here, mark("here"))} for verb in verbs_],
        "record_tabs": [tab | {"url": tab["url"].replace(here, mark("here"))} for tab in tabs],
        "sections": [{"title": one["title"], "rows": mark(f"section{n}")} for n, one in enumerate(sections)], "row": None,
    }  # fmt: skip
    said = (
        context["entity"].label, context["lent"], context["state"], *context["may"].values(), *(verb["short"] for verb in verbs_),
        *((tab["key"], tab["n"]) for tab in tabs), *(str(one["title"]) for one in sections),
    )  # fmt: skip
    return framed(request, "web/record.html", lambda: context | frame, said, **holes)


def page_context(request: HttpRequest, declared: Entity, pk: int, tab: str) -> dict[str, Any]:
    """What head and tabs of a record's page need; panels only on the overview."""
    user = person(request)
    row = fetch(declared, user, pk, with_names, with_talk, *along_for(declared.label))
    look(user, declared.label, pk=pk)
    here, paper = record_url(declared.slug, pk), tab == PAPER
    lent = user.access.reads_loans  # what is lent is there to be read: no verb but going back
    context = {
        "entity": declared, "row": row, "title": str(row), "lent": lent, "tab": tab,
        "face": _face(declared, str(row)), "version": str(row.version), "state": bool(getattr(row, "state", "")),
        "here": here, "back": list_url(declared.slug),
        "verbs": [
            {"short": v.short, "label": str(v.label), "icon": v.icon or "bolt", "danger": v.danger, "url": f"{here}do/{v.short}/"}
            for v in ([] if lent else verbs_for(row, user))
        ],
        "may": {verb: _may(verb, declared, row, user) for verb in ("change", "delete")},
        "facts": facts(declared, row, user, declared.headline or declared.columns[1:7], paper=paper),
        "badges": badges(declared, row, user), "ways": panels_for(declared.label, row, request, "menu"),
        "record_tabs": tabs_of_record(declared, row, user, here),
    }  # fmt: skip
    if paper or tab == "overview":
        context["sections"] = filled_sections(declared, row, user, paper=paper)
    if tab == "overview":
        together(row, [asked for one in panels_at(declared.label, user, "main", "rail") for asked in one.asks], user)
        context["panels"] = panels_for(declared.label, row, request, "main")
        context["rail"] = panels_for(declared.label, row, request, "rail")
    return context


def _face(declared: Entity, title: str) -> SafeString:
    """The first letters of who has a name, the icon of what has none."""
    if is_name(declared.field(declared.columns[0], None)):
        return atoms.avatar(title, "av-xl", True)
    return format_html('<span class="av av-0 av-xl av-sq" aria-hidden="true">{}</span>', atoms.icon(declared.icon))


def with_talk(rows: QuerySet[Any]) -> QuerySet[Any]:
    """How much there is behind the tabs that tell it."""
    mine = {"label": rows.model._meta.label_lower, "object_id": OuterRef("pk")}
    return rows.annotate(comments_n=_number(Comment, mine), files_n=_number(Attachment, mine))  # type: ignore[no-any-return]


def _may(verb: str, declared: Entity, row: Any, user: Any) -> bool:
    """Has the person the right, is there anything to type in, and does the guard of the row leave it to them?"""
    names = [name for section in sections_of(declared, user) for name in section.fields]
    sense = verb != "change" or declared.lines or editable(declared, user, names)
    try:
        if may := bool(sense and user.may(verb, declared.label)):
            verbs.ask_guard(row, declared, user, verb)
        return may
    except Refused:
        return False


def _number(model: Any, mine: dict[str, Any]) -> Subquery:
    rows = model.objects.filter(**mine).order_by().values("object_id")
    return Subquery(rows.annotate(n=Count("pk")).values("n"))


def tabs_of_record(declared: Entity, row: Any, user: Any, here: str) -> list[dict[str, Any]]:
    """Overview, related rows, talk and history."""
    tabs = [
        {"key": key, "label": label, "url": f"{here}{path}", "n": 0}
        for key, label, path in per_person(_parts, declared, user)
    ]
    if user.access.reads_loans:
        return tabs
    talk = [("comments", _("Comments"), row.comments_n), ("files", _("Files"), row.files_n)]
    tabs += [{"key": k, "label": label, "url": f"{here}{k}/", "n": n} for k, label, n in talk]
    return [*tabs, {"key": "history", "label": _("History"), "url": f"{here}history/", "n": 0}]


def _parts(declared: Entity, user: Any) -> list[tuple[str, str, str]]:
    """Key, name and path of the parts of a record that are the same for all of its kind."""
    seen = [one for one in declared.relations if one.tab and user.may("view", one.target)]
    return [("overview", _("Overview"), ""), *((one.name, str(one.title), f"tab/{one.name}/") for one in seen)]


@entity_page(lent=True)
def related(request: HttpRequest, declared: Entity, pk: int, name: str) -> HttpResponse:
    """Rows of another entity that belong to this record, as a list of their own."""
    relation = next((r for r in declared.relations if r.name == name and r.tab), None)
    if relation is None:
        raise Http404
    target = entity(relation.target)
    context = page_context(request, declared, pk, name)  # first: what is out of reach is not there, whatever the rights
    verbs.require_right(person(request), "view", target)
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
    look(user, target.label, rows=len(page.rows), key=request.get_full_path())
    maker = RowMaker(target, fields, user)
    rows = maker.rows(page.rows, listing.pairs)
    return {
        "target": target, "rows": rows, "heading": relation.title,
        "heads": [{"label": f.label, "right": f.kind in RIGHT} for f in fields],
        "next_url": f"?after={page.next}" if page.next else "",
        "previous_url": f"?after={page.previous}" if page.previous else "",
        "new_url": f"{list_url(target.slug)}new/?{relation.via}={pk}" if user.may("add", target.label) and target.creatable else "",
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
    saw(person(request).company_id, declared.label, pk, context["title"])
    context |= {"printed_at": clock.now(), "reader": person(request), "number": origin().request}
    row = context["row"]
    day = timezone.localdate(row.created_at)
    context["numbered"] = form_of(row.company_id, declared.form, day) if declared.form else None
    context["panels"] = panels_for(declared.label, row, request, "card")
    return render(request, "web/print.html", context)


@entity_page(lent=True)
@require_POST
def reveal(request: HttpRequest, declared: Entity, pk: int, name: str) -> HttpResponse:
    """Show a masked value in full to somebody who may read it, and write that down."""
    user = person(request)
    row = fetch(declared, user, pk)
    if not may_read(user, declared, name) or is_masked(user, declared, name):
        raise Http404
    look(user, declared.label, pk=pk)
    found = declared.field(name, user.company)
    witness("reveal", declared.label, pk, str(row), company_id=user.company_id, field=name)
    return HttpResponse(f'<span class="num">{escape(value_of(row, found.path))}</span>')


@entity_page("delete")
@require_POST
def remove(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Into the recycle bin."""
    user, version = person(request), whole(request.POST, "version")
    row = verbs.delete(declared, pk, actor=user, version=version, reason=request.POST.get("reason", ""))
    return done(request, list_url(declared.slug), _("%(name)s is in the recycle bin.") % {"name": row})


@entity_page("delete")
def recycle_bin(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Deleted rows inside the person's scope, newest first."""
    user = person(request)
    rows = declared.model.everything.filter(company_id=user.company_id).exclude(deleted_at=None)
    rows = rows.filter(user.scope(declared.label)).order_by("-deleted_at")[:200]
    here = list_url(declared.slug)
    return render(request, "web/bin.html", {"entity": declared, "rows": rows, "here": here})


@entity_page("delete")
@require_POST
def restore(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    row = verbs.restore(declared, pk, actor=person(request))
    return done(request, record_url(declared.slug, pk), _("%(name)s is back.") % {"name": row})
