"""What may be corrected of an opportunity that is won or lost, once it is agreed to (SALE-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.deals.models import Opportunity
from guanxi.deals.services.opportunities import reopen
from guanxi.kernel import clock, work
from guanxi.kernel.errors import Refused
from guanxi.org.models import User


def can_correct(row: Opportunity, field: str, value: Any) -> None:
    """Refuse what no opportunity can take."""
    if field == "amount" and (value < 0 or row.lines.filter(deleted_at=None).exists()):
        raise Refused(_("The amount of this opportunity follows from its lines alone."), field="value")
    if field == "state" and value != "open":
        raise Refused(_("What is closed can only be reopened."), field="value")
    if field == "won_on" and (row.state != "won" or not _between(row, value)):
        raise Refused(_("The day lies between the beginning and today."), field="value")


def _between(row: Opportunity, day: date) -> bool:
    return row.begun_on <= day <= clock.today()


def _set(name: str) -> Callable[[Any, Any, User], None]:
    def lay(row: Opportunity, value: Any, _actor: User) -> None:
        setattr(row, name, value)
        row.save()

    return lay


def _hand(row: Opportunity, to: User, _actor: User) -> None:
    row.hand_to(to)
    row.save()


def _reopen(row: Opportunity, _state: str, actor: User) -> None:
    reopen(row, actor=actor, reason=work.require().reason)


LAY: dict[str, Callable[[Any, Any, User], None]] = {
    "amount": _set("amount"), "expected_on": _set("expected_on"), "won_on": _set("won_on"), "owner": _hand, "state": _reopen,
}  # fmt: skip
