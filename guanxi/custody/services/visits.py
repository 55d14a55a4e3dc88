"""The card goes with the visit: a receipt that it was read, no visit without it, and asking for cards that stay out (CARD-02..04)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.audit.sightings import Sighting, listeners
from guanxi.interactions.models import Visit
from guanxi.interactions.queries.visits import open_before
from guanxi.interactions.services.visits import gates
from guanxi.kernel import clock, work
from guanxi.kernel.jobs import Run, job
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

LABEL = "customers.account"


def note_receipt(seen: Sighting) -> None:
    """Whoever opens a card that is to be visited today or tomorrow has read it."""
    if seen.label != LABEL or seen.origin.actor_id is None:
        return
    today = clock.today()
    unread = Visit.objects.filter(
        owner=seen.origin.actor_id, account=seen.object_id, read_at=None, state=Visit.State.PLANNED,
        day__range=(today, today + timedelta(days=1)),
    )  # fmt: skip
    for visit in unread:
        visit.read_at = clock.now()
        visit.save(update_fields=["read_at"])


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
            tell([head], text, url=reverse("record-list", args=["visits"]) + "?view=open", icon="clipboard-check")

    work.unit_of_work(body)
    return {"people": len(held)}


listeners.append(note_receipt)
gates.append(card_unread)
