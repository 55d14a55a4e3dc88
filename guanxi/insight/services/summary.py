"""The figures of the dashboard for one day and one reach, as plain JSON, computed by the engine away from requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from guanxi.insight.engine import profit, stages
from guanxi.insight.engine.late import ibis
from guanxi.insight.engine.store import Facts, months_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

TOP, RANKS, MONTHS, COHORTS = 11, 10, 24, 12
RECENCY = ((0, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, None))


@dataclass(frozen=True)
class Reach:
    """Ids of the accounts and orders somebody sees; None is the whole company."""

    accounts: list[int] | None = None
    orders: list[int] | None = None


def summarise(facts: Facts, profiles: ir.Table, reach: Reach, rules: stages.StageRules) -> dict[str, Any]:
    """All figures.  Money counts every visible order; figures of customers count live, visible accounts only."""
    money = _money_facts(facts, reach)
    people = _people_facts(money)
    known = money.tables["customers"].filter(lambda t: t.created_on <= facts.as_of).select("customer_id")
    own = profiles.semi_join(known.union(people.sales.select("customer_id"), distinct=True), "customer_id")
    found = {
        **_year(money, people),
        **_existing(money, profiles),
        **_classes(own),
        **_cycle(people, own, rules),
        **_profits(money),
        "compare": {name: _compare(people, name) for name in ("profit", "amount")},
        "cohorts": _cohorts(people),
    }
    plain: dict[str, Any] = _plain(found)
    return plain


def _money_facts(facts: Facts, reach: Reach) -> Facts:
    tables = dict(facts.tables)
    if reach.accounts is not None:
        tables["customers"] = tables["customers"].semi_join(_ids(reach.accounts, "customer_id"), "customer_id")
    if reach.orders is not None:
        ids = facts.con.create_table(ibis.util.gen_name("seen"), _ids(reach.orders, "order_id"), temp=True)
        for name in ("orders", "lines"):
            narrowed = tables[name].semi_join(ids, "order_id")
            tables[name] = facts.con.create_table(ibis.util.gen_name(name), narrowed, temp=True)
    return replace(facts, tables=tables)


def _people_facts(money: Facts) -> Facts:
    """Only orders of accounts that are on file and in sight: a list of customers can show no others."""
    known = money.tables["customers"].select("customer_id")
    tables = {name: money.tables[name].semi_join(known, "customer_id") for name in ("orders", "lines")}
    return replace(money, tables={**money.tables, **tables})


def _ids(values: list[int], name: str) -> ir.Table:
    return ibis.memtable(pa.table({name: pa.array(values, pa.int64())}))


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    return list(table.to_pyarrow().to_pylist())


def year_of(day: date, back: int = 0) -> tuple[date, date]:
    """The twelve months up to `day`, or the same a number of years earlier: first and last day."""
    return months_before(day, 12 * (back + 1)) + timedelta(days=1), months_before(day, 12 * back)


def _year(money: Facts, people: Facts) -> dict[str, Any]:
    day, orders = money.as_of, money.orders
    columns: dict[str, ir.Value] = {}
    for name, back in (("now", 0), ("before", 1)):
        inside = orders.ordered_on.between(*year_of(day, back))
        columns[f"{name}_orders"] = inside.sum().fill_null(0)
        columns[f"{name}_amount"] = _sum(orders.amount, inside)
        columns[f"{name}_profit"] = _sum(orders.amount - orders.cost, inside)
    first, last = year_of(day)
    return {
        "customers": int(people.customers.count().to_pyarrow().as_py()),
        "year": _rows(orders.aggregate(**columns))[0],
        "repurchase": _rows(stages.repurchase(people, first=first, last=last))[0],
        "retention": _rows(stages.retention(people, first=first, last=last))[0],
    }


def _sum(value: ir.Value, where: ir.Value) -> ir.Value:
    return value.sum(where=where).fill_null(ibis.literal(0).cast(profit.MONEY)).cast(profit.MONEY)


def _existing(money: Facts, profiles: ir.Table) -> dict[str, Any]:
    """VALUE-05 per month and for the year so far.  Who exists is the company's knowledge, whoever looks."""
    started = profiles.select("customer_id", "first_on")
    table = profit.with_periods(money.orders).left_join(started, "customer_id")
    found: dict[str, Any] = {}
    for step in ("month", "year"):
        grouped = table.group_by(step).aggregate(
            amount=table.amount.sum().cast(profit.MONEY),
            existing=_sum(table.amount, table.first_on < table[step]),
        )
        rows = _rows(grouped.order_by(grouped[step].desc()).limit(MONTHS))
        found[step] = [{**row, "share": _share(row["existing"], row["amount"])} for row in reversed(rows)]
    return {"existing": found}


