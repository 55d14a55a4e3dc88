"""The sealing: everything moves in units of work that go on after a kill; it closes only when nothing is left."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.handover.models import Handover, Holding, PersonnelChange, Successor
from guanxi.handover.queries.holdings import fingerprints, holds_of
from guanxi.handover.services.plan import plan
from guanxi.kernel import clock, work
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Refused
from guanxi.kernel.jobs import Run, job, requester
from guanxi.org.holdings import Hold, Passing
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import close_account, tell
from guanxi.targets.models import Target

BATCH, ROUNDS = 100, 50
State = Handover.State


@job("handover.seal", attempts=20)
def seal_job(run: Run, *, handover: int) -> dict[str, Any]:
    """Batch after batch; then, if nothing open is left with the person, the seal."""
    for _round in range(ROUNDS):
        while work.unit_of_work(partial(_batch, run, handover), verb="handover.handover.seal"):
            pass
        if work.unit_of_work(partial(_close, run, handover), verb="handover.handover.seal"):
            break
    row = Handover.objects.get(pk=handover)
    return {"state": row.state, "message": row.problem, "back": record_url("handovers", handover)}


def _locked(pk: int) -> Handover | None:
    found: Handover | None = Handover.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.SEALING).first()
    return found


def _batch(run: Run, pk: int) -> int:
    """Hand on the next things; returns how many were looked at, 0 when none is left."""
    handover = _locked(pk)
    every = Holding.objects.filter(handover=pk)
    some = list(every.filter(moved_at=None, problem="").select_related("successor__company").order_by("pk")[:BATCH])
    if handover is None or not some:
        return 0
    by_hold: dict[tuple[str, str], list[Holding]] = defaultdict(list)
    for holding in some:
        by_hold[holding.label, holding.link].append(holding)
    for hold in holds_of(handover):
        if holdings := by_hold.get(hold.key):
            _hand_on(handover, hold, holdings, requester(run))
    run.progress(every.exclude(moved_at=None).count(), every.count())
    return len(some)


def _hand_on(handover: Handover, hold: Hold, holdings: list[Holding], actor: User) -> None:
    """Rows of one kind: checksum, change of hands, checksum; a row that changed otherwise stops everything."""
    ids = [holding.object_id for holding in holdings]
    rows = {row.pk: row for row in hold.rows(handover.person).filter(pk__in=ids).select_for_update(of=("self",))}
    before = fingerprints(hold, list(rows))
    for holding in holdings:
        row = rows.get(holding.object_id)
        if row is not None:
            _give(hold, row, holding, Passing(handover.person, holding.successor or actor, actor, _reason(handover)))
    moved = [holding for holding in holdings if not holding.problem]
    after = before if hold.ends else fingerprints(hold, list(rows))
    for holding in moved:
        pk = holding.object_id
        holding.before, holding.after, holding.moved_at = before.get(pk, ""), after.get(pk, ""), clock.now()
        if holding.before != holding.after:
            raise RuntimeError(f"{hold.label} {pk} changed by more than its owner.")
    for holding in holdings:
        holding.save(update_fields=["before", "after", "moved_at", "problem"])


def _give(hold: Hold, row: Any, holding: Holding, passing: Passing) -> None:
    """One row; what the business or the database refuses is noted and leaves the handover open."""
    try:
        if holding.successor is not None and not holding.successor.is_active:
            raise Refused(_("%(name)s may not sign in.") % {"name": holding.successor.name})
        work.part(lambda: hold.give(row, passing))
    except Refused as no:
        holding.problem = str(no)[:200]
    except IntegrityError:  # of what may be there once, the successor has one
        holding.problem = str(_("%(name)s has one like this already.") % {"name": passing.to.name})[:200]


def _reason(handover: Handover) -> str:
    return str(_("Handover: %(reason)s") % {"reason": handover.reason})


def _close(run: Run, pk: int) -> bool:
    """Take stock a last time; True when the handover is sealed or has to be looked at, False when there is more to move."""
    handover = _locked(pk)
    if handover is None:
        return True
    run.fence()
    User.objects.select_for_update(of=("self",)).get(pk=handover.person_id)
    if plan(handover, signed=True):
        return False
    actor = requester(run)
    for hold in holds_of(handover):
        if not hold.listed:
            for row in hold.open(handover.person):
                hold.give(row, Passing(handover.person, handover.rest_to, actor, _reason(handover)))
    left = sum(hold.open(handover.person).order_by().count() for hold in holds_of(handover))
    unmoved = Holding.objects.filter(handover=handover, moved_at=None).count()
    if left or unmoved:
        handover.state = State.SIGNED
        handover.problem = str(
            _("%(n)d things could not change hands: look at their problems.") % {"n": left or unmoved}
        )
        handover.save()
        tell([actor], f"{handover}: {handover.problem}", url=_page(handover), icon="alert-triangle")
        return True
    _seal(handover, actor)
    return True


def _seal(handover: Handover, actor: User) -> None:
    """Nothing open belongs to the person any more: close the account on leaving, and write down what was signed."""
    if handover.kind == Handover.Kind.LEAVING:
        close_account(handover.person)
        for change in PersonnelChange.objects.filter(person=handover.person, kind=handover.kind, access_ended_at=None):
            change.access_ended_at = clock.now()
            change.save(update_fields=["access_ended_at"])
    digest = hashlib.sha256()
    for line in (
        Holding.objects.filter(handover=handover)
        .order_by("label", "link", "object_id")
        .values_list("label", "link", "object_id", "successor", "after")
    ):
        digest.update(repr(line).encode())
    handover.state, handover.sealed_at, handover.sealed_by, handover.seal = (
        State.SEALED,
        clock.now(),
        actor,
        digest.hexdigest(),
    )
    handover.save()
    people = [row.person for row in Successor.objects.filter(handover=handover).select_related("person")]
    text = _("The handover of %(name)s is sealed; your briefing is ready.") % {"name": handover.person}
    tell(dict.fromkeys(people), text, url=f"{_page(handover)}briefing/", icon="rubber-stamp")
    if actor not in people:
        text = _("The handover of %(name)s is sealed.") % {"name": handover.person}
        tell([actor], text, url=_page(handover), icon="rubber-stamp")
    _tell_of_targets(handover)


def _tell_of_targets(handover: Handover) -> None:
    """What the person was to reach is nobody's now: whoever leads the department gives it to others, or lets it be."""
    ended = Holding.objects.filter(handover=handover, label=Target._meta.label_lower, successor=None)
    rows: Any = Target.everything.filter(pk__in=ended.values_list("object_id", flat=True))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows.order_by("measure", "pk"):
        sums[row.get_measure_display()] += row.amount
    if sums:
        words = "、".join(f"{measure} {amount:,.0f}" for measure, amount in sums.items())
        text = _("Targets of %(name)s to come have ended and are nobody’s now: %(what)s") % {
            "name": handover.person, "what": words,
        }  # fmt: skip
        tell(heads_above(handover.person)[:1], text, url=reverse("target-table"), icon="target")


def _page(handover: Handover) -> str:
    return record_url("handovers", handover.pk)
