"""The state of a list: view, filter, words, order, columns, layout; read from the address, turned into rows."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel import clock, search
from guanxi.kernel.entities import Entity, View
from guanxi.kernel.fields import Field
from guanxi.kernel.filters import All, Any_, Env, FilterError, Node, describe, sentence, to_q
from guanxi.kernel.filters.sentence import chip
from guanxi.kernel.prepared import ask, reach
from guanxi.web import atoms
from guanxi.web.cells import RIGHT, ROWS
from guanxi.web.forms import choices_url
from guanxi.web.models import SavedView
from guanxi.web.paging import Page, Source, count_up_to, page_of, unpack
from guanxi.web.reading import may_read, readable_fields, usable_fields, user_filter

LAYOUTS = ("table", "board")


@dataclass(frozen=True)
class Tab:
    """One view as the list shows it; `saved` for views people made."""

    key: str
    title: Any
    where: Any
    sort: str = ""
    columns: tuple[str, ...] = ()
    layout: str = "table"
    icon: str = ""
    saved: SavedView | None = None


def tabs_of(declared: Entity, user: Any) -> list[Tab]:
    """System views first, then the person's own and shared ones; everything comes last where no view is made for it."""
    tabs = [_system(view) for view in (*declared.views, *declared.more_views(user))]
    if all(tab.key != "all" for tab in tabs):
        tabs.append(Tab("all", _("All"), {}))
    saved = ask(_saved, user, label=declared.label)
    return tabs + [
        Tab(str(v.pk), v.name, v.where, v.sort, tuple(v.columns), v.layout, "star" if v.shared else "", v)
        for v in saved
    ]


def _saved(user: Any, label: str) -> QuerySet[Any]:
    rows = SavedView.objects.filter(company_id=user.company_id, label=label)
    return rows.filter(Q(owner=user.pk) | Q(shared=True))  # type: ignore[no-any-return]


def _system(view: View) -> Tab:
    return Tab(view.key, view.title, view.where, view.sort, icon=view.icon)


def default_tab(tabs: list[Tab], user: Any) -> Tab:
    """The view that opens first: the one somebody made the default of the person's role, else the first."""
    roles = set(user.access.roles)
    return next((tab for tab in tabs if tab.saved and roles & set(tab.saved.default_for)), tabs[0])


