"""Planning visits, the receipt of reading, beginning, and handing the card back with the result (CARD-02..04)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.audit.sightings import Sighting, listeners
from guanxi.custody.models import Visit
from guanxi.custody.queries.visits import ON_THE_WAY, open_before
from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.jobs import Run, job
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

LABEL = "customers.account"
State = Visit.State


@action(Account, label=_("Plan a visit"), icon="map-pin", permission="view",
        mine=lambda _account, actor: actor.may("view", "custody.visit"),
        labels={"on": _("Day"), "purpose": _("Purpose"), "visitor": _("Visitor")},
        initial=lambda _account: {"on": clock.today()})  # fmt: skip
def plan_visit(account: Account, *, actor: User, on: date, purpose: str = "", visitor: User | None = None) -> Visit:
    """Put the card into the pack of a day: one's own, or that of somebody one leads."""
    person = visitor or actor
    if person.pk != actor.pk and actor not in heads_above(person):
        raise Forbidden(_("Only who leads a person plans that person's visits."))
    if on < clock.today():
        raise Refused(_("The day has passed."), field="on")
    if not Account.objects.visible_to(person).filter(pk=account.pk).exists():
        raise Refused(_("This customer is out of the visitor's reach."), field="visitor")
    if Visit.objects.filter(owner=person, account=account, day=on, state__in=ON_THE_WAY).exists():
        raise Refused(_("This visit is planned already."))
    visit = Visit(
        company_id=account.company_id, created_by_id=actor.pk, owner=person, department_id=person.department_id,
        account=account, day=on, purpose=purpose.strip()[:200],
    )  # fmt: skip
    visit.save()
    return visit


def note_receipt(seen: Sighting) -> None:
    """Whoever opens a card that is to be visited today or tomorrow has read it."""
    if seen.label != LABEL or seen.origin.actor_id is None:
        return
    today = clock.today()
    unread = Visit.objects.filter(
        owner=seen.origin.actor_id, account=seen.object_id, read_at=None, state=State.PLANNED,
        day__range=(today, today + timedelta(days=1)),
    )  # fmt: skip
    for visit in unread:
        visit.read_at = clock.now()
        visit.save(update_fields=["read_at"])


def _own(visit: Visit, actor: User) -> bool:
    return bool(visit.owner_id == actor.pk)


@action(Visit, label=_("Begin the visit"), icon="player-play", permission="view", bulk=False, mine=_own,
        when=lambda visit: visit.state == State.PLANNED)  # fmt: skip
def start(visit: Visit, *, actor: User) -> Visit:
    """Only with the card read."""
    if visit.state != State.PLANNED:
        raise Refused(_("This visit has begun already."))
    if visit.read_at is None:
        raise Refused(_("Read the card first: the visit can begin once the card has been opened."))
    if visit.day != clock.today():
        raise Refused(_("This visit is planned for %(day)s.") % {"day": visit.day.isoformat()})
    visit.state, visit.started_at = State.STARTED, clock.now()
    visit.save()
    return visit


@action(Visit, label=_("Hand the card back"), icon="clipboard-check", permission="view", bulk=False, mine=_own,
        when=lambda visit: visit.state == State.STARTED,
        labels={"result": _("Result and needs"), "competitor": _("Competitor"), "next_step": _("Next step"),
                "next_contact_on": _("Next contact")})  # fmt: skip
def hand_back(
    visit: Visit, *, actor: User, result: str, next_step: str, next_contact_on: date, competitor: str = ""
) -> Visit:
    """The visit counts once its result stands on the card: what came of it, what comes next, and when."""
    if visit.state != State.STARTED:
        raise Refused(_("Only a visit that has begun is written up."))
    if not result.strip():
        raise Refused(_("Write the result of the visit."), field="result")
    if not next_step.strip():
        raise Refused(_("Say what comes next."), field="next_step")
    if next_contact_on < clock.today():
        raise Refused(_("The next contact lies in the past."), field="next_contact_on")
    visit.state, visit.done_at, visit.next_contact_on = State.DONE, clock.now(), next_contact_on
    visit.result, visit.competitor = result.strip()[:2000], competitor.strip()[:400]
    visit.next_step = next_step.strip()[:400]
    visit.save()
    account = visit.account
    account.last_contact_on = max(filter(None, [account.last_contact_on, visit.day]))
    account.next_contact_on = next_contact_on
    account.save(update_fields=["last_contact_on", "next_contact_on"])
    return visit


@action(Visit, label=_("Drop"), icon="x", permission="view", danger=True, mine=_own,
        when=lambda visit: visit.state == State.PLANNED, labels={"reason": _("Reason")})  # fmt: skip
def drop(visit: Visit, *, actor: User, reason: str) -> Visit:
    """The visit does not take place."""
    if not reason.strip():
        raise Refused(_("Say why the visit does not take place."), field="reason")
    visit.state, visit.result = State.DROPPED, reason.strip()[:2000]
    visit.save()
    return visit


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
