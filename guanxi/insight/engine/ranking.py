"""ABC classes and RFM scores: the definition as window expressions, and the same result from cut points.

The window form is the definition and runs on every Ibis backend.  The staged form answers the same question without
sorting all customers: a histogram finds the bucket in which a boundary falls, only that bucket is looked into, and the
boundary (value, customer id) is then a literal of one pass.  Tests hold the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.schema import SALE
from guanxi.insight.engine.store import Facts, months_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

Ints = npt.NDArray[np.int64]
CUTS: Final = (Decimal("0.80"), Decimal("0.95"))
SCALE: Final = 10_000  # cut-offs have four decimals
QUINTILES: Final = 5
EPOCH: Final = date(1970, 1, 1)


class Cut(NamedTuple):
    """The last customer of a class in its order: the value and, among equals, the id."""

    value: int
    customer_id: int


def cents(money: ir.Value) -> ir.IntegerValue:
    """Money as whole minor units; sums and comparisons of integers are exact and fast."""
    # A sum is 128 bits wide; narrowed first, the rest is 64-bit arithmetic (a tenth of the whole refresh).
    return (money.cast("decimal(18, 2)") * 100).cast("int64")


def measures(facts: Facts, *, window_months: int | None = None) -> dict[str, ir.Value]:
    """What is added up per customer: amount and profit since ever; last_day, orders, spent in the RFM window.

    Money in minor units, the day as days since 1970; a window of N months is (as_of - N months, as_of].
    """
    orders = facts.orders
    sold, spent = orders.status == SALE, orders.amount.sum()
    if window_months:
        recent = orders.ordered_on > months_before(facts.as_of, window_months)
        sold, spent = sold & recent, orders.amount.sum(where=recent)
    return {
        "amount": cents(orders.amount.sum()),
        "profit": cents(orders.amount.sum() - orders.cost.sum()),
        "last_day": orders.ordered_on.max(where=sold).delta(EPOCH, unit="day").cast("int32"),
        "orders": orders.count(where=sold),
        "spent": cents(spent),
    }


def values(facts: Facts, *, window_months: int | None = None) -> ir.Table:
    """One row per customer: customer_id and the `measures`."""
    return facts.orders.group_by("customer_id").aggregate(**measures(facts, window_months=window_months))


# ---------------------------------------------------------------- definition


def abc(facts: Facts, *, by: str = "amount", cuts: tuple[Decimal, Decimal] = CUTS) -> ir.Table:
    """CLASS-02: customer_id, value (minor units), share, class by `amount` or `profit`.

    Customers by value, largest first, ties by id.  A while the cumulative share before the customer is under the first
    cut-off, B under the second, else C.  Profit below zero counts as zero; negative amounts stay and end in C; without a
    positive total all are C.
    """
    table = values(facts)
    value = table[by]
    if by == "profit":
        value = ibis.greatest(value, 0)
    table = table.select("customer_id", value=value)
    in_order = ibis.cumulative_window(order_by=[table.value.desc(), table.customer_id])
    table = table.mutate(
        before=table.value.sum().over(in_order).cast("int64") - table.value,
        total=table.value.sum().over(ibis.window()).cast("int64"),
    )
    first, second = (_threshold(table.total, cut) for cut in cuts)
    letter = ibis.cases((table.total <= 0, "C"), (table.before < first, "A"), (table.before < second, "B"), else_="C")
    share = ibis.ifelse(table.total > 0, table.value / table.total, 0.0)
    return table.select("customer_id", "value", share=share, abc=letter)


def _threshold(total: ir.IntegerValue, cut: Decimal) -> ir.IntegerValue:
    """The smallest integer not under cut x total, in 64 bits."""
    parts = int(cut * SCALE)
    return (total // SCALE * parts + (total % SCALE * parts + SCALE - 1) // SCALE).cast("int64")


def rfm(facts: Facts, *, window_months: int | None = None) -> ir.Table:
    """Recency, frequency, monetary: customer_id, recency_days, orders, spent (minor units), r, f, m (1..5, 5 best).

    ntile(5) over the value, ties by customer id; only customers with a sale in the window; spent is net of returns.
    """
    table = values(facts, window_months=window_months)
    table = table.filter(table.orders > 0)
    return table.select(
        "customer_id",
        "orders",
        "spent",
        recency_days=(facts.as_of - EPOCH).days - table.last_day,
        r=_quintile(table, table.last_day),
        f=_quintile(table, table.orders),
        m=_quintile(table, table.spent),
    )


def _quintile(table: ir.Table, value: ir.Value) -> ir.IntegerValue:
    place = ibis.ntile(QUINTILES).over(ibis.window(order_by=[value, table.customer_id]))
    return (place + 1).cast("int8")


# ---------------------------------------------------------------- staged


@dataclass(frozen=True)
class Bucket:
    """How values are bucketed: a bucket must never decrease when the value grows."""

    root: bool

    def of(self, value: ir.IntegerValue) -> ir.IntegerValue:
        if not self.root:
            return value
        # A correctly rounded root is monotone, and gives few buckets for cents and for millions alike.
        root = value.abs().cast("float64").sqrt().floor().cast("int64")
        return ibis.ifelse(value < 0, -root, root)


MANY = Bucket(root=True)  # money: nearly every value differs
FEW = Bucket(root=False)  # days and counts


def rank_cuts(table: ir.Table, column: str, bucket: Bucket) -> list[Cut]:
    """The last customer of the quintiles 1..4, ascending by (value, id)."""
    spread = _histogram(table, column, bucket)
    size = int(spread["n"].sum())
    if not size:
        return []
    upto = np.cumsum(spread["n"])
    edge, rest = divmod(size, QUINTILES)
    ends = [edge * k + min(k, rest) for k in range(1, QUINTILES)]
    ranks = np.array([end for end in ends if end > 0]) - 1
    found = np.searchsorted(upto, ranks, side="right")
    rows = _rows_of(table, column, bucket, spread["b"][found])
    cuts = []
    for rank, at in zip(ranks, found, strict=True):
        inside = rows["b"] == spread["b"][at]
        cuts.append(_nth(rows["v"][inside], rows["id"][inside], int(rank - upto[at] + spread["n"][at])))
    return cuts


def _nth(values_: Ints, ids: Ints, place: int) -> Cut:
    """The row at `place` by (value, id), by selection and not by sorting."""
    value = np.partition(values_, place)[place]
    ties = ids[values_ == value]
    left = place - int((values_ < value).sum())
    return Cut(int(value), int(np.partition(ties, left)[left]))


def share_cuts(table: ir.Table, column: str, *, cuts: tuple[Decimal, Decimal], clip: bool) -> list[Cut | None]:
    """The last customer of A and of B, descending by value, ascending by id; None when nobody is in the class."""
    spread = _histogram(table, column, MANY)
    positive = spread["b"] >= 0
    total = int(spread["s"][positive].sum() if clip else spread["s"].sum())
    if total <= 0:
        return [None, None]
    buckets, sums = spread["b"][positive][::-1], spread["s"][positive][::-1]
    upto = np.cumsum(sums)
    # The customer at whose end the running sum first reaches the threshold is the last one below it at their start.
    limits = [-(-total * int(cut * SCALE) // SCALE) for cut in cuts]
    found = np.searchsorted(upto, limits, side="left")
    rows = _rows_of(table, column, MANY, buckets[found])
    last: list[Cut | None] = []
    for limit, at in zip(limits, found, strict=True):
        inside = rows["b"] == buckets[at]
        value, ids = rows["v"][inside], rows["id"][inside]
        order = np.lexsort((ids, -value))
        running = np.cumsum(value[order]) + (upto[at] - sums[at])
        spot = order[np.searchsorted(running, limit, side="left")]
        last.append(Cut(int(value[spot]), int(ids[spot])) if limit > 0 else None)
    return last


def _histogram(table: ir.Table, column: str, bucket: Bucket) -> dict[str, Ints]:
    table = table.select(b=bucket.of(table[column]), v=table[column])
    found = table.group_by("b").aggregate(n=table.count(), s=table.v.sum().cast("int64")).order_by("b")
    return _arrays(found)


def _rows_of(table: ir.Table, column: str, bucket: Bucket, buckets: Ints) -> dict[str, Ints]:
    table = table.select(b=bucket.of(table[column]), v=table[column], id=table.customer_id)
    return _arrays(table.filter(table.b.isin(sorted({int(b) for b in buckets}))))


def _arrays(table: ir.Table) -> dict[str, Ints]:
    found = table.to_pyarrow()
    return {name: found[name].to_numpy().astype(np.int64, copy=False) for name in found.column_names}


def score(value: ir.IntegerValue, customer_id: ir.IntegerValue, cuts: list[Cut]) -> ir.IntegerValue:
    """1..5 from the cut points of `rank_cuts`."""
    result: ir.IntegerValue = ibis.literal(1, type="int8")
    for cut in cuts:
        after = (value > cut.value) | ((value == cut.value) & (customer_id > cut.customer_id))
        result = result + after.cast("int8")
    return result.cast("int8")


def letter(value: ir.IntegerValue, customer_id: ir.IntegerValue, cuts: list[Cut | None]) -> ir.StringValue:
    """A, B or C from the cut points of `share_cuts`."""
    branches = [
        ((value > cut.value) | ((value == cut.value) & (customer_id <= cut.customer_id)), name)
        for cut, name in zip(cuts, "AB", strict=True)
        if cut is not None
    ]
    return ibis.cases(*branches, else_="C") if branches else ibis.literal("C")
