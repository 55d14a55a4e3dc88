"""What people hold of customers besides those they own: seats in account teams, steps of account plans."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import AccountMember
from guanxi.kernel import clock
from guanxi.org.holdings import Passing, history, holds, relink


def _end_membership(member: AccountMember, _passing: Passing) -> None:
    """Nobody inherits a seat in an account team: it ended yesterday, or on the day it began."""
    member.until = max(member.since, clock.today() - timedelta(days=1))
    member.save(update_fields=["until"])


holds(
    "customers.accountmember", "person", _("Seats in account teams"), _end_membership, ends=True,
    waiting=lambda: Q(until=None) | Q(until__gte=clock.today()),
)  # fmt: skip
holds("customers.planaction", "person", _("Steps of account plans"), relink("person"), waiting=lambda: Q(done_on=None))
history("customers.reviewseat", "person")
