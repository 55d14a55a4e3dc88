"""What people hold of approvals: votes that wait for their word, and requests of their own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval, Vote
from guanxi.org.holdings import Passing, hand_on, history, holds, relink
from guanxi.org.models import User

TO_DECIDE = (Vote.State.OPEN, Vote.State.WAITING)


def _decide_instead(vote: Vote, passing: Passing) -> None:
    vote.person, vote.stands_for = passing.to, vote.stands_for or passing.giver
    vote.save(update_fields=["person", "stands_for"])


def _own_request(vote: Vote, to: User) -> Any:
    if vote.approval.owner_id == to.pk:
        return _("%(name)s asked for this and cannot decide it.") % {"name": to.name}
    others = Vote.objects.filter(approval=vote.approval_id, person=to, state__in=TO_DECIDE)
    return _("%(name)s is asked already.") % {"name": to.name} if others.exists() else ""


def _decides_it(approval: Approval, to: User) -> Any:
    votes = Vote.objects.filter(approval=approval, person=to, state__in=TO_DECIDE)
    return (
        _("%(name)s has to decide this and cannot be the one who asks.") % {"name": to.name} if votes.exists() else ""
    )


holds(
    "approvals.vote", "person", _("Approvals to decide"), _decide_instead, clash=_own_request,
    waiting=lambda: Q(state__in=TO_DECIDE, approval__state="pending", approval__deleted_at=None),
    also=frozenset({"stands_for_id"}),
)  # fmt: skip
holds(
    "approvals.approval", "owner", _("Own requests for approval"), hand_on, clash=_decides_it,
    waiting=lambda: Q(state="pending"),
)  # fmt: skip
holds("approvals.flowstep", "person", _("Named in approval flows"), relink("person"))
history("approvals.vote", "stands_for")
