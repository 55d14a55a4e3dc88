"""From missed duties to proposals, by the points of their clauses; and back when an outcome is corrected (PERF-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, RowRange, Sum, Value, When, Window
from django.utils.translation import gettext, ngettext

from guanxi.incentives.models import Entry, Unit
from guanxi.incentives.queries.ledger import open_month
from guanxi.incentives.services.entries import withdraw
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.addresses import list_url
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.rulebook.models import ClauseVersion, Duty, DutyRun
from guanxi.rulebook.spec import Points, read

BATCH = 500
YUAN = ("yuan", "元", "CNY")
DECIDED = [Duty.State.MET, Duty.State.LATE, Duty.State.MISSED]


@dataclass(frozen=True)
class Priced:
    """A version of a clause whose missed duties cost something."""

    version: ClauseVersion
    points: Points

    def wanted(self) -> Any:
        """Its duties that were missed, each the last of so many in a row of the same person under the clause."""
        rows = Duty.objects.filter(clause_version=self.version, state=Duty.State.MISSED, owner__isnull=False)
        if self.points.after <= 1:
            return rows
        decided = Duty.objects.filter(clause_id=self.version.clause_id, state__in=DECIDED, owner__isnull=False)
        missed = Case(When(state=Duty.State.MISSED, then=Value(1)), default=Value(0))
        in_a_row = Window(
            Sum(missed), partition_by=[F("owner_id")], order_by=[F("overdue_at").asc(), F("pk").asc()],
            frame=RowRange(start=1 - self.points.after, end=0),
        )  # fmt: skip
        return rows.filter(pk__in=decided.annotate(run=in_a_row).filter(run=self.points.after).values("pk"))


def priced(company: Company) -> Iterator[Priced]:
    for version in ClauseVersion.objects.filter(company=company).select_related("clause"):
        if version.spec.get("points"):
            points = read(version.spec).points
            if points is not None and points.amount:
                yield Priced(version, points)


def follow(company: Company, *, run: jobs.Run | None = None) -> dict[str, int]:
    """Propose what missed duties bring and take back what corrected ones brought; the same run again changes nothing.

    While duties are being judged anew from the first day on, nothing follows yet.
    """
    state = DutyRun.objects.filter(company=company).first()
    if state is None or state.judged_until is None or state.judged_until < clock.now() - timedelta(days=1):
        return {}
    counted: Counter[str] = Counter()
    work.unit_of_work(lambda: _relink(company))
    for one in priced(company):
        counted["proposed"] += _in_batches(run, lambda one=one: _propose(company, one))  # type: ignore[misc]
        counted["taken back"] += _in_batches(run, lambda one=one: _correct(company, one))  # type: ignore[misc]
    return dict(counted)


def _in_batches(run: jobs.Run | None, body: Callable[[], int]) -> int:
    def unit() -> int:
        if run is not None:
            run.fence()
        return body()

    total = 0
    while n := work.unit_of_work(unit, verb="incentives.follow"):
        total += n
    return total


def key_of(duty: Duty) -> str:
    return f"{duty.clause_id}:{duty.subject_id}:{duty.turn}"


def _relink(company: Company) -> None:
    """Duties judged anew are other rows that mean the same: their entries are found again."""
    for entry in Entry.objects.filter(company=company, duty=None, reverses=None).exclude(duty_key=""):
        clause, subject, turn = entry.duty_key.split(":")
        duty = Duty.objects.filter(clause_id=int(clause), subject_id=int(subject), turn=int(turn)).first()
        if duty is not None:
            Entry.objects.filter(pk=entry.pk).update_silently(duty=duty)


def _propose(company: Company, one: Priced) -> int:
    """The next entries of missed duties that have none."""
    known = Entry.objects.filter(duty=OuterRef("pk"), reverses=None)
    duties = list(one.wanted().filter(~Exists(known)).select_related("clause").order_by("pk")[:BATCH])
    amount, unit = Decimal(-abs(one.points.amount)), Unit.YUAN if one.points.unit in YUAN else Unit.POINTS
    months = {duty.overdue_on.replace(day=1) for duty in duties}
    into = {month: open_month(company.pk, month) for month in months}
    Entry.objects.bulk_create(
        Entry(
            company=company, owner_id=duty.owner_id, department_id=duty.department_id, title=str(duty.clause)[:120],
            amount=amount, unit=unit, month=into[duty.overdue_on.replace(day=1)], text=_evidence(duty, one.points),
            clause_id=duty.clause_id, duty=duty, duty_key=key_of(duty), account_id=duty.account_id,
            evidence_label=duty._meta.label_lower, evidence_id=duty.pk, source="duty",
        )
        for duty in duties
    )  # fmt: skip
    _announce(Counter(duty.owner_id for duty in duties))
    return len(duties)


def _evidence(duty: Duty, points: Points) -> str:
    values = {"what": duty.title or duty.clause, "day": duty.overdue_on, "n": points.after}
    if points.after > 1:
        return (gettext("%(what)s: due %(day)s, missed %(n)s times in a row") % values)[:300]
    return (gettext("%(what)s: due %(day)s, missed") % values)[:300]


def _announce(counts: Counter[int | None]) -> None:
    people: Any = User.objects
    for person in people.filter(pk__in=[pk for pk in counts if pk], is_active=True):
        n = counts[person.pk]
        text = ngettext(
            "%(n)s incentive is proposed for a missed duty", "%(n)s incentives are proposed for missed duties", n
        )
        tell([person], text % {"n": n}, url=f"{list_url('incentives')}?view=mine", icon="award")


def _correct(company: Company, one: Priced) -> int:
    """The next entries whose duty turned out otherwise: proposals end, booked ones are taken back."""
    rows = Entry.objects.filter(company=company, source="duty", duty__clause_version=one.version)
    rows = rows.exclude(state__in=[Entry.State.CANCELLED, Entry.State.REVERSED]).exclude(
        duty__in=one.wanted().values("pk")
    )
    entries = list(rows.select_related("owner", "duty").order_by("pk")[:BATCH])
    for entry in entries:
        how = entry.duty.get_state_display() if entry.duty else ""
        withdraw(entry, gettext("The duty was decided otherwise afterwards (%(state)s).") % {"state": how}, None)
    return len(entries)


@jobs.job("incentives.follow", every=timedelta(minutes=15))
def follow_duties(run: jobs.Run, of: int = 0) -> dict[str, int]:
    """After the rulebook's runs, for all companies."""
    total: Counter[str] = Counter()
    for company in Company.objects.filter(pk=of) if of else Company.objects.order_by("pk"):
        total += Counter(follow(company, run=run))
    return dict(total)
