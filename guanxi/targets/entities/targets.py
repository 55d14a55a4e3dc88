"""Targets and who sets them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org.presets import READ, WORK, grant
from guanxi.targets.models import Target

register(
    Entity(
        model=Target,
        title=_("Sales targets"),
        slug="targets",
        icon="target",
        name_field="measure",
        columns=(
            "level",
            "owner",
            "team",
            "department",
            "measure",
            "period",
            "starts_on",
            "category",
            "product",
            "amount",
        ),
        sort="-starts_on",
        sorts=("amount",),
        sections=(
            Section(_("For whom"), ("level", "owner", "team", "department")),
            Section(_("What"), ("measure", "period", "starts_on", "amount", "category", "product", "remark")),
        ),
        overrides={"amount": {"kind": "money"}, "owner": {"label": _("Person")}},
        hidden=("key",),
        inline=("amount", "remark"),
        finished={"f": "starts_on", "op": "before", "v": "@today"},
        views=(
            View("all", _("All")),
            View("month", _("This month"), {"f": "starts_on", "op": "period", "v": "this_month"}, icon="calendar"),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)
grant("targets.target", READ, "own")
grant("targets.target", WORK, "tree", to=("store-manager", "supervisor"))
grant("targets.target", WORK, to=("business-department", "finance", "marketing"))
grant("targets.target", [*READ, "export"], to=("supervision",))
