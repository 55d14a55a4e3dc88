"""The day's registrations of a branch: what is to be filed until when, what is filed, who completed what at settlement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from guanxi.customers.models import Account, Channel, Kind, Source
from guanxi.customers.queries.filing import Missing, assess, related_rows, standard_for, standards
from guanxi.filing.models import FactSource, Origin, Registration
from guanxi.filing.queries.known import Asked, asked_for
from guanxi.filing.queries.rules import due_after, rules_of
from guanxi.formats.codes import mask_phone
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.worktime.queries import calendar_of

SHOWN = 200
# What the way somebody came says of source and channel, where the form says nothing; codes of the ready-made lists.
TOLD: dict[Origin, tuple[tuple[str, str], ...]] = {
    Origin.WALK_IN: (("source", "walk-in"), ("channel", "branch")),
    Origin.PHONE: (("source", "phone"),),
    Origin.EXHIBITION: (("source", "exhibition"),),
    Origin.ONLINE: (("source", "online"),),
}
SAME = ("phone", "email", "address", "source", "source_detail", "channel", "method")  # called alike in both


@dataclass(frozen=True)
class Line:
    """A registration with what its channel's standard would still lack."""

    row: Registration
    phone: str
    late: bool
    score: int
    missing: tuple[Missing, ...]
    asked: Asked | None = None


@dataclass(frozen=True)
class Day:
    """`due` is the moment by which what is registered now must be filed."""

    due: Any
    open: list[Line]
    filed: list[Line]
    registered: int
    late: int
    held: int
    completed: int
    average: int | None


def today_of(user: User) -> Day:
    """The registrations in the person's reach: open ones whatever their day, and all of today."""
    now, today = clock.now(), clock.today()
    rows = Registration.objects.visible_to(user).select_related(
        "collected_by", "channel", "account", "department", "filed_by"
    )
    order = (F("due_at").asc(nulls_last=True), "pk")  # those that wait for another branch have no hour
    waiting = list(rows.filter(state=Registration.State.OPEN).order_by(*order)[:SHOWN])
    filed = list(rows.filter(state=Registration.State.FILED, filed_at__date=today).order_by("-filed_at")[:SHOWN])
    lines = _lines([*waiting, *filed], user)
    done = [line.score for line in lines[len(waiting) :]]
    return Day(
        due=due_after(now, rules_of(user.company_id), calendar_of(user.company_id, user.company.config_version)),
        open=lines[: len(waiting)],
        filed=lines[len(waiting) :],
        registered=rows.filter(registered_on=today).count(),
        late=sum(line.late for line in lines[: len(waiting)]),
        held=sum(row.due_at is None for row in waiting),
        completed=completed_by(user, today),
        average=round(sum(done) / len(done)) if done else None,
    )


def _lines(rows: list[Registration], user: User) -> list[Line]:
    known, now = standards(user.company_id), clock.now()
    filed = [row.account for row in rows if row.account is not None and not row.is_open]
    related = related_rows([account.pk for account in filed], known)
    asked = asked_for([row for row in rows if row.is_open], user.company_id)
    lists = lists_of(user.company_id)
    hidden = "phone" in user.closed_fields("filing.registration")
    found = []
    for row in rows:
        account = row.account if row.account is not None and not row.is_open else draft(row, lists)
        relations = (
            related[account.pk] if account in filed else ({"contacts", "needs"} if row.organisation else {"needs"})
        )
        measured = assess(account, standard_for(account, known), relations)
        late = row.is_open and row.due_at is not None and row.due_at < now
        phone = "" if hidden else mask_phone(row.phone)
        found.append(Line(row, phone, late, measured.score, measured.missing, asked.get(row.pk)))
    return found


def account_values(row: Registration) -> dict[str, Any]:
    """What a registration says in the words of a customer file."""
    kind = Kind.COMPANY if row.organisation else Kind.PERSON
    values = {name: getattr(row, name) for name in SAME} | {"kind": kind, "name": row.organisation or row.name}
    values |= {"business_needs": row.need} if kind == Kind.COMPANY else {"post": row.post, "preferences": row.interest}
    if row.collected_by or row.owner:
        values["owner"] = row.collected_by or row.owner
    return {name: value for name, value in values.items() if value not in (None, "")}


def lists_of(company_id: int) -> dict[tuple[str, str], Any]:
    """Sources and channels of a company by the field they belong to and their code."""
    lists = (("source", Source), ("channel", Channel))
    return {(name, row.code): row for name, model in lists for row in model.objects.filter(company_id=company_id)}


def new_values(row: Registration, lists: Mapping[tuple[str, str], Any] | None = None) -> dict[str, Any]:
    """What a new file begins with: what the registration says, and what its origin tells of source and channel."""
    said = account_values(row)
    known = lists_of(row.company_id) if lists is None else lists
    told = {name: known[name, code] for name, code in TOLD.get(Origin(row.origin), ()) if (name, code) in known}
    return {**told, **said}


def draft(row: Registration, lists: Mapping[tuple[str, str], Any] | None = None) -> Account:
    """The unsaved account that a registration would become, for measuring it."""
    return Account(company_id=row.company_id, **new_values(row, lists))


def completed_by(user: User, on: date) -> int:
    """How many missing facts this person has completed on a day at settlements and verifications (QUAL-02)."""
    rows = FactSource.objects.filter(company_id=user.company_id, created_by=user, on=on)
    return int(rows.filter(origin__in=(Origin.SETTLEMENT, Origin.VERIFICATION)).count())


def completions(company_id: int, first: date, after: date, people: Iterable[int] | None = None) -> dict[int, int]:
    """Facts completed in a period, by the person who wrote them down."""
    rows = FactSource.objects.filter(company_id=company_id, on__gte=first, on__lt=after, origin=Origin.SETTLEMENT)
    mine = Q() if people is None else Q(created_by__in=list(people))
    return dict(
        rows.filter(mine, created_by__isnull=False).order_by().values_list("created_by").annotate(n=Count("pk"))
    )
