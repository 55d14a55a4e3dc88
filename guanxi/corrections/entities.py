"""Corrections and the rules on them in lists, filters, export and the API; who may see and set what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.corrections.models import Correction, CorrectionRule
from guanxi.corrections.services import check_rule, never_changed
from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org.presets import READ, grant

register(
    Entity(
        model=Correction,
        title=_("Corrections of booked data"),
        slug="corrections",
        icon="history",
        name_field="title",
        columns=(
            "title", "field", "before", "after", "owner", "created_at", "customer", "label", "days", "in_closed",
            "approved_by", "reason",
        ),
        sort="-created_at",
        sorts=("dated_on", "days", "difference"),
        sections=(
            Section(_("Correction"), ("label", "title", "customer", "field", "before", "after", "difference")),
            Section(_("Who and when"), ("owner", "department", "created_at", "channel", "reason", "approved_by", "approval")),
            Section(_("Period"), ("dated_on", "days", "in_closed")),
        ),
        overrides={
            "owner": {"label": _("Changed by")},
            "created_at": {"label": _("Changed at")},
            "difference": {"kind": "money"},
        },
        slots={"field": "tag1", "customer": "line", "before": "left", "after": "mid"},
        hidden=("object_id",),
        search={"names": ("title", "customer")},
        creatable=False,
        importable=False,
        custom=False,
        guard=never_changed,
        finished={"f": "title", "op": "not_empty"},  # a trace belongs to whoever left it
        views=(
            View("all", _("All")),
            View("month", _("This month"), {"f": "created_at", "op": "period", "v": "this_month"}, icon="calendar"),
            View("closed", _("In closed months"), {"f": "in_closed", "op": "is", "v": True}, icon="lock"),
            View("bare", _("Without approval"), {"f": "approved_by", "op": "empty"}, icon="alert-triangle"),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=CorrectionRule,
        setting=True,
        title=_("Rules for corrections"),
        slug="correction-rules",
        icon="lock",
        name_field="label",
        columns=("label", "field", "from_days", "from_amount", "remark"),
        sections=(Section(_("Needs approval"), ("label", "field", "from_days", "from_amount", "remark")),),
        overrides={"from_amount": {"kind": "money"}},
        scoped=False,
        importable=False,
        custom=False,
        clean=check_rule,
    )
)

grant("corrections.correction", READ, "own")
grant("corrections.correction", [*READ, "export"], "tree", to=("store-manager", "supervisor"))
grant(
    "corrections.correction",
    [*READ, "export"],
    to=("finance", "business-department", "supervision", "audit-administrator"),
)
grant("corrections.correctionrule", READ)
grant("corrections.correctionrule", ["*"], to=("finance", "business-department"))