@dataclass
class Listing:
    """`raw` is the person's filter (None: the view's own); `base` narrows for embedded lists and is not shown."""

    entity: Entity
    user: Any
    tab: Tab
    tabs: list[Tab]
    raw: Any = None
    q: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    layout: str = "table"
    cursor: str = ""
    base: Q = field(default_factory=Q)
    problem: str = ""
    # What stands in addresses for `where` and `q`, see web.framed
    marks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, declared: Entity, user: Any, params: QueryDict, base: Q | None = None) -> Listing:
        """From the query string; what is wrong there is told in `problem`, never raised."""
        tabs = tabs_of(declared, user)
        tab = next((t for t in tabs if t.key == params.get("view")), None) or default_tab(tabs, user)
        kept = user.preferences.get("columns", {}).get(declared.label, ())
        listing = cls(declared, user, tab, tabs, base=base or Q(), q=params.get("q", "").strip()[:100])
        listing.sort = params.get("sort") or tab.sort or declared.sort
        asked = params.get("columns", "").split(",") if params.get("columns") else ()
        listing.columns = tuple(asked or tab.columns or kept or declared.columns)
        layout = params.get("layout") or tab.layout
        listing.layout = layout if layout in LAYOUTS and declared.board else "table"
        listing.cursor = params.get("after", "")
        if "where" in params:
            try:
                listing.raw = json.loads(str(params["where"]) or "{}")
            except (ValueError, RecursionError):
                listing.problem = _("The filter in the address is not readable; everything is shown.")
        return listing

    @cached_property
    def node(self) -> Node:
        try:
            return user_filter(self.tab.where if self.raw is None else self.raw, self.entity, self.user)
        except FilterError as error:
            self.problem = str(error)
            return Any_()  # a filter that cannot be understood shows nothing rather than everything

    @property
    def where_shown(self) -> Any:
        """The filter as JSON for the builder; of somebody's shared view only what this person may filter by."""
        raw = self.tab.where if self.raw is None else self.raw
        return raw if self.node is not None and not self.problem else {}

    @property
    def changed(self) -> bool:
        """Does the list differ from its saved view?"""
        return self.raw is not None and self.raw != (self.tab.where or {})

    @cached_property
    def rows(self) -> QuerySet[Any]:
        rows = self.entity.model.objects.visible_to(self.user).filter(self.base)
        if self.node != All():
            rows = rows.filter(to_q(self.node, Env(user=self.user)))
        if self.q:
            rows = rows.filter(self._words())
        return rows  # type: ignore[no-any-return]

    def _words(self) -> Q:
        if self.entity.search:
            hits = search.hits(self.entity, self.q, self.user)
            return Q(pk__in=hits) if hits is not None else Q(pk__in=[])
        name = self.entity.fields_for(None).get(self.entity.name_field)
        path = (name.shown or name.path) if name else self.entity.name_field  # of a link, what a person reads
        return Q(**{f"{path}__icontains": self.q})

    @cached_property
    def fields(self) -> list[Field]:
        """The columns in order; the name always first, unreadable ones left out."""
        names = dict.fromkeys([self.entity.columns[0], *self.columns])
        return [self.entity.field(name, self.user.company) for name in names if self._known(name)]

    def _known(self, name: str) -> bool:
        try:
            return may_read(self.user, self.entity, name)
        except KeyError:
            return False

    @cached_property
    def sort_field(self) -> Field | None:
        found = usable_fields(self.entity, self.user).get(self.sort.lstrip("-"))
        if found is None or not found.sortable:
            self.sort = "-id"
            return None
        return found

    def page(self, size: int = ROWS) -> Page:
        """The page the cursor points to; rows are (pk, sort value, column values…), see `pairs`."""
        found = self.sort_field
        source = Source(self.entity.model, lambda: self.rows, self._key())
        return page_of(source, self.sort, found, self.paths, unpack(self.cursor, self.sort), size)

    def _key(self) -> tuple[Hashable, ...]:
        """What the rows depend on, if they are those of a view as it stands; a filter of somebody's own comes once."""
        if self.raw is not None or self.q or self.base:
            return ()
        return ("page", self.entity.label, reach(self.user), clock.today(), json.dumps(self.tab.where, default=str))

    @cached_property
    def paths(self) -> list[str]:
        return [path for f in self.fields for path in ((f.path, f.shown) if f.shown else (f.path,))]

    def pairs(self, row: tuple[Any, ...]) -> list[tuple[Any, Any]]:
        """(stored, shown) per column of a page row."""
        values = iter(row[2:])
        return [(next(values), next(values) if f.shown else None) for f in self.fields]

    def count(self) -> str:
        return count_up_to(self.rows)

    @property
    def parts(self) -> list[Any]:
        """The filter's top conditions as they stand in the address."""
        raw = self.tab.where if self.raw is None else self.raw
        return raw["all"] if isinstance(raw, dict) and "all" in raw else [raw]

    def chips(self) -> SafeString:
        """The filter's top conditions as words, each with the address of the list without it."""
        items, raws = self.node.items if isinstance(self.node, All) else (self.node,), self.parts
        html = '<span class="chip"><b>{0}</b> {1} {2}<a href="{3}" aria-label="{4} {0}">{5}</a></span>'
        off, x = _("Remove the filter"), atoms.icon("x")
        without = (self.url(where={"all": [r for r in raws if r is not one]}) for one in raws)
        shown = zip(items, without, strict=True) if len(raws) == len(items) and not self.problem else ()
        return format_html_join("", html, ((*chip(one), url, off, x) for one, url in shown if one != All()))

    def sentence(self) -> str:
        return sentence(self.node)

    def url(self, **changes: Any) -> str:
        """The query string of this list with some parts changed; paging starts over."""
        if "where" in changes:
            changes["where"] = short(changes["where"])
        state = {
            "view": self.tab.key,
            "where": None if self.raw is None else short(self.raw),
            "q": self.q,
            "sort": self.sort if self.sort != (self.tab.sort or self.entity.sort) else "",
            "columns": ",".join(self.columns) if self.columns != (self.tab.columns or self.entity.columns) else "",
            "layout": self.layout if self.layout != self.tab.layout else "",
        }
        state |= {key: mark for key, mark in self.marks.items() if state[key]} | changes
        return "?" + urlencode({key: value for key, value in state.items() if value not in (None, "")})

    @cached_property
    def urls(self) -> dict[str, str]:
        """This list laid out otherwise, and without its filter."""
        layouts = {layout: self.url(layout=layout) for layout in LAYOUTS}
        return layouts | {"plain": self.url(where={}, q="")}

    def heads(self) -> list[dict[str, Any]]:
        """The headings of the table, with the address of the list in the order of that column."""
        return [_head(self, f) for f in self.fields]

    @cached_property
    def strip(self) -> tuple[tuple[str, str, str], ...]:
        """The views as the person reads them: (key, title, icon)."""
        return tuple((tab.key, str(tab.title), tab.icon) for tab in self.tabs)

    def choosable(self) -> list[dict[str, Any]]:
        """Columns for the chooser: shown ones in order, then the rest."""
        shown = [f.name for f in self.fields]
        rest = [
            name
            for name, f in readable_fields(self.entity, self.user).items()
            if name not in shown and f.kind != "json"
        ]
        fields = [self.entity.field(name, self.user.company) for name in [*shown, *rest]]
        return [{"name": f.name, "label": f.label, "on": f.name in shown, "fixed": f.name == shown[0]} for f in fields]

    def sorts(self) -> list[dict[str, Any]]:
        """The orders on offer, both ways."""
        fields = [f for f in usable_fields(self.entity, self.user).values() if f.sortable]
        ways = [(f.label, way, f"{way}{f.name}") for f in fields for way in ("", "-")]
        return [
            {"label": label, "url": self.url(sort=sort), "on": self.sort == sort, "down": bool(way)}
            for label, way, sort in ways
        ]

    def filterable(self) -> list[dict[str, Any]]:
        """What the filter builder in the browser knows of the fields."""
        return describe(usable_fields(self.entity, self.user).values(), lambda f: choices_url(self.entity, f))

    @cached_property
    def shape(self) -> tuple[Any, ...]:
        """What filter builder and column chooser depend on: they are long and kept for all who see the same."""
        label, company = self.entity.label, self.user.company
        barred = self.user.closed_fields(label), self.user.masked_fields(label)
        return label, company.pk, company.config_version, *barred, tuple(f.name for f in self.fields)


def short(where: Any) -> str:
    return json.dumps(where, ensure_ascii=False, separators=(",", ":"))


def _head(listing: Listing, found: Field) -> dict[str, Any]:
    current = listing.sort.lstrip("-") == found.name
    down = current and listing.sort.startswith("-")
    url = listing.url(sort=found.name if down else f"-{found.name}") if found.sortable else ""
    on = current and found.sortable
    return {"label": found.label, "right": found.kind in RIGHT, "url": url, "on": on, "down": down}


def narrowed(listing: Listing, ids: list[int]) -> QuerySet[Any]:
    """Only these rows of the list (still inside filter and scope)."""
    return listing.rows.filter(pk__in=ids)
