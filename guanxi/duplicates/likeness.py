"""How much two files look like the same customer or person: facts, the keys under which they meet, and the score.

A score of 1 is certain, from WARN on a person should look, from REVIEW on a pair waits in the queue.  Unequal credit
codes are never the same company.  Nothing here knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from rapidfuzz.distance import OSA

from guanxi.formats.codes import check_uscc
from guanxi.formats.names import CompanyName, company_parts, person_key, spoken
from guanxi.formats.phones import phone_in
from guanxi.formats.tokens import normalise
from guanxi.formats.values import BadValue

CERTAIN, WARN, REVIEW = 1.0, 0.85, 0.8
# Counts the ways keys were made so far: raise it with every change to names or keys, and all files get new ones.
KEYS = 2
ALIKE = 0.75  # brands from here on count as the same word written differently
_FORMER = re.compile(r"[、,，;；/|\n]+")
_NUMBERS = re.compile(r"[0-9一二三四五六七八九十]+")
_MUNICIPALITIES = ("11", "12", "31", "50")


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a company, taken apart."""

    full: str
    parts: CompanyName
    sound: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about who it is.  `inside` is the file it hangs on (the account of a contact).

    `told` are its company names as its own short name takes them apart (广源 in 广源环保科技); empty where it has none.
    """

    companies: tuple[Named, ...] = ()
    people: tuple[str, ...] = ()
    mobiles: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    code: str = ""
    cities: frozenset[str] = frozenset()
    inside: int = 0
    told: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """`reasons` are words of REASONS; `related`: another company that has to do with this one (unequal codes, a branch)."""

    score: float
    reasons: tuple[str, ...] = ()
    related: bool = False


NOTHING = Likeness(0.0)


def facts(
    companies: Iterable[str] = (),
    people: Iterable[str] = (),
    phones: Iterable[str] = (),
    code: str = "",
    region: str = "",
    inside: int = 0,
) -> Facts:
    """Read what a file says; whatever cannot be read counts as not said."""
    names = tuple(filter(None, (named(text) for written in companies for text in _FORMER.split(written))))
    numbers = [found for text in phones if (found := phone_in(text))]
    cities = {_city(one) for each in names for one in each.parts.regions[-1:]} | ({_city(region)} if region else set())
    return Facts(
        names,
        tuple(filter(None, map(person_key, people))),
        frozenset(found.digits for found in numbers if found.kind == "mobile"),
        frozenset(found.digits for found in numbers if found.kind != "mobile"),
        _code(code),
        frozenset(cities),
        inside,
        _told(names),
    )


def _told(names: tuple[Named, ...]) -> tuple[Named, ...]:
    """Names with the short one as their brand and what follows it as their trade; the short one has that trade too."""
    shorts = [one.parts.brand for one in names if not one.parts.form and not one.parts.industry]
    if not shorts or not any(one.parts.form for one in names):
        return ()
    found = [_split_at(one, [short for short in shorts if one.parts.brand.startswith(short)]) for one in names]
    trades = {(one.parts.brand, one.parts.industry) for one in found if one.parts.form and one.parts.industry}
    for n, one in enumerate(found):
        own = [trade for brand, trade in trades if brand == one.parts.brand]
        if not one.parts.industry and len(own) == 1:
            found[n] = replace(one, parts=replace(one.parts, industry=own[0]))
    return tuple(found)


def _split_at(one: Named, shorts: list[str]) -> Named:
    brand = min(shorts, key=len, default=one.parts.brand)
    if brand == one.parts.brand:
        return one
    rest = one.parts.brand.removeprefix(brand) + one.parts.industry
    return replace(one, parts=replace(one.parts, brand=brand, industry=rest), sound=spoken(brand))


@lru_cache(maxsize=50_000)
def named(text: str) -> Named | None:
    """A company's name taken apart; None where too little is written to tell anything."""
    full = normalise(text)
    if len(full) < 2:
        return None
    parts = company_parts(text)
    return Named(full, parts, spoken(parts.brand))


def _code(text: str) -> str:
    try:
        return check_uscc(text) if text else ""
    except BadValue:
        return ""


def _city(region: str) -> str:
    """The prefecture of a region code; of a municipality the whole, of a province its two digits."""
    if region[:2] in _MUNICIPALITIES or region[2:4] == "00":
        return region[:2]
    return region[:4]


