"""What a clause shows, and what every step of a process shows: who answers for it, and by which standard."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.rulebook.models import Clause, ClauseVersion
from guanxi.rulebook.queries import processes
from guanxi.rulebook.sentences import said
from guanxi.rulebook.services.processes import declared
from guanxi.web.panels import panel


@panel("rulebook.clause", "rulebook/clause.html", order=10)
def rule(clause: Clause, user: Any) -> dict[str, Any]:
    """The versions, newest first, each as a sentence (GOV-02)."""
    rows = ClauseVersion.objects.filter(clause=clause).select_related("published_by", "company").order_by("-number")
    versions = [(version, said(version)) for version in rows[:20]]
    may = user.may("change", "rulebook.clause")
    return {"versions": versions, "edit": reverse("clause-rule", args=[clause.pk]) if may else "", "clause": clause}


def step_panel(label: str) -> None:
    """On the page and the form of these rows: the step they wait for, with role and standard (ORG-13)."""

    def step(row: Any, user: Any) -> dict[str, Any] | None:
        steps = processes.taken_on(label, row, user.company)
        known = processes.clauses(user.company, {one.clause_code for one in steps if one.clause_code})
        return {"steps": [(one, known.get(one.clause_code)) for one in steps]} if steps else None

    for place in ("main", "form"):
        panel(label, "rulebook/step.html", place=place, order=2)(step)


for about in sorted({row["about"] for row in declared()}):
    step_panel(about)
