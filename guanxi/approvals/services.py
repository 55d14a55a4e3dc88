"""Asking and deciding: one chain of steps, each with its votes; the last yes carries out what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval, Flow, FlowStep, Vote
from guanxi.approvals.queries import applies, approvers, flow_of, heads_all, open_vote, ready_step, steps_of
from guanxi.approvals.subjects import subjects, the_subject
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import Company, Record
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Department, User
from guanxi.org.services import deputies, furnishes, tell

REMIND_HOURS = 24
AGAIN = timedelta(minutes=30)  # between two reminders by hand


@dataclass
class Request:
    """What somebody asks for: `payload` holds what the effect needs, `row` the record it is about.

    `keeper` is the department whose heads decide, where they are not those of the person who asks.
    """

    kind: str
    title: str
    reason: str = ""
    amount: Decimal | None = None
    row: Record | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    keeper: Department | None = None


@in_unit_of_work
def ask(request: Request, *, actor: User) -> Approval:
    """Send a request on its way.  Where the company asks nobody it is granted, and carried out, at once.

    Raises Refused where a step has nobody who could decide: the message says what an administrator has to set.
    """
    approval = Approval(
        company_id=actor.company_id, created_by_id=actor.pk, owner=actor, department_id=actor.department_id,
        kind=request.kind, title=request.title[:200], reason=request.reason, amount=request.amount,
        payload=request.payload, label=request.row._meta.label_lower if request.row else "",
        object_id=request.row.pk if request.row else None,
    )  # fmt: skip
    approval.save()
    steps = [step for step in steps_of(actor.company, request.kind) if applies(step, request.amount)]
    _invite(approval, [(step, approvers(step, actor, request.keeper)) for step in steps], actor)
    _next_step(approval)
    return approval


def _invite(approval: Approval, steps: list[tuple[FlowStep, list[User]]], requester: User) -> None:
    """The votes of all steps.  Nobody is asked twice, and nobody stands above the head of the whole company."""
    asked: set[int] = set()
    for position, (step, people) in enumerate(steps, 1):
        if not people and not (step.who in (FlowStep.Who.HEAD, FlowStep.Who.ABOVE) and heads_all(requester)):
            raise Refused(
                _("Nobody can decide the step “%(step)s”. Ask an administrator to name a head for your department or to "
                  "change the approval flow.") % {"step": step}
            )  # fmt: skip
        for person in people if not asked.issuperset(p.pk for p in people) else ():
            Vote(
                company_id=approval.company_id, created_by_id=requester.pk, approval=approval, position=position,
                step=str(step)[:80], person=person, everyone=step.everyone,
            ).save()  # fmt: skip
        asked |= {person.pk for person in people}


def _next_step(approval: Approval) -> None:
    """Open the votes of the next step; without one the request is granted."""
    waiting = Vote.objects.filter(approval=approval, state=Vote.State.WAITING).order_by("position")
    first = waiting.first()
    if first is None:
        _conclude(approval, Approval.State.AGREED)
        return
    approval.step = first.position
    approval.save(update_fields=["step"])
    _open([vote for vote in waiting if vote.position == first.position], approval)


def _open(votes: Iterable[Vote], approval: Approval) -> None:
    """Ask these people now; who is away is represented by the deputy."""
    votes = list(votes)
    absent = deputies([vote.person for vote in votes], clock.today())
    flow = flow_of(approval.company, approval.kind)
    now = clock.now()
    for vote in votes:
        deputy = absent.get(vote.person_id)
        if deputy is not None and deputy.pk != approval.owner_id:
            vote.stands_for, vote.person = vote.person, deputy
        vote.state, vote.opened_at = Vote.State.OPEN, now
        vote.remind_at = now + timedelta(hours=flow.hours if flow else REMIND_HOURS)
        vote.save()
    text = _("%(who)s asks for approval: %(what)s") % {"who": approval.owner, "what": approval.title}
    tell([vote.person for vote in votes], text, url=_page(approval), icon="gavel")


def _conclude(approval: Approval, state: Approval.State) -> None:
    approval.state, approval.decided_at = state, clock.now()
    effect = the_subject(approval.kind)
    line = effect.agreed(approval) if state == Approval.State.AGREED else effect.refused(approval)
    approval.outcome = str(line or "")[:200]
    approval.save(update_fields=["state", "decided_at", "outcome"])
    for vote in Vote.objects.filter(approval=approval, state__in=[Vote.State.OPEN, Vote.State.WAITING]):
        vote.state = Vote.State.VOID
        vote.save(update_fields=["state"])
    if approval.owner is not None and state != Approval.State.WITHDRAWN:
        text = "%s: %s" % (approval.get_state_display(), approval.title)  # noqa: UP031 -- a label, not a sentence
        tell([approval.owner], text, url=_page(approval), icon="gavel")


def _page(approval: Approval) -> str:
    return record_url("approvals", approval.pk)


# -- verbs -----------------------------------------------------------------------------------------------------------


def _is_open(approval: Approval) -> bool:
    return approval.is_open


def _decides(approval: Approval, actor: User) -> bool:
    return open_vote(approval, actor) is not None


def _asked(approval: Approval, actor: User) -> bool:
    return bool(approval.owner_id == actor.pk)


def _decide(approval: Approval, actor: User, state: Vote.State, opinion: str) -> Vote:
    vote = open_vote(approval, actor)
    if vote is None or not approval.is_open:
        raise Refused(_("This has been decided already."))
    vote.state, vote.opinion, vote.decided_at = state, opinion.strip()[:2000], clock.now()
    vote.save()
    return vote


@action(Approval, label=_("Approve"), icon="check", permission="view", when=_is_open, mine=_decides,
        labels={"opinion": _("Opinion")})  # fmt: skip
def agree(approval: Approval, *, actor: User, opinion: str = "") -> Approval:
    """Say yes.  A step is done when one of its people agrees, or all of them where all must."""
    vote = _decide(approval, actor, Vote.State.AGREED, opinion)
    others = Vote.objects.filter(approval=approval, position=vote.position, state=Vote.State.OPEN)
    if vote.everyone and others.exists():
        return approval
    for other in others:
        other.state = Vote.State.VOID
        other.save(update_fields=["state"])
    _next_step(approval)
    return approval


@action(Approval, label=_("Refuse"), icon="x", permission="view", danger=True, when=_is_open, mine=_decides,
        labels={"opinion": _("Opinion")})  # fmt: skip
def refuse(approval: Approval, *, actor: User, opinion: str) -> Approval:
    """Say no, and why: that ends the request."""
    if not opinion.strip():
        raise Refused(_("Say why you refuse."), field="opinion")
    _decide(approval, actor, Vote.State.REFUSED, opinion)
    _conclude(approval, Approval.State.REFUSED)
    return approval


@action(Approval, label=_("Pass on"), icon="arrow-forward-up", permission="view", bulk=False, when=_is_open, mine=_decides,
        labels={"to": _("To"), "opinion": _("Opinion")})  # fmt: skip
def pass_on(approval: Approval, *, actor: User, to: User, opinion: str = "") -> Approval:
    """Leave the decision to somebody else, who then stands in one's place."""
    if to.pk in (actor.pk, approval.owner_id) or not to.is_active:
        raise Refused(_("Choose a colleague who is there."), field="to")
    vote = _decide(approval, actor, Vote.State.PASSED, opinion)
    if Vote.objects.filter(approval=approval, person=to, position=vote.position, state=Vote.State.OPEN).exists():
        raise Refused(_("%(name)s is asked already.") % {"name": to.name}, field="to")
    heir = Vote(
        company_id=approval.company_id, created_by_id=actor.pk, approval=approval, position=vote.position,
        step=vote.step, person=to, stands_for=actor, everyone=vote.everyone,
    )  # fmt: skip
    heir.save()
    _open([heir], approval)
    return approval


