"""The number strip of the dashboard."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.formats.money import wan
from guanxi.insight.queries import links
from guanxi.insight.services.options import TARGET
from guanxi.insight.shown import Board, Figure, change, percent


def figures(board: Board) -> list[Figure]:
    found = [_customers(board)]
    if board.sight.money:
        found.append(_year_figure(board, "amount", _("Revenue (12 months)")))
    if board.sight.profit:
        found.append(_year_figure(board, "profit", _("Profit (12 months)")))
    return [*found, *([_existing(board)] if board.sight.money else []), _repurchase(board)]


def _customers(board: Board) -> Figure:
    n, buyers = board.summary["customers"], board.summary["repurchase"]["buyers"]
    hint = _("%(n)s bought in 12 months") % {"n": f"{buyers:,}"}
    where = {} if board.is_current else links.known(board.day)
    return Figure(_("Customers"), f"{n:,}", pgettext("unit", "customers"), hint, href=board.accounts(where))


def _year_figure(board: Board, name: str, label: str) -> Figure:
    year = board.summary["year"]
    now, before = Decimal(year[f"now_{name}"]), Decimal(year[f"before_{name}"])
    hint = _("year before %(amount)s") % {"amount": wan(before)}
    return Figure(
        label, wan(now), "", hint, change(now, before), now >= before, board.orders(links.counted(*board.year))
    )


def _existing(board: Board) -> Figure:
    """VALUE-05 for the year so far."""
    first = board.day.replace(month=1, day=1)
    row = next((r for r in board.summary["existing"]["year"] if r["year"] == first.isoformat()), {"share": None})
    share = row["share"]
    good = share is not None and share * 100 >= TARGET
    state = "" if share is None else (_("on target") if good else _("below target"))
    hint = _("target %(percent)d%%, this year") % {"percent": TARGET}
    href = board.orders(links.from_existing(first, board.day))
    return Figure(_("From existing customers"), percent(share), "", hint, state, good, href)


def _repurchase(board: Board) -> Figure:
    row = board.summary["repurchase"]
    hint = _("%(kept)s of %(all)s buyers") % {"kept": f"{row['kept']:,}", "all": f"{row['buyers']:,}"}
    href = board.accounts(links.bought(*board.year, gte=2))
    return Figure(_("Repurchase rate"), percent(row["rate"]), "", hint, href=href)
