"""Which class, stage or segment an account is in, on any day, and who would move."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, ClassStandard, Segment, StageChange
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.models import Company
from guanxi.kernel.prepared import once, settled
from guanxi.org.models import User

SCHEME = ("scheme__name", "scheme__code", "scheme__is_policy", "scheme__classes")


def policy_scheme(company_id: int) -> ClassScheme | None:
    return ClassScheme.objects.filter(company_id=company_id, is_policy=True).first()  # type: ignore[no-any-return]


def standard_on(scheme: ClassScheme, day: date) -> ClassStandard | None:
    """The standard in force on a day; None before the first one."""
    rows = ClassStandard.objects.filter(scheme=scheme, effective_on__lte=day).order_by("-effective_on", "-pk")
    return rows.first()  # type: ignore[no-any-return]


def as_published(scheme: ClassScheme, day: date | None = None) -> ClassScheme:
    """The scheme with the cut-offs and classes in force on a day, today by default; its row may hold a draft."""
    return _with(scheme, standard_on(scheme, day or clock.today()))


def as_kept(scheme: ClassScheme, company: Company) -> ClassScheme:
    """The same of today, as pages keep it."""
    rows = (row for row in settled(_standards, company) if row.scheme_id == scheme.pk)
    return _with(scheme, next((row for row in rows if row.effective_on <= clock.today()), None))


def _standards(_user: Any, company_id: int) -> QuerySet[Any]:
    return ClassStandard.objects.filter(company_id=company_id).order_by("-effective_on", "-pk")  # type: ignore[no-any-return]


def _with(scheme: ClassScheme, standard: ClassStandard | None) -> ClassScheme:
    if standard is None:
        return scheme
    found = copy.copy(scheme)
    found.params, found.classes = standard.params, standard.classes
    return found


def policy_of(account: Account) -> dict[str, Any]:
    """The class of the policy scheme the account is in, with its contact and service policy (CLASS-09); empty for none."""
    scheme = policy_scheme(account.company_id)
    if scheme is None:
        return {}
    now = ClassAssignment.objects.filter(account=account, scheme=scheme, until=None).first()
    return as_published(scheme).named(now.class_code) if now else {}


def classes_now(account: Account, user: Any = None) -> list[ClassAssignment]:
    """One row per scheme in force for the account (CLASS-05)."""
    return [row for row in class_history(account, user) if row.until is None and row.class_code]


def class_on(scheme: ClassScheme, day: date) -> QuerySet[Any]:
    """The assignments in force on a day, a past one included (CLASS-13): filter by account as needed."""
    return ClassAssignment.objects.filter(  # type: ignore[no-any-return]
        Q(until=None) | Q(until__gt=day), company_id=scheme.company_id, scheme=scheme, since__lte=day
    )


def on_day(scheme: ClassScheme, day: date, code: str = "") -> dict[str, Any]:
    """The same as a condition on the class history, so that a day opens as an ordinary list."""
    still: list[dict[str, Any]] = [
        {"f": "until", "op": "empty"},
        {"f": "until", "op": "after", "v": day.isoformat()},
    ]
    since = {"not": {"f": "since", "op": "after", "v": day.isoformat()}}
    wanted = {"f": "class_code", "op": "is", "v": code} if code else {"f": "class_code", "op": "not_empty"}
    return {"all": [{"f": "scheme", "op": "is", "v": scheme.pk}, wanted, since, {"any": still}]}


def sizes_on(scheme: ClassScheme, day: date, user: User) -> list[tuple[str, int]]:
    """How many of the accounts in the person's reach were in each class on a day, in the order of the scheme."""
    inside = ClassAssignment.objects.visible_to(user).filter(pk__in=class_on(scheme, day).order_by().values("pk"))
    counted = dict(inside.order_by().exclude(class_code="").values_list("class_code").annotate(n=Count("pk")))
    codes = [*scheme.codes, *sorted(counted.keys() - set(scheme.codes))]
    return [(code, counted.get(code, 0)) for code in codes]


def class_history(account: Account, user: Any = None) -> list[ClassAssignment]:
    """All classes the account has been in, the newest first: asked once for all panels of the person's page."""
    return once(account, classes_of, user)


def classes_of(_user: Any, account_id: int) -> QuerySet[Any]:
    rows = ClassAssignment.objects.filter(account=account_id).select_related("scheme", "decided_by")
    return rows.only("account", "class_code", "previous", "since", "until", "cause", *SCHEME, "decided_by__name")  # type: ignore[no-any-return]


def class_by_rules(scheme: ClassScheme) -> Case:
    """The code of the first class whose condition holds, as an expression over accounts; empty if none holds."""
    declared, env = entity(Account), Env(company=scheme.company)
    whens = [
        When(to_q(parse(each.get("where"), declared, scheme.company), env), then=Value(each["code"]))
        for each in scheme.classes
    ]
    return Case(*whens, default=Value(""), output_field=CharField())


def computed_by_rules(scheme: ClassScheme) -> dict[int, str]:
    """The class each working account would have by the rules as they stand here; nothing is written."""
    rows = Account.objects.filter(company_id=scheme.company_id, retired_on=None).order_by()
    return dict(rows.annotate(then=class_by_rules(scheme)).values_list("pk", "then"))


def standing(scheme: ClassScheme) -> dict[int, tuple[str, bool]]:
    """The class of each account now, and whether people hold it against the figures."""
    rows = ClassAssignment.objects.filter(company_id=scheme.company_id, scheme=scheme, until=None).order_by()
    return {pk: (code, held) for pk, code, held in rows.values_list("account_id", "class_code", "held")}


def segment_q(segment: Segment, user: User | None = None) -> Q:
    """The segment's condition on accounts, for `Account.objects.visible_to(user).filter(...)`.

    FilterError if it speaks of a field that is closed to the person.
    """
    closed: frozenset[str] = frozenset()
    if user is not None:
        closed = user.closed_fields("customers.account") | user.masked_fields("customers.account")
    node = parse(segment.where, entity(Account), segment.company, lambda _entity, name: name not in closed)
    return to_q(node, Env(user=user, company=segment.company))


def members(segment: Segment, user: User | None = None) -> QuerySet[Any]:
    """The accounts of a segment that the person may see; all of them for nobody."""
    rows = Account.objects.filter(company_id=segment.company_id) if user is None else Account.objects.visible_to(user)
    return rows.filter(segment_q(segment, user), retired_on=None)  # type: ignore[no-any-return]


def stage_counts(user: User) -> dict[str, int]:
    """Accounts in the person's scope by stage (LIFE-01)."""
    rows = Account.objects.visible_to(user).filter(retired_on=None).order_by().values_list("stage")
    return dict(rows.annotate(n=Count("pk")))


def stage_conversions(user: User, first: date, last: date) -> dict[tuple[str, str], int]:
    """Moves between stages within days, both inclusive, by (old, new) (LIFE-05)."""
    rows = StageChange.objects.visible_to(user).filter(on__gte=first, on__lte=last)
    return {(old, new): n for old, new, n in rows.order_by().values_list("old", "new").annotate(n=Count("pk"))}
