"""What dealings put into calendars: visits, return visits and receptions."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from guanxi.interactions.models import Reception, ReturnVisit, Visit
from guanxi.kernel.addresses import record_url
from guanxi.worktime.appointments import Appointment, Asked, calendar_source

MOST = 500


@calendar_source(_("Visits"), icon="map-pin", tone="blue")
def visits(asked: Asked) -> Iterable[Appointment]:
    rows = asked.rows(Visit, "day").exclude(state=Visit.State.DROPPED).select_related("account")
    for row in rows.order_by("day", "pk")[:MOST]:
        url = record_url("visits", row.pk)
        yield Appointment(f"visit-{row.pk}", row.day, row.account.name, url, done=row.state == Visit.State.DONE)


@calendar_source(_("Return visits"), icon="phone-call", tone="teal")
def return_visits(asked: Asked) -> Iterable[Appointment]:
    rows = asked.rows(ReturnVisit, "due_on").select_related("account")
    for row in rows.order_by("due_on", "pk")[:MOST]:
        url, done = record_url("return-visits", row.pk), row.state != ReturnVisit.State.OPEN
        yield Appointment(f"return-{row.pk}", row.due_on, row.account.name, url, done=done)


@calendar_source(_("Receptions"), icon="users-group", tone="purple")
def receptions(asked: Asked) -> Iterable[Appointment]:
    for row in asked.rows(Reception, "day").exclude(state=Reception.State.DROPPED):
        url = record_url("receptions", row.pk)
        yield Appointment(f"reception-{row.pk}", row.day, row.title, url, last=row.until, place=row.place)