# -- keys


def keys(found: Facts, company_id: int) -> dict[int, str]:
    """Numbers under which files that might be the same meet, with the kind of each: about nine a file."""
    return {_number(company_id, kind, text): kind for kind, text in _texts(found) if text}


def _number(company_id: int, kind: str, text: str) -> int:
    digest = blake2b(f"{company_id}|{kind}|{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _texts(found: Facts) -> Iterator[tuple[str, str]]:
    for name in found.companies:
        brand, industry = name.parts.brand, name.parts.industry
        yield "b", name.parts.key
        yield "p", name.sound
        if len(brand) > 2:
            yield "d", brand
            yield from (("d", _sorted(brand[:i] + brand[i + 1 :])) for i in range(min(len(brand), 8)))
        else:
            yield "d", _sorted(brand)
        for city in found.cities or {""}:
            yield "e", f"{brand[:1]}{brand[-1:]}{industry}{city}"
            yield "h", f"{brand[:2]}{city}"
    yield from (("n", f"{name}@{found.inside}") for name in found.people if found.inside)
    yield from (("m", digits) for digits in found.mobiles)
    yield from (("t", digits) for digits in found.lines)
    yield "c", found.code


def _sorted(brand: str) -> str:
    return "".join(sorted(brand)) if len(brand) == 2 else brand


# -- score


def compare(one: Facts, other: Facts) -> Likeness:
    """How sure it is that both files mean the same, and why."""
    if one.code and one.code == other.code:
        return Likeness(CERTAIN, ("code",))
    phones = [
        word for word, both in (("mobile", one.mobiles & other.mobiles), ("line", one.lines & other.lines)) if both
    ]
    found = _companies(one, other, phones)
    if one.people and other.people:
        found = max(found, _people(one, other, phones), key=lambda likeness: likeness.score)
    if phones and found.score < _FLOOR[phones[0]]:
        found = Likeness(_FLOOR[phones[0]], tuple(phones), found.related)
    if one.code and other.code:  # two licences are two companies, whatever their names
        return Likeness(0.0, found.reasons, found.score >= REVIEW or found.related)
    return Likeness(0.0, found.reasons, True) if found.related else found


_FLOOR = {"mobile": 0.86, "line": 0.85}  # what an equal number says by itself


def _people(one: Facts, other: Facts, phones: list[str]) -> Likeness:
    same = bool(set(one.people) & set(other.people))
    together = bool(one.inside) and one.inside == other.inside
    if same and "mobile" in phones:
        # One person may well be known at two customers: there a look is enough.
        return Likeness(CERTAIN if together or not (one.inside or other.inside) else 0.95, ("person", "mobile"))
    if together and same:
        return Likeness(0.95, ("person",))
    if together and phones:
        return Likeness(0.9, tuple(phones))
    return NOTHING


def _companies(one: Facts, other: Facts, phones: list[str]) -> Likeness:
    """The best of all pairs of names; where both files have a short name, with the names as those take them apart."""
    weight = _against(one, other, phones) if one.told or other.told else 1.0
    told = bool(one.told and other.told) and not any(
        _begins(a.parts.brand, b.parts.brand) for a in one.told for b in other.told
    )
    near = _near(one.cities, other.cities)

    def best(mine: tuple[Named, ...], theirs: tuple[Named, ...]) -> Likeness:
        found = NOTHING
        for a in mine:
            for b in theirs:
                new = _names(a, b, near, phones, told=mine is one.told)
                if new.score < CERTAIN and not (a.parts.form and b.parts.form):
                    new = replace(new, score=new.score * weight)
                if new.score > found.score or (new.related and not found.score):
                    found = new
        return found

    if told and (found := best(one.told, other.told)) != NOTHING:
        return found
    found = best(one.companies, other.companies)
    if told and found.score < CERTAIN:  # two short names, and yet the registered ones are alike: a slip of the pen?
        found = replace(found, score=found.score * _OTHER_SHORT * _numbers(one, other, phones))
    return found


# What is left of a likeness if these facts speak against it.
_OTHER_NAME, _OTHER_SHORT, _OTHER_PHONE = 0.8, 0.93, 0.93


def _numbers(one: Facts, other: Facts, phones: list[str]) -> float:
    """Two numbers of one kind, and none in common."""
    apart = not phones and ((one.mobiles and other.mobiles) or (one.lines and other.lines))
    return _OTHER_PHONE if apart else 1.0


def _against(one: Facts, other: Facts, phones: list[str]) -> float:
    """Two registered names that have nothing in common, or other numbers, speak against equal short names."""
    mine, theirs = ([name for name in said.told or said.companies if name.parts.form] for said in (one, other))
    apart = mine and theirs and max(_brands(a, b, bool(phones)) for a in mine for b in theirs) < ALIKE
    return (_OTHER_NAME if apart else 1.0) * _numbers(one, other, phones)


def _near(one: frozenset[str], other: frozenset[str]) -> int:
    """1: the same city; 0: at least one is unknown, or only a province is; -1: two cities."""
    if one & other:
        return 1
    if not one or not other or any(a.startswith(b) or b.startswith(a) for a in one for b in other):
        return 0
    return -1


# (same industry, industry unknown on one side, another industry) for the same city, unknown, another city.
_BASE = {1: (0.97, 0.88, 0.6), 0: (0.93, 0.84, 0.5), -1: (0.66, 0.5, 0.3)}
_BONUS = {"mobile": 0.5, "line": 0.35}  # of what is missing to certainty


def _names(mine: Named, theirs: Named, near: int, phones: list[str], *, told: bool = False) -> Likeness:
    brand = _brands(mine, theirs, bool(phones))
    if brand < ALIKE:
        return NOTHING
    if mine.parts.branch != theirs.parts.branch:  # a branch has a licence of its own
        return Likeness(0.0, ("name",), True)
    whole = mine.full == theirs.full
    if whole and mine.parts.form and mine.parts.regions and near >= 0:
        return Likeness(CERTAIN, ("name",))  # the full registered name: there is only one such company
    score = _BASE[near][_trades(mine.parts, theirs.parts, told)] * brand
    for word in phones:
        score += (1 - score) * _BONUS[word]
    same = mine.parts.key == theirs.parts.key
    reasons = ["name" if whole else "key" if same else "brand", *phones]
    if phones:
        score = max(score, 0.9 if "mobile" in phones else 0.86)
        if same and near == 1:
            score = CERTAIN
    if near == 1:
        reasons.append("city")
    return Likeness(min(score, CERTAIN) if score == CERTAIN else min(score, 0.99), tuple(reasons))


def _trades(one: CompanyName, other: CompanyName, told: bool) -> int:
    """0: the same trade; 1: at least one does not say; 2: two trades.  Of those `told` one may say more of the same."""
    if one.industry and other.industry:
        if told and (one.industry in other.industry or other.industry in one.industry):
            return 0
        return 0 if one.industry == other.industry else 2
    return 0 if one.industry == other.industry and not _begins(one.brand, other.brand) else 1


def _brands(mine: Named, theirs: Named, called: bool) -> float:
    """1 for the same brand; less for one that sounds the same or differs in a character; 0 if their numbers differ.

    `called`: they have a phone in common, which makes a smaller likeness count.
    """
    one, other = mine.parts.brand, theirs.parts.brand
    if one == other:
        return 1.0
    if _NUMBERS.findall(one) != _NUMBERS.findall(other):  # 第一 and 第二, shop 3 and shop 4
        return 0.0
    if mine.sound == theirs.sound:
        return 0.95
    if sorted(one) == sorted(other):
        return 0.92
    if not mine.parts.industry and not theirs.parts.industry:
        if _begins(one, other):
            return 0.93
        if len(one) > 3 and len(other) > 3 and one[-2:] == other[-2:]:  # most likely the trade, not the brand
            one, other = one[:-2], other[:-2]
    distance, longest = OSA.distance(one, other), max(len(one), len(other))
    if distance == 1 and longest < 3:
        return ALIKE if called else 0.0
    if distance > 1:
        return max(0.0, 1 - distance / longest) if longest > 5 else 0.0
    return 0.84 if longest == 3 else 0.92


def _begins(one: str, other: str) -> bool:
    """One goes on where the other ends, with a trade that the word list does not know (云岭, 云岭阀门)."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and 2 <= len(longer) - len(shorter) <= 4
