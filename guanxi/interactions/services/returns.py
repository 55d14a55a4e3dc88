"""Return visits: planning them, writing what the customer said, and the service request a problem opens (RV-01..08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Contact
from guanxi.interactions.models import Interaction, ReturnVisit, ServiceRequest
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.queries.rules import questions_for, rules_of, way_for
from guanxi.interactions.services.contacts import begin
from guanxi.kernel import clock
from guanxi.kernel.actions import Text, action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User
from guanxi.org.numbers import number_rows
from guanxi.org.services import tell

LABEL = "interactions.returnvisit"
ANSWERS = ("usage", "satisfaction", "needs", "opinion", "issue")
State, Reason, Way = ReturnVisit.State, ReturnVisit.Reason, ReturnVisit.Way
CHANNELS = {Way.PHONE: Channel.PHONE, Way.MAIL: Channel.EMAIL, Way.SITE: Channel.VISIT}


def open_return(account: Account, reason: str, due_on: date, *, occasion: str = "") -> ReturnVisit | None:
    """A return visit by whoever looks after the customer; None if one for this reason is open."""
    if ReturnVisit.objects.filter(account=account, reason=reason, state=State.OPEN).exists():
        return None
    row = ReturnVisit(
        company_id=account.company_id, account=account, owner_id=account.owner_id, department_id=account.department_id,
        reason=reason, way=way_for(account), due_on=due_on, occasion=occasion[:200],
    )  # fmt: skip
    row.save()
    return row


@action(Account, label=_("Plan a return visit"), icon="phone-call", permission="view",
        mine=lambda _account, actor: actor.may("add", LABEL),
        labels={"reason": _("Reason"), "due_on": _("Due on"), "person": _("Who asks back"), "way": _("Way")},
        choices={"reason": lambda _user: Reason.choices, "way": lambda _user: Way.choices},
        initial=lambda account: {"reason": Reason.PERIODIC, "due_on": clock.today() + timedelta(days=7),
                                 "way": way_for(account)})  # fmt: skip
def plan_return(
    account: Account, *, actor: User, reason: str, due_on: date, way: str = "", person: User | None = None
) -> ReturnVisit:
    """One customer or, from the list, a campaign: everybody chosen is asked back (RV-01, RV-04)."""
    if reason not in Reason.values:
        raise Refused(_("Choose a reason."), field="reason")
    if due_on < clock.today():
        raise Refused(_("The day has passed."), field="due_on")
    if person is not None and not Account.objects.visible_to(person).filter(pk=account.pk).exists():
        raise Refused(_("This customer is out of this person's reach."), field="person")
    row = open_return(account, reason, due_on)
    if row is None:
        raise Refused(_("A return visit for this reason is open already."), field="reason")
    row.hand_to(person or account.owner or actor)
    row.created_by_id, row.way = actor.pk, way if way in Way.values else row.way
    row.save()
    return row


def fill_in(row: ReturnVisit) -> None:
    """Before a return visit is stored: the way its class asks for; one is open per customer and reason."""
    row.way = row.way or way_for(row.account)


def _missing(row: ReturnVisit) -> list[Any]:
    fields = entity(ReturnVisit).fields_for(None)
    return [fields[name].label for name in questions_for(row.account) if getattr(row, name) in (None, "")]


@action(ReturnVisit, label=_("Finish the return visit"), icon="circle-check", bulk=False,
        when=lambda row: row.state == State.OPEN and bool(row.usage),  # the form asks first
        labels={"severity": _("Severity of the problem"), "solver": _("Who solves it"),
                "next_contact_on": _("Next contact")},
        choices={"severity": lambda _user: ServiceRequest.Severity.choices})  # fmt: skip
def finish(
    row: ReturnVisit,
    *,
    actor: User,
    severity: str = "",
    solver: User | None = None,
    next_contact_on: date | None = None,
) -> ReturnVisit:
    """Done once the questions of the class are answered; an open issue becomes a service request at once (RV-08)."""
    if row.state != State.OPEN:
        raise Refused(_("This return visit is closed."))
    if missing := _missing(row):
        raise Refused(_("Still to ask: %(what)s") % {"what": "、".join(str(one) for one in missing)})
    if next_contact_on is not None and next_contact_on < clock.today():
        raise Refused(_("The next contact lies in the past."), field="next_contact_on")
    row.state, row.done_at, row.done_by = State.DONE, clock.now(), actor
    if row.issue.strip():
        said = Problem(row.account, row.issue, row.contact, severity)
        row.request = open_request(said, solver=solver or row.account.owner or actor, actor=actor)
    row.save()
    words = [getattr(row, name) for name in ("usage", "needs", "opinion", "issue")]
    begin(
        row.account, actor=actor, about=row, kind=Interaction.Kind.RETURN, channel=CHANNELS[Way(row.way)],
        contact=row.contact, content="\n".join(filter(None, words))[:2000], next_contact_on=next_contact_on,
        result=str(_("Satisfaction %(n)s of 5") % {"n": row.satisfaction}) if row.satisfaction else "",
    ).save()  # fmt: skip
    return row


@dataclass(frozen=True)
class Problem:
    """What a customer complains of."""

    account: Account
    problem: str
    contact: Contact | None = None
    severity: str = ServiceRequest.Severity.NORMAL


def open_request(said: Problem, *, solver: User, actor: User) -> ServiceRequest:
    """A service request out of what a customer said; whoever is to solve it hears of it."""
    known = said.severity if said.severity in ServiceRequest.Severity.values else ServiceRequest.Severity.NORMAL
    made = ServiceRequest(
        company_id=actor.company_id, created_by_id=actor.pk, owner=solver, department_id=solver.department_id,
        account=said.account, contact=said.contact, problem=said.problem, severity=known,
    )  # fmt: skip
    number_requests([made])
    set_due(made)
    made.save()
    if solver.pk != actor.pk:
        words = {
            "n": made, "name": made.account, "what": made.problem[:80], "day": f"{localtime(made.due_at):%Y-%m-%d %H:%M}",
        }  # fmt: skip
        told = _("Service request %(n)s of %(name)s is yours to solve by %(day)s: %(what)s") % words
        tell([solver], told, url=record_url("service-requests", made.pk), icon="tool")
    return made


@action(ReturnVisit, label=_("Drop the return visit"), icon="x", danger=True, when=lambda row: row.state == State.OPEN,
        labels={"reason": _("Reason")})  # fmt: skip
def drop_return(row: ReturnVisit, *, actor: User, reason: str) -> ReturnVisit:
    """Nobody asks back; the trail keeps why."""
    if not reason.strip():
        raise Refused(_("Say why nobody asks back."), field="reason")
    if row.state != State.OPEN:
        raise Refused(_("This return visit is closed."))
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    return row


def still_open(row: Any, actor: User, verb: str) -> None:
    """Guard: what is finished is evidence and stays as it is."""
    if row.state != "open":
        raise Forbidden(_("This is closed and stays as it is."))


# -- service requests --------------------------------------------------------------------------------------------------


def number_requests(rows: list[ServiceRequest]) -> None:
    """Before new requests are stored: each gets a number."""
    number_rows(rows, "FW")


def set_due(row: ServiceRequest) -> None:
    """Before a request is stored: when it has to be solved."""
    if row.due_at is None:
        row.due_at = clock.now() + timedelta(days=rules_of(row.company).request_days)


@action(ServiceRequest, label=_("Solved"), icon="circle-check", bulk=False,
        when=lambda row: row.state == ServiceRequest.State.OPEN, labels={"solution": _("Solution")})  # fmt: skip
def solve(row: ServiceRequest, *, actor: User, solution: Text) -> ServiceRequest:
    """The problem is solved; soon somebody asks the customer whether it really is (RV-02)."""
    if row.state != ServiceRequest.State.OPEN:
        raise Refused(_("This is closed and stays as it is."))
    if not solution.strip():
        raise Refused(_("Write how it was solved."), field="solution")
    row.state, row.solution, row.solved_at = ServiceRequest.State.SOLVED, solution.strip()[:2000], clock.now()
    row.save()
    days = rules_of(row.company).solved_days
    if days:
        open_return(row.account, Reason.SOLVED, clock.today() + timedelta(days=days), occasion=row.number)
    return row
