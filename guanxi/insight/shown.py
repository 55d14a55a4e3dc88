"""What figures are shown as: the board of one summary, and its numbers, charts and tables with the link behind each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from guanxi.insight.engine.stages import StageRules
from guanxi.insight.queries.board import Sight
from guanxi.insight.queries.links import Where, both
from guanxi.insight.services.summary import year_of
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity

WAN = Decimal(10_000)


@dataclass
class Board:
    """One summary with what is needed to say it: names in sight, rights, and whether lists speak of the same day."""

    summary: dict[str, Any]
    day: date
    sight: Sight
    names: dict[str, dict[int, str]]
    rules: StageRules
    is_current: bool = True

    def accounts(self, where: Where | None = None) -> str:
        return _list("customers.account", where or {})

    def orders(self, where: Where) -> str:
        return _list("sales.order", where)

    def scored(self, *conditions: Where) -> str:
        """A link by scores and classes, which only the last refresh has."""
        return self.accounts(both(*conditions)) if self.is_current else ""

    def account(self, pk: int) -> str:
        return record_url(entity("customers.account").slug, pk)

    @cached_property
    def year(self) -> tuple[date, date]:
        return year_of(self.day)


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""
    hint: str = ""
    change: str = ""
    up: bool = True
    href: str = ""


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""
    number: bool = True


@dataclass(frozen=True)
class Card:
    """Either a `chart` for c-chart or a table of `head` and `rows`; `told` is what a chart says in words, `about` what it counts."""

    key: str
    title: str
    hint: str = ""
    width: str = "g4"
    chart: dict[str, Any] = field(default_factory=dict)
    told: str = ""
    about: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def table(self) -> list[list[tuple[Cell, str]]]:
        """Each cell with the name of its column, which phones show beside it."""
        return [list(zip(row, self.head, strict=True)) for row in self.rows]


def _list(label: str, where: Where) -> str:
    text = json.dumps(where, ensure_ascii=False, separators=(",", ":"))
    return f"{list_url(entity(label).slug)}?{urlencode({'view': 'all', 'where': text})}"


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share * 100:.1f}%"


def change(now: Decimal, before: Decimal) -> str:
    return f"{(now - before) / before * 100:+.1f}%" if before > 0 else ""


def in_wan(value: str | Decimal) -> float:
    """In units of 10,000, for charts."""
    return float(round(Decimal(value) / WAN, 2))
