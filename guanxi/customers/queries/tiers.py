"""Which tier policy is in force on a day, for a grade and for a customer; and its words for a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from guanxi.customers.models import Account, ClassAssignment, ClassStandard, CreditRule, Grade, TierPolicy
from guanxi.customers.queries.classes import as_published, policy_scheme
from guanxi.formats.money import plain
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.prepared import ask, settled

WORDS = (
    "contact_days", "contact_way", "service", "supply", "delivery_priority", "price", "discount_limit", "payment_days",
    "credit_factor", "development", "promotion", "gifts", "time_share",
)  # fmt: skip
Pair = tuple[int, date]


def policies(company_id: int) -> list[TierPolicy]:
    """Everything ever published, the latest first: a few rows for each grade."""
    return ask(_published, None, company_id)


def _published(_user: Any, company_id: int) -> QuerySet[Any]:
    rows = TierPolicy.objects.filter(company_id=company_id).exclude(published_at=None)
    return rows.order_by("-effective_on", "-pk")  # type: ignore[no-any-return]


def policy_on(company_id: int, grade: str, day: date | None = None) -> TierPolicy | None:
    """The policy of a grade in force on a day, today by default."""
    return _pick(policies(company_id), grade, day or clock.today()) if grade else None


def policy_now(account: Account) -> TierPolicy | None:
    """The policy in force for the account's grade, as pages keep it."""
    return _pick(settled(_published, account.company), account.grade, clock.today()) if account.grade else None


def _pick(rows: Iterable[TierPolicy], grade: str, day: date) -> TierPolicy | None:
    return next((row for row in rows if row.grade == grade and row.effective_on <= day), None)


def matrix(company_id: int, day: date | None = None) -> dict[str, TierPolicy]:
    """The policies in force by grade."""
    rows, on = policies(company_id), day or clock.today()
    found = {grade: _pick(rows, grade, on) for grade in Grade.values}
    return {grade: policy for grade, policy in found.items() if policy is not None}


def policies_for(company_id: int, pairs: Iterable[Pair]) -> dict[Pair, tuple[str, TierPolicy | None]]:
    """Grade and policy of customers on days, e.g. of many orders: a fixed number of queries."""
    wanted = set(pairs)
    scheme, rows = policy_scheme(company_id), policies(company_id)
    if scheme is None or not rows or not wanted:
        return {}
    standards = list(ClassStandard.objects.filter(scheme=scheme).order_by("-effective_on", "-pk"))
    history: dict[int, list[tuple[date, date | None, str]]] = {}
    known = ClassAssignment.objects.filter(scheme=scheme, account__in={account for account, _day in wanted})
    for account, since, until, code in known.values_list("account_id", "since", "until", "class_code"):
        history.setdefault(account, []).append((since, until, code))
    published = as_published(scheme)
    found = {}
    for account, day in wanted:
        codes = [
            code for since, until, code in history.get(account, ()) if since <= day and (until is None or until > day)
        ]
        if codes:
            standard = next((one for one in standards if one.effective_on <= day), None)
            published.classes = standard.classes if standard else scheme.classes
            grade = published.grade_of(codes[0])
            found[account, day] = grade, _pick(rows, grade, day)
    return found


def credit_rule(account: Account) -> CreditRule | None:
    """The rule of the account's credit standing."""
    if not account.credit_standing:
        return None
    rows = CreditRule.objects.filter(company_id=account.company_id, standing=account.credit_standing)
    return rows.first()  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """Numbers without the zeros behind the point."""
    return plain(value) if isinstance(value, Decimal) else value


def in_words(policy: TierPolicy, names: Iterable[str] = WORDS) -> list[tuple[Any, Any]]:
    """What a policy says, as label and value, empty parts left out."""
    fields = entity(TierPolicy).fields_for(None)
    values = [(fields[name], getattr(policy, name)) for name in names]
    return [
        (field.label, field.label_of(value) if field.choices else _plain(value))
        for field, value in values
        if value not in (None, "")
    ]
