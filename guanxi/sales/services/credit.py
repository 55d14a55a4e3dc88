"""Credit: how much a customer may owe, what speaks against an order, and who answers for it all the same (VALUE-04, SALE-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Vote
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.customers.models import Account, CreditRule, TierPolicy
from guanxi.customers.queries.tiers import credit_rule, policies_for, policy_now, policy_on
from guanxi.formats.money import cents, plain
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.kernel.prepared import once
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.sales.models import COUNTED, Order, Receivable
from guanxi.sales.services.prices import against_prices, given_away

ZERO = Decimal(0)
YEAR = timedelta(days=365)
SUBJECT = "sales.order"
Release = Order.Release


@dataclass(frozen=True)
class Credit:
    """`limit` is None where nothing limits the customer; `tolerance` likewise for days overdue."""

    limit: Decimal | None
    used: Decimal
    overdue_days: int
    tolerance: int | None
    proposal: Decimal | None

    @property
    def free(self) -> Decimal | None:
        return None if self.limit is None else self.limit - self.used


def credit_of(account: Account, policy: TierPolicy | None = None, *, reader: Any = None) -> Credit:
    """The limit of the customer times the factor of its class, and what is used of it.

    Without a limit of its own the customer has the one its standing proposes.  The page of a `reader` has asked for most
    of it already.
    """
    rule, day = credit_rule(account), clock.today()
    proposal = rule.proposal(_turnover(account)) if rule else None
    limit = account.credit_limit if account.credit_limit is not None else proposal
    policy = policy or (policy_now(account) if reader else policy_on(account.company_id, account.grade))
    if limit is not None and policy is not None:
        limit = cents(limit * policy.credit_factor)
    rows = once(account, used_of, reader) if reader else used_of(None, account.pk)
    used, oldest = next(iter(rows), (ZERO, None))
    return Credit(limit, used, (day - oldest).days if oldest else 0, rule.tolerance_days if rule else None, proposal)


def used_of(_user: Any, account_id: int) -> QuerySet[Any]:
    """What the customer owes, and since when the oldest of it is overdue."""
    late = Q(open_amount__gt=0, due_on__lt=clock.today())
    rows = Receivable.objects.filter(account=account_id).order_by().values("account")
    return rows.annotate(used=money_sum("open_amount"), oldest=Min("due_on", filter=late)).values_list("used", "oldest")  # type: ignore[no-any-return]


def _turnover(account: Account) -> Decimal:
    """Counted in the last twelve months, returns deducted."""
    rows = Order.objects.filter(account=account, state__in=COUNTED, ordered_on__gt=clock.today() - YEAR)
    return rows.aggregate(total=money_sum("amount"))["total"] or ZERO


def objections(order: Order, actor: User) -> list[str]:
    """What speaks against confirming the order; amounts only for whom the credit limit is open."""
    if order.kind != Order.Kind.SALE:
        return []
    lines = order.lines.filter(deleted_at=None).aggregate(total=money_sum("amount"), discount=Max("discount"))
    amount, discount = lines["total"] or ZERO, lines["discount"] or ZERO
    credit = credit_of(order.account, order.policy)
    found: list[str] = []
    if order.policy is not None and order.policy.discount_limit is not None and discount > order.policy.discount_limit:
        words = _("A discount of %(discount)s%% is above the %(limit)s%% of the customer's class.")
        found.append(words % {"discount": plain(discount), "limit": plain(order.policy.discount_limit)})
    if credit.limit is not None and credit.used + amount - order.received > credit.limit:
        closed = actor.closed_fields("customers.account") | actor.masked_fields("customers.account")
        words = _("The order exceeds the credit limit: %(used)s owed and %(amount)s ordered of %(limit)s.")
        told = words % {"used": f"{credit.used:,.2f}", "amount": f"{amount:,.2f}", "limit": f"{credit.limit:,.2f}"}
        found.append(str(_("The order exceeds the credit limit.")) if "credit_limit" in closed else told)
    if credit.tolerance is not None and credit.overdue_days > credit.tolerance:
        words = _("The customer has been overdue for %(days)s days; %(most)s are tolerated.")
        found.append(words % {"days": credit.overdue_days, "most": credit.tolerance})
    return [*found, *against_prices(order, actor)]


def require_credit(order: Order, actor: User) -> None:
    """Before an order counts: refuses what is beyond the limits unless exactly this amount was released."""
    keep_policies([order])
    against = objections(order, actor)
    if not against:
        return
    amount = order.lines.filter(deleted_at=None).aggregate(total=money_sum("amount"))["total"] or ZERO
    if order.release != Release.GIVEN or order.released_amount != amount:
        raise Refused(" ".join([*against, str(_("It has to be released first: ask for the release."))]))


def keep_policies(orders: Iterable[Order]) -> None:
    """Write class and policy of the order's date on orders that are not yet stored or not yet confirmed (CLASS-08)."""
    by_company: dict[int, list[Order]] = {}
    for order in orders:
        by_company.setdefault(order.company_id, []).append(order)
    for company_id, some in by_company.items():
        found = policies_for(company_id, {(order.account_id, order.ordered_on) for order in some})
        for order in some:
            order.grade, order.policy = found.get((order.account_id, order.ordered_on), ("", None))


