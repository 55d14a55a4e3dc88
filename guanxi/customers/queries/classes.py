"""Which class, stage or segment an account is in, on any day, and who would move."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import OuterRef
from django.db.models.functions import Coalesce

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, Segment, StageChange
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.prepared import once
from guanxi.org.models import User

SCHEME = ("scheme__name", "scheme__code", "scheme__is_policy", "scheme__classes")


def policy_scheme(company_id: int) -> ClassScheme | None:
    return ClassScheme.objects.filter(company_id=company_id, is_policy=True).first()  # type: ignore[no-any-return]


def policy_of(account: Account) -> dict[str, Any]:
    """The class of the policy scheme the account is in, with its contact and service policy (CLASS-09); empty for none."""
    scheme = policy_scheme(account.company_id)
    if scheme is None:
        return {}
    now = ClassAssignment.objects.filter(account=account, scheme=scheme, until=None).first()
    return scheme.named(now.class_code) if now else {}


def classes_now(account: Account) -> list[ClassAssignment]:
    """One row per scheme in force for the account (CLASS-05)."""
    return [row for row in class_history(account) if row.until is None and row.class_code]


def class_on(scheme: ClassScheme, day: date) -> QuerySet[Any]:
    """The assignments in force on a day, a past one included (CLASS-13): filter by account as needed."""
    return ClassAssignment.objects.filter(  # type: ignore[no-any-return]
        Q(until=None) | Q(until__gt=day), company_id=scheme.company_id, scheme=scheme, since__lte=day
    )


def class_history(account: Account) -> list[ClassAssignment]:
    """All classes the account has been in, the newest first: asked once for all panels of a page."""
    return once(account, _classes, None)


def _classes(_user: Any, account_id: int) -> QuerySet[Any]:
    rows = ClassAssignment.objects.filter(account=account_id).select_related("scheme", "decided_by")
    return rows.only("account", "class_code", "previous", "since", "until", "cause", *SCHEME, "decided_by__name")  # type: ignore[no-any-return]


def class_by_rules(scheme: ClassScheme) -> Case:
    """The code of the first class whose condition holds, as an expression over accounts; empty if none holds."""
    declared, env = entity(Account), Env()
    whens = [
        When(to_q(parse(each.get("where"), declared, scheme.company), env), then=Value(each["code"]))
        for each in scheme.classes
    ]
    return Case(*whens, default=Value(""), output_field=CharField())


def class_moves(scheme: ClassScheme) -> dict[tuple[str, str], int]:
    """How many accounts the rules as they stand would move, by (class now, class then) (CLASS-12)."""
    now = ClassAssignment.objects.filter(account=OuterRef("pk"), scheme=scheme, until=None).values("class_code")[:1]
    rows = Account.objects.filter(company_id=scheme.company_id, retired_on=None).annotate(
        now=Coalesce(Subquery(now), Value("")), then=class_by_rules(scheme)
    )
    counted = rows.order_by().values_list("now", "then").annotate(n=Count("pk"))
    return {(old, new): n for old, new, n in counted if old != new}


def segment_q(segment: Segment, user: User | None = None) -> Q:
    """The segment's condition on accounts, for `Account.objects.visible_to(user).filter(...)`.

    FilterError if it speaks of a field that is closed to the person.
    """
    closed: frozenset[str] = frozenset()
    if user is not None:
        closed = user.closed_fields("customers.account") | user.masked_fields("customers.account")
    node = parse(segment.where, entity(Account), segment.company, lambda _entity, name: name not in closed)
    return to_q(node, Env(user=user))


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
