"""The side navigation: apps put their pages into fixed groups; a person sees what they may open."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import by_slug, entities

ADMINISTRATION = ("org.", "kernel.", "audit.")
GROUPS: tuple[tuple[str, Any], ...] = (
    ("", ""),
    ("customers", _("Customers")),
    ("files", _("Customer files")),
    ("classes", _("Classes and policies")),
    ("sales", _("Sales")),
    ("offers", _("Products and contracts")),
    ("money", _("Receipts and receivables")),
    ("service", _("Visits and service")),
    ("operations", _("Operations")),
    ("work", _("Meetings and calendar")),
    ("rules", _("Rules")),
    ("incentives", _("Incentives")),
    ("learning", _("Learning")),
    ("people", _("People and access")),
    ("insight", _("Insight")),
)


@dataclass(frozen=True)
class Item:
    """`place` is "group/order"; `label` of an entity decides who sees it unless `when` does."""

    key: str
    label: Any
    icon: str
    place: str
    url: Callable[[], str]
    when: Callable[[Any], bool]
    keys: str = ""


_items: list[Item] = []


def add(key: str, label: Any, icon: str, place: str, **options: Any) -> None:
    """Put a page into the navigation: the list of an entity (`slug`) or a named URL (`name`).

    `query` narrows the list, `when(user)` decides who sees it, `keys` are its shortcut.
    """
    slug, query = options.get("slug", ""), options.get("query", "")

    @cache
    def url() -> str:
        return f"{list_url(slug) if slug else reverse(options['name'])}{query}"

    def allowed(user: Any) -> bool:
        return bool(not slug or user.may("view", by_slug(slug).label))

    _items.append(Item(key, label, icon, place, url, options.get("when", allowed), options.get("keys", "")))


def link(slug: str, *conditions: Any, view: str = "all") -> str:
    """The address of a list narrowed to what a figure counted."""
    where = f"&where={quote(json.dumps({'all': list(conditions)}))}" if conditions else ""
    return f"{list_url(slug)}?view={view}{where}"


def groups_for(user: Any) -> list[dict[str, Any]]:
    """The groups with what this person may open, in order."""
    visible = sorted((item for item in _items if item.when(user)), key=lambda item: item.place)
    groups = []
    for key, label in GROUPS:
        here = [i for i in visible if i.place.split("/")[0] == key]
        items = [{"key": i.key, "label": i.label, "icon": i.icon, "url": i.url(), "shortcut": i.keys} for i in here]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def active_key(path: str, view: str) -> str:
    """The entry an address belongs to: the one of this very view, else by the first part; the start page is home."""
    exact = (item.key for item in _items if view and item.url() == f"{path}?view={view}")
    return next(exact, "") or path.strip("/").split("/")[0] or "home"


def administration(user: Any) -> list[dict[str, Any]]:
    """The pages of administration this person may open, by subject; parts of something are reached from there."""
    found = [e for e in entities() if (e.setting or e.label.startswith(ADMINISTRATION)) and user.may("view", e.label)]
    links = [(e.label, e.title, e.icon, list_url(e.slug)) for e in found if not e.scope_via]
    if user.may("view", "org.department"):
        links.append(("org.", _("Organisation"), "sitemap", reverse("organisation")))
    if user.may("change", "worktime.calendarday"):
        links.append(("worktime.", _("Working days"), "calendar-event", reverse("working-days-now")))
    areas: dict[str, list[dict[str, Any]]] = {}
    for label, title, icon, url in links:
        area = apps.get_app_config("org" if label.startswith(ADMINISTRATION) else label.split(".")[0])
        areas.setdefault(area.label, []).append({"area": area.verbose_name, "label": title, "icon": icon, "url": url})
    return [one for area in areas.values() for one in area]


def allowed_keys(user: Any) -> set[str]:
    return {item.key for item in _items if item.when(user)}
