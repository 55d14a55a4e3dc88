"""Publishing tier policies, which then stand for ever (ORG-09)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import TierPolicy
from guanxi.customers.queries.tiers import matrix
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User


def name_policies(policies: list[TierPolicy]) -> None:
    """Before new policies are stored: those without a name are called by grade and day."""
    for policy in policies:
        policy.name = policy.name or f"{policy.grade} {policy.effective_on}"


def keep_published(policy: TierPolicy, _actor: Any, _verb: str) -> None:
    """Guard: what orders were made under is not rewritten."""
    if policy.published_at is not None:
        raise Refused(_("A published policy is not changed; write a new one from a later day on."))


@action(TierPolicy, label=_("Publish"), permission="publish", icon="circle-check", bulk=False,
        when=lambda policy: policy.published_at is None)  # fmt: skip
def publish_policy(policy: TierPolicy, *, actor: User) -> TierPolicy:
    """The policy holds from its day on; past days keep theirs."""
    keep_published(policy, actor, "publish")
    if policy.effective_on < clock.today():
        raise Refused(_("A policy cannot be published for a day that has passed."))
    others = [row for row in matrix(policy.company_id, policy.effective_on).values() if row.grade != policy.grade]
    if sum((row.time_share or Decimal(0) for row in [*others, policy]), Decimal(0)) > 100:
        raise Refused(_("The shares of working time of all grades come to more than 100 %."))
    policy.published_at, policy.published_by = clock.now(), actor
    policy.save(update_fields=["published_at", "published_by"])
    return policy


@action(TierPolicy, label=_("Withdraw"), permission="publish", icon="x", bulk=False, danger=True,
        when=lambda policy: policy.published_at is not None and policy.effective_on > clock.today())  # fmt: skip
def withdraw_policy(policy: TierPolicy, *, actor: User) -> TierPolicy:
    """Back to a draft, as long as its day has not come."""
    if policy.published_at is None or policy.effective_on <= clock.today():
        raise Refused(_("This policy is in force; publish another one instead."))
    policy.published_at = policy.published_by = None
    policy.save(update_fields=["published_at", "published_by"])
    return policy
