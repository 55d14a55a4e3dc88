"""How leads, their follow-ups, their pool and the rules for them show up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.services.entries import author_only
from guanxi.deals.models import AssignmentRule, InvalidReason, Lead, LeadNote, LeadRecycleRule, LeadStay, LeadTenure
from guanxi.deals.queries.leads import LEAD, SHOWN, LeadSight
from guanxi.deals.services import assignment, convert, leads, mail, recycling, seed, settle  # noqa: F401 -- verbs, jobs, sealers
from guanxi.duplicates import kinds
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, entity, extend, register
from guanxi.kernel.fields import Field
from guanxi.org.holdings import history, holds, leave
from guanxi.pool.models import Cause, Content
from guanxi.pool.queries import pools_of

OPEN: dict[str, Any] = {"f": "state", "op": "is", "v": "open"}
MINE: dict[str, Any] = {"f": "owner", "op": "is", "v": "@me"}
TONES = {"open": "blue", "converted": "green", "invalid": "gray"}
IMPORTANCE = {"1": "red", "2": "gray", "3": "gray"}
PRIORITY = {"1": "amber", "2": "gray", "3": "gray"}
PHONE, EMAIL = {"kind": "phone", "sensitive": True}, {"kind": "email", "sensitive": True}
CAUSES = {Cause.RETURNED: "blue", Cause.RECYCLED: "amber", Cause.UNOWNED: "gray"}


def keeps(user: Any) -> bool:
    """Who hands out leads leaves those they enter to the rules; everybody else keeps their own."""
    return not user.may("assign", LEAD)


def _of_lead() -> tuple[Field, ...]:
    """Fields of the lead as the pool shows them: under their own names, read only."""
    fields = {f.name: f for f in entity(LEAD).own_fields()}
    return tuple(replace(fields[name].under("lead", fields[name].label), name=name) for name in SHOWN)


def _views(user: Any) -> list[View]:
    """The switch between the pools a person sees."""
    mine = pools_of(user, Content.LEADS)
    return [View(f"pool-{p.pk}", p.name, {"f": "pool", "op": "is", "v": p.pk}, icon="inbox") for p in mine[:12]]


register(
    Entity(
        model=Lead,
        title=_("Leads"),
        icon="user-plus",
        quick=True,
        columns=("name", "person", "mobile", "state", "importance", "priority", "source", "next_contact_on", "last_contact_on",
                 "owner", "created_at"),
        sort="-id",
        sorts=("name", "importance", "priority", "next_contact_on", "last_contact_on"),
        sections=(
            Section(pgettext_lazy("sales", "Lead"), ("kind", "name", "person", "post", "mobile", "phone", "email", "wechat", "owner")),
            Section(_("Interest"), ("need", "importance", "priority", "next_contact_on", "tags")),
            Section(_("Where it comes from"), ("source", "source_detail", "campaign", "way")),
            Section(_("Company"), ("region_code", "address", "industry", "website", "remark")),
            Section(
                _("State"),
                ("state", "account", "contact", "opportunity", "invalid_reason", "invalid_text", "closed_at", "last_contact_on",
                 "recycle_on"),
            ),
        ),
        overrides={
            "mobile": PHONE,
            "phone": PHONE,
            "email": EMAIL,
            "wechat": {"sensitive": True},
            "region_code": {"kind": "region"},
            "state": {"tones": TONES},
            "importance": {"tones": IMPORTANCE},
            "priority": {"tones": PRIORITY},
            "next_contact_on": {"style": "due"},
            "last_contact_on": {"style": "ago"},
            "recycle_on": {"style": "due"},
            "department": {"editable": False},
        },
        hidden=("name_key", "warned_on"),
        inline=("next_contact_on", "importance", "priority"),
        search={"names": ("name",), "people": ("person",), "phones": ("mobile", "phone"), "codes": ("wechat",)},
        subtitle=("person", "source"),
        headline=("state", "owner", "source", "next_contact_on"),
        import_key=("name",),
        finished={"not": OPEN},
        keeps=keeps,
        guard=leads.keep_closed,
        imported=leads.came_by_file,
        relations=(
            Relation("notes", "deals.leadnote", "lead", _("Follow-ups")),
            Relation("tenures", "deals.leadtenure", "lead", _("Who had it")),
        ),
        views=(
            View("all", _("All leads")),
            View("mine", _("My leads"), {"all": [MINE, OPEN]}, "priority", icon="user"),
            View("open", _("Open leads"), OPEN, "priority", icon="clock"),
            View(
                "due",
                _("To contact today"),
                {"all": [MINE, OPEN, {"not": {"f": "next_contact_on", "op": "after", "v": "@today"}},
                         {"f": "next_contact_on", "op": "not_empty"}]},
                "next_contact_on",
                icon="calendar",
            ),
            View(
                "recycling",
                pgettext_lazy("leads", "About to be recycled"),
                {"all": [OPEN, {"f": "recycle_on", "op": "next_days", "v": 14}]},
                icon="recycle",
            ),
            View("converted", _("Converted"), {"f": "state", "op": "is", "v": "converted"}, icon="circle-check"),
            View("invalid", _("Invalid"), {"f": "state", "op": "is", "v": "invalid"}, icon="ban"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=LeadNote,
        title=_("Follow-ups of leads"),
        slug="lead-notes",
        icon="messages",
        columns=("content", "lead", "channel", "at", "next_contact_on", "owner"),
        sort="-at",
        name_field="content",
        scope_via="lead",
        sections=(Section(_("Follow-up"), ("lead", "channel", "at", "content", "next_contact_on", "owner")),),
        overrides={"owner": {"editable": False}, "department": {"editable": False}},
        finished={"f": "at", "op": "not_empty"},  # what was said belongs to whoever said it
        clean=leads.check_note,
        guard=author_only,
        custom=False,
    )
)
register(
    Entity(
        model=LeadStay,
        title=_("Lead pool"),
        slug="lead-pool",
        icon="inbox",
        columns=("name", "pool", "region_code", "industry", "source", "importance", "person", "mobile", "last_contact_on", "reason",
                 "former_owner", "entered_at"),
        sort="-entered_at",
        sections=(
            Section(
                _("In the pool"),
                ("pool", "entered_at", "cause", "reason", "details", "former_owner", "former_department"),
            ),
            Section(pgettext_lazy("sales", "Lead"), SHOWN),
        ),
        overrides={"cause": {"tones": CAUSES}, "entered_at": {"style": "ago"}},
        extra_fields=_of_lead(),
        hidden=("lead",),
        search={"names": ("name",)},
        subtitle=("pool", "region_code"),
        headline=("pool", "entered_at", "reason", "former_owner"),
        sight=LeadSight(),
        row_verbs=("claim",),
        more_views=_views,
        guard=leads.untouchable,
        creatable=False,
        importable=False,
        custom=False,
        views=(
            View("new", _("New in the last 7 days"), {"f": "entered_at", "op": "last_days", "v": 7}, icon="clock"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=LeadTenure,
        title=_("Times with leads"),
        slug="lead-tenures",
        icon="history",
        name_field="id",
        columns=("holder", "since", "until", "began", "rule", "given_by", "ended", "reason", "lead"),
        sort="-id",
        sections=(
            Section(
                _("Time with a lead"),
                ("lead", "holder", "since", "until", "began", "rule", "given_by", "ended", "reason"),
            ),
        ),
        scope_via="lead",
        guard=leads.kept_history,
        creatable=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=AssignmentRule,
        setting=True,
        title=_("Assignment rules"),
        slug="assignment-rules",
        icon="route",
        columns=("name", "is_active", "method", "team", "role", "department", "position"),
        sort="position",
        sections=(
            Section(_("Assignment rule"), ("name", "is_active", "position")),
            Section(_("Which leads"), ("where",)),
            Section(_("Who gets them"), ("method", "team", "role", "department")),
        ),
        overrides={"where": {"style": "filter:deals.lead"}},
        clean=assignment.check_rule,
        hidden=("last_given",),
        importable=False,
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=LeadRecycleRule,
        setting=True,
        title=_("Recycle rules for leads"),
        slug="lead-recycle-rules",
        icon="recycle",
        columns=("name", "is_active", "days", "warn_days", "pool", "position"),
        sort="position",
        sections=(
            Section(_("Recycle rule for leads"), ("name", "is_active", "position", "pool")),
            Section(_("Which leads"), ("where",)),
            Section(_("When"), ("days", "warn_days")),
        ),
        overrides={"where": {"style": "filter:deals.lead"}},
        clean=leads.check_recycling,
        importable=False,
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=InvalidReason,
        setting=True,
        title=_("Reasons of invalid leads"),
        slug="invalid-reasons",
        icon="message-reply",
        columns=("name", "position"),
        sort="position",
        sections=(Section(_("Reason of invalid leads"), ("name", "position")),),
        import_key=("name",),
        scoped=False,
        custom=False,
    )
)
add_relation("customers.account", Relation("leads", "deals.lead", "account", _("Leads"), tab=False))
extend(LEAD, relation="stay", model=LeadStay, fields={"pool": {"label": _("Lies in the pool")}})
kinds.register(
    kinds.Kind(
        LEAD, companies=("name",), people=("person",), phones=("mobile", "phone"), region="region_code", person=("kind", "person"),
        alive=("state", "open"),
    )
)  # fmt: skip
holds("deals.assignmentrule", "people", _("Assignment rules"), leave("people"), ends=True)
history("deals.leadstay", "former_owner")
history("deals.leadtenure", "holder")
