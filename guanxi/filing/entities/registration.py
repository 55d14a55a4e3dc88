"""Registrations, exhibitions, public links, filing rules, sources of facts."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.filing import services
from guanxi.filing.models import Exhibition, FactSource, FilingRules, JoinLink, Registration
from guanxi.filing.queries.checks import facts
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register

PHONE: dict[str, Any] = {"kind": "phone", "sensitive": True}
OPEN: dict[str, Any] = {"f": "state", "op": "is", "v": "open"}
WAITING: dict[str, Any] = {"all": [OPEN, {"f": "due_at", "op": "empty"}]}
TODAY: dict[str, Any] = {"f": "registered_on", "op": "period", "v": "today"}
FROM_EXHIBITION: dict[str, Any] = {"f": "origin", "op": "is", "v": "exhibition"}

register(
    Entity(
        model=Registration,
        title=_("Registrations"),
        icon="clipboard-text",
        template="filing/registration.html",
        quick=True,
        columns=(
            "name",
            "phone",
            "need",
            "organisation",
            "origin",
            "state",
            "registered_on",
            "due_at",
            "collected_by",
            "owner",
        ),
        sort="-id",
        sorts=("name", "registered_on"),
        sections=(
            Section(_("Customer"), ("name", "phone", "need")),
            Section(_("Further particulars"), ("organisation", "post", "email", "wechat", "address", "interest")),
            Section(
                _("Origin"),
                (
                    "origin",
                    "exhibition",
                    "source",
                    "source_detail",
                    "channel",
                    "method",
                    "collected_by",
                    "owner",
                    "remark",
                ),
            ),
            Section(_("Questionnaire"), ("answers",), ("origin", ("exhibition", "online"))),
            Section(
                _("Filing"),
                ("number", "registered_on", "due_at", "late_at", "state", "account", "filed_at", "filed_by"),
            ),
            Section(_("Consent"), ("consented_at", "consent"), ("origin", ("online",))),
        ),
        overrides={
            "phone": PHONE,
            "email": {"kind": "email", "sensitive": True},
            "state": {"tones": {"open": "amber", "filed": "green", "void": "gray"}},
            "origin": {"style": "badge"},
            "department": {"editable": False},
            "answers": {"style": "table", "choices": (("question", _("Question")), ("answer", _("Answer")))},
        },
        hidden=("suppliers", "edit_key"),
        search={"people": ("name",), "names": ("organisation",), "phones": ("phone",), "codes": ("number",)},
        subtitle=("organisation", "phone", "state"),
        headline=("state", "due_at", "origin", "collected_by", "registered_on", "account"),
        finished={"f": "state", "op": "in", "v": ["filed", "void"]},
        import_key=("number",),
        prepare_many=services.registration.prepare,
        clean=services.registration.keep_suppliers,
        guard=services.registration.guard,
        views=(
            View("all", _("All")),
            View("open", _("To be filed"), OPEN, sort="registered_on", icon="inbox"),
            View("today", pgettext_lazy("registrations", "Today"), TODAY, icon="calendar"),
            View("asked", _("Wait for another branch’s yes"), WAITING, icon="hourglass-high"),
            View("late", _("Late"), {"f": "late_at", "op": "not_empty"}, icon="alert-triangle"),
            View(
                "exhibition",
                _("Exhibition contacts to be filed"),
                {"all": [OPEN, FROM_EXHIBITION]},
                icon="building-store",
            ),
            View("online", _("Registered online"), {"f": "origin", "op": "is", "v": "online"}, icon="world"),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)
register(
    Entity(
        model=Exhibition,
        title=_("Exhibitions"),
        icon="building-store",
        columns=("name", "place", "starts_on", "ends_on", "owner"),
        sort="-starts_on",
        sections=(
            Section(_("Exhibition"), ("name", "place", "starts_on", "ends_on", "owner", "remark")),
            Section(_("Questionnaire"), ("questions",)),
        ),
        overrides={
            "questions": {
                "style": "table",
                "choices": (("question", _("Question")), ("answers", _("Answers offered, with 、 between them"))),
            },
            "department": {"editable": False},
        },
        search={"names": ("name",)},
        finished={"f": "ends_on", "op": "before", "v": "@today"},
        import_key=("name",),
        relations=(
            Relation("registrations", "filing.registration", "exhibition", _("Registrations")),
            Relation("links", "filing.joinlink", "exhibition", _("Self-registration links")),
        ),
        views=(
            View("all", _("All")),
            View("coming", _("Coming"), {"f": "starts_on", "op": "next_days", "v": 90}, icon="calendar"),
        ),
    )
)
register(
    Entity(
        model=JoinLink,
        title=_("Self-registration links"),
        slug="join-links",
        icon="qrcode",
        columns=("name", "channel", "exhibition", "is_open", "ends_on", "owner", "department"),
        sections=(
            Section(_("Link"), ("name", "channel", "exhibition", "owner", "ends_on", "is_open")),
            Section(_("Consent"), ("consent",)),
        ),
        overrides={"department": {"editable": False}},
        finished={"f": "is_open", "op": "is", "v": False},
        hidden=("token",),
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=FactSource,
        title=_("Sources of facts"),
        slug="fact-sources",
        icon="user-question",
        name_field="field",
        columns=("field", "account", "supplied_by", "origin", "on", "registration", "created_by"),
        overrides={"field": {"kind": "choice", "choices": SimpleLazyObject(facts)}},
        scope_via="account",
        creatable=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=FilingRules,
        setting=True,
        title=_("Filing rules"),
        slug="filing-rules",
        icon="adjustments",
        name_field="valid_from",
        columns=("valid_from", "due_at", "recheck_days", "complete_from", "task_days"),
        sections=(
            Section(
                _("Registration and filing"), ("valid_from", "due_at", "complete_from", "recheck_days", "task_days")
            ),
            Section(
                _("Inspection"),
                (
                    "streak",
                    "streak_points",
                    "untrue_points",
                    "not_done_points",
                    "clean_points",
                    "clean_from",
                    "deviation",
                    "deviation_from",
                ),
            ),
            Section(_("Self-registration"), ("join_hourly", "join_hourly_link", "edit_days")),
        ),
        importable=False,
        scoped=False,
        custom=False,
    )
)
add_relation("customers.account", Relation("registrations", "filing.registration", "account", _("Registrations")))
add_relation("customers.account", Relation("facts", "filing.factsource", "account", _("Sources of facts")))
