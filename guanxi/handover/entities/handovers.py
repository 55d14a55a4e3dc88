"""Handovers with their successors, rules and everything that changes hands; who may see and divide them."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from guanxi.handover.models import Handover, Holding, Rule, Successor
from guanxi.handover.services import handovers
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, entities, register
from guanxi.org import presets
from guanxi.org.holdings import all_holds, history

STATES = {
    "draft": "gray", "proposed": "amber", "leaver": "amber", "signed": "blue", "sealing": "blue", "sealed": "green",
    "cancelled": "gray",
}  # fmt: skip
# The apps above register their entities later than this one, so they are asked for when they are needed.
OWNED: Any = SimpleLazyObject(lambda: tuple((one.label, one.title) for one in entities() if one.owned))
HELD: Any = SimpleLazyObject(lambda: tuple({hold.label: (hold.label, hold.title) for hold in all_holds()}.values()))
LINKS: Any = SimpleLazyObject(
    lambda: tuple({hold.link: (hold.link, hold.bond) for hold in all_holds() if hold.listed}.values())
)
ME = "@me"

register(
    Entity(
        model=Handover,
        title=_("Handovers"),
        slug="handovers",
        icon="transfer",
        columns=("name", "kind", "day", "department", "rest_to", "state", "sealed_at", "owner"),
        sort="-day",
        sections=(
            Section(_("Handover"), ("person", "kind", "day", "rest_to", "reason")),
            Section(_("Course"), ("state", "signed_at", "signed_by", "remark", "problem", "sealed_at", "sealed_by", "seal",
                                  "owner", "department")),
        ),
        overrides={"state": {"tones": STATES}, "department": {"editable": False}},
        hidden=("job_id",),
        search={"people": ("name",)},
        clean=handovers.check_handover,
        guard=handovers.draft_only,
        finished={"f": "state", "op": "in", "v": ["sealed", "cancelled"]},
        lines="successors",
        importable=False,
        custom=False,
        relations=(
            Relation("successors", "handover.successor", "handover", _("Successors"), tab=False),
            Relation("rules", "handover.rule", "handover", _("Rules of division")),
            Relation("holdings", "handover.holding", "handover", _("Things handed over")),
        ),
        views=(
            View("all", _("All")),
            View("mine", _("For me to sign"), {"all": [
                {"f": "state", "op": "in", "v": ["proposed", "leaver"]},
                {"any": [{"all": [{"f": "person", "op": "is", "v": ME}, {"f": "signed_at", "op": "empty"}]},
                         {"has": "successors", "where": {"all": [
                             {"f": "person", "op": "is", "v": ME}, {"f": "signed_at", "op": "empty"}]}}]}]}, icon="signature"),
            View("open", _("Under way"), {"f": "state", "op": "not_in", "v": ["sealed", "cancelled"]}),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=Successor,
        title=_("Successors"),
        slug="successors",
        icon="user-check",
        name_field="person",
        columns=("person", "signed_at", "signed_by"),
        sections=(Section(_("Successor"), ("handover", "person", "signed_at", "signed_by")),),
        scope_via="handover",
        clean=handovers.check_part,
        guard=handovers.draft_only,
        importable=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=Rule,
        title=_("Rules of division"),
        slug="handover-rules",
        icon="arrows-split",
        name_field="position",
        columns=("position", "label", "where", "to"),
        sections=(
            Section(_("Rule of division"), ("handover", "position", "label", "to")),
            Section(_("Only customers where"), ("where",), when=("label", ("customers.account",))),
        ),
        overrides={"label": {"kind": "choice", "choices": OWNED}, "where": {"style": "filter:customers.account"}},
        scope_via="handover",
        clean=handovers.check_part,
        guard=handovers.draft_only,
        importable=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=Holding,
        title=_("Things handed over"),
        slug="holdings",
        icon="package",
        name_field="title",
        columns=("title", "label", "weight", "successor", "by_hand", "problem", "moved_at", "handover"),
        sort="-weight",
        sections=(
            Section(_("What"), ("title", "label", "link", "weight", "handover")),
            Section(_("Where to"), ("successor", "by_hand", "problem", "moved_at", "before", "after")),
        ),
        overrides={
            "label": {"kind": "choice", "choices": HELD},
            "link": {"kind": "choice", "choices": LINKS},
            "weight": {"kind": "money"},
        },
        hidden=("object_id", "customer_id"),
        scope_via="handover",
        guard=handovers.by_division_only,
        creatable=False,
        importable=False,
        custom=False,
        setting=True,
        views=(
            View("all", _("All")),
            View("problems", _("With a problem"), {"f": "problem", "op": "not_empty"}, icon="alert-triangle"),
            View("mine", _("Coming to me"), {"f": "successor", "op": "is", "v": ME}, icon="user"),
            View("hand", _("Given by hand"), {"f": "by_hand", "op": "is", "v": True}),
        ),
    )
)
add_relation("org.user", Relation("handovers", "handover.handover", "person", _("Handovers")))

INVOLVED = [
    {"f": "owner", "op": "is", "v": ME},
    {"f": "person", "op": "is", "v": ME},
    {"has": "successors", "where": {"f": "person", "op": "is", "v": ME}},
]
# Who leads sees the handovers of the department and of two levels below it, and those one takes part in elsewhere.
BELOW = [{"f": f"department{up}", "op": "is", "v": "@my_department"} for up in ("", ".parent", ".parent.parent")]
presets.grant("handover.handover", ["view"], {"any": INVOLVED})
presets.grant("handover.handover", ["view", "add", "change"], {"any": [*INVOLVED, *BELOW]},
              to=("store-manager", "supervisor", "block-administrator"))  # fmt: skip
presets.grant("handover.handover", ["view", "add", "change", "export"], to=("marketing", "business-department"))
presets.grant("handover.handover", ["view", "export"], to=("supervision", "operations-specialist"))
# Administrators of accounts see that accounts are handed over and closed in time, and may bring it to its end; what is
# handed over is business, and stays with those who work with customers.
presets.grant("handover.handover", ["view", "add", "change"], to=("system-administrator",))
presets.grant("handover.handover", ["view"], to=("security-administrator",))
presets.grant("handover.holding", [], "", to=("system-administrator", "security-administrator"))
for label in ("personnelchange", "accountrequest", "sharingsign", "handover"):
    history(f"handover.{label}", "person")
history("handover.handover", "rest_to")
history("handover.successor", "person")
history("handover.holding", "successor")
history("handover.rule", "to")
