"""The card goes with the visit: a receipt that it was read, no visit without it, and asking for cards that stay out (CARD-02..04)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.audit.sightings import Sighting, listeners
from guanxi.interactions.models import Visit
from guanxi.interactions.queries.visits import open_before
from guanxi.interactions.services.visits import gates
from guanxi.kernel import clock, work
from guanxi.kernel.addresses import list_url
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.prepared import ask
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

LABEL = "customers.account"


def note_receipt(seen: Sighting) -> None:
    """Whoever opens a card that is to be visited today or tomorrow has read it."""
    if seen.label != LABEL or seen.origin.actor_id is None:
        return
    for visit in ask(_unread, None, seen.origin.actor_id, seen.object_id, today=clock.today()):
        visit.read_at = clock.now()
        visit.save(update_fields=["read_at"])


def _unread(_user: Any, person_id: int, account_id: int, *, today: date) -> Any:
    """A question for `kernel.prepared`: asked whenever anybody looks at a customer."""
    soon = (today, today + timedelta(days=1))
    return Visit.objects.filter(
        owner=person_id, account=account_id, read_at=None, state=Visit.State.PLANNED, day__range=soon
    )


def card_unread(visit: Visit) -> Any:
    """Nobody visits without having read the card."""
    return "" if visit.read_at else _("Read the card first: the visit can begin once the card has been opened.")


@job("custody.visits", at_hour=8)
def chase(run: Run) -> dict[str, Any]:
    """Cards of earlier days that have not come back: a word to who holds them, and to the head."""
    held: dict[User, int] = defaultdict(int)
    for visit in open_before(clock.today())[:5000]:
        if visit.owner is not None:
            held[visit.owner] += 1

    def body() -> None:
        above: dict[User, int] = defaultdict(int)
        for person, n in held.items():
            text = _("Cards to hand back: %(n)d. Write the results of your visits.") % {"n": n}
            tell([person], text, url=reverse("visit-pack"), icon="clipboard-check")
            for head in heads_above(person)[:1]:
                above[head] += n
        for head, n in above.items():
            text = _("Cards not handed back after visits: %(n)d") % {"n": n}
            tell([head], text, url=list_url("visits") + "?view=open", icon="clipboard-check")

    work.unit_of_work(body)
    return {"people": len(held)}


listeners.append(note_receipt)
gates.append(card_unread)
