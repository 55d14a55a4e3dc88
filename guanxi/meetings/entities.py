"""How meetings, action items, bulletins and daily logs show up, and who may do what with them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.meetings.models import ActionItem, AgendaPoint, Bulletin, Meeting, Reading, Seat, WorkLog
from guanxi.meetings.queries.bulletins import PUBLISHERS
from guanxi.meetings.services import bulletins, days, meetings
from guanxi.org import presets
from guanxi.org.holdings import history
from guanxi.org.papers import numbered
from guanxi.org.queries import FURTHER

PLANNED: dict[str, Any] = {"f": "state", "op": "is", "v": "planned"}
OPEN: dict[str, Any] = {"f": "state", "op": "is", "v": "open"}
MINE: dict[str, Any] = {"f": "owner", "op": "is", "v": "@me"}
OUT: dict[str, Any] = {"f": "state", "op": "is", "v": "published"}
VALID: dict[str, Any] = {
    "all": [
        OUT,
        {"not": {"f": "valid_from", "op": "after", "v": "@today"}},
        {"any": [{"f": "valid_until", "op": "empty"}, {"not": {"f": "valid_until", "op": "before", "v": "@today"}}]},
    ]
}
HAVE_READ = {"has": "readings", "where": {"f": "person", "op": "is", "v": "@me"}}

numbered("minutes", _("Minutes"), code="ZH-02", title="会议纪要")

register(
    Entity(
        model=Meeting,
        title=_("Meetings"),
        slug="meetings",
        icon="users-group",
        columns=("name", "kind", "held_on", "starts_at", "place", "state", "owner"),
        sort="-held_on",
        sections=(
            Section(
                _("Meeting"), ("kind", "held_on", "starts_at", "ends_at", "place", "name", "owner", "state", "next_on")
            ),
            Section(_("Minutes"), ("progress", "feedback", "decisions")),
        ),
        overrides={
            "state": {"tones": {"planned": "blue", "closed": "green"}, "style": "badge"},
            "department": {"editable": False},
        },
        hidden=("reminded_on",),
        search={"names": ("name", "place")},
        relations=(
            Relation("points", "meetings.agendapoint", "meeting", _("Agenda")),
            Relation("seats", "meetings.seat", "meeting", _("Participants")),
            Relation("actions", "meetings.actionitem", "meeting", _("Action items")),
        ),
        views=(
            View("all", _("All")),
            View("planned", pgettext_lazy("meeting", "Planned"), PLANNED, sort="held_on", icon="calendar"),
        ),
        prepare_many=meetings.name_meetings,
        guard=meetings.keep_minutes,
        finished={"f": "state", "op": "is", "v": "closed"},
        form="minutes",
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=AgendaPoint,
        title=_("Agenda items"),
        slug="agenda-items",
        icon="list-check",
        name_field="title",
        columns=("position", "title", "facts", "outcome", "meeting"),
        sort="position",
        sections=(Section(_("Agenda item"), ("meeting", "position", "title", "facts", "outcome")),),
        hidden=("url", "source"),
        scope_via="meeting",
        guard=lambda row, actor, verb: meetings.keep_minutes(row.meeting, actor, verb),
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=Seat,
        title=_("Participants of meetings"),
        slug="meeting-participants",
        icon="users",
        name_field="person",
        columns=("person", "side", "present", "meeting"),
        sections=(Section(_("Participant"), ("meeting", "person", "side", "present")),),
        scope_via="meeting",
        guard=lambda row, actor, verb: meetings.keep_minutes(row.meeting, actor, verb),
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=ActionItem,
        title=_("Action items"),
        slug="action-items",
        icon="checklist",
        name_field="what",
        columns=("what", "owner", "due_on", "state", "done_on", "meeting"),
        sort="due_on",
        sections=(Section(_("Action item"), ("what", "meeting", "owner", "due_on", "state", "done_on", "result")),),
        overrides={
            "state": {"tones": {"open": "amber", "done": "green"}, "style": "badge"},
            "due_on": {"style": "due"},
            "result": {"editable": False},
            "department": {"editable": False},
        },
        hidden=("late_on",),
        search={"names": ("what",)},
        views=(
            View("open", pgettext_lazy("action item", "Open"), OPEN),
            View("mine", _("Mine"), {"all": [OPEN, MINE]}, icon="user"),
            View(
                "overdue",
                _("Overdue"),
                {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                icon="alert-triangle",
            ),
            View("all", _("All")),
        ),
        row_verbs=("finish",),
        guard=meetings.own_item,
        finished={"f": "state", "op": "is", "v": "done"},
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=Bulletin,
        title=pgettext_lazy("notice to all", "Bulletins"),
        slug="bulletins",
        icon="speakerphone",
        name_field="title",
        columns=("title", "kind", "state", "department", "owner", "valid_from", "valid_until"),
        sort="-valid_from",
        sections=(
            Section(pgettext_lazy("notice to all", "Bulletin"), ("title", "kind", "text", "valid_from", "valid_until")),
            Section(_("Publisher"), ("owner", "department", "state", "published_at")),
        ),
        overrides={
            "kind": {"tones": {"market": "blue", "finance": "amber", "technical": "teal"}},
            "state": {"tones": {"draft": "gray", "published": "green"}, "style": "badge"},
            "owner": {"editable": False, "label": _("publisher")},
            "department": {"editable": False},
        },
        search={"names": ("title",)},
        relations=(Relation("readings", "meetings.reading", "bulletin", _("Readers"), tab=False),),
        views=(
            View("valid", _("Valid now"), VALID, icon="circle-check"),
            View("unread", _("Not read by me"), {"all": [VALID, {"not": HAVE_READ}]}, icon="bell"),
            View("market", _("Market and prices"), {"all": [OUT, {"f": "kind", "op": "is", "v": "market"}]}),
            View("finance", _("Finance rules"), {"all": [OUT, {"f": "kind", "op": "is", "v": "finance"}]}),
            View("technical", _("Technical use"), {"all": [OUT, {"f": "kind", "op": "is", "v": "technical"}]}),
            View("drafts", _("Drafts"), {"f": "state", "op": "is", "v": "draft"}, icon="pencil"),
        ),
        guard=bulletins.own_bulletin,
        finished={"f": "valid_until", "op": "before", "v": "@today"},
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=Reading,
        title=_("Readings of bulletins"),
        slug="bulletin-readings",
        icon="eye",
        name_field="person",
        columns=("person", "read_at", "bulletin"),
        scope_via="bulletin",
        creatable=False,
        importable=False,
        custom=False,
        overrides={name: {"editable": False} for name in ("person", "read_at", "bulletin")},
    )
)
register(
    Entity(
        model=WorkLog,
        title=_("Daily plans and logs"),
        slug="work-logs",
        icon="calendar-check",
        name_field="day",
        columns=("day", "owner", "department", "plan", "log", "planned_at", "logged_at"),
        sort="-day",
        sections=(Section(_("Daily plan and log"), ("day", "plan", "log", "owner", "department", "planned_at", "logged_at")),),
        overrides={"owner": {"editable": False}, "department": {"editable": False}},
        views=(
            View("all", _("All")),
            View("today", _("Today"), {"f": "day", "op": "on", "v": "@today"}, icon="calendar-due"),
            View("mine", _("Mine"), MINE, icon="user"),
            View("unlogged", _("Without log"), {"all": [{"f": "log", "op": "empty"}, {"f": "day", "op": "before", "v": "@today"}]},
                 icon="alert-triangle"),
        ),
        clean=days.stamp,
        guard=days.own_day,
        finished={"f": "day", "op": "not_empty"},
        importable=False,
        custom=False,
    )
)  # fmt: skip

CALLERS = ("relations-specialist", "business-department", "marketing", "supervisor", "store-manager")
CALL = ["view", "add", "change", "delete", "export"]
presets.grant("meetings.meeting", ["view"])  # agenda and participants follow it
presets.grant("meetings.meeting", CALL, to=CALLERS)
presets.grant("meetings.actionitem", ["view", "add", "change"])
presets.grant("meetings.bulletin", ["view"], OUT)  # drafts are their publishers’
for _kind, _roles in PUBLISHERS.items():
    presets.grant("meetings.bulletin", ["view", "add", "change", "delete", f"publish_{_kind}"], to=_roles)
presets.grant("meetings.worklog", ["view", "add", "change"], "own")
presets.grant("meetings.worklog", ["view", "add", "change", "export"], "tree", to=("store-manager", "supervisor"))
presets.grant("meetings.worklog", ["view", "add", "change", "export"], to=("business-department",))
FURTHER.update(
    publish_market=(_("Publish market and prices"), ("meetings.bulletin",)),
    publish_finance=(_("Publish finance rules"), ("meetings.bulletin",)),
    publish_technical=(_("Publish technical use"), ("meetings.bulletin",)),
)
history("meetings.seat", "person")
history("meetings.reading", "person")
history("meetings.calendarfeed", "user")
