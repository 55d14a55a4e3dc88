"""Standards of class schemes: published from a day on, put into force on that day, and the scheme that drives policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import ClassScheme, ClassStandard, Grade
from guanxi.customers.queries.classes import as_published
from guanxi.customers.services.classes import mirror_grades, run_classification
from guanxi.kernel import clock, events, jobs, verbs, work
from guanxi.kernel.actions import action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

IN_FORCE = "customers.standard_in_force"
events.declare(IN_FORCE)


@action(ClassScheme, label=_("Publish"), permission="publish", icon="circle-check", bulk=False,
        labels={"effective_on": _("effective on"), "note": _("note")})  # fmt: skip
def publish(scheme: ClassScheme, *, actor: User, effective_on: date | None = None, note: str = "") -> ClassScheme:
    """What the scheme says now becomes its standard, today or from a later day on (ORG-09: by who holds the right)."""
    day = effective_on or clock.today()
    if day < clock.today():
        raise Refused(_("A standard cannot be published for a day that has passed."), field="effective_on")
    standard = ClassStandard(
        company_id=scheme.company_id, created_by_id=actor.pk, scheme=scheme, effective_on=day, note=note.strip(),
        params=scheme.params, classes=scheme.classes,
    )  # fmt: skip
    standard.save()
    if day == clock.today():
        enforce(standard.pk)
        scheme.refresh_from_db()
    return scheme


def adopt(
    scheme: ClassScheme, values: Mapping[str, Any], *, actor: User, effective_on: date, note: str = ""
) -> ClassScheme:
    """Publish other cut-offs or classes than the scheme has, as a what-if has shown them (CLASS-12)."""

    def body() -> ClassScheme:
        keep(ClassScheme.objects.get(pk=scheme.pk))
        verbs.change(entity(ClassScheme), scheme.pk, values, actor=actor, version=scheme.version)
        done: ClassScheme = publish(scheme.pk, actor=actor, effective_on=effective_on, note=note)
        return done

    return work.unit_of_work(body, verb="customers.classscheme.adopt", reason=note)


def keep(scheme: ClassScheme) -> None:
    """A scheme that was published before it had standards gets the first one, so that its past stays known."""
    if scheme.published_at is None or scheme.standards.exists():
        return
    ClassStandard(
        company_id=scheme.company_id, created_by_id=scheme.published_by_id, scheme=scheme,
        effective_on=timezone.localtime(scheme.published_at).date(), params=scheme.params, classes=scheme.classes,
        in_force_at=scheme.published_at,
    ).save()  # fmt: skip


@action(ClassStandard, label=_("Withdraw"), permission="publish", icon="x", bulk=False, danger=True,
        when=lambda standard: standard.in_force_at is None)  # fmt: skip
def withdraw(standard: ClassStandard, *, actor: User, reason: str = "") -> ClassStandard:
    """Take back a standard whose day has not come; the draft in the scheme stays."""
    if standard.in_force_at is not None:
        raise Refused(_("This standard is in force; publish another one instead."))
    standard.deleted_at = clock.now()
    standard.save(update_fields=["deleted_at"])
    return standard


@action(ClassStandard, label=_("Put into force again"), permission="publish", icon="arrow-back-up", bulk=False,
        labels={"note": _("note")}, when=lambda standard: standard.in_force_at is not None)  # fmt: skip
def restore(standard: ClassStandard, *, actor: User, note: str = "") -> ClassScheme:
    """Undo what came after: this standard holds again from today on, as a new one with its own entry (QUAL-15)."""
    if standard.in_force_at is None:
        raise Refused(_("This standard has not been in force."))
    values = {"params": standard.params, "classes": standard.classes}
    again = note or str(_("As from %(day)s") % {"day": standard.effective_on})
    return adopt(standard.scheme, values, actor=actor, effective_on=clock.today(), note=again)


def enforce(pk: int) -> None:
    """From now on the standard holds: accounts are classed by it, in the background."""
    standard = ClassStandard.objects.select_for_update().get(pk=pk)
    if standard.in_force_at is not None:
        return
    standard.in_force_at, scheme = clock.now(), standard.scheme
    standard.save(update_fields=["in_force_at"])
    scheme.published_at, scheme.published_by_id = clock.now(), standard.created_by_id
    scheme.save(update_fields=["published_at", "published_by"])
    common: dict[str, Any] = {"company_id": scheme.company_id, "scheme_id": scheme.pk}
    if scheme.kind == ClassScheme.Kind.RULES:
        run_classification.enqueue(user=standard.created_by, unique=f"classify:{scheme.pk}", **common)
    if scheme.is_policy:
        mirror_grades.enqueue(unique=f"mirror:{scheme.company_id}:{scheme.pk}", **common)
    events.publish(IN_FORCE, scheme.company_id, scheme=scheme.pk)


@jobs.job("customers.standards", at_hour=1)
def enforce_due(run: jobs.Run) -> dict[str, int]:
    """Every night, before figures and classes are computed: the standards whose day has come."""
    due = ClassStandard.objects.filter(in_force_at=None, effective_on__lte=clock.today())
    ids = list(due.order_by("effective_on", "pk").values_list("pk", flat=True))
    for pk in ids:
        work.unit_of_work(lambda one=pk: enforce(one))  # type: ignore[misc]
    return {"in_force": len(ids)}


@action(ClassScheme, label=_("Make policy scheme"), permission="publish", icon="star", bulk=False,
        when=lambda scheme: not scheme.is_policy)  # fmt: skip
def make_policy(scheme: ClassScheme, *, actor: User) -> ClassScheme:
    """From now on this scheme's classes drive contact and service; exactly one scheme does (CLASS-05)."""
    if scheme.published_at is None:
        raise Refused(_("Publish the scheme first."))
    published = as_published(scheme)
    if any(published.grade_of(code) not in Grade.values for code in published.codes):
        raise Refused(_("Each class of the policy scheme needs a grade from A to D."))
    for former in ClassScheme.objects.select_for_update().filter(company_id=scheme.company_id, is_policy=True):
        former.is_policy = False
        former.save(update_fields=["is_policy"])
    scheme.is_policy = True
    scheme.save(update_fields=["is_policy"])
    mirror_grades.enqueue(user=actor, unique=f"mirror:{scheme.company_id}:{scheme.pk}", scheme_id=scheme.pk)
    return scheme
