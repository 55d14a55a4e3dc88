"""Closing an assessment: the measure was taken, with what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User
from guanxi.rulebook.models import Assessment

State = Assessment.State


def guard_assessment(row: Assessment, _actor: Any, verb: str) -> None:
    """Guard: what was closed is history."""
    if verb in ("change", "delete") and row.state == State.CLOSED:
        raise Forbidden(_("This assessment is closed; write a new one."))


def is_open(row: Assessment) -> bool:
    return row.state == State.OPEN


@action(Assessment, label=_("Close as corrected"), icon="circle-check", permission="close", bulk=False, when=is_open,
        labels={"result": _("Result")})  # fmt: skip
def close(row: Assessment, *, actor: User, result: str) -> Assessment:
    """Whoever checks says what came of the measure; nobody closes what they correct themselves."""
    if not is_open(row):
        raise Refused(_("This assessment is closed already."))
    if row.owner_id == actor.pk:
        raise Forbidden(_("Somebody else has to see that it is corrected."))
    if not result.strip():
        raise Refused(_("Say what came of the measure."), field="result")
    row.state, row.closed_on, row.result = State.CLOSED, clock.today(), result.strip()[:1000]
    row.save()
    return row
