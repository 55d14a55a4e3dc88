"""What a request's page shows: the facts to decide on, and the chain with everybody's word."""

from __future__ import annotations

from typing import Any

from guanxi.approvals.models import Approval, Vote
from guanxi.approvals.queries import steps_of
from guanxi.approvals.subjects import find_subject
from guanxi.kernel.entities import entity
from guanxi.web.panels import panel

LABEL = "approvals.approval"
TONES = {"waiting": "gray", "open": "amber", "agreed": "green", "refused": "red", "passed": "blue", "void": "gray"}


@panel(LABEL, "approvals/facts.html", order=10)
def facts(approval: Approval, user: Any) -> dict[str, Any] | None:
    """What an approver should know, with the way to the record, where the reader may open it."""
    subject = find_subject(approval.kind)
    found = list(subject.facts(approval)) if subject else []
    row = None
    if approval.label and user.may("view", approval.label):
        declared = entity(approval.label)
        row = declared.model.objects.visible_to(user).filter(pk=approval.object_id).first()
    slug = entity(approval.label).slug if row is not None else ""
    return {"facts": found, "about": row, "slug": slug} if found or row is not None else None


@panel(LABEL, "approvals/chain.html", order=20)
def chain(approval: Approval, _user: Any) -> dict[str, Any]:
    """Step by step who was asked, who stood in, what was said and when."""
    votes = Vote.objects.filter(approval=approval).select_related("person", "stands_for")
    # A chain changed since has other words: a step that is gone shows none.
    steps = steps_of(approval.company, approval.kind) if find_subject(approval.kind) else []
    standards = {str(step)[:80]: step.standard for step in steps}
    return {
        "votes": [{"vote": vote, "tone": TONES[vote.state], "standard": standards.get(vote.step, "")} for vote in votes]
    }
