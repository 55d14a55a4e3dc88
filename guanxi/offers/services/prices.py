"""Setting prices and authority: who set them is kept; a new company gets the usual authority (SALE-07, PROD-04)."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Grade
from guanxi.formats.world import CURRENCIES
from guanxi.kernel import context
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.models import Company
from guanxi.offers.models import DiscountAuthority, PriceItem, PriceList
from guanxi.org.models import Role
from guanxi.org.services import furnishes

# Role, discount up to, below the lowest price.
AUTHORITY = (
    ("representative", 5, False),
    ("direct-sales", 5, False),
    ("service-specialist", 3, False),
    ("store-manager", 10, False),
    ("supervisor", 15, False),
    ("business-department", 30, False),
    ("finance", 30, False),
    ("owner", 100, True),
)


@furnishes
def seed_authority(company: Company) -> None:
    """Give a company without any discount authority the usual one."""
    if DiscountAuthority.everything.filter(company=company).exists():
        return
    roles = {role.code: role for role in Role.objects.filter(company=company)}
    for code, up_to, below in AUTHORITY:
        if code in roles:
            DiscountAuthority(company=company, role=roles[code], up_to=Decimal(up_to), below_lowest=below).save()


def check_list(held: PriceList) -> None:
    """Before saving: known classes and currency; whoever saves has set it."""
    if unknown := set(held.grades) - set(Grade.values):
        raise Invalid({"grades": [_("There is no class %(name)s.") % {"name": "、".join(sorted(unknown))}]})
    if held.currency not in dict(CURRENCIES):
        raise Invalid({"currency": [_("This currency is not known.")]})
    held.set_by_id = context.origin().actor_id or held.set_by_id


def check_item(item: PriceItem) -> None:
    """Whoever saves has set it."""
    if item.price is None:
        raise Refused(_("Say what it costs."), field="price")
    item.set_by_id = context.origin().actor_id or item.set_by_id
