"""What dealings put on other pages: what is due with a customer, the forms' sheets, phrases and the place at hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from guanxi.interactions.models import CompetitorNote, Interaction, ReturnVisit, ServiceLine, Visit, VisitPlan
from guanxi.interactions.queries.due import coming_returns, coming_visits
from guanxi.interactions.queries.rules import phrases, questions_for
from guanxi.interactions.queries.visits import visits_of
from guanxi.interactions.services.plans import is_draft, is_visitor
from guanxi.interactions.services.visits import is_own
from guanxi.kernel import clock
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.prepared import once
from guanxi.org.models import Attachment
from guanxi.web.panels import panel

CALLS = 30  # shown with their line
ACCOUNT, VISIT, RETURN = "customers.account", "interactions.visit", "interactions.returnvisit"


@panel(ACCOUNT, "interactions/due.html", order=12, asks=(coming_visits, coming_returns))
def due(account: Any, user: Any) -> dict[str, Any] | None:
    """Visits and return visits ahead of this customer (LIFE-04)."""
    visits, returns = once(account, coming_visits, user), once(account, coming_returns, user)
    rows = [
        {"icon": "map-pin", "title": purpose or Visit._meta.verbose_name, "hint": name, "on": day,
         "url": record_url("visits", pk)}
        for pk, _state, day, purpose, name in visits
    ] + [
        {"icon": "phone-call", "title": ReturnVisit.Reason(reason).label, "on": day,
         "hint": f"{ReturnVisit.Way(way).label if way else ''} {name or ''}".strip(),
         "url": record_url("return-visits", pk)}
        for pk, reason, way, day, name in returns
    ]  # fmt: skip
    return {"rows": sorted(rows, key=lambda row: row["on"])} if rows else None


@panel(VISIT, "interactions/write.html", order=5)
def write_visit(visit: Visit, user: Any) -> dict[str, Any] | None:
    """The way to the visit form, for the visitor."""
    open_ = visit.state == Visit.State.STARTED and is_own(visit, user)
    return {"url": reverse("visit-report", args=[visit.pk])} if open_ else None


@panel(RETURN, "interactions/write.html", order=5)
def write_return(row: ReturnVisit, user: Any) -> dict[str, Any] | None:
    """The way to the answers of a return visit."""
    open_ = row.state == ReturnVisit.State.OPEN and user.may("change", RETURN)
    fields = entity(RETURN).fields_for(None)
    asked = [fields[name].label for name in (*questions_for(row.account), "issue")]
    return {"url": reverse("return-report", args=[row.pk]), "asked": asked} if open_ else None


@panel("interactions.visitplan", "interactions/planned.html", order=5)
def planned(plan: VisitPlan, user: Any) -> dict[str, Any]:
    """Whom the plan takes the visitor to; the visitor puts customers in and asks for agreement here (RV-06)."""
    here = record_url("visit-plans", plan.pk)
    rows = list(visits_of(plan).filter(pk__in=Visit.objects.visible_to(user).values("pk"))[:60])
    return {
        "rows": rows,
        "here": here,
        "open": is_draft(plan) and is_visitor(plan, user) and user.may("add", plan._meta.label_lower),
    }


@panel(VISIT, "interactions/pictures.html", place="rail", order=20)
def pictures(visit: Visit, _user: Any) -> dict[str, Any] | None:
    """Pictures taken at the visit."""
    rows = Attachment.objects.filter(label=VISIT, object_id=visit.pk, media_type__startswith="image/").order_by("pk")
    found = list(rows[:12])
    return {"pictures": found} if found else None


@panel(VISIT, "interactions/sheet.html", place="card", order=10)
def sheet(visit: Visit, user: Any) -> dict[str, Any]:
    """What was heard of competitors, on paper (FORM-02)."""
    notes = CompetitorNote.objects.visible_to(user).filter(visit=visit).select_related("competitor")
    return {"notes": notes[:20]}


@panel("interactions.interaction", "interactions/about.html", place="rail", order=10)
def about(row: Interaction, user: Any) -> dict[str, Any] | None:
    """The record this dealing was written from or is about."""
    try:
        declared = entity(row.label)
    except KeyError:
        return None
    found = declared.model.objects.visible_to(user).filter(pk=row.object_id).first()
    if found is None or not user.may("view", row.label):
        return None
    return {"what": declared.singular, "found": found, "url": record_url(declared.slug, found.pk)}


@panel(VISIT, "interactions/here.html", place="verb:start", order=10)
def here(_visit: Visit, _user: Any) -> dict[str, Any]:
    """The browser may say where the visitor stands."""
    return {}


def lines_at_hand(_row: Any, user: Any) -> dict[str, Any] | None:
    """The numbers customers may be told, with hours and what they may expect (COMM-03)."""
    found = list(ServiceLine.objects.visible_to(user)) if user.may("view", "interactions.serviceline") else []
    return {"lines": found} if found else None


@panel("interactions.serviceline", "interactions/calls.html", order=5)
def calls(line: ServiceLine, user: Any) -> dict[str, Any]:
    """Who called on this line, about what, and what still waits for an answer."""
    rows = Interaction.objects.visible_to(user).filter(label="interactions.serviceline", object_id=line.pk)
    month = rows.filter(at__gte=clock.now() - timedelta(days=30))
    found = list(rows.select_related("account", "owner").order_by("-at", "-pk")[:CALLS])
    return {"calls": found, "month": month.count(), "waiting": rows.filter(direction="in", answered_at=None).count()}


def phrases_at_hand(_row: Any, user: Any) -> dict[str, Any] | None:
    """Standard phrases where staff write (COMM-04)."""
    found = phrases(user)
    return {"phrases": found} if found else None


panel("interactions.servicerequest", "interactions/lines.html", place="rail", order=80)(lines_at_hand)
panel("interactions.servicerequest", "interactions/lines.html", place="form", order=95)(lines_at_hand)
for label, place in (
    (ACCOUNT, "verb:log_contact"),
    ("interactions.serviceline", "verb:take_call"),
    ("interactions.interaction", "form"),
    ("interactions.interaction", "verb:answer"),
    ("interactions.servicerequest", "verb:solve"),
):
    panel(label, "interactions/phrases.html", place=place, order=90)(phrases_at_hand)
