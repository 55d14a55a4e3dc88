"""The steps of a company's processes: those a row waits for, and all of them with what is missing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from guanxi.approvals.queries import steps_of
from guanxi.approvals.subjects import subjects
from guanxi.kernel.models import Company
from guanxi.kernel.prepared import settled
from guanxi.org.models import Role
from guanxi.rulebook.models import Clause, ProcessStep


def _steps(_user: Any, company_id: int) -> QuerySet[Any]:
    return ProcessStep.objects.filter(company_id=company_id).order_by("position", "pk")  # type: ignore[no-any-return]


def _roles(_user: Any, company_id: int) -> QuerySet[Any]:
    return Role.objects.filter(company_id=company_id).order_by("pk")  # type: ignore[no-any-return]


def _with_roles(steps: list[ProcessStep], company: Company) -> list[ProcessStep]:
    roles = {role.pk: role for role in settled(_roles, company)}
    for step in steps:
        step.role = roles.get(step.role_id)
    return steps


def taken_on(label: str, row: Any, company: Company) -> list[ProcessStep]:
    """The steps a row waits for now."""
    return _with_roles([s for s in settled(_steps, company) if s.about == label and s.taken_on(row)], company)


def processes(company: Company) -> list[tuple[str, list[ProcessStep]]]:
    """Every process with its steps, in order."""
    steps = _with_roles(list(settled(_steps, company)), company)
    first = {step.process: n for n, step in reversed(list(enumerate(steps)))}
    ordered = sorted(steps, key=lambda step: (first[step.process], step.position))
    return [(name, list(found)) for name, found in groupby(ordered, key=lambda step: step.process)]


def approvals(company: Company) -> list[tuple[str, list[Any]]]:
    """Every kind of request with the steps of its chain."""
    return [(str(one.label), steps_of(company, one.kind)) for one in subjects()]


def clauses(company: Company, codes: set[str]) -> dict[str, Clause]:
    """The clauses that steps name, by their codes."""
    rows = Clause.objects.filter(company=company, code__in=codes).select_related("article__regulation")
    return {clause.code: clause for clause in rows} if codes else {}
