"""What a person says to a pair: not the same, or later."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.duplicates.models import Pair
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.org.models import User

WAITING = (Pair.State.OPEN, Pair.State.POSTPONED)


def waits(pair: Pair) -> bool:
    return pair.state in WAITING


@action(Pair, label=_("Not a duplicate"), permission="merge", icon="x", when=waits, labels={"note": _("Note")})
def not_same(pair: Pair, *, actor: User, note: str = "") -> Pair:
    """Two customers: the screening does not ask again."""
    return _decide(pair, Pair.State.DIFFERENT, actor, note)


@action(Pair, label=_("Decide later"), permission="merge", icon="clock", labels={"note": _("Note")},
        when=lambda pair: pair.state == Pair.State.OPEN)  # fmt: skip
def postpone(pair: Pair, *, actor: User, note: str = "") -> Pair:
    return _decide(pair, Pair.State.POSTPONED, actor, note)


@action(Pair, label=_("Look again"), permission="merge", icon="rotate",
        when=lambda pair: pair.state in (Pair.State.DIFFERENT, Pair.State.POSTPONED))  # fmt: skip
def reopen(pair: Pair, *, actor: User) -> Pair:
    return _decide(pair, Pair.State.OPEN, actor, "")


def _decide(pair: Pair, state: str, actor: User, note: str) -> Pair:
    pair.state, pair.decided_by, pair.decided_on = state, actor, clock.today()
    pair.note = note[:400] or pair.note
    pair.save(update_fields=["state", "decided_by", "decided_on", "note"])
    return pair
