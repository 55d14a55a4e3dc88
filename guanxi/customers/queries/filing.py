"""How complete a file is by the filing standard, what it lacks, and how people and departments compare (QUAL-14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from guanxi.customers.models import Account, FilingStandard
from guanxi.customers.models.filing import FORMATS
from guanxi.formats.values import BadValue
from guanxi.kernel.entities import entity
from guanxi.kernel.fields import Label
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.prepared import ask, settled
from guanxi.org.models import User


@dataclass(frozen=True)
class Missing:
    """One gap of a file; `wrong` if something stands there in a wrong format."""

    field: str
    label: Label
    required: bool
    wrong: bool = False


@dataclass(frozen=True)
class Assessment:
    """`score` is the weighted share of what is filled in, 0 to 100."""

    score: int
    missing: tuple[Missing, ...] = ()


def standards(company_id: int) -> list[FilingStandard]:
    return ask(_standards, None, company_id)


def _standards(_user: Any, company_id: int) -> QuerySet[Any]:
    return FilingStandard.objects.filter(company_id=company_id)  # type: ignore[no-any-return]


def standard_for(account: Account, known: Iterable[FilingStandard]) -> FilingStandard | None:
    """The most specific standard: channel before kind before the general one."""
    fitting = [s for s in known if s.channel_id in (None, account.channel_id) and s.kind in ("", account.kind)]
    return max(fitting, key=lambda s: (s.channel_id is not None, s.kind != ""), default=None)


def related_rows(account_ids: Iterable[int], known: Iterable[FilingStandard]) -> dict[int, set[str]]:
    """The relations each account has rows in, as far as the standards ask for them: one query per relation."""
    declared, ids = entity(Account), list(account_ids)
    asked = {item["field"] for standard in known for item in standard.fields}
    found: dict[int, set[str]] = defaultdict(set)
    for relation in declared.relations:
        if relation.name in asked:
            rows = entity(relation.target).model.objects.filter(**{f"{relation.via}__in": ids})
            rows = rows.filter(left_on=None) if relation.name == "contacts" else rows
            for pk in rows.order_by().values_list(relation.via, flat=True).distinct():
                found[pk].add(relation.name)
    return found


def assess(account: Account, standard: FilingStandard | None, related: set[str], *, company: Any = None) -> Assessment:
    """Measure one account by a standard; without a standard nothing can be said, which counts as 0."""
    if standard is None or not standard.fields:
        return Assessment(0)
    fields = entity(Account).fields_for(company)
    whole = got = 0
    missing = []
    for item in standard.fields:
        name, weight = item["field"], int(item.get("weight", 1))
        field = fields.get(name)
        value = value_of(account, field.path) if field else name in related
        filled = value not in (None, "", [], False)
        fits = filled and _fits(item.get("format", ""), value)
        whole, got = whole + weight, got + weight * fits
        if not fits:
            label = field.label if field else entity(Account).relation(name).title
            missing.append(Missing(name, label, bool(item.get("required")), wrong=filled))
    return Assessment(got * 100 // whole, tuple(missing))


def _fits(form: str, value: Any) -> bool:
    try:
        if form:
            FORMATS[form](str(value))
    except BadValue:
        return False
    return True


def file_check(account: Account) -> Assessment:
    """Score and gaps of one account now, for its page."""
    known = settled(_standards, account.company)
    related = related_rows([account.pk], known)
    return assess(account, standard_for(account, known), related[account.pk], company=account.company)


def scores(accounts: Iterable[Account]) -> dict[int, int]:
    """Completeness by account id; the accounts may be of several companies."""
    by_company: Mapping[int, list[Account]] = defaultdict(list)
    for account in accounts:
        by_company[account.company_id].append(account)
    result = {}
    for company_id, some in by_company.items():
        known = standards(company_id)
        related = related_rows([a.pk for a in some], known)
        extra = any(item["field"].startswith("x_") for s in known for item in s.fields)
        company = some[0].company if extra else None
        for account in some:
            result[account.pk] = assess(
                account, standard_for(account, known), related[account.pk], company=company
            ).score
    return result


def completeness_by(user: User, group: str = "owner") -> QuerySet[Any]:
    """Average score and number of files by `owner` or `department`, lowest first: dicts with id, name, average, files, poor."""
    rows = Account.objects.visible_to(user).filter(retired_on=None).order_by()
    return rows.values(f"{group}_id", f"{group}__name").annotate(  # type: ignore[no-any-return]
        average=Avg("completeness"), files=Count("pk"), poor=Count("pk", filter=Q(completeness__lt=60))
    ).order_by("average")  # fmt: skip
