"""Which products to offer and why: stand-ins, what goes along, what was bought before, what similar customers buy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product, ProductLink, Treatment
from guanxi.catalog.queries import linked, on_sale
from guanxi.customers.models import Account
from guanxi.formats.money import plain
from guanxi.kernel import clock
from guanxi.offers.models import Reaction
from guanxi.sales.models import COUNTED, Delivery, Order, OrderLine

YEAR = timedelta(days=365)
STRONG = 3  # of five: links from here on are worth a word
TOGETHER = 3  # orders in a year that must hold both
SHARE = Decimal("0.2")  # of the orders with the one product that also hold the other
SIMILAR = 3  # customers that must have bought it, so that nobody's purchases can be guessed
OFTEN = 2  # orders that make a habit
EACH = 4  # suggestions on one ground
LOOKED_AT = 1000  # lines of a product, orders of customers alike: more would say the same and take longer
QUIET = timedelta(days=30)  # after a refusal
Ground = Reaction.Ground


@dataclass(frozen=True)
class Suggestion:
    """A product, the ground to offer it on, and the reason in words."""

    product: Product
    ground: str
    why: str

    @property
    def promoted(self) -> bool:
        return self.product.treatment == Treatment.PROMOTED


def suggestions(account: Account, chosen: Iterable[int], user: Any) -> list[Suggestion]:
    """What to offer beside these products.  Restricted ones and what was refused of late are left out; promoted ones lead."""
    held = {product.pk: product for product in on_sale(user).filter(pk__in=list(chosen))}
    missing = [product for product in held.values() if product.out_of_stock]
    found = [*_stand_ins(missing, user), *_along(list(held.values()), user)]
    found += [*_before(account, user), *_similar(account, user)]
    barred = set(held) | _refused(account)
    kept: dict[int, Suggestion] = {}
    for one in found:
        if one.product.pk not in barred and one.product.treatment != Treatment.RESTRICTED:
            kept.setdefault(one.product.pk, one)
    return _fewer(list(kept.values()))


def _fewer(found: list[Suggestion]) -> list[Suggestion]:
    """The first of each ground, the grounds in their order."""
    groups: dict[str, list[Suggestion]] = defaultdict(list)
    for one in found:
        groups[one.ground].append(one)
    ordered = (sorted(groups[ground], key=lambda one: not one.promoted)[:EACH] for ground in Ground.values)
    return [one for group in ordered for one in group]


def _refused(account: Account) -> set[int]:
    """Nobody likes to be asked again the week after."""
    rows = Reaction.objects.filter(account=account, answer=Reaction.Answer.REFUSED, on__gt=clock.today() - QUIET)
    return set(rows.exclude(product=None).values_list("product", flat=True))


def _stand_ins(missing: list[Product], user: Any) -> list[Suggestion]:
    found = []
    for product in missing:
        for other, link in linked(product, user, ProductLink.Kind.SUBSTITUTE):
            if not other.out_of_stock:
                why = _("%(name)s is out of stock") % {"name": product.name}
                found.append(Suggestion(other, Ground.SUBSTITUTE, f"{why}；{link.note}" if link.note else why))
    return found


def _along(chosen: list[Product], user: Any) -> list[Suggestion]:
    """Declared links of strength 3 and more, then what orders of the last year hold together."""
    found = []
    for product in chosen:
        for other, link in linked(product, user, ProductLink.Kind.RELATED, ProductLink.Kind.ACCESSORY):
            if link.strength >= STRONG:
                words = {"kind": link.get_kind_display(), "name": product.name}
                found.append(Suggestion(other, Ground.RELATED, _("%(kind)s of %(name)s") % words))
    names = {product.pk: product.name for product in chosen}
    for first, second, both, share in together(list(names), user):
        words = {"n": str(both), "share": f"{share:.0%}", "name": names[first]}
        found.append(
            Suggestion(second, Ground.RELATED, _("In %(n)s orders (%(share)s) together with %(name)s") % words)
        )
    return found


def together(chosen: list[int], user: Any) -> list[tuple[int, Product, int, Decimal]]:
    """Products that counted orders of the last year hold beside the chosen ones: in at least 3 orders and 20 % of them."""
    found = []
    for first in chosen:
        newest = OrderLine.objects.filter(product=first).order_by("-pk").values_list("order", flat=True)[:LOOKED_AT]
        holding = list(_sales(user.company_id).filter(pk__in=set(newest)).values_list("pk", flat=True))
        if len(holding) < TOGETHER:
            continue
        rows = OrderLine.objects.filter(order__in=holding).exclude(product=first).exclude(product=None).order_by()
        counted = rows.values("product").annotate(n=Count("order", distinct=True)).filter(n__gte=TOGETHER)
        best = [(row["product"], row["n"]) for row in counted.order_by("-n", "product")[: EACH * 2]]
        there = {one.pk: one for one in on_sale(user).filter(pk__in=[pk for pk, _n in best])}
        shares = [(pk, n, Decimal(n) / len(holding)) for pk, n in best if pk in there]
        found += [(first, there[pk], n, share) for pk, n, share in shares if share >= SHARE]
    return found


def _sales(company_id: int) -> QuerySet[Any]:
    since = clock.today() - YEAR
    return Order.objects.filter(  # type: ignore[no-any-return]
        company_id=company_id, kind=Order.Kind.SALE, state__in=COUNTED, ordered_on__gt=since
    )


@dataclass(frozen=True)
class Habit:
    """What a customer buys again and again."""

    product: Product
    times: int
    last_on: date
    quantity: Decimal


def habits(accounts: list[int], user: Any) -> dict[int, list[Habit]]:
    """Products in at least two orders of the last two years, by customer, the most frequent first; the person's reach only."""
    orders = Order.objects.visible_to(user).filter(
        account__in=accounts, kind=Order.Kind.SALE, state__in=COUNTED, ordered_on__gt=clock.today() - 2 * YEAR
    )
    rows = OrderLine.objects.filter(order__in=orders).exclude(product=None).order_by()
    counted = list(
        rows.values("order__account", "product")
        .annotate(times=Count("order", distinct=True), last=Max("order__ordered_on"), sum=Sum("quantity"))
        .filter(times__gte=OFTEN)
        .order_by("-times", "-last", "product")
    )
    there = {one.pk: one for one in on_sale(user).filter(pk__in={row["product"] for row in counted})}
    found: dict[int, list[Habit]] = defaultdict(list)
    for row in counted:
        if row["product"] in there:
            each = (row["sum"] / row["times"]).quantize(Decimal("0.1"))
            found[row["order__account"]].append(Habit(there[row["product"]], row["times"], row["last"], each))
    return found


