"""Putting accounts into classes and stages: by decision, by rules over all accounts, or from facts computed above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, Segment, Stage, StageChange
from guanxi.customers.queries.classes import as_published, class_by_rules, members
from guanxi.kernel import clock, context, events, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

BATCH = 1000
CLASSES_CHANGED, STAGES_CHANGED = "customers.classes_changed", "customers.stages_changed"
events.declare(CLASSES_CHANGED)
events.declare(STAGES_CHANGED)


# -- classes


@action(Account, label=_("Set class"), permission="assign_class", icon="medal",
        labels={"scheme": _("Class scheme"), "code": _("Class"), "cause": _("Cause")})  # fmt: skip
def assign_class(account: Account, *, actor: User, scheme: ClassScheme, code: str, cause: str) -> Account:
    """Put one account into a class by decision, with the cause (CLASS-13)."""
    if not cause.strip():
        raise Refused(_("Say why the class changes."), field="cause")
    if scheme.company_id != account.company_id or scheme.published_at is None:
        raise Refused(_("This scheme is not in force."), field="scheme")
    decide(scheme, account.pk, code, cause, actor, held=True)
    account.refresh_from_db(fields=["grade"])
    return account


def decide(scheme: ClassScheme, account_id: int, code: str, cause: str, by: User | None, *, held: bool) -> int:
    """One class by decision, inside the current unit of work; `held` keeps it against the figures."""
    return _move(as_published(scheme), {account_id: code}, cause, by, held=held)


@action(ClassAssignment, label=_("Let the figures decide"), permission="assign_class", icon="rotate",
        when=lambda row: row.held and row.until is None)  # fmt: skip
def free_class(row: ClassAssignment, *, actor: User) -> ClassAssignment:
    """The decision is lifted: from the next computation on the class follows the scheme again."""
    row.held = False
    row.save(update_fields=["held"])
    return row


def apply_classes(
    scheme: ClassScheme,
    classes: Mapping[int, str],
    *,
    cause: str,
    decided_by: User | None = None,
    fence: Any = None,
    spare_held: bool = False,
) -> int:
    """Put many accounts (id to class code, "" for none) into classes; only movers are written.  Returns how many moved.

    Works in transactions of `BATCH` unless the caller has one open; `fence` is called inside each.  `spare_held` leaves
    accounts alone whose class people have decided.
    """
    moved = 0
    for some in _chunks(sorted(classes), BATCH):

        def batch(ids: list[int] = some) -> int:
            if fence is not None:
                fence()
            return _move(scheme, {pk: classes[pk] for pk in ids}, cause, decided_by, spare_held=spare_held)

        moved += work.unit_of_work(batch)
    return moved


def _move(
    scheme: ClassScheme,
    wanted: Mapping[int, str],
    cause: str,
    decided_by: User | None,
    *,
    held: bool = False,
    spare_held: bool = False,
) -> int:
    if strange := set(wanted.values()) - {*scheme.codes, ""}:
        raise Refused(_("The scheme has no class “%(code)s”.") % {"code": min(strange)}, field="code")
    # The scheme is the lock: two runs over the same accounts follow each other.
    is_policy = ClassScheme.objects.select_for_update().get(pk=scheme.pk).is_policy
    mine = Account.objects.filter(company_id=scheme.company_id, pk__in=wanted).values_list("pk", flat=True)
    rows = ClassAssignment.objects.filter(scheme=scheme, account__in=wanted, until=None)
    known = {row[0]: row[1:] for row in rows.values_list("account_id", "pk", "class_code", "held")}
    none = (0, "", False)
    movers = [
        pk
        for pk in mine
        if (wanted[pk] != known.get(pk, none)[1] or held != known.get(pk, none)[2])
        and not (known.get(pk, none)[2] and spare_held)
    ]
    if not movers:
        return 0
    today, author = clock.today(), context.origin().actor_id
    ending = [known[pk][0] for pk in movers if pk in known]
    ClassAssignment.objects.filter(pk__in=ending).update_silently(until=today)
    ClassAssignment.objects.bulk_create(
        ClassAssignment(
            company_id=scheme.company_id, account_id=pk, scheme=scheme, class_code=wanted[pk], since=today, held=held,
            previous=known.get(pk, none)[1], cause=cause[:400], decided_by=decided_by, created_by_id=author,
        )
        for pk in movers
    )  # fmt: skip
    if is_policy:
        _mirror(scheme, {pk: wanted[pk] for pk in movers})
    moves = [[pk, known.get(pk, none)[1], wanted[pk]] for pk in movers]
    events.publish(CLASSES_CHANGED, scheme.company_id, scheme=scheme.pk, moves=moves)
    return len(movers)


def _mirror(scheme: ClassScheme, codes: Mapping[int, str]) -> None:
    """Write the policy class on the accounts: a derived column, its history is the assignments'."""
    by_grade: dict[str, list[int]] = defaultdict(list)
    for pk, code in codes.items():
        by_grade[scheme.grade_of(code)].append(pk)
    for grade, ids in by_grade.items():
        Account.everything.filter(pk__in=ids).update_silently(grade=grade)


