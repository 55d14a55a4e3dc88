"""Visits as an entity; who may see them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.custody.entities.watch import AUDITORS, HEADS, written_by_itself
from guanxi.custody.models import Visit
from guanxi.custody.services import visits  # noqa: F401 -- verbs and the receipt of reading
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org import presets

register(
    Entity(
        model=Visit,
        title=_("Visits"),
        slug="visits",
        icon="map-pin",
        name_field="purpose",
        columns=("account", "day", "owner", "state", "purpose", "read_at", "done_at", "next_step", "next_contact_on"),
        sort="-day",
        sections=(
            Section(_("Visit"), ("account", "day", "owner", "department", "purpose", "state")),
            Section(_("Course"), ("read_at", "started_at", "done_at")),
            Section(_("Result"), ("result", "competitor", "next_step", "next_contact_on")),
        ),
        overrides={
            "owner": {"label": _("visitor")},
            "state": {"tones": {"planned": "blue", "started": "amber", "done": "green", "dropped": "gray"}},
        },
        creatable=False,
        importable=False,
        custom=False,
        guard=written_by_itself,
        views=(
            View("all", _("All")),
            View("today", _("Today"), {"f": "day", "op": "period", "v": "today"}, icon="calendar"),
            View("open", _("Card not handed back"), {"f": "state", "op": "is", "v": "started"}, icon="clipboard-check"),
            View("missed", _("Not visited"), {"all": [
                {"f": "state", "op": "is", "v": "planned"}, {"f": "day", "op": "before", "v": "@today"}]}, icon="alert-triangle"),
            View("mine", _("My visits"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)  # fmt: skip
add_relation("customers.account", Relation("visits", "custody.visit", "account", _("Visits")))

presets.grant("custody.visit", ["view"], "own")
presets.grant("custody.visit", ["view", "export"], "tree", to=HEADS)
presets.grant("custody.visit", ["view", "export"], to=AUDITORS)
