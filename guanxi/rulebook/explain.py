"""A duty in plain facts: which article asks for it, of which row, until when, and what ended it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from guanxi.kernel.entities import entity
from guanxi.rulebook.models import Duty
from guanxi.rulebook.sentences import said


def moment(value: Any) -> str | None:
    return timezone.localtime(value).isoformat(timespec="minutes") if value else None


def as_data(duty: Duty) -> dict[str, Any]:
    """A duty as plain values, for programs."""
    return {
        "id": duty.pk,
        "clause": duty.clause.code,
        "title": duty.clause.title,
        "version": duty.clause_version.number,
        "subject": duty.subject_label,
        "subject_id": duty.subject_id,
        "about": duty.title,
        "customer_id": duty.account_id,
        "owner": duty.owner.username if duty.owner else None,
        "department": duty.department.code if duty.department else None,
        "opened_at": moment(duty.opened_at),
        "due_at": moment(duty.due_at),
        "overdue_at": moment(duty.overdue_at),
        "state": duty.state,
        "met_on": duty.met_on.isoformat() if duty.met_on else None,
        "evidence": duty.evidence_label,
        "evidence_id": duty.evidence_id,
        "steps": duty.level,
    }


def explained(duty: Duty) -> dict[str, Any]:
    """The same with the reasons: article, rule in words, and each step taken."""
    article = duty.clause.article
    return {
        **as_data(duty),
        "article": {
            "regulation": article.regulation.title, "number": article.number, "title": article.title, "text": article.text,
        } if article else None,
        "basis": duty.clause.basis,
        "rule": said(duty.clause_version),
        "trigger": name_of(duty.subject_label, duty.subject_id),
        "proof": name_of(duty.evidence_label, duty.evidence_id),
        "taken": [
            {"level": step.level, "to": step.to.username if step.to else None, "at": moment(step.at)}
            for step in duty.steps.select_related("to").order_by("level")
        ],
        "figures": duty.figures,
        "waived": {"by": str(duty.decided_by), "why": duty.note} if duty.decided_by else None,
    }  # fmt: skip


def name_of(label: str, pk: int | None) -> str:
    """What a row is called, "" where there is none (any more)."""
    if not label or pk is None:
        return ""
    row = entity(label).model._base_manager.filter(pk=pk).first()
    return str(row) if row is not None else ""
