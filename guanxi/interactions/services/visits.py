"""Planning visits, agreeing on plans, beginning, and writing the visit form with what comes next (FORM-02, LIFE-02, SALE-16, RV-06)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.interactions.models import Competitor, CompetitorNote, Interaction, Visit
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.queries.rules import rules_of
from guanxi.interactions.queries.visits import ON_THE_WAY, agreed_plan
from guanxi.interactions.services.contacts import begin
from guanxi.kernel import clock
from guanxi.kernel.actions import action, locked
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.verbs import assign
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import User
from guanxi.org.queries import heads_above

State, Outcome = Visit.State, Visit.Outcome
NOTES = ("need", "feedback", "improvement", "approach", "understanding", "understood", "feelings", "avoided")
# What apps above ask for before a visit may begin: each says in words what is missing, or nothing.
gates: list[Callable[[Visit], Any]] = []


@action(Account, label=_("Plan a visit"), icon="map-pin", permission="view",
        mine=lambda _account, actor: actor.may("view", "interactions.visit"),
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
        account=account, day=on, purpose=purpose.strip()[:200], plan=agreed_plan(person, on),
    )  # fmt: skip
    visit.save()
    return visit


def obstacle(visit: Visit) -> Any:
    """Why this visit cannot begin now; empty if it can."""
    if visit.state != State.PLANNED:
        return _("This visit has begun already.")
    if missing := next(filter(None, (gate(visit) for gate in gates)), ""):
        return missing
    if visit.day != clock.today():
        return _("This visit is planned for %(day)s.") % {"day": visit.day.isoformat()}
    if rules_of(visit.company).plan_required and agreed_plan(visit.owner, visit.day) is None:
        return _("No agreed visit plan covers this day.")
    return ""


def is_own(visit: Visit, actor: User) -> bool:
    return bool(visit.owner_id == actor.pk)


@action(Visit, label=_("Begin the visit"), icon="player-play", permission="view", bulk=False, mine=is_own,
        when=lambda visit: visit.state == State.PLANNED, labels={"position": _("Place")})  # fmt: skip
def start(visit: Visit, *, actor: User, position: str = "") -> Visit:
    """Check in: from now on the visit runs, and its form is to be written."""
    if why := obstacle(visit):
        raise Refused(why)
    visit.state, visit.started_at, visit.position = State.STARTED, clock.now(), position.strip()[:120]
    visit.plan = agreed_plan(visit.owner, visit.day)
    visit.save()
    return visit


@in_unit_of_work
def write_form(visit_id: int, values: Mapping[str, Any], *, rival: Mapping[str, str], actor: User) -> Visit:
    """The notes of the visit, and what was heard of a competitor."""
    visit: Visit = locked(Visit, visit_id, actor)
    if not is_own(visit, actor):
        raise Forbidden(_("Only the visitor writes the visit form."))
    if visit.state != State.STARTED:
        raise Refused(_("Only a visit that has begun is written up."))
    assign(visit, entity(Visit), values, actor.company)
    try:
        visit.full_clean(exclude={"company", "created_by"})
    except ValidationError as error:
        raise Invalid({name: list(said) for name, said in error.message_dict.items()}) from error
    visit.save()
    note_rival(visit, rival, actor)
    return visit


def note_rival(visit: Visit, rival: Mapping[str, str], actor: User) -> None:
    """Keep what was said about a competitor under its name; one nobody knew yet is added to the list (MKTI-01)."""
    name, said = rival.get("name", "").strip()[:120], rival.get("strengths", "").strip()[:400]
    if not name and not said:
        return
    if not name or not said:
        raise Refused(_("Name the competitor and its strengths."), field="strengths" if name else "name")
    common = {"company_id": visit.company_id, "created_by_id": actor.pk}
    known = Competitor.objects.filter(company_id=visit.company_id, name__iexact=name).first()
    if known is None:
        known = Competitor(name=name, **common)
        known.save()
    CompetitorNote(
        competitor=known, account=visit.account, visit=visit, on=visit.day, strengths=said,
        differences=rival.get("differences", "").strip()[:400], **common,
    ).save()  # fmt: skip


@action(Visit, label=_("Hand the card back"), icon="clipboard-check", permission="view", bulk=False, mine=is_own,
        when=lambda visit: visit.state == State.STARTED and bool(visit.need),
        labels={"outcome": _("Outcome of the visit"), "next_visit_on": _("Next visit"), "next_contact_on": _("Next contact"),
                "stop_reason": _("Or stop, because")},
        choices={"outcome": lambda _user: Outcome.choices})  # fmt: skip
def hand_back(
    visit: Visit, *, actor: User, outcome: str, next_visit_on: date | None = None, next_contact_on: date | None = None,
    stop_reason: str = "",
) -> Visit:  # fmt: skip
    """The visit counts once its form is written: what came of it, and what comes next, or why nothing does."""
    if visit.state != State.STARTED:
        raise Refused(_("Only a visit that has begun is written up."))
    _check_end(visit, outcome, (next_visit_on, next_contact_on), stop_reason.strip())
    visit.state, visit.done_at, visit.outcome = State.DONE, clock.now(), outcome
    began = visit.started_at or visit.done_at
    visit.minutes = min(24 * 60, 1 + int((visit.done_at - began).total_seconds() // 60))
    visit.next_visit_on, visit.stop_reason = next_visit_on, stop_reason.strip()[:400]
    visit.next_contact_on = next_contact_on or next_visit_on
    visit.save()
    if next_visit_on is not None:
        plan_visit(visit.account, actor=actor, on=next_visit_on, purpose=visit.approach[:200])
    words = (visit.need, visit.feedback, visit.stop_reason)
    begin(
        visit.account, actor=actor, about=visit, kind=Interaction.Kind.VISIT, channel=Channel.VISIT, at=began,
        contact=visit.contact, opportunity=visit.opportunity, content="\n".join(filter(None, words))[:2000] or str(Outcome(outcome).label),
        result=str(Outcome(outcome).label), approach=visit.approach, minutes=visit.minutes, next_contact_on=visit.next_contact_on,
    ).save()  # fmt: skip
    return visit


def _check_end(visit: Visit, outcome: str, coming: tuple[date | None, date | None], stop: str) -> None:
    """A visit that reached something says what and how it goes on; a failed one is repeated or ends for a reason (LIFE-02)."""
    wrong: dict[str, list[Any]] = {}
    if outcome not in Outcome.values:
        wrong["outcome"] = [_("Choose an outcome.")]
    for name, day in zip(("next_visit_on", "next_contact_on"), coming, strict=True):
        if day is not None and day < clock.today():
            wrong[name] = [_("The next contact lies in the past.")]
    if coming[0] == clock.today():
        wrong["next_visit_on"] = [_("The next visit is on a later day.")]
    if outcome == Outcome.FAILED:
        if coming[0] is None and not stop:
            wrong["next_visit_on"] = [_("Plan the next visit, or say why you stop here.")]
    else:
        if not visit.need.strip():
            wrong["need"] = [_("Write what the customer needs.")]
        if not visit.approach.strip():
            wrong["approach"] = [_("Say how you serve the customer next time.")]
        if not any(coming) and not stop:
            wrong["next_visit_on"] = [_("Say when it goes on.")]
    if wrong:
        raise Invalid(wrong)  # all of it at once: nobody fills in a form on the road three times


@action(Visit, label=_("Drop"), icon="x", permission="view", danger=True, mine=is_own,
        when=lambda visit: visit.state == State.PLANNED, labels={"reason": _("Reason")})  # fmt: skip
def drop(visit: Visit, *, actor: User, reason: str) -> Visit:
    """The visit does not take place."""
    if not reason.strip():
        raise Refused(_("Say why the visit does not take place."), field="reason")
    visit.state, visit.stop_reason = State.DROPPED, reason.strip()[:400]
    visit.save()
    return visit


def by_the_visitor(visit: Visit, actor: User, verb: str) -> None:
    """Guard: the form belongs to the visitor, from the beginning of the visit on; nothing of it is deleted."""
    if verb != "change" or not is_own(visit, actor) or visit.state not in (State.STARTED, State.DONE):
        raise Forbidden(_("Only the visitor writes the visit form."))