def classify(
    scheme: ClassScheme, *, cause: str = "", decided_by: User | None = None, run: jobs.Run | None = None
) -> int:
    """Class all accounts by the scheme's rules, one query per batch; returns how many moved."""
    if scheme.kind != ClassScheme.Kind.RULES:
        raise Refused(_("Only schemes by rules can be run."))
    scheme = as_published(scheme)
    rows = Account.objects.filter(company_id=scheme.company_id, retired_on=None).order_by("pk")
    pairs = rows.annotate(wanted=class_by_rules(scheme)).values_list("pk", "wanted")
    cause, fence = cause or _t("By the rules of the scheme"), run.fence if run else None
    done = moved = last = 0
    while some := dict(pairs.filter(pk__gt=last)[:BATCH]):
        moved += apply_classes(scheme, some, cause=cause, decided_by=decided_by, fence=fence, spare_held=True)
        done, last = done + len(some), max(some)
        if run is not None:
            run.progress(done)
    return moved


@jobs.job("customers.classify")
def run_classification(run: jobs.Run, scheme_id: int) -> dict[str, int]:
    scheme = ClassScheme.objects.get(pk=scheme_id)
    return {"moved": classify(scheme, decided_by=run.job.requested_by, run=run)}


@jobs.job("customers.classify_all", at_hour=3)
def run_all_classifications(run: jobs.Run) -> None:
    """Every night: all published schemes that follow rules."""

    def enqueue() -> None:
        for scheme in ClassScheme.objects.filter(kind=ClassScheme.Kind.RULES, published_at__isnull=False):
            run_classification.enqueue(
                company_id=scheme.company_id, unique=f"classify:{scheme.pk}", scheme_id=scheme.pk
            )

    work.unit_of_work(enqueue)


@jobs.job("customers.mirror_grades")
def mirror_grades(run: jobs.Run, scheme_id: int) -> None:
    """A scheme has become the policy scheme: its classes become the grades of all accounts."""
    scheme, last = as_published(ClassScheme.objects.get(pk=scheme_id)), 0
    ids = Account.objects.filter(company_id=scheme.company_id).order_by("pk").values_list("pk", flat=True)
    while some := list(ids.filter(pk__gt=last)[:BATCH]):

        def batch(some: list[int] = some) -> None:
            run.fence()
            rows = ClassAssignment.objects.filter(scheme=scheme, account__in=some, until=None)
            _mirror(scheme, {**dict.fromkeys(some, ""), **dict(rows.values_list("account_id", "class_code"))})

        work.unit_of_work(batch)
        last = some[-1]


# -- stages (LIFE-01, LIFE-05)


def apply_stages(company_id: int, stages: Mapping[int, str], *, on: date | None = None) -> int:
    """Write the stages computed from facts (account id to stage); only movers get history.  Returns how many moved."""
    if strange := set(stages.values()) - set(Stage.values):
        raise ValueError(f"no such stage: {min(strange)}")
    moved, day = 0, on or clock.today()
    for some in _chunks(sorted(stages), BATCH):

        def batch(ids: list[int] = some) -> int:
            return _restage(company_id, {pk: stages[pk] for pk in ids}, day)

        moved += work.unit_of_work(batch)
    return moved


def _restage(company_id: int, wanted: Mapping[int, str], on: date) -> int:
    rows = Account.objects.filter(company_id=company_id, pk__in=wanted).select_for_update().values_list("pk", "stage")
    movers = [(pk, old, wanted[pk]) for pk, old in rows if old != wanted[pk]]
    by_stage: dict[str, list[int]] = defaultdict(list)
    for pk, _old, new in movers:
        by_stage[new].append(pk)
    for stage, ids in by_stage.items():
        Account.objects.filter(pk__in=ids).update_silently(stage=stage)
    StageChange.objects.bulk_create(
        StageChange(company_id=company_id, account_id=pk, old=old, new=new, on=on) for pk, old, new in movers
    )
    if movers:
        events.publish(STAGES_CHANGED, company_id, moves=[list(move) for move in movers])
    return len(movers)


# -- segments


@action(Segment, label=_("Count again"), permission="view", icon="refresh")
def recount(segment: Segment, *, actor: User) -> Segment:
    """How many accounts of the whole company are in the segment now."""
    segment.size, segment.counted_at = members(segment).count(), clock.now()
    segment.save(update_fields=["size", "counted_at"])
    return segment


def _chunks(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(ids)
    while some := list(islice(rest, size)):
        yield some
