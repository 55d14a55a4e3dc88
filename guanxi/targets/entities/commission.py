"""Plans with rates, statements with their lines; one's own is seen by oneself and one's head, all by finance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.org.holdings import history
from guanxi.org.presets import READ, WORKING, grant
from guanxi.targets.models import CommissionLine, CommissionPlan, CommissionRate, Statement
from guanxi.targets.services.commission import check_rate
from guanxi.targets.services.statements import never_changed

MONEY = {"kind": "money"}
STATES = {
    "draft": "gray", "shown": "amber", "confirmed": "blue", "objected": "purple", "decided": "blue", "settled": "green",
}  # fmt: skip
HISTORY = {"f": "dated_on", "op": "not_empty"}

register(
    Entity(
        model=CommissionPlan,
        title=_("Commission plans"),
        slug="commission-plans",
        icon="percentage",
        columns=("name", "starts_on", "min_margin", "remark"),
        sort="-starts_on",
        sections=(Section(_("Commission plan"), ("name", "starts_on", "min_margin", "remark")),),
        overrides={"min_margin": {"kind": "percent"}},
        lines="rates",
        relations=(Relation("rates", "targets.commissionrate", "plan", _("Rates"), tab=False),),
        scoped=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=CommissionRate,
        title=_("Commission rates"),
        slug="commission-rates",
        icon="percentage",
        name_field="rate",
        columns=("grade", "customer_class", "role", "person", "rate"),
        sections=(Section(_("Rate"), ("grade", "customer_class", "role", "person", "rate")),),
        overrides={"rate": {"kind": "percent"}},
        scope_via="plan",
        importable=False,
        custom=False,
        setting=True,
        clean=check_rate,
    )
)
register(
    Entity(
        model=Statement,
        title=_("Commission statements"),
        slug="commission-statements",
        icon="coins",
        name_field="month",
        columns=("month", "owner", "department", "base", "amount", "state", "object_until", "decide_until", "settled_on"),
        sort="-month",
        sorts=("amount",),
        sections=(
            Section(_("Statement"), ("owner", "department", "month", "base", "amount", "state")),
            Section(_("Objection and decision"),
                    ("object_until", "confirmed_on", "objected_on", "objection", "decide_until", "note", "decided_by")),
            Section(_("Settlement"), ("settled_on", "settled_by", "entry")),
        ),
        headline=("owner", "month", "base", "amount"),
        overrides={
            "base": MONEY, "amount": MONEY, "owner": {"label": _("Person")}, "state": {"tones": STATES},
            "month": {"style": "month"},
        },
        relations=(Relation("lines", "targets.commissionline", "statement", _("Commission lines")),),
        finished={"f": "month", "op": "not_empty"},  # pay belongs to whoever earned it
        creatable=False,
        importable=False,
        custom=False,
        guard=never_changed,
        views=(
            View("all", _("All")),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
            View("draft", _("Drafts"), {"f": "state", "op": "is", "v": "draft"}, icon="pencil"),
            View("objected", _("Objections"), {"f": "state", "op": "is", "v": "objected"}, icon="hand-stop"),
            View("to_settle", _("To settle"), {"f": "state", "op": "in", "v": ["shown", "confirmed", "decided"]}, icon="clock"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=CommissionLine,
        title=_("Commission lines"),
        slug="commission-lines",
        icon="list",
        name_field="kind",
        columns=("dated_on", "owner", "receipt", "order", "line", "product", "grade", "base", "rate", "amount", "kind", "reason"),
        sort="-dated_on",
        sorts=("amount",),
        sections=(
            Section(_("Commission line"), ("statement", "owner", "kind", "base", "rate", "amount", "reason")),
            Section(_("Where it comes from"), ("dated_on", "receipt", "order", "line", "product", "grade", "plan")),
        ),
        overrides={
            "base": MONEY, "amount": MONEY, "rate": {"kind": "percent"}, "owner": {"label": _("Person")},
            "kind": {"tones": {"computed": "gray", "difference": "amber", "adjustment": "purple"}},
        },
        slots={"order": "line", "base": "left", "rate": "mid", "amount": "right", "kind": "tag1"},
        hidden=("share",),
        finished=HISTORY,
        creatable=False,
        importable=False,
        custom=False,
        guard=never_changed,
    )
)  # fmt: skip
history("targets.commissionrate", "person")

SETTLING = [*READ, "export", "settle"]
for label in ("targets.statement", "targets.commissionline"):
    grant(label, READ, "own")
    grant(label, [*READ, "export"], "tree", to=("store-manager", "supervisor"))
    grant(label, SETTLING, to=("finance",))
    grant(label, [*READ, "export"], to=("supervision",))
grant("targets.commissionplan", READ, to=WORKING)
grant("targets.commissionplan", ["*"], to=("finance",))
