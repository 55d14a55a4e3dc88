"""The course of a handover: divide, propose, both sides sign, seal; or take it back before that (ACCT-05)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.handover.models import Handover, Holding, PersonnelChange, Rule, Successor
from guanxi.handover.services.plan import plan
from guanxi.handover.services.requests import check_concerning
from guanxi.handover.services.sealing import seal_job
from guanxi.kernel import clock
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Job
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

State = Handover.State
UNSIGNED, SIGNING = (State.PROPOSED, State.LEAVER), (State.PROPOSED, State.LEAVER, State.SIGNED)


# -- who may, and what may be written ----------------------------------------------------------------------------------


def leads(handover: Handover, actor: User) -> bool:
    """Who leads the person, or may freeze accounts, brings a handover to its end; never the person."""
    if actor.pk == handover.person_id:
        return False
    return actor.may("freeze", "org.user") or actor in heads_above(handover.person)


def check_handover(handover: Handover) -> None:
    check_concerning(handover)
    _check_successor(handover, handover.rest_to, "rest_to")


def check_part(row: Rule | Successor) -> None:
    """Successors and rules belong to a draft, and name people who are there."""
    if not row.handover.is_draft:
        raise Refused(_("The handover has been proposed: take it back to change the division."))
    person = row.to if isinstance(row, Rule) else row.person
    if person is not None:
        _check_successor(row.handover, person, "to" if isinstance(row, Rule) else "person")


def _check_successor(handover: Handover, to: User, field: str) -> None:
    if to.pk == handover.person_id or not to.is_active or to.company_id != handover.company_id:
        raise Refused(_("Choose a colleague who is there."), field=field)


def draft_only(row: Any, _actor: User, _verb: str) -> None:
    handover = row if isinstance(row, Handover) else row.handover
    if not handover.is_draft:
        raise Forbidden(_("The handover has been proposed: take it back to change the division."))


def by_division_only(_row: Any, _actor: User, _verb: str) -> None:
    raise Forbidden(_("This follows from the division: give it to somebody else there."))


def page(handover: Handover) -> str:
    return record_url("handovers", handover.pk)


def _tell(handover: Handover, people: Iterable[User | None], text: Any, icon: str = "transfer") -> None:
    tell(
        dict.fromkeys(one for one in people if one is not None and one.is_active),
        str(text),
        url=page(handover),
        icon=icon,
    )


def _people(handover: Handover) -> list[User]:
    return [row.person for row in Successor.objects.filter(handover=handover).select_related("person__company")]


def _under_way(change: PersonnelChange) -> bool:
    begun = Handover.objects.filter(person=change.person_id).exclude(state__in=[State.SEALED, State.CANCELLED])
    return change.person_id is not None and bool(begun.exists())


def _waits(change: PersonnelChange) -> bool:
    """Nothing has been handed over because of it, and nothing is being."""
    sealed = Handover.objects.filter(person=change.person_id, kind=change.kind, state=State.SEALED)
    done = sealed.filter(created_at__gte=change.created_at).exists()
    return change.kind != PersonnelChange.Kind.ENTRY and not done and not _under_way(change)


# -- beginning and dividing --------------------------------------------------------------------------------------------


@action(PersonnelChange, label=_("Prepare the handover"), icon="transfer", bulk=False, lands=MADE, when=_waits,
        labels={"rest_to": _("takes the rest")})  # fmt: skip
def prepare(change: PersonnelChange, *, actor: User, rest_to: User) -> Handover:
    """A draft with everything the person holds, to be divided."""
    if change.person is None or change.kind == PersonnelChange.Kind.ENTRY:
        raise Refused(_("Nobody hands anything over here."))
    if _under_way(change):
        raise Refused(_("A handover of this person is under way already."))
    row = Handover(
        company_id=change.company_id, created_by_id=actor.pk, owner=actor, department_id=change.department_id,
        person=change.person, kind=change.kind, day=change.day, rest_to=rest_to, reason=str(change)[:200],
    )  # fmt: skip
    check_handover(row)
    row.save()
    return row


@action(Holding, label=_("Give to"), permission="change", icon="user-check", labels={"to": _("To")},
        when=lambda row: row.handover.is_draft)  # fmt: skip
def give_to(holding: Holding, *, actor: User, to: User) -> Holding:
    """By hand: this one goes to that person, whatever the rules say."""
    handover = Handover.objects.get(pk=holding.handover_id)
    if not handover.is_draft:
        raise Refused(_("The handover has been proposed: take it back to change the division."))
    if holding.successor_id is None:
        raise Refused(_("This ends with the handover; nobody takes it over."))
    _check_successor(handover, to, "to")
    holding.successor, holding.by_hand = to, True
    holding.save(update_fields=["successor", "by_hand"])
    plan(handover)
    return holding


# -- proposing and signing ---------------------------------------------------------------------------------------------


@action(Handover, label=_("Propose"), icon="send", bulk=False, when=lambda row: row.is_draft, mine=leads,
        confirm=_("Both sides are asked to sign. To divide anew afterwards, take it back; then all sign again."))  # fmt: skip
def propose(handover: Handover, *, actor: User) -> Handover:
    """Take stock once more and ask both sides to sign; conflicts have to be solved first."""
    plan(handover)
    if trouble := Holding.objects.filter(handover=handover).exclude(problem="").first():
        raise Refused(_("“%(what)s” cannot go there: %(why)s") % {"what": trouble.title, "why": trouble.problem})
    handover.state, handover.problem = State.PROPOSED, ""
    handover.save()
    for successor in Successor.objects.filter(handover=handover):
        if successor.person_id != handover.rest_to_id and not _takes_part(successor):
            successor.delete()
    text = _("Please sign the handover of %(name)s.") % {"name": handover.person}
    _tell(handover, [handover.person, *_people(handover)], text)
    return handover


@action(Handover, label=_("Take stock anew"), icon="refresh", bulk=False, when=lambda row: row.is_draft)
def take_stock(handover: Handover, *, actor: User) -> Handover:
    """What has come to the person meanwhile, such as duties and return visits, joins the list of things."""
    if not handover.is_draft:
        raise Refused(_("The handover has been proposed: take it back to change the division."))
    plan(handover)
    return handover


def _takes_part(successor: Successor) -> bool:
    return bool(Holding.objects.filter(handover=successor.handover_id, successor=successor.person_id).exists())


def _may_sign(handover: Handover, actor: User) -> bool:
    if actor.pk == handover.person_id:
        return handover.signed_at is None
    return bool(Successor.objects.filter(handover=handover, person=actor, signed_at=None).exists())


@action(Handover, label=pgettext_lazy("handover", "Sign"), icon="signature", permission="view", bulk=False, mine=_may_sign,
        when=lambda row: row.state in SIGNING, confirm=_("I have read the list and agree to the handover."))  # fmt: skip
def sign(handover: Handover, *, actor: User) -> Handover:
    """The giving side, or one of those who take over, agrees."""
    if handover.state not in SIGNING or not _may_sign(handover, actor):
        raise Refused(_("There is nothing for you to sign."))
    if actor.pk == handover.person_id:
        handover.signed_at, handover.signed_by = clock.now(), actor
    else:
        row = Successor.objects.select_for_update().get(handover=handover, person=actor)
        row.signed_at, row.signed_by = clock.now(), actor
        row.save(update_fields=["signed_at", "signed_by"])
    return _settle(handover)


def _job_key(handover: Handover) -> str:
    return f"handover:{handover.pk}"


@action(Handover, label=_("Seal"), icon="rubber-stamp", bulk=False, mine=leads,
        when=lambda row: row.state in (State.SIGNED, State.SEALING),
        confirm=_("Everything changes hands now; this cannot be undone. On leaving, the account is closed."))  # fmt: skip
def seal(handover: Handover, *, actor: User) -> Handover:
    """Hand everything over as signed, in the background (services.sealing); one that was stopped goes on."""
    busy = Job.objects.filter(unique_key=_job_key(handover), state__in=["ready", "running"]).exists()
    if handover.state == State.SEALING and busy:
        raise Refused(_("It is being sealed."))
    if handover.state not in (State.SIGNED, State.SEALING):
        raise Refused(_("Both sides have to sign first."))
    for holding in Holding.objects.filter(handover=handover, moved_at=None).exclude(problem=""):
        holding.problem = ""
        holding.save(update_fields=["problem"])
    started = seal_job.enqueue(user=actor, unique=_job_key(handover), handover=handover.pk)
    handover.state, handover.problem, handover.sealed_by, handover.job_id = State.SEALING, "", actor, started.pk
    handover.save()
    return handover


@action(Handover, label=_("Sign for the absent person"), icon="signature", bulk=False, mine=leads,
        when=lambda row: row.state in UNSIGNED and row.signed_at is None, labels={"remark": _("Why the person cannot sign")})  # fmt: skip
def sign_for(handover: Handover, *, actor: User, remark: str) -> Handover:
    """A leader signs for somebody who is no longer there; who takes over may not do so."""
    if not remark.strip():
        raise Refused(_("Say why the person cannot sign."), field="remark")
    if handover.state not in UNSIGNED or handover.signed_at is not None:
        raise Refused(_("There is nothing for you to sign."))
    if Successor.objects.filter(handover=handover, person=actor).exists():
        raise Refused(_("Who takes over cannot sign for the other side as well."))
    handover.signed_at, handover.signed_by, handover.remark = clock.now(), actor, remark.strip()[:200]
    return _settle(handover)


def _settle(handover: Handover) -> Handover:
    """The state that the signatures amount to."""
    waiting = Successor.objects.filter(handover=handover, signed_at=None).exists()
    if handover.signed_at is not None:
        handover.state = State.LEAVER if waiting else State.SIGNED
    handover.save()
    if handover.state == State.SIGNED:
        text = _("The handover of %(name)s is signed by all and can be sealed.") % {"name": handover.person}
        _tell(handover, [handover.owner, *heads_above(handover.person)[:1]], text)
    return handover


@action(Handover, label=_("Take back to divide anew"), icon="arrow-back-up", bulk=False, mine=leads,
        when=lambda row: row.state in SIGNING)  # fmt: skip
def reopen(handover: Handover, *, actor: User) -> Handover:
    """Signatures count for one division only: a new one is signed anew."""
    if handover.state not in SIGNING:
        raise Refused(_("This handover is not under way."))
    for row in Successor.objects.filter(handover=handover, signed_at__isnull=False):
        row.signed_at = row.signed_by = None
        row.save(update_fields=["signed_at", "signed_by"])
    handover.state, handover.signed_at, handover.signed_by, handover.remark = State.DRAFT, None, None, ""
    handover.save()
    return handover


@action(Handover, label=_("Cancel handover"), icon="ban", danger=True, bulk=False, mine=leads,
        when=lambda row: row.state in (State.DRAFT, *SIGNING), labels={"reason": _("Reason")})  # fmt: skip
def cancel(handover: Handover, *, actor: User, reason: str) -> Handover:
    if handover.state not in (State.DRAFT, *SIGNING):
        raise Refused(_("This handover is not under way."))
    handover.state, handover.problem = State.CANCELLED, reason.strip()[:400]
    handover.save()
    return handover
