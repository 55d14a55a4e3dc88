"""Reminders before and escalation after: each step of a clause is taken once per duty, and people are told in sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Min, OuterRef, Subquery, Value, Window
from django.db.models.functions import RowNumber
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from guanxi.kernel.addresses import list_url
from guanxi.kernel.ids import new_id
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.rulebook.engine.facts import NOBODY, Rule, head_over
from guanxi.rulebook.engine.judging import UNMET, unmet
from guanxi.rulebook.engine.opening import insert_select
from guanxi.rulebook.engine.times import before
from guanxi.rulebook.models import Duty, DutyStep
from guanxi.rulebook.spec import Who

Waiting = dict[tuple[int, int], datetime]  # version and level -> when the time of its first duty is up


def waiting(rules: Iterable[Rule], moment: datetime) -> Waiting:
    """Duties with steps to come, of all rules at once: on most days most have none to take, which is seen without asking.

    Of the open ones only those are read whose time is up before the farthest reminder of all looks ahead.
    """
    sizes: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        sizes[len(rule.spec.steps)].append(rule)
    found: Waiting = {}
    for size, some in sizes.items():
        rows: Any = Duty.everything.filter(clause_version_id__in=[rule.version.pk for rule in some], level__lt=size)
        ahead = max(before(moment, step.when, rule.calendar) for rule in some for step in rule.spec.steps)
        soon = rows.filter(company_id=some[0].company.pk, state=Duty.State.OPEN, overdue_at__lte=ahead)
        late = rows.filter(clause_id__in={rule.clause_id for rule in some}, state=Duty.State.MISSED)
        for part in (soon, late):
            firsts = part.order_by().values_list("clause_version_id", "level").annotate(first=Min("overdue_at"))
            for version, level, first in firsts:
                found[version, level] = min(first, found.get((version, level), first))
    return found


def take_steps(rule: Rule, moment: datetime, known: Waiting) -> None:
    """Take every step whose time has come: each once per duty."""
    for level, step in enumerate(rule.spec.steps):
        first = known.get((rule.version.pk, level))
        if first is None or first > (edge := before(moment, step.when, rule.calendar)):
            continue
        rows = unmet(rule).filter(level=level, overdue_at__lte=edge)
        following = rule.version.pk, level + 1
        known[following] = min(first, known.get(following, first))
        base = max(new_id(), (DutyStep.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)
        columns = {
            "id": Value(base) + Window(RowNumber(), order_by="pk"), "company_id": F("company_id"), "duty_id": F("pk"),
            "level": Value(level + 1), "to_id": _recipient(rule, step.to), "at": Value(moment),
        }  # fmt: skip
        insert_select(DutyStep, rows, columns)
        rows.update_silently(level=level + 1)


def _recipient(rule: Rule, who: Who | None) -> Any:
    """The person of a step, said from the duty."""
    if who is None:
        return F("owner_id")
    if who.role:
        holder = User.objects.filter(company_id=rule.company.pk, is_active=True, roles__code=who.role).order_by("pk")
        return Subquery(holder.values("pk")[:1])
    if who.head:
        return head_over("department", "owner_id")
    if who.path in ("", "self"):
        return NOBODY
    return Subquery(rule.model._base_manager.filter(pk=OuterRef("subject_id")).values(rule.path(who.path))[:1])


def announce(company_id: int, since: datetime, until: datetime) -> None:
    """One notice for a person and clause, however many duties it stands for; of what was still owed then."""
    steps = DutyStep.objects.filter(company_id=company_id, at__gt=since, at__lte=until, to__isnull=False)
    steps = steps.filter(duty__state__in=UNMET)
    told: dict[tuple[int, str, bool], list[datetime]] = defaultdict(list)
    for person, owner, title, due in steps.values_list(
        "to_id", "duty__owner_id", "duty__clause__title", "duty__due_at"
    ):
        told[person, title, person != owner].append(due)
    people = User.objects.in_bulk({person for person, _clause, _other in told})
    for (person, clause, other), dues in sorted(told.items()):
        if person not in people or not people[person].is_active:
            continue
        n = len(dues)
        values = {"n": n, "clause": clause, "day": localtime(min(dues)).date()}
        if other:
            text = (
                ngettext(
                    "%(n)s duty of your people needs you, due from %(day)s: %(clause)s",
                    "%(n)s duties of your people need you, due from %(day)s: %(clause)s",
                    n,
                )
                % values
            )
        else:
            text = (
                ngettext("%(n)s duty is due by %(day)s: %(clause)s", "%(n)s duties are due from %(day)s: %(clause)s", n)
                % values
            )
        url = f"{list_url('duties')}?view={'people' if other else 'mine'}"
        tell([people[person]], text, url=url, icon="gavel")
