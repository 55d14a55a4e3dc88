"""Who may publish which bulletin, and who has read it."""

from __future__ import annotations

from typing import Any

from guanxi.meetings.models import Bulletin, Reading
from guanxi.org.models import User

LABEL = "meetings.bulletin"


def may_publish(row: Bulletin, actor: Any) -> bool:
    """Market and prices come from business, finance rules from finance, technical use from technology."""
    return bool(actor.may(f"publish_{row.kind}", LABEL))


def readers(row: Bulletin) -> tuple[list[Reading], list[User]]:
    """Who has read it, the latest first, and who has not."""
    read = list(Reading.objects.filter(bulletin=row).select_related("person__department").order_by("-read_at"))
    known = {reading.person_id for reading in read} | {row.owner_id}
    people = User.objects.filter(company_id=row.company_id, is_active=True).exclude(pk__in=known)
    return read, list(people.select_related("department").order_by("name"))
