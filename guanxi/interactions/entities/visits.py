"""Visits with their form, plans, competitors and receptions as entities; who may see and change them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.customers.services.entries import author_only
from guanxi.interactions.entities.contacts import LEADERS, READERS, STAFF
from guanxi.interactions.models import Competitor, CompetitorNote, Reception, Visit, VisitPlan
from guanxi.interactions.services import plans, receptions, visits  # noqa: F401 -- verbs and the subject
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org import presets
from guanxi.org.papers import numbered

# Before that there is nothing but dashes to read.
BEGUN, WRITTEN, ENDED = ("state", ("started", "done")), ("state", ("done",)), ("state", ("done", "dropped"))
STATES = {"planned": "blue", "started": "amber", "done": "green", "dropped": "gray"}

numbered("visit", _("Customer visit form"), code="LC 16.06.302.02", title="客户拜访表")
numbered("reception", _("Reception of a visiting customer"), code="LC 16.06.302.10", title="重要客户来访接待单")

register(
    Entity(
        model=Visit,
        title=_("Visits"),
        slug="visits",
        icon="map-pin",
        name_field="purpose",
        form="visit",
        columns=("account", "day", "owner", "state", "outcome", "purpose", "need", "done_at", "next_visit_on", "next_contact_on"),
        sort="-day",
        sections=(
            Section(_("Visit"), ("account", "purpose", "contact", "opportunity", "day", "owner", "department", "plan", "state", "outcome")),
            Section(_("Need and feedback"), ("need", "feedback"), WRITTEN),
            Section(_("Next time"), ("improvement", "approach", "next_visit_on", "next_contact_on", "stop_reason"), ENDED),
            Section(_("How well understood"), ("understanding", "understood", "feelings", "avoided"), WRITTEN),
            Section(_("Time stamps"), ("read_at", "started_at", "position", "done_at", "minutes"), BEGUN),
        ),
        overrides={
            "account": {"editable": False},
            "contact": {"style": "of:account"},
            "opportunity": {"style": "of:account"},
            "day": {"editable": False},
            "purpose": {"editable": False},
            "owner": {"label": _("visitor"), "editable": False},
            "department": {"editable": False},
            "state": {"tones": STATES},
            "outcome": {"tones": {"reached": "green", "partly": "amber", "failed": "red"}},
            "next_visit_on": {"style": "due"},
        },
        search={"names": ("need", "feedback")},
        subtitle=("account", "day"),
        headline=("state", "day", "owner", "outcome", "next_visit_on"),
        scope_via="account",
        finished={"f": "state", "op": "in", "v": ["done", "dropped"]},
        relations=(Relation("rivals", "interactions.competitornote", "visit", _("Competitors")),),
        creatable=False,
        importable=False,
        guard=visits.by_the_visitor,
        views=(
            View("all", _("All")),
            View("today", _("Today"), {"f": "day", "op": "period", "v": "today"}, icon="calendar"),
            View("open", _("Card not handed back"), {"f": "state", "op": "is", "v": "started"}, icon="clipboard-check"),
            View("missed", _("Not visited"), {"all": [
                {"f": "state", "op": "is", "v": "planned"}, {"f": "day", "op": "before", "v": "@today"}]}, icon="alert-triangle"),
            View("unagreed", _("Made without an agreed plan"), {"all": [
                {"f": "started_at", "op": "not_empty"}, {"f": "plan", "op": "empty"}]}, icon="question-mark"),
            View("failed", _("Failed"), {"f": "outcome", "op": "is", "v": "failed"}, icon="mood-sad"),
            View("mine", _("My visits"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=VisitPlan,
        title=_("Visit plans"),
        slug="visit-plans",
        icon="route",
        name_field="focus",
        columns=("focus", "kind", "starts_on", "ends_on", "area", "region_code", "number", "owner", "state"),
        sort="-starts_on",
        sections=(
            Section(
                _("Visit plan"), ("kind", "starts_on", "ends_on", "region_code", "area", "number", "focus", "owner")
            ),
            Section(_("Agreement"), ("state", "approval")),
            Section(_("Feedback"), ("findings",)),
        ),
        overrides={
            "region_code": {"kind": "region"},
            "owner": {"label": _("visitor")},
            "department": {"editable": False},
            "state": {"tones": {"draft": "gray", "asked": "amber", "agreed": "green", "refused": "red"}},
        },
        relations=(Relation("visits", "interactions.visit", "plan", _("Visits")),),
        clean=plans.keep_agreed,
        guard=plans.own_plan,
        finished={"f": "state", "op": "is", "v": "agreed"},
        importable=False,
        views=(
            View("all", _("All")),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
            View("asked", _("Waiting for approval"), {"f": "state", "op": "is", "v": "asked"}, icon="gavel"),
            View("research", _("Market research"), {"f": "kind", "op": "is", "v": "research"}, icon="search"),
        ),
    )
)
register(
    Entity(
        model=Competitor,
        title=_("Competitors"),
        slug="competitors",
        icon="building-store",
        columns=("name", "products", "strengths", "weaknesses", "website"),
        sort="name",
        sections=(
            Section(_("Competitor"), ("name", "website", "products")),
            Section(_("Assessment"), ("strengths", "weaknesses", "remark")),
        ),
        search={"names": ("name",)},
        import_key=("name",),
        relations=(Relation("notes", "interactions.competitornote", "competitor", _("Heard at visits")),),
        scoped=False,
    )
)
register(
    Entity(
        model=CompetitorNote,
        title=_("Heard of competitors"),
        slug="competitor-notes",
        icon="message-report",
        name_field="competitor",
        columns=("competitor", "strengths", "differences", "account", "on", "visit", "created_by"),
        sort="-on",
        sections=(Section(_("Heard of a competitor"), ("competitor", "account", "visit", "on", "strengths", "differences")),),
        subtitle=("account", "on"),
        headline=("account", "on", "visit", "created_by"),
        search={"names": ("competitor.name", "strengths", "differences")},
        scope_via="account",
        guard=author_only,
    )
)  # fmt: skip
register(
    Entity(
        model=Reception,
        title=_("Receptions"),
        slug="receptions",
        icon="users-group",
        name_field="title",
        columns=("title", "account", "day", "owner", "guests", "place", "state", "result"),
        sort="-day",
        sections=(
            Section(_("Reception"), ("account", "title", "day", "until", "place", "guests")),
            Section(_("Hosts"), ("owner", "hosts")),
            Section(_("Plan"), ("programme", "care")),
            Section(_("Log"), ("state", "log", "result")),
        ),
        overrides={
            "owner": {"label": _("host")},
            "department": {"editable": False},
            "state": {"tones": {"planned": "blue", "held": "green", "dropped": "gray"}},
        },
        search={"names": ("title",)},
        subtitle=("account", "day"),
        scope_via="account",
        guard=author_only,
        finished={"f": "state", "op": "in", "v": ["held", "dropped"]},
        form="reception",
        views=(
            View("all", _("All")),
            View("coming", _("Coming"), {"f": "state", "op": "is", "v": "planned"}, sort="day", icon="calendar"),
        ),
    )
)
for name, target, title in (
    ("visits", "interactions.visit", _("Visits")),
    ("receptions", "interactions.reception", _("Receptions")),
    ("rivals", "interactions.competitornote", _("Competitors")),
):
    add_relation("customers.account", Relation(name, target, "account", title, tab=name == "visits"))

presets.grant("interactions.visitplan", ["view", "add", "change"], "own", to=STAFF)
LEAD = ["view", "add", "change", "export", "hand_over"]  # the last: to say whose a new plan is
presets.grant("interactions.visitplan", LEAD, "tree", to=("store-manager", "supervisor"))
presets.grant("interactions.visitplan", LEAD, to=("business-department", "marketing"))
presets.grant("interactions.visitplan", ["view", "export"], to=("supervision",))
presets.grant("interactions.competitor", ["view"], to=READERS)
presets.grant("interactions.competitor", ["view", "add", "change"], to=STAFF)
presets.grant("interactions.competitor", ["view", "add", "change", "delete", "export", "import"], to=LEADERS)
