"""How customers buy: rhythm, basket, favourites, calendar pattern; and who promises more (ANLY-01, CLASS-11)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.profit import MONEY
from guanxi.insight.engine.ranking import CUTS, abc
from guanxi.insight.engine.store import Facts

if TYPE_CHECKING:
    import ibis.expr.types as ir

Calendar = Literal["weekday", "month"]
PROMISING_DAYS: Final = 90
YOUNG_DAYS: Final = 365


def rhythm(facts: Facts) -> ir.Table:
    """ANLY-01 per customer: customer_id, orders, days, average_order (amount per sale), interval_days.

    `days` counts distinct days with a sale; `interval_days` is the median gap between them, null with one day.
    """
    sales = facts.sales
    daily = sales.group_by(["customer_id", "ordered_on"]).aggregate(orders=sales.count(), amount=sales.amount.sum())
    previous = daily.ordered_on.lag().over(ibis.window(group_by="customer_id", order_by=daily.ordered_on))
    daily = daily.mutate(gap=daily.ordered_on.delta(previous, unit="day"))
    found = daily.group_by("customer_id").aggregate(
        orders=daily.orders.sum().cast("int64"),
        days=daily.count(),
        amount=daily.amount.sum().cast(MONEY),
        interval_days=daily.gap.median().cast("float64"),
    )
    average = (found.amount / found.orders).cast(MONEY)
    return found.select("customer_id", "orders", "days", "interval_days", average_order=average)


def favourites(facts: Facts, *, by: Literal["product_id", "category"] = "product_id", top: int = 3) -> ir.Table:
    """ANLY-01: customer_id, product_id or category, amount, quantity, share of the customer's amount, place 1..top.

    Net of returns; what was sent back altogether is no favourite.  Ties by the smaller key.
    """
    lines = facts.lines
    if by == "category":
        products = facts.tables["products"]
        lines = lines.left_join(products, "product_id").mutate(category=ibis._.category.fill_null(""))
    sums = lines.group_by(["customer_id", by]).aggregate(
        amount=lines.amount.sum().cast(MONEY), quantity=lines.quantity.sum().cast("decimal(18, 4)")
    )
    sums = sums.filter(sums.amount > 0)
    whole = sums.amount.sum().over(ibis.window(group_by="customer_id"))
    order = ibis.window(group_by="customer_id", order_by=[sums.amount.desc(), sums[by]])
    placed = sums.mutate(
        share=sums.amount.cast("float64") / whole.cast("float64"), place=ibis.row_number().over(order) + 1
    )
    return placed.filter(placed.place <= top)


def pattern(facts: Facts, *, step: Calendar = "weekday", per_customer: bool = False) -> ir.Table:
    """ANLY-01: sales by weekday (1 Monday .. 7 Sunday) or month (1..12): orders, amount, share of orders."""
    sales = facts.sales
    part = sales.ordered_on.day_of_week.index() + 1 if step == "weekday" else sales.ordered_on.month()
    sales = sales.mutate(part.cast("int8").name(step))
    keys = ["customer_id"] if per_customer else []
    found = sales.group_by([*keys, step]).aggregate(orders=sales.count(), amount=sales.amount.sum().cast(MONEY))
    whole = found.orders.sum().over(ibis.window(group_by=keys or None))
    return found.mutate(share=found.orders / whole)


def promising(facts: Facts, *, top_share: Decimal = Decimal("0.20"), cuts: tuple[Decimal, Decimal] = CUTS) -> ir.Table:
    """CLASS-11: customer_id, first_on, early_amount, place, peers: young customers who started like the best.

    Early amount = net amount of the first 90 days from the first sale.  Peers are all customers with a sale; a customer
    is promising when the first sale is less than 365 days old, the early amount is among the top `top_share` of the
    peers (ties by id), and the class by amount is not yet A.
    """
    sales = facts.sales
    started = sales.group_by("customer_id").aggregate(first_on=sales.ordered_on.min())
    orders = facts.orders.inner_join(started, "customer_id")
    # The age on the day of the order, so that a customer who is 30 days old is judged by 30 days.
    early = orders.filter(orders.ordered_on < orders.first_on + ibis.interval(days=PROMISING_DAYS))
    sums = early.group_by(["customer_id", "first_on"]).aggregate(early_amount=early.amount.sum().cast(MONEY))
    placed = sums.mutate(
        place=ibis.row_number().over(ibis.window(order_by=[sums.early_amount.desc(), sums.customer_id])) + 1,
        peers=sums.count().over(ibis.window()),
    )
    young = facts.as_of - timedelta(days=YOUNG_DAYS)
    known = abc(facts, cuts=cuts).select("customer_id", "abc")
    found = placed.inner_join(known, "customer_id")
    permille = int(top_share * 1000)
    found = found.filter(found.first_on > young, found.place * 1000 <= found.peers * permille, found.early_amount > 0)
    return found.filter(found.abc != "A").drop("abc")
