"""The condition behind each figure, in the common filter language, so that every number opens the rows it counts.

Facts of any day (who bought when, in which stage somebody was) are conditions on orders and hold for past days as
well; scores and classes are columns of the last refresh.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from guanxi.insight.engine.stages import DORMANT, FIRST, LOST, LOYAL, POTENTIAL, REPEAT, StageRules
from guanxi.insight.engine.store import months_before
from guanxi.sales.models import COUNTED

Where = dict[str, Any]
DAY = timedelta(days=1)


def atom(field: str, op: str, value: Any = None) -> Where:
    if isinstance(value, date):
        value = value.isoformat()
    return {"f": field, "op": op, "v": value}


def both(*conditions: Where) -> Where:
    return {"all": [one for one in conditions if one]}


def within(field: str, first: date | None, last: date) -> Where:
    """A day from `first` to `last`, both included."""
    if first is None:
        return atom(field, "before", last + DAY)
    return {"f": field, "op": "between", "v": [first.isoformat(), last.isoformat()]}


# -- orders


def counted(first: date | None, last: date, *more: Where) -> Where:
    """Orders and returns that count as revenue within these days."""
    return both(atom("state", "in", [str(state) for state in COUNTED]), within("ordered_on", first, last), *more)


def from_existing(first: date, last: date) -> Where:
    """VALUE-05: of them those of customers who had bought before the first day."""
    return counted(first, last, atom("account.first_order_on", "before", first))


def with_product(last: date, product_id: int) -> Where:
    line = atom("product", "is", product_id) if product_id else atom("product", "empty")
    return counted(None, last, {"has": "lines", "where": line})


# -- accounts


def bought(first: date | None, last: date, **count: int) -> Where:
    """Accounts with a sale (or, `gte=2` or `is_=0`, that many) within these days."""
    sale = counted(first, last, atom("kind", "is", "sale"))
    numbers = {word.rstrip("_"): number for word, number in count.items()} or {"gte": 1}
    return {"has": "orders", "where": sale, "count": numbers}


def known(day: date) -> Where:
    """On file on that day, or a customer already."""
    return {"any": [atom("created_at", "before", day + DAY), bought(None, day)]}


def silent_for(day: date, low: int, high: int | None) -> Where:
    """Days between the last purchase and `day`."""
    first = None if high is None else day - timedelta(days=high)
    return both(bought(first, day - timedelta(days=low)), bought(day - timedelta(days=low) + DAY, day, is_=0))


def stage_on(stage: str, day: date, rules: StageRules) -> Where:
    """LIFE-01: the accounts in a stage on any day, told from their orders."""
    awake = day - timedelta(days=rules.dormant_days) + DAY
    alive = day - timedelta(days=rules.lost_days) + DAY
    loyal_since = months_before(day, rules.loyal_months) + DAY
    loyal = bought(loyal_since, day, gte=rules.loyal_orders)
    few = bought(loyal_since, day, lt=rules.loyal_orders)
    return {
        POTENTIAL: both(atom("created_at", "before", day + DAY), bought(None, day, is_=0)),
        FIRST: both(bought(awake, day), bought(None, day, is_=1)),
        REPEAT: both(bought(awake, day), bought(None, day, gte=2), few),
        LOYAL: both(bought(awake, day), loyal),
        DORMANT: both(bought(alive, day), bought(awake, day, is_=0)),
        LOST: both(bought(None, day), bought(alive, day, is_=0)),
    }[stage]


def cohort(start: date, offset: int, day: date) -> Where:
    """Customers whose first sale fell into the month `start` and who bought `offset` months later."""
    month = months_before(start, -offset)
    joined = both(bought(None, start - DAY, is_=0), bought(start, _last(start, day)))
    return joined if not offset else both(*joined["all"], bought(month, _last(month, day)))


def _last(month: date, day: date) -> date:
    return min(months_before(month, -1) - DAY, day)
