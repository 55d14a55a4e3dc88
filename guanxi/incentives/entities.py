"""The ledger, closed months, measures and reports in lists, pages, filters and the API; who may do what with them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.incentives.models import Entry, Measure, MonthClose, Report
from guanxi.incentives.services import entries, measures, months, reports
from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org.holdings import history
from guanxi.org.presets import READ, USE, grant

MINE = {"f": "owner", "op": "is", "v": "@me"}
TO_DECIDE = {"f": "state", "op": "in", "v": ["proposed", "objected"]}
ENTRY_STATES = {
    "proposed": "amber", "confirmed": "green", "objected": "purple", "kept": "blue", "reversed": "gray", "cancelled": "gray",
}  # fmt: skip
DECISIONS = {"draft": "gray", "asked": "amber", "approved": "green", "refused": "red"}
HEADS = ("store-manager", "supervisor")
LEADING = ("business-department", "relations-specialist")

register(
    Entity(
        model=Entry,
        title=_("Incentives"),
        slug="incentives",
        icon="award",
        name_field="title",
        columns=("title", "owner", "department", "amount", "unit", "month", "state", "booked_on"),
        sort="-id",
        sorts=("month", "amount", "booked_on", "state"),
        sections=(
            Section(_("Incentive"), ("title", "owner", "department", "amount", "unit", "month", "booked_on")),
            Section(_("Evidence"), ("text", "clause", "duty", "account")),
            Section(_("Objection and decision"),
                    ("state", "confirmed_by", "object_until", "objected_on", "objection", "note", "decided_by", "reverses"),
                    ("state", ("confirmed", "objected", "kept", "reversed", "cancelled"))),
        ),
        headline=("owner", "amount", "unit", "month", "booked_on"),
        search={"names": ("title",)},
        overrides={
            "owner": {"label": _("Person"), "required": True},
            "department": {"editable": False},
            "amount": {"style": "cents"},
            "month": {"style": "month"},
            "duty": {"label": pgettext_lazy("owed", "duty")},
            "object_until": {"style": "due"},
            "state": {"tones": ENTRY_STATES},
        },
        hidden=("duty_key", "evidence_label", "evidence_id", "source"),
        importable=False,
        custom=False,
        guard=entries.never_changed,
        clean=entries.by_hand,
        row_verbs=("confirm", "object_to"),
        finished={"f": "month", "op": "not_empty"},  # a ledger is history: nobody inherits it
        views=(
            View("all", _("All")),
            View("proposed", _("To be decided"), TO_DECIDE, icon="inbox"),
            View("objected", _("Objections"), {"f": "state", "op": "is", "v": "objected"}, icon="hand-stop"),
            View("mine", _("My incentives"), MINE, icon="user"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=MonthClose,
        title=_("Closed months"),
        slug="incentive-months",
        icon="lock",
        name_field="month",
        columns=("month", "entries", "yuan", "points", "created_by", "created_at", "note"),
        sort="-month",
        sections=(Section(_("Closed month"), ("month", "entries", "yuan", "points", "note")),),
        overrides={"yuan": {"style": "cents"}, "points": {"style": "cents"}, "month": {"style": "month"}},
        scoped=False,
        importable=False,
        custom=False,
        guard=months.never_opened,
        clean=months.close,
    )
)
register(
    Entity(
        model=Measure,
        title=_("Measures for people"),
        slug="measures",
        icon="medal",
        name_field="kind",
        columns=("kind", "person", "department", "amount", "effective_on", "state", "owner"),
        sections=(
            Section(_("Measure"), ("person", "kind", "amount", "effective_on", "reason")),
            Section(_("Decision"), ("state", "owner", "department", "entry")),
        ),
        overrides={
            "amount": {"kind": "money"},
            "owner": {"label": _("Proposed by"), "editable": False},
            "department": {"editable": False},
            "state": {"tones": DECISIONS},
        },
        importable=False,
        custom=False,
        guard=measures.only_drafts,
        clean=measures.check_measure,
        finished={"f": "state", "op": "in", "v": ["approved", "refused"]},
        views=(
            View("all", _("All")),
            View("asked", _("Waits for approval"), {"f": "state", "op": "is", "v": "asked"}, icon="clock"),
        ),
    )
)
register(
    Entity(
        model=Report,
        title=_("Reports about colleagues"),
        slug="colleague-reports",
        icon="flag",
        name_field="text",
        columns=("text", "person", "seen_on", "state", "owner", "decided_by"),
        sections=(
            Section(_("Report"), ("person", "text", "seen_on", "evidence", "clause", "account")),
            Section(_("Decision"), ("state", "note", "decided_by", "owner")),
        ),
        overrides={
            "owner": {"label": _("Reported by"), "editable": False},
            "department": {"editable": False},
            "evidence": {"help": _("Only those who decide see this and your name; the person concerned sees neither.")},
            "state": {"tones": {"open": "amber", "accepted": "green", "dismissed": "gray"}},
        },
        importable=False,
        custom=False,
        guard=reports.stays_as_told,
        clean=reports.not_oneself,
        finished={"f": "state", "op": "is_not", "v": "open"},
        views=(
            View("open", _("To be decided"), {"f": "state", "op": "is", "v": "open"}, icon="inbox"),
            View("mine", _("My reports"), MINE, icon="user"),
            View("all", _("All")),
        ),
    )
)
history("incentives.measure", "person")
history("incentives.report", "person")

DECIDE = [*READ, "add", "export", "confirm", "decide", "hand_over"]  # the last: to say whose a new entry is
grant("incentives.entry", READ, "own")
grant("incentives.entry", DECIDE, "tree", to=HEADS)
grant("incentives.entry", DECIDE, to=LEADING)
grant("incentives.entry", [*READ, "export"], to=("supervision", "finance"))
grant("incentives.monthclose", READ)
grant("incentives.monthclose", [*READ, "add", "export"], to=LEADING)
grant("incentives.measure", [*USE, "export"], "tree", to=HEADS)
grant("incentives.measure", [*USE, "export"], to=LEADING)
grant("incentives.measure", [*READ, "export"], to=("supervision",))
ABOUT_OTHERS = {"f": "person", "op": "is_not", "v": "@me"}
grant("incentives.report", [*READ, "add"], "own")
grant("incentives.report", [*READ, "add", "decide"], "tree", to=HEADS)
grant("incentives.report", [*READ, "add", "decide"], ABOUT_OTHERS, to=LEADING)
