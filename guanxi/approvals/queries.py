"""Whom a chain asks, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval, Flow, FlowStep, Vote
from guanxi.approvals.subjects import the_subject
from guanxi.kernel.addresses import record_url
from guanxi.kernel.models import Company
from guanxi.org.models import Department, Role, User
from guanxi.org.queries import leaders


def flow_of(company: Company, kind: str) -> Flow | None:
    found: Flow | None = Flow.objects.filter(company=company, kind=kind).first()
    return found


# The standard a step begins with; each company writes its own.
USUAL = _("Check facts and grounds, decide within one working day, and give the reason for a no.")


def steps_of(company: Company, kind: str) -> list[FlowStep]:
    """The company's own chain, else the one the subject comes with."""
    flow = flow_of(company, kind)
    if flow is not None:
        return list(FlowStep.objects.filter(flow=flow).select_related("role", "person"))
    return [ready_step(company, n, step) for n, step in enumerate(the_subject(kind).steps, 1)]


def ready_step(company: Company, position: int, given: dict[str, Any]) -> FlowStep:
    """An unsaved step from what a subject declares; a role is named by its code."""
    role = Role.objects.filter(company=company, code=given["role"]).first() if "role" in given else None
    return FlowStep(company=company, position=position, **{"standard": str(USUAL), **given, "role": role})


def approvers(step: FlowStep, requester: User, keeper: Department | None = None) -> list[User]:
    """The people a step means; never the requester.  Heads are those of `keeper` where that department decides."""
    heads = leaders(keeper or requester.department, without=requester.pk)
    match step.who:
        case FlowStep.Who.HEAD:
            found = heads[:1]
        case FlowStep.Who.ABOVE:
            found = heads[1:2] or heads[:1]  # below the top there is only one
        case FlowStep.Who.ROLE:
            found = list(User.objects.filter(roles=step.role, is_active=True).order_by("pk")) if step.role else []
        case _:
            found = [step.person] if step.person is not None and step.person.is_active else []
    return [person for person in found if person.pk != requester.pk]


def heads_all(requester: User) -> bool:
    """Is this the head of the whole company?"""
    home = requester.department
    return home is not None and home.parent_id is None and home.head_id == requester.pk


def applies(step: FlowStep, amount: Decimal | None) -> bool:
    return step.from_amount is None or (amount is not None and amount >= step.from_amount)


def open_vote(approval: Approval, user: User) -> Vote | None:
    """What this person has to decide now."""
    found: Vote | None = Vote.objects.filter(approval=approval, person=user, state=Vote.State.OPEN).first()
    return found


def pending(label: str, object_id: int, kind: str = "") -> QuerySet[Approval]:
    """Open requests about one record."""
    found: QuerySet[Approval] = Approval.objects.filter(label=label, object_id=object_id, state=Approval.State.PENDING)
    return found.filter(kind=kind) if kind else found


def deciding(label: str, ids: Iterable[int], user: User) -> dict[int, tuple[str, list[User]]]:
    """Of records that wait for a yes: the request's page, where the reader may open it, and who has to decide now."""
    asked = Approval.objects.filter(label=label, object_id__in=list(ids), state=Approval.State.PENDING)
    seen = set(Approval.objects.visible_to(user).filter(pk__in=asked).values_list("pk", flat=True))
    found: dict[int, tuple[str, list[User]]] = {}
    votes = Vote.objects.filter(approval__in=asked, state=Vote.State.OPEN).select_related("approval", "person")
    for vote in votes.order_by("pk"):
        request = vote.approval
        url = record_url("approvals", request.pk) if request.pk in seen else ""
        found.setdefault(request.object_id, (url, []))[1].append(vote.person)
    return found
