"""What other cut-offs or conditions would do: class sizes, revenue, who would move; computed and forgotten (CLASS-12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, ClassScheme
from guanxi.customers.queries.classes import computed_by_rules, standing
from guanxi.insight.queries.board import current
from guanxi.insight.services.refresh import KINDS, computed_by_figures, opened
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One class, now and as it would be; revenue is that of the last twelve months."""

    code: str
    name: str
    now: int
    then: int
    amount_now: Decimal
    amount_then: Decimal
    share: float  # of the customers, as it would be

    @property
    def change(self) -> int:
        return self.then - self.now


@dataclass(frozen=True)
class Mover:
    account_id: int
    old: str
    new: str
    amount: Decimal


@dataclass(frozen=True)
class Trial:
    """`held` customers would move by the figures, but people have decided their class."""

    as_of: date
    lines: list[Line]
    movers: list[Mover]
    held: int


def working(user: User) -> QuerySet[Any]:
    """The customers a person's figures speak of."""
    return Account.objects.visible_to(user).filter(retired_on=None)  # type: ignore[no-any-return]


def computed(draft: ClassScheme) -> tuple[date, dict[int, str]]:
    """The class each account would have by this scheme as it stands here, and the day the facts are of."""
    if draft.kind == ClassScheme.Kind.RULES:
        return clock.today(), computed_by_rules(draft)
    if draft.kind not in KINDS:
        raise Refused(_("Classes of this scheme are decided by people; there is nothing to compute."))
    newest = current(draft.company_id)
    if newest is None:
        raise Refused(_("There are no figures yet; they are computed every night."))
    with opened(draft.company_id, newest.as_of) as facts:
        return newest.as_of, computed_by_figures(draft, facts)


def try_out(draft: ClassScheme, user: User) -> Trial:
    """The classes of the customers in the person's reach, now and by the draft; nothing is written."""
    day, wanted = computed(draft)
    known = standing(draft)
    now, then = Counter[str](), Counter[str]()
    amount_now, amount_then = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    movers, held = [], 0
    for pk, amount in working(user).order_by().values_list("pk", "profile__amount_12m"):
        old, kept = known.get(pk, ("", False))
        new = wanted.get(pk, "")
        if kept and new != old:
            new, held = old, held + 1
        amount = amount or ZERO
        now[old] += 1
        then[new] += 1
        amount_now[old] += amount
        amount_then[new] += amount
        if old != new:
            movers.append(Mover(pk, old, new, amount))
    total = sum(then.values()) or 1
    names = {each["code"]: each["name"] for each in draft.classes}
    codes = [*names, *sorted({*now, *then} - {*names, ""}), *([""] if now[""] or then[""] else [])]
    lines = [Line(c, names.get(c, c), now[c], then[c], amount_now[c], amount_then[c], then[c] / total) for c in codes]
    movers.sort(key=lambda mover: (-mover.amount, mover.account_id))
    return Trial(day, lines, movers, held)
