"""The one way to write: a unit of work is atomic, retried when the database asks for it, audited, then announced.

Order inside a unit: body, then the sealers (search index, audit trail: always last), COMMIT, and only then what was
deferred with `after_commit`.  An inner unit joins the outer one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, IntegrityError, transaction

T = TypeVar("T")
P = ParamSpec("P")

ATTEMPTS = 8
RETRYABLE_STATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
RETRYABLE_TEXTS = ("database is locked", "database table is locked")


@dataclass
class Change:
    """What happened to one row: `old` and `new` hold only the fields that differ, as JSON values."""

    company_id: int | None
    label: str
    object_id: int
    title: str
    verb: str
    old: dict[str, Any]
    new: dict[str, Any]
    row: Any = None


@dataclass
class Work:
    verb: str = ""
    reason: str = ""
    changes: dict[tuple[str, int], Change] = field(default_factory=dict)
    extra: list[Change] = field(default_factory=list)
    announcements: list[Callable[[], None]] = field(default_factory=list)
    undo: list[Callable[[], None]] = field(default_factory=list)  # puts objects in memory back if the unit fails

    def note(self, change: Change) -> None:
        """Remember a change; several changes of one row in one unit become one entry."""
        key = (change.label, change.object_id)
        known = self.changes.get(key)
        if known is None:
            self.changes[key] = change
            return
        if known.verb != "created":  # a row made in this unit has no earlier values
            known.old = {**change.old, **known.old}
        known.new = {**known.new, **change.new}
        if change.verb == "erased":
            known.verb, known.new = "erased", {}
        known.title, known.row = change.title or known.title, change.row or known.row

    def witness(self, change: Change) -> None:
        """Remember an act that changes no row by itself (a view, an export, a sign-in)."""
        self.extra.append(change)

    def absorb(self, other: Work) -> None:
        """Take over what a part of this unit has done."""
        for change in other.changes.values():
            self.note(change)
        self.extra += other.extra
        self.announcements += other.announcements
        self.undo += other.undo

    def forget(self) -> None:
        while self.undo:
            self.undo.pop()()


_current: ContextVar[Work | None] = ContextVar("unit_of_work", default=None)
sealers: list[tuple[int, Callable[[Work], None], frozenset[str]]] = []
inject_fault: Callable[[int], None] | None = None  # the chaos harness raises here, just before COMMIT


def sealer(rank: int, *labels: str) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Register a function that runs inside the transaction after the body, in order of `rank` (audit is 100).

    With `labels` it runs only if the unit, or a sealer before it, changed rows of one of these entities.
    """

    def register(function: Callable[[Work], None]) -> Callable[[Work], None]:
        sealers.append((rank, function, frozenset(labels)))
        sealers.sort(key=lambda one: one[0])
        return function

    return register


def current() -> Work | None:
    return _current.get()


def require() -> Work:
    work = _current.get()
    if work is None:
        raise RuntimeError("Write inside a unit_of_work().")
    return work


def after_commit(function: Callable[[], None]) -> None:
    """Run `function` once COMMIT has returned; never if the unit fails."""
    require().announcements.append(function)


def part(body: Callable[[], T]) -> T:
    """Run `body` as a part that may fail alone: then its writes, notes and announcements are gone, the rest stays."""
    outer = require()
    inner = Work(verb=outer.verb, reason=outer.reason)
    token = _current.set(inner)
    try:
        with transaction.atomic():
            result = body()
    except BaseException:
        inner.forget()
        raise
    finally:
        _current.reset(token)
    outer.absorb(inner)
    return result


def _retryable(error: DatabaseError, attempt: int) -> bool:
    if isinstance(error, IntegrityError):
        return attempt == 0  # a twin was faster: the second time our own checks see its row and say so in words
    state = getattr(error.__cause__, "sqlstate", None)
    return state in RETRYABLE_STATES or any(text in str(error) for text in RETRYABLE_TEXTS)


def unit_of_work(body: Callable[[], T], *, verb: str = "", reason: str = "") -> T:
    """Run `body` as one unit and return its result.  The body may run more than once: keep it free of outside effects."""
    outer = _current.get()
    if outer is not None:
        outer.verb, outer.reason = outer.verb or verb, outer.reason or reason
        return body()
    for attempt in range(ATTEMPTS):
        work = Work(verb=verb, reason=reason)
        token = _current.set(work)
        try:
            with transaction.atomic():
                result = body()
                for _rank, seal, labels in sealers:
                    if not labels or labels & {label for label, _pk in work.changes}:
                        seal(work)
                if inject_fault is not None:
                    inject_fault(attempt)
            break
        except DatabaseError as error:
            work.forget()
            if not _retryable(error, attempt) or attempt == ATTEMPTS - 1:
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311 -- jitter, not a secret
        except BaseException:
            work.forget()
            raise
        finally:
            _current.reset(token)
    for announce in work.announcements:
        announce()
    return result


def put(row: Any, name: str, value: Any) -> None:
    """Set what is derived on an object that was there before the unit: its next attempt must derive it again."""
    require().undo.append(partial(setattr, row, name, getattr(row, name)))
    setattr(row, name, value)


def in_unit_of_work(function: Callable[P, T]) -> Callable[P, T]:
    """The same as a decorator."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return unit_of_work(lambda: function(*args, **kwargs))

    return run
