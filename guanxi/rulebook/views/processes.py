"""The company's processes on one page: each step with its role and its standard, what is missing marked (ORG-13)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import verbs
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entities, entity
from guanxi.rulebook.models import Clause, ProcessStep
from guanxi.rulebook.queries import processes
from guanxi.web.pages import person

LABEL = "rulebook.processstep"


@login_required
def processes_page(request: HttpRequest) -> HttpResponse:
    user = person(request)
    verbs.require_right(user, "view", entity(LABEL))
    found = processes.processes(user.company)
    known = processes.clauses(user.company, {step.clause_code for _name, steps in found for step in steps})
    shown = [(name, [_step(step, known, user) for step in steps]) for name, steps in found]
    shown += [
        (_("Approval: %(kind)s") % {"kind": kind}, [_asked(step, user) for step in steps])
        for kind, steps in processes.approvals(user.company)
    ]
    told = [(name, steps, sum(not (s["role"] and s["standard"]) for s in steps)) for name, steps in shown]
    lacking = sum(lacks for _name, _steps, lacks in told)
    return render(request, "rulebook/processes.html", {"processes": told, "lacking": lacking})


def _step(step: ProcessStep, known: dict[str, Clause], user: Any) -> dict[str, Any]:
    about = next((one for one in entities() if one.label == step.about), None)
    return {
        "title": step.title, "role": step.role, "standard": step.standard.strip(), "clause": known.get(step.clause_code),
        "edit": record_url("process-steps", step.pk),
        "rows": list_url(about.slug) if about and user.may("view", step.about) else "",
    }  # fmt: skip


def _asked(step: Any, user: Any) -> dict[str, Any]:
    """A step of an approval: who agrees is its role."""
    kept = step.flow_id is not None and user.may("view", "approvals.flow")
    return {
        "title": _("Step %(n)s") % {"n": step.position}, "role": str(step), "standard": step.standard.strip(),
        "edit": record_url("approval-flows", step.flow_id) if kept else "",
    }  # fmt: skip
