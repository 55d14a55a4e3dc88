"""Tier policies and credit rules: the matrix of what each class gets, and the credit of each standing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import CreditRule, TierPolicy
from guanxi.customers.services.tiers import keep_published, name_policies
from guanxi.kernel.entities import Entity, Section, View, register

MONEY, PERCENT = {"kind": "money"}, {"kind": "percent"}

register(
    Entity(
        model=TierPolicy,
        title=_("Tier policies"),
        slug="tier-policies",
        icon="layout-grid",
        columns=(
            "name", "grade", "effective_on", "published_at", "time_share", "contact_days", "discount_limit",
            "payment_days", "credit_factor", "delivery_priority", "dedicated_manager",
        ),
        sort="-effective_on",
        sections=(
            Section(_("Tier policy"), ("grade", "effective_on", "name", "published_at", "published_by")),
            Section(_("Time and contact"), ("time_share", "contact_days", "contact_way", "dedicated_manager")),
            Section(_("Service and supply"), ("service", "supply", "delivery_priority", "development")),
            Section(
                _("Price and settlement"), ("price", "discount_limit", "payment_days", "credit_factor", "promotion", "gifts")
            ),
        ),
        overrides={
            "grade": {"tones": {"A": "grade-a", "B": "grade-b", "C": "grade-c", "D": "grade-d"}, "style": "grade"},
            "time_share": PERCENT,
            "discount_limit": PERCENT,
        },
        prepare_many=name_policies,
        guard=keep_published,
        scoped=False,
        custom=False,
        importable=False,
        views=(
            View("all", _("All")),
            View("published", _("Published"), {"f": "published_at", "op": "not_empty"}, icon="circle-check"),
            View("drafts", _("Drafts"), {"f": "published_at", "op": "empty"}, icon="pencil"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=CreditRule,
        setting=True,
        title=_("Credit rules"),
        slug="credit-rules",
        icon="credit-card",
        name_field="standing",
        columns=("standing", "months", "floor", "ceiling", "tolerance_days"),
        sort="id",
        sections=(Section(_("Credit rule"), ("standing", "months", "floor", "ceiling", "tolerance_days")),),
        overrides={"floor": MONEY, "ceiling": MONEY},
        import_key=("standing",),
        scoped=False,
        custom=False,
    )
)
