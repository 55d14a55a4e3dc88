"""Account teams and the plans they share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import AccountMember, AccountPlan, PlanAction
from guanxi.customers.services.entries import author_or_keeper
from guanxi.customers.services.teams import check_action
from guanxi.kernel.entities import Entity, Relation, Section, View, register

OPEN: dict[str, Any] = {"f": "done_on", "op": "empty"}

register(
    Entity(
        model=AccountMember,
        title=_("Account team"),
        slug="account-team",
        icon="users-group",
        name_field="person",
        columns=("person", "role", "account", "since", "until"),
        sections=(Section(_("Team member"), ("account", "person", "role", "since", "until")),),
        overrides={"account": {"editable": False}, "person": {"editable": False}},
        scope_via="account",
        guard=author_or_keeper,
        creatable=False,  # joining is a verb of the account, so that nobody puts himself on a team
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=AccountPlan,
        title=_("Account plans"),
        slug="account-plans",
        icon="route-2",
        name_field="title",
        columns=("title", "account", "starts_on", "ends_on", "owner"),
        sort="-starts_on",
        sections=(
            Section(_("Account plan"), ("account", "title", "starts_on", "ends_on", "owner")),
            Section(_("Goal and strategy"), ("goal", "strategy")),
        ),
        overrides={"department": {"editable": False}},
        search={"names": ("title",)},
        lines="actions",
        scope_via="account",
        guard=author_or_keeper,
        importable=False,
        custom=False,
        relations=(Relation("actions", "customers.planaction", "plan", _("Actions")),),
    )
)
register(
    Entity(
        model=PlanAction,
        title=_("Plan actions"),
        slug="plan-actions",
        icon="checkbox",
        name_field="what",
        columns=("what", "person", "due_on", "plan", "done_on", "outcome"),
        sort="due_on",
        sections=(Section(_("Plan action"), ("what", "person", "due_on", "done_on", "outcome")),),
        overrides={"due_on": {"style": "due"}},
        scope_via="plan",
        clean=check_action,
        creatable=False,  # written as lines of their plan
        importable=False,
        custom=False,
        views=(
            View("open", _("To do"), OPEN),
            View("mine", _("Mine"), {"all": [OPEN, {"f": "person", "op": "is", "v": "@me"}]}, icon="user"),
            View(
                "late",
                _("Overdue"),
                {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                icon="alert-triangle",
            ),
        ),
    )
)
