"""Seeded chance: names, numbers and dates as they occur in Chinese companies."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any, TypeVar

from pypinyin import lazy_pinyin

from guanxi.desk.demo import words
from guanxi.formats.regions import Region, children

T = TypeVar("T")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Dice(random.Random):
    """One stream of chance per part of the demonstration, so that more customers do not change the staff."""

    def __init__(self, part: str) -> None:
        super().__init__(f"guanxi {part}")
        self._taken: set[str] = set()

    def pick(self, items: Sequence[T], weights: tuple[int, ...] = ()) -> T:
        if weights:
            return self.choices(items, cum_weights=_sums(weights))[0]
        return items[int(self.random() * len(items))]

    def often(self, table: tuple[tuple[T, int], ...]) -> T:
        """An item of (item, weight) pairs."""
        items: Sequence[T]
        items, weights = _columns(table)
        return self.pick(items, weights)

    def unique(self, make: Any) -> str:
        """A text nobody got before."""
        while (text := make()) in self._taken:
            pass
        self._taken.add(text)
        return str(text)

    def person(self) -> tuple[str, str]:
        """Name and gender."""
        gender = "male" if self.random() < 0.6 else "female"
        letters = words.MALE if gender == "male" else words.FEMALE
        given = self.pick(letters) + (self.pick(letters) if self.random() < 0.68 else "")
        return self.pick(words.SURNAMES, words.SURNAME_WEIGHTS) + given, gender

    def company(self, city: str) -> tuple[str, str, str, str]:
        """Name, brand, section of GB/T 4754 and business scope."""
        section, _weight, trades, scope = self.pick(words.TRADES, words.TRADE_WEIGHTS)
        brand = ""

        def make() -> str:
            nonlocal brand
            start = self.randrange(len(words.BRANDS) // 2) * 2
            brand = words.BRANDS[start : start + 2]
            if self.random() < 0.6:
                brand = self.pick(words.BRANDS) + self.pick(words.BRANDS)
            place = city if self.random() < 0.9 else f"{city}市"
            return f"{place}{brand}{self.pick(trades.split())}{self.often(words.FORMS)}"

        return self.unique(make), brand, section, scope

    def mobile(self) -> str:
        return self.unique(lambda: f"{self.pick(words.MOBILES)}{self.randrange(10**8):08d}")

    def landline(self, area: str) -> str:
        digits = 8 if len(area) == 3 or area in ("0571", "0512", "0755", "0531", "0371") else 7
        return f"{area}-{self.randrange(2, 9)}{self.randrange(10 ** (digits - 1)):0{digits - 1}d}"  # as a form keeps it

    def uscc(self, region_code: str) -> str:
        """A credit code whose organisation part and whole pass their checks (GB 11714, GB 32100)."""

        def make() -> str:
            digits = f"{self.randrange(10**8):08d}"
            rest = 11 - sum(int(d) * w for d, w in zip(digits, _ORG_WEIGHTS, strict=True)) % 11
            body = f"91{region_code}{digits}{'X' if rest == 10 else rest % 11}"
            total = sum(_USCC_SIGNS.index(sign) * pow(3, n, 31) for n, sign in enumerate(body))
            return body + _USCC_SIGNS[-total % 31]

        return self.unique(make)

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=int(self.random() * ((last - first).days + 1)))

    def address(self, district: Region) -> str:
        number = self.randrange(1, 900)
        tail = f"{self.randrange(1, 30)}幢{self.randrange(101, 2900)}室" if self.random() < 0.5 else ""
        return f"{self.pick(words.STREETS)}路{number}号{tail}"


@cache
def _sums(weights: tuple[int, ...]) -> list[int]:
    return list(accumulate(weights))


@cache
def _columns(table: tuple[tuple[Any, int], ...]) -> tuple[Any, tuple[int, ...]]:
    """Items and weights apart: the same few tables are asked hundreds of thousands of times."""
    items, weights = zip(*table, strict=True)
    return items, weights


def districts(city_code: str) -> list[Region]:
    return children(city_code)


def latin(name: str) -> str:
    """`wangwei` for 王伟."""
    return "".join(lazy_pinyin(name))
