"""Clauses through their versions: drafting, publishing from a day on, withdrawing; approved where a chain asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.filters.env import start_of
from guanxi.org.models import User
from guanxi.rulebook.models import Clause, ClauseVersion, DutyRun
from guanxi.rulebook.services.backtest import USUAL, try_out
from guanxi.rulebook.spec import Missing, SpecError, check, read

SUBJECT = "rulebook.clause"
State = ClauseVersion.State


def guard_clause(_clause: Any, _actor: Any, verb: str) -> None:
    """Guard: a clause that has made duties stays; it is switched off instead."""
    if verb == "delete":
        raise Forbidden(_("Clauses are switched off, not deleted: their duties and figures stay."))


def guard_version(version: ClauseVersion, _actor: Any, verb: str) -> None:
    """Guard: what was published is history."""
    if verb in ("change", "delete") and version.state != State.DRAFT:
        raise Forbidden(_("A published version is not changed: write a new one."))


def dormant_because(spec: Any, company: Any) -> str:
    """What a rule still waits for, "" if it can be carried out; SpecError if it is wrong."""
    try:
        check(spec, company)
    except Missing as missing:
        return str(missing)
    return ""


def same_kind(clause: Clause, spec: Mapping[str, Any]) -> None:
    if spec["kind"] != clause.kind:
        raise SpecError(_("A clause keeps its kind; write a new clause for another kind of rule."))


def new_version(
    clause: Clause, spec: dict[str, Any], effective_on: date, *, note: str = "", shipped: str = ""
) -> ClauseVersion:
    """A draft of what the clause is to say from a day on; SpecError where the rule is not readable."""
    read(spec)
    same_kind(clause, spec)
    last = ClauseVersion.everything.filter(clause=clause).aggregate(n=Max("number"))["n"] or 0
    version = ClauseVersion(
        company_id=clause.company_id, clause=clause, number=last + 1, effective_on=effective_on, spec=spec,
        note=note[:400], shipped=shipped,
    )  # fmt: skip
    version.save()
    return version


def put_into_force(version: ClauseVersion, actor: User | None) -> ClauseVersion:
    """Publish; no day that was judged already gets another rule."""
    run = DutyRun.objects.filter(company_id=version.company_id).first()
    others = ClauseVersion.objects.filter(clause=version.clause, state=State.PUBLISHED)
    if others.exists() and run is not None and run.judged_until and start_of(version.effective_on) < run.judged_until:
        version.effective_on = max(version.effective_on, clock.today())
    others.filter(effective_on__gte=version.effective_on).update_silently(state=State.WITHDRAWN)
    version.state, version.published_by = State.PUBLISHED, actor
    version.save()
    clause = version.clause
    clause.waits_for = dormant_because(read(version.spec), clause.company)[:200]
    clause.save()
    return version


@action(ClauseVersion, label=_("Submit for publication"), icon="send", permission="publish", bulk=False,
        when=lambda version: version.state == State.DRAFT)  # fmt: skip
def publish(version: ClauseVersion, *, actor: User) -> ClauseVersion:
    """Ask for approval where the company has a chain for it; without one it is published at once (GOV-02).

    Whoever decides reads it beside what holds now, and what both would have done in the days before.
    """
    if version.state != State.DRAFT:
        raise Refused(_("Only a draft is published."))
    if version.number > 1 and not version.note.strip():
        raise Refused(_("Say what has changed."), field="note")
    version.state = State.ASKED
    version.save()
    if version.clause.kind != Clause.Kind.GUARD and not dormant_because(read(version.spec), version.clause.company):
        weigh.enqueue(user=actor, version=version.pk)
    title = str(_("Publish %(name)s") % {"name": version})
    ask(Request(SUBJECT, title, row=version, reason=version.note), actor=actor)
    version.refresh_from_db()
    return version


@jobs.job("rulebook.weigh", attempts=2)
def weigh(_run: jobs.Run, version: int) -> dict[str, Any]:
    """Try a version, and the one it takes the place of, on the usual past; the result stays with the version."""
    row = ClauseVersion.objects.select_related("clause__company").get(pk=version)
    last = clock.today() - timedelta(days=1)
    first = last - timedelta(days=USUAL - 1)
    known = in_force(row.clause)
    tried = {"before": known.spec if known else None, "after": row.spec}
    found = {name: try_out(row.clause.company, spec, first, last).states for name, spec in tried.items() if spec}
    trial = {"first": first.isoformat(), "last": last.isoformat(), **found}
    work.unit_of_work(
        lambda: ClauseVersion.objects.filter(pk=version).update_silently(trial=trial), verb="rulebook.weigh"
    )
    return trial


def _refused(approval: Any) -> None:
    ClauseVersion.objects.filter(pk=approval.object_id).update_silently(state=State.DRAFT)


@subject(SUBJECT, label=_("Publish a clause"), refused=_refused, steps=({"who": "head"},))
def _agreed(approval: Any) -> None:
    put_into_force(ClauseVersion.objects.get(pk=approval.object_id), approval.owner)


def in_force(clause: Clause, day: date | None = None) -> ClauseVersion | None:
    """The version that holds on a day; before the first one holds, the first one."""
    rows = ClauseVersion.objects.filter(clause=clause, state=State.PUBLISHED)
    now: ClauseVersion | None = (
        rows.filter(effective_on__lte=day or clock.today()).order_by("-effective_on", "-number").first()
    )
    first: ClauseVersion | None = rows.order_by("effective_on", "-number").first()
    return now or first


def forerunner(version: ClauseVersion) -> ClauseVersion | None:
    """The published version that a version takes the place of."""
    rows: Any = ClauseVersion.objects.filter(
        clause=version.clause, published_by__isnull=False
    ) | ClauseVersion.objects.filter(clause=version.clause, state=State.PUBLISHED)
    found: ClauseVersion | None = rows.filter(number__lt=version.number).order_by("-number").first()
    return found


def newest(clause: Clause) -> ClauseVersion:
    """The draft somebody works on, else what was published last."""
    rows: Any = ClauseVersion.objects.filter(clause=clause)
    found: ClauseVersion | None = (
        rows.filter(state=State.DRAFT).order_by("-number").first() or rows.order_by("-number").first()
    )
    if found is None:
        raise Refused(_("This clause has no version."))
    return found


@work.in_unit_of_work
def draft(clause: Clause, spec: dict[str, Any], effective_on: date, *, note: str) -> ClauseVersion:
    """Keep a changed rule: in the draft there is, else in a new one.  It holds for nobody before it is published."""
    drafts: Any = ClauseVersion.objects.filter(clause=clause, state=State.DRAFT)
    known: ClauseVersion | None = drafts.order_by("-number").first()
    if known is None:
        return new_version(clause, spec, effective_on, note=note)
    read(spec)
    known.spec, known.effective_on, known.note = spec, effective_on, note[:400]
    known.save()
    return known
