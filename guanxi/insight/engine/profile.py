"""One row per customer with everything lists, segments and rules ask about, built in stages and written to Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pyarrow.parquet as pq

from guanxi.insight.engine import ranking
from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.schema import SALE
from guanxi.insight.engine.stages import POTENTIAL, STANDARD, StageRules, stage_of
from guanxi.insight.engine.store import Facts, months_before

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

MONEY: Final = "decimal(18, 2)"


@dataclass(frozen=True)
class Options:
    """What a company may set about its profile."""

    window_months: int | None = None  # of RFM; None is since the first deal
    cuts: tuple[Decimal, Decimal] = ranking.CUTS
    rules: StageRules = STANDARD

    def __post_init__(self) -> None:
        if not 0 <= self.cuts[0] <= self.cuts[1] <= 1:
            raise ValueError("cut-offs rise and lie between 0 and 1")


@contextmanager
def scores(facts: Facts, *, options: Options = Options()) -> Iterator[ir.Table]:
    """Only the scores, staged: customer_id, amount and profit (minor units), r, f, m, abc_amount, abc_profit.

    Equal to `ranking.abc` and `ranking.rfm`; the table lives as long as the context.
    """
    with _kept(facts.con, ranking.values(facts, window_months=options.window_months)) as base:
        yield base.select("customer_id", "amount", "profit", **_scored(base, options))


@contextmanager
def profile(facts: Facts, *, options: Options = Options()) -> Iterator[ir.Table]:
    """Every customer with dealings or an opened account; the table lives as long as the context.

    customer_id, orders, first_on, last_on, recency_days, interval_days (mean gap between sales), amount_12m,
    amount_total, profit_total, r, f, m, abc_amount, abc_profit, stage.  Money is DECIMAL(18, 2), net of returns.
    Scores are null without a sale in the RFM window, classes without dealings.
    """
    with _kept(facts.con, _base(facts, options)) as base:
        yield _columns(base, facts, options)


def write_profile(facts: Facts, target: Path, *, options: Options = Options()) -> int:
    """Write the profile to one Parquet file, whole or not at all; returns the number of customers."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    with profile(facts, options=options) as table:
        table.to_parquet(draft)
    draft.replace(target)
    return int(pq.read_metadata(target).num_rows)


def _base(facts: Facts, options: Options) -> ir.Table:
    """One pass over the orders; everything later works on one narrow row per customer."""
    orders, day = facts.orders, facts.as_of
    sold = orders.status == SALE
    loyal_since = months_before(day, options.rules.loyal_months)
    return orders.group_by("customer_id").aggregate(
        **ranking.measures(facts, window_months=options.window_months),
        all_orders=orders.count(where=sold),
        first_on=orders.ordered_on.min(where=sold),
        last_on=orders.ordered_on.max(where=sold),
        loyal_orders=orders.count(where=sold & (orders.ordered_on > loyal_since)),
        year_amount=ranking.cents(orders.amount.sum(where=orders.ordered_on > months_before(day, 12))),
    )


def _scored(base: ir.Table, options: Options) -> dict[str, ir.Value]:
    """The five scores as expressions whose cut points are literals."""
    who = base.customer_id
    buyers = base.filter(base.orders > 0)
    found: dict[str, ir.Value] = {}
    for name, column, bucket in (
        ("r", "last_day", ranking.FEW),
        ("f", "orders", ranking.FEW),
        ("m", "spent", ranking.MANY),
    ):
        quintile = ranking.score(base[column], who, ranking.rank_cuts(buyers, column, bucket))
        found[name] = ibis.ifelse(base.orders > 0, quintile, None)
    for column in ("amount", "profit"):
        cuts = ranking.share_cuts(base, column, cuts=options.cuts, clip=column == "profit")
        found[f"abc_{column}"] = ranking.letter(base[column], who, cuts)
    return found


def _columns(base: ir.Table, facts: Facts, options: Options) -> ir.Table:
    recency = ibis.literal(facts.as_of).delta(base.last_on, unit="day").cast("int32")
    span = base.last_on.delta(base.first_on, unit="day")
    found = base.select(
        "customer_id",
        "first_on",
        "last_on",
        orders=base.all_orders,
        recency_days=recency,
        interval_days=ibis.ifelse(base.all_orders > 1, span / (base.all_orders - 1), None),
        amount_12m=_money(base.year_amount.fill_null(0)),
        amount_total=_money(base.amount),
        profit_total=_money(base.profit),
        stage=stage_of(base.all_orders, base.loyal_orders, recency, options.rules),
        **_scored(base, options),
    )
    opened = facts.tables["customers"]
    opened = opened.filter(opened.created_on <= facts.as_of).anti_join(base, "customer_id")
    blank = {name: ibis.null(kind) for name, kind in found.schema().items()}
    zero = {"orders": ibis.literal(0, type="int64"), "stage": ibis.literal(POTENTIAL)}
    money = {name: _money(zero["orders"]) for name in ("amount_12m", "amount_total", "profit_total")}
    return found.union(opened.select(**(blank | zero | money | {"customer_id": opened.customer_id})))


def _money(minor: ir.IntegerValue) -> ir.DecimalValue:
    return (minor.cast("decimal(18, 2)") / 100).cast(MONEY)


@contextmanager
def _kept(con: Backend, table: ir.Table) -> Iterator[ir.Table]:
    """The table, computed once, for as long as it is needed."""
    name = f"kept_{uuid4().hex}"
    kept = con.create_table(name, table, temp=True)
    try:
        yield kept
    finally:
        con.drop_table(name)
