"""Price lists with their prices, and discount authority; only finance sets them (PROD-04)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Channel, Grade
from guanxi.formats.world import CURRENCIES, read_currency
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.offers.models import DiscountAuthority, PriceItem, PriceList
from guanxi.offers.services import prices
from guanxi.org.access import sources
from guanxi.org.presets import READ, WORKING, grant

MONEY = {"kind": "money"}
CURRENCY: dict[str, Any] = {"kind": "choice", "choices": CURRENCIES, "other": read_currency}


def channels(company_id: int) -> Iterable[tuple[str, Any]]:
    """The channels of the company, by code."""
    return Channel.objects.filter(company_id=company_id).values_list("code", "name")  # type: ignore[no-any-return]


sources.add("customers.channel")  # pages keep what they are called


register(
    Entity(
        model=PriceList,
        title=_("Price lists"),
        slug="price-lists",
        icon="tags",
        columns=(
            "name",
            "currency",
            "valid_from",
            "valid_to",
            "channels",
            "grades",
            "department",
            "priority",
            "is_active",
        ),
        sort="-priority",
        sorts=("valid_from", "name"),
        sections=(
            Section(_("Price list"), ("name", "currency", "valid_from", "valid_to", "priority", "is_active")),
            Section(_("For whom"), ("channels", "grades", "department")),
            Section(_("Explanation"), ("explanation", "set_by")),
        ),
        overrides={
            "currency": CURRENCY,
            "channels": {"listed": channels},
            "grades": {"choices": tuple(Grade.choices)},
        },
        search={"names": ("name",)},
        import_key=("name",),
        scoped=False,
        custom=False,
        clean=prices.check_list,
        relations=(Relation("items", "offers.priceitem", "price_list", _("Prices")),),
        views=(
            View("in_force", _("In force"), {"f": "is_active", "op": "is", "v": True}, icon="circle-check"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=PriceItem,
        title=_("Prices"),
        slug="prices",
        icon="tag",
        name_field="product",
        columns=("price_list", "product", "from_quantity", "price", "lowest_price", "set_by", "updated_at"),
        sections=(Section(_("Price"), ("price_list", "product", "from_quantity", "price", "lowest_price", "set_by")),),
        overrides={"price": MONEY, "lowest_price": MONEY},
        inline=("from_quantity", "price", "lowest_price"),
        search={"names": ("product.name",)},
        scope_via="price_list",
        custom=False,
        clean=prices.check_item,
        import_key=("price_list", "product", "from_quantity"),
    )
)
register(
    Entity(
        model=DiscountAuthority,
        setting=True,
        title=_("Discount authority"),
        slug="discount-authority",
        icon="percentage",
        name_field="role",
        columns=("role", "up_to", "below_lowest"),
        sort="up_to",
        sections=(Section(_("Discount authority"), ("role", "up_to", "below_lowest")),),
        overrides={"up_to": {"kind": "percent"}},
        scoped=False,
        importable=False,
        custom=False,
    )
)
add_relation("catalog.product", Relation("prices", "offers.priceitem", "product", _("Prices")))

for label in ("offers.pricelist", "offers.priceitem", "offers.discountauthority"):
    scope = "" if label == "offers.priceitem" else "all"
    grant(label, READ, scope, to=WORKING)
    grant(label, ["*"], scope, to=("finance",))
