"""Profit contribution, its comparison across customers and time, and revenue from existing customers (VALUE-01/02/05)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.store import Facts, months_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

Step = Literal["month", "year"]
Measure = Literal["amount", "profit"]
DIMENSIONS: Final = ("customer_id", "order_id", "product_id", "month", "year")
MONEY: Final = "decimal(18, 2)"


def contribution(facts: Facts, *by: str) -> ir.Table:
    """VALUE-01: amount, cost, profit, share of all profit, by any of DIMENSIONS; overall without any.

    Net of returns, since the first deal.  By product from the order lines, else from the orders.  `month` and `year`
    are the first day of the period.  `share` is null where the total profit is not positive.
    """
    unknown = set(by) - set(DIMENSIONS)
    if unknown:
        raise ValueError(f"not a dimension: {sorted(unknown)}")
    table = with_periods(facts.lines if "product_id" in by else facts.orders)
    found = _sums(table, list(by))
    total = found.profit.sum().over(ibis.window())
    return found.mutate(share=_share(found.profit, total))


def compare(facts: Facts, *, first: date, last: date, measure: Measure = "profit", by: str = "customer_id") -> ir.Table:
    """VALUE-02: every customer (or product) in first..last against the others and against the same days last year.

    Columns: the key, now, last_year, change, share, rank, rank_last_year, rank_change (positive = climbed).  Rank 1 is
    the largest, ties by id; who had no dealings in a period has no rank in it.
    """
    now = _period(facts, first, last, measure, by)
    before = _period(facts, months_before(first, 12), months_before(last, 12), measure, by)
    before = before.select(key="key", last_year="value", rank_last_year="rank")
    both = now.outer_join(before, "key")
    zero = ibis.literal(0).cast(MONEY)
    value, earlier = both.value.fill_null(zero), both.last_year.fill_null(zero)
    found = both.select(
        key=ibis.coalesce(both.key, both.key_right),
        now=value,
        last_year=earlier,
        change=(value - earlier).cast(MONEY),
        share=_share(value, value.sum().over(ibis.window())),
        rank=both.rank,
        rank_last_year=both.rank_last_year,
        rank_change=both.rank_last_year - both.rank,
    )
    return found.rename({by: "key"})


def trend(facts: Facts, *, step: Step = "year") -> ir.Table:
    """VALUE-02 over time: customer_id, step, amount, cost, profit, share, rank, last_year, rank_change.

    Share and rank are within the period; last_year is the profit of the same period a year earlier.
    """
    found = contribution(facts, "customer_id", step).drop("share")
    within = found.mutate(
        share=_share(found.profit, found.profit.sum().over(ibis.window(group_by=found[step]))),
        rank=_rank(found.profit, found.customer_id, found[step]),
    )
    earlier = within.select("customer_id", "rank", **{step: within[step], "last_year": within.profit})
    earlier = earlier.mutate(**{step: (earlier[step] + ibis.interval(years=1)).cast("date")})
    earlier = earlier.rename(rank_before="rank")
    both = within.left_join(earlier, ["customer_id", step])
    return both.mutate(rank_change=both.rank_before - both.rank).drop(
        "customer_id_right", f"{step}_right", "rank_before"
    )


def existing_share(facts: Facts, *, step: Step = "month") -> ir.Table:
    """VALUE-05: per period the amount of all, of existing customers, and the share (null without a positive total).

    A customer exists for a period when the first sale was before its first day.
    """
    sales = facts.sales
    started = sales.group_by("customer_id").aggregate(first_on=sales.ordered_on.min())
    table = with_periods(facts.orders).left_join(started, "customer_id")
    zero = ibis.literal(0).cast(MONEY)
    found = table.group_by(step).aggregate(
        amount=table.amount.sum().cast(MONEY),
        existing=table.amount.sum(where=table.first_on < table[step]).fill_null(zero).cast(MONEY),
    )
    return found.mutate(share=_share(found.existing, found.amount)).order_by(step)


def with_periods(table: ir.Table) -> ir.Table:
    return table.mutate(month=table.ordered_on.truncate("M"), year=table.ordered_on.truncate("Y"))


def _sums(table: ir.Table, by: list[str]) -> ir.Table:
    found = table.aggregate(
        by=by,
        amount=table.amount.sum().cast(MONEY),
        cost=table.cost.sum().cast(MONEY),
    )
    return found.mutate(profit=(found.amount - found.cost).cast(MONEY))


def _period(facts: Facts, first: date, last: date, measure: Measure, by: str) -> ir.Table:
    table = facts.lines if by == "product_id" else facts.orders
    sums = _sums(table.filter(table.ordered_on.between(first, last)), [by])
    sums = sums.select(key=sums[by], value=sums[measure])
    return sums.mutate(rank=_rank(sums.value, sums.key, None))


def _rank(value: ir.Value, key: ir.Value, group: ir.Value | None) -> ir.IntegerValue:
    order = ibis.window(group_by=group, order_by=[value.desc(), key])
    return ibis.row_number().over(order) + 1


def _share(part: ir.Value, total: ir.Value) -> ir.Value:
    """A ratio for the eye, taken once from exact sums."""
    return ibis.ifelse(total > 0, part.cast("float64") / total.cast("float64"), None)
