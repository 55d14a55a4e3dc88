"""How confirmed balances show up (ORDER-04)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.billing.models import Confirmation
from guanxi.billing.services.statements import check_confirmation
from guanxi.customers.entities.rights import FILES
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.presets import READ, USE, WORK, grant
from guanxi.sales.entities.orders import READERS

MONEY = {"kind": "money"}

register(
    Entity(
        model=Confirmation,
        title=_("Confirmed balances"),
        slug="confirmed-balances",
        icon="checklist",
        name_field="last",
        columns=("account", "first", "last", "balance", "theirs", "difference", "person", "confirmed_on"),
        sort="-last",
        scope_via="account",
        sections=(
            Section(_("Period"), ("account", "first", "last")),
            Section(_("Balance"), ("balance", "theirs", "difference", "person", "confirmed_on", "remark")),
        ),
        overrides={"balance": MONEY, "theirs": MONEY, "difference": MONEY},
        importable=False,
        clean=check_confirmation,
        views=(
            View("all", _("All")),
            View(
                "differing", _("With a difference"), {"f": "difference", "op": "is_not", "v": 0}, icon="alert-triangle"
            ),
        ),
    )
)
add_relation("customers.account", Relation("confirmations", "billing.confirmation", "account", _("Confirmed balances")))

for role in FILES:
    grant(
        "billing.confirmation",
        READ if role in (*READERS, "supervision") else WORK if role == "finance" else USE,
        "",
        to=(role,),
    )
