"""What meetings, bulletins and daily logs show on their pages: agenda, missing sides, actions, readers; the printed minutes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from guanxi.kernel.addresses import list_url
from guanxi.meetings.models import ActionItem, Bulletin, Meeting, Seat, WorkLog
from guanxi.meetings.queries.bulletins import may_publish, readers
from guanxi.web.panels import panel
from guanxi.worktime.appointments import Asked, appointments, on_day

SIDES = (Seat.Side.SALES, Seat.Side.MARKETING, Seat.Side.SERVICE)
MEETING, BULLETIN = "meetings.meeting", "meetings.bulletin"
READ, WAITING = 12, 60  # names shown


def _parts(meeting: Meeting, user: Any) -> dict[str, Any]:
    actions = ActionItem.objects.visible_to(user).filter(meeting=meeting).select_related("owner")
    return {
        "meeting": meeting,
        "points": meeting.points.filter(deleted_at=None),
        "seats": meeting.seats.filter(deleted_at=None).select_related("person__department"),
        "actions": actions.order_by("due_on", "pk"),
    }


@panel(MEETING, "meetings/agenda.html", order=10)
def agenda(meeting: Meeting, user: Any) -> dict[str, Any]:
    """The points with their facts and outcomes, what is left to do, and which side nobody speaks for (MEET-01)."""
    parts = _parts(meeting, user)
    there = {seat.side for seat in parts["seats"]}
    missing = [str(side.label) for side in SIDES if side not in there] if meeting.kind == Meeting.Kind.MONTHLY else []
    may = meeting.state == Meeting.State.PLANNED and (meeting.owner_id == user.pk or user.may("change_others", MEETING))
    return {
        **parts,
        "missing": "、".join(missing),
        "may": may,
        "print": reverse("record-print", args=["meetings", meeting.pk]),
    }


@panel(MEETING, "meetings/minutes.html", place="card", order=10)
def minutes(meeting: Meeting, user: Any) -> dict[str, Any]:
    """On paper: who was there, what was talked about, who does what by when."""
    return _parts(meeting, user)


@panel(BULLETIN, "meetings/readers.html", place="rail", order=10)
def reading_list(bulletin: Bulletin, user: Any) -> dict[str, Any] | None:
    """Who has read it; who has not is shown to the publishers (MKTI-03)."""
    if bulletin.state != Bulletin.State.PUBLISHED:
        return None
    read, waiting = readers(bulletin)
    where = json.dumps({"f": "bulletin", "op": "is", "v": bulletin.pk})
    mine = bulletin.owner_id == user.pk or may_publish(bulletin, user)
    return {
        "read": read[:READ], "n_read": len(read), "n_all": len(read) + len(waiting),
        "waiting": waiting[:WAITING] if mine else [], "all": f"{list_url('bulletin-readings')}?where={quote(where)}",
        "more": max(0, len(waiting) - WAITING),
    }  # fmt: skip


@panel("meetings.worklog", "meetings/log_items.html", place="rail", order=10)
def of_the_day(row: WorkLog, user: Any) -> dict[str, Any] | None:
    """What stood in the calendar that day, beside what was written."""
    if row.owner is None:
        return None
    items = on_day(appointments(Asked(row.owner, user, row.day, row.day)), row.day)
    return {"items": items, "day": row.day} if items else None
