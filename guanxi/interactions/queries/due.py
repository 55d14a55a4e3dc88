"""What is due: visits and return visits of a person or a customer, and letters nobody has answered (LIFE-04, COMM-02)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from guanxi.interactions.models import Interaction, ReturnVisit, ServiceRequest, Visit

NEWEST = (
    "pk", "at", "kind", "channel", "direction", "content", "owner__name", "next_contact_on", "answered_at", "label", "object_id",
)  # fmt: skip


def visits_due(user: Any, day: Any) -> QuerySet[Any]:
    rows = Visit.objects.visible_to(user).filter(owner=user, day__lte=day, state__in=["planned", "started"])
    return rows.order_by("day", "pk")  # type: ignore[no-any-return]


def returns_due(user: Any, until: Any) -> QuerySet[Any]:
    rows = ReturnVisit.objects.visible_to(user).filter(owner=user, state=ReturnVisit.State.OPEN, due_on__lte=until)
    return rows.order_by("due_on", "pk")  # type: ignore[no-any-return]


def requests_open(user: Any) -> QuerySet[Any]:
    rows = ServiceRequest.objects.visible_to(user).filter(owner=user, state=ServiceRequest.State.OPEN)
    return rows.order_by("due_at", "pk")  # type: ignore[no-any-return]


def unanswered(user: Any) -> QuerySet[Any]:
    """Messages of the person's own customers that wait for an answer, the oldest first."""
    rows = Interaction.objects.visible_to(user).filter(direction=Interaction.Direction.IN, answered_at=None)
    return rows.filter(account__owner=user).order_by("at", "pk")  # type: ignore[no-any-return]


def newest(user: Any, account_id: int) -> QuerySet[Any]:
    """The newest dealings with a customer, for its time line."""
    rows = Interaction.objects.visible_to(user).filter(account=account_id).order_by("-at", "-pk")
    return rows.values_list(*NEWEST)[:12]  # type: ignore[no-any-return]


def coming_returns(user: Any, account_id: int) -> QuerySet[Any]:
    """Open return visits of a customer."""
    rows = ReturnVisit.objects.visible_to(user).filter(account=account_id, state=ReturnVisit.State.OPEN)
    return rows.order_by("due_on").values_list("pk", "reason", "way", "due_on", "owner__name")[:6]  # type: ignore[no-any-return]


def coming_visits(user: Any, account_id: int) -> QuerySet[Any]:
    """Visits of a customer that are planned or begun."""
    rows = Visit.objects.visible_to(user).filter(account=account_id, state__in=["planned", "started"])
    return rows.order_by("day").values_list("pk", "state", "day", "purpose", "owner__name")[:6]  # type: ignore[no-any-return]
