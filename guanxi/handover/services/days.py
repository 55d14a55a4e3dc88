"""What the days bring by themselves: duties fall due, access ends, agreed changes take effect (ACCT-01, ACCT-03)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.handover.models import AccountRequest, PersonnelChange
from guanxi.handover.queries.accounts import clerks, heads_for, rules_of, to_tell
from guanxi.handover.services.requests import carry_out
from guanxi.kernel import clock, work
from guanxi.kernel.addresses import record_url
from guanxi.kernel.events import Event, listen
from guanxi.kernel.jobs import Run, job
from guanxi.org.services import close_account, give_roles, tell

Kind, State = PersonnelChange.Kind, PersonnelChange.State


def page(row: PersonnelChange) -> str:
    return record_url("personnel-changes", row.pk)


@listen("handover.personnelchange.created")
def announce(event: Event) -> None:
    """The block administrators learn of a change the moment it is entered."""
    row = PersonnelChange.objects.filter(pk=event.payload["id"]).first()
    if row is not None and row.state == State.OPEN:
        text = _("%(what)s: request the account change by %(day)s") % {"what": row, "day": row.due_on}
        tell(
            [one for one in clerks(row.department) if one.pk != event.payload["actor"]],
            text,
            url=page(row),
            icon="user-plus",
        )


@job("handover.days", every=timedelta(minutes=15))
def days(run: Run) -> dict[str, Any]:
    """Note what is overdue, end what has ended, carry out what was agreed for today; each row a unit of its own."""
    live, today = PersonnelChange.objects.filter(access_ended_at=None), clock.today()
    overdue = PersonnelChange.objects.filter(state=State.OPEN, due_on__lt=today, late=False)
    agreed = AccountRequest.objects.filter(state=AccountRequest.State.AGREED, day__lte=today).exclude(kind="open")
    return {
        "agreed": _each(agreed, lambda row: carry_out(row) != ""),
        "left": _each(live.filter(kind=Kind.LEAVING, day__lt=today), _end_access),
        "moved": _each(live.filter(kind=Kind.MOVE, due_on__lt=today), _end_rights),
        "overdue": _each(overdue, _escalate),
    }


def _each(rows: Any, one: Callable[[Any], bool]) -> int:
    """`one` on every row, read anew under a lock."""
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)[:1000]):

        def body(pk: int) -> bool:
            row = rows.filter(pk=pk).select_for_update(of=("self",)).first()
            return row is not None and one(row)

        done += work.unit_of_work(partial(body, pk))
    return done


def _escalate(row: PersonnelChange) -> bool:
    """Nobody has asked in time: that is noted, and the head is told."""
    row.late = True
    row.save(update_fields=["late"])
    text = _("Overdue since %(day)s: nobody has requested the account change. %(what)s") % {
        "day": row.due_on,
        "what": row,
    }
    tell(dict.fromkeys([*to_tell(row), *heads_for(row)[:1]]), text, url=page(row), icon="alert-triangle")
    return True


def _end_access(row: PersonnelChange) -> bool:
    """The day of leaving is over: the account is closed even if nobody acted (ACCT-01)."""
    if row.person is None or not rules_of(row.company_id).close_on_leaving:
        return False
    text = _("%(name)s has left: the account is closed.") % {"name": row.name}
    if row.person.is_active:
        close_account(row.person)
        tell(dict.fromkeys([*to_tell(row), *heads_for(row)[:1]]), text, url=page(row), icon="lock")
    row.access_ended_at = clock.now()
    row.save(update_fields=["access_ended_at"])
    return True


def _end_rights(row: PersonnelChange) -> bool:
    """The new post has begun without new rights: those of the old post end."""
    if row.person is None or not rules_of(row.company_id).end_roles_on_move:
        return False
    if row.state != State.DONE:
        give_roles(row.person, [])
        text = _("%(name)s has changed post: the old rights have ended, new ones wait for a request.") % {
            "name": row.name
        }
        tell(dict.fromkeys([*to_tell(row), *heads_for(row)[:1]]), text, url=page(row), icon="lock")
    row.access_ended_at = clock.now()
    row.save(update_fields=["access_ended_at"])
    return True
