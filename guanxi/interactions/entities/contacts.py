"""Dealings, standard phrases and the rules of dealings as entities; who may see and change them."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from guanxi.customers.entities.accounts import among
from guanxi.interactions.models import ContactRules, Interaction, Phrase, ServiceLine
from guanxi.interactions.services import contacts, follow, lines, reminders, seed  # noqa: F401 -- verbs, the sealer, jobs
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, add_view, entities, register
from guanxi.org import presets

WAITING: dict[str, Any] = {"all": [{"f": "direction", "op": "is", "v": "in"}, {"f": "answered_at", "op": "empty"}]}
LEADERS = ("store-manager", "supervisor", "business-department", "marketing", "relations-specialist")
STAFF = (
    "representative", "store-manager", "service-specialist", "branch-accountant", "operations-specialist",
    "relations-specialist", "call-centre", "direct-sales", "supervisor", "business-department", "marketing",
)  # fmt: skip
READERS = ("finance", "technology", "supervision", "audit-administrator")

register(
    Entity(
        model=Interaction,
        title=_("Dealings"),
        icon="messages",
        name_field="content",
        columns=("content", "account", "at", "channel", "kind", "direction", "owner", "next_contact_on", "result"),
        sort="-at",
        sections=(
            Section(
                _("Dealing"),
                ("account", "contact", "opportunity", "kind", "channel", "direction", "at", "minutes", "owner"),
            ),
            Section(_("What was said or done"), ("content", "result", "approach", "next_contact_on")),
            Section(_("Answer"), ("answer", "answered_at", "answered_by")),
        ),
        overrides={
            "owner": {"label": _("author")},
            "contact": {"style": "of:account"},
            "opportunity": {"style": "of:account"},
            "label": {
                "kind": "choice",
                "choices": SimpleLazyObject(lambda: tuple((e.label, e.title) for e in entities())),
            },
            "department": {"editable": False},
            "direction": {"tones": {"in": "purple", "out": "gray"}},
            "next_contact_on": {"style": "due"},
        },
        inline=("result", "next_contact_on"),
        search={"names": ("content",)},
        subtitle=("account", "at"),
        headline=("account", "at", "channel", "kind", "owner", "next_contact_on"),
        scope_via="account",
        clean=contacts.hours_spent,
        guard=contacts.by_its_author,
        finished={"f": "at", "op": "not_empty"},
        views=(
            View("all", _("All")),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
            View("unanswered", _("Not answered"), WAITING, sort="at", icon="mail"),
            View("week", _("This week"), {"f": "at", "op": "period", "v": "this_week"}, icon="calendar"),
        ),
    )
)
register(
    Entity(
        model=Phrase,
        title=_("Service phrases"),
        icon="message-circle",
        name_field="situation",
        columns=("situation", "text", "position"),
        sort="position",
        sections=(Section(_("Service phrase"), ("situation", "text", "position")),),
        import_key=("situation", "text"),
        scoped=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=ServiceLine,
        title=_("Service lines"),
        slug="service-lines",
        icon="phone-call",
        name_field="name",
        columns=("name", "number", "toll_free", "complaints", "hours", "standard"),
        sort="position",
        sections=(
            Section(
                _("Service line"),
                ("name", "number", "toll_free", "complaints", "hours", "content", "standard", "position"),
            ),
        ),
        import_key=("number",),
        scoped=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=ContactRules,
        title=_("Rules of visits and return visits"),
        slug="contact-rules",
        icon="adjustments-horizontal",
        name_field="id",
        columns=("plan_required", "purchase_days", "solved_days", "gap_days", "silent_days"),
        sections=(
            Section(_("Visits"), ("plan_required",)),
            Section(_("Return visits"), ("purchase_days", "solved_days", "gap_days", "annual_month", "request_days")),
            Section(_("Reminders"), ("silent_days",)),
        ),
        scoped=False,
        setting=True,
        creatable=False,
        importable=False,
        custom=False,
    )
)
add_relation("customers.account", Relation("interactions", "interactions.interaction", "account", _("Dealings")))
for days, title in ((7, _("No contact for 7 days")), (15, _("No contact for 15 days"))):
    silent = {"any": [{"f": "last_contact_on", "op": "older_than", "v": days}, {"f": "last_contact_on", "op": "empty"}]}
    view = View(f"silent{days}", title, among(silent), sort="last_contact_on", icon="clock")
    add_view("customers.account", view)
due = ({"f": "next_contact_on", "op": "not_empty"}, {"not": {"f": "next_contact_on", "op": "after", "v": "@today"}})
view = View("contact_due", _("Contact due"), among(*due), sort="next_contact_on", icon="phone-call")
add_view("customers.account", view)

presets.grant("interactions.phrase", ["view"], to=(*STAFF, *READERS))
presets.grant("interactions.serviceline", ["view"], to=(*STAFF, *READERS))
presets.grant("interactions.serviceline", ["view", "add", "change", "delete", "export", "import"], to=LEADERS)
presets.grant("interactions.phrase", ["view", "add", "change", "delete", "export", "import"], to=LEADERS)
presets.grant("interactions.contactrules", ["view"], to=(*STAFF, *READERS))
presets.grant("interactions.contactrules", ["view", "change"], to=("business-department", "marketing"))
