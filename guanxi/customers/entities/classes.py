"""Class schemes with their standards, the classes of accounts, and the meetings that review them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers import services  # noqa: F401 -- registers the verbs
from guanxi.customers.models import (
    ClassAssignment,
    ClassReview,
    ClassScheme,
    ClassStandard,
    ReviewItem,
    ReviewSeat,
)
from guanxi.customers.services.reviews import name_reviews
from guanxi.kernel.entities import Entity, Relation, Section, View, register

FIXED = ("account", "scheme", "previous", "class_code", "since", "until", "cause", "decided_by")
AGENDA = (
    "review", "account", "reason", "figure", "present", "proposed", "decided", "remark", "decided_by", "applied_on",
)  # fmt: skip
PLANNED: dict[str, Any] = {"f": "state", "op": "is", "v": "planned"}
HELD: dict[str, Any] = {"all": [{"f": "until", "op": "empty"}, {"f": "held", "op": "is", "v": True}]}
CLASSES: dict[str, Any] = {
    "style": "table",
    "choices": (
        ("code", _("Code")),
        ("name", _("Name")),
        ("grade", _("Grade")),
        ("policy", _("Contact and service policy")),
        ("playbook", _("Playbook")),
        ("recheck_days:int", _("Re-verify every (days)")),
    ),
}

register(
    Entity(
        model=ClassAssignment,
        title=_("Class history"),
        slug="class-history",
        icon="medal",
        name_field="class_code",
        columns=("account", "scheme", "previous", "class_code", "since", "until", "cause", "decided_by", "held"),
        sections=(
            Section(
                _("Class of an account"),
                ("account", "scheme", "previous", "class_code", "since", "until", "cause", "decided_by", "held"),
            ),
        ),
        scope_via="account",
        creatable=False,
        importable=False,
        custom=False,
        overrides={name: {"editable": False} for name in FIXED},
        views=(
            View("all", _("All")),
            View("now", _("In force"), {"f": "until", "op": "empty"}, icon="medal"),
            View("held", _("Kept by decision"), HELD, icon="lock"),
        ),
    )
)
register(
    Entity(
        model=ClassStandard,
        title=_("Class standards"),
        slug="class-standards",
        icon="certificate",
        name_field="effective_on",
        columns=("effective_on", "scheme", "params", "note", "created_by", "created_at", "in_force_at"),
        sort="-effective_on",
        sections=(
            Section(
                _("Class standard"),
                ("scheme", "effective_on", "params", "classes", "note", "created_by", "created_at", "in_force_at"),
            ),
        ),
        overrides={"params": {"style": "shares"}, "classes": CLASSES},
        scoped=False,
        creatable=False,
        importable=False,
        custom=False,
        views=(
            View("all", _("All")),
            View("coming", _("Not yet in force"), {"f": "in_force_at", "op": "empty"}, icon="clock"),
        ),
    )
)
register(
    Entity(
        model=ClassScheme,
        title=_("Class schemes"),
        slug="class-schemes",
        icon="medal",
        columns=("name", "code", "kind", "is_policy", "published_at", "published_by", "reassess_on"),
        sections=(
            Section(_("Class scheme"), ("name", "code", "kind", "description", "params", "classes", "reassess_on")),
        ),
        overrides={
            "reassess_on": {"style": "due"},
            "params": {
                "style": "shares",
                "help": _("For ABC schemes: cumulative shares in percent, e.g. 80, 95."),
            },
            "classes": CLASSES,
        },
        relations=(Relation("standards", "customers.classstandard", "scheme", _("Class standards")),),
        views=(
            View("all", _("All")),
            View("due", _("Reassessment due"), {"f": "reassess_on", "op": "before", "v": "@today"}, icon="clock"),
        ),
        import_key=("code",),
        hidden=("reminded",),
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=ClassReview,
        title=_("Class reviews"),
        slug="class-reviews",
        icon="users-group",
        columns=("name", "scheme", "held_on", "state", "effective_on", "next_on", "owner"),
        sort="-held_on",
        sections=(
            Section(
                _("Class review"), ("scheme", "held_on", "name", "effective_on", "margin", "owner", "state", "next_on")
            ),
            Section(_("Minutes"), ("minutes",)),
        ),
        overrides={
            "state": {"tones": {"planned": "blue", "closed": "green"}, "style": "badge"},
            "department": {"editable": False},
        },
        hidden=("reminded",),
        prepare_many=name_reviews,
        importable=False,
        custom=False,
        relations=(
            Relation("items", "customers.reviewitem", "review", _("Agenda")),
            Relation("seats", "customers.reviewseat", "review", _("Participants")),
        ),
        views=(
            View("all", _("All")),
            View("planned", _("Planned"), PLANNED, sort="held_on", icon="calendar"),
            View(
                "overdue",
                _("Overdue"),
                {"all": [PLANNED, {"f": "held_on", "op": "before", "v": "@today"}]},
                sort="held_on",
                icon="alert-triangle",
            ),
        ),
    )
)
register(
    Entity(
        model=ReviewSeat,
        title=_("Participants"),
        slug="review-participants",
        icon="users",
        name_field="person",
        columns=("person", "review", "present"),
        sections=(Section(_("Participant"), ("review", "person", "present")),),
        scope_via="review",
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=ReviewItem,
        title=_("Agenda of class reviews"),
        slug="review-items",
        icon="list-check",
        name_field="account",
        columns=("account", "review", "reason", "figure", "present", "proposed", "decision", "decided", "remark"),
        sections=(
            Section(
                _("Agenda item"),
                (
                    "account",
                    "review",
                    "reason",
                    "figure",
                    "present",
                    "proposed",
                    "decision",
                    "decided",
                    "remark",
                    "decided_by",
                    "applied_on",
                ),
            ),
        ),
        overrides={
            **{name: {"editable": False} for name in AGENDA},
            "decision": {
                "editable": False,
                "tones": {"open": "amber", "agreed": "green", "other": "blue", "postponed": "gray"},
                "style": "badge",
            },
        },
        scope_via="account",
        creatable=False,
        importable=False,
        custom=False,
        views=(
            View("all", _("All")),
            View("open", pgettext_lazy("review", "Open"), {"f": "decision", "op": "is", "v": "open"}, icon="inbox"),
        ),
    )
)
