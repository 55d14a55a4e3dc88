"""Counting what each person reads, in memory between writes, and stopping who reads far more than work needs (SEC-07)."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.audit.sightings import Look, watchers
from guanxi.custody.models import Flag, Safeguard
from guanxi.custody.queries.watch import Read, allowed, is_card, read_so_far, safeguard_of, standing
from guanxi.custody.services.flags import count, note
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

LIMITS = ("opened_hour", "opened_day", "listed_hour", "listed_day")
CARDS, ROWS, WRITE_AFTER = 10, 500, 300.0  # so much, or what is so old, is written
READ_AFTER = 15.0  # seconds; what another process noted is seen no later
MOST_KEYS, MOST_PEOPLE = 5_000, 5_000


class TooMuch(Refused):
    """Stopped for today: the page says why, who was told and how it goes on."""

    status = 429


@dataclass
class Slate:
    """What one process knows of one person in one hour; `opened` and `listed` are not in the table yet."""

    day: date
    hour: int
    read: Read = field(default_factory=Read)
    turns: dict[str, int] = field(default_factory=dict)
    stopped: bool = False
    read_at: float = 0.0
    written_at: float = field(default_factory=time.monotonic)
    opened: int = 0
    listed: int = 0
    warned: set[tuple[str, int]] = field(default_factory=set)
    keys: set[Hashable] = field(default_factory=set)

    def number(self, kind: str) -> int:
        return self.read.of(kind) + (self.opened if kind.startswith("opened") else self.listed)

    def reaches(self, limits: Safeguard, kind: str) -> str:
        """Is the limit passed, or neared for the first time?"""
        turn, number = self.turns.get(kind, 0), self.number(kind)
        most = allowed(limits, kind, turn)
        if most and number > most:
            return Flag.Level.STOPPED
        if most and number * 100 >= most * limits.warn_percent and (kind, turn) not in self.warned:
            return Flag.Level.WARNING
        return ""


_slates: dict[int, Slate] = {}
_lock = threading.Lock()


def watch(look: Look) -> None:
    """Count a look at customers and what hangs on them; TooMuch for who has to wait."""
    if not is_card(look.label):
        return
    slate, limits = _slate(look.user), safeguard_of(look.user)
    _add(slate, look)
    if any(slate.reaches(limits, kind) for kind in LIMITS) or _is_due(slate):
        _write(look.user, slate)
        _judge(look.user, slate, limits)
    elif time.monotonic() - slate.read_at > READ_AFTER:
        _read(look.user, slate)
    if slate.stopped:
        raise TooMuch(
            _("More customer files have been read from your account today than work normally needs. Your head has been "
              "told and can let you go on at once; otherwise it goes on tomorrow.")
        )  # fmt: skip


def _add(slate: Slate, look: Look) -> None:
    """The same record or the same page of a list counts once an hour: looking again is no new reading."""
    key = (look.label, look.key)
    with _lock:
        if key in slate.keys or slate.stopped:
            return
        if len(slate.keys) < MOST_KEYS:
            slate.keys.add(key)
        slate.opened += 1 if look.pk else 0
        slate.listed += 0 if look.pk else look.rows


def _slate(user: Any) -> Slate:
    now = timezone.localtime(clock.now())
    known = _slates.get(user.pk)
    if known is not None and (known.day, known.hour) == (now.date(), now.hour):
        return known
    if known is not None:
        _write(user, known)
    if len(_slates) >= MOST_PEOPLE:
        _slates.clear()
    fresh = Slate(now.date(), now.hour)
    _read(user, fresh)
    _slates[user.pk] = fresh
    return fresh


def _is_due(slate: Slate) -> bool:
    pending = slate.opened or slate.listed
    old = time.monotonic() - slate.written_at > WRITE_AFTER
    return slate.opened >= CARDS or slate.listed >= ROWS or bool(pending and old)


def _write(user: Any, slate: Slate) -> None:
    """Put what came together into the table and read back what all processes have put there."""
    with _lock:
        opened, listed, slate.opened, slate.listed = slate.opened, slate.listed, 0, 0
    if opened or listed:
        count(user, slate.day, slate.hour, opened=opened, listed=listed)
    slate.written_at = time.monotonic()
    _read(user, slate)


def _read(user: Any, slate: Slate) -> None:
    slate.read = read_so_far(user.pk, slate.day, slate.hour)
    slate.turns, stopping = standing(user.pk, slate.day)
    slate.stopped = bool(stopping - {Flag.Kind.EXPORTED})  # that one stops exports only
    slate.read_at = time.monotonic()


def _judge(user: Any, slate: Slate, limits: Safeguard) -> None:
    for kind in LIMITS:
        level, turn = slate.reaches(limits, kind), slate.turns.get(kind, 0)
        if level:
            slate.warned.add((kind, turn))
            most = allowed(limits, kind, turn)
            note(user, kind, level, measured=(slate.number(kind), most), turn=turn)
        slate.stopped = slate.stopped or level == Flag.Level.STOPPED


def forget(user_id: int | None) -> None:
    """Something was lifted: what is known of this person is asked for anew."""
    _slates.pop(user_id or 0, None)


watchers.append(watch)


def _may_lift(flag: Flag, actor: User) -> bool:
    """Who leads the person; nobody lifts his own."""
    return flag.owner_id != actor.pk and flag.owner is not None and (
        actor in heads_above(flag.owner) or "audit" in actor.access.areas
    )  # fmt: skip


@action(Flag, label=_("Lift the limit"), icon="lock-open", permission="view", bulk=False, mine=_may_lift,
        when=lambda flag: flag.level == Flag.Level.STOPPED and flag.lifted_at is None and flag.day == clock.today(),
        labels={"reason": _("Reason")})  # fmt: skip
def lift(flag: Flag, *, actor: User, reason: str) -> Flag:
    """Let the person go on today, for as much again as the limit allows."""
    if not reason.strip():
        raise Refused(_("Say why the person may go on."), field="reason")
    if flag.lifted_at is not None or flag.day != clock.today() or flag.level != Flag.Level.STOPPED:
        raise Refused(_("There is nothing to lift any more."))
    flag.lifted_at, flag.lifted_by, flag.remark = clock.now(), actor, reason.strip()[:400]
    flag.save()
    work.after_commit(partial(forget, flag.owner_id))
    if flag.owner is not None:
        tell([flag.owner], str(_("You may go on: %(why)s") % {"why": reason.strip()[:200]}), icon="lock-open")
    return flag
