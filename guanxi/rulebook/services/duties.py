"""Waiving a duty with a reason; everything else about duties is the engine's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User
from guanxi.rulebook.models import Duty

State = Duty.State


def by_the_engine_only(_duty: Any, _actor: Any, _verb: str) -> None:
    """Guard: nobody types a duty or its outcome."""
    raise Forbidden(_("Duties follow from the clauses and the facts; they are not changed by hand."))


def is_owed(duty: Duty) -> bool:
    return duty.state in (State.OPEN, State.MISSED)


@action(Duty, label=_("Waive"), icon="circle-off", permission="waive", danger=True, when=is_owed,
        mine=lambda duty, actor: duty.owner_id != actor.pk, labels={"reason": _("Reason")})  # fmt: skip
def waive(duty: Duty, *, actor: User, reason: str) -> Duty:
    """Nobody waives a duty of their own; the reason stays with it."""
    if not is_owed(duty):
        raise Refused(_("This duty is decided already."))
    if not reason.strip():
        raise Refused(_("Say why the duty is waived."), field="reason")
    duty.state, duty.note, duty.decided_by = State.WAIVED, reason.strip()[:400], actor
    duty.met_on = clock.today()
    duty.save()
    return duty
