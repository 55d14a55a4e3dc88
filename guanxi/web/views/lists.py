"""The list of any entity: table, further rows, count, board, views, choices for links."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.audit.sightings import look
from guanxi.formats.regions import all_regions, full_name, search_regions
from guanxi.kernel import search, work
from guanxi.kernel.actions import verbs_of
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.filters import legend
from guanxi.web import boards
from guanxi.web.cells import RowMaker
from guanxi.web.framed import framed, mark
from guanxi.web.listing import Listing, short
from guanxi.web.models import SavedView
from guanxi.web.pages import answer, done, entity_page, fetch, person, told, whole
from guanxi.web.panels import panels_for
from guanxi.web.reading import is_masked, may_read

DENSITIES = ("compact", "standard", "roomy")


@entity_page()
def record_list(request: HttpRequest, declared: Entity) -> HttpResponse:
    """The list page; for htmx only the next rows."""
    listing = Listing.read(declared, person(request), request.GET)
    if listing.layout == "board" and declared.board:
        columns = boards.columns(listing, declared.board)
        _looks(request, declared, sum(len(column["cards"]) for column in columns))
        return answer(request, "web/board.html", {**frame(listing), **telling(listing, request), "columns": columns})
    rows, page = rows_html(listing)
    _looks(request, declared, len(page.rows))
    following = listing.url(after=page.next) if page.next else ""
    if request.GET.get("part") == "rows":
        span = len(listing.fields) + 1 + bool(declared.row_verbs)
        context = {"rows": rows, "next_url": following, "listing": listing, "span": span}
        return answer(request, "web/list.html", context, part="rows")
    previous = listing.url(after=page.previous) if page.previous else ""
    shown = str(len(page.rows) or "")
    return _framed(request, listing, rows=rows, next_url=following, previous_url=previous, shown=shown)


def _framed(request: HttpRequest, listing: Listing, **holes: str) -> HttpResponse:
    """The list page: rows, filter and words go into a frame that is the same for other rows, filters and words."""
    marked = replace(listing, marks={"where": mark("where"), "q": mark("words")})
    holes |= {
        "where": quote_plus(short(listing.raw or {})),
        "words": quote_plus(listing.q),
        **telling(listing, request),
    }
    saved = listing.tab.saved
    said = (
        listing.shape, listing.strip, saved and saved.owner_id, bool(listing.raw), listing.changed, listing.problem,
        marked.url(), density(listing.user),
    )  # fmt: skip
    return framed(request, "web/list.html", lambda: frame(marked), said, **holes)


def _looks(request: HttpRequest, declared: Entity, rows: int) -> None:
    look(person(request), declared.label, rows=rows, key=request.get_full_path())


def rows_html(listing: Listing) -> tuple[SafeString, Any]:
    """The page's rows as HTML and the page itself."""
    maker = RowMaker(listing.entity, listing.fields, listing.user)
    page = listing.page()
    return maker.rows(page.rows, listing.pairs), page


def density(user: Any) -> str:
    return str(user.preferences.get("density", "standard"))


def telling(listing: Listing, request: HttpRequest) -> dict[str, str]:
    """What a list tells of its filter and its rows."""
    return {
        "where_json": json.dumps(listing.where_shown, ensure_ascii=False), "sentence": listing.sentence(), "q": listing.q,
        "chips": listing.chips(), "legend": json_script(legend(listing.node), "filter-legend"),
        "notes": panels_for(listing.entity.label, listing, request, "list"),
    }  # fmt: skip


def frame(listing: Listing) -> dict[str, Any]:
    """What list and board have around them."""
    declared, user = listing.entity, listing.user
    here = list_url(declared.slug)
    verbs = [v for v in verbs_of(declared.model).values() if v.bulk and not v.deleted and v.allowed(user)]
    return {
        "entity": declared, "listing": listing, "here": here, "state": listing.url(), "span": len(listing.fields) + 1 + bool(declared.row_verbs),
        "row_verbs": declared.row_verbs, "slots": bool(declared.slots),
        "pages": [
            {"label": label, "icon": icon, "url": reverse(name)}
            for name, label, icon, right in declared.bulk_pages if user.may(right, declared.label)
        ],
        "verbs": [{"verb": v, "url": f"{here}bulk/{v.short}/"} for v in verbs],
        "may": {word: user.may(word, declared.label) for word in ("add", "change", "delete", "import", "export")},
        "density": density(user),
        "densities": [("compact", _("Compact")), ("standard", _("Standard")), ("roomy", _("Roomy"))],
    }  # fmt: skip


@entity_page()
def record_count(request: HttpRequest, declared: Entity) -> HttpResponse:
    """How many rows match, counted up to a thousand: loaded after the page, never in its way."""
    return HttpResponse(Listing.read(declared, person(request), request.GET).count())


