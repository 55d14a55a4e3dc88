"""What follows from findings: proposed incentives, rewards, rectification (QUAL-09 to 11, QUAL-13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from guanxi.filing.models import Finding, Incentive, InspectedFile, Inspection, Rectification, RectificationCost
from guanxi.filing.queries.rules import rules_of
from guanxi.formats.dates import month_said
from guanxi.incentives.models import Entry
from guanxi.incentives.services import Grounds, enter
from guanxi.kernel import work
from guanxi.org.models import User
from guanxi.org.services import tell


def propose(person: User, rule: Incentive, amount: Decimal, text: str, **grounds: Any) -> Entry | None:
    """A proposal for the ledger with its evidence; nothing where the company has set the amount to 0."""
    month = grounds.pop("month", None)
    return enter(person, amount, str(rule.label), grounds=Grounds(text, source=rule, **grounds), month=month)


def untrue(finding: Finding) -> None:
    """A fact that is not true: the person responsible by its origin (QUAL-10)."""
    if finding.owner is not None:
        propose(
            finding.owner, Incentive.UNTRUE, -rules_of(finding.company_id).untrue_points, finding.text, row=finding,
            account=finding.account,
        )  # fmt: skip


def after_inspection(batch: Inspection) -> None:
    """Consecutive non-conforming files of an accountant, and a rate that calls for rectification."""
    rules = rules_of(batch.company_id)
    drawn = batch.drawn.select_related("account", "accountant__company").order_by("pk")
    by_person: dict[User, list[InspectedFile]] = defaultdict(list)
    for one in drawn:
        if one.accountant is not None:
            by_person[one.accountant].append(one)
    for person, files in by_person.items():
        run = _streak_before(person, files[0].pk, rules.streak)
        for one in files:
            run = 0 if one.conforming else run + 1
            if run >= rules.streak:
                text = gettext("%(n)d non-conforming files in a row, the last one %(name)s") % {
                    "n": run,
                    "name": one.account,
                }
                propose(person, Incentive.STREAK, -rules.streak_points, text, row=batch, account=one.account)
    rate = batch.rate
    if rate is not None and batch.inspected >= rules.deviation_from and rate >= rules.deviation:
        _rectify(batch, rate)


def _streak_before(person: User, pk: int, longest: int) -> int:
    """How many files in a row had defects just before this one, counted no further than it matters."""
    before = InspectedFile.objects.filter(accountant=person, pk__lt=pk).exclude(conforming=None).order_by("-pk")
    run = 0
    for conforming in before.values_list("conforming", flat=True)[:longest]:
        if conforming:
            break
        run += 1
    return run


def _rectify(batch: Inspection, rate: Decimal) -> None:
    head = batch.department.head if batch.department else None
    text = gettext("%(rate)s %% of %(n)d inspected files are defective (inspection %(number)s).")
    row = Rectification(
        company_id=batch.company_id, inspection=batch, owner=head or batch.owner, department_id=batch.department_id,
        title=gettext("Rectification of files: %(branch)s") % {"branch": batch.department or ""},
        reason=text % {"rate": rate, "n": batch.inspected, "number": batch.number},
    )  # fmt: skip
    row.save()
    told = [person for person in (head, batch.owner) if person is not None]
    tell(list(dict.fromkeys(told)), row.title, url="/rectifications/", icon="alert-triangle")


@work.sealer(40, "filing.rectificationcost")
def sum_costs(unit: work.Work) -> None:
    """The costs of a rectification follow its lines."""
    lines = [c.row for c in unit.changes.values() if c.label == "filing.rectificationcost" and c.row]
    touched = {line.rectification_id for line in lines}
    for row in Rectification.objects.filter(pk__in=touched):
        amounts = RectificationCost.objects.filter(rectification=row).values_list("amount", flat=True)
        cost = sum(amounts, Decimal(0))
        if cost != row.cost:
            row.cost = cost
            row.save(update_fields=["cost"])


def charge_overdue(today: date) -> int:
    """Results nobody carried out in time: the operations specialist who inspects gets the incentive (QUAL-11)."""
    late = Finding.objects.filter(state=Finding.State.OPEN, due_on__lt=today, overdue_on=None)
    n = 0
    for finding in late.select_related("inspection__owner__company", "account"):
        finding.overdue_on = today
        finding.save(update_fields=["overdue_on"])
        inspector = finding.inspection.owner if finding.inspection else None
        if inspector is not None:
            text = gettext("Not mended by %(day)s: %(text)s") % {"day": finding.due_on, "text": finding.text}
            points = -rules_of(finding.company_id).not_done_points
            propose(inspector, Incentive.NOT_DONE, points, text, row=finding, account=finding.account)
        n += 1
    return n


def reward(company_id: int, first: date, after: date) -> int:
    """Accountants whose inspected files of a month were all in order (QUAL-11)."""
    rules = rules_of(company_id)
    rows = InspectedFile.objects.filter(
        inspection__company_id=company_id, inspection__last__gte=first, inspection__last__lt=after
    )
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for accountant, conforming in rows.exclude(accountant=None).values_list("accountant_id", "conforming"):
        counts[accountant or 0][0] += 1
        counts[accountant or 0][1] += not conforming
    clean = [pk for pk, (files, bad) in counts.items() if files >= rules.clean_from and not bad]
    people: Any = User.objects
    for person in people.filter(pk__in=clean, is_active=True):
        text = gettext("%(n)d files of %(month)s, none with a defect") % {
            "n": counts[person.pk][0],
            "month": month_said(first),
        }
        propose(person, Incentive.CLEAN, rules.clean_points, text, month=first)
    return len(clean)
