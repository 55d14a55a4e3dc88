"""The company's rules of dealings, and what they and the class of a customer ask for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from guanxi.interactions.models import ContactRules, Phrase, ReturnVisit

KEY_FORM = ("usage", "satisfaction", "needs", "opinion")
SHORT_FORM = ("usage", "satisfaction")


def rules_of(company: Any) -> ContactRules:
    """The company's rules; unsaved defaults where nobody has set any."""
    return _rules(company.pk, company.config_version)


@lru_cache(maxsize=256)
def _rules(company_id: int, _version: int) -> ContactRules:
    return ContactRules.objects.filter(company_id=company_id).order_by("pk").first() or ContactRules(
        company_id=company_id
    )


def is_top(account: Any) -> bool:
    """Customers who are asked in person, and asked everything."""
    return bool(account.is_key or account.grade == "A")


def way_for(account: Any) -> str:
    """Key customers in person by their account manager, the others by phone (RV-07)."""
    return ReturnVisit.Way.SITE if is_top(account) else ReturnVisit.Way.PHONE


def questions_for(account: Any) -> tuple[str, ...]:
    """The answers without which a return visit is not done, by class."""
    return KEY_FORM if is_top(account) else SHORT_FORM


def phrases(user: Any) -> list[Phrase]:
    """The standard service phrases this person may use where staff write."""
    if not user.may("view", "interactions.phrase"):
        return []
    return list(Phrase.objects.visible_to(user)[:100])
