"""What people hold in the apps below beside the rows they own: departments, teams, deputyships, votes, views, notices, jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval, Vote
from guanxi.customers.models import AccountMember
from guanxi.kernel import clock, work
from guanxi.kernel.models import Job
from guanxi.org.holdings import Give, Passing, hand_on, history, holds
from guanxi.org.models import Absence, Notice, User

TO_DECIDE = (Vote.State.OPEN, Vote.State.WAITING)


def relink(link: str) -> Give:
    """Put the successor into this column."""

    def give(row: Any, passing: Passing) -> None:
        setattr(row, link, passing.to)
        row.save(update_fields=[link])

    return give


def to_come(field: str) -> Callable[[], Q]:
    return lambda: Q(**{f"{field}__gte": clock.today()})


# -- the organisation --------------------------------------------------------------------------------------------------


def leave(link: str) -> Give:
    """Membership ends: whoever takes the work over has one of their own."""

    def give(row: Any, passing: Passing) -> None:
        members = getattr(row, link)
        before = sorted(members.values_list("name", flat=True))
        members.remove(passing.giver)
        old, new = {link: before}, {link: sorted(members.values_list("name", flat=True))}
        label = row._meta.label_lower
        work.require().note(work.Change(row.company_id, label, row.pk, str(row), "changed", old, new, row))

    return give


def _stay(absence: Absence, _passing: Passing) -> None:
    """Nobody inherits an absence: it ends yesterday, or never begins."""
    if absence.starts_on >= clock.today():
        absence.deleted_at = clock.now()
    absence.ends_on = max(absence.starts_on, clock.today() - timedelta(days=1))
    absence.save(update_fields=["deleted_at", "ends_on"])


def _stands_in_for_himself(absence: Absence, to: User) -> Any:
    return _("%(name)s is the one who is away.") % {"name": to.name} if absence.owner_id == to.pk else ""


holds("org.department", "head", _("Departments led"), relink("head"))
holds("org.team", "lead", _("Teams led"), relink("lead"))
holds("org.team", "members", _("Memberships in teams"), leave("members"), ends=True, personal=True)
holds("org.absence", "owner", _("Own leave and travel"), _stay, waiting=to_come("ends_on"), ends=True, personal=True)
holds(
    "org.absence",
    "deputy",
    _("Deputyships"),
    relink("deputy"),
    waiting=to_come("ends_on"),
    clash=_stands_in_for_himself,
)
holds("org.training", "trainer", _("Trainings to hold"), relink("trainer"), waiting=to_come("held_on"))


# -- customers ---------------------------------------------------------------------------------------------------------


def _end_membership(member: AccountMember, _passing: Passing) -> None:
    """Nobody inherits a seat in an account team: it ended yesterday, or on the day it began."""
    member.until = max(member.since, clock.today() - timedelta(days=1))
    member.save(update_fields=["until"])


holds(
    "customers.accountmember", "person", _("Seats in account teams"), _end_membership, ends=True,
    waiting=lambda: Q(until=None) | Q(until__gte=clock.today()),
)  # fmt: skip
holds("customers.planaction", "person", _("Steps of account plans"), relink("person"), waiting=lambda: Q(done_on=None))
holds("deals.assignmentrule", "people", _("Assignment rules"), leave("people"), ends=True)
holds("pool.pool", "administrators", _("Pools administered"), leave("administrators"), ends=True)
history("customers.reviewseat", "person")
history("meetings.seat", "person")
history("meetings.reading", "person")
history("meetings.calendarfeed", "user")
history("channels.choice", "user")
history("channels.delivery", "user")
history("pool.stay", "former_owner")
history("pool.tenure", "holder")
history("deals.leadstay", "former_owner")
history("deals.leadtenure", "holder")
history("filing.inspectedfile", "accountant")
history("custody.cardreview", "reviewer")
for label in ("pool.quota", "pool.glance", "custody.tally"):
    history(label, "user")


# -- approvals ---------------------------------------------------------------------------------------------------------


def _decide_instead(vote: Vote, passing: Passing) -> None:
    vote.person, vote.stands_for = passing.to, vote.stands_for or passing.giver
    vote.save(update_fields=["person", "stands_for"])


def _own_request(vote: Vote, to: User) -> Any:
    if vote.approval.owner_id == to.pk:
        return _("%(name)s asked for this and cannot decide it.") % {"name": to.name}
    others = Vote.objects.filter(approval=vote.approval_id, person=to, state__in=TO_DECIDE)
    return _("%(name)s is asked already.") % {"name": to.name} if others.exists() else ""


def _decides_it(approval: Approval, to: User) -> Any:
    votes = Vote.objects.filter(approval=approval, person=to, state__in=TO_DECIDE)
    return (
        _("%(name)s has to decide this and cannot be the one who asks.") % {"name": to.name} if votes.exists() else ""
    )


holds(
    "approvals.vote", "person", _("Approvals to decide"), _decide_instead, clash=_own_request,
    waiting=lambda: Q(state__in=TO_DECIDE, approval__state="pending", approval__deleted_at=None),
    also=frozenset({"stands_for_id"}),
)  # fmt: skip
holds(
    "approvals.approval", "owner", _("Own requests for approval"), hand_on, clash=_decides_it,
    waiting=lambda: Q(state="pending"),
)  # fmt: skip
holds("approvals.flowstep", "person", _("Named in approval flows"), relink("person"))
history("approvals.vote", "stands_for")


# -- the person's own --------------------------------------------------------------------------------------------------


def _forward(notice: Notice, passing: Passing) -> None:
    Notice.objects.filter(pk=notice.pk).update(user=passing.to)


def _call_off(job: Job, _passing: Passing) -> None:
    Job.objects.filter(pk=job.pk, state="ready").update(state=Job.State.CANCELLED, finished_at=clock.now())
    Job.objects.filter(pk=job.pk, state="running").update(cancel_asked=True)


holds("web.savedview", "owner", _("Shared views"), relink("owner"), waiting=lambda: Q(shared=True), personal=True)
holds(
    "org.notice", "user", _("Unread notices"), _forward, waiting=lambda: Q(read_at=None), personal=True, listed=False
)  # fmt: skip
holds(
    "kernel.job", "requested_by", _("Jobs under way"), _call_off, ends=True, personal=True, listed=False,
    waiting=lambda: Q(state__in=["ready", "running"], cancel_asked=False),
)  # fmt: skip
history("org.comment", "author", "mentions")
history("org.attachment", "author")
history("org.signin", "user")
history("kernel.idempotencykey", "user")
for label in ("personnelchange", "accountrequest", "sharingsign", "handover"):
    history(f"handover.{label}", "person")
history("handover.handover", "rest_to")
history("handover.successor", "person")
history("handover.holding", "successor")
history("handover.rule", "to")
