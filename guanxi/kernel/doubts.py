"""Doubts: what an app above has to say before a row is stored, and how a person goes on all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import work
from guanxi.kernel.errors import Refused

OVERRIDE = "override"  # the right to go on against a hard doubt


class Doubt(Refused):
    """Something speaks against storing a row.  A hard one needs a right and a reason, a final one cannot be passed over."""

    status = 409

    def __init__(
        self, message: Any, *, hard: bool = False, final: bool = False, details: Sequence[Any] = ()
    ) -> None:  # `details` are for the page
        super().__init__(message)
        self.hard, self.final, self.details = hard or final, final, details


_consent: ContextVar[tuple[bool, str] | None] = ContextVar("consent", default=None)


@contextmanager
def asking(given: bool, reason: str = "") -> Iterator[None]:
    """A person is there to be asked; `given` once they have seen the doubt and want to go on."""
    token = _consent.set((given, reason.strip()))
    try:
        yield
    finally:
        _consent.reset(token)


Veto = Callable[[Any, Any, str], None]
vetoes: list[Veto] = []  # apps above refuse (row, actor, verb) by raising; asked with the row as it would be stored


def veto(row: Any, actor: Any, verb: str) -> None:
    for say in vetoes:
        say(row, actor, verb)


Judge = Callable[[str, Sequence[Any], Any, str], Sequence[Doubt | None]]
_judges: dict[str, Judge] = {}


def judge(label: str, function: Judge) -> None:
    """Have `function(label, rows, actor, verb)` asked before rows are stored; each row also against those before it."""
    _judges[label] = function


def judged(label: str) -> bool:
    return label in _judges


def doubts(label: str, rows: Sequence[Any], actor: Any, verb: str) -> Sequence[Doubt | None]:
    found = _judges.get(label)
    return found(label, rows, actor, verb) if found and rows else [None] * len(rows)


def ask(row: Any, actor: Any, verb: str) -> None:
    """Raise the doubt about one row unless it may be passed over; a soft one where nobody is there to be asked."""
    label, consent = row._meta.label_lower, _consent.get()
    doubt = doubts(label, [row], actor, verb)[0]
    if doubt is None or (consent is None and not doubt.hard):
        return
    given, reason = consent or (False, "")
    if not given or doubt.final or (doubt.hard and not actor.may(OVERRIDE, label)):
        raise doubt
    if doubt.hard and not reason:
        raise Doubt(_("Say why you go on."), hard=True, details=doubt.details)
    facts = {"found": str(doubt), "reason": reason}
    work.require().witness(work.Change(row.company_id, label, row.pk, str(row), f"{label}.overrode", {}, facts))
