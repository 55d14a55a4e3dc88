"""Return visits and service requests as entities: their rights are those of the customer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.interactions.models import ReturnVisit, ServiceRequest
from guanxi.interactions.services import returns
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.papers import numbered

OPEN = {"f": "state", "op": "is", "v": "open"}

numbered("return_visit", _("Return visit form"), code="LC 16.06.302.09", title="客户回访表")

register(
    Entity(
        model=ReturnVisit,
        title=_("Return visits"),
        slug="return-visits",
        icon="phone-call",
        name_field="reason",
        columns=("account", "reason", "due_on", "way", "owner", "state", "satisfaction", "opinion", "issue", "done_at"),
        sort="-due_on",
        sections=(
            Section(_("Return visit"), ("account", "contact", "reason", "occasion", "way", "due_on", "owner", "state", "done_at", "done_by")),
            Section(_("Answers"), ("usage", "satisfaction", "needs", "opinion", "issue", "request"), ("state", ("done",))),
        ),
        overrides={
            "owner": {"label": _("who asks back")},
            "contact": {"style": "of:account"},
            "department": {"editable": False},
            "due_on": {"style": "due"},
            "state": {"tones": {"open": "amber", "done": "green", "dropped": "gray"}},
        },
        search={"names": ("opinion", "issue")},
        subtitle=("account", "due_on"),
        headline=("state", "due_on", "way", "owner", "done_at", "done_by", "satisfaction"),
        form="return_visit",
        scope_via="account",
        clean=returns.fill_in,
        guard=returns.still_open,
        finished={"f": "state", "op": "in", "v": ["done", "dropped"]},
        importable=False,
        views=(
            View("all", _("All")),
            View("open", _("To ask back"), OPEN, sort="due_on", icon="phone-call"),
            View("mine", _("Mine"), {"all": [OPEN, {"f": "owner", "op": "is", "v": "@me"}]}, sort="due_on", icon="user"),
            View("late", _("Overdue"), {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                 sort="due_on", icon="alert-triangle"),
            View("unhappy", _("Dissatisfied"), {"f": "satisfaction", "op": "lt", "v": 3}, icon="mood-sad"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=ServiceRequest,
        title=_("Service requests"),
        slug="service-requests",
        icon="tool",
        name_field="number",
        columns=("number", "account", "problem", "due_at", "severity", "state", "owner", "solved_at"),
        sorts=("due_at",),
        headline=("state", "severity", "due_at", "owner", "solved_at"),
        sections=(
            Section(_("Service request"), ("number", "account", "contact", "problem", "severity", "owner", "due_at", "state")),
            Section(_("Solution"), ("solution", "solved_at"), ("state", ("solved",))),
        ),
        overrides={
            "owner": {"label": _("who solves it")},
            "contact": {"style": "of:account"},
            "department": {"editable": False},
            "due_at": {"style": "due"},
            "severity": {"tones": {"low": "gray", "normal": "blue", "high": "amber", "urgent": "red"}},
            "state": {"tones": {"open": "amber", "solved": "green"}},
        },
        search={"names": ("problem",), "codes": ("number",)},
        subtitle=("account", "state"),
        scope_via="account",
        clean=returns.set_due,
        prepare_many=returns.number_requests,
        guard=returns.still_open,
        finished={"f": "state", "op": "is", "v": "solved"},
        relations=(Relation("found_by", "interactions.returnvisit", "request", _("Found by")),),
        views=(
            View("all", _("All")),
            View("open", pgettext_lazy("request", "Open"), OPEN, sort="due_at", icon="inbox"),
            View("mine", _("Mine"), {"all": [OPEN, {"f": "owner", "op": "is", "v": "@me"}]}, sort="due_at", icon="user"),
            View("late", _("Overdue"), {"all": [OPEN, {"f": "due_at", "op": "before", "v": "@today"}]},
                 sort="due_at", icon="alert-triangle"),
        ),
    )
)  # fmt: skip
add_relation("customers.account", Relation("return_visits", "interactions.returnvisit", "account", _("Return visits")))
add_relation("customers.account", Relation("requests", "interactions.servicerequest", "account", _("Service requests")))