def _before(account: Account, user: Any) -> list[Suggestion]:
    found = []
    for one in habits([account.pk], user).get(account.pk, []):
        words = {"n": one.times, "day": one.last_on, "quantity": plain(one.quantity), "unit": one.product.unit}
        why = _("Bought %(n)s times, last on %(day)s, usually %(quantity)s %(unit)s") % words
        found.append(Suggestion(one.product, Ground.BEFORE, why.strip()))
    return found


def _similar(account: Account, user: Any) -> list[Suggestion]:
    """Customers of the same industry, or else channel, and class; at least three of them, none of it bought here this year."""
    if account.industry:
        alike, words = Q(account__industry=account.industry), account.get_industry_display()
    elif account.channel_id:
        alike, words = Q(account__channel=account.channel_id), str(account.channel)
    else:
        return []
    if account.grade:
        alike &= Q(account__grade=account.grade)
    sales = _sales(account.company_id)
    own = OrderLine.objects.filter(order__in=sales.filter(account=account)).exclude(product=None).values("product")
    newest = sales.filter(alike).exclude(account=account).order_by("-ordered_on", "-pk").values_list("pk", flat=True)
    rows = OrderLine.objects.filter(order__in=list(newest[:LOOKED_AT])).exclude(product=None).exclude(product__in=own)
    counted = (
        rows.order_by().values("product")
        .annotate(n=Count("order__account", distinct=True)).filter(n__gte=SIMILAR).order_by("-n", "product")[: EACH * 2]
    )  # fmt: skip
    numbers = {row["product"]: row["n"] for row in counted}
    there = {one.pk: one for one in on_sale(user).filter(pk__in=numbers)}
    return [
        Suggestion(
            there[pk], Ground.SIMILAR, _("%(n)s customers like this one (%(like)s) buy it") % {"n": n, "like": words}
        )
        for pk, n in numbers.items()
        if pk in there
    ]


# -- on the way of a delivery


@dataclass(frozen=True)
class Stop:
    """Deliveries of a day that go to one district, and customers there who are worth a call."""

    region: str
    deliveries: list[Delivery]
    nearby: list[Account]


def delivery_day(user: Any, day: date) -> list[Stop]:
    """What is planned for a day, by district, with the customers of the same district who get nothing then (SALE-13)."""
    rows = Delivery.objects.visible_to(user).filter(planned_on=day, state__in=ON_THE_WAY)
    rows = rows.exclude(order__account__region_code="").select_related("order__account")
    by_region: dict[str, list[Delivery]] = defaultdict(list)
    for one in rows.order_by("order__account__region_code", "pk")[:MOST_STOPS]:
        by_region[one.order.account.region_code].append(one)
    return [Stop(code, some, _nearby(code, some, user)) for code, some in by_region.items()]


ON_THE_WAY = (Delivery.State.PLANNED, Delivery.State.DISPATCHED)
MOST_STOPS = 100
MOST_NEAR = 10


def _nearby(region: str, deliveries: list[Delivery], user: Any) -> list[Account]:
    """Customers of the district who have bought before, the one longest without an order first."""
    rows = Account.objects.visible_to(user).filter(region_code=region, last_order_on__isnull=False)
    served = {one.order.account_id for one in deliveries}
    return list(rows.exclude(pk__in=served).order_by("last_order_on", "pk")[:MOST_NEAR])
