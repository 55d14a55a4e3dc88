"""Putting accounts into classes and stages: by decision, by rules over all accounts, or from facts computed above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, Grade, Segment, Stage, StageChange
from guanxi.customers.queries.classes import class_by_rules, members
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
    _move(scheme, {account.pk: code}, cause, actor)
    account.refresh_from_db(fields=["grade"])
    return account


def apply_classes(
    scheme: ClassScheme,
    classes: Mapping[int, str],
    *,
    cause: str,
    decided_by: User | None = None,
    fence: Any = None,
) -> int:
    """Put many accounts (id to class code, "" for none) into classes; only movers are written.  Returns how many moved.

    Works in transactions of `BATCH` unless the caller has one open; `fence` is called inside each.
    """
    moved = 0
    for some in _chunks(sorted(classes), BATCH):

        def batch(ids: list[int] = some) -> int:
            if fence is not None:
                fence()
            return _move(scheme, {pk: classes[pk] for pk in ids}, cause, decided_by)

        moved += work.unit_of_work(batch)
    return moved


def _move(scheme: ClassScheme, wanted: Mapping[int, str], cause: str, decided_by: User | None) -> int:
    if strange := set(wanted.values()) - {*scheme.codes, ""}:
        raise Refused(_("The scheme has no class “%(code)s”.") % {"code": min(strange)}, field="code")
    # The scheme is the lock: two runs over the same accounts follow each other.
    scheme = ClassScheme.objects.select_for_update().get(pk=scheme.pk)
    mine = Account.objects.filter(company_id=scheme.company_id, pk__in=wanted).values_list("pk", flat=True)
    standing = ClassAssignment.objects.filter(scheme=scheme, account__in=wanted, until=None)
    known = {account: (pk, code) for pk, account, code in standing.values_list("pk", "account_id", "class_code")}
    movers = [pk for pk in mine if wanted[pk] != known.get(pk, (0, ""))[1]]
    if not movers:
        return 0
    today, author = clock.today(), context.origin().actor_id
    ending = [known[pk][0] for pk in movers if pk in known]
    ClassAssignment.objects.filter(pk__in=ending).update_silently(until=today)
    ClassAssignment.objects.bulk_create(
        ClassAssignment(
            company_id=scheme.company_id, account_id=pk, scheme=scheme, class_code=wanted[pk], since=today,
            previous=known.get(pk, (0, ""))[1], cause=cause[:400], decided_by=decided_by, created_by_id=author,
        )
        for pk in movers
    )  # fmt: skip
    if scheme.is_policy:
        _mirror(scheme, {pk: wanted[pk] for pk in movers})
    moves = [[pk, known.get(pk, (0, ""))[1], wanted[pk]] for pk in movers]
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
    rows = Account.objects.filter(company_id=scheme.company_id, retired_on=None).order_by("pk")
    pairs = rows.annotate(wanted=class_by_rules(scheme)).values_list("pk", "wanted")
    cause, fence = cause or _t("By the rules of the scheme"), run.fence if run else None
    done = moved = last = 0
    while some := dict(pairs.filter(pk__gt=last)[:BATCH]):
        moved += apply_classes(scheme, some, cause=cause, decided_by=decided_by, fence=fence)
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
    scheme, last = ClassScheme.objects.get(pk=scheme_id), 0
    ids = Account.objects.filter(company_id=scheme.company_id).order_by("pk").values_list("pk", flat=True)
    while some := list(ids.filter(pk__gt=last)[:BATCH]):

        def batch(some: list[int] = some) -> None:
            run.fence()
            rows = ClassAssignment.objects.filter(scheme=scheme, account__in=some, until=None)
            _mirror(scheme, {**dict.fromkeys(some, ""), **dict(rows.values_list("account_id", "class_code"))})

        work.unit_of_work(batch)
        last = some[-1]


# -- schemes (ORG-09: published by who holds the right)


@action(ClassScheme, label=_("Publish"), permission="publish", icon="circle-check", bulk=False)
def publish(scheme: ClassScheme, *, actor: User) -> ClassScheme:
    """Put the scheme in force; one by rules classes all accounts in the background at once."""
    scheme.published_at, scheme.published_by = clock.now(), actor
    scheme.save(update_fields=["published_at", "published_by"])
    if scheme.kind == ClassScheme.Kind.RULES:
        run_classification.enqueue(user=actor, unique=f"classify:{scheme.pk}", scheme_id=scheme.pk)
    return scheme


@action(ClassScheme, label=_("Make policy scheme"), permission="publish", icon="star", bulk=False,
        when=lambda scheme: not scheme.is_policy)  # fmt: skip
def make_policy(scheme: ClassScheme, *, actor: User) -> ClassScheme:
    """From now on this scheme's classes drive contact and service; exactly one scheme does (CLASS-05)."""
    if scheme.published_at is None:
        raise Refused(_("Publish the scheme first."))
    if any(scheme.grade_of(code) not in Grade.values for code in scheme.codes):
        raise Refused(_("Each class of the policy scheme needs a grade from A to D."))
    for former in ClassScheme.objects.select_for_update().filter(company_id=scheme.company_id, is_policy=True):
        former.is_policy = False
        former.save(update_fields=["is_policy"])
    scheme.is_policy = True
    scheme.save(update_fields=["is_policy"])
    mirror_grades.enqueue(user=actor, unique=f"mirror:{scheme.company_id}:{scheme.pk}", scheme_id=scheme.pk)
    return scheme


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