# -- release


def _draft(order: Order) -> bool:
    return bool(order.state == Order.State.DRAFT and order.kind == Order.Kind.SALE)


@action(Order, label=_("Ask for release"), icon="help-circle", labels={"reason": _("Reason")}, bulk=False,
        when=lambda order: _draft(order) and not order.release)  # fmt: skip
def ask_release(order: Order, *, actor: User, reason: str) -> Order:
    """Whoever may release orders sees it on their start page; an exception from prices goes to those who approve it."""
    if not reason.strip():
        raise Refused(_("Say why the order should be released."), field="reason")
    _set_release(order, Release.ASKED, reason, None)
    if against := against_prices(order, actor):
        title = gettext("Prices of order %(number)s for %(name)s") % {"number": order.number, "name": order.account}
        told = "\n".join([reason.strip(), *against])
        ask(Request(SUBJECT, title, told, amount=given_away(order), row=order), actor=actor)
        order.refresh_from_db()
    return order


def _not_released(approval: Any) -> None:
    order = Order.objects.get(pk=approval.object_id)
    if order.release == Release.ASKED:
        order.release = ""
        order.save(update_fields=["release"])


@subject(
    SUBJECT, label=_("Exception from prices on an order"), refused=_not_released,
    steps=({"who": "head"}, {"who": "role", "role": "business-department", "from_amount": 5000},
           {"who": "role", "role": "finance", "from_amount": 50000}),
)  # fmt: skip
def exception_granted(approval: Any) -> str:
    """Whoever decided last answers for the order as it was asked for."""
    order = Order.objects.get(pk=approval.object_id)
    last = Vote.objects.filter(approval=approval, state=Vote.State.AGREED).order_by("decided_at", "position").last()
    if not _draft(order) or order.release != Release.ASKED:
        return gettext("The order no longer waits for this.")
    order.release, order.released_by = Release.GIVEN, last.person if last else None
    order.save(update_fields=["release", "released_by"])
    return gettext("Order released")


@action(Order, label=_("Release"), permission="release_credit", icon="lock-open", labels={"reason": _("Reason")},
        bulk=False, when=lambda order: _draft(order) and order.release != Release.GIVEN)  # fmt: skip
def release_order(order: Order, *, actor: User, reason: str) -> Order:
    """Somebody answers for the order as it stands; a change of its amount needs a new release."""
    keep_policies([order])
    if not _draft(order):
        raise Refused(_("Only a draft can be released."))
    if not reason.strip():
        raise Refused(_("Say why the order is released."), field="reason")
    if not objections(order, actor) and not (order.owner and against_prices(order, order.owner)):
        raise Refused(_("Nothing speaks against this order; it can be confirmed."))
    return _set_release(order, Release.GIVEN, reason, actor)


def _set_release(order: Order, release: str, reason: str, by: User | None) -> Order:
    order.release, order.release_reason, order.released_by = release, reason.strip()[:200], by
    order.released_amount = order.lines.filter(deleted_at=None).aggregate(total=money_sum("amount"))["total"] or ZERO
    order.save(update_fields=["release", "release_reason", "released_by", "released_amount"])
    return order


@action(Account, label=_("Adopt the proposed credit limit"), permission="release_credit", icon="credit-card",
        when=lambda account: bool(account.credit_standing))  # fmt: skip
def adopt_limit(account: Account, *, actor: User) -> Account:
    """The limit that standing and turnover propose becomes the customer's own."""
    rule: CreditRule | None = credit_rule(account)
    if rule is None:
        raise Refused(_("There is no credit rule for this standing."))
    account.credit_limit = rule.proposal(_turnover(account))
    account.save(update_fields=["credit_limit"])
    return account


def credit_lines(account: Account, user: Any) -> list[tuple[Any, Decimal | None]]:
    """Standing and use of the credit for the customer's page."""
    credit = credit_of(account, reader=user)
    return [
        (_("Credit limit in force"), credit.limit),
        (_("Used"), credit.used),
        (_("Free"), credit.free),
        (_("Proposed by standing"), credit.proposal),
    ]
