"""What this app and the customer base put into calendars: meetings, action items, next contacts, steps of plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, PlanAction
from guanxi.kernel.addresses import record_url
from guanxi.meetings.models import ActionItem, Meeting, Seat
from guanxi.worktime.appointments import Appointment, Asked, calendar_source


@calendar_source(_("Meetings"), icon="users-group", tone="purple")
def meetings(asked: Asked) -> Iterable[Appointment]:
    seats = Seat.objects.filter(person=asked.person).values("meeting")
    rows = Meeting.objects.visible_to(asked.viewer).filter(held_on__gte=asked.first, held_on__lte=asked.last)
    for row in rows.filter(pk__in=seats) | rows.filter(owner=asked.person):
        yield Appointment(
            f"meeting-{row.pk}", row.held_on, row.name, record_url("meetings", row.pk),
            starts=time.fromisoformat(row.starts_at), ends=time.fromisoformat(row.ends_at), place=row.place,
            done=row.state == Meeting.State.CLOSED,
        )  # fmt: skip


@calendar_source(_("Action items"), icon="checklist", tone="amber")
def action_items(asked: Asked) -> Iterable[Appointment]:
    for row in asked.rows(ActionItem, "due_on"):
        url = record_url("action-items", row.pk)
        yield Appointment(f"action-{row.pk}", row.due_on, row.what, url, done=row.state == ActionItem.State.DONE)


@calendar_source(_("Next contacts"), icon="phone-call", tone="teal")
def next_contacts(asked: Asked) -> Iterable[Appointment]:
    rows = asked.rows(Account, "next_contact_on").filter(retired_on=None)
    for pk, name, day in rows.order_by("pk").values_list("pk", "name", "next_contact_on")[:500]:
        yield Appointment(f"contact-{pk}", day, name, record_url("customers", pk))


@calendar_source(_("Steps of account plans"), icon="route", tone="green")
def plan_steps(asked: Asked) -> Iterable[Appointment]:
    for row in asked.rows(PlanAction, "due_on", "person"):
        url = record_url("plan-actions", row.pk)
        yield Appointment(f"step-{row.pk}", row.due_on, row.what, url, done=row.done_on is not None)
