"""How requests, their decisions and the chains show up in lists, forms and the API; who may see them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.approvals import services
from guanxi.approvals.models import Approval, Flow, FlowStep, Vote
from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.org import presets

MY_TURN = {"has": "votes", "where": {"all": [
    {"f": "person", "op": "is", "v": "@me"}, {"f": "state", "op": "is", "v": "open"}]}}  # fmt: skip
OPEN = {"f": "state", "op": "is", "v": "pending"}
I_DECIDED = {"has": "votes", "where": {"all": [
    {"f": "person", "op": "is", "v": "@me"}, {"f": "state", "op": "in", "v": ["agreed", "refused", "passed"]}]}}  # fmt: skip
STATES = {"pending": "amber", "agreed": "green", "refused": "red", "withdrawn": "gray"}

register(
    Entity(
        model=Approval,
        title=_("Approvals"),
        slug="approvals",
        icon="gavel",
        name_field="title",
        columns=("title", "kind", "owner", "department", "amount", "state", "created_at", "decided_at"),
        sections=(Section(_("Request"), ("title", "kind", "owner", "department", "amount", "reason", "outcome")),),
        overrides={"amount": {"kind": "money"}, "state": {"tones": STATES}, "owner": {"label": _("asked by")}},
        hidden=("payload", "label", "object_id", "step"),
        search={"names": ("title",)},
        creatable=False,
        importable=False,
        custom=False,
        guard=services.by_verbs_only,
        relations=(Relation("votes", "approvals.vote", "approval", _("Decisions"), tab=False),),
        views=(
            View("my_turn", _("For me to decide"), {"all": [OPEN, MY_TURN]}, icon="gavel"),
            View("asked", _("Asked by me"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
            View("decided", _("Decided by me"), I_DECIDED, icon="check"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=Vote,
        title=_("Decisions"),
        slug="votes",
        icon="check",
        name_field="step",
        columns=("step", "approval", "person", "stands_for", "state", "opinion", "opened_at", "decided_at"),
        hidden=("everyone", "remind_at"),
        guard=services.by_verbs_only,
        scope_via="approval",
        creatable=False,
        importable=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=Flow,
        title=_("Approval flows"),
        slug="approval-flows",
        icon="git-branch",
        name_field="kind",
        columns=("kind", "hours", "remark"),
        sections=(Section(_("Approval flow"), ("kind", "hours", "remark")),),
        setting=True,
        importable=False,
        scoped=False,
        custom=False,
        lines="steps",
        relations=(Relation("steps", "approvals.flowstep", "flow", _("Steps"), tab=False),),
    )
)
register(
    Entity(
        model=FlowStep,
        title=_("Steps"),
        slug="approval-steps",
        icon="list",
        name_field="who",
        columns=("position", "who", "role", "person", "everyone", "from_amount", "standard"),
        sections=(
            Section(_("Step"), ("flow", "position", "who", "role", "person", "everyone", "from_amount", "standard")),
        ),
        overrides={"from_amount": {"kind": "money"}},
        scope_via="flow",
        importable=False,
        custom=False,
        setting=True,
    )
)

# Everybody asks and decides; who leads sees what the department asks.
presets.grant("approvals.approval", ["view"], {"any": [{"f": "owner", "op": "is", "v": "@me"}, {
    "has": "votes", "where": {"all": [{"f": "person", "op": "is", "v": "@me"}, {"f": "opened_at", "op": "not_empty"}]}}]})  # fmt: skip
presets.grant("approvals.flow", ["view"])
presets.grant("approvals.flow", ["*"], to=("system-administrator", "marketing"))
