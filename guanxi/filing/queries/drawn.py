"""The files of an inspection with their result and their defects, page by page (QUAL-08)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.duplicates.queries.check import masked
from guanxi.filing.models import CHECKED, Finding, InspectedFile, Inspection, InspectionPlan
from guanxi.kernel.addresses import record_url
from guanxi.org.models import User

PAGE = 25
RESULTS: dict[str, Q] = {"defective": Q(conforming=False), "conforming": Q(conforming=True)}


@dataclass(frozen=True)
class Line:
    """One file: masked and without a link where it lies out of reach; `conforming` is empty until it has been checked."""

    name: str
    url: str
    accountant: str
    conforming: bool | None
    findings: list[Finding]


@dataclass(frozen=True)
class Page:
    """`whole`: the inspection went through all files and keeps only those with a defect."""

    lines: list[Line]
    last: int
    more: bool
    whole: bool


def draws(batch: Inspection) -> bool:
    return bool(batch.plan.files == InspectionPlan.Files.NEW)


def files_of(batch: Inspection, user: User, only: str = "", after: int = 0) -> Page:
    """The files after the last one shown, in the order of the drawing."""
    if draws(batch):
        rows: Any = InspectedFile.objects.filter(RESULTS.get(only, Q()), inspection=batch, pk__gt=after).order_by("pk")
        found = [
            (r.pk, r.account, r.accountant, r.conforming)
            for r in rows.select_related("account", "accountant")[: PAGE + 1]
        ]
    else:
        ids = Finding.objects.filter(
            _found(batch), company_id=batch.company_id, department_id=batch.department_id
        ).values("account")
        defective = Account.everything.filter(pk__in=ids, pk__gt=after).order_by("pk")  # type: ignore[attr-defined]
        found = [(row.pk, row, None, False) for row in defective[: PAGE + 1]]
    shown = found[:PAGE]
    defects = _defects(batch, [row.pk for _pk, row, _a, _c in shown], user)
    seen = set(
        Account.objects.visible_to(user)
        .filter(pk__in=[row.pk for _pk, row, _a, _c in shown])
        .values_list("pk", flat=True)
    )
    lines = [
        Line(
            name=row.name if row.pk in seen else masked(row.name, row.kind == "person"),
            url=record_url("customers", row.pk) if row.pk in seen else "",
            accountant=accountant.name if accountant else "",
            conforming=conforming,
            findings=defects.get(row.pk, []) if conforming is False else [],
        )
        for _pk, row, accountant, conforming in shown
    ]
    return Page(lines, shown[-1][0] if shown else 0, len(found) > PAGE, not draws(batch))


def _found(batch: Inspection) -> Q:
    """What this inspection found, written down by it or, where it was known and open by then, by an earlier one."""
    until, kinds = batch.done_on or batch.last, batch.plan.checks or CHECKED
    closed = Q(state=Finding.State.CLOSED, rechecked_on__lt=until)
    return Q(inspection=batch) | Q(found_on__lte=until, kind__in=kinds) & ~closed


def _defects(batch: Inspection, ids: list[int], user: User) -> dict[int, list[Finding]]:
    by_file: dict[int, list[Finding]] = defaultdict(list)
    for one in Finding.objects.visible_to(user).filter(_found(batch), account__in=ids).order_by("pk"):
        by_file[one.account_id].append(one)
    return by_file


def drawn_context(row: Inspection, page: Page, only: str = "") -> dict[str, Any]:
    """What the panel and the page behind it show."""
    here = reverse("inspection-files", args=[row.pk])
    asked = {"after": page.last, **({"only": only} if only else {})}
    counted = (("", _("All"), row.inspected if draws(row) else None), ("defective", _("With defects"), row.defective),
               ("conforming", _("In order"), row.inspected - row.defective))  # fmt: skip
    return {
        "row": row, "page": page, "here": here, "only": only, "next": f"{here}?{urlencode(asked)}" if page.more else "",
        "counts": [{"key": key, "label": label, "n": n, "url": f"{here}?only={key}" if key else here} for key, label, n in counted]
        if draws(row) and row.state == Inspection.State.DONE else [],
        "fine": row.inspected - row.defective,
    }  # fmt: skip
