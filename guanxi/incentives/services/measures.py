"""Measures: proposed for a person, approved by those whose word it takes, then in force; money goes into the ledger."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.incentives.models import Measure
from guanxi.incentives.queries.ledger import reaches
from guanxi.incentives.services.entries import Grounds, book, enter
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import list_url
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.org.models import User
from guanxi.org.services import tell

SUBJECT = "incentives.measure"
State, Kind = Measure.State, Measure.Kind
SIGNS = {Kind.BONUS: 1, Kind.FINE: -1}


def only_drafts(measure: Measure, actor: Any, verb: str) -> None:
    """Guard: what was put to the vote is no longer changed."""
    if measure.state != State.DRAFT:
        raise Forbidden(_("A measure that waits or is decided is not changed."))
    if measure.person_id == actor.pk:
        raise Forbidden(_("Nobody decides on a measure of their own."))


def check_measure(measure: Measure) -> None:
    """For somebody in one's reach, never for oneself; money only where the measure is about money."""
    actor = measure.created_by
    if actor is not None and measure.person_id == actor.pk:
        raise Invalid({"person": [_("Nobody proposes a measure for themselves.")]})
    if actor is not None and not reaches(actor, measure.person):
        raise Invalid({"person": [_("This person is not in your reach.")]})
    if (measure.kind in SIGNS) != bool(measure.amount):
        raise Invalid({"amount": [_("A bonus or a fine has an amount, other measures have none.")]})


@action(Measure, label=_("Ask for approval"), icon="send", bulk=False, when=lambda row: row.state == State.DRAFT)
def propose_measure(measure: Measure, *, actor: User) -> Measure:
    """On its way through the company's chain for measures."""
    only_drafts(measure, actor, "change")
    measure.state = State.ASKED
    measure.save(update_fields=["state"])
    request = Request(
        SUBJECT, str(measure), reason=measure.reason, row=measure, amount=measure.amount or None,
        keeper=measure.department,
    )  # fmt: skip
    ask(request, actor=actor)
    measure.refresh_from_db()
    return measure


def _refused(approval: Any) -> None:
    measure = Measure.objects.get(pk=approval.object_id)
    measure.state = State.REFUSED
    measure.save(update_fields=["state"])


@subject(SUBJECT, label=_("Measure for a person"), refused=_refused, steps=({"who": "head"},))
def _agreed(approval: Any) -> None:
    measure = Measure.objects.select_related("person").get(pk=approval.object_id)
    measure.state, measure.effective_on = State.APPROVED, max(measure.effective_on, clock.today())
    sign = SIGNS.get(Kind(measure.kind))
    if sign is not None:
        grounds = Grounds(measure.reason, row=measure, source="measure")
        measure.entry = enter(measure.person, sign * measure.amount, measure.get_kind_display(), grounds=grounds)
        if measure.entry is not None:
            book(measure.entry, approval.owner)
    measure.save(update_fields=["state", "effective_on", "entry"])
    text = gettext("A measure holds for you from %(day)s: %(what)s.") % {
        "what": measure.get_kind_display(),
        "day": measure.effective_on,
    }
    tell([measure.person], text, url=f"{list_url('incentives')}?view=mine", icon="award")
