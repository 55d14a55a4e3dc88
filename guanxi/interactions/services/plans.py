"""Agreeing on visits with who leads the branch before they are made (RV-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.customers.models import Account
from guanxi.formats.regions import place
from guanxi.interactions.models import VisitPlan
from guanxi.interactions.queries.visits import visits_of
from guanxi.interactions.services.visits import plan_visit
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.events import Event, listen
from guanxi.org.models import User
from guanxi.org.services import tell

SUBJECT = "interactions.visit_plan"
State = VisitPlan.State
NAMED = 60  # customers whose names whoever agrees reads
AGREED_ON = ("starts_on", "ends_on", "region_code", "area", "number", "focus", "owner_id")


def is_draft(plan: VisitPlan) -> bool:
    return plan.state in (State.DRAFT, State.REFUSED)


def is_visitor(plan: VisitPlan, actor: User) -> bool:
    return bool(plan.owner_id == actor.pk)


@action(VisitPlan, label=_("Put in a customer"), icon="user-plus", bulk=False, permission="add", when=is_draft,
        mine=is_visitor, labels={"account": _("Customer"), "on": _("Day"), "purpose": _("Purpose")},
        initial=lambda plan: {"on": max(plan.starts_on, clock.today()), "purpose": plan.focus[:200]})  # fmt: skip
def put_in(plan: VisitPlan, *, actor: User, account: Account, on: date, purpose: str = "") -> VisitPlan:
    """A visit to this customer within the days of the plan."""
    if not plan.starts_on <= on <= plan.ends_on:
        raise Refused(_("This day lies outside the plan."), field="on")
    plan_visit(account, actor=actor, on=on, purpose=purpose)
    return plan


@action(VisitPlan, label=_("Ask for agreement"), icon="send", bulk=False, permission="add", mine=is_visitor,
        when=is_draft)  # fmt: skip
def submit(plan: VisitPlan, *, actor: User) -> VisitPlan:
    """Put area, number and focus before who leads the branch."""
    if not is_draft(plan):
        raise Refused(_("This plan has been asked for already."))
    if plan.kind != VisitPlan.Kind.RESEARCH and not visits_of(plan).exists():
        raise Refused(_("No customer stands in this plan yet: put in whom you visit on these days, then ask."))
    plan.state = State.ASKED
    plan.save()
    title = _("Visits from %(first)s to %(last)s: %(n)d") % {
        "first": plan.starts_on.isoformat(), "last": plan.ends_on.isoformat(), "n": plan.number,
    }  # fmt: skip
    request = Request(SUBJECT, str(title), plan.focus, payload={"plan": plan.pk}, row=plan)
    plan.approval = ask(request, actor=actor)
    plan.refresh_from_db(fields=["state", "version"])  # who leads the company is granted it at once
    plan.save(update_fields=["approval"])
    return plan


def _plan(approval: Approval) -> VisitPlan:
    return VisitPlan.everything.get(pk=approval.payload["plan"])  # type: ignore[no-any-return]


def _facts(approval: Approval) -> list[tuple[Any, str]]:
    plan = _plan(approval)
    area = " ".join(filter(None, [place(plan.region_code, unknown="") if plan.region_code else "", plan.area]))
    days = f"{plan.starts_on.isoformat()} – {plan.ends_on.isoformat()}"
    names = list(dict.fromkeys(visit.account.name for visit in visits_of(plan)[:NAMED]))
    return [
        (_("Days"), days), (_("Area"), area or "—"), (_("Number of visits"), str(plan.number)),
        (_("Customers"), "、".join(names) or "—"),
    ]  # fmt: skip


def _refused(approval: Approval) -> None:
    plan = _plan(approval)
    plan.state = State.REFUSED
    plan.save(update_fields=["state"])


@subject(SUBJECT, label=_("Visit plan"), facts=_facts, refused=_refused)
def agree(approval: Approval) -> str:
    """The visits of these days are agreed, those planned already as well."""
    plan = _plan(approval)
    covered = list(visits_of(plan))
    plan.state = State.AGREED
    plan.save(update_fields=["state"])
    for visit in covered:
        visit.plan = plan
        visit.save(update_fields=["plan"])
    if plan.owner is not None and plan.owner_id != approval.owner_id:
        url = record_url("visit-plans", plan.pk)
        tell([plan.owner], _("Visit plan agreed: %(what)s") % {"what": plan}, url=url, icon="map-pin")
    return str(_("Agreed."))


@listen("interactions.visitplan.created")
def tell_visitor(event: Event) -> None:
    """Who leads has drafted it; who visits looks at it and asks for agreement."""
    plan = VisitPlan.objects.filter(pk=event.payload["id"]).select_related("owner", "created_by").first()
    if plan is not None and plan.owner is not None and plan.owner_id != event.payload["actor"]:
        text = _("%(who)s has drafted visits for you: %(what)s") % {"who": plan.created_by, "what": plan}
        tell([plan.owner], text, url=record_url("visit-plans", plan.pk), icon="map-pin")


def keep_agreed(plan: VisitPlan) -> None:
    """Before a plan is stored: what was agreed stays; suggestions may still be collected."""
    before = getattr(plan, "_loaded", {}) if not plan._state.adding else {}
    if before.get("state") in (State.ASKED, State.AGREED) and any(
        before.get(name) != getattr(plan, name) for name in AGREED_ON
    ):
        raise Refused(_("This plan was put before your head as it is. Make another one."))


def own_plan(plan: VisitPlan, actor: User, verb: str) -> None:
    """Guard: a plan is its visitor's, a draft also of who made it for the visitor; an agreed one is not deleted."""
    mine = plan.owner_id == actor.pk or (plan.created_by_id == actor.pk and plan.state == State.DRAFT)
    if not mine or (verb == "delete" and plan.state in (State.ASKED, State.AGREED)):
        raise Forbidden(_("Only who visits changes the plan, and nobody deletes an agreed one."))
