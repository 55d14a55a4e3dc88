"""What the frame of every page shows: navigation, person, company, theme, unread notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import entities
from guanxi.org.models import Notice
from guanxi.web import nav

MOST_UNREAD = 100


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html; lazy, so that fragments pay nothing for it, and made once for all panels of a page."""
    user = getattr(request, "user", None)
    whose, made = getattr(request, "shell", (request, {}))
    if whose is not user:
        request.shell = user, (made := _shell(request, user))  # type: ignore[attr-defined]
    return made  # type: ignore[no-any-return]


def _shell(request: HttpRequest, user: Any) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "light")
    context: dict[str, Any] = {"theme": theme if theme in ("light", "dark", "auto") else "light"}
    if user is None or not user.is_authenticated:
        return context
    me = (user.pk, user.company.config_version, user.department_id, get_language(), user.name, user.title)
    return context | {
        # what the kept parts of the frame depend on
        "frame": (*me, user.company.name, user.preferences.get("keys_off")),
        "theme": user.preferences.get("theme", context["theme"]),
        "nav": SimpleLazyObject(lambda: nav.groups_for(user)),
        "nav_active": nav.active_key(request.path, request.GET.get("view", "")),
        "tabs": SimpleLazyObject(lambda: _tabs(user)),
        "me": {
            "name": user.name,
            "title": user.title,
            "url": reverse("settings"),
            "keys_off": user.preferences.get("keys_off", False),
        },
        "company": {"name": user.company.short_name or user.company.name, "initial": user.company.name[:1]},
        "unread": _unread(user),
        "quick_new": SimpleLazyObject(lambda: _quick_new(user)),
    }


def _unread(user: Any) -> int:
    """A person of a session comes with the number; see project.accounts."""
    if hasattr(user, "unread"):
        return min(user.unread or 0, MOST_UNREAD)
    return Notice.objects.filter(user=user, read_at=None)[:MOST_UNREAD].count()  # type: ignore[no-any-return]


def _quick_new(user: Any) -> list[dict[str, Any]]:
    return [
        {"label": e.singular, "icon": e.icon, "url": f"{list_url(e.slug)}new/", "keys": ""}
        for e in entities()
        if e.quick and e.creatable and user.may("add", e.label)
    ]


def _tabs(user: Any) -> list[dict[str, str]]:
    """The bar at the bottom of a phone."""
    keys = nav.allowed_keys(user)
    tabs = [
        (True, "home", _("Home"), "home", "/"),
        ("customers" in keys, "customers", _("Customers"), "users", list_url("customers")),
        (user.may("add", "customers.account"), "quick", _("New"), "plus", f"{list_url('customers')}new/"),
        ("orders" in keys, "orders", _("Orders"), "file-invoice", list_url("orders")),
        (True, "more", _("More"), "menu-2", "#side"),
    ]
    return [dict(zip(("key", "label", "icon", "url"), tab, strict=True)) for shown, *tab in tabs if shown]
