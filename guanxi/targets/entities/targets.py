"""Targets and who sets them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org.holdings import Passing, holds, to_come
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


def _withdraw(target: Target, _passing: Passing) -> None:
    """Nobody inherits what somebody was to reach, least of all beside a target of their own; it can be restored."""
    target.deleted_at = clock.now()
    target.save(update_fields=["deleted_at"])


holds(
    "targets.target", "owner", _("Sales targets"), _withdraw, waiting=to_come("starts_on"), ends=True, personal=True,
)  # fmt: skip
grant("targets.target", READ, "own")
grant("targets.target", WORK, "tree", to=("store-manager", "supervisor"))
grant("targets.target", WORK, to=("business-department", "finance", "marketing"))
grant("targets.target", [*READ, "export"], to=("supervision",))
