"""Which price holds for a customer, why, and what speaks against asking less (SALE-07, PROD-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.catalog.models import Product, Treatment
from guanxi.customers.models import Account, Channel
from guanxi.formats.money import plain
from guanxi.kernel import clock
from guanxi.offers.models import DiscountAuthority, PriceItem, PriceList

ZERO, HUNDRED = Decimal(0), Decimal(100)
RULE = gettext_lazy(
    "Of the lists in force that hold for the customer’s channel, class and department, the one with the highest priority wins; "
    "of equal ones the one made for fewer customers, then the later one. In a list the highest quantity reached counts. "
    "Without a list the product’s own price holds."
)


@dataclass(frozen=True)
class Price:
    """`item` is None where no list speaks of the product and its own price holds."""

    price: Decimal
    lowest: Decimal | None = None
    item: PriceItem | None = None

    @property
    def why(self) -> str:
        """Which list, for whom, set by whom and since when."""
        if self.item is None:
            return _("No price list holds for this customer: the product’s own price.")
        held = self.item.price_list
        parts = [_("Price list “%(name)s”, priority %(n)d") % {"name": held.name, "n": held.priority}]
        parts += [_("for %(whom)s") % {"whom": "、".join(told)}] if (told := holds_for(held)) else []
        if self.item.from_quantity:
            parts.append(_("from quantity %(n)s") % {"n": plain(self.item.from_quantity)})
        since = {"day": held.valid_from, "who": self.item.set_by or held.set_by or "—"}
        return "；".join([*parts, _("since %(day)s, set by %(who)s") % since])


def holds_for(held: PriceList) -> list[str]:
    """For whom a list holds, in words; nothing where it holds for everybody."""
    names = (
        dict(Channel.objects.filter(company_id=held.company_id).values_list("code", "name")) if held.channels else {}
    )
    told = [names.get(code, code) for code in held.channels]
    told += [_("class %(grade)s") % {"grade": grade} for grade in held.grades]
    return [*told, *([str(held.department)] if held.department else [])]


def price_for(
    account: Account, product: Product, quantity: Decimal, day: date | None = None, currency: str = "CNY"
) -> Price:
    """The price of one product for one customer."""
    return prices_for(account, [(product, quantity)], day, currency)[0]


def prices_for(
    account: Account, wanted: Sequence[tuple[Product, Decimal]], day: date | None = None, currency: str = "CNY"
) -> list[Price]:
    """The same for many products at once: one query over the lists."""
    ids = {product.pk for product, _quantity in wanted}
    items = list(_items(account, day or clock.today(), currency).filter(product__in=ids)) if ids else []
    items.sort(key=_weight, reverse=True)
    return [_pick(product, quantity, items) for product, quantity in wanted]


def _items(account: Account, day: date, currency: str) -> QuerySet[Any]:
    """The items of all lists in force on a day that hold for the customer."""
    channel, home = account.channel, account.department
    of_channel = Q(price_list__channels="")
    if channel is not None:
        of_channel |= Q(price_list__channels__contains=f"|{channel.code}|")
    of_grade = Q(price_list__grades="")
    if account.grade:
        of_grade |= Q(price_list__grades__contains=f"|{account.grade}|")
    above = [int(part) for part in home.path.strip("/").split("/")] if home is not None else []
    return (  # type: ignore[no-any-return]
        PriceItem.objects.filter(
            of_channel, of_grade,
            Q(price_list__department=None) | Q(price_list__department__in=above),
            Q(price_list__valid_to=None) | Q(price_list__valid_to__gte=day),
            company_id=account.company_id, price_list__deleted_at=None, price_list__is_active=True,
            price_list__currency=currency, price_list__valid_from__lte=day,
        )
        .select_related("price_list__department", "price_list__set_by", "set_by")
        .order_by("pk")
    )  # fmt: skip


def _weight(item: PriceItem) -> tuple[Any, ...]:
    """What decides between lists; see RULE."""
    held = item.price_list
    narrow = bool(held.channels) + bool(held.grades) + (held.department_id is not None)
    return held.priority, narrow, held.valid_from, held.pk, item.from_quantity


def _pick(product: Product, quantity: Decimal, items: list[PriceItem]) -> Price:
    for item in items:
        if item.product_id == product.pk and item.from_quantity <= quantity:
            return Price(item.price, item.lowest_price, item)
    return Price(product.price)


# -- authority


@dataclass(frozen=True)
class Authority:
    """`up_to` is None where the company limits nobody."""

    up_to: Decimal | None
    below_lowest: bool = False


def authority_of(user: Any) -> Authority:
    """The widest authority of the person's roles; none of them named means none at all."""
    rows = list(DiscountAuthority.objects.filter(company_id=user.company_id))
    if not rows:
        return Authority(None)
    roles = set(user.roles.values_list("pk", flat=True))
    mine = [row for row in rows if row.role_id in roles]
    return Authority(max((row.up_to for row in mine), default=ZERO), any(row.below_lowest for row in mine))


def discount_of(line: Any, price: Price) -> Decimal:
    """How far a line lies below its list price, in percent: a lower price is a discount by another name."""
    if (price.item is None and line.product is None) or price.price <= 0:
        return Decimal(line.discount)
    below: Decimal = (price.price - line.unit_price) / price.price
    return max(ZERO, (HUNDRED * below).quantize(Decimal("0.01")))


def line_prices(account: Account, lines: Sequence[Any], day: date, currency: str) -> list[Price]:
    """The list price of each line of a document; a described item is its own list."""
    known = [line for line in lines if line.product is not None]
    found = dict(
        zip(
            map(id, known),
            prices_for(account, [(line.product, line.quantity) for line in known], day, currency),
            strict=True,
        )
    )
    return [found.get(id(line), Price(line.price or ZERO)) for line in lines]


def price_objections(document: Any, lines: Iterable[Any], actor: Any, day: date) -> list[str]:
    """What speaks against these prices on an order or a quote, measured by what the actor may do."""
    rows, found = list(lines), []
    authority, free = authority_of(actor), actor.may("sell_restricted", "catalog.product")
    for line, price in zip(rows, line_prices(document.account, rows, day, document.currency), strict=True):
        what = {"what": line.description or line.product}
        if line.product is not None and line.product.treatment == Treatment.RESTRICTED and not free:
            found.append(_("%(what)s is a restricted product.") % what)
        if price.lowest is not None and line.unit_price < price.lowest and not authority.below_lowest:
            words = _("%(what)s: %(price)s is below the lowest price of %(lowest)s.")
            found.append(words % {**what, "price": plain(line.unit_price), "lowest": plain(price.lowest)})
        given = discount_of(line, price)
        if authority.up_to is not None and given > authority.up_to:
            words = _("%(what)s: a discount of %(given)s%% is above your authority of %(most)s%%.")
            found.append(words % {**what, "given": plain(given), "most": plain(authority.up_to)})
    return found
