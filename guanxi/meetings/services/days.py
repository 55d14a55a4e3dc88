"""Writing the plan and the log of one's own day (FORM-05), and the secret address of one's calendar."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.meetings.models import CalendarFeed, WorkLog
from guanxi.meetings.models.days import digest_of
from guanxi.org.models import User

LATEST_LOG = 7  # days after which a day stays as it was written


def own_day(row: WorkLog, actor: Any, _verb: str) -> None:
    if row.owner_id != actor.pk:
        raise Forbidden(_("Everybody writes their own days."))
    _still_open(row.day)


def _still_open(day: date) -> None:
    if (clock.today() - day).days > LATEST_LOG:
        raise Refused(_("What lies more than %(n)d days back stays as it was written.") % {"n": LATEST_LOG})


def stamp(row: WorkLog) -> None:
    """When plan and log were first written; a log is not written ahead."""
    _still_open(row.day)
    if row.log.strip() and row.day > clock.today():
        raise Refused(_("A day is logged when it has come."), field="log")
    row.planned_at = row.planned_at or (clock.now() if row.plan.strip() else None)
    row.logged_at = row.logged_at or (clock.now() if row.log.strip() else None)


def write_day(actor: User, day: date, *, plan: str, log: str) -> WorkLog:
    """Plan and log of the actor's day, whichever is there."""
    declared, values = entity(WorkLog), {"plan": plan.strip(), "log": log.strip()}
    found = WorkLog.objects.visible_to(actor).filter(owner=actor, day=day).first()
    if found is None:
        return verbs.add(declared, {"day": day, **values}, actor=actor)  # type: ignore[no-any-return]
    return verbs.change(declared, found.pk, values, actor=actor)  # type: ignore[no-any-return]


def renew_feed(actor: User) -> str:
    """A new secret address; the one before stops working.  It is shown once."""
    token = secrets.token_urlsafe(24)

    def body() -> str:
        CalendarFeed.objects.update_or_create(
            user=actor, defaults={"digest": digest_of(token), "created_at": clock.now()}
        )
        work.require().witness(work.Change(actor.company_id, "org.user", actor.pk, str(actor), "feed", {}, {}))
        return token

    return work.unit_of_work(body)


def end_feed(actor: User) -> None:
    """Nobody reads the calendar from outside any more."""
    work.unit_of_work(lambda: CalendarFeed.objects.filter(user=actor).delete())


def reader_of(token: str) -> User | None:
    """Whose calendar the address opens; a frozen account's opens nothing."""
    feed = CalendarFeed.objects.filter(digest=digest_of(token)).select_related("user__company").first()
    return feed.user if feed and feed.user.is_active and feed.user.deleted_at is None else None
