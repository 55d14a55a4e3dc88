"""What customers said to something offered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.entities.rights import FILES
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.offers.models import Reaction
from guanxi.offers.services import reactions  # noqa: F401 -- registers its listener
from guanxi.org.presets import USE, WORKING, grant

ANSWERS = {"took": "green", "refused": "red", "later": "amber"}

register(
    Entity(
        model=Reaction,
        title=_("Reactions to offers"),
        slug="reactions",
        icon="message-report",
        name_field="answer",
        columns=("account", "product", "ground", "answer", "on", "note", "created_by"),
        sort="-on",
        scope_via="account",
        sections=(Section(_("Reaction"), ("account", "product", "ground", "answer", "on", "note")),),
        overrides={"answer": {"tones": ANSWERS}},
        search={"names": ("account.name", "product.name")},
        importable=False,
        custom=False,
        views=(
            View("all", _("All")),
            View("later", pgettext_lazy("customer", "Later"), {"f": "answer", "op": "is", "v": "later"}, icon="clock"),
            View(
                "refused",
                pgettext_lazy("customer", "Refused"),
                {"f": "answer", "op": "is", "v": "refused"},
                icon="thumb-down",
            ),
        ),
    )
)
add_relation("customers.account", Relation("reactions", "offers.reaction", "account", _("Reactions to offers")))

SELLERS = tuple(role for role in WORKING if role not in ("supervision", "block-administrator", "technology", "finance"))
for role in FILES:
    grant("offers.reaction", USE if role in SELLERS else ["view"], "", to=(role,))
