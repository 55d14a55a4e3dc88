"""Inspection plans and batches, findings, incentives, rectifications."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.filing.models import (
    CHECKED,
    Defect,
    Finding,
    Inspection,
    InspectionPlan,
    Rectification,
    RectificationCost,
)
from guanxi.filing.queries.checks import facts
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.holdings import history

MONEY: dict[str, Any] = {"kind": "money"}
MINE: dict[str, Any] = {"f": "owner", "op": "is", "v": "@me"}
FACTS: Any = SimpleLazyObject(facts)
OPEN: dict[str, Any] = {"f": "state", "op": "is", "v": "open"}
KINDS = {
    "missing": "amber", "impossible": "orange", "duplicate": "blue", "fictitious": "red", "misbooked": "purple", "untrue": "red",
}  # fmt: skip

register(
    Entity(
        model=InspectionPlan,
        setting=True,
        title=_("Inspection plans"),
        slug="inspection-plans",
        icon="calendar-search",
        columns=("name", "period", "files", "share", "checks", "fix_days", "is_active"),
        sections=(
            Section(_("Inspection plan"), ("name", "period", "files", "share", "checks", "fix_days", "is_active")),
        ),
        overrides={"checks": {"choices": tuple((kind, Defect(kind).label) for kind in CHECKED)}},
        importable=False,
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=Inspection,
        title=_("Inspections"),
        icon="clipboard-search",
        name_field="number",
        columns=("number", "plan", "department", "state", "defective", "inspected", "files", "first", "last", "owner"),
        sort="-first",
        sections=(
            Section(_("Inspection"), ("number", "plan", "department", "first", "last", "state", "owner")),
            Section(_("Result"), ("files", "inspected", "defective", "done_on")),
        ),
        overrides={
            "department": {"editable": False},
            "owner": {"label": _("inspector"), "editable": False},
            "state": {"tones": {"running": "amber", "done": "green"}},
        },
        search={"codes": ("number",)},
        finished={"f": "state", "op": "is", "v": "done"},
        creatable=False,
        importable=False,
        custom=False,
        relations=(Relation("findings", "filing.finding", "inspection", _("Findings")),),
    )
)
register(
    Entity(
        model=Finding,
        title=_("Findings"),
        slug="findings",
        icon="clipboard-x",
        name_field="text",
        columns=(
            "text",
            "kind",
            "account",
            "department",
            "owner",
            "origin",
            "due_on",
            "state",
            "sent_back",
            "inspection",
        ),
        sort="-found_on",
        sorts=("due_on",),
        sections=(
            Section(_("Finding"), ("text", "kind", "account", "other", "order", "origin")),
            Section(
                _("Responsibility"),
                ("owner", "department", "due_on", "state", "note", "sent_back", "rechecked_on", "overdue_on"),
            ),
            Section(_("Inspection"), ("inspection", "found_on")),
        ),
        overrides={
            "owner": {"label": _("responsible"), "editable": False},
            "department": {"editable": False},
            "kind": {"tones": KINDS},
            "field": {"kind": "choice", "choices": FACTS},
            "due_on": {"style": "due"},
            "state": {"tones": {"open": "amber", "fixed": "blue", "objected": "purple", "closed": "green"}},
        },
        finished={"f": "state", "op": "is", "v": "closed"},
        creatable=False,
        importable=False,
        custom=False,
        headline=("state", "kind", "account", "owner", "due_on", "sent_back"),
        views=(
            View("open", pgettext_lazy("findings", "Open"), OPEN, sort="due_on"),
            View("mine", _("Mine"), {"all": [OPEN, MINE]}, sort="due_on", icon="user"),
            View(
                "overdue",
                _("Overdue"),
                {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                icon="alert-triangle",
            ),
            View("fixed", _("To be inspected again"), {"f": "state", "op": "is", "v": "fixed"}, icon="refresh"),
            View("objected", _("Objected"), {"f": "state", "op": "is", "v": "objected"}, icon="hand-stop"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=Rectification,
        title=_("Rectifications"),
        icon="tool",
        name_field="title",
        columns=("title", "department", "meeting_on", "due_on", "state", "cost", "owner"),
        sections=(
            Section(_("Rectification"), ("title", "inspection", "reason", "owner", "state")),
            Section(_("Meeting and measures"), ("meeting_on", "measures", "due_on", "cost")),
        ),
        overrides={
            "cost": {**MONEY, "help": _("Charged to the responsible branch.")},
            "department": {"label": _("charged to"), "editable": False},
            "due_on": {"style": "due"},
            "state": {"tones": {"proposed": "amber", "running": "blue", "done": "green", "dropped": "gray"}},
        },
        finished={"f": "state", "op": "in", "v": ["done", "dropped"]},
        lines="costs",
        importable=False,
        custom=False,
        relations=(Relation("costs", "filing.rectificationcost", "rectification", _("Costs"), tab=False),),
    )
)
register(
    Entity(
        model=RectificationCost,
        title=_("Rectification costs"),
        slug="rectification-costs",
        icon="receipt",
        name_field="text",
        columns=("kind", "text", "amount"),
        sections=(Section(_("Costs"), ("kind", "text", "amount")),),
        overrides={"amount": MONEY},
        scope_via="rectification",
        importable=False,
        custom=False,
    )
)
add_relation("customers.account", Relation("findings", "filing.finding", "account", _("Findings")))
history("filing.inspectedfile", "accountant")
