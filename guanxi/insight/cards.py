"""The charts and tables of the dashboard, each part with the link behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.customers.entities.accounts import STAGE_TONES
from guanxi.customers.models import Stage
from guanxi.formats.money import money, wan
from guanxi.insight.engine.stages import STAGES
from guanxi.insight.engine.store import months_before
from guanxi.insight.queries import links
from guanxi.insight.queries.links import atom, both
from guanxi.insight.services.options import TARGET
from guanxi.insight.services.summary import RECENCY, year_of
from guanxi.insight.shown import WAN, Board, Card, Cell, in_wan, percent
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity

SCALE = 5


def cards(board: Board) -> list[Card]:
    """In the order of the page; what the person may not see is left out."""
    makers: list[tuple[bool, Callable[[Board], Card]]] = [
        (True, _rfm),
        (board.sight.money, lambda b: _pareto(b, "amount", _("ABC by amount"))),
        (board.sight.profit, lambda b: _pareto(b, "profit", _("ABC by profit"))),
        (True, _letters),
        (True, _stages),
        (True, _conversion),
        (board.sight.money, _months),
        (board.sight.money, _existing_months),
        (board.sight.money, _compare),
        (board.sight.money, _products),
        (board.sight.money, _years),
        (board.sight.money, _best_orders),
        (True, _recency),
        (True, _loyalty),
        (True, _cohorts),
    ]
    return [make(board) for allowed, make in makers if allowed]


def _rfm(board: Board) -> Card:
    counts = {(r, m): n for r, m, n in board.summary["rfm"]}
    cells = [[x, y, counts.get((x + 1, y + 1), 0)] for y in range(SCALE) for x in range(SCALE)]
    hrefs = [board.scored(atom("r", "is", x + 1), atom("m", "is", y + 1)) for x, y, _n in cells]
    chart = {
        "kind": "heatmap",
        "x": [_("Long ago"), _("Rather long ago"), pgettext("recency", "Medium"), _("Rather recent"), _("Most recent")],
        "y": [_("Very low"), _("Rather low"), pgettext("amount", "Medium"), _("Rather high"), _("Very high")],
        "xName": _("Last purchase R"), "cells": cells, "links": hrefs, "unit": pgettext("unit", "customers"),
    }  # fmt: skip
    best = counts.get((5, 5), 0)
    told = _("%(n)s customers are best in recency and amount") % {"n": f"{best:,}"}
    return Card("rfm", _("RFM distribution"), _("recency and amount"), chart=chart, told=told)


def _pareto(board: Board, name: str, title: str) -> Card:
    """The best customers one by one; where they make less than half, the classes, or one bar would dwarf the rest."""
    found = board.summary["abc"][name]
    total = sum((max(Decimal(g["value"]), Decimal(0)) for g in found["groups"]), Decimal(0)) or Decimal(1)
    tones = {"A": "gold", "B": "blue"}
    labels, values, shares, colours, hrefs, run = [], [], [], [], [], Decimal(0)
    for row in found["top"]:
        pk = row["customer_id"]
        if name_ := board.names["accounts"].get(pk):
            run += Decimal(row["value"])
            labels.append(name_[:6])
            values.append(in_wan(row["value"]))
            shares.append(round(float(run / total * 100), 1))
            colours.append(tones.get(row["letter"], "gray"))
            hrefs.append(board.account(pk))
    if run * 2 < total:
        labels, values, shares, colours, hrefs = _class_bars(board, name, total)
    elif total > run:
        labels, values, shares = [*labels, _("Others")], [*values, in_wan(total - run)], [*shares, 100.0]
        colours, hrefs = [*colours, "gray"], [*hrefs, board.accounts()]
    series = [{"name": title, "data": values}, {"name": _("Cumulative %"), "data": shares}]
    chart = {
        "kind": "pareto", "labels": labels, "series": series, "tones": colours, "links": hrefs,
        "unit": _("10,000 yuan"), "threshold": {"value": 80, "label": "80%"},
    }  # fmt: skip
    top = sum(g["customers"] for g in found["groups"] if g["letter"] == "A")
    told = ngettext("%(n)s customer of class A", "%(n)s customers of class A", top) % {"n": f"{top:,}"}
    return Card(f"abc-{name}", title, told, "g8", chart, told)


def _class_bars(board: Board, name: str, total: Decimal) -> tuple[list[Any], ...]:
    """Per class its label, sum, cumulative share, colour and the customers behind it."""
    groups, run, shares = board.summary["abc"][name]["groups"], Decimal(0), []
    for group in groups:
        run += max(Decimal(group["value"]), Decimal(0))
        shares.append(round(float(run / total * 100), 1))
    labels = [_("Class %(letter)s, %(n)s") % {"letter": g["letter"], "n": f"{g['customers']:,}"} for g in groups]
    colours = [{"A": "gold", "B": "blue"}.get(g["letter"], "gray") for g in groups]
    hrefs = [board.scored(atom(f"abc_{name}", "is", g["letter"])) for g in groups]
    return labels, [in_wan(g["value"]) for g in groups], shares, colours, hrefs


def _letters(board: Board) -> Card:
    rows = []
    kinds = [("amount", _("by amount"))] + ([("profit", _("by profit"))] if board.sight.profit else [])
    for name, words in kinds:
        groups = board.summary["abc"][name]["groups"]
        total = sum((Decimal(g["value"]) for g in groups), Decimal(0))
        for group in groups:
            value, letter = Decimal(group["value"]), group["letter"]
            rows.append((
                Cell(f"{letter} · {words}", number=False),
                Cell(f"{group['customers']:,}", board.scored(atom(f"abc_{name}", "is", letter))),
                *([Cell(wan(value)), Cell(percent(float(value / total)) if total > 0 else "—")] if board.sight.money else []),
            ))  # fmt: skip
    head = ("", _("Customers"), *((_("Amount"), _("Share")) if board.sight.money else ()))
    return Card("letters", _("ABC classes"), _("since the first deal"), head=head, rows=tuple(rows))


def _stages(board: Board) -> Card:
    counts = [board.summary["stages"].get(stage, 0) for stage in STAGES]
    total = sum(counts) or 1
    where = [
        atom("stage", "is", stage) if board.is_current else links.stage_on(stage, board.day, board.rules)
        for stage in STAGES
    ]
    chart = {
        "kind": "hbar", "labels": [str(Stage(stage).label) for stage in STAGES],
        "series": [{"name": _("Customers"), "data": counts}], "tones": [STAGE_TONES[s] for s in STAGES],
        "rates": [percent(n / total) for n in counts], "links": [board.accounts(one) for one in where],
    }  # fmt: skip
    told = "、".join(f"{Stage(s).label} {n}" for s, n in zip(STAGES, counts, strict=True))
    return Card("stages", _("Life cycle"), chart=chart, told=told)


def _conversion(board: Board) -> Card:
    """LIFE-05: where the customers of a year ago are now."""
    since = months_before(board.day, 12)
    moves = {(old, new): (n, rate) for old, new, n, rate in board.summary["conversion"]}
    rows = []
    for old in STAGES:
        row = [Cell(str(Stage(old).label), number=False)]
        for new in STAGES:
            n, rate = moves.get((old, new), (0, None))
            where = both(links.stage_on(old, since, board.rules), links.stage_on(new, board.day, board.rules))
            row.append(Cell(f"{n:,} · {percent(rate)}", board.accounts(where)) if n else Cell("—"))
        rows.append(tuple(row))
    head = (_("from ↓ to →"), *(str(Stage(stage).label) for stage in STAGES))
    return Card(
        "conversion",
        _("Conversion in 12 months"),
        _("since %(day)s") % {"day": since},
        "g8",
        head=head,
        rows=tuple(rows),
    )


def _months(board: Board) -> Card:
    rows = board.summary["profit"]["month"]
    series: list[dict[str, Any]] = [{"name": _("Revenue"), "data": [in_wan(row["amount"]) for row in rows]}]
    if board.sight.profit:
        series.append(
            {"name": _("Profit"), "data": [in_wan(row["profit"]) for row in rows], "line": True, "tone": "green"}
        )
    firsts = [date.fromisoformat(row["month"]) for row in rows]
    hrefs = [board.orders(links.counted(first, min(_month_end(first), board.day))) for first in firsts]
    chart = {
        "kind": "bar", "labels": [f"{first:%y-%m}" for first in firsts], "series": series, "links": hrefs,
        "unit": _("10,000 yuan"),
    }  # fmt: skip
    told = _("latest month %(amount)s") % {"amount": wan(Decimal(rows[-1]["amount"])) if rows else "—"}
    return Card("months", _("Revenue and profit by month"), told, "g8", chart, told)


def _month_end(first: date) -> date:
    return months_before(first, -1) - timedelta(days=1)


def _existing_months(board: Board) -> Card:
    rows = board.summary["existing"]["month"][-12:]
    firsts = [date.fromisoformat(row["month"]) for row in rows]
    shares = [None if row["share"] is None else round(row["share"] * 100, 1) for row in rows]
    chart: dict[str, Any] = {
        "kind": "line", "labels": [f"{first:%y-%m}" for first in firsts], "max": 100,
        "series": [{"name": _("From existing customers"), "data": shares}],
        "links": [board.orders(links.from_existing(first, min(_month_end(first), board.day))) for first in firsts],
        "threshold": {"value": TARGET, "label": f"{TARGET}%"}, "unit": "%",
    }  # fmt: skip
    told = _("latest month %(share)s") % {"share": percent(rows[-1]["share"]) if rows else "—"}
    return Card(
        "existing", _("Share of existing customers"), _("target %(n)d%%") % {"n": TARGET}, chart=chart, told=told
    )


def _short(value: Any) -> str:
    """Amounts of a column that has little room: exact below 10,000."""
    amount = Decimal(value)
    return wan(amount) if abs(amount) >= WAN else money(amount)


def _money_cells(board: Board, row: dict[str, Any]) -> tuple[Cell, ...]:
    cells = (Cell(_short(row["amount"])),)
    return (*cells, Cell(_short(row["profit"])), Cell(percent(row["share"]))) if board.sight.profit else cells


def _money_head(board: Board) -> tuple[str, ...]:
    return (_("Revenue"), _("Profit"), _("Share")) if board.sight.profit else (_("Revenue"),)


def _years(board: Board) -> Card:
    rows = []
    for row in reversed(board.summary["profit"]["year"]):
        first = date.fromisoformat(row["year"])
        last = min(first.replace(month=12, day=31), board.day)
        rows.append((Cell(str(first.year), board.orders(links.counted(first, last)), False), *_money_cells(board, row)))
    return Card("years", _("By year"), head=(_("Year"), *_money_head(board)), rows=tuple(rows))


def _products(board: Board) -> Card:
    measure = board.sight.measure
    rows = board.summary["profit"][f"product_id_{measure}"]
    chart: dict[str, Any] = {
        "kind": "hbar",
        "labels": [board.names["products"].get(row["product_id"], _("Without product")) for row in rows],
        "series": [{"name": _("Profit") if board.sight.profit else _("Revenue"), "data": [in_wan(row[measure]) for row in rows]}],
        "links": [board.orders(links.with_product(board.day, row["product_id"])) for row in rows],
    }  # fmt: skip
    told = "、".join(chart["labels"][:3])
    return Card("products", _("Best products"), _("10,000 yuan"), chart=chart, told=told)


def _recency(board: Board) -> Card:
    labels = [_("over 365 days") if high is None else f"{low}–{high}" for low, high in RECENCY]
    chart = {
        "kind": "hbar", "labels": labels,
        "series": [{"name": _("Customers"), "data": board.summary["recency"]}],
        "links": [board.accounts(links.silent_for(board.day, low, high)) for low, high in RECENCY],
    }  # fmt: skip
    told = "、".join(f"{label} {n}" for label, n in zip(labels, board.summary["recency"], strict=True))
    return Card("recency", _("Days since the last purchase"), chart=chart, told=told)


def _best_orders(board: Board) -> Card:
    slug, rows = entity("sales.order").slug, []
    for row in board.summary["profit"][f"order_id_{board.sight.measure}"]:
        if number := board.names["orders"].get(row["order_id"]):
            rows.append((Cell(number, record_url(slug, row["order_id"]), False), *_money_cells(board, row)))
    return Card("orders", _("Best orders"), head=(_("Order"), *_money_head(board)), rows=tuple(rows))


def _compare(board: Board) -> Card:
    """VALUE-02: rank among all customers, and how it moved against the same days of last year."""
    rows = []
    for row in board.summary["compare"][board.sight.measure]:
        pk = row["customer_id"]
        if not (name := board.names["accounts"].get(pk)):
            continue
        climbed = row["rank_change"]
        moved = (
            pgettext("rank", "new")
            if climbed is None
            else f"↑{climbed}"
            if climbed > 0
            else f"↓{-climbed}"
            if climbed
            else "="
        )
        where = links.counted(*board.year, atom("account", "is", pk))
        rows.append((
            Cell(name, board.account(pk), False), Cell(str(row["rank"])), Cell(moved),
            Cell(_short(row["now"]), board.orders(where)), Cell(_short(row["last_year"])),
            Cell(_short(row["change"])), Cell(percent(row["share"])),
        ))  # fmt: skip
    hint = _("profit of 12 months") if board.sight.profit else _("revenue of 12 months")
    head = (_("Customer"), _("Rank"), _("Moved"), _("12 months"), _("Year before"), _("Difference"), _("Share"))
    return Card("compare", _("Customers compared"), hint, "g8", head=head, rows=tuple(rows))


def _loyalty(board: Board) -> Card:
    """LIFE-05 and CLASS-11 as plain numbers."""
    year, before = board.year, year_of(board.day, 1)
    again, kept = board.summary["repurchase"], board.summary["retention"]
    stayed = both(links.bought(*before), links.bought(*year))
    found = (
        (_("Bought in 12 months"), again["buyers"], None, board.accounts(links.bought(*year))),
        (_("Bought twice or more"), again["kept"], again["rate"], board.accounts(links.bought(*year, gte=2))),
        (_("Bought the year before"), kept["buyers"], None, board.accounts(links.bought(*before))),
        (_("of them again (retention)"), kept["kept"], kept["rate"], board.accounts(stayed)),
        (_("Promising new customers"), board.summary["promising"], None, board.scored(atom("promising", "is", True))),
    )
    rows = tuple(
        (Cell(words, number=False), Cell(f"{n:,}", href), Cell(percent(rate) if rate is not None else ""))
        for words, n, rate, href in found
    )
    return Card("loyalty", _("Retention and repurchase"), width="g8", head=("", _("Customers"), _("Rate")), rows=rows)


def _cohorts(board: Board) -> Card:
    rows = []
    for one in board.summary["cohorts"]:
        start, size = date.fromisoformat(one["start"]), one["active"].get("0", 0)
        row = [
            Cell(f"{start:%Y-%m}", number=False),
            Cell(f"{size:,}", board.accounts(links.cohort(start, 0, board.day))),
        ]
        for offset in range(1, 12):
            n = one["active"].get(str(offset), 0)
            href = board.accounts(links.cohort(start, offset, board.day))
            row.append(Cell(f"{n:,} · {percent(n / size)}", href) if n and size else Cell(""))
        rows.append(tuple(row))
    head = (_("Month of first purchase"), _("Customers"), *(f"+{n}" for n in range(1, 12)))
    return Card(
        "cohorts",
        _("Who comes back after the first purchase"),
        _("by month of the first purchase"),
        "g12",
        head=head,
        rows=tuple(rows),
    )