def _share(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 else None


def _classes(own: ir.Table) -> dict[str, Any]:
    abc: dict[str, Any] = {}
    for name in ("amount", "profit"):
        value = own[f"{name}_total"]
        rated = own.filter(own[f"abc_{name}"].notnull())
        groups = rated.group_by(letter=rated[f"abc_{name}"]).aggregate(
            customers=rated.count(), value=rated[f"{name}_total"].sum().cast(profit.MONEY)
        )
        top = own.filter(value > 0).order_by([value.desc(), own.customer_id]).limit(TOP)
        abc[name] = {
            "groups": sorted(_rows(groups), key=lambda row: str(row["letter"])),
            "top": _rows(top.select("customer_id", letter=own[f"abc_{name}"], value=value)),
        }
    cells = own.filter(own.r.notnull()).group_by(["r", "m"]).aggregate(customers=ibis._.count())
    counts = {f"n{low}": _within(own.recency_days, low, high).sum().fill_null(0) for low, high in RECENCY}
    numbers = _rows(own.aggregate(**counts, promising=own.promising.sum().fill_null(0)))[0]
    return {
        "abc": abc,
        "rfm": [[row["r"], row["m"], row["customers"]] for row in _rows(cells.order_by(["r", "m"]))],
        "recency": [numbers[f"n{low}"] for low, _high in RECENCY],
        "promising": numbers["promising"],
    }


def _within(value: ir.Value, low: int, high: int | None) -> ir.Value:
    return value >= low if high is None else value.between(low, high)


def _cycle(people: Facts, own: ir.Table, rules: stages.StageRules) -> dict[str, Any]:
    counts = own.group_by("stage").aggregate(customers=own.count())
    moves = stages.conversion(people, since=months_before(people.as_of, 12), rules=rules)
    return {
        "stages": {row["stage"]: row["customers"] for row in _rows(counts)},
        "conversion": [
            [row["stage_before"], row["stage_after"], row["customers"], row["rate"]] for row in _rows(moves)
        ],
    }


def _profits(money: Facts) -> dict[str, Any]:
    """VALUE-01 over all customers in reach: by month, year, product and order."""
    found: dict[str, Any] = {}
    for step, limit in (("month", MONTHS), ("year", 10)):
        table = profit.contribution(money, step)
        found[step] = _rows(table.order_by(table[step].desc()).limit(limit))[::-1]
    for key in ("product_id", "order_id"):
        table = profit.contribution(money, key)
        for measure in ("profit", "amount"):
            best = table.order_by([table[measure].desc(), table[key]]).limit(TOP - 1)
            found[f"{key}_{measure}"] = _rows(best)
    return {"profit": found}


def _compare(people: Facts, measure: profit.Measure) -> list[dict[str, Any]]:
    first, last = year_of(people.as_of)
    table = profit.compare(people, first=first, last=last, measure=measure)
    return _rows(table.filter(table["rank"].notnull()).order_by("rank").limit(RANKS))


def _cohorts(people: Facts) -> list[dict[str, Any]]:
    """The last twelve months of first sales: start, size and who bought again after 1..11 months."""
    since = months_before(people.as_of.replace(day=1), COHORTS - 1)
    table = stages.cohorts(people)
    grouped: dict[date, dict[str, int]] = {}
    for row in _rows(table.filter(table.cohort >= since)):
        grouped.setdefault(row["cohort"], {})[str(row["offset"])] = row["customers"]
    return [{"start": start, "active": active} for start, active in sorted(grouped.items())]


def extended(facts: Facts, profiles: ir.Table, promising: ir.Table) -> ir.Table:
    """The engine's profile and what lists show besides: profit of 12 months, RFM as one number, promising."""
    orders = facts.orders.filter(facts.orders.ordered_on > months_before(facts.as_of, 12))
    recent = orders.group_by("customer_id").aggregate(
        profit_12m=(orders.amount.sum() - orders.cost.sum()).cast(profit.MONEY)
    )
    early = promising.select("customer_id", promising=ibis.literal(True))
    both = profiles.left_join(recent, "customer_id").drop("customer_id_right")
    both = both.left_join(early, "customer_id").drop("customer_id_right")
    return both.mutate(
        profit_12m=both.profit_12m.fill_null(ibis.literal(0).cast(profit.MONEY)),
        promising=both.promising.fill_null(False),
        rfm=(both.r.cast("int16") * 100 + both.f.cast("int16") * 10 + both.m.cast("int16")).cast("int16"),
    )


def _plain(value: Any) -> Any:
    """Money and days as text, so that a JSON column keeps them exactly."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
