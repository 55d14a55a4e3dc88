"""What the pages of requests show beyond their fields: the approval, and the head of the printed form."""

from __future__ import annotations

from typing import Any

from guanxi.approvals.models import Approval, Vote
from guanxi.handover.models import AccountRequest
from guanxi.handover.queries.accounts import rules_of
from guanxi.web.panels import panel

LABEL = "handover.accountrequest"


def _course(row: AccountRequest) -> dict[str, Any]:
    """The newest approval of the form, with everybody's word."""
    approval = Approval.objects.filter(label=LABEL, object_id=row.pk).order_by("-pk").first()
    votes = Vote.objects.filter(approval=approval).select_related("person", "stands_for") if approval else []
    return {"approval": approval, "votes": votes}


@panel(LABEL, "handover/approval.html", order=10)
def approval(row: AccountRequest, user: Any) -> dict[str, Any] | None:
    """Where the request stands; what has been agreed and waits to be opened leads to the page that does it."""
    found = _course(row)
    waits = row.state == "agreed" and row.kind == "open" and row.person is not None
    found["open"] = row.person_id if waits and user.may("open_account", "org.user") else None
    return found if found["approval"] else None


@panel(LABEL, "handover/form.html", place="card", order=10)
def form(row: AccountRequest, _user: Any) -> dict[str, Any]:
    """Number and version of the form, the approvers' words, lines for signatures (FORM-03)."""
    return {**_course(row), "rules": rules_of(row.company_id)}