@action(Approval, label=_("Withdraw"), icon="arrow-back-up", permission="view", when=_is_open, mine=_asked)
def withdraw(approval: Approval, *, actor: User) -> Approval:
    """Take one's own request back while nobody has decided it finally."""
    _conclude(approval, Approval.State.WITHDRAWN)
    return approval


@action(Approval, label=_("Remind"), icon="bell-ringing", permission="view", when=_is_open, mine=_asked)
def remind(approval: Approval, *, actor: User) -> Approval:
    """Ask those whose turn it is once more; not every minute."""
    _remind(approval, list(Vote.objects.filter(approval=approval, state=Vote.State.OPEN)), by_hand=True)
    return approval


def _remind(approval: Approval, votes: list[Vote], *, by_hand: bool = False) -> None:
    now, flow = clock.now(), flow_of(approval.company, approval.kind)
    for vote in votes:
        last = max(filter(None, [vote.opened_at, vote.updated_at]))
        if by_hand and now - last < AGAIN:
            raise Refused(_("%(name)s was asked only just now: wait half an hour.") % {"name": vote.person})
        vote.remind_at = now + timedelta(hours=flow.hours if flow else REMIND_HOURS)
        vote.save(update_fields=["remind_at"])
    text = _("Still waiting for your decision: %(what)s") % {"what": approval.title}
    tell([vote.person for vote in votes], text, url=_page(approval), icon="bell-ringing")


@job("approvals.remind", every=timedelta(minutes=15))
def remind_due(run: Run) -> dict[str, Any]:
    """Remind those who have let a request lie."""
    due = Vote.objects.filter(state=Vote.State.OPEN, remind_at__lte=clock.now(), approval__deleted_at=None)
    found: dict[int, list[Vote]] = {}
    for vote in due.select_related("approval__company", "person")[:1000]:
        found.setdefault(vote.approval_id, []).append(vote)
    for votes in found.values():
        work.unit_of_work(lambda votes=votes: _remind(votes[0].approval, votes))  # type: ignore[misc]
    return {"requests": len(found)}


def by_verbs_only(_row: Any, _actor: User, _verb: str) -> None:
    """Requests and decisions are changed by deciding, never by editing."""
    raise Forbidden(_("This is changed by deciding only."))


@furnishes
def seed_flows(company: Company) -> None:
    """Write down the chains the subjects come with, so that an administrator can change them."""
    for one in subjects():
        if not Flow.everything.filter(company=company, kind=one.kind).exists():
            flow = Flow(company=company, kind=one.kind)
            flow.save()
            for position, given in enumerate(one.steps, 1):
                step = ready_step(company, position, given)
                step.flow = flow
                step.save()
