"""Limits in force, what somebody has read and exported so far, and who is told when it stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from guanxi.custody.models import Flag, Safeguard, Tally
from guanxi.custody.models.watch import WHOLE_DAY
from guanxi.kernel.entities import Entity, entity
from guanxi.org.models import User
from guanxi.org.queries import heads_above

ACCOUNT = "customers.account"
_leaving: list[Callable[[Any], bool]] = []
Kind = Flag.Kind


def safeguard_of(user: Any) -> Safeguard:
    """The company's limits; unsaved defaults where nobody has set any."""
    return _safeguard(user.company_id, user.company.config_version)


@lru_cache(maxsize=256)
def _safeguard(company_id: int, _version: int) -> Safeguard:
    return Safeguard.objects.filter(company_id=company_id).order_by("pk").first() or Safeguard(company_id=company_id)


def is_card(label: str) -> bool:
    """Is this a customer, or does it hang on one?  Contacts and orders say as much as the card itself."""
    while label != ACCOUNT:
        declared = entity(label)
        if not declared.scope_via:
            return False
        label = declared.field(declared.scope_via, None).target
    return True


@dataclass(frozen=True)
class Read:
    """Counts of one person: of this hour and of this day."""

    opened_hour: int = 0
    listed_hour: int = 0
    opened_day: int = 0
    listed_day: int = 0
    exported: int = 0

    def of(self, kind: str) -> int:
        return int(getattr(self, kind))


def read_so_far(user_id: int, day: date, hour: int) -> Read:
    """What the table says, from one statement."""
    rows = Tally.objects.filter(user=user_id, day=day, hour__in=[hour, WHOLE_DAY])
    found = {hour: numbers for hour, *numbers in rows.values_list("hour", "opened", "listed", "exported")}
    now, whole = found.get(hour, (0, 0, 0)), found.get(WHOLE_DAY, (0, 0, 0))
    return Read(now[0], now[1], whole[0], whole[1], whole[2])


def tells_who_leaves(asked: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """An app above knows who is about to leave: `asked(user)`.  What they export has to be agreed to."""
    _leaving.append(asked)
    return asked


def is_leaving(user: Any) -> bool:
    return any(asked(user) for asked in _leaving)


def allowed(limits: Safeguard, kind: str, turns: int) -> int:
    """The limit of a kind after it has been lifted so often; 0: there is none."""
    base: int = limits.export_daily if kind == Kind.EXPORTED else getattr(limits, kind)
    return base * (1 + turns)


def standing(user_id: int, day: date) -> tuple[dict[str, int], frozenset[str]]:
    """How often each limit has been lifted for a person that day, and which ones stop the person now."""
    rows = Flag.objects.filter(owner=user_id, day=day, level=Flag.Level.STOPPED).values_list("kind", "lifted_at")
    turns: Counter[str] = Counter(kind for kind, lifted in rows if lifted)
    return turns, frozenset(kind for kind, lifted in rows if not lifted)


def watchers_of(person: User, *, auditors: bool) -> list[User]:
    """The head of the person, and for what was stopped the audit administrators."""
    found = heads_above(person)[:1]
    if auditors:
        keepers = User.objects.filter(company_id=person.company_id, is_active=True, roles__code="audit-administrator")
        found += [one for one in keepers if one.pk != person.pk]
    return list(dict.fromkeys(found))


def hours_of(user_id: int, day: date) -> list[Tally]:
    """What a person read that day, hour by hour, the sum last."""
    return list(Tally.objects.filter(user=user_id, day=day).order_by("hour"))


def columns_in_words(declared: Entity, names: tuple[str, ...], company: Any) -> str:
    """The columns of an export as a person reads them."""
    return "、".join(str(declared.field(name, company).label) for name in names)
