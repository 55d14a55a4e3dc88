"""Life-cycle stages from facts, how customers move between them, retention, repurchase and cohorts (LIFE-01, LIFE-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.schema import SALE
from guanxi.insight.engine.store import Facts, months_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

POTENTIAL: Final = "potential"
FIRST: Final = "first"
REPEAT: Final = "repeat"
LOYAL: Final = "loyal"
DORMANT: Final = "dormant"
LOST: Final = "lost"
STAGES: Final = (POTENTIAL, FIRST, REPEAT, LOYAL, DORMANT, LOST)


@dataclass(frozen=True)
class StageRules:
    """The thresholds; the regulation texts leave the loss period open (CHURN-01), so all are settings."""

    loyal_orders: int = 5
    loyal_months: int = 12
    dormant_days: int = 90
    lost_days: int = 180

    def __post_init__(self) -> None:
        if not (self.loyal_orders >= 2 and self.loyal_months >= 1 and 0 < self.dormant_days < self.lost_days):
            raise ValueError("loyal from 2 orders and 1 month; dormant before lost")


STANDARD: Final = StageRules()


def stage_of(
    orders: ir.IntegerValue, loyal_orders: ir.IntegerValue, recency_days: ir.IntegerValue, rules: StageRules
) -> ir.StringValue:
    """The stage from all sales, sales in the loyalty window and days since the last sale.

    Silence comes first: who has not bought for `lost_days` is lost, however loyal once.
    """
    return ibis.cases(
        (orders.isnull() | (orders == 0), POTENTIAL),
        (recency_days >= rules.lost_days, LOST),
        (recency_days >= rules.dormant_days, DORMANT),
        (loyal_orders >= rules.loyal_orders, LOYAL),
        (orders >= 2, REPEAT),
        else_=FIRST,
    )


def stages(facts: Facts, rules: StageRules = STANDARD) -> ir.Table:
    """LIFE-01: customer_id, stage for every customer known on the day."""
    since = months_before(facts.as_of, rules.loyal_months)
    sales = facts.sales
    counted = sales.group_by("customer_id").aggregate(
        orders=sales.count(),
        loyal_orders=(sales.ordered_on > since).sum(),
        last_on=sales.ordered_on.max(),
    )
    table = facts.customers.left_join(counted, "customer_id")
    recency = ibis.literal(facts.as_of).delta(table.last_on, unit="day")
    return table.select("customer_id", stage=stage_of(table.orders, table.loyal_orders, recency, rules))


def stage_counts(facts: Facts, rules: StageRules = STANDARD) -> ir.Table:
    """LIFE-01: stage, customers."""
    table = stages(facts, rules)
    return table.group_by("stage").aggregate(customers=table.count())


def conversion(facts: Facts, *, since: date, rules: StageRules = STANDARD) -> ir.Table:
    """LIFE-05: stage_before, stage_after, customers, rate (of those in stage_before on the day `since`)."""
    before = stages(facts.at(since), rules).rename(stage_before="stage")
    after = stages(facts, rules).rename(stage_after="stage")
    both = before.inner_join(after, "customer_id")
    moves = both.group_by(["stage_before", "stage_after"]).aggregate(customers=both.count())
    of_stage = moves.customers.sum().over(ibis.window(group_by=moves.stage_before))
    return moves.mutate(rate=moves.customers / of_stage)


def retention(facts: Facts, *, first: date, last: date) -> ir.Table:
    """LIFE-05, one row: buyers of the preceding period of equal length, how many bought again in first..last, rate."""
    earlier = first - (last - first) - (date.resolution)
    sales = facts.sales
    seen = sales.group_by("customer_id").aggregate(
        before=sales.ordered_on.between(earlier, first - date.resolution).any(),
        again=sales.ordered_on.between(first, last).any(),
    )
    return _rate(seen, before=seen.before, kept=seen.before & seen.again)


def repurchase(facts: Facts, *, first: date, last: date) -> ir.Table:
    """LIFE-05, one row: buyers in first..last, those of them with two sales or more in it, rate."""
    sales = facts.sales.filter(lambda t: t.ordered_on.between(first, last))
    counted = sales.group_by("customer_id").aggregate(orders=sales.count())
    return _rate(counted, before=counted.orders > 0, kept=counted.orders > 1)


def _rate(table: ir.Table, *, before: ir.BooleanValue, kept: ir.BooleanValue) -> ir.Table:
    found = table.aggregate(buyers=before.sum().fill_null(0), kept=kept.sum().fill_null(0))
    return found.mutate(rate=ibis.ifelse(found.buyers > 0, found.kept / found.buyers, None))


def cohorts(facts: Facts) -> ir.Table:
    """Customers by month of first sale: cohort (first of month), offset (months since), customers.

    A customer is active in a month with a sale in it; offset 0 is the size of the cohort.
    """
    orders = facts.orders
    month = orders.ordered_on.year() * 12 + orders.ordered_on.month() - 1
    active = orders.filter(orders.status == SALE).select("customer_id", month=month.cast("int32")).distinct()
    starts = active.group_by("customer_id").aggregate(start=active.month.min())
    both = active.inner_join(starts, "customer_id")
    both = both.select(both.start, offset=both.month - both.start)
    found = both.group_by(["start", "offset"]).aggregate(customers=both.count())
    cohort = ibis.date((found.start // 12).cast("int32"), (found.start % 12 + 1).cast("int32"), 1)
    return found.select("offset", "customers", cohort=cohort).order_by(["cohort", "offset"])