@entity_page()
@require_POST
def save_view(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Save the list as it stands, under a new name or over an own view."""
    user, data = person(request), request.POST
    listing = Listing.read(declared, user, QueryDict(data.get("state", "").lstrip("?")))
    if listing.problem:
        raise Refused(listing.problem)
    shared = data.get("shared") == "on"
    roles = [code for code in data.getlist("default_for") if code] if user.may("change", "org.role") else []
    if (shared or roles) and not (user.may("share_views", declared.label) or user.may("change", declared.label)):
        raise Forbidden(_("You may not share views."))
    name = data.get("name", "").strip()[:40]
    view = listing.tab.saved if data.get("over") and listing.tab.saved else None
    if view is not None and view.owner_id != user.pk:
        raise Forbidden(_("Only the owner may change this view; save it under a new name."))
    if view is None and not name:
        raise Refused(_("Give the view a name."), field="name")

    def body() -> SavedView:
        saved = view or SavedView(
            company_id=user.company_id, created_by=user, owner=user, label=declared.label, name=name
        )
        saved.where = (listing.tab.where if listing.raw is None else listing.raw) or {}
        saved.columns = [f.name for f in listing.fields]
        saved.sort, saved.layout = listing.sort, listing.layout
        if view is None:
            saved.shared, saved.default_for = shared or bool(roles), roles
        saved.save()
        return saved

    saved = work.unit_of_work(body, verb="web.savedview.saved")
    url = f"{list_url(declared.slug)}?view={saved.pk}"
    return done(request, url, _("Saved the view “%(name)s”.") % {"name": saved.name})


@entity_page()
@require_POST
def drop_view(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Delete an own view."""
    user = person(request)
    view = SavedView.objects.filter(company_id=user.company_id, owner=user, label=declared.label, pk=pk).first()
    if view is None:
        raise Http404
    work.unit_of_work(view.delete, verb="web.savedview.deleted")
    return done(request, list_url(declared.slug), _("Deleted the view “%(name)s”.") % {"name": view})


@entity_page()
@require_POST
def set_columns(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Remember which columns this person wants, in which order; and the density of all lists."""
    user, data = person(request), request.POST
    known = [name for name in data.get("columns", "").split(",") if name and _readable(user, declared, name)]
    preferences = dict(user.preferences)
    if known:
        preferences["columns"] = {**preferences.get("columns", {}), declared.label: known}
    if data.get("reset"):
        preferences.get("columns", {}).pop(declared.label, None)
    if data.get("density") in DENSITIES:
        preferences["density"] = data["density"]
    user.preferences = preferences
    user.save(update_fields=["preferences"])
    listing = Listing.read(declared, user, QueryDict(data.get("state", "").lstrip("?")))
    columns = ",".join(known) if known and not data.get("reset") else ""
    return redirect(list_url(declared.slug) + listing.url(columns=columns))


def _readable(user: Any, declared: Entity, name: str) -> bool:
    try:
        return may_read(user, declared, name)
    except KeyError:
        return False


@entity_page()
def choices(request: HttpRequest, declared: Entity, name: str) -> HttpResponse:
    """Rows a link field may point to, found by the same words as everywhere; those of the customer chosen beside it."""
    found = declared.fields_for(person(request).company).get(name)
    if found is None or not found.target:
        raise Http404
    of = found.style.partition("of:")[2]
    return _choices(request, entity(found.target), {f"{of}_id": pk} if of and (pk := whole(request.GET, of)) else {})


@login_required
def regions(request: HttpRequest) -> HttpResponse:
    """Provinces, cities and districts by name, pinyin-free part of the name, or code."""
    text = request.GET.get("q", "").strip()
    found = search_regions(text) if text else [r for r in all_regions().values() if r.level == 1]
    return JsonResponse({"results": [{"id": r.code, "text": full_name(r.code)} for r in found]})


@login_required
def pick(request: HttpRequest, declared: Entity) -> HttpResponse:
    """The same for the questions of verbs."""
    return _choices(request, declared, {})


def _choices(request: HttpRequest, declared: Entity, within: dict[str, Any]) -> HttpResponse:
    """Names only, asked for at every stroke of a key: a look at some of them."""
    found = _matches(declared, person(request), request.GET.get("q", ""), within)
    _looks(request, declared, -(-len(found) // 10))
    return JsonResponse({"results": found})


def _matches(target: Entity, user: Any, text: str, within: dict[str, Any]) -> list[dict[str, Any]]:
    name = target.name_field
    if not user.may("view", target.label) or not may_read(user, target, name) or is_masked(user, target, name):
        return []
    rows = target.model.objects.visible_to(user).filter(**within)
    if text.strip():
        if target.search:
            hits = search.hits(target, text, user)
            rows = rows.filter(pk__in=hits) if hits is not None else rows.none()
        else:
            rows = rows.filter(**{f"{name}__icontains": text})
    order = "-pk" if text.strip() else target.sort
    found = rows.order_by(order).values_list("pk", name, *_hints(target, user))[:30]
    named = ((pk, [target.name_of(called), *hints]) for pk, called, *hints in found)
    return [{"id": str(pk), "text": " · ".join(str(word) for word in words if word)} for pk, words in named]


def _hints(target: Entity, user: Any) -> list[str]:
    """What tells rows of the same name apart."""
    fields = [target.field(n, user.company) for n in target.subtitle if may_read(user, target, n)]
    return [
        f.shown or f.path for f in fields if f.kind in ("text", "code", "ref") and not is_masked(user, target, f.name)
    ]


@entity_page("change")
@require_POST
def move_card(request: HttpRequest, declared: Entity) -> HttpResponse:
    """A card dragged to another column of the board."""
    pk = whole(request.POST, "id")
    row = fetch(declared, person(request), pk or 0)
    boards.move(declared, row, request.POST.get("to", ""), person(request))
    return told(HttpResponse(status=204), _("Moved %(name)s.") % {"name": row})
