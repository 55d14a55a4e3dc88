"""What people hold of the organisation itself and of the kernel, which knows no people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.models import Job
from guanxi.org.holdings import Passing, history, holds, leave, relink, to_come
from guanxi.org.models import Absence, Notice, User


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


# -- the person's own ----------------------------------------------------------------------------------------------


def _forward(notice: Notice, passing: Passing) -> None:
    Notice.objects.filter(pk=notice.pk).update(user=passing.to)


def _call_off(job: Job, _passing: Passing) -> None:
    Job.objects.filter(pk=job.pk, state="ready").update(state=Job.State.CANCELLED, finished_at=clock.now())
    Job.objects.filter(pk=job.pk, state="running").update(cancel_asked=True)


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
