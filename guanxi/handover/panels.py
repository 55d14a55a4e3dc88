"""What the pages of requests and handovers show beyond their fields: approval and form; what is held, divided and signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from guanxi.approvals.models import Approval, Vote
from guanxi.custody.models import ExportLog
from guanxi.handover.models import AccountRequest, Handover, Holding, PersonnelChange, Successor
from guanxi.handover.openings import waiting
from guanxi.handover.queries.holdings import ACCOUNT, inventory
from guanxi.handover.services.division import Kind
from guanxi.handover.services.division import division as split
from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.models import Job
from guanxi.org.models import User
from guanxi.web.nav import link
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
    """The approvers' words, lines for signatures (FORM-03)."""
    return _course(row)


@panel("org.user", "handover/to_open.html", place="list", order=10)
def to_open(_listing: Any, user: Any) -> dict[str, Any] | None:
    """People who were entered or imported cannot sign in yet: the way to their accounts."""
    n = waiting(user).count() if user.may("open_account", "org.user") else 0
    return {"n": n} if n else None


# -- handovers ---------------------------------------------------------------------------------------------------------

HANDOVER, HOLDING, LARGEST = "handover.handover", "handover.holding", 10
LATELY = timedelta(days=30)


def _list(*conditions: dict[str, Any]) -> str:
    """The things handed over, narrowed."""
    return link("holdings", *conditions)


def _of(handover: Handover) -> dict[str, Any]:
    return {"f": "handover", "op": "is", "v": handover.pk}


@panel(HANDOVER, "handover/signatures.html", order=10)
def signatures(handover: Handover, user: Any) -> dict[str, Any]:
    """Who has signed, what is in the way, how far the sealing is."""
    problem = {"f": "problem", "op": "not_empty"}
    running = handover.state == Handover.State.SEALING
    job = Job.objects.filter(pk=handover.job_id).first() if handover.job_id and running else None
    return {
        "successors": Successor.objects.filter(handover=handover).select_related("person", "signed_by"),
        "problems": Holding.objects.filter(handover=handover).exclude(problem="").count(),
        "problems_url": _list(_of(handover), problem) if user.may("view", HOLDING) else "",
        "job": job,
        "briefing": reverse("handover-briefing", args=[handover.pk]) if user.may("view", ACCOUNT) else "",
    }


@panel(HANDOVER, "handover/division.html", order=20)
def division(handover: Handover, user: Any) -> dict[str, Any]:
    """Per kind of thing how many go to whom, and the way to give single ones to somebody else."""
    found = split(handover)
    named = user.may("view", HOLDING)  # names and figures are business, numbers of things are not
    rows = [
        {
            "title": kind.title,
            "listed": kind.listed,
            "url": _kind_url(handover, kind) if kind.listed and named else "",
            **_cells(kind.counts, found.people),
        }
        for kind in found.kinds
    ]
    customers = Holding.objects.filter(handover=handover, label=ACCOUNT).select_related("successor")
    return {
        "rows": rows, "sums": _cells(found.sums, found.people), "people": found.people, "since": found.unlisted_since,
        "weights": [(one, found.weights.get(one.pk)) for one in found.people] if named else [], "weight": sum(found.weights.values()),
        "add_rule": f"{list_url('handover-rules')}new/?handover={handover.pk}" if _divides(handover, user) else "",
        "rules": list(handover.rules.select_related("to")), "all": _list(_of(handover)) if named else "",
        "largest": customers.order_by("-weight", "pk")[:LARGEST] if named else [],
    }  # fmt: skip


def _cells(counts: Mapping[int | None, int], people: list[User]) -> dict[str, Any]:
    """A line of the division: all together, what each person gets, and what ends."""
    cells = [{"person": one, "n": counts.get(one.pk, 0)} for one in people]
    return {"n": sum(counts.values()), "cells": cells, "ends": counts.get(None, 0)}


def _kind_url(handover: Handover, kind: Kind) -> str:
    label, bond = kind.key
    return _list(_of(handover), {"f": "label", "op": "is", "v": label}, {"f": "link", "op": "is", "v": bond})


def _divides(handover: Handover, user: Any) -> bool:
    return handover.is_draft and bool(user.may("change", HANDOVER))


@panel(HANDOVER, "handover/inventory.html", order=30)
def held(handover: Handover, user: Any) -> dict[str, Any] | None:
    """Everything the person holds now, open and finished, for those who run the handover."""
    if not user.may("change", HANDOVER) and user.pk != handover.person_id:
        return None
    return {"held": inventory(handover.person, user)}


@panel(HANDOVER, "handover/protocol.html", place="card", order=10)
def protocol(handover: Handover, user: Any) -> dict[str, Any]:
    """The sheet both sides sign: what goes to whom, signatures and the seal."""
    return {**(division(handover, user) or {}), **(signatures(handover, user) or {})}


@panel(HANDOVER, "handover/taken_out.html", order=40, needs="custody.exportlog")
@panel("handover.personnelchange", "handover/taken_out.html", order=20, needs="custody.exportlog")
def taken_out(row: Handover | PersonnelChange, user: Any) -> dict[str, Any] | None:
    """What somebody who leaves has exported lately, for those who may see it (SEC-07)."""
    if row.person is None or row.kind != Handover.Kind.LEAVING:
        return None
    since = min(clock.today(), row.day) - LATELY
    found = ExportLog.objects.visible_to(user).filter(owner=row.person, created_at__gte=start_of(since))
    if not (n := found.count()):
        return None  # nothing, or nothing this reader may see
    person, begun = {"f": "owner", "op": "is", "v": row.person_id}, {"f": "created_at", "op": "after", "v": str(since)}
    return {
        "exports": list(found.order_by("-pk")[:5]), "n": n, "rows": found.aggregate(n=Sum("rows"))["n"],
        "days": LATELY.days, "all": link("exports-made", person, begun),
    }  # fmt: skip


@panel("org.user", "handover/of_person.html", place="rail", order=60, needs=HANDOVER)
def of_person(person: User, user: Any) -> dict[str, Any] | None:
    """Handovers of this person that the reader may see."""
    found = list(Handover.objects.visible_to(user).filter(person=person).order_by("-pk")[:5])
    return {"handovers": found} if found else None


@panel("handover.personnelchange", "handover/of_person.html", order=10, needs=HANDOVER)
def of_change(change: PersonnelChange, user: Any) -> dict[str, Any] | None:
    """The way on from somebody's leaving to what they hand over."""
    return of_person(change.person, user) if change.person is not None else None
