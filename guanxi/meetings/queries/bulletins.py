"""Who may publish which bulletin, and who has read it."""

from __future__ import annotations

from typing import Any

from guanxi.meetings.models import Bulletin, Reading
from guanxi.org.models import User

LABEL = "meetings.bulletin"
PUBLISHERS = {
    "market": ("business-department", "marketing"),
    "finance": ("finance",),
    "technical": ("technology",),
}  # the roles a company starts with


def may_publish(row: Bulletin, actor: Any) -> bool:
    """Market and prices come from business, finance rules from finance, technical use from technology."""
    return bool(actor.may(f"publish_{row.kind}", LABEL))


def publishers_of(row: Bulletin) -> list[User]:
    """Who answers for this kind of bulletin and may publish it."""
    people = User.objects.filter(company_id=row.company_id, is_active=True, roles__code__in=PUBLISHERS[row.kind])
    return [person for person in people.distinct().order_by("pk") if may_publish(row, person)]


def readers(row: Bulletin) -> tuple[list[Reading], list[User]]:
    """Who has read it, the latest first, and who has not."""
    read = list(Reading.objects.filter(bulletin=row).select_related("person__department").order_by("-read_at"))
    known = {reading.person_id for reading in read} | {row.owner_id}
    people = User.objects.filter(company_id=row.company_id, is_active=True).exclude(pk__in=known)
    return read, list(people.select_related("department").order_by("name"))
